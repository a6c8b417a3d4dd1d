"""A quote inside its passage, cut into pieces that say what they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from quotetrack.plugin.archive import Row
from quotetrack.types import Span

Part = Literal["", "content", "cue", "source"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the passage: part of the content, cue or source, or "" for the text around them."""

    text: str
    part: Part


@dataclass(frozen=True, slots=True)
class Spans:
    """Where a quote's parts stand in the article, in code points."""

    content: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()


def read_spans(text: str | None) -> Spans:
    """Parse `occurrences.spans`; malformed ones are left out."""
    try:
        raw = json.loads(text or "{}")
    except ValueError:
        raw = {}
    return Spans(*(_spans(raw.get(name) if isinstance(raw, dict) else None) for name in Spans.__slots__))


def _spans(raw: object) -> tuple[Span, ...]:
    pairs = [pair for pair in raw if _is_pair(pair)] if isinstance(raw, list) else []
    return tuple(sorted(Span(start, end) for start, end in pairs))


def _is_pair(pair: object) -> bool:
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(at, int) for at in pair)
        and 0 <= pair[0] < pair[1]
    )


def pieces(row: Row) -> list[Piece]:
    """The passage of an occurrence row: before, content with cue and source, after."""
    spans = read_spans(row["spans"])
    before, quoted, after = row["passage_before"], row["quoted"], row["passage_after"]
    if not spans.content or len(quoted) != spans.content[-1].end - spans.content[0].start:
        plain = [Piece(before, ""), Piece(row["content"], "content"), Piece(after, "")]
        return [piece for piece in plain if piece.text]
    text = before + quoted + after
    origin = spans.content[0].start - len(before)
    parts: list[Part] = [""] * len(text)
    marked: list[tuple[Part, tuple[Span, ...]]] = [
        ("source", spans.source),
        ("cue", spans.cue),
        ("content", spans.content),
    ]
    for part, found in marked:
        for span in found:
            for at in range(max(span.start - origin, 0), min(span.end - origin, len(text))):
                parts[at] = part
    for at in range(len(text)):
        if text[at] == "\n":
            _unmark_line_break(text, parts, at)
    return [
        Piece("".join(char for char, _ in run), part)
        for part, run in groupby(zip(text, parts, strict=True), key=lambda pair: pair[1])
    ]


def _unmark_line_break(text: str, parts: list[Part], at: int) -> None:
    """Take the mark off a line break and the blanks beside it: it would be drawn as an empty bar."""
    parts[at] = ""
    for step in (-1, 1):
        beside = at + step
        while 0 <= beside < len(text) and text[beside].isspace() and text[beside] != "\n":
            parts[beside] = ""
            beside += step
