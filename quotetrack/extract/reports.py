"""Speech acts told in one sentence: `Weber kritisierte den Beschluss.` The sentence is the content."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.found import Found
from quotetrack.extract.phrases import auxiliaries, is_finite, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of
from quotetrack.types import Span


def reports(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """One attribution for each sentence whose main verb is a speech act and that has no other."""
    if not reading.pack.words("sentence"):
        return []
    taken = [span for one in found for span in one.content]
    cued = {place for one in found for place in one.cue}
    result = []
    for words in reading.sentences:
        span = reading.span(words)
        if any(span.overlaps(other) and not _inside_marks(reading, other) for other in taken):
            continue
        verb = next((p for p in words if reading.quoted[p] < 0 and _is_act(reading, p)), None)
        if verb is None or verb in cued or not any(is_finite(reading, p) for p in words):
            continue
        source = source_of(reading, verb, words.start, words.stop)
        if not source or _points_back(reading, source):
            continue
        if len(source) == 1 and reading.lower[source[0]] in reading.pack.words("generic"):
            continue
        result.append(Found("indirect/report", (Span(span.start, span.end),), (), tuple(source)))
    return result


def _inside_marks(reading: Reading, span: Span) -> bool:
    return any(quotation.inner == span for quotation in reading.quotations)


def _is_act(reading: Reading, place: int) -> bool:
    """A main verb of a speech act: the root of its sentence or coordinated with it."""
    if reading.words[place].upos != "VERB" or not lemma_in(reading, place, "sentence"):
        return False
    if reading.words[place].deprel not in ("root", "conj", "parataxis") and reading.heads[place] >= 0:
        return False
    return is_finite(reading, place) or bool(auxiliaries(reading, place))


def _points_back(reading: Reading, source: list[int]) -> bool:
    """Whether the supposed speaker is `dies` or `das`: then the sentence is about the one before."""
    return len(source) == 1 and reading.lower[source[0]] in reading.pack.words("demonstrative")
