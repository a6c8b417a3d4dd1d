"""What the name finder says, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.cast.words import Words
from quotetrack.types import Mention


@dataclass(frozen=True, slots=True)
class Labels:
    """What the name finder says of each word: "", "person", "organisation", "place" or "other"."""

    kinds: tuple[str, ...]
    ranges: tuple[tuple[int, int, str], ...]

    def at(self, index: int) -> str:
        return self.kinds[index] if 0 <= index < len(self.kinds) else ""

    def ends(self, kind: str, index: int) -> list[int]:
        """Where the names of a kind end that a word stands in; most words stand in none."""
        if not self.at(index):
            return []
        return [end for start, end, own in self.ranges if own == kind and start <= index < end]


def label(words: Words, mentions: Sequence[Mention]) -> Labels:
    """Bring the name finder's mentions to words."""
    kinds = [""] * len(words.items)
    ranges: list[tuple[int, int, str]] = []
    for mention in mentions:
        found = words.within(mention.span)
        if len(found) == 0:
            continue
        ranges.append((found.start, found.stop, mention.kind))
        for index in found:
            kinds[index] = kinds[index] or mention.kind
    return Labels(tuple(kinds), tuple(ranges))
