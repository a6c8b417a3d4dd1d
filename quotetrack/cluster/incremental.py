"""New occurrences against an archive: only the statements they touch are looked at again.

Exactly those: every statement that a new occurrence may join, and every statement tied to one of these by a
pair that was judged the same. On them the batch clustering runs, so that an archive filled one by one, in any
order, ends with the same statements as one clustered at once, as long as no blocking key is shared by more
than `blocking.GROUP_AT_MOST` texts; beyond, a text is only compared to the longest that share the key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from quotetrack.cluster.batch import DOUBTS_AT_MOST, cluster, is_same, judge, says_again
from quotetrack.cluster.blocking import (
    GROUP_AT_MOST,
    BlockingIndex,
    Posting,
    blocking_keys,
    candidates,
    rank,
    twin_key,
)
from quotetrack.cluster.names import read_speaker
from quotetrack.cluster.normalise import read_form
from quotetrack.cluster.variants import Variant, gather, repeats, telling
from quotetrack.types import Edge, Occurrence


class Archive(BlockingIndex, Protocol):
    """What an archive answers. All of it concerns what was stored before, besides the index itself."""

    def occurrences(self, uids: Collection[str]) -> Iterable[Occurrence]:
        """The stored occurrences among `uids`."""

    def statements_of(self, occurrences: Collection[str]) -> Mapping[str, str]:
        """The statement uid of each stored occurrence among them."""

    def members(self, statements: Collection[str]) -> Iterable[Occurrence]:
        """All occurrences of these statements."""

    def judgements(self, statements: Collection[str]) -> Iterable[Edge]:
        """Edges with judgement "same", and all edges by people, with an end in one of these statements.

        `SELECT edges.* FROM edges JOIN occurrences ON uid IN (a, b) WHERE statement IN (…) AND
        (judgement = 'same' OR by <> 'quotetrack')`.
        """


@dataclass(frozen=True, slots=True)
class Update:
    """What new occurrences change.

    joined: new occurrence to the statement of a twin (same text, speaker, day); nothing else changes there.
    groups: the touched statements' members and the other new occurrences, grouped anew. previous: of all of
    these the ones that had a statement, for `reconcile`. occurrences: the members of `groups` by uid.
    edges: to be stored; older edges of the same pair by "quotetrack" are replaced.
    """

    joined: Mapping[str, str]
    groups: tuple[tuple[str, ...], ...]
    previous: Mapping[str, str]
    occurrences: Mapping[str, Occurrence]
    edges: tuple[Edge, ...]


def postings(occurrences: Iterable[Occurrence]) -> Iterator[tuple[int, Posting]]:
    """What `add` has to index of some occurrences, for an archive whose index is built anew.

    Occurrences alike in text, speaker and day share the postings of the one with the smallest uid.
    """
    known: set[int] = set()
    for occurrence in sorted(occurrences, key=lambda occurrence: occurrence.uid):
        variant = gather([occurrence])[0]
        twin = _twin(variant)
        if twin not in known:
            known.add(twin)
            yield from _postings(variant, twin)


def _twin(variant: Variant) -> int:
    return twin_key(variant.form, variant.speaker, variant.days[0] if variant.days else None)


def _postings(variant: Variant, twin: int) -> Iterator[tuple[int, Posting]]:
    posting = Posting(rank(variant.form), variant.members[0])
    for key in (*blocking_keys(variant.form, variant.speaker), twin):
        yield key, posting


def link(new: Iterable[Occurrence], archive: Archive) -> Update:
    """Index new occurrences and find what they change. Writes to the archive's index only."""
    new = list(new)
    twins_of: dict[str, str] = {}
    fresh: dict[str, Occurrence] = {}
    asked: dict[int, Variant] = {}
    for occurrence in sorted(new, key=lambda occurrence: occurrence.uid):
        variant = gather([occurrence])[0]
        twin = _twin(variant)
        if twin not in asked and repeats(variant):
            statement = _statement_of_twin(variant, twin, archive)
            if statement:
                twins_of[occurrence.uid] = statement
                continue
        fresh[occurrence.uid] = occurrence
        if twin not in asked:
            asked[twin] = variant
            archive.add(_postings(variant, twin))
    alike, before = _look_up(asked.values(), fresh, archive)
    previous, members, judgements = _closure(alike, archive)
    touched = set(previous.values())
    occurrences = {**{member.uid: member for member in members}, **fresh}
    for occurrence in new:
        statement = twins_of.get(occurrence.uid)
        if statement in touched:  # its twin's statement is grouped anew: it takes part
            occurrences[occurrence.uid] = occurrence
            previous[occurrence.uid] = twins_of.pop(occurrence.uid)
    clustering = cluster(occurrences.values(), judgements)
    edges = [edge for edge in clustering.edges if edge.by == "quotetrack"]
    known = {(edge.a, edge.b) for edge in edges}
    edges += [edge for edge in before if (edge.a, edge.b) not in known]
    return Update(twins_of, clustering.groups, previous, occurrences, tuple(edges))


def match(occurrence: Occurrence, archive: Archive) -> tuple[str, Edge] | None:
    """The statement of an archive that a quote belongs to, and the strongest edge to it; None for a new one.

    Changes nothing.
    """
    keys = blocking_keys(read_form(occurrence.text, occurrence.language), read_speaker(occurrence.speaker))
    found = [
        judge(occurrence, other)
        for other in archive.occurrences(candidates(archive, keys) - {occurrence.uid})
    ]
    same = [edge for edge in found if edge.judgement == "same"]
    if not same:
        return None
    best = max(same, key=lambda edge: (edge.similarity, edge.a, edge.b))
    other = best.b if best.a == occurrence.uid else best.a
    return archive.statements_of([other])[other], best


def _statement_of_twin(variant: Variant, twin: int, archive: Archive) -> str | None:
    """The statement of an indexed occurrence that is alike in text, speaker and day, unless a person has
    told it apart from others, or the new one shows more (names, where the other is all capitals)."""
    twins = [posting.occurrence for posting in archive.groups([twin], GROUP_AT_MOST).get(twin, ())]
    for known in archive.occurrences(twins):
        if telling(variant.form) > telling(gather([known])[0].form):
            continue
        statement = archive.statements_of([known.uid]).get(known.uid)
        if statement is None:
            continue
        told = (edge for edge in archive.judgements([statement]) if edge.judgement == "different")
        if all(known.uid not in (edge.a, edge.b) for edge in told):
            return statement
    return None


def _look_up(
    asked: Iterable[Variant], fresh: Mapping[str, Occurrence], archive: Archive
) -> tuple[frozenset[str], list[Edge]]:
    """The statements with an occurrence that one of the variants is judged the same as; and the edges to
    former occasions on which the same was said, the latest few of each."""
    touched: set[str] = set()
    before: list[Edge] = []
    for variant in asked:
        uids = candidates(archive, blocking_keys(variant.form, variant.speaker)).difference(fresh)
        found = [(other, gather([other])[0]) for other in (archive.occurrences(uids) if uids else ())]
        same = [other.uid for other, known in found if is_same(variant, known)]
        if same:
            touched.update(archive.statements_of(same).values())
        former = [other for other, known in found if says_again(variant, known)]
        former.sort(key=lambda other: (other.published or "", other.uid), reverse=True)
        before += [judge(fresh[variant.members[0]], other) for other in former[:DOUBTS_AT_MOST]]
    return frozenset(touched), before


def _closure(
    touched: frozenset[str], archive: Archive
) -> tuple[dict[str, str], list[Occurrence], tuple[Edge, ...]]:
    """All statements tied to the touched ones by pairs judged the same: their members and judgements."""
    known: set[str] = set()
    previous: dict[str, str] = {}
    members: list[Occurrence] = []
    judgements: dict[tuple[str, str, str], Edge] = {}
    frontier = set(touched)
    while frontier:
        reached = list(archive.members(frontier))
        members.extend(reached)
        previous.update(archive.statements_of([member.uid for member in reached]))
        known |= frontier
        edges = list(archive.judgements(frontier))
        judgements.update({(edge.a, edge.b, edge.by): edge for edge in edges})
        ends = {uid for edge in edges if edge.judgement == "same" for uid in (edge.a, edge.b)}
        frontier = set(archive.statements_of(ends - previous.keys()).values()) - known
    return previous, members, tuple(edge for edge in judgements.values() if edge.by != "quotetrack")
