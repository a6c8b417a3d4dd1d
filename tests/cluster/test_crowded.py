"""More texts under one key than are all compared with all: the order of arrival still changes nothing.

Texts that share crowded keys only, and are not among the longest, are compared or not as they arrive; but
variants of one statement share others.
"""

import random
from collections.abc import Iterator

import pytest

from quotetrack.cluster import cluster
from quotetrack.cluster.blocking import GROUP_AT_MOST
from quotetrack.types import Occurrence

from .test_incremental import MemoryArchive

OPENING = "As I told the harbour assembly of Kestria"
_LETTERS = random.Random(1)
VOCABULARY = ["".join(_LETTERS.choices("abcdefghiklmnoprstuvwz", k=8)) for _ in range(405)]


def one_opening(seed: int) -> Iterator[Occurrence]:
    """Forty-five statements with the same opening, each whole, cut and with a slip."""
    chance = random.Random(seed)
    vocabulary = chance.sample(VOCABULARY, len(VOCABULARY))
    for n in range(45):
        words = f"{OPENING} {' '.join(vocabulary[9 * n : 9 * n + 9])}".split()
        slipped = [word if k != 9 else word[:-1] for k, word in enumerate(words)]
        for uid, text in (("a", words), ("b", words[:-3]), ("c", slipped)):
            day = f"2025-03-{4 + n % 20:02}"
            yield Occurrence(
                f"{n:02}{uid}", " ".join(text), speaker="Mila Torn", published=day, language="en"
            )


def one_statement(seed: int) -> Iterator[Occurrence]:
    """One statement in seventy cuts."""
    chance = random.Random(seed)
    words = f"{OPENING} {' '.join(chance.choices(VOCABULARY, k=22))}".split()
    cuts = {(start, end) for start in range(4) for end in range(12, len(words) + 1)}
    for n, (start, end) in enumerate(sorted(cuts)[:70]):
        text = " ".join(words[start:end])
        yield Occurrence(f"{n:02}", text, speaker="Mila Torn", published="2025-03-04", language="en")


@pytest.mark.parametrize("made", [one_opening, one_statement])
@pytest.mark.parametrize("seed", range(2))
def test_in_any_order_at_once_and_bit_by_bit(made, seed: int) -> None:
    occurrences = list(made(seed))
    assert len(occurrences) > GROUP_AT_MOST
    expected = cluster(occurrences).groups
    assert len(expected) == (45 if made is one_opening else 1)
    random.Random(seed).shuffle(occurrences)
    assert cluster(occurrences).groups == expected
    archive = MemoryArchive()
    for n in range(0, len(occurrences), 7):
        archive.add_articles(occurrences[n : n + 7])
    assert archive.groups_of_all() == expected
