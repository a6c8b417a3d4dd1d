"""Cluster occurrences in memory: the same decisions whether an archive or a handful of loose quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotetrack.cluster.blocking import blocking_keys, pairs, rank
from quotetrack.cluster.decide import BARS, IDENTICAL_DAYS, SHARE, Decision, bar, decide, explain
from quotetrack.cluster.names import relation
from quotetrack.cluster.similarity import NOTHING, Evidence, compare
from quotetrack.cluster.statements import Partition
from quotetrack.cluster.variants import Variant, days_between, gather
from quotetrack.types import Edge, Occurrence

#: Strength from which a contradiction keeps two quotes apart in whatever statement they end.
FORBIDDING_STRENGTH = 0.5


@dataclass(frozen=True, slots=True)
class Clustering:
    """edges: why the groups are what they are. groups: occurrence uids; every occurrence is in one.

    Of the pairs judged "same" only those are edges that hold a group together or that a contradiction
    overruled (these lead from group to group).
    """

    edges: tuple[Edge, ...]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    strength: float
    a: int
    b: int
    evidence: Evidence


def judge(a: Occurrence, b: Occurrence) -> Edge:
    """Compare two occurrences on their own. Symmetric."""
    first, second = sorted((a, b), key=lambda occurrence: occurrence.uid)
    left, right = gather([first])[0], gather([second])[0]
    evidence = compare(left.form, right.form)
    decision = decide(evidence, relation(left.speaker, right.speaker), days_between(left, right))
    return _edge(left, right, evidence, decision)


def cluster(occurrences: Iterable[Occurrence], judgements: Iterable[Edge] = ()) -> Clustering:
    """Group occurrences into statements. The result does not depend on their order.

    judgements: edges that people judged (`by` other than "quotetrack"); they always win. Uids have to be
    unique. Time and memory grow linearly with the number of occurrences and words.
    """
    by_people = [edge for edge in judgements if edge.by != "quotetrack"]
    alone = frozenset(uid for edge in by_people if edge.judgement == "different" for uid in (edge.a, edge.b))
    variants = gather(occurrences, alone)
    owner = {uid: n for n, variant in enumerate(variants) for uid in variant.members}
    sets = Partition(len(variants))
    told = [edge for edge in by_people if edge.a in owner and edge.b in owner]
    for edge in sorted(told, key=lambda edge: (edge.judgement, edge.a, edge.b)):
        if edge.judgement == "different":
            sets.forbid(owner[edge.a], owner[edge.b])
        elif edge.judgement == "same":
            sets.join(owner[edge.a], owner[edge.b])
    judged = list(_judge_all(variants))
    for pair in judged:
        if pair.evidence.vetoes and pair.strength >= FORBIDDING_STRENGTH and pair.evidence.share >= SHARE:
            sets.forbid(pair.a, pair.b)
    edges = list(told)
    for pair in sorted(judged, key=lambda pair: (-pair.strength, pair.a, pair.b)):
        left, right = variants[pair.a], variants[pair.b]
        decision = decide(pair.evidence, relation(left.speaker, right.speaker), days_between(left, right))
        if decision.judgement == "same" and sets.root(pair.a) == sets.root(pair.b):
            continue
        if decision.judgement == "same":
            sets.join(pair.a, pair.b)
        edges.append(_edge(left, right, pair.evidence, decision))
    groups = (sorted(uid for n in group for uid in variants[n].members) for group in sets.groups())
    return Clustering(tuple(edges), tuple(sorted(map(tuple, groups))))


def _judge_all(variants: Sequence[Variant]) -> Iterable[_Judged]:
    """The candidate pairs that are the same, unsure, or contradict each other."""
    keys = [blocking_keys(variant.form, variant.speaker) for variant in variants]
    ranks = [rank(variant.form) for variant in variants]
    least = {name: bars[0][1] for name, bars in BARS.items()}
    known: tuple[str, str] | None = None
    evidence = NOTHING
    for a, b in pairs(keys, ranks):
        left, right = variants[a], variants[b]
        related = relation(left.speaker, right.speaker)
        most = 1.2 * min(left.form.nats, right.form.nats)
        same_text = left.form.signature == right.form.signature
        if most < least[related] and not (same_text and related == "same"):
            continue
        days = days_between(left, right)
        if most < 0.5 * bar(related, days) and not (same_text and (days or 0) <= IDENTICAL_DAYS):
            continue
        signatures = (left.form.signature, right.form.signature)
        if signatures != known:
            known, evidence = signatures, compare(left.form, right.form)
        if not evidence.matched:
            continue
        decision = decide(evidence, related, days)
        if decision.judgement != "different" or evidence.vetoes:
            yield _Judged(decision.strength, a, b, evidence)


def _edge(left: Variant, right: Variant, evidence: Evidence, decision: Decision) -> Edge:
    a, b = sorted((left.members[0], right.members[0]))
    why = explain(evidence, relation(left.speaker, right.speaker), days_between(left, right))
    return Edge(a, b, round(evidence.similarity, 4), decision.judgement, why=why)
