"""New occurrences against an archive: only the statements they touch are looked at again.

Exactly those: every statement that a new occurrence may join, and every statement tied to one of these by a
pair that was judged the same. On them the batch clustering runs, so that an archive filled one by one, in any
order, ends with the same statements as one clustered at once, as long as no blocking key is shared by more
than `blocking.GROUP_AT_MOST` texts; beyond, a text is only compared to the longest that share the key.

Most new occurrences need less: one that is like nothing known is a statement of its own, and one that is the
same as members of one statement only, and contradicts none of them, joins that statement and can change no
other (see `_joins`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from quotetrack.cluster.batch import APART, DOUBTS_AT_MOST, Clustering, Weighed, cluster, judge, weigh
from quotetrack.cluster.blocking import (
    GROUP_AT_MOST,
    BlockingIndex,
    Posting,
    asked_keys,
    blocking_keys,
    candidates,
    rank,
    twin_key,
)
from quotetrack.cluster.names import Relation, read_speaker, relation
from quotetrack.cluster.normalise import read_form
from quotetrack.cluster.variants import Variant, gather, repeats, telling, variant_of
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

    joined: new occurrence to the statement of a twin (same text, speaker, day), or the only one it can belong
    to; nothing else changes there.
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
        variant = variant_of(occurrence)
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
    joined: dict[str, str] = {}
    fresh: dict[str, Occurrence] = {}
    asked: dict[int, Variant] = {}
    repeated: set[str] = set()
    for occurrence in sorted(new, key=lambda occurrence: occurrence.uid):
        variant = variant_of(occurrence)
        twin = _twin(variant)
        if twin not in asked and repeats(variant):
            statement = _statement_of_twin(variant, twin, archive)
            if statement:
                joined[occurrence.uid] = statement
                continue
        fresh[occurrence.uid] = occurrence
        if twin in asked:
            repeated |= {occurrence.uid, asked[twin].members[0]}
        else:
            asked[twin] = variant
            archive.add(_postings(variant, twin))
    found = [_look_up(variant, fresh, archive) for variant in asked.values()]
    edges = {(edge.a, edge.b): edge for one in found for edge in one.edges()}
    together = repeated.union(*(one.beside for one in found))  # new ones that may be one statement
    alone: list[str] = []
    touched: set[str] = set()
    for one in found:
        (uid,) = one.variant.members
        if uid in together or one.beside:
            touched |= one.same.keys()
        elif not one.same:
            alone.append(uid)
        elif home := _home(one, archive):
            joined[uid] = home
        else:
            touched |= one.same.keys()
    previous, members, judgements = _closure(frozenset(touched), archive)
    again = {member.uid: member for member in members}
    for occurrence in new:
        uid = occurrence.uid
        if uid not in joined and uid not in alone:
            again[uid] = occurrence
        elif joined.get(uid) in previous.values():  # its statement is grouped anew: it takes part
            again[uid] = occurrence
            previous[uid] = joined.pop(uid)
    clustering = cluster(again.values(), judgements) if again else Clustering((), ())
    edges |= {(edge.a, edge.b): edge for edge in clustering.edges if edge.by == "quotetrack"}
    return Update(
        joined,
        (*clustering.groups, *((uid,) for uid in alone)),
        previous,
        again | {uid: fresh[uid] for uid in alone},
        tuple(edges.values()),
    )


def match(occurrence: Occurrence, archive: Archive) -> tuple[str, Edge] | None:
    """The statement of an archive that a quote belongs to, and the strongest edge to it; None for a new one.

    Changes nothing.
    """
    keys = asked_keys(read_form(occurrence.text, occurrence.language), read_speaker(occurrence.speaker))
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
        if telling(variant.form) > telling(variant_of(known).form):
            continue
        statement = archive.statements_of([known.uid]).get(known.uid)
        if statement is None:
            continue
        told = (edge for edge in archive.judgements([statement]) if edge.judgement == "different")
        if all(known.uid not in (edge.a, edge.b) for edge in told):
            return statement
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    """What the archive has for a new variant.

    same: statement -> the strongest pair judged the same; relations: of the speakers of all such pairs;
    others: the pairs that are anything else; known: the occurrences it was compared with; beside: itself and
    new ones that share a key with it, if any do.
    """

    variant: Variant
    same: Mapping[str, Weighed]
    relations: frozenset[Relation]
    others: Sequence[tuple[Occurrence, Weighed]]
    known: Mapping[str, Variant]
    beside: frozenset[str]

    def edges(self) -> Iterator[Edge]:
        """The pair that ties it to each statement; of other pairs the strongest few, of former occasions on
        which the same was said the latest few."""
        yield from (weighed.edge for weighed in self.same.values())
        former = [pair for pair in self.others if pair[1].verdict == "said before"]
        former.sort(key=lambda pair: (pair[0].published or "", pair[0].uid), reverse=True)
        doubts = [pair for pair in self.others if pair[1].verdict != "said before"]
        doubts.sort(key=lambda pair: (-pair[1].strength, pair[0].uid))
        for _, weighed in (*former[:DOUBTS_AT_MOST], *doubts[:DOUBTS_AT_MOST]):
            yield weighed.edge


def _look_up(variant: Variant, fresh: Collection[str], archive: Archive) -> _Found:
    """Compare a new variant with all that share a key with it."""
    uids = candidates(archive, asked_keys(variant.form, variant.speaker)).difference(variant.members)
    beside = uids.intersection(fresh)
    uids -= beside
    known: dict[str, Variant] = {}
    same: list[tuple[str, Weighed]] = []
    others: list[tuple[Occurrence, Weighed]] = []
    for other in archive.occurrences(uids) if uids else ():
        known[other.uid] = one = variant_of(other)
        weighed = weigh(variant, one)
        if weighed is not None and weighed.verdict == "same":
            same.append((other.uid, weighed))
        elif weighed is not None:
            others.append((other, weighed))
    homes = archive.statements_of([uid for uid, _ in same]) if same else {}
    strongest: dict[str, Weighed] = {}
    for uid, weighed in sorted(same, key=lambda pair: (pair[1].strength, pair[0])):
        strongest[homes[uid]] = weighed
    group = frozenset((*beside, *variant.members)) if beside else frozenset[str]()
    relations = frozenset(relation(variant.speaker, known[uid].speaker) for uid, _ in same)
    return _Found(variant, strongest, relations, others, known, group)


def _home(found: _Found, archive: Archive) -> str | None:
    """The statement that a new variant joins, changing nothing else; None where more has to be looked at.

    Pairs are joined in order of strength, and never two sets with a pair that contradicts. Members of one
    statement hold no such pair; a variant that has none with them either can only bring them together
    earlier, and what kept them apart from others keeps them apart still. Speakers make a difference where it
    brings two of them together, since a quote of unknown speaker goes to one speaker's statement.
    """
    if len(found.same) != 1:
        return None
    (statement,) = found.same
    members = list(archive.members([statement]))
    apart = {other.uid for other, weighed in found.others if weighed.verdict in APART}
    if apart.intersection(member.uid for member in members) or _shifts(found.variant, found.known.values()):
        return None
    known = gather(members)
    families = {one.speaker.family for one in known if one.speaker is not None}
    speaker = found.variant.speaker
    strange = "different" in found.relations or (speaker is not None and speaker.family not in families)
    if speaker is not None and families - {speaker.family} and strange:
        return None
    for one in known:
        if found.known.keys().isdisjoint(one.members):  # behind a key that many share
            weighed = weigh(found.variant, one)
            if weighed is not None and weighed.verdict in APART:
                return None
    told = any(edge.by != "quotetrack" for edge in archive.judgements([statement]))
    return None if told else statement


def _shifts(variant: Variant, known: Collection[Variant]) -> bool:
    """Whether some pair is judged otherwise because a text seen before shows more of its names now, or less:
    for the same text by the same speaker the one that tells most stands."""
    for one in known:
        if one.form.signature != variant.form.signature or one.speaker != variant.speaker:
            continue
        lesser, fuller = sorted((one, variant), key=lambda alike: telling(alike.form))
        if lesser.form == fuller.form:
            continue
        instead = replace(lesser, form=fuller.form)
        others = (other for other in (variant, *known) if other is not lesser)
        if any(_verdict_of(instead, other) != _verdict_of(lesser, other) for other in others):
            return True
    return False


def _verdict_of(a: Variant, b: Variant) -> str | None:
    weighed = weigh(a, b)
    return weighed.verdict if weighed else None


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
