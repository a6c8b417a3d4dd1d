"""A sentence that only says whose the one before it is: `A. Das teilte Weber mit.` A is the content."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.found import Found
from quotetrack.extract.phrases import is_finite, lemma_in, noun_phrase
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_after

MAX_APART = 1  # lines between the two sentences: a lead may stand in a paragraph of its own


def pointed(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """One attribution for each sentence that begins with a demonstrative and a verb of telling, with
    somebody else as its subject (`Dies gab die Polizei bekannt`, `Das geht aus dem Bericht hervor`).

    The content is the sentence before, where nothing in it is attributed yet.
    """
    if not reading.pack.words("telling"):
        return []
    taken = [span for one in found for span in one.content]
    result = []
    for number in range(1, len(reading.sentences)):
        words = reading.sentences[number]
        before = reading.sentences[number - 1]
        if reading.paragraph[words.start] - reading.paragraph[before.start] > MAX_APART:
            continue
        verb = words.start + 1
        if verb >= words.stop or not _tells(reading, verb):
            continue
        source = _teller(reading, verb, words.stop)
        content = reading.span(before)
        own = reading.span(words)
        if not source or any(span.overlaps(content) or span.overlaps(own) for span in taken):
            continue
        if not any(is_finite(reading, place) for place in before):
            continue
        result.append(Found("indirect/pointed", (content,), (verb,), tuple(source)))
    return result


def _tells(reading: Reading, verb: int) -> bool:
    """Whether a sentence's second word is a verb of telling, right after a demonstrative."""
    if reading.lower[verb - 1] not in reading.pack.words("demonstrative") or reading.quoted[verb] >= 0:
        return False
    return is_finite(reading, verb) and lemma_in(reading, verb, "telling")


def _teller(reading: Reading, verb: int, end: int) -> list[int]:
    """Who told it: the noun phrase after the verb, or the text that it is from (`aus einem Bericht`)."""
    if lemma_in(reading, verb, "from_text"):
        for kid in reading.kids[verb]:
            case = reading.kid(kid, "case")
            if kid > verb and case is not None and reading.lower[case] in reading.pack.words("from"):
                return [place for place in noun_phrase(reading, kid, verb + 1, end) if place != case]
        return []
    return source_after(reading, verb, end)
