"""Who speaks where no model has read the text: names as they are written, surnames to their fullest form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotetrack.languages import Pack
from quotetrack.types import Person, Quote, Span


def resolve_marked(quotes: Sequence[Quote], text: str, pack: Pack) -> list[Quote]:
    """Fill in the speaker of quotes that were found by marks alone, in the order given.

    A source that ends with the last word of a longer one means the same person (`Weber`, `Anna Weber`);
    where two longer ones fit, and for pronouns, the speaker stays None.
    """
    written = {span.of(text): span for quote in quotes for span in quote.source}
    names = [name for name in written if name.casefold() not in pack.pronouns]
    return [replace(quote, speaker=_speaker(quote, text, names, written)) for quote in quotes]


def _speaker(quote: Quote, text: str, names: Sequence[str], written: dict[str, Span]) -> Person | None:
    name = quote.source[0].of(text) if quote.source else ""
    if name not in names:
        return None
    fuller = [other for other in names if other.endswith(f" {name}")]
    if len(fuller) > 1:
        return None
    whole = fuller[0] if fuller else name
    return Person(whole, "person", written[whole], "short name" if fuller else "full name")
