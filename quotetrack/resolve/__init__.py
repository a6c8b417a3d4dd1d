"""Who speaks: from the source of each quote to a person or an organisation of the article.

Names, surnames, titles, acronyms, definite descriptions and pronouns are followed inside one article.
What the text leaves open stays open: no speaker is better than a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotetrack.cast import Cast, read_cast
from quotetrack.languages import Pack
from quotetrack.resolve.marked import resolve_marked
from quotetrack.resolve.story import Story
from quotetrack.types import Annotation, Quote

__all__ = ["resolve", "resolve_marked"]


def resolve(
    annotation: Annotation, quotes: Sequence[Quote], pack: Pack, cast: Cast | None = None
) -> list[Quote]:
    """Fill in the speaker of every quote, in the order given.

    quotes: with spans of `annotation.text`; their `source` spans say where the speaker is named.
    A speaker that the text does not name ("ein Sprecher", "officials") stays None.
    cast: of this annotation and these sources, when it has been read already; what pronouns show of genders
    is counted into it.
    """
    cast = cast or read_cast(annotation, pack, [span for quote in quotes for span in quote.source])
    story = Story(cast, quotes)
    return [replace(quote, speaker=story.speaker(index)) for index, quote in enumerate(quotes)]
