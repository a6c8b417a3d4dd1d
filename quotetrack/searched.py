"""What of a text is searched for quotes, and in which language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from quotetrack.ingest.boilerplate import not_searched
from quotetrack.ingest.paragraphs import languages_of
from quotetrack.types import Span


@dataclass(frozen=True, slots=True)
class Part:
    """A text's paragraphs in one language. text: all of it, the rest blanked, so that offsets hold."""

    language: str
    text: str


def parts_of(
    text: str, *, asked: str | None, said: str | None, readable: Callable[[str], bool]
) -> list[Part]:
    """The parts of a text by language, that of most of it first; notices of its outlet are blanked in all.

    asked: the language the user wants everything read in; said: the one the document names for itself.
    readable: whether a language can be read; paragraphs of others stay with the first part.
    """
    notices = not_searched(text)
    if asked:
        return [Part(asked, blanked(text, notices))]
    stretches = languages_of(text)
    lengths = Counter[str]()
    for span, code in stretches:
        lengths[code] += len(span)
    own = said or max(lengths, key=lambda code: lengths[code], default="und")
    others = [code for code in lengths if code != own and readable(code)] if len(lengths) > 1 else []
    kept = {code: [span for span, other in stretches if other != code] for code in others}
    elsewhere = [span for span, code in stretches if code in others]
    return [Part(own, blanked(text, [*notices, *elsewhere]))] + [
        Part(code, blanked(text, [*notices, *spans])) for code, spans in kept.items()
    ]


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with spaces instead of everything in `spans` but white space; as long as it was."""
    pieces, end = [], 0
    for span in sorted(spans):
        if span.end > end:
            start = max(span.start, end)
            pieces += [text[end:start], "".join(c if c.isspace() else " " for c in text[start : span.end])]
            end = span.end
    return "".join([*pieces, text[end:]])
