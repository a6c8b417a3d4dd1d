"""What the name finder says, word by word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.cast.words import Words
from quotetrack.lexicon import Lexicon
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


def label(words: Words, mentions: Sequence[Mention], lexicon: Lexicon) -> Labels:
    """Bring the name finder's mentions to words. A name of several words that it took for different things
    is what it took it for most often in the article; of two as frequent each stays. A person's name that
    ends in a body's noun is the body's (`Robert Koch-Institut`)."""
    placed = [_placed(words, mention, lexicon) for mention in mentions if words.within(mention.span)]
    votes: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for found, kind in placed:
        votes[_name(words, found)][kind] += 1
    kinds = [""] * len(words.items)
    ranges: list[tuple[int, int, str]] = []
    for found, own in placed:
        kind = _elected(votes[_name(words, found)], own) if len(found) > 1 else own
        ranges.append((found.start, found.stop, kind))
        for index in found:
            kinds[index] = kinds[index] or kind
    return Labels(tuple(kinds), tuple(ranges))


def _placed(words: Words, mention: Mention, lexicon: Lexicon) -> tuple[range, str]:
    """The words of a mention and its kind; a body's noun at the end of its last word makes it a body, and
    a business noun behind other words (`Seebrück Harbour Lines`) makes a place one."""
    found = words.within(mention.span)
    last = words.items[found[-1]].low
    if mention.kind == "place" and len(found) > 1 and last in lexicon.words("businesses"):
        return found, "organisation"
    _, hyphen, noun = last.rpartition("-")
    if mention.kind != "person" or not hyphen or not lexicon.nouns_capital:
        return found, mention.kind
    body = lexicon.tail("organisation_heads", noun) == noun and not lexicon.tail("no_bodies", noun)
    return found, "organisation" if body else mention.kind


def _name(words: Words, found: range) -> tuple[str, ...]:
    return tuple(words.items[index].low for index in found)


def _elected(votes: Counter[str], own: str) -> str:
    """The kind with the most votes; `own` where another has as many."""
    (first, most), *others = votes.most_common()
    return own if any(count == most for _, count in others) else first
