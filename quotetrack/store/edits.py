"""What became of the quotes of an article whose outlet changed its text. Pure.

A quote whose words still stand is the same one, found again or not; one whose words are gone may have
another in its place, which says nearly the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from rapidfuzz.distance import Indel, LCSseq

from quotetrack.types import Quote, Span

# Two wordings are one quote, edited, from this likeness of their words on (0 to 1), or when the shorter one
# is a cut of the longer to this share. Other quotes of one article share a fifth to a third of their words.
EDITED = 0.5
CUT, CUT_WORDS = 0.7, 4
INTERRUPTION = 300  # code points that a cue between two parts of a quote takes at most


def replacements(earlier: Sequence[str], later: Sequence[str]) -> dict[int, int]:
    """Which of the later quotes stands in the place of which earlier one, by index: the likest first.

    No quote replaces two, none is replaced by two. O(earlier * later).
    """
    words = [[text.casefold().split() for text in side] for side in (earlier, later)]
    pairs = sorted(
        (-_likeness(before, after), i, j)
        for i, before in enumerate(words[0])
        for j, after in enumerate(words[1])
        if _likeness(before, after)
    )
    found: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in found and j not in found.values():
            found[i] = j
    return found


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    """0 for two quotes that have nothing to do with each other."""
    alike = Indel.normalized_similarity(before, after)
    common = LCSseq.similarity(before, after)
    is_cut = common >= CUT_WORDS and common >= CUT * min(len(before), len(after))
    return alike if alike >= EDITED or is_cut else 0.0


def overlooked(former: Quote, was: str, text: str, found: Collection[Quote]) -> Quote | None:
    """A quote of the former text `was` whose words stand in `text` outside all quotes found there; at its
    new place, without the spans of its source and cue. None where its words are gone or quoted otherwise.
    """
    content: list[Span] = []
    for part in former.content:
        words = part.of(was)
        at = text.find(words, content[-1].end if content else 0)
        if at < 0 or (content and at - content[-1].end > INTERRUPTION):
            return None
        content.append(Span(at, at + len(words)))
    if any(part.overlaps(other) for quote in found for other in quote.content for part in content):
        return None
    speaker, affiliation = former.speaker, former.affiliation
    return replace(
        former,
        content=tuple(content),
        cue=(),
        source=(),
        speaker=replace(speaker, mention=None) if speaker else None,
        affiliation=replace(affiliation, evidence=None) if affiliation else None,
    )
