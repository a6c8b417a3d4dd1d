"""The stretch of an article around a quote, for reading it in context and for finding it again. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.types import Span

CONTEXT = 240  # code points on each side, about three lines of print


@dataclass(frozen=True, slots=True)
class Passage:
    """before + within + after is a verbatim stretch of the text.

    within: from the content's first to its last code point, a cue that interrupts it included.
    """

    before: str
    within: str
    after: str


def passage(text: str, content: tuple[Span, ...], context: int = CONTEXT) -> Passage:
    """Up to `context` code points on each side, cut between words, never beyond the paragraph.

    A paragraph ends at a line break. A text without spaces is cut anywhere.
    """
    start, end = min(span.start for span in content), max(span.end for span in content)
    return Passage(_before(text, start, context), text[start:end], _after(text, end, context))


def _before(text: str, start: int, context: int) -> str:
    low = max(0, start - context)
    stretch = text[low:start]
    line = max(stretch.rfind("\n"), stretch.rfind("\u2029"))
    if line >= 0:
        return stretch[line + 1 :].lstrip()
    if low and not text[low - 1].isspace():
        stretch = _without_first_word(stretch)
    return stretch.lstrip()


def _after(text: str, end: int, context: int) -> str:
    high = min(len(text), end + context)
    stretch = text[end:high]
    lines = [at for mark in ("\n", "\u2029") if (at := stretch.find(mark)) >= 0]
    if lines:
        return stretch[: min(lines)].rstrip()
    if high < len(text) and not text[high].isspace():
        stretch = _without_first_word(stretch[::-1])[::-1]
    return stretch.rstrip()


def _without_first_word(stretch: str) -> str:
    """`stretch` from its first space on; whole when it has none."""
    at = next((index for index, ch in enumerate(stretch) if ch.isspace()), 0)
    return stretch[at:]
