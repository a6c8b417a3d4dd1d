"""Interviews whose answers have no label: a lead that speaks of one, then questions and answers by turns."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.found import Found
from quotetrack.extract.phrases import lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.types import Mention, Span

MIN_QUESTIONS = 3  # lines that ask and are answered
MAX_QUESTION = 60  # words of a line that asks
MAX_LEAD = 8  # lines before the first question
MIN_OWN = 0.5  # share of answers in the first person: explanations by question and answer have none
MAX_TITLES = 5  # words with which a question addresses somebody: `Herr Professor Doktor Kern`
MAX_CREDIT = 15  # words of the line that says who asked
_ENDS = (".", "!", "?", "…")


def answers(reading: Reading) -> list[Found]:
    """One attribution for each answer: the lines between two questions, for somebody whom the lead names.

    Whom the lead does not tell alone stays unknown, and the answers are without a source. Nothing where the
    text has no word for an interview, or too few answers speak of themselves.
    """
    begin = _announced(reading)
    if begin is None:
        return []
    asked = [number for number in range(begin, len(reading.paragraphs)) if _asks(reading, number)]
    if len(asked) < MIN_QUESTIONS or asked[0] > MAX_LEAD:
        return []
    given = [
        _answer(reading, number + 1, following)
        for number, following in zip(asked, [*asked[1:], len(reading.paragraphs)], strict=True)
    ]
    given = [lines for lines in given if lines]
    own = sum(any(_is_own(reading, number) for number in lines) for lines in given)
    if len(given) < MIN_QUESTIONS or own < MIN_OWN * len(given):
        return []
    source = _interviewed(reading, asked)
    return [
        Found("dialogue/answer", tuple(reading.span(reading.paragraphs[n]) for n in lines), (), source)
        for lines in given
    ]


def _announced(reading: Reading) -> int | None:
    """The line behind the first that speaks of an interview, or 1 where the last line says who held it."""
    for number in range(min(MAX_LEAD, len(reading.paragraphs))):
        if _speaks_of_it(reading, number):
            return number + 1
    last = len(reading.paragraphs) - 1
    credit = last > 0 and len(reading.paragraphs[last]) <= MAX_CREDIT and _speaks_of_it(reading, last)
    return 1 if credit else None


def _speaks_of_it(reading: Reading, number: int) -> bool:
    return any(reading.lower[p] in reading.pack.words("interview") for p in reading.paragraphs[number])


def _asks(reading: Reading, number: int) -> bool:
    words = reading.paragraphs[number]
    said = any(reading.quoted[p] >= 0 for p in (words.start, words.stop - 1))
    return not said and len(words) <= MAX_QUESTION and reading.words[words.stop - 1].text.endswith("?")


def _answer(reading: Reading, first: int, end: int) -> list[int]:
    """The lines in [first, end) that are sentences, up to one that speaks of the interview again."""
    lines = []
    for number in range(first, end):
        words = reading.paragraphs[number]
        if len(words) <= MAX_CREDIT and _speaks_of_it(reading, number):
            break
        last = words.stop - 1
        if reading.words[last].text.endswith(_ENDS) or reading.quoted[last] >= 0:
            lines.append(number)
    return lines


def _is_own(reading: Reading, number: int) -> bool:
    own = reading.pack.words("first_person")
    return any(reading.lower[p] in own for p in reading.paragraphs[number] if reading.quoted[p] < 0)


def _interviewed(reading: Reading, asked: Sequence[int]) -> tuple[int, ...]:
    """Whom an interview is with: of the people named before its first question the one whom a question
    addresses, else the one of the sentences that speak of the interview and not of who held it, else the
    one; nobody where that leaves several."""
    limit = reading.words[reading.paragraphs[asked[0]].start].span.start
    told = reading.pack.words("interview")
    named = [
        mention
        for mention in reading.mentions_in(Span(0, limit))
        if mention.kind == "person" and mention.span.of(reading.text).lower() not in told
    ]
    addressed = {name for number in asked if (name := _addressed(reading, number))}
    called = [mention for mention in named if _last(reading, mention) in addressed]
    here, others = [], []
    for mention in named:
        sentence = reading.sentences[reading.sentence[reading.within(mention.span).start]]
        if not any(reading.lower[p] in told for p in sentence):
            others.append(mention)
        elif not any(lemma_in(reading, p, "interviewing") for p in sentence):
            here.append(mention)
    found = called or here or others
    if len({_last(reading, mention) for mention in found}) != 1:
        return ()
    return tuple(reading.within(max(found, key=lambda mention: len(mention.span)).span))


def _addressed(reading: Reading, number: int) -> str:
    """The surname that a question opens with: `Frau Weber, …`."""
    words, speakers = reading.paragraphs[number], reading.pack.speakers
    titles = speakers.get("titles_male", frozenset()) | speakers.get("titles_female", frozenset())
    if reading.lower[words.start] not in titles:
        return ""
    comma = next((p for p in words[: MAX_TITLES + 1] if reading.words[p].text == ","), words.start)
    return reading.words[comma - 1].text if comma > words.start + 1 else ""


def _last(reading: Reading, mention: Mention) -> str:
    return mention.span.of(reading.text).split()[-1]
