"""Frames: the words outside of quotations, cut where a sentence ends, and which quotation they touch."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.extract.phrases import lemma_in
from quotetrack.extract.reading import Reading

MAX_TAG = 7  # words of a sentence that only says who spoke
_COMMAS = frozenset({",", "–", "—", "―", "-", "--", ";"})
_ENDS = (".", "!", "?", "…")
_DASHES = frozenset({"–", "—", "―"})  # behind a closing mark they lead to who said it: `“…”― Anna Weber`


@dataclass(frozen=True, slots=True)
class Frame:
    """A run of words without quotation, inside one sentence.

    before, after: numbers of the quotations it follows and precedes in the same sentence, or -1.
    """

    first: int
    end: int
    before: int = -1
    after: int = -1
    paragraph: int = -1


@dataclass(frozen=True, slots=True)
class Framed:
    """An outermost quotation with the words around it that belong to its sentence.

    number: in `reading.quotations`; left, right: its frames, None where the sentence begins or ends with it.
    """

    number: int
    first: int
    end: int
    paragraph: int
    left: Frame | None = None
    right: Frame | None = None


def frame(reading: Reading) -> list[Framed]:
    """All outermost quotations with their frames, in reading order."""
    result: list[Framed] = []
    for number, words in enumerate(reading.paragraphs):
        result += _of_paragraph(reading, number, words)
    return result


def _of_paragraph(reading: Reading, number: int, words: range) -> list[Framed]:
    runs: list[tuple[int, int, int]] = []  # quotation or -1, first, end
    for place in words:
        quotation = reading.quoted[place]
        if runs and runs[-1][0] == quotation and not (quotation < 0 and _breaks(reading, place)):
            runs[-1] = (quotation, runs[-1][1], place + 1)
        else:
            runs.append((quotation, place, place + 1))
    found: list[Framed] = []
    for at, (quotation, first, end) in enumerate(runs):
        if quotation < 0:
            continue
        left = right = None
        if at > 0 and runs[at - 1][0] < 0 and _leads(reading, runs[at - 1]):
            before = runs[at - 2][0] if at > 1 and follows(reading, runs[at - 2][0], runs[at - 1][1]) else -1
            left = Frame(runs[at - 1][1], runs[at - 1][2], before, quotation, number)
        elif at == 0 and number > 0:
            left = _from_line_before(reading, number)
        if at + 1 < len(runs) and runs[at + 1][0] < 0 and follows(reading, quotation, runs[at + 1][1]):
            more = at + 2 < len(runs) and _leads(reading, runs[at + 1])
            right = Frame(
                runs[at + 1][1], runs[at + 1][2], quotation, runs[at + 2][0] if more else -1, number
            )
        found.append(Framed(quotation, first, end, number, left, right))
    return found


def _breaks(reading: Reading, place: int) -> bool:
    """Whether a sentence begins at an unquoted word; neither a colon nor a dash behind a mark ends one."""
    before = place - 1
    if reading.sentence[place] == reading.sentence[before] or reading.words[before].text == ":":
        return False
    return not (reading.words[before].text in _DASHES and reading.quoted[before - 1] >= 0)


def _leads(reading: Reading, run: tuple[int, int, int]) -> bool:
    """Whether the words before a quotation belong to its sentence."""
    last = reading.words[run[2] - 1].text
    return not last.endswith(_ENDS) or _is_abbreviation(last)


def _is_abbreviation(text: str) -> bool:
    return text.endswith(".") and len(text) > 1 and text[0].isalpha()


def _from_line_before(reading: Reading, number: int) -> Frame | None:
    """A line that ends in a colon leads into the next one."""
    words = reading.paragraphs[number - 1]
    last = words[-1]
    if reading.words[last].text != ":" and not reading.words[last].text.endswith(":"):
        return None
    first = last
    while (
        first - 1 >= words.start
        and reading.quoted[first - 1] < 0
        and not (
            reading.sentence[first - 1] != reading.sentence[first] and reading.words[first - 1].text != ":"
        )
    ):
        first -= 1
    return Frame(first, last + 1, -1, -1, number - 1)


def follows(reading: Reading, quotation: int, place: int) -> bool:
    """Whether the sentence of a quotation goes on at `place`, the first word after it."""
    if quotation < 0:
        return False
    mark = reading.quotations[quotation]
    inner = mark.inner.of(reading.text)
    word = reading.words[place].text
    if word in _COMMAS:
        return True
    if word[0] in ".!?:)":
        return False
    if inner.endswith((",", "–", "—", ",'", ",’")):
        return True
    if word[0].islower():
        return True
    if inner.endswith(_ENDS):
        if _is_tag(reading, place):
            return True
        return inner.endswith(("!", "?", "…", "...")) or reading.words[place].upos == "VERB"
    return not reading.is_punct(place)


def _is_tag(reading: Reading, first: int) -> bool:
    """Whether a short sentence is nothing but somebody and a verb of saying: `“….” Weber said.`"""
    for place in range(first, min(first + MAX_TAG, len(reading.words))):
        if reading.quoted[place] >= 0 or reading.paragraph[place] != reading.paragraph[first]:
            return False
        if reading.words[place].text == ".":
            return place > first and lemma_in(reading, place - 1, "say")
    return False
