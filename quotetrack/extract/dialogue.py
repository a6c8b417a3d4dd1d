"""Words behind a name and a colon: headlines (`Weber: We will not wait`), interviews and transcripts."""

from __future__ import annotations

from collections import Counter

from quotetrack.extract.found import Found
from quotetrack.extract.phrases import is_finite, is_verb, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_after
from quotetrack.types import Span

MAX_LABEL = 7  # words of a name before a colon
MIN_TURNS = 2  # lines of one form that make a dialogue


def dialogue(reading: Reading) -> list[Found]:
    """One attribution for each line that is somebody's by its label: the headline's, and, where at least
    MIN_TURNS lines begin with a label in capitals or the name of a person, theirs. An interviewer's
    questions are not attributed; answers that say no more than `A:` are the interviewed person's."""
    labelled = [
        (number, colon)
        for number, words in enumerate(reading.paragraphs)
        if (colon := _label(reading, words)) is not None
    ]
    asked = [number for number, colon in labelled if _is_any(reading, number, colon, "asked")]
    again = Counter(_label_text(reading, number, colon) for number, colon in labelled)
    turns = [
        (number, colon)
        for number, colon in labelled
        if _is_speaker(reading, number, colon)
        or (asked and number > asked[0] and again[_label_text(reading, number, colon)] >= MIN_TURNS)
    ]
    found = []
    for number, colon in labelled:
        words = reading.paragraphs[number]
        if number in asked or not any(
            reading.words[p].text[0].isalpha() for p in range(colon + 1, words.stop)
        ):
            continue
        headline = number == 0 and _names_somebody(reading, number, colon)
        if headline or (len(turns) >= MIN_TURNS and (number, colon) in turns):
            content = Span(reading.words[colon + 1].span.start, reading.words[words.stop - 1].span.end)
            rule = "dialogue/headline" if headline else "dialogue/turn"
            source = _source(reading, words.start, colon)
            if _is_any(reading, number, colon, "answered"):
                source = _interviewed(reading, labelled[0][0]) or source
            found.append(Found(rule, (content,), (colon,), source))
    return found


def _label_text(reading: Reading, number: int, colon: int) -> str:
    return " ".join(reading.lower[reading.paragraphs[number].start : colon])


def _is_any(reading: Reading, number: int, colon: int, name: str) -> bool:
    """Whether a label is one of a pack's, such as `Frage`."""
    return _label_text(reading, number, colon) in reading.pack.words(name)


def _interviewed(reading: Reading, first: int) -> tuple[int, ...]:
    """Whom an interview is with: the first person named before its first labelled line."""
    limit = reading.words[reading.paragraphs[first].start].span.start
    for mention in reading.mentions:
        if mention.kind == "person" and mention.span.start < limit:
            return tuple(reading.within(mention.span))
    return ()


def dashes(reading: Reading) -> list[Found]:
    """Dialogue in lines that begin with a dash, at least MIN_TURNS of them one after the other. What
    follows a comma and says who spoke (`– Nein, sagte Weber.`) is cue and source."""
    lines = [number for number, words in enumerate(reading.paragraphs) if _is_dashed(reading, words)]
    found = []
    for turns in _blocks(lines):
        spoken = []
        for number in turns:
            words = reading.paragraphs[number]
            cue, source = _spoken_by(reading, words.start + 1, words.stop)
            content = reading.span(range(words.start + 1, min([words.stop, *cue, *source])))
            spoken.append(Found("dialogue/dash", (content,), cue, source))
        if len(turns) >= MIN_TURNS and any(one.cue for one in spoken):  # else it is a list
            found += spoken
    return found


def _blocks(numbers: list[int]) -> list[list[int]]:
    """Runs of numbers one after the other."""
    blocks: list[list[int]] = []
    for number in numbers:
        if blocks and number == blocks[-1][-1] + 1:
            blocks[-1].append(number)
        else:
            blocks.append([number])
    return blocks


def _is_dashed(reading: Reading, words: range) -> bool:
    dash = reading.words[words.start]
    if dash.text not in ("–", "—", "―") or len(words) < 2:
        return False
    return reading.words[words.start + 1].span.start > dash.span.end


def _spoken_by(reading: Reading, first: int, end: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The cue and source at a line's end: `, sagte Weber.`, `, Weber said.`"""
    for comma in range(end - 1, first, -1):
        if reading.words[comma].text != ",":
            continue
        for place in range(comma + 1, end):
            if is_verb(reading, place) and lemma_in(reading, place, "say"):
                source = (
                    source_after(reading, place, end) if place == comma + 1 else list(range(comma + 1, place))
                )
                return (place,), tuple(source)
        return (), ()
    return (), ()


def _label(reading: Reading, words: range) -> int | None:
    """The place of the colon that ends a short label without a verb at a line's beginning, or right after
    the mark that opens the line (`"WEBER: No.`)."""
    first = words.start
    opening = reading.quoted[first]
    if opening >= 0:
        if reading.quotations[opening].inner.start != reading.words[first].span.end:
            return None
        first += 1
    for place in range(first, min(words.stop - 1, first + MAX_LABEL + 1)):
        if reading.quoted[place] != opening:
            return None
        if reading.words[place].text == ":" and place > first:
            return place
        if is_finite(reading, place) or reading.words[place].text in ",.;!?":
            return None
    return None


def _source(reading: Reading, first: int, colon: int) -> tuple[int, ...]:
    while first < colon and not reading.words[first].text[0].isalnum():
        first += 1
    return tuple(range(first, colon))


def _is_speaker(reading: Reading, number: int, colon: int) -> bool:
    """Whether a label is in capitals or a person's name."""
    first = reading.paragraphs[number].start
    words = [reading.words[p].text for p in range(first, colon) if reading.words[p].text[0].isalpha()]
    if not words:
        return False
    if all(word.isupper() and len(word) > 1 for word in words):
        return True
    if any(_is_any(reading, number, colon, name) for name in ("asked", "answered")):
        return True
    span = reading.span(range(first, colon))
    return any(mention.kind == "person" for mention in reading.mentions_in(span))


def _names_somebody(reading: Reading, number: int, colon: int) -> bool:
    """Whether a headline's label names somebody whom the text speaks of, no kind of article (`Liveblog`)."""
    first = reading.paragraphs[number].start
    if _is_any(reading, number, colon, "rubric"):
        return False
    span = reading.span(range(first, colon))
    mentions = [m for m in reading.mentions_in(span) if m.kind in ("person", "organisation")]
    if any(m.kind == "person" and " " in m.span.of(reading.text) for m in mentions):
        return True
    nouns = {reading.lower[p] for p in range(first, colon) if reading.words[p].upos in ("PROPN", "NOUN")}
    if len(reading.paragraphs) > 1 and not nouns & set(reading.lower[colon + 1 :]):
        return False
    return bool(mentions) or all(reading.words[p].upos == "PROPN" for p in range(first, colon))
