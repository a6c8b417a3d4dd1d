"""Quotations within quotations: whose words somebody quotes (`“He told me ‘no’,” she said`)."""

from __future__ import annotations

from quotetrack.extract.found import Found
from quotetrack.extract.phrases import auxiliaries, is_verb, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of

MIN_WORDS = 2  # words an inner quotation needs to be somebody's
MAX_REACH = 8  # words between the cue and the inner quotation


def inner_quotes(reading: Reading) -> list[Found]:
    """One attribution for each quotation inside of another that has a cue of its own and names its speaker;
    the outer quote stays whole. A pronoun's words stay with the speaker who recounts them."""
    found = []
    for number, quotation in enumerate(reading.quotations):
        if quotation.depth == 0 or len(quotation.inner.of(reading.text).split()) < MIN_WORDS:
            continue
        places = reading.within(quotation.outer)
        if not places or places.start == 0:
            continue
        sentence = reading.sentences[reading.sentence[places.start - 1]]
        cue = _cue_before(reading, sentence.start, places.start)
        if cue is None:
            continue
        source = source_of(reading, cue, sentence.start, places.start)
        if any(reading.words[place].upos in ("NOUN", "PROPN") for place in source):
            words = sorted({cue, *(p for p in auxiliaries(reading, cue) if p < places.start)})
            content = (quotation.inner,)
            found.append(Found("direct/inner", content, tuple(words), tuple(source), (number,)))
    return found


def _cue_before(reading: Reading, first: int, end: int) -> int | None:
    """The verb of saying that leads to a mark: before it, with a comma or colon or nothing between."""
    for place in range(end - 1, max(first, end - MAX_REACH) - 1, -1):
        if reading.quoted[place] < 0:
            return None
        if is_verb(reading, place) and lemma_in(reading, place, "adjacent", "say"):
            gap = [p for p in range(place + 1, end) if not reading.is_punct(p)]
            marked = reading.words[end - 1].text in (",", ":") or place == end - 1
            return place if marked or not gap else None
    return None
