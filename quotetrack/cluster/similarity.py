"""How much two forms have in common, as information.

The longest common subsequence of words (rapidfuzz, bit-parallel) aligns the two; runs that match count the
nats of their words, what stands between them is read word by word (`gaps`): typos, inflections and joined
words count in part, marked omissions and brackets do not count against, and a changed negation, number, name
or modality is a veto. Words that only one of the two has at an end are no contradiction: quotes are cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import LCSseq, Prefix

from quotetrack.cluster.gaps import NO_GAP, Gap, marked, read_gap
from quotetrack.cluster.normalise import Form
from quotetrack.cluster.rarity import may_be_alike

#: What a nat of words that differ costs when runs of matching words are joined to one stretch.
GAP_COST = 0.5
#: Least share of the shorter text's words, or else run of words, that is looked into at all.
#: With a run, still `LEAST_SHARE_WITH_RUN`: two long texts have a quarter of their words in order by chance.
LEAST_SHARE, LEAST_RUN, LEAST_SHARE_WITH_RUN = 0.5, 6, 0.35
#: Words on which two texts differ before and behind a common run, to the words of the run: beyond, too little
#: of what they say there is shared. Measured on three seeds of 20,000 generated quotes: changes nothing.
OPPOSED = 1.5
#: Cells (words by words) up to which two texts are aligned: 20 milliseconds; beyond, the longer is cut.
CELLS_AT_MOST = 4_000_000
#: Share of the nats of either text from which on what two have in common is all that they say.
WHOLE = 0.8
#: Words around the stretch of a long text in which the words of a short one lie.
MARGIN = 5


class Evidence(NamedTuple):
    """matched: nats in common. share: of what the shorter text says in the common stretch, 0 to 1.
    tightness: the same for the longer text. identical: word for word. vetoes: what contradicts, in words.
    whole: neither of the two says much else.
    """

    matched: float
    share: float
    tightness: float
    identical: bool = False
    vetoes: tuple[str, ...] = ()
    whole: bool = False

    @property
    def similarity(self) -> float:
        """0 to 1: the harmonic mean of share and tightness."""
        total = self.share + self.tightness
        return 2 * self.share * self.tightness / total if total else 0.0


NOTHING = Evidence(0.0, 0.0, 0.0)


#: Equal words: from which on in the shorter, from which on in the longer text, how many.
_Run = tuple[int, int, int]


def compare(a: Form, b: Form) -> Evidence:
    """The evidence that two forms render one utterance. Symmetric; O(words²/64)."""
    left, right = a.signature, b.signature
    if left == right:
        return Evidence(min(a.nats, b.nats), 1.0, 1.0, identical=True, whole=True) if left else NOTHING
    if not left or not right:
        return NOTHING
    if not may_be_alike(a, b):
        return NOTHING
    common = min(len(left), len(right))
    if len(left) * len(right) <= CELLS_AT_MOST:
        common = LCSseq.similarity(left, right)
    return align_again(a, b) if is_worth_aligning(left, right, common) else NOTHING


def align(a: Form, b: Form) -> Evidence:
    """`compare` for two forms that differ and are known to be worth it."""
    if (len(a.signature), a.signature) < (len(b.signature), b.signature):
        short, long = a, b
    else:
        short, long = b, a
    at = long.signature.find(short.signature)
    if at >= 0:
        matched = min(short.nats, long.sums[at + len(short.words)] - long.sums[at])
        return Evidence(matched, 1.0, 1.0, whole=_is_whole(matched, short, long))
    runs = _runs(short, long)
    sizes = [size for _, _, size in runs]
    if not runs or (sum(sizes) < LEAST_SHARE * len(short.words) and max(sizes) < LEAST_RUN):
        return NOTHING
    return _weigh(short, long, runs)


#: `align` that remembers pairs: a new quote and statements that are looked at again meet them several times.
align_again = lru_cache(maxsize=1 << 13)(align)


def is_worth_aligning(a: str, b: str, common: int) -> bool:
    """Whether two signatures may have enough in common, `common` words being the same in the same order."""
    least = min(len(a), len(b))
    if common >= LEAST_SHARE * least:
        return True
    return common >= max(LEAST_RUN, LEAST_SHARE_WITH_RUN * least) and _has_run(a, b)


def _has_run(a: str, b: str) -> bool:
    """Whether the two have a run in common beside which they do not say much that differs, as quotes with one
    opening do."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    for i in range(len(short) - LEAST_RUN + 1):
        at = long.find(short[i : i + LEAST_RUN])
        if at < 0:
            continue
        size = LEAST_RUN + Prefix.similarity(short[i + LEAST_RUN :], long[at + LEAST_RUN :])
        left, right = len(short) - i - size, len(long) - at - size
        if min(i, at) + min(left, right) <= OPPOSED * size:
            return True
    return False


def _runs(short: Form, long: Form) -> list[_Run]:
    """The runs of equal words of one longest common subsequence, in order."""
    low, high = 0, len(long.words)
    if high > 2 * len(short.words) + 2 * MARGIN:
        low, high = _window(short, long)
    high = min(high, low + CELLS_AT_MOST // len(short.words))
    cut = long.signature if high - low == len(long.words) else long.signature[low:high]
    found = LCSseq.editops(short.signature, cut).as_matching_blocks()
    return [(block.a, block.b + low, block.size) for block in found[:-1]]  # the last one is empty


def _window(short: Form, long: Form) -> tuple[int, int]:
    """The part of `long` in which runs of three words of `short` lie; all of it where there are none."""
    size = len(short.words)
    shared = [(long.signature.find(short.signature[i : i + 3]), i) for i in range(size - 2)]
    offsets = [at - i for at, i in shared if at >= 0]
    if not offsets:
        return 0, len(long.words)
    return max(0, min(offsets) - MARGIN), min(len(long.words), max(offsets) + size + MARGIN)


def _best_stretch(
    short: Form, long: Form, runs: Sequence[_Run], gaps: Sequence[Gap]
) -> tuple[Sequence[_Run], Sequence[Gap]]:
    """The neighbouring runs that say most together, with what differs between them counted against them."""
    if len(runs) == 1:
        return runs, gaps
    sums = short.sums
    some_marked = bool(short.gaps or long.gaps)
    best, best_start, best_end = 0.0, 0, 0
    score, start, last_i, last_j = 0.0, 0, 0, 0
    for n, (i, j, size) in enumerate(runs):
        if n:
            credit, lost_short, lost_long, _ = gaps[n - 1]
            score += credit
            if not some_marked or not (marked(short, last_i, i) or marked(long, last_j, j)):
                score -= GAP_COST * (lost_short + lost_long)
            if score <= 0:
                score, start = 0.0, n
        last_i, last_j = i + size, j + size
        score += sums[last_i] - sums[i]
        if score > best:
            best, best_start, best_end = score, start, n
    return runs[best_start : best_end + 1], gaps[best_start:best_end]


def _weigh(short: Form, long: Form, runs: Sequence[_Run]) -> Evidence:
    between = [
        read_gap(short, before[0] + before[2], after[0], long, before[1] + before[2], after[1])
        for before, after in pairwise(runs)
    ]
    runs, gaps = _best_stretch(short, long, runs, between)
    sums_short, sums_long = short.sums, long.sums
    matched = lost_short = lost_long = 0.0
    vetoes: list[str] = []

    def count(gap: Gap) -> None:
        nonlocal matched, lost_short, lost_long
        credit, less_short, less_long, veto = gap
        matched += credit
        lost_short += less_short
        lost_long += less_long
        if veto:
            vetoes.append(veto)

    for i, j, size in runs:
        matched += min(sums_short[i + size] - sums_short[i], sums_long[j + size] - sums_long[j])
    for gap in gaps:
        count(gap)
    last_i, last_j = i + size, j + size
    first_i, first_j, _ = runs[0]
    if first_i and first_j:
        count(_read_head(short, first_i, long, first_j))
    if last_i < len(short.words) and last_j < len(long.words):
        count(_read_tail(short, last_i, long, last_j))
    if not matched:
        return NOTHING
    return Evidence(
        matched,
        matched / (matched + lost_short),
        matched / (matched + lost_long),
        False,
        tuple(vetoes),
        _is_whole(matched, short, long),
    )


def _is_whole(matched: float, short: Form, long: Form) -> bool:
    return matched >= WHOLE * max(short.nats, long.nats)


def _read_head(short: Form, i: int, long: Form, j: int) -> Gap:
    """What both say before the common stretch, unless one is marked as cut there."""
    if i in short.gaps or j in long.gaps:
        return NO_GAP
    size = min(i, j)
    return _limit(read_gap(short, i - size, i, long, j - size, j), short.sums[i], long.sums[j])


def _read_tail(short: Form, i: int, long: Form, j: int) -> Gap:
    if i in short.gaps or j in long.gaps:
        return NO_GAP
    size = min(len(short.words) - i, len(long.words) - j)
    gap = read_gap(short, i, i + size, long, j, j + size)
    return _limit(gap, short.sums[-1] - short.sums[i], long.sums[-1] - long.sums[j])


def _limit(gap: Gap, said_short: float, said_long: float) -> Gap:
    """At an end both lose the same, and no more than the one that says less there. said: their nats there."""
    lost = max(0.0, min(said_short, said_long) - gap.credit)
    lost = min(lost, gap.lost_short + gap.credit)
    return Gap(gap.credit, lost, lost, gap.veto)
