"""Which languages the paragraphs of a text are in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

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
    told = [_told(span.of(text)) for span in paragraphs] if len(paragraphs) > 1 else []
    own = _agreed(text, paragraphs, told) or identify_language(text)
    if own == UNDECIDED:  # an even mixture
        own = _commonest(paragraphs, told)
    whole = [(Span(0, len(text)), own)]
    if own == UNDECIDED or set(told) <= {own, None, UNDECIDED}:
        return whole
    runs: list[tuple[str, list[Span]]] = []
    for span, certain in zip(paragraphs, told, strict=True):
        code = own if certain == UNDECIDED else certain
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


def _agreed(text: str, paragraphs: Sequence[Span], told: Sequence[str | None]) -> str | None:
    """The only language that paragraphs are in for certain, where those are most of the text."""
    certain = [
        (span, code) for span, code in zip(paragraphs, told, strict=False) if code not in (None, UNDECIDED)
    ]
    alone = len({code for _, code in certain}) == 1
    return certain[0][1] if alone and 2 * sum(len(span) for span, _ in certain) >= len(text) else None


def _told(paragraph: str) -> str | None:
    """The language of a paragraph where it is certain, "und" where not; None for one too short."""
    if sum(map(str.isalpha, paragraph)) < MIN_PARAGRAPH:
        return None
    code, share = language_share(paragraph)
    return code if share >= CERTAIN else UNDECIDED


def _commonest(paragraphs: Sequence[Span], told: Sequence[str | None]) -> str:
    """The language of most of the paragraphs whose language is certain; "und" without any."""
    letters: Counter[str] = Counter()
    for span, code in zip(paragraphs, told, strict=False):
        if code is not None and code != UNDECIDED:
            letters[code] += len(span)
    return max(letters, key=lambda code: letters[code], default=UNDECIDED)


def _letters(text: str, spans: list[Span]) -> int:
    return sum(sum(map(str.isalpha, span.of(text))) for span in spans)
