"""Texts with their quotes marked: ⟦the source⟧ said ⟨the content⟩; several of each in one text.

All people and bodies are invented.
"""

from __future__ import annotations

import re

from quotetrack.types import Quote, Span

_MARK = re.compile(r"[⟦⟧⟨⟩]")


def unmark(marked: str) -> tuple[str, list[Quote]]:
    """The text without its marks, and its quotes: the n-th source belongs to the n-th content."""
    text, sources, contents, opened = "", [], [], 0
    last = 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        last = mark.end()
        if mark.group() in "⟦⟨":
            opened = len(text)
        else:
            (sources if mark.group() == "⟧" else contents).append(Span(opened, len(text)))
    text += marked[last:]
    assert len(sources) == len(contents), "one source a content"
    return text, [
        Quote("indirect", (content,), source=(source,))
        for source, content in zip(sources, contents, strict=True)
    ]
