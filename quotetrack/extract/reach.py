"""How far the source of a citation reaches behind its last sure word: `laut dem Amt | in Bonn` or not."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.phrases import NOMINAL, is_finite, is_glue, is_relative, nominal_run, trimmed
from quotetrack.extract.reading import Reading

MAX_ABBREVIATION = 3  # words between brackets that shorten the name before them
MAX_FRONT = 24  # words before a verb in second place that one phrase may have
_GOES_ON = NOMINAL - {"PRON"} | {"ADP", "ADJ", "DET", "CCONJ", "ADV", "PUNCT"}


def reached(
    reading: Reading, source: list[int], cue: tuple[int, ...], inside: range
) -> tuple[list[int], int]:
    """A citation's source with what belongs to it, and where the citation ends.

    To a source belong the abbreviation of its name, the rest of a genitive, and where the citation opens its
    sentence all that stands before the verb, which in a language with the verb in second place is one phrase
    (`Laut dem Amt in Bonn | ist A`, `Laut Weber, Chefin des Amts, | ist A`). To whom it was said is of the
    citation and not of the source.
    """
    end = max(cue[-1], source[-1]) + 1
    if not reading.pack.conventions.verb_second or source[0] < cue[-1]:
        return source, end
    grown = _owned(reading, _abbreviated(reading, source, inside), inside)
    grown = _to_second(reading, _abbreviated(reading, grown, inside), cue[0], inside)
    told = next((p for p in grown[1:] if reading.lower[p] in reading.pack.words("told_to")), None)
    named = grown if told is None else trimmed(reading, [p for p in grown if p < told])
    return named or source, grown[-1] + 1


def bare(reading: Reading, source: Sequence[int]) -> Sequence[int]:
    """A source without the words at its edges that do not count to it: `auch | Weber | selbst`, `Weber |, die
    das Amt leitet` in languages whose annotators leave relative clauses out."""
    start, end = 0, len(source)
    while end - start > 1 and reading.lower[source[start]] in reading.pack.words("focus"):
        start += 1
    while end - start > 1 and _only_leads(reading, source[start]):
        start += 1
    if not reading.pack.conventions.described_sources:
        end = next((n for n in range(start + 1, end - 1) if _begins_clause(reading, source, n)), end)
    while end - start > 1 and reading.lower[source[end - 1]] in reading.pack.words("trailing"):
        end -= 1
    return source[start : start + _before_day(reading, source[start:end])]


def _only_leads(reading: Reading, place: int) -> bool:
    """Whether a word before a source leads up to it without being of it: `after | some of them`, not `about
    half of them`."""
    leading = reading.words[place].upos in ("ADP", "SCONJ", "CCONJ")
    return (
        leading
        and not reading.pack.conventions.verb_second
        and reading.lower[place] not in reading.pack.words("quantifier")
    )


def _before_day(reading: Reading, source: Sequence[int]) -> int:
    """How many words of a source stand before what only tells when it was: `ein Sprecher | am Freitag`."""
    count = len(source) - 1
    if count < 1 or reading.lower[source[count]] not in reading.pack.words("time"):
        return len(source)
    preposition = reading.words[source[count - 1]].span  # `am` is one word of the text and two of the tree
    while count and reading.words[source[count - 1]].span == preposition:
        count -= 1
    on_day = preposition.of(reading.text).lower() in reading.pack.words("on_day")
    return count if count and on_day else len(source)


def _begins_clause(reading: Reading, source: Sequence[int], number: int) -> bool:
    """Whether a relative clause begins at a comma of a source and goes on to its end."""
    comma, last = source[number], source[-1]
    if reading.words[comma].text != "," or not is_relative(reading, comma + 1):
        return False
    inner = [p for p in source[number + 1 :] if reading.words[p].text == ","]
    return not inner or is_finite(reading, last)


def _abbreviated(reading: Reading, places: list[int], inside: range) -> list[int]:
    """With the abbreviation in brackets behind: `dem Hilfswerk Nord | (HWN)`."""
    first = places[-1] + 1
    if first >= inside.stop or reading.words[first].text != "(":
        return places
    last = min(first + MAX_ABBREVIATION + 2, inside.stop)
    closing = next((place for place in range(first, last) if reading.words[place].text == ")"), None)
    if closing is None or not _is_abbreviation([reading.words[p].text for p in range(first + 1, closing)]):
        return places
    return [*places, *range(first, closing + 1)]


def _is_abbreviation(words: list[str]) -> bool:
    return bool(words) and (sum(c.isupper() for c in "".join(words)) > 1 or words[0].islower())


def _owned(reading: Reading, places: list[int], inside: range) -> list[int]:
    """With the genitive behind that says whose it is: `Angaben | russischer Kreise`, `der Stiftung (SN) | der
    Stadt Bern`."""
    first = places[-1] + 1
    if first >= inside.stop or reading.words[first].feats.get("Case") != "Gen":
        return places
    if reading.words[first].upos not in ("ADJ", "DET"):
        return places
    run = nominal_run(reading, first, inside.stop, reading.pack.words("of"))
    return [*places, *run] if len(run) > 1 and run[0] == first else places


def _to_second(reading: Reading, places: list[int], cue: int, inside: range) -> list[int]:
    """All up to the verb in second place, where the citation opens its sentence; `places` where it does not,
    or where a clause stands in between."""
    if any(reading.words[place].upos != "CCONJ" for place in range(inside.start, cue)):
        return places
    first = places[-1] + 1
    last = min(places[0] + MAX_FRONT, inside.stop)
    verb = next((place for place in range(first, last) if is_finite(reading, place)), None)
    if verb is None or verb == first:
        return places
    between = range(first, verb)
    if any(reading.words[place].upos not in _GOES_ON or reading.quoted[place] >= 0 for place in between):
        return places
    commas = [p for p in between if reading.words[p].text in ",;:–—" and not is_glue(reading, p)]
    if commas and (
        commas[0] != first or commas[-1] != verb - 1 or len(commas) == 1 or is_relative(reading, first + 1)
    ):
        return places
    return trimmed(reading, range(places[0], verb))
