"""Lines of printed pages → paragraphs: furniture dropped, lines joined, divided words put together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from quotetrack.ingest.lists import lists

EDGE_LINES = 3
"""Lines at the top and at the bottom of a page among which headers, footers and page numbers are sought."""

REPEATED = 0.4
"""Share of pages, two at least, on which such a line must stand; left pages may differ from right ones."""

GAP = 1.35
"""Usual distances between lines from which a distance parts paragraphs. Set on printed press releases."""

INDENT = 0.8
"""Font sizes by which a first line is indented."""

SHORT = 0.2
"""Share of the column's width that a paragraph's last line leaves free, where no other sign parts it."""

COLUMN = 60.0
"""Points; lines that begin in the same strip of this width belong to one column."""

SIZE = 0.15
"""Relative difference of font sizes that parts a headline from its text."""

_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"[•▪◦●‣*–—-]\s")
_DIVIDED = re.compile(r"[^\W\d_][-‐‑\u00ad]\Z")
_ENDED = re.compile(r"[.!?…:][\"'“”»«›‹’)\]]*\Z")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. left, right, baseline: points from the lower left corner; size: of its font."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


def article_text(pages: Sequence[Sequence[Line]]) -> str:
    """The paragraphs of a document, apart by an empty line."""
    body = without_furniture(pages)
    words = Counter(word for page in body for line in page for word in _WORD.findall(line.text)[1:-1])
    paragraphs: list[list[str]] = []
    last: Line | None = None
    free = 0.0
    for page in body:
        leading, edges = _leading(page), _edges(page)
        for number, line in enumerate(page):
            if last is None or _parts(last, line, leading if number else None, free):
                paragraphs.append([])
            paragraphs[-1].append(line.text)
            last, free = line, _free(line, edges)
    return "\n\n".join(_joined(lines, words) for lines in paragraphs)


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without running headers, footers and page numbers.

    Those are edge lines that stand at the same height on several pages, their numbers aside.
    """
    edges = [{_furniture_key(line): line for line in _edge(page)} for page in pages]
    seen = Counter(key for page in edges for key in page)
    needed = max(2, REPEATED * len(pages))
    dropped = [{line for key, line in page.items() if seen[key] >= needed} for page in edges]
    return [[line for line in page if line not in gone] for page, gone in zip(pages, dropped, strict=True)]


def _edge(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: line.baseline)
    return by_height if len(page) <= 2 * EDGE_LINES else by_height[:EDGE_LINES] + by_height[-EDGE_LINES:]


def _furniture_key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text).casefold(), round(line.baseline / 4)


def _leading(page: Sequence[Line]) -> float:
    """The usual distance between two lines of a page; 0 where it has none."""
    gaps = [
        gap
        for before, line in pairwise(page)
        if 0.8 * line.size <= (gap := before.baseline - line.baseline) <= 2.5 * line.size
    ]
    return median(gaps) if gaps else 0.0


def _edges(page: Sequence[Line]) -> dict[int, float]:
    """Where the lines end that begin in each strip of COLUMN points of a page; the longest may run over."""
    ends: dict[int, list[float]] = defaultdict(list)
    for line in page:
        ends[int(line.left // COLUMN)].append(line.right)
    return {strip: sorted(found)[len(found) * 3 // 4] for strip, found in ends.items()}


def _free(line: Line, edges: Mapping[int, float]) -> float:
    """The share (0 to 1) of its column's width that a line leaves free at its end."""
    edge = edges[int(line.left // COLUMN)]
    return (edge - line.right) / (edge - line.left) if edge > line.left else 0.0


def _parts(last: Line, line: Line, leading: float | None, free: float) -> bool:
    """Whether `line` begins a paragraph after `last`.

    leading: the page's usual distance between lines, None for a page's first line; free: see `_free`, of
    `last`.
    """
    if abs(line.size - last.size) > SIZE * max(line.size, last.size, 1.0):
        return True
    divided = bool(_DIVIDED.search(last.text))
    if leading is None or line.baseline > last.baseline + line.size:  # a new page or column
        return bool(_ENDED.search(last.text)) or not (divided or line.text[:1].islower() or free <= SHORT)
    if last.baseline - line.baseline > GAP * (leading or 1.2 * line.size):
        return True
    if _BULLET.match(line.text):
        return True
    if INDENT * line.size < line.left - last.left < 6 * line.size and not divided:
        return True
    return free > SHORT and bool(_ENDED.search(last.text))


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        text = _join(text, line, words)
    return text


def _join(text: str, line: str, words: Counter[str]) -> str:
    """Two lines as one. words: how often each one, hyphens included, stands within a line."""
    if not _DIVIDED.search(text):
        return f"{text} {line}"
    if not line[:1].islower():
        return text + line  # "Nord-" + "Korea", "Covid-" + "19"
    head = _WORD.findall(text.rstrip("-‐‑\u00ad"))[-1]
    tail = _WORD.findall(line)[0]
    if tail in lists().suspended:
        return f"{text} {line}"  # "Ein-" + "und Ausfuhr"
    if words[f"{head}-{tail}"] > words[head + tail]:
        return text + line
    return text[:-1] + line
