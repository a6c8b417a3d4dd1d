"""What comparing two wordings has to know of a language, read from `data/cluster/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from quotetrack.paths import data_path

#: A word that says a function word's worth (in nats) or less helps to tell the language of a text.
FUNCTION_WORD_NATS = 3.5
#: Share of function words from which on a text counts as written in a language; running text has 0.4 to 0.6.
FUNCTION_WORD_SHARE = 0.2

TENS = frozenset(("20", "30", "40", "50", "60", "70", "80", "90"))


@dataclass(frozen=True, slots=True)
class Table:
    """One language, all words folded (`normalise.fold`); `data/cluster/en.toml` says what each field means.

    nats: information of a word, -ln(share of utterances that contain it).
    shifts, modalities: word to the numbers of the rows it stands in; dates: to its only row.
    """

    code: str
    nats: Mapping[str, float]
    fillers: frozenset[str]
    negations: frozenset[str]
    negative_prefixes: tuple[str, ...]
    shifts: Mapping[str, frozenset[int]]
    modalities: Mapping[str, frozenset[int]]
    dates: Mapping[str, int]
    cues: frozenset[str]
    titles: frozenset[str]
    name_suffixes: frozenset[str]
    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    contractions: Mapping[str, tuple[str, ...]]
    contraction_endings: Mapping[str, tuple[str, ...]]
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    respelt: re.Pattern[str]
    numbers: Mapping[str, str]

    def respell(self, word: str) -> str:
        """One spelling for the variants of a word (British and American, old and new)."""
        if self.respelt.search(word):
            for pattern, replacement in self.spellings:
                word = pattern.sub(replacement, word)
        return word


def _rows(rows: Iterable[Iterable[str]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, row in enumerate(rows):
        for word in row:
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _read_nats(text: str) -> dict[str, float]:
    nats: dict[str, float] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            value, _, words = line.partition(" ")
            for word in words.split():
                nats.setdefault(word, float(value))
    return nats


def _read_numbers(rows: Mapping[str, Sequence[str]], joint: str) -> dict[str, str]:
    """Words to digits; with a `joint`, also unit + joint + ten; a "1" (an article) serves for these alone."""
    numbers = {word: digits for digits, words in rows.items() for word in words}
    if joint:
        units = [(word, int(digits)) for word, digits in numbers.items() if digits in set("123456789")]
        tens = [(word, int(digits)) for word, digits in numbers.items() if digits in TENS]
        numbers.update({f"{unit}{joint}{ten}": str(a + b) for unit, a in units for ten, b in tens})
    return {word: digits for word, digits in numbers.items() if digits != "1"}


def _read_table(raw: Mapping[str, object], nats: Mapping[str, float]) -> Table:
    def words(key: str) -> tuple[str, ...]:
        return tuple(raw.get(key, ()))  # type: ignore[arg-type]

    def mapping(key: str) -> Mapping[str, str]:
        return raw.get(key, {})  # type: ignore[return-value]

    phrases = {tuple(source.split()): tuple(target.split()) for source, target in mapping("phrases").items()}
    phrases.update({tuple(phrase.split()): () for phrase in words("filler_phrases")})
    spellings: Sequence[tuple[str, str]] = raw.get("spellings", ())  # type: ignore[assignment]
    dates: Sequence[Sequence[str]] = raw.get("dates", ())  # type: ignore[assignment]
    numbers: Mapping[str, Sequence[str]] = raw.get("numbers", {})  # type: ignore[assignment]
    return Table(
        code=str(raw["code"]),
        nats=nats,
        fillers=frozenset(words("fillers")),
        negations=frozenset(words("negations")),
        negative_prefixes=words("negative_prefixes"),
        shifts=_rows(raw.get("shifts", ())),  # type: ignore[arg-type]
        modalities=_rows(raw.get("modalities", ())),  # type: ignore[arg-type]
        dates={word: row for row, names in enumerate(dates) for word in names},
        cues=frozenset(words("cues")),
        titles=frozenset(words("titles")),
        name_suffixes=frozenset(words("name_suffixes")),
        phrases=phrases,
        contractions={source: tuple(target.split()) for source, target in mapping("contractions").items()},
        contraction_endings={k: tuple(v.split()) for k, v in mapping("contraction_endings").items()},
        spellings=tuple((re.compile(pattern), replacement) for pattern, replacement in spellings),
        respelt=re.compile("|".join(f"(?:{pattern})" for pattern, _ in spellings) or "(?!)"),
        numbers=_read_numbers(numbers, str(raw.get("number_joint", ""))),
    )


@cache
def codes() -> tuple[str, ...]:
    """The languages there is a table for, sorted."""
    return tuple(sorted(path.stem for path in data_path("cluster").glob("*.toml")))


@cache
def table(code: str) -> Table:
    """The table of a language; an empty one, which compares words as they are, where there is none."""
    if code not in codes():
        return _read_table({"code": ""}, {})
    raw = tomllib.loads(data_path("cluster", f"{code}.toml").read_text("utf-8"))
    return _read_table(raw, _read_nats(data_path("cluster", f"{code}.txt").read_text("utf-8")))


@cache
def titles() -> frozenset[str]:
    """Titles and offices before names, of all languages."""
    return frozenset().union(*(table(code).titles for code in codes()))


@cache
def name_suffixes() -> frozenset[str]:
    """Additions behind names ("Jr"), of all languages."""
    return frozenset().union(*(table(code).name_suffixes for code in codes()))


@cache
def _function_words() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (code, frozenset(word for word, nats in table(code).nats.items() if nats <= FUNCTION_WORD_NATS))
        for code in codes()
    )


def guess_language(words: Sequence[str]) -> str:
    """The code whose function words are commonest among folded `words`; "" where none is common enough."""
    if not words:
        return ""
    count, code = max((sum(map(known.__contains__, words)), code) for code, known in _function_words())
    return code if count >= FUNCTION_WORD_SHARE * len(words) else ""
