"""Indirect quotes whose cue stands aside: `…, Weber said`, `wie Weber sagte, …`, `according to Weber, …`."""

from __future__ import annotations

from quotetrack.extract.citations import citation
from quotetrack.extract.clauses import DASHES, bounds, rest_of
from quotetrack.extract.extents import names_somebody
from quotetrack.extract.found import Found
from quotetrack.extract.mood import is_main
from quotetrack.extract.openings import skip_circumstances, skip_times
from quotetrack.extract.phrases import (
    auxiliaries,
    is_finite,
    is_glue,
    is_relative,
    is_verb,
    lemma_in,
    nominal_run,
    subject_of,
)
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import (
    MAX_TITLE_WORDS,
    source_after,
    source_before,
    source_of,
    subject_run,
)

MIN_STATED = 8  # words before an aside that are more than a circumstance, whatever their tags
MAX_ASIDE = 40  # words an aside may have; a longer one is no aside


def asides(reading: Reading) -> list[Found]:
    """One attribution for each cue that stands outside of its content's clause."""
    found: list[Found] = []
    for place in range(len(reading.words)):
        if reading.quoted[place] >= 0:
            continue
        one = citation(reading, place) or _as_clause(reading, place) or _parenthetical(reading, place)
        if one is not None:
            found.append(one)
    return found


def _parenthetical(reading: Reading, verb: int) -> Found | None:
    """`A, Weber said(, B)` and `A, sagte Weber(, B)`."""
    if not (is_verb(reading, verb) and is_finite(reading, verb)):
        return None
    if not lemma_in(reading, verb, "aside" if reading.pack.words("aside") else "clause"):
        return None
    inside = bounds(reading, verb)
    before = verb - 1
    while before >= inside.start and reading.words[before].upos in ("AUX", "ADV", "PART"):
        before -= 1
    if before < inside.start:
        return None
    if _is_pause(reading, before):
        source = source_after(reading, verb, inside.stop)
        first = _outside(reading, before)
        impersonal = verb + 1 < inside.stop and reading.lower[verb + 1] in reading.pack.words("expletive")
        if not source and not impersonal:
            return None
        if impersonal:
            source = source_of(reading, verb, verb, inside.stop)
    else:
        if reading.pack.conventions.clause_commas:
            return None
        source = source_before(reading, verb, inside.start)
        if not source or source[0] <= inside.start or not _is_pause(reading, source[0] - 1):
            source = _parted(reading, verb, inside.start)
        if not source:
            return None
        first = _outside(reading, source[0] - 1)
    goes_on = not reading.pack.conventions.clause_commas and any(
        is_finite(reading, place) for place in range(max([verb, *source]) + 1, inside.stop)
    )
    if (_is_subordinate(reading, inside.start, first) and not goes_on) or _is_own_subject(
        reading, verb, inside.start, first
    ):
        return None
    end = max([verb, *source]) + 1
    stop = end
    while stop < inside.stop and reading.words[stop].text not in (",", ";", ":", *DASHES):
        if is_finite(reading, stop) or reading.lower[stop] in reading.pack.words("complementizer"):
            return None
        if stop - end > MAX_ASIDE:
            return None
        stop += 1
    if stop < inside.stop and reading.words[stop].text in (";", ":"):
        return None
    if not reading.pack.conventions.clause_commas:
        if source and reading.lower[source[-1]] in reading.pack.words("relative"):
            return None
        left_over = (
            skip_circumstances(reading, end - 1, stop)
            if end - 1 > verb
            else skip_circumstances(reading, verb, stop)
        )
        if left_over < stop and not (source and source[-1] < verb and _is_how(reading, left_over)):
            return None
    if stop < inside.stop and (
        is_relative(reading, stop + 1) or reading.lower[stop + 1] in reading.pack.words("clause_opener")
    ):
        return (
            None
            if not any(is_finite(reading, p) for p in range(inside.start, first))
            else _aside(reading, verb, range(inside.start, first), first, inside.stop, source)
        )
    if (
        stop >= inside.stop
        and (first - inside.start < MIN_STATED or reading.words[first].text != ",")
        and not any(is_finite(reading, p) for p in range(inside.start, first))
    ):
        return None
    if stop < inside.stop and _is_tail(reading, verb, source, stop, inside.stop):
        stop = inside.stop
    return _aside(reading, verb, inside, first, stop, source)


def _parted(reading: Reading, verb: int, first: int) -> list[int]:
    """What stands between a pause and a verb and may be its subject, where a tree has another: `A, the
    airline said`, `A, Anna Weber, head of the board, said`."""
    pauses = [p for p in range(first + 1, verb) if _is_pause(reading, p) and not is_glue(reading, p)]
    for place in pauses:
        run = subject_run(reading, verb, place + 1)
        if run and reading.lower[run[0]] in reading.pack.words("relative"):
            return []
        if run and (place == pauses[-1] or names_somebody(reading, run[:MAX_TITLE_WORDS], ("person",))):
            return run if run[0] == place + 1 or reading.is_punct(place + 1) else []
    return []


def _is_pause(reading: Reading, place: int) -> bool:
    """Whether a comma or a dash stands at `place`, the comma perhaps inside the closing mark before an aside
    (`A was “B,” Weber said`)."""
    text = reading.words[place].text
    if text == "," or text in DASHES:
        return True
    number = reading.quoted[place]
    if number < 0 or reading.pack.conventions.clause_commas or not reading.is_punct(place):
        return False
    quotation = reading.quotations[number]
    begins = reading.words[reading.sentences[reading.sentence[place]].start].span.start
    return quotation.outer.start > begins and quotation.inner.of(reading.text).endswith(",")


def _outside(reading: Reading, pause: int) -> int:
    """Where an aside begins at a pause: at its comma or dash, behind it where that is within marks."""
    return pause if reading.quoted[pause] < 0 else pause + 1


def _is_how(reading: Reading, place: int) -> bool:
    """Whether what follows an aside's verb only says when or how: `A, she said after meeting the others`."""
    return reading.words[place].upos in ("ADP", "SCONJ")


def _is_tail(reading: Reading, verb: int, source: list[int], stop: int, end: int) -> bool:
    """Whether what follows an aside belongs to it: an apposition of the source, a participle of the cue."""
    after = stop + 1
    if any(is_finite(reading, p) for p in range(stop, end)):
        return reading.words[after].feats.get("VerbForm") == "Part" and lemma_in(
            reading, after, "say", "clause"
        )
    if source and source[-1] == stop - 1 and source[0] > verb:
        return True  # `said Weber, the mayor`
    if reading.pack.conventions.clause_commas:
        return True
    return lemma_in(reading, after, "say", "clause", "object") or reading.words[after].upos in (
        "SCONJ",
        "CCONJ",
    )


def _is_subordinate(reading: Reading, first: int, end: int) -> bool:
    """Whether all before a comma is one side clause: `Wenn er kommt, droht Streit` quotes nothing."""
    return reading.words[first].upos == "SCONJ" and not any(
        reading.words[p].text == "," for p in range(first, end)
    )


def _is_own_subject(reading: Reading, verb: int, first: int, end: int) -> bool:
    """Whether what stands before a comma is the verb's subject with its apposition (`Weber, der Leiter des
    Amtes, warf der Regierung vor, …`) or only leads up to it (`Auf die Frage, an wen …, antwortete er
    nicht`), in languages where every clause has its comma."""
    if not reading.pack.conventions.clause_commas:
        return False
    if any(is_main(reading, place) for place in range(first, end)):
        return False
    subject = subject_of(reading, verb)
    if subject is not None and first <= subject < end:
        return True
    return reading.words[first].upos == "ADP" and any(is_finite(reading, p) for p in range(first, end))


def _aside(
    reading: Reading, verb: int, inside: range, first: int, stop: int, source: list[int]
) -> Found | None:
    content = rest_of(reading, inside, first, stop)
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
    if place > inside.start + 1 and reading.words[place - 1].text not in (",", "(", *DASHES):
        return None
    closing = reading.pack.conventions.clause_commas  # the verb closes its clause, behind any apposition
    verb = None
    stop = place + 1
    ends = (";",) if _opens_bracket(reading, place, inside.stop) else (")", ";")
    while stop < inside.stop and stop - place < MAX_ASIDE:
        parted = reading.words[stop].text == "," and not (closing and verb is None)
        if parted or reading.words[stop].text in ends:
            break
        if is_verb(reading, stop) and lemma_in(reading, stop, "aside", "bare", "puts"):
            verb = stop
        stop += 1
    if verb is None or (closing and not _is_final(reading, verb, stop)):
        return None
    own = {kid for kid in reading.kids[verb] if reading.words[kid].deprel == "compound:prt"}
    last = max([verb, *(p for p in own if p < stop)])  # `as Weber pointed out, A`
    behind = range(skip_times(reading, last + 1, stop), stop)
    if not reading.pack.conventions.clause_commas and (
        len(behind) > 1 or (behind and reading.lower[behind[0]] not in reading.pack.words("expletive"))
    ):
        return None
    source = source_before(reading, verb, place + 1) or (
        _opening_phrase(reading, place + 1, verb) if closing else []
    )
    content = rest_of(reading, inside, place, stop)
    if not content or not source:
        return None
    cue = (place, *sorted({verb, *(a for a in auxiliaries(reading, verb) if place < a < stop)}))
    return Found("indirect/as", content, cue, tuple(p for p in source if p != place))


def _opening_phrase(reading: Reading, first: int, verb: int) -> list[int]:
    """The noun phrase that begins a side clause, with its apposition: `wie | der Leiter, Weber, | in Bern
    mitteilte`."""
    run = nominal_run(reading, first, verb, reading.pack.words("inside_name"))
    if not run or run[0] != first:
        return []
    end = run[-1] + 1
    if reading.words[end].text == ",":
        comma = next((place for place in range(end + 1, verb) if reading.words[place].text == ","), end)
        if not any(is_finite(reading, place) for place in range(end, comma)):
            end = comma
    return list(range(first, end))


def _opens_bracket(reading: Reading, first: int, end: int) -> bool:
    """Whether a bracket is opened within the next words, before any is closed: `as Weber (R-Ohio) said`."""
    marks = [reading.words[p].text for p in range(first, min(end, first + MAX_ASIDE))]
    return "(" in marks and (")" not in marks or marks.index("(") < marks.index(")"))


def _is_final(reading: Reading, verb: int, stop: int) -> bool:
    """Whether a verb ends its clause, but for auxiliaries and particles, as in a German side clause."""
    return all(reading.words[p].upos in ("AUX", "VERB", "ADP", "ADV", "ADJ") for p in range(verb + 1, stop))
