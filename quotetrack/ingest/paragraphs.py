"""Which languages the paragraphs of a text are in."""

from __future__ import annotations

import re
from collections import Counter

from quotetrack.ingest.language import UNDECIDED, identify_language, language_share
from quotetrack.types import Span

MIN_RUN = 200
"""Letters that neighbouring paragraphs of another language need together to count as such; a quotation in
a foreign language, a title or a list of names stays below it."""

MIN_PARAGRAPH = 60
"""Letters from which a paragraph is looked at by itself; a shorter one goes with its neighbours."""

CERTAIN = 0.99
"""Probability (0 to 1) of the other language, and of the text's own the complement, that a paragraph needs.
Measured on the development corpora: none of their German and English articles is called mixed."""

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")


def languages_of(text: str) -> list[tuple[Span, str]]:
    """The stretches of `text` by language, in order: spans that follow each other and cover all of it.

    Returns one span with the language of the whole ("und" when undecidable) unless neighbouring paragraphs
    in another language hold MIN_RUN letters; then each such run of paragraphs is a span of its own. Empty
    for a text without words. Pure but for the model, which is loaded on the first call.
    """
    if not text.strip():
        return []
    paragraphs = [Span(match.start(), match.end()) for match in _PARAGRAPH.finditer(text)]
    own = identify_language(text)
    if own == UNDECIDED:  # an even mixture
        own = _commonest([span.of(text) for span in paragraphs])
    whole = [(Span(0, len(text)), own)]
    if own == UNDECIDED or len(paragraphs) < 2:
        return whole
    runs: list[tuple[str, list[Span]]] = []
    for span in paragraphs:
        code = _told(span.of(text), own)
        if code is None:
            code = runs[-1][0] if runs else own
        if runs and runs[-1][0] == code:
            runs[-1][1].append(span)
        else:
            runs.append((code, [span]))
    enough = [(code if _letters(text, spans) >= MIN_RUN else own, spans) for code, spans in runs]
    merged: list[tuple[Span, str]] = []
    for code, spans in enough:
        start = merged[-1][0].end if merged else 0
        if merged and merged[-1][1] == code:
            merged[-1] = (Span(merged[-1][0].start, spans[-1].end), code)
        else:
            merged.append((Span(start, spans[-1].end), code))
    last, code = merged[-1]
    merged[-1] = (Span(last.start, len(text)), code)
    return merged


def _told(paragraph: str, own: str) -> str | None:
    """The language of a paragraph where it is certain, else the text's own; None for one too short."""
    if sum(ch.isalpha() for ch in paragraph) < MIN_PARAGRAPH:
        return None
    code, share = language_share(paragraph)
    return code if code != own and share >= CERTAIN else own


def _commonest(paragraphs: list[str]) -> str:
    """The language of most letters in paragraphs whose language is certain; "und" without any."""
    letters: Counter[str] = Counter()
    for paragraph in paragraphs:
        code = _told(paragraph, UNDECIDED)
        if code is not None and code != UNDECIDED:
            letters[code] += len(paragraph)
    return max(letters, key=lambda code: letters[code], default=UNDECIDED)


def _letters(text: str, spans: list[Span]) -> int:
    return sum(ch.isalpha() for span in spans for ch in span.of(text))
