"""What stands between two runs of matching words: a typo, an omission, or a contradiction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, Prefix

from quotetrack.cluster.normalise import Form
from quotetrack.cluster.tables import Table, table
from quotetrack.cluster.words import BRACKET, CUE, KNOWN, NAME, NEGATION, NUMBER, read_word

#: Words of a gap within which a negation, number or name that has no partner is a veto; in longer gaps
#: whole clauses were left out, which is no contradiction.
VETO_NEGATION_WORDS = 6
VETO_NUMBER_WORDS = 3
VETO_NAME_WORDS = 4
#: Letters two words have to share (OSA, 0 to 1) to count as one word with a typo, and its worth.
TYPO_SIMILARITY, TYPO_CREDIT = 0.75, 0.8
#: The same for two or three words that became one or two.
JOINED_SIMILARITY = 0.85
#: Letters of a word from which on it is recognised where it is run together with a neighbour.
RUN_ON_LETTERS = 4
#: Common beginning (share of the longer) of two forms of one word, and their worth.
INFLECTION_PREFIX, INFLECTION_CREDIT = 0.6, 0.5
#: Nats from which a word may be a name in a text whose case tells nothing.
CASELESS_NAME_NATS = 5.0
#: Words of a cue ("he said") that extraction may leave in a quote, and of what an editor's bracket replaces.
CUE_WORDS, BRACKETED_WORDS = 4, 3
#: Letters of a negation from which on a typo in it can be told.
NEGATION_LETTERS = 3
#: Words on either side above which a gap is not read word by word: another clause stands there.
CLAUSE_WORDS = 6


class Item(NamedTuple):
    """One word of a gap."""

    text: str
    flags: int
    nats: float


class Gap(NamedTuple):
    """Nats that match after all, nats lost on either side, and the contradiction in words or ""."""

    credit: float = 0.0
    lost_short: float = 0.0
    lost_long: float = 0.0
    veto: str = ""


NO_GAP = Gap()


def marked(form: Form, start: int, end: int) -> bool:
    """Whether a mark among the words [start, end), or at their ends, says that words were left out."""
    return any(start <= gap <= end for gap in form.gaps)


def read_gap(short: Form, i: int, i_end: int, long: Form, j: int, j_end: int) -> Gap:
    """Compare what two forms say at one place: the words [i, i_end) of one, [j, j_end) of the other."""
    if (short.gaps and marked(short, i, i_end)) or (long.gaps and marked(long, j, j_end)):
        return Gap(lost_short=(short.sums[i_end] - short.sums[i]) / 2)
    if i_end - i > CLAUSE_WORDS or j_end - j > CLAUSE_WORDS:
        return Gap(0.0, short.sums[i_end] - short.sums[i], long.sums[j_end] - long.sums[j])
    gap, left, right = _read_words(
        short.words[i:i_end],
        short.flags[i:i_end],
        short.language,
        long.words[j:j_end],
        long.flags[j:j_end],
        long.language,
    )
    if left and right and not gap.veto and _names_differ(left, right, short, long):
        return gap._replace(veto=f"name: {_quote(left)} / {_quote(right)}")
    return gap


def _read_bracket(left: Sequence[Item], right: Sequence[Item]) -> Gap:
    """An editor's words replace or explain: neither evidence nor contradiction, unless they replace much.

    Of the words beside them only those count that the other side does not have as well.
    """
    both = {item.text for item in left} & {item.text for item in right}
    plain = [
        [item for item in side if not item.flags & BRACKET and item.text not in both]
        for side in (left, right)
    ]
    if max(map(len, plain)) <= BRACKETED_WORDS:
        negations = sum(1 for item in (*plain[0], *plain[1]) if item.flags & NEGATION)
        return Gap(veto=f"negation: {_quote(plain[0])} / {_quote(plain[1])}" if negations % 2 else "")
    return Gap(0.0, _nats(plain[0]), _nats(plain[1]))


def _is_leaked_cue(flags_short: bytes, flags_long: bytes) -> bool:
    """ "he said" that extraction left inside one of the two."""
    if flags_short and flags_long:
        return False
    flags = flags_short or flags_long
    return len(flags) <= CUE_WORDS and any(flag & CUE for flag in flags)


class _Reading(NamedTuple):
    """What pairing off the words of a gap gives, and the words left on either side if they may be names."""

    gap: Gap
    left: tuple[Item, ...] = ()
    right: tuple[Item, ...] = ()


def _nats(items: Iterable[Item]) -> float:
    return sum([item.nats for item in items])


def _items(words: Sequence[str], flags: bytes, code: str) -> list[Item]:
    return [Item(word, flag, read_word(word, code).nats) for word, flag in zip(words, flags, strict=True)]


@lru_cache(maxsize=1 << 16)
def _read_words(
    short: tuple[str, ...],
    flags_short: bytes,
    code_short: str,
    long: tuple[str, ...],
    flags_long: bytes,
    code_long: str,
) -> _Reading:
    """Pair off words that may stand for each other; judge what is left. Names need the whole texts.

    Remembered: what outlets change is much the same from quote to quote.
    """
    left, right = _items(short, flags_short, code_short), _items(long, flags_long, code_long)
    if any(flag & BRACKET for flag in flags_short + flags_long):
        return _Reading(_read_bracket(left, right))
    if _is_leaked_cue(flags_short, flags_long):
        return _Reading(NO_GAP)
    if "".join(short) == "".join(long):
        return _Reading(Gap(credit=min(_nats(left), _nats(right))))
    tables = table(code_short), table(code_long)
    if left and right:
        _drop_shifts(left, right, tables[0].shifts, tables[1].shifts)
    credit = 0.0
    for x in list(left):
        for y in right:
            if x.flags & y.flags & KNOWN and _is_negated(x.text, y.text, tables[0].negative_prefixes):
                return _Reading(Gap(credit, x.nats, y.nats, f"negation: {x.text} / {y.text}"))
            worth = _alike(x, y)
            if worth:
                credit += worth * min(x.nats, y.nats)
                left.remove(x)
                right.remove(y)
                break
    lost = _nats(left), _nats(right)
    if not credit and _is_one_written_as_two(left, right):
        return _Reading(Gap(credit=TYPO_CREDIT * min(lost)))
    veto = _contradiction(left, right, tables)
    gap = Gap(credit, *lost, veto)
    if max(len(left), len(right)) > VETO_NAME_WORDS or not (_may_name(left) and _may_name(right)):
        return _Reading(gap)
    return _Reading(gap, tuple(left), tuple(right))


def _drop_shifts(
    left: list[Item],
    right: list[Item],
    rows_left: Mapping[str, frozenset[int]],
    rows_right: Mapping[str, frozenset[int]],
) -> None:
    """Take out pairs such as I / he, will / would: indirect speech moves person and tense."""
    nowhere: frozenset[int] = frozenset()
    for x in list(left):
        rows = rows_left.get(x.text, nowhere)
        for y in right if rows else ():
            if not rows.isdisjoint(rows_right.get(y.text, nowhere)):
                left.remove(x)
                right.remove(y)
                break


def _alike(x: Item, y: Item) -> float:
    """Share of the information that two words have in common: a typo, an inflection, or nothing."""
    if (x.flags | y.flags) & (NUMBER | NEGATION):
        return 0.0
    longest = max(len(x.text), len(y.text))
    if x.flags & y.flags & KNOWN:  # both are words: no typo
        if x.flags & y.flags & NAME:
            return 0.0
        return (
            INFLECTION_CREDIT
            if Prefix.similarity(x.text, y.text) >= max(3, INFLECTION_PREFIX * longest)
            else 0.0
        )
    if longest < 4:
        return TYPO_CREDIT if sorted(x.text) == sorted(y.text) else 0.0
    if OSA.normalized_similarity(*_seen(x.text, y.text)) >= TYPO_SIMILARITY or _runs_on(x, y):
        return TYPO_CREDIT
    return 0.0


def _seen(*words: str) -> list[str]:
    """Words as a machine may read them: "rn" for "m"."""
    return [word.replace("rn", "m") for word in words]


def _runs_on(x: Item, y: Item) -> bool:
    """Whether one is the other run together with a neighbour that is left out, or misspelt: "lebanonand"."""
    short, long = (x, y) if len(x.text) < len(y.text) else (y, x)
    if long.flags & KNOWN or len(short.text) < RUN_ON_LETTERS:
        return False
    return long.text.startswith(short.text) or long.text.endswith(short.text)


def _is_negated(a: str, b: str, prefixes: Sequence[str]) -> bool:
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return len(short) >= 4 and long.endswith(short) and long[: -len(short)] in prefixes


def _is_one_written_as_two(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Words run together or torn apart, with a typo."""
    if not left or not right or len(left) + len(right) not in (3, 4):
        return False
    if any(item.flags & (NUMBER | NEGATION) for item in (*left, *right)):
        return False
    joined = ["".join(item.text for item in side) for side in (left, right)]
    return OSA.normalized_similarity(*joined) >= JOINED_SIMILARITY


def _contradiction(left: Sequence[Item], right: Sequence[Item], tables: tuple[Table, Table]) -> str:
    """The first of negation, number, date, modality in which the two differ, in words; "" where none does."""
    longest = max(len(left), len(right))
    said = f"{_quote(left)} / {_quote(right)}"
    sides = (left, tables[0].negations), (right, tables[1].negations)
    negations = sum(1 for side, words in sides for item in side if _negates(item, words))
    if negations % 2 and longest <= VETO_NEGATION_WORDS:
        return f"negation: {said}"
    numbers = [{item.text for item in side if item.flags & NUMBER} for side in (left, right)]
    if numbers[0] != numbers[1] and (all(numbers) or longest <= VETO_NUMBER_WORDS):
        return f"number: {said}"
    if _dates_differ(left, right, tables):
        return f"date: {said}"
    rows = [
        {row for item in side for row in language.modalities.get(item.text, ())}
        for language, side in zip(tables, (left, right), strict=True)
    ]
    if all(rows) and rows[0].isdisjoint(rows[1]):
        return f"modality: {said}"
    return ""


def _dates_differ(left: Sequence[Item], right: Sequence[Item], tables: tuple[Table, Table]) -> bool:
    """Whether each names a day, month or time of day, and they are of one kind but not the same."""
    named = [
        {(language.dates[item.text], item.text) for item in side if item.text in language.dates}
        for language, side in zip(tables, (left, right), strict=True)
    ]
    kinds = [{kind for kind, _ in side} for side in named]
    return not kinds[0].isdisjoint(kinds[1]) and named[0].isdisjoint(named[1])


def _negates(item: Item, negations: Collection[str]) -> bool:
    """A negation, also one with a typo: "nott", "nt"."""
    if item.flags & (NEGATION | KNOWN) or not NEGATION_LETTERS <= len(item.text) + 1 <= NEGATION_LETTERS + 4:
        return bool(item.flags & NEGATION)
    return any(
        len(word) >= NEGATION_LETTERS and OSA.distance(word, item.text, score_cutoff=1) <= 1
        for word in negations
    )


def _may_name(items: Iterable[Item]) -> bool:
    return any(item.flags & NAME or item.nats >= CASELESS_NAME_NATS for item in items)


def _names_differ(left: Sequence[Item], right: Sequence[Item], short: Form, long: Form) -> bool:
    """Each side has a name that its text has more often than the other text (names may change places).

    In a caseless text any rare word may be a name.
    """
    if short.caseless and long.caseless:
        return False

    def names(side: Sequence[Item], own: Form, other: Form) -> bool:
        return any(
            (x.flags & NAME or (own.caseless and x.nats >= CASELESS_NAME_NATS))
            and own.words.count(x.text) > other.words.count(x.text)
            for x in side
        )

    return names(left, short, long) and names(right, long, short)


def _quote(items: Sequence[Item]) -> str:
    return " ".join(item.text for item in items) or "∅"
