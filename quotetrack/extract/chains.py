"""Reported speech that runs on: sentences in the reported mood go on with the speaker before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotetrack.extract.borrowed import subject_before
from quotetrack.extract.clauses import bounds
from quotetrack.extract.found import Found
from quotetrack.extract.mood import in_reported_mood, is_main, main_verb
from quotetrack.extract.phrases import is_finite
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_after, source_of
from quotetrack.extract.speakers import can_speak
from quotetrack.types import Span

MIN_FOREIGN = 2  # words of another language that make a sentence one of that language
MAX_HEARSAY = 2  # sentences between a quote and one of hearsay that goes on with it in its paragraph
MAX_GUESS = (
    3  # sentences back to a quote whose speaker goes on; of those further back 2 in 3 were wrong (dev, train)
)
MAX_BACK = 6  # sentences back to a quote that a subject in another paragraph than it may stand behind


def chains(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """One attribution for each run of whole sentences in the reported mood that no cue introduces.

    The speaker holds while the mood does: it is that of the attribution that ends last before the run,
    in its paragraph or the one before, else the subject of the sentence before.
    """
    if not reading.pack.mood:
        return []
    said = sorted(found, key=lambda one: (one.content[-1].end, -one.content[0].start))
    taken = [span for one in found for span in one.content]
    result: list[Found] = []
    run: list[int] = []
    for number in range(len(reading.sentences) + 1):
        if number < len(reading.sentences) and _is_reported(reading, number, taken):
            run.append(number)
            continue
        if run:
            one = _chain(reading, run, said)
            if one is not None:
                result.append(one)
        run = []
    return result


def _is_reported(reading: Reading, number: int, taken: list[Span]) -> bool:
    """Whether a sentence's main verb is in the reported mood and none of its words is attributed."""
    words = reading.sentences[number]
    span = reading.span(words)
    if any(span.overlaps(other) for other in taken):
        return False
    if sum(reading.words[place].upos == "X" for place in words) >= MIN_FOREIGN:
        return False  # a line in another language, whose words look like forms of this one
    if (
        reading.words[words.stop - 1].text == "?"
        and words == reading.paragraphs[reading.paragraph[words.start]]
    ):
        return False  # an interviewer's question, in a line of its own
    main = main_verb(reading, words)
    if main is None or not in_reported_mood(reading, main):
        return False
    opening = " ".join(reading.lower[words.start : words.start + 3])
    return opening not in reading.pack.words("formula")


def mood_clauses(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """Clauses in the reported mood that hang on no known cue: `Er trat dem mit den Worten entgegen, das
    Gericht sei ein irakisches.` The subject of the main clause is the source."""
    if not reading.pack.mood:
        return []
    taken = [span for one in found for span in one.content]
    result = []
    for words in reading.sentences:
        main = main_verb(reading, words)
        if main is None or in_reported_mood(reading, main):
            continue
        irrealis = reading.pack.mood.get("irrealis", frozenset())
        told = [
            place
            for place in words
            if place > main
            and reading.quoted[place] < 0
            and reading.lower[place] not in irrealis
            and in_reported_mood(reading, place)
        ]
        verb = next((place for place in told if is_main(reading, place)), told[0] if told else None)
        if verb is None:
            continue
        first = verb
        while first > words.start and reading.words[first - 1].text not in (",", ";", ":", "–"):
            first -= 1
        if first <= main or reading.words[first - 1].text not in (",", ":"):
            continue
        end = bounds(reading, verb).stop
        content = reading.span(range(first, end))
        if any(content.overlaps(other) for other in taken):
            continue
        source = source_of(
            reading,
            reading.heads[main]
            if reading.words[main].upos == "AUX" and reading.heads[main] in words
            else main,
            words.start,
            first,
        )
        source = source if can_speak(reading, source) else []
        result.append(Found("indirect/mood-clause", (content,), (main,), tuple(source)))
    return result


def rejoined(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """The attributions, where a quotation that stands alone right behind reported speech in its paragraph is
    of whom that is, and not of who was quoted a paragraph before: `Weber widersprach: Das Geld sei da. „Ich
    habe nichts zu verbergen.“`"""
    told = [one for one in found if one.rule.startswith("indirect/mood") and one.source]
    return [_rejoined(reading, one, told) if one.rule == "direct/floating" else one for one in found]


def _rejoined(reading: Reading, one: Found, told: Sequence[Found]) -> Found:
    first = reading.within(one.content[0]).start
    line = reading.paragraph[first]
    if one.source and reading.paragraph[one.source[0]] == line:
        return one
    for other in told:
        last = reading.within(other.content[-1]).stop - 1
        if (
            last < first
            and reading.paragraph[last] == line
            and reading.sentence[first] - reading.sentence[last] <= 1
        ):
            return replace(one, rule="direct/carried", source=other.source)
    return one


def hearsay(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """Sentences that go on with somebody's words by an auxiliary of hearsay (`Er soll geflohen sein`), right
    after them or with one sentence between in the same paragraph. The speaker is the one before."""
    marked = reading.pack.mood.get("hearsay", frozenset())
    said = sorted(found, key=lambda one: one.content[-1].end)
    taken = [span for one in found for span in one.content]
    result: list[Found] = []
    for number, words in enumerate(reading.sentences):
        span = reading.span(words)
        main = main_verb(reading, words) if marked else None
        if main is None or reading.lower[main] not in marked or any(span.overlaps(one) for one in taken):
            continue
        before = [one for one in (*said, *result) if one.content[-1].end <= span.start and one.source]
        last = max(before, key=lambda one: one.content[-1].end, default=None)
        if last is None:
            continue
        held = max(0, reading.within(Span(0, last.content[-1].end)).stop - 1)
        apart = number - reading.sentence[held]
        same = reading.paragraph[held] == reading.paragraph[words.start]
        if apart <= 1 or (apart <= MAX_HEARSAY and same):
            result.append(Found("indirect/hearsay", (span,), (), last.source))
    return result


def _chain(reading: Reading, run: list[int], said: Sequence[Found]) -> Found | None:
    first = reading.sentences[run[0]].start
    source, near = _speaker_before(reading, first, said)
    if not near and not any(_unmistakable(reading, number) for number in run):
        return None
    if not source and not said:
        return None  # a wish, a formula: nobody speaks in this text
    words = range(first, reading.sentences[run[-1]].stop)
    aside = _aside(reading, words)
    if aside is None:
        return Found("indirect/mood", (reading.span(words),), (), source)
    cue, teller, end = aside
    parts = [range(words.start, cue - 1), range(end, words.stop)]
    content = tuple(
        reading.span(part) for part in parts if any(not reading.is_punct(place) for place in part)
    )
    return Found("indirect/mood", content, (cue,), tuple(teller))


def _aside(reading: Reading, words: range) -> tuple[int, list[int], int] | None:
    """The first `, kritisierte er(, …)` in a run of reported speech, whatever the verb: its verb, whom it
    names, and where the run goes on. The run around it is in the reported mood, so that it must be a cue."""
    for place in range(words.start + 1, words.stop - 1):
        if reading.words[place - 1].text != "," or reading.quoted[place] >= 0:
            continue
        if reading.words[place].upos != "VERB" or not is_finite(reading, place):
            continue
        if in_reported_mood(reading, place) or reading.words[place].deprel.startswith("acl"):
            continue
        end = place + 1
        while end < words.stop and reading.words[end].text not in (",", ";", ":", ".", "–"):
            end += 1
        source = source_after(reading, place, end)
        if source and source[0] == place + 1 and source[-1] < end:
            return place, source, end
    return None


def _speaker_before(reading: Reading, first: int, said: Sequence[Found]) -> tuple[tuple[int, ...], bool]:
    """Whose words go on at a sentence that begins with `first`, and whether the quote before is so near
    that even an irrealis goes on with it: the speaker of the sentence before, else that sentence's
    subject where it names somebody, else the last speaker of this or the former paragraph."""
    number = reading.sentence[first]
    start = reading.words[first].span.start
    before = [
        (one, reading.sentence[max(0, reading.within(Span(0, one.content[-1].end)).stop - 1)])
        for one in said
        if one.content[-1].end <= start and one.source and one.rule != "indirect/hence"
    ]
    close = [(one, at) for one, at in before if at >= number - 1]
    if close:
        return close[-1][0].source, True
    subject = subject_before(reading, number)
    if not can_speak(reading, subject):
        subject = ()
    if subject and any(reading.mentions_in(reading.span(subject))):
        return subject, False
    recent = [one for one, at in before if at >= number - MAX_BACK]
    if subject and not any(_is_in_line(reading, one, first) for one in recent):
        return subject, False
    if recent and can_speak(reading, recent[-1].source) and before[-1][1] >= number - MAX_GUESS:
        return recent[-1].source, True
    return (), False


def _is_in_line(reading: Reading, one: Found, place: int) -> bool:
    """Whether a quote ends in the paragraph of a word."""
    last = max(0, reading.within(Span(0, one.content[-1].end)).stop - 1)
    return reading.paragraph[last] == reading.paragraph[place]


def _unmistakable(reading: Reading, number: int) -> bool:
    irrealis = reading.pack.mood.get("irrealis", frozenset())
    return any(
        in_reported_mood(reading, p) and reading.lower[p] not in irrealis
        for p in reading.sentences[number]
        if is_main(reading, p)
    )
