"""Articles that reprint one another: wire copy with cuts, a new headline, an added paragraph.

Winnowing (Schleimer, Wilkerson, Aiken 2003): of the hashed runs of words the smallest in each window is kept,
so that any common passage of `RUN` + `WINDOW` - 1 words leaves a common key. For an archive:
`article_keys(key INTEGER, article, PRIMARY KEY (key, article))`; candidates are the articles that share the
most keys; the earliest published of those for which `is_reprint` holds is the original.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from quotetrack.cluster.normalise import fold

#: Words in a run, and runs in a window of which one is kept.
RUN, WINDOW = 6, 8
#: Share of the smaller article's keys found in the other from which on it is a reprint. Two reports of one
#: event that quote the same statements share up to a third; reprints cut to half share nearly all.
CONTAINMENT = 0.55
#: Articles with fewer keys are too short to tell.
KEYS_AT_LEAST = 5

_WORD = re.compile(r"\w+")


def article_keys(text: str) -> frozenset[int]:
    """Keys (below 2**63) of an article's text, about one for every `WINDOW`/2 words. O(words)."""
    words = _WORD.findall(fold(text).casefold())
    runs = [
        int.from_bytes(
            blake2b(" ".join(words[i : i + RUN]).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        )
        >> 1
        for i in range(len(words) - RUN + 1)
    ]
    return frozenset(min(runs[i : i + WINDOW]) for i in range(max(1, len(runs) - WINDOW + 1)) if runs)


def containment(a: frozenset[int], b: frozenset[int]) -> float:
    """Share of the smaller set that is in the other, 0 to 1; 0 where one has too few keys to tell."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller >= KEYS_AT_LEAST else 0.0


def is_reprint(a: frozenset[int], b: frozenset[int]) -> bool:
    """Whether two articles are one text: the smaller is contained in the other. Symmetric."""
    return containment(a, b) >= CONTAINMENT
