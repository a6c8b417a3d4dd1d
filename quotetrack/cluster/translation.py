"""Translations of one statement: linked, not merged, since a translation has words nobody said.

Both were said by one speaker within days, agree in numbers, negations and names, and most of what either
says has its counterpart in a small lexicon (`data/cluster/de-en.tsv`). Precision comes first: what the
lexicon does not know counts against a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from quotetrack.cluster.blocking import GROUP_AT_MOST
from quotetrack.cluster.names import relation
from quotetrack.cluster.normalise import fold
from quotetrack.cluster.variants import Variant, days_between, gather
from quotetrack.cluster.words import KNOWN, NAME, NEGATION, NUMBER
from quotetrack.paths import data_path
from quotetrack.types import Edge, Occurrence

#: Days between a statement and its translation in print.
TRANSLATED_DAYS = 3
#: A word that says less is a function word, which languages use each in its way.
CONTENT_NATS = 3.5
#: Nats (of the language that says less) that have a counterpart, and their share of either text.
#: Measured on 144 texts of hand-made pairs put into one mouth on one day: all 23 links found are right, the
#: weakest has .50 of its words; of 14 known translations one is missed, whose German has too few words known.
TRANSLATED_NATS, TRANSLATED_SHARE = 9.0, 0.5
#: Nats from which a known word without a counterpart, on either side, says that the texts differ.
OTHERWISE_NATS = 5.0
#: Letters that may follow a stem of the lexicon; letters from which on a part of a compound is looked up.
ENDING_LETTERS, PART_LETTERS = 5, 3
#: Letters two words share at their start to be one name in two languages (Ukraine, ukrainisch).
NAME_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Two languages. words: for each, a folded word to its meanings (row numbers); stems: likewise.

    opposites: pairs of meanings, each both ways round.
    """

    languages: tuple[str, str]
    words: tuple[Mapping[str, frozenset[int]], ...]
    stems: tuple[Mapping[str, frozenset[int]], ...]
    opposites: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def meanings(self, word: str, side: int) -> frozenset[int]:
        """Of a folded word: as it stands, by its stem, or as a compound of two; empty where unknown."""
        found = self._simple(word, side)
        for cut in range(PART_LETTERS, len(word) - PART_LETTERS + 1) if not found else ():
            first = self._simple(word[:cut], side)
            second = self._simple(word[cut:], side)
            if first and second:
                return first | second
        return found

    def _simple(self, word: str, side: int) -> frozenset[int]:
        found = self.words[side].get(word, frozenset())
        for ending in range(min(ENDING_LETTERS, len(word)) + 1):
            known = self.stems[side].get(word[: len(word) - ending])
            if known is not None:
                return found | known
        return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a variant says, ready to be compared across languages.

    content: word, nats, meanings of the words that tell something; meanings: of all words.
    """

    variant: Variant
    family: str
    side: int
    numbers: tuple[str, ...]
    negations: int
    names: tuple[str, ...]
    content: tuple[tuple[str, float, frozenset[int]], ...]
    meanings: tuple[frozenset[int], ...]


@cache
def lexicon() -> Lexicon:
    """`data/cluster/de-en.tsv`: words of one meaning a line, the languages apart by a tab, stems with "-"."""
    words: tuple[dict[str, set[int]], ...] = ({}, {})
    stems: tuple[dict[str, set[int]], ...] = ({}, {})
    for row, line in enumerate(data_path("cluster", "de-en.tsv").read_text("utf-8").splitlines()):
        if line.startswith("#"):
            continue
        for side, cell in enumerate(line.split("\t")):
            for word in cell.split():
                folded = fold(word).casefold()
                known = stems[side] if folded.endswith("-") else words[side]
                known.setdefault(folded.rstrip("-"), set()).add(row)
    plain = Lexicon(("de", "en"), _frozen(words), _frozen(stems))
    return replace(plain, opposites=_read_opposites(plain))


def _read_opposites(words: Lexicon) -> dict[int, frozenset[int]]:
    """`data/cluster/opposites.tsv`, English, as meanings; a meaning is not its own opposite."""
    side = words.languages.index("en")
    found: dict[int, set[int]] = {}
    for line in data_path("cluster", "opposites.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        cells = [
            frozenset().union(*(words.meanings(word, side) for word in cell.split()))
            for cell in line.split("\t")
        ]
        for one, other in (cells, cells[::-1]):
            for meaning in one - other:
                found.setdefault(meaning, set()).update(other - one)
    return {meaning: frozenset(others) for meaning, others in found.items()}


def _frozen(sides: Sequence[Mapping[str, set[int]]]) -> tuple[Mapping[str, frozenset[int]], ...]:
    return tuple({word: frozenset(rows) for word, rows in side.items()} for side in sides)


@lru_cache(maxsize=1 << 16)
def _meanings(word: str, side: int) -> frozenset[int]:
    return lexicon().meanings(word, side)


def translations(occurrences: Iterable[Occurrence]) -> list[Edge]:
    """Edges of kind "translation" between occurrences that translate each other.

    Judged "different": they are linked, not one statement. Of each text only the best counterpart counts.
    Needs speaker, date and language. Linear in time: texts are paired when they share a speaker, some days
    and a meaning or number that at most `GROUP_AT_MOST` of them share.
    """
    readings = [reading for variant in gather(occurrences) if (reading := _read(variant)) is not None]
    found = [
        (edge.similarity, a, b, edge)
        for a, b in sorted(set(_pairs(readings)))
        if (edge := _compare(readings[a], readings[b])) is not None
    ]
    best: dict[int, float] = {}
    for similarity, a, b, _ in found:
        best[a], best[b] = max(best.get(a, 0.0), similarity), max(best.get(b, 0.0), similarity)
    return [edge for similarity, a, b, edge in found if similarity >= max(best[a], best[b])]


def _read(variant: Variant) -> _Reading | None:
    form = variant.form
    if variant.speaker is None or not variant.days or form.language not in lexicon().languages:
        return None
    side = lexicon().languages.index(form.language)
    content = [
        (word, form.sums[n + 1] - form.sums[n], _meanings(word, side))
        for n, word in enumerate(form.words)
        if not form.flags[n] & (NUMBER | NEGATION) and form.sums[n + 1] - form.sums[n] >= CONTENT_NATS
    ]
    flagged = list(zip(form.words, form.flags, strict=True))
    return _Reading(
        variant,
        variant.speaker.family,
        side,
        tuple(sorted(word for word, flags in flagged if flags & NUMBER)),
        sum(1 for _, flags in flagged if flags & NEGATION),
        tuple(word for word, flags in flagged if flags & NAME or _may_be_name(word, flags, side)),
        tuple(content),
        tuple(_meanings(word, side) for word, flags in flagged if not flags & (NUMBER | NEGATION)),
    )


def _may_be_name(word: str, flags: int, side: int) -> bool:
    """A word that neither the lexicon nor the table knows, as at the start of a sentence."""
    return not flags & (NUMBER | NEGATION | KNOWN) and not _meanings(word, side)


def _pairs(readings: Sequence[_Reading]) -> Iterator[tuple[int, int]]:
    groups: dict[tuple[str, int, int | str], list[int]] = {}
    for n, reading in enumerate(readings):
        keys: set[int | str] = {meaning for _, _, meanings in reading.content for meaning in meanings}
        keys.update(reading.numbers)
        span = TRANSLATED_DAYS + 1  # two days that near lie in one of two overlapping stretches
        stretches = {day // span + late for day in reading.variant.days for late in (0, 1)}
        for stretch in stretches:
            for key in keys:
                groups.setdefault((reading.family, stretch, key), []).append(n)
    for group in groups.values():
        if 1 < len(group) <= GROUP_AT_MOST:
            first = [n for n in group if readings[n].side == 0]
            second = [n for n in group if readings[n].side == 1]
            yield from ((a, b) for a in first for b in second)


def _compare(a: _Reading, b: _Reading) -> Edge | None:
    days = days_between(a.variant, b.variant)
    if days is None or days > TRANSLATED_DAYS or relation(a.variant.speaker, b.variant.speaker) != "same":
        return None
    if a.numbers != b.numbers or a.negations != b.negations or not _names_agree(a, b):
        return None
    if _says_otherwise(a, b):
        return None
    matched = _matched(a, b)
    said = sum(nats for _, nats, _ in a.content), sum(nats for _, nats, _ in b.content)
    if not min(said) or min(matched) < TRANSLATED_NATS:
        return None
    share = min(part / whole for part, whole in zip(matched, said, strict=True))
    if share < TRANSLATED_SHARE:
        return None
    first, second = sorted((a.variant.members[0], b.variant.members[0]))
    numbers = f"; numbers: {' '.join(a.numbers)}" if a.numbers else ""
    apart = "same day" if not days else f"{days} days apart"
    why = f"{share:.0%} of the words have a counterpart; same speaker; {apart}{numbers}"
    return Edge(first, second, round(share, 4), "different", why=why, kind="translation")


def _matched(a: _Reading, b: _Reading) -> tuple[float, float]:
    """Nats of either text whose words have a counterpart in the other."""
    meanings = [frozenset().union(*(known for _, _, known in one.content)) for one in (a, b)]
    words = [[word for word, _, _ in one.content] for one in (a, b)]
    sums = [
        sum(
            nats
            for word, nats, known in one.content
            if not known.isdisjoint(meanings[1 - side]) or (not known and _is_named(word, words[1 - side]))
        )
        for side, one in enumerate((a, b))
    ]
    return sums[0], sums[1]


def _says_otherwise(a: _Reading, b: _Reading) -> bool:
    """Whether each says something that the lexicon knows and the other does not say.

    Words of opposite meaning are enough, however common; of others, each needs one that tells something.
    """
    said = [frozenset().union(*one.meanings) for one in (a, b)]
    alone = [
        [known for known in one.meanings if known and known.isdisjoint(said[1 - side])]
        for side, one in enumerate((a, b))
    ]
    opposites = lexicon().opposites
    against = {other for known in alone[0] for meaning in known for other in opposites.get(meaning, ())}
    if any(not against.isdisjoint(known) for known in alone[1]):
        return True
    return all(
        any(
            nats >= OTHERWISE_NATS and known and known.isdisjoint(said[1 - side])
            for _, nats, known in one.content
        )
        for side, one in enumerate((a, b))
    )


def _names_agree(a: _Reading, b: _Reading) -> bool:
    """Every name has its counterpart. German capitalises all nouns: the English text tells names."""
    tells, other = (b, a) if a.side == 0 else (a, b)
    words = tuple(other.variant.form.words)
    meanings = {meaning for _, _, known in other.content for meaning in known}
    return all(
        not meanings.isdisjoint(_meanings(name, tells.side)) or _is_named(name, words) for name in tells.names
    )


def _is_named(word: str, words: Iterable[str]) -> bool:
    """Whether a name stands among `words`, perhaps with another ending."""
    return len(word) >= NAME_LETTERS and any(
        word[: max(NAME_LETTERS, len(word) - 2)] == other[: max(NAME_LETTERS, len(word) - 2)]
        for other in words
    )
