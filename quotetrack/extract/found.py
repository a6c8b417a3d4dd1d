"""What the rules hand on: an attribution in words, before it becomes a Quote in characters."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.types import Span


@dataclass(frozen=True, slots=True)
class Found:
    """An attribution found by one rule.

    content: spans of characters, not yet trimmed; cue, source: places of words in the reading.
    quotations: numbers of the quotations that are its content as a whole.
    """

    rule: str
    content: tuple[Span, ...]
    cue: tuple[int, ...] = ()
    source: tuple[int, ...] = ()
    quotations: tuple[int, ...] = ()
