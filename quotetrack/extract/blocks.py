"""Words that stand apart: block quotes (lines behind `>`) and posts of a network with who wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotetrack.extract.beside import cue_before
from quotetrack.extract.found import Found
from quotetrack.extract.frames import Frame, Framed
from quotetrack.extract.reading import Reading
from quotetrack.types import Span

_MARK = ">"
_DASH = re.compile(r"\s*[–—―]\s*|\s*-{1,2}\s+")
_POSTED = re.compile(r"(?:^|(?<=\s))(?:[–—―]|--?)\s*(?P<name>[^\n()@–—―]{1,60}?)\s*\(@\w{1,30}\)[^\n]{0,40}$")
_LINKS = re.compile(r"(?:\s*(?:https?://|pic\.twitter\.com/|t\.co/)\S+)+\s*$")
MAX_SIGNED = 10  # words behind a dash that may say whose words a block holds


def blocks(reading: Reading) -> list[Found]:
    """What stands apart as somebody's words, without marks of quotation: block quotes, whose source the line
    before them (`Weber wrote:`) or a dash at their end names, and posts (`… — Anna Weber (@aw) May 4, 2025`).
    """
    return [*_block_quotes(reading), *_posts(reading)]


def _block_quotes(reading: Reading) -> Iterator[Found]:
    for lines in _blocks(reading):
        signed: tuple[int, ...] = ()
        content = tuple(span for line in lines if (span := _behind(reading, line)) is not None)
        dash = _DASH.match(content[-1].of(reading.text)) if len(content) > 1 else None
        if dash is not None and dash.end() < len(content[-1]):
            name = reading.within(Span(content[-1].start + dash.end(), content[-1].end))
            if 0 < len(name) <= MAX_SIGNED:
                signed, content = tuple(name), content[:-1]
        words = [place for span in content for place in reading.within(span)]
        if not words or sum(reading.quoted[place] >= 0 for place in words) * 2 > len(words):
            continue  # in marks besides: found by them
        if signed:
            yield Found("direct/block", content, (), signed)
            continue
        cue = _cue_above(reading, lines[0])
        yield Found("direct/block", content, cue[0], cue[1]) if cue else Found("direct/block", content)


def _blocks(reading: Reading) -> Iterator[list[int]]:
    """Numbers of neighbouring lines that begin with the mark of a block quote."""
    block: list[int] = []
    for number, words in enumerate(reading.paragraphs):
        if reading.words[words.start].text.startswith(_MARK):
            block.append(number)
            continue
        if block:
            yield block
        block = []
    if block:
        yield block


def _behind(reading: Reading, number: int) -> Span | None:
    """A line without the marks of block quotes that it begins with; None where nothing is left of it."""
    words = reading.paragraphs[number]
    start, end = reading.words[words.start].span.start, reading.words[words.stop - 1].span.end
    while start < end and (reading.text[start] == _MARK or reading.text[start].isspace()):
        start += 1
    return Span(start, end) if start < end else None


def _cue_above(reading: Reading, number: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The cue and source of the line that leads to a block with a colon."""
    if number == 0:
        return None
    above = reading.paragraphs[number - 1]
    if not reading.words[above.stop - 1].text.endswith(":"):
        return None
    first = max(above.start, reading.sentences[reading.sentence[above.stop - 1]].start)
    inside = reading.paragraphs[number]
    frame = Frame(first, above.stop, -1, -1, number - 1)
    cue = cue_before(reading, Framed(-1, inside.start, inside.stop, number, frame, None))
    return (cue.words, cue.source) if cue is not None else None


def _posts(reading: Reading) -> Iterator[Found]:
    for number, words in enumerate(reading.paragraphs):
        start = reading.words[words.start].span.start
        line = Span(start, reading.words[words.stop - 1].span.end)
        posted = _POSTED.search(line.of(reading.text))
        if posted is None:
            continue
        if any(character.isalnum() for character in line.of(reading.text)[: posted.start()]):
            before: Span | None = Span(start, start + posted.start())
        else:
            before = _behind(reading, number - 1) if number else None
        if before is None:
            continue
        linked = _LINKS.search(before.of(reading.text))
        if linked is not None:
            if linked.start() == 0:
                continue
            before = Span(before.start, before.start + linked.start())
        name = tuple(reading.within(Span(start + posted.start("name"), start + posted.end("name"))))
        said = before.of(reading.text).strip()
        marked = [n for n, one in enumerate(reading.quotations) if one.outer.of(reading.text) == said]
        marked = [n for n in marked if before.covers(reading.quotations[n].outer)]
        content = reading.quotations[marked[0]].inner if marked else before
        yield Found("direct/post", (content,), (), name, tuple(marked[:1]))
