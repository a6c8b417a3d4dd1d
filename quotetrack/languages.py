"""Language packs: what quotetrack knows of a language, as data in `data/languages/*.toml`.

A pack is loaded and checked once; nothing else in the package holds words of a language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quotetrack.paths import data_path


@dataclass(frozen=True, slots=True)
class Pack:
    """One language's data.

    marks: opening -> closing quotation marks, one code point each.
    cues: class of cue -> lemmas as Stanza writes them (say, preposition, …).
    speakers: class of word -> lemmas or forms (titles, pronouns, roles, …).
    examples: sentences with ⟦content⟧ marked, which a test runs through the finder.
    """

    code: str
    name: str
    marks: Mapping[str, tuple[str, ...]]
    cues: Mapping[str, frozenset[str]]
    speakers: Mapping[str, frozenset[str]]
    examples: tuple[str, ...]


def codes() -> list[str]:
    """The languages with a pack, in alphabetical order."""
    return sorted(path.stem for path in data_path("languages").glob("*.toml"))


@cache
def load(code: str) -> Pack:
    """The pack of a language. Raises LookupError when there is none, ValueError when it is malformed."""
    path = data_path("languages", f"{code}.toml")
    if not path.is_file():
        raise LookupError(f"no language pack for {code!r}: there are {', '.join(codes())}")
    return parse(path)


def parse(path: Path) -> Pack:
    """Read and check one pack file. Raises ValueError naming the file and what is wrong."""
    raw = tomllib.loads(path.read_text("utf-8"))
    try:
        marks: dict[str, tuple[str, ...]] = {}
        for opening, closing in raw["marks"]["pairs"]:
            if len(opening) != 1 or len(closing) != 1:
                raise ValueError(f"marks are single code points: {opening!r} {closing!r}")
            marks[opening] = (*marks.get(opening, ()), closing)
        return Pack(
            code=raw["code"],
            name=raw["name"],
            marks=marks,
            cues=_word_lists(raw["cues"]),
            speakers=_word_lists(raw.get("speakers", {})),
            examples=tuple(raw["examples"]),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"{path}: {problem!r}") from problem


def _word_lists(table: Mapping[str, object]) -> dict[str, frozenset[str]]:
    lists = {}
    for name, words in table.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
            raise ValueError(f"{name}: expected a list of words")
        if len(set(words)) != len(words):
            raise ValueError(f"{name}: repeated {sorted({w for w in words if words.count(w) > 1})}")
        lists[name] = frozenset(words)
    return lists
