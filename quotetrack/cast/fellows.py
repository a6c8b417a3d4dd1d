"""Colleagues in a party: `seine Parteifreundin Weber` is of the party of whom the text named just before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quotetrack.cast.fronted import REACH, Introduction
from quotetrack.cast.people import Figure
from quotetrack.cast.words import Words
from quotetrack.lexicon import Lexicon

REACH_BACK = 80  # words between a colleague and the one whose party it is: a paragraph or two


def fellowships(
    words: Words,
    figures: Sequence[Figure],
    at: Mapping[int, Figure],
    introductions: Sequence[Sequence[Introduction]],
    lexicon: Lexicon,
) -> list[list[Introduction]]:
    """By a person's number: the party that a name in this text has by a colleague's (`Weber (SPD) … Ihr
    Parteifreund Kern`), where the person named last within REACH_BACK words before it has one.

    at: word index -> the person whose name covers it; introductions: by a person's number.
    """
    found: list[list[Introduction]] = [[] for _ in figures]
    for figure in figures if lexicon.words("party_fellows") else ():
        for name in figure.names:
            head = _fellow(words, name.start, at, lexicon)
            near = range(head - 1, max(-1, head - REACH_BACK), -1) if head else range(0)
            other = next((at[i] for i in near if i in at), None)
            if head and other and other is not figure:
                party = next(
                    (i.organisation for i in introductions[other.number] if _of_party(i, lexicon)), None
                )
                if party:
                    found[figure.number].append(
                        Introduction(head, name.end, "colleague", organisation=party, party=True)
                    )
    return found


def _fellow(words: Words, start: int, at: Mapping[int, Figure], lexicon: Lexicon) -> int | None:
    """Where the word for a colleague stands in front of a name, in its sentence with nobody named between."""
    items = words.items
    for index in range(start - 1, max(-1, start - REACH), -1):
        if index in at or items[index].sentence != items[start].sentence:
            return None
        if items[index].low in lexicon.words("party_fellows"):
            return index
    return None


def _of_party(introduction: Introduction, lexicon: Lexicon) -> bool:
    """Whether an introduction names a party, by a list or by a word of its own name (`Nordpartei`)."""
    if introduction.party or introduction.organisation is None:
        return introduction.party
    return any(lexicon.tail("party_words", word) for word in introduction.organisation.casefold().split())
