"""Which candidate pairs of an archive are worth comparing word by word, decided for many at once.

What is left out here could only be judged "different" without a reason worth showing: texts that say less
than speakers and dates ask for, or that have too few words in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import LCSseq

from quotetrack.cluster.blocking import keys_of_all, pairs
from quotetrack.cluster.decide import BARS, FORBIDDING_STRENGTH, UNKNOWN_DAYS, UNSURE
from quotetrack.cluster.names import Relation, relation
from quotetrack.cluster.rarity import rare_words_of_all
from quotetrack.cluster.similarity import (
    CELLS_AT_MOST,
    LEAST_RUN,
    LEAST_SHARE,
    LEAST_SHARE_WITH_RUN,
    is_worth_aligning,
)
from quotetrack.cluster.variants import Variant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RELATIONS: tuple[Relation, ...] = ("same", "unknown", "different")
_DAYS = 1 << 20  # between the days of two variants put in one row; more than any two dates are apart


class Pair(NamedTuple):
    """Two variants, by their numbers (a < b). days: the fewest between them, None where a date is unknown."""

    a: int
    b: int
    relation: Relation
    days: int | None


class _Columns:
    """What the screen asks of each variant, as arrays over all of them."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        import numpy as np

        count = len(variants)
        speakers = {one: n for n, one in enumerate(dict.fromkeys(variant.speaker for variant in variants))}
        texts: dict[str, int] = {}
        self.speakers = list(speakers)
        self.speaker = np.fromiter((speakers[variant.speaker] for variant in variants), np.int64, count)
        self.text = np.fromiter(
            (texts.setdefault(variant.form.signature, len(texts)) for variant in variants), np.int64, count
        )
        forms = {id(form): n for n, form in enumerate({id(one.form): one.form for one in variants}.values())}
        self.form = np.fromiter((forms[id(variant.form)] for variant in variants), np.int64, count)
        self.nats = np.fromiter((variant.form.nats for variant in variants), np.float64, count)
        days = [len(variant.days) for variant in variants]
        self.first_day = np.array([0, *accumulate(days)])
        flat = np.fromiter((day for variant in variants for day in variant.days), np.int64, sum(days))
        self.days = flat + np.repeat(np.arange(count) * _DAYS, days)
        self.rare = rare_words_of_all([variant.form for variant in variants])
        self._relations: dict[int, int] = {}

    def relations(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of each pair, the place in `_RELATIONS`."""
        import numpy as np

        found = np.zeros(len(a), dtype=np.int64)  # one speaker
        rest = np.flatnonzero(self.speaker[a] != self.speaker[b])
        codes = self.speaker[a[rest]] * len(self.speakers) + self.speaker[b[rest]]
        met, which = np.unique(codes, return_inverse=True)
        found[rest] = np.array([self._relation(code) for code in met.tolist()], dtype=np.int64)[which]
        if None in self.speakers:
            nobody = self.speakers.index(None)
            found[(self.speaker[a] == nobody) & (self.speaker[b] == nobody)] = _RELATIONS.index("unknown")
        return found

    def _relation(self, code: int) -> int:
        known = self._relations.get(code)
        if known is None:
            x, y = divmod(code, len(self.speakers))
            known = self._relations[code] = _RELATIONS.index(relation(self.speakers[x], self.speakers[y]))
        return known

    def days_between(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
        """`variants.days_between` of each pair, -1 where it is unknown."""
        import numpy as np

        counts = np.diff(self.first_day)
        few, many = np.where(counts[a] <= counts[b], (a, b), (b, a))
        found = np.full(len(a), -1, dtype=np.int64)
        dated = np.flatnonzero(counts[few])
        few, many = few[dated], many[dated]
        if not len(few):
            return found
        starts = np.append(0, counts[few].cumsum())
        own = np.repeat(self.first_day[few] - starts[:-1], counts[few]) + np.arange(starts[-1])
        asked = self.days[own] + np.repeat((many - few) * _DAYS, counts[few])
        at = np.searchsorted(self.days, asked)  # days of other variants are farther away than any of one
        after = abs(self.days[np.minimum(at, len(self.days) - 1)] - asked)
        before = abs(asked - self.days[np.maximum(at - 1, 0)])
        found[dated] = np.minimum.reduceat(np.minimum(after, before), starts[:-1])
        return found


def screen(variants: Sequence[Variant]) -> Iterator[Pair]:
    """The candidate pairs that may be judged one statement, doubtful or contradicting. Linear in time.

    variants: the fullest first, as `gather` gives them.
    """
    import numpy as np

    columns = _Columns(variants)
    signatures = [variant.form.signature for variant in variants]
    keys = keys_of_all([variant.form for variant in variants], [variant.speaker for variant in variants])
    for pair in pairs(*keys):
        alike = columns.rare.may_be_alike(*pair)
        first, second = pair[0][alike], pair[1][alike]
        kept, related, days = _worth_comparing(columns, first, second)
        a, b = first[kept], second[kept]
        worth = columns.text[a] == columns.text[b]
        other = np.flatnonzero(~worth)
        _, some, each = np.unique(
            columns.text[a[other]] << 32 | columns.text[b[other]], return_index=True, return_inverse=True
        )
        worth[other] = _worth_aligning(signatures, a[other[some]], b[other[some]])[each]
        left = np.flatnonzero(worth)  # pairs of the same two forms one after the other
        left = left[np.argsort(columns.form[a[left]] << 32 | columns.form[b[left]], kind="stable")]
        rows = (column[left].tolist() for column in (a, b, related, days))
        for i, j, place, apart in zip(*rows, strict=True):
            yield Pair(i, j, _RELATIONS[place], None if apart < 0 else apart)


def _worth_aligning(
    signatures: Sequence[str], a: NDArray[np.int64], b: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Of each pair, whether enough words may be in common: `similarity.is_worth_aligning` for many."""
    import numpy as np
    from rapidfuzz.process import cpdist

    left, right = [signatures[n] for n in a.tolist()], [signatures[n] for n in b.tolist()]
    lengths = np.fromiter(map(len, left), np.int64, len(a)), np.fromiter(map(len, right), np.int64, len(a))
    common = least = np.minimum(*lengths)
    near = np.flatnonzero(lengths[0] * lengths[1] <= CELLS_AT_MOST)
    common = common.copy()
    common[near] = cpdist(
        [left[n] for n in near.tolist()],
        [right[n] for n in near.tolist()],
        scorer=LCSseq.similarity,
        dtype=np.int32,
    )
    worth: NDArray[np.bool_] = common >= LEAST_SHARE * least
    for n in np.flatnonzero(~worth & (common >= LEAST_RUN) & (common >= LEAST_SHARE_WITH_RUN * least)):
        worth[n] = is_worth_aligning(left[n], right[n], int(common[n]))
    return worth


def _worth_comparing(
    columns: _Columns, a: NDArray[np.int64], b: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Which pairs are, and of these the relations and days (-1: unknown)."""
    related, days = columns.relations(a, b), columns.days_between(a, b)
    kept = _can_matter(columns, a, b, related, days)
    return kept, related[kept], days[kept]


def _can_matter(
    columns: _Columns,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    related: NDArray[np.int64],
    days: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Whether two texts say enough for any judgement but "different"."""
    import numpy as np

    less = np.minimum(columns.nats[a], columns.nats[b])
    apart = np.where(days < 0, UNKNOWN_DAYS, days)
    enough = np.zeros(len(a), dtype=np.bool_)
    for place, name in enumerate(_RELATIONS):
        limits = np.array([limit for limit, _ in BARS[name]])
        nats = np.array([needed for _, needed in BARS[name]])
        needed = np.maximum(FORBIDDING_STRENGTH * nats[np.searchsorted(limits, apart)], UNSURE * nats[0])
        enough |= (related == place) & (less >= needed)
    same_text = columns.text[a] == columns.text[b]
    least = UNSURE * min(bars[0][1] for bars in BARS.values())
    kept: NDArray[np.bool_] = same_text & (enough | (related == 0)) | enough & (less >= least)
    return kept
