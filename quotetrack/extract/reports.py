"""Speech acts told in one sentence: `Weber kritisierte den Beschluss.` The sentence is the content."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.found import Found
from quotetrack.extract.mood import main_verb
from quotetrack.extract.phrases import auxiliaries, is_finite, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of
from quotetrack.extract.speakers import can_speak
from quotetrack.types import Span

FRAMING = "framing"  # `nannte den Plan „absurd“`: a sentence of which no more was said than the marked words

TAIL = (
    "indirect/mood-clause"  # `bezeichnete sie als falsch, da das Gesetz fehle`: a quote of its own behind one
)


def reports(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """One attribution for each sentence whose main verb is a speech act and that has no other. Those by the
    rule FRAMING only tell whose the marked words in them are and who goes on after them."""
    if not reading.pack.words("sentence"):
        return []
    behind = [one for one in found if one.rule == TAIL and _is_reason(reading, one)]
    tails = [one.content[0] for one in behind]
    taken = [span for one in found if one not in behind for span in one.content]
    cued = {place for one in found if one not in behind for place in one.cue}
    result = []
    for words in reading.sentences:
        span = reading.span(words)
        if any(span.overlaps(other) and not _inside_marks(reading, other) for other in taken):
            continue
        verb = next((p for p in words if reading.quoted[p] < 0 and _is_act(reading, p)), None)
        if verb is None or verb in cued or not any(is_finite(reading, p) for p in words):
            continue
        main = main_verb(reading, words)
        if main is not None and reading.lower[main] in reading.pack.mood.get("forms", ()):
            continue  # reported itself: whose words go on is told by what stands before
        source = source_of(reading, verb, words.start, words.stop)
        if not source or _points_back(reading, source) or not can_speak(reading, source):
            continue
        if len(source) == 1 and reading.lower[source[0]] in reading.pack.words("generic"):
            continue
        framing = _puts_in_marks(reading, verb, words)
        rule, cue = (FRAMING, (verb,)) if framing else ("indirect/report", ())
        end = min([tail.start for tail in tails if span.covers(tail)], default=span.end)
        if end <= reading.words[verb].span.start:
            continue
        result.append(Found(rule, (Span(span.start, end),), cue, tuple(source)))
    return result


def _is_reason(reading: Reading, one: Found) -> bool:
    """Whether a quote is a side clause that gives a reason."""
    return reading.lower[reading.within(one.content[0]).start] in reading.pack.words("causal")


def _inside_marks(reading: Reading, span: Span) -> bool:
    return any(quotation.inner == span for quotation in reading.quotations)


def _is_act(reading: Reading, place: int) -> bool:
    """A main verb of a speech act: the root of its sentence or coordinated with it."""
    if reading.words[place].upos != "VERB" or not lemma_in(reading, place, "sentence"):
        return False
    if reading.words[place].deprel not in ("root", "conj", "parataxis") and reading.heads[place] >= 0:
        return False
    return is_finite(reading, place) or bool(auxiliaries(reading, place))


def _puts_in_marks(reading: Reading, verb: int, words: range) -> bool:
    """Whether a verb that says how somebody put it stands in a sentence with words in marks."""
    return lemma_in(reading, verb, "judging") and any(reading.quoted[place] >= 0 for place in words)


def _points_back(reading: Reading, source: list[int]) -> bool:
    """Whether the supposed speaker is `dies` or `das`: then the sentence is about the one before."""
    return len(source) == 1 and reading.lower[source[0]] in reading.pack.words("demonstrative")
