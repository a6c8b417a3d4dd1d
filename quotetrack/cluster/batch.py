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
    bar,
    decide,
    explain,
    is_said_before,
)
from quotetrack.cluster.names import Relation, relation
from quotetrack.cluster.screen import screen
from quotetrack.cluster.similarity import NOTHING, Evidence, align, compare
from quotetrack.cluster.statements import Partition
from quotetrack.cluster.variants import Variant, days_between, gather
from quotetrack.types import Edge, Judgement, Occurrence

#: Edges of one variant that are unsure or contradict; a stock phrase would have one to each other speaker.
DOUBTS_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Clustering:
    """edges: why the groups are what they are. groups: occurrence uids; every occurrence is in one.

    Of the pairs judged "same" only those are edges that hold a group together or that a contradiction
    overruled (these lead from group to group); of the others the strongest few of each text.
    """

    edges: tuple[Edge, ...]
    groups: tuple[tuple[str, ...], ...]


_Verdict = Literal["same", "unsure", "contradiction", "said before"]
_JUDGEMENTS: dict[_Verdict, Judgement] = {
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
    verdict: _Verdict
    evidence: Evidence


def judge(a: Occurrence, b: Occurrence) -> Edge:
    """Compare two occurrences on their own. Symmetric."""
    first, second = sorted((a, b), key=lambda occurrence: occurrence.uid)
    left, right = gather([first])[0], gather([second])[0]
    return _edge(left, right, compare(left.form, right.form))


def is_same(a: Variant, b: Variant) -> bool:
    """Whether two variants on their own are judged one statement."""
    related, days = relation(a.speaker, b.speaker), days_between(a, b)
    if a.form.signature != b.form.signature and min(a.form.nats, b.form.nats) < bar(related, days):
        return False  # no need to align them
    return decide(compare(a.form, b.form), related, days).judgement == "same"


def says_again(a: Variant, b: Variant) -> bool:
    """Whether two variants are one slogan on two occasions."""
    if a.form.signature != b.form.signature:
        return False
    return is_said_before(compare(a.form, b.form), relation(a.speaker, b.speaker), days_between(a, b))


def cluster(occurrences: Iterable[Occurrence], judgements: Iterable[Edge] = ()) -> Clustering:
    """Group occurrences into statements. The result does not depend on their order.

    judgements: edges that people judged (`by` other than "quotetrack"); they always win. Uids have to be
    unique. Time and memory grow linearly with the number of occurrences and words.
    """
    with _collector_paused():
        return _cluster(occurrences, judgements)


@contextmanager
def _collector_paused() -> Iterator[None]:
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
    left_text = right_text = ""
    evidence = NOTHING
    for a, b, related, days in screen(variants):
        left, right = variants[a].form, variants[b].form
        if left.signature is not left_text or right.signature is not right_text:
            left_text, right_text = left.signature, right.signature
            evidence = align(left, right) if left_text != right_text else compare(left, right)
        if not evidence.matched:
            continue
        decision = decide(evidence, related, days)
        verdict: _Verdict
        if decision.judgement == "same":
            verdict = "same"
        elif is_said_before(evidence, related, days):
            verdict = "said before"
        elif evidence.vetoes:
            if decision.strength < FORBIDDING_STRENGTH or evidence.share < SHARE:
                continue
            verdict = "contradiction"
        elif decision.judgement == "unsure":
            verdict = "unsure"
        else:
            continue
        yield _Judged(decision.strength, a, b, related, days, verdict, evidence)


def _edge_of(variants: Sequence[Variant], pair: _Judged) -> Edge:
    a, b = sorted((variants[pair.a].members[0], variants[pair.b].members[0]))
    why = explain(pair.evidence, pair.relation, pair.days)
    return Edge(a, b, round(pair.evidence.similarity, 4), _JUDGEMENTS[pair.verdict], why=why)


def _edge(left: Variant, right: Variant, evidence: Evidence) -> Edge:
    a, b = sorted((left.members[0], right.members[0]))
    related, days = relation(left.speaker, right.speaker), days_between(left, right)
    judgement = decide(evidence, related, days).judgement
    return Edge(a, b, round(evidence.similarity, 4), judgement, why=explain(evidence, related, days))
