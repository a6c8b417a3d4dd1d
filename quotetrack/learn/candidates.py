"""More attributions than the rules keep: the same rules with every word as a cue where lists decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from quotetrack.languages import Pack
from quotetrack.types import Quote, Span

OPEN = ("object", "infinitive", "noun", "adjective")  # classes of cues that no list can hold


class _AnyWord(frozenset[str]):
    """A class of cues that holds every word."""

    def __contains__(self, word: object) -> bool:
        return True


def generous(pack: Pack) -> Pack:
    """A pack whose open classes of cues hold every word; classes that a language leaves empty stay so."""
    opened = {name: _AnyWord(pack.cues[name]) for name in OPEN if pack.cues.get(name)}
    return replace(pack, cues={**pack.cues, **opened})


def candidates(kept: Iterable[Quote], proposed: Iterable[Quote]) -> list[Quote]:
    """The quotes that the rules keep, and of those that the generous rules propose the ones with a cue and
    a content of their own. In reading order."""
    quotes = list(kept)
    cues = {span for quote in quotes for span in quote.cue}
    contents = {quote.content for quote in quotes}
    for quote in proposed:
        if quote.content in contents or not quote.cue or _touches(quote.cue, cues):
            continue
        quotes.append(replace(quote, rule=f"{quote.rule}/proposed"))
    return sorted(quotes, key=lambda quote: (quote.content[0].start, -quote.content[-1].end, quote.rule))


def _touches(cue: tuple[Span, ...], cues: set[Span]) -> bool:
    return any(one in cues or any(one.overlaps(other) for other in cues) for one in cue)
