"""Cluster occurrences in memory: the same decisions whether an archive or a handful of loose quotes."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, NamedTuple

from quotetrack.cluster.decide import (
    FORBIDDING_STRENGTH,
    SHARE,
    decide,
    explain,
    is_said_before,
    says_enough,
)
from quotetrack.cluster.names import Relation, relation
from quotetrack.cluster.normalise import Form
from quotetrack.cluster.screen import screen
from quotetrack.cluster.similarity import NOTHING, Evidence, align, align_again, compare
from quotetrack.cluster.statements import Partition
from quotetrack.cluster.variants import Variant, days_between, gather, variant_of
from quotetrack.types import Edge, EdgeKind, Judgement, Occurrence

#: Edges of one variant that are unsure or contradict; a stock phrase would have one to each other speaker.
DOUBTS_AT_MOST = 5
#: Texts up to which what aligning two of them found is remembered: as many as statements that are grouped
#: anew for a new quote have, which the next one may touch again.
AGAIN_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Clustering:
    """edges: why the groups are what they are. groups: occurrence uids; every occurrence is in one.

    Of the pairs judged "same" only those are edges that hold a group together or that a contradiction
    overruled (these lead from group to group); of the others the strongest few of each text.
    """

    edges: tuple[Edge, ...]
    groups: tuple[tuple[str, ...], ...]


Verdict = Literal["same", "unsure", "contradiction", "said before"]
APART: frozenset[Verdict] = frozenset(("contradiction", "said before"))  # never in one statement
_JUDGEMENTS: dict[Verdict, Judgement] = {
    "same": "same",
    "unsure": "unsure",
    "contradiction": "different",
    "said before": "different",
}


class _Judged(NamedTuple):
    """A pair of variants, by their numbers, and what its edge will say."""

    strength: float
    a: int
    b: int
    relation: Relation
    days: int | None
    verdict: Verdict
    evidence: Evidence


def judge(a: Occurrence, b: Occurrence) -> Edge:
    """Compare two occurrences on their own. Symmetric."""
    first, second = sorted((a, b), key=lambda occurrence: occurrence.uid)
    left, right = variant_of(first), variant_of(second)
    evidence = compare(left.form, right.form)
    judgement = decide(evidence, relation(left.speaker, right.speaker), days_between(left, right)).judgement
    return _edge(left, right, evidence, judgement)


class Weighed(NamedTuple):
    """What two variants are to each other on their own. strength: nats in common over the nats needed."""

    verdict: Verdict
    strength: float
    pair: tuple[Variant, Variant]
    evidence: Evidence

    @property
    def edge(self) -> Edge:
        """Made when asked for: of most pairs nobody asks."""
        return _edge(*self.pair, self.evidence, _JUDGEMENTS[self.verdict])


def weigh(a: Variant, b: Variant) -> Weighed | None:
    """A pair as `cluster` judges it; None for one that does not matter to the statements. Symmetric."""
    related, days = relation(a.speaker, b.speaker), days_between(a, b)
    if a.form.signature != b.form.signature and not says_enough(min(a.form.nats, b.form.nats), related, days):
        return None  # no need to align them
    evidence = compare(a.form, b.form)
    found = _verdict(evidence, related, days)
    if found is None:
        return None
    verdict, strength = found
    return Weighed(verdict, strength, (a, b), evidence)


def cluster(occurrences: Iterable[Occurrence], judgements: Iterable[Edge] = ()) -> Clustering:
    """Group occurrences into statements. The result does not depend on their order.

    judgements: edges that people judged (`by` other than "quotetrack"); they always win. Uids have to be
    unique. Time and memory grow linearly with the number of occurrences and words.
    """
    with collector_paused():
        return _cluster(occurrences, judgements)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Millions of small values are made, none in a cycle: looking for cycles again and again, in a heap that
    only grows, takes a third of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _cluster(occurrences: Iterable[Occurrence], judgements: Iterable[Edge]) -> Clustering:
    by_people = [edge for edge in judgements if edge.by != "quotetrack"]
    alone = frozenset(uid for edge in by_people if edge.judgement == "different" for uid in (edge.a, edge.b))
    variants = gather(occurrences, alone)
    sets = Partition(len(variants), [one.speaker.family if one.speaker else None for one in variants])
    told = _tell(sets, variants, by_people)
    judged = list(_judge_all(variants))
    for pair in judged:
        if pair.verdict == "contradiction":
            sets.forbid(pair.a, pair.b)
    same = sorted((pair for pair in judged if pair.verdict == "same"), key=_strongest_first)
    shown = [pair for pair in same if pair.relation == "same" and _tie(sets, pair)]
    for pair in judged:
        if pair.verdict == "said before":
            sets.forbid(pair.a, pair.b)
    shown += [pair for pair in same if pair.relation != "same" and _tie(sets, pair)]
    shown += _strongest_of_each(pair for pair in judged if pair.verdict != "same")
    groups = (sorted(uid for n in group for uid in variants[n].members) for group in sets.groups())
    edges = (*told, *(_edge_of(variants, pair) for pair in shown))
    return Clustering(edges, tuple(sorted(map(tuple, groups))))


def _tell(sets: Partition, variants: Sequence[Variant], by_people: Sequence[Edge]) -> list[Edge]:
    """What people told comes first; returned are the edges that concern these variants."""
    if not by_people:
        return []
    owner = {uid: n for n, variant in enumerate(variants) for uid in variant.members}
    told = [edge for edge in by_people if edge.a in owner and edge.b in owner]
    for edge in sorted(told, key=lambda edge: (edge.judgement, edge.a, edge.b)):
        if edge.judgement == "different":
            sets.forbid(owner[edge.a], owner[edge.b])
        elif edge.judgement == "same":
            sets.join(owner[edge.a], owner[edge.b])
    return told


def _strongest_first(pair: _Judged) -> tuple[float, float, int, int]:
    return -pair.strength, -pair.evidence.similarity, pair.a, pair.b


def _tie(sets: Partition, pair: _Judged) -> bool:
    """Join what was judged the same; False where the two were together already, so that no edge is needed.

    A quote whose speaker is unknown goes to one speaker's statement: it does not join two speakers.
    """
    if sets.root(pair.a) == sets.root(pair.b):
        return False
    if pair.relation != "unknown" or sets.agree(pair.a, pair.b):
        sets.join(pair.a, pair.b)
    return True


def _strongest_of_each(judged: Iterable[_Judged]) -> Iterator[_Judged]:
    """The pairs, strongest first, up to `DOUBTS_AT_MOST` for each variant: what a person may want to see."""
    seen: Counter[int] = Counter()
    for pair in sorted(judged, key=_strongest_first):
        if seen[pair.a] < DOUBTS_AT_MOST and seen[pair.b] < DOUBTS_AT_MOST:
            seen[pair.a] += 1
            seen[pair.b] += 1
            yield pair


def _judge_all(variants: Sequence[Variant]) -> Iterator[_Judged]:
    """The candidate pairs that matter to the statements."""
    last: tuple[Form, Form] | None = None
    evidence = NOTHING
    aligned = align_again if len(variants) <= AGAIN_AT_MOST else align
    for a, b, related, days in screen(variants):
        left, right = variants[a].form, variants[b].form
        if last is None or left is not last[0] or right is not last[1]:
            last = left, right
            evidence = aligned(left, right) if left.signature != right.signature else compare(left, right)
        if found := _verdict(evidence, related, days):
            verdict, strength = found
            yield _Judged(strength, a, b, related, days, verdict, evidence)


def _verdict(evidence: Evidence, related: Relation, days: int | None) -> tuple[Verdict, float] | None:
    """What a pair is, and the strength of that; None for one that does not matter."""
    if not evidence.matched:
        return None
    judgement, strength = decide(evidence, related, days)
    if judgement == "same":
        return "same", strength
    if is_said_before(evidence, related, days):
        return "said before", strength
    if evidence.vetoes:
        forbids = strength >= FORBIDDING_STRENGTH and evidence.share >= SHARE
        return ("contradiction", strength) if forbids else None
    return ("unsure", strength) if judgement == "unsure" else None


def _edge_of(variants: Sequence[Variant], pair: _Judged) -> Edge:
    return _edge(variants[pair.a], variants[pair.b], pair.evidence, _JUDGEMENTS[pair.verdict])


def _edge(left: Variant, right: Variant, evidence: Evidence, judgement: Judgement) -> Edge:
    a, b = sorted((left.members[0], right.members[0]))
    related, days = relation(left.speaker, right.speaker), days_between(left, right)
    kind: EdgeKind = "said before" if is_said_before(evidence, related, days) else "comparison"
    why = explain(evidence, related, days)
    return Edge(a, b, round(evidence.similarity, 4), judgement, why=why, kind=kind)
