"""Indirect quotes whose cue stands aside: `…, Weber said`, `wie Weber sagte, …`, `according to Weber, …`."""

from __future__ import annotations

from quotetrack.extract.clauses import bounds
from quotetrack.extract.found import Found
from quotetrack.extract.phrases import (
    NOMINAL,
    auxiliaries,
    is_finite,
    is_verb,
    lemma_in,
    nominal_run,
    noun_phrase,
    trimmed,
)
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_after, source_before
from quotetrack.types import Span

MAX_ASIDE = 40  # words an aside may have; a longer one is no aside


def asides(reading: Reading) -> list[Found]:
    """One attribution for each cue that stands outside of its content's clause."""
    found: list[Found] = []
    for place in range(len(reading.words)):
        if reading.quoted[place] >= 0:
            continue
        one = _citation(reading, place) or _as_clause(reading, place) or _parenthetical(reading, place)
        if one is not None:
            found.append(one)
    return found


def _rest(reading: Reading, inside: range, first: int, end: int) -> tuple[Span, ...]:
    """What a sentence has outside of [first, end), trimmed: one or two spans."""
    parts = []
    for places in (range(inside.start, first), range(end, inside.stop)):
        kept = trimmed(reading, places)
        if kept and any(not reading.is_punct(p) for p in kept):
            parts.append(reading.span(kept))
    return tuple(parts)


def _parenthetical(reading: Reading, verb: int) -> Found | None:
    """`A, Weber said(, B)` and `A, sagte Weber(, B)`."""
    if not (is_verb(reading, verb) and is_finite(reading, verb) and lemma_in(reading, verb, "clause")):
        return None
    inside = bounds(reading, verb)
    before = verb - 1
    while before >= inside.start and reading.words[before].upos in ("AUX", "ADV", "PART"):
        before -= 1
    if before < inside.start:
        return None
    if reading.words[before].text in ",–—":
        source = source_after(reading, verb, inside.stop)
        if not source:
            return None
        first = before
    else:
        source = source_before(reading, verb, inside.start)
        if (
            not source
            or source[0] - 1 < inside.start
            or reading.words[source[0] - 1].text not in (",", "—", "–")
        ):
            return None
        first = source[0] - 1
        if reading.pack.words("needs_comma"):
            return None
    end = max(verb, source[-1]) + 1
    stop = end
    while stop < inside.stop and reading.words[stop].text not in ",;:–—" and stop - end < MAX_ASIDE:
        if is_finite(reading, stop) or reading.lower[stop] in reading.pack.words("complementizer"):
            return None
        stop += 1
    if stop < inside.stop and reading.words[stop].text not in (",", "–", "—"):
        return None
    if not any(is_finite(reading, p) for p in range(inside.start, first)) and stop >= inside.stop:
        return None
    if stop < inside.stop and not any(is_finite(reading, p) for p in range(stop, inside.stop)):
        stop = inside.stop
    if stop < inside.stop and reading.lower[stop + 1] in (
        reading.pack.words("complementizer") | reading.pack.words("question")
    ):
        return None
    content = _rest(reading, inside, first, stop)
    if not content or any(reading.quoted[p] >= 0 for p in range(first, stop)):
        return None
    cue = tuple(sorted({verb, *(a for a in auxiliaries(reading, verb) if first <= a < stop)}))
    rule = "indirect/trailing" if len(content) == 1 else "indirect/parenthetical"
    return Found(rule, content, cue, tuple(source))


def _as_clause(reading: Reading, place: int) -> Found | None:
    """`Wie Weber mitteilte, A` and `A, wie Weber mitteilte(, B)`."""
    if reading.lower[place] not in reading.pack.words("as"):
        return None
    inside = bounds(reading, place)
    if place > inside.start and reading.words[place - 1].text not in (",", "–", "—", "("):
        return None
    verb = None
    stop = place + 1
    while stop < inside.stop and reading.words[stop].text not in ",)–" and stop - place < MAX_ASIDE:
        if is_verb(reading, stop) and lemma_in(reading, stop, "clause", "say"):
            verb = stop
        stop += 1
    if verb is None or not reading.pack.words("needs_comma"):
        return None
    source = source_before(reading, verb, place + 1)
    content = _rest(reading, inside, place, stop)
    if not content:
        return None
    cue = (place, *sorted({verb, *(a for a in auxiliaries(reading, verb) if place < a < stop)}))
    return Found("indirect/as", content, cue, tuple(p for p in source if p != place))


def _citation(reading: Reading, place: int) -> Found | None:
    """`laut Weber A`, `nach Angaben von Weber A`, `Weber zufolge A`, `A, so Weber`, `according to Weber, A`."""
    pack = reading.pack
    inside = bounds(reading, place)
    low = reading.lower[place]
    pair = " ".join(reading.lower[place : place + 2])
    cue: tuple[int, ...]
    if pair in pack.words("preposition"):
        cue, rule = (place, place + 1), "indirect/according-to"
    elif low in pack.words("preposition"):
        cue, rule = (place,), "indirect/according-to"
    elif low in pack.words("so") and place > inside.start and reading.words[place - 1].text == ",":
        cue, rule = (place,), "indirect/so"
    elif low in pack.words("cites"):
        cue, rule = (place,), "indirect/by-account"
    elif low in pack.words("postposition"):
        return _postposed(reading, place, inside)
    else:
        return None
    run = nominal_run(reading, cue[-1] + 1, inside.stop)
    if not run or run[0] != cue[-1] + 1:
        return None
    head = next((p for p in run if reading.heads[p] not in run and reading.words[p].upos in NOMINAL), run[0])
    if rule == "indirect/by-account":
        cited = next((p for p in run if reading.lower[p] in pack.words("cited")), None)
        if cited is None:
            return _account_after(reading, place, inside)
        head = cited
    source = noun_phrase(reading, head, cue[-1] + 1, inside.stop)
    if rule == "indirect/so" and (
        source[-1] + 1 < inside.stop and reading.words[source[-1] + 1].text not in ",–"
    ):
        return None
    return _cited(reading, rule, cue, source, inside)


def _account_after(reading: Reading, place: int, inside: range) -> Found | None:
    """`Webers Meinung nach`: the account stands before its preposition."""
    before = place - 1
    if before < inside.start or reading.lower[before] not in reading.pack.words("cited"):
        return None
    source = noun_phrase(reading, before, inside.start, place)
    return _cited(reading, "indirect/by-account", (place,), source, inside)


def _postposed(reading: Reading, place: int, inside: range) -> Found | None:
    head = reading.heads[place]
    if not inside.start <= head < place:
        head = place - 1
    if head < inside.start:
        return None
    source = noun_phrase(reading, head, inside.start, place)
    return _cited(reading, "indirect/according-to", (place,), source, inside)


def _cited(
    reading: Reading, rule: str, cue: tuple[int, ...], source: list[int], inside: range
) -> Found | None:
    if not source:
        return None
    first = min(cue[0], source[0])
    end = max(cue[-1], source[-1]) + 1
    host = _host(reading, first, end, inside)
    content = _rest(reading, host, first, end)
    return Found(rule, content, cue, tuple(source)) if content else None


def _host(reading: Reading, first: int, end: int, inside: range) -> range:
    """The clause that a citation speaks of: the whole sentence, or the side clause it stands in."""
    low, high = inside.start, inside.stop
    for place in range(first - 1, low - 1, -1):
        if (
            reading.words[place].upos == "SCONJ"
            and reading.pack.words("needs_comma")
            and place > low
            and reading.words[place - 1].text == ","
        ):
            low = place
            break
    return range(low, high)
