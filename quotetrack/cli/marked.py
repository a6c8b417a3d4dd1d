"""An article with its quotes marked, for a person who wants to see why each was attributed so."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.types import Article, Quote, Silence, Span


def marked_article(article: Article, quotes: Sequence[Quote], silences: Sequence[Silence] = ()) -> str:
    """The text with ⟦content⟧, <cue> and {source} marked, then a line a quote: speaker, rule, offsets; and
    one for each that is told to have said nothing."""
    marks: list[tuple[int, int, str]] = []  # place, order at one place, mark
    for number, quote in enumerate(quotes, 1):
        for span in quote.content:
            marks += [(span.start, 3, f"⟦{number} "), (span.end, 1, "⟧")]
        for opening, closing, spans in (("<", ">", quote.cue), ("{", "}", quote.source)):
            for span in spans:
                marks += [(span.start, 2, opening), (span.end, 0, closing)]
    pieces, at = [], 0
    for place, _, mark in sorted(set(marks)):
        pieces += [article.text[at:place], mark]
        at = place
    pieces.append(article.text[at:])
    heading = f"── {article.title or article.doc_id or article.origin}"
    lines = [_line(number, quote) for number, quote in enumerate(quotes, 1)]
    lines += [_silence(article.text, silence) for silence in silences]
    return "\n".join([heading, "".join(pieces), "", *lines, ""])


def _line(number: int, quote: Quote) -> str:
    speaker = quote.speaker.name if quote.speaker else "unknown"
    if quote.affiliation:
        said = ", ".join(part for part in (quote.affiliation.role, quote.affiliation.organisation) if part)
        speaker += f" ({said})"
    how = f" by {quote.speaker.rule}" if quote.speaker and quote.speaker.rule else ""
    return (
        f"  {number}. {speaker}{how} · {quote.type} · {quote.rule} · "
        f"confidence {quote.confidence:.2f} · characters {_places(quote.content)}"
    )


def _silence(text: str, silence: Silence) -> str:
    who, told = (" … ".join(span.of(text) for span in spans) for spans in (silence.source, silence.cue))
    return f"  no quote: {who} · {silence.rule} · {told} · characters {_places(silence.cue)}"


def _places(spans: Sequence[Span]) -> str:
    return " + ".join(f"{span.start}–{span.end}" for span in spans)
