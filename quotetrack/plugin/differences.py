"""What one wording changed of another, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MAX_WORDS = 1500  # longer texts are shown without differences: the comparison is quadratic

_WORD = re.compile(r"(\s*)(\[?\w[\w'’\[\]]*(?:[-.,:]\w+)*|[^\w\s])")
_SAME_MARK = str.maketrans("“”„‟«»‘’‚‛‹›", "\"\"\"\"\"\"''''''")


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words: kept, added by the new wording, or removed from the old one."""

    text: str
    kind: Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Differences:
    """Runs of words in the order of the new wording; removed ones stand where they were."""

    changes: tuple[Change, ...]

    @property
    def any(self) -> bool:
        return any(change.kind != "same" for change in self.changes)


def word_differences(old: str, new: str) -> Differences:
    """Compare two wordings. Quotation marks of another style count as the same, spaces do not count."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MAX_WORDS:
        return Differences((Change(new, "same"),))
    matcher = SequenceMatcher(None, _compared(before), _compared(after), autojunk=False)
    changes: list[Change] = []

    def put(kind: Literal["same", "added", "removed"], words: list[tuple[str, str]], *, spaced: bool) -> None:
        text = _text(words)
        changes.append(Change(" " + text if changes and spaced and text[0] != " " else text, kind))

    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            put("same", after[c:d], spaced=bool(before[a][0]))
            continue
        if a < b:
            put("removed", before[a:b], spaced=False)
        if c < d:
            put("added", after[c:d], spaced=c == 0)
    return Differences(tuple(changes))


def same_words(text: str) -> tuple[str, ...]:
    """What two texts share when they differ in punctuation and marks alone: they are one wording."""
    return tuple(word for _, word in _WORD.findall(text) if word[0].isalnum() or word[0] == "[")


def _compared(words: list[tuple[str, str]]) -> list[str]:
    return [word.translate(_SAME_MARK) for _, word in words]


def _text(words: list[tuple[str, str]]) -> str:
    return "".join((" " if space else "") + word for space, word in words)
