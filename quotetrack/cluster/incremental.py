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

from quotetrack.cluster.batch import (
    APART,
    DOUBTS_AT_MOST,
    Clustering,
    Weighed,
    cluster,
    collector_paused,
    judge,
    weigh,
)
from quotetrack.cluster.blocking import (
    GROUP_AT_MOST,
    BlockingIndex,
    Posting,
    asked_keys,
    blocking_keys,
    candidates,
    looked_at,
    rank,
    twin_key,
)
from quotetrack.cluster.names import Relation, read_speaker, relation
from quotetrack.cluster.normalise import read_form
from quotetrack.cluster.variants import Variant, gather, repeats, telling, variant_of
from quotetrack.types import Edge, Occurrence

#: New texts looked up in one go: what bounds the memory.
LOOKED_UP_AT_ONCE = 200


class Archive(BlockingIndex, Protocol):
    """What an archive answers. All of it concerns what was stored before, besides the index itself."""

    def occurrences(self, uids: Collection[str]) -> Iterable[Occurrence]:
        """The stored occurrences among `uids`."""

    def statements_of(self, occurrences: Collection[str]) -> Mapping[str, str]:
        """The statement uid of each stored occurrence among them."""

    def members(self, statements: Collection[str]) -> Mapping[str, Sequence[Occurrence]]:
        """All occurrences of each of these statements."""

    def told(self, statements: Collection[str]) -> Iterable[Edge]:
        """Edges by people with an end in one of these statements."""

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
    with collector_paused():
        return _link(new, archive)


def _link(new: Iterable[Occurrence], archive: Archive) -> Update:
    new = sorted(new, key=lambda occurrence: occurrence.uid)
    asked, joined, repeated = _twins(new, archive)
    archive.add(posting for twin, variant in asked.items() for posting in _postings(variant, twin))
    fresh = frozenset(one.uid for one in new if one.uid not in joined)
    found = _look_up(list(asked.values()), fresh, archive)
    together = repeated.union(*(one.beside for one in found))  # new ones that may be one statement
    single = [one for one in found if len(one.same) == 1 and together.isdisjoint(one.variant.members)]
    homes = _homes(single, archive)
    joined |= homes
    alone = {one.uid for one in found if not one.same and one.uid not in together}
    touched = {
        statement for one in found if one.uid not in homes and one.uid not in alone for statement in one.same
    }
    previous, members, told = _closure(touched, archive)
    settled = set(previous.values())
    for one in new:
        if joined.get(one.uid) in settled:  # its statement is grouped anew: it takes part
            previous[one.uid] = joined.pop(one.uid)
        if one.uid not in alone and one.uid not in joined:
            members[one.uid] = one
    clustering = cluster(members.values(), told) if members else Clustering((), ())
    edges = {(edge.a, edge.b): edge for one in found for edge in one.edges()}
    edges |= {(edge.a, edge.b): edge for edge in clustering.edges if edge.by == "quotetrack"}
    return Update(
        joined,
        (*clustering.groups, *((uid,) for uid in sorted(alone))),
        previous,
        members | {one.uid: one for one in new if one.uid in alone},
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


def _twins(
    new: Sequence[Occurrence], archive: Archive
) -> tuple[dict[int, Variant], dict[str, str], set[str]]:
    """Who of the new is alike in text, speaker and day to one that is known, or to each other.

    Returns what is to be looked up, by twin key; those that join the statement of a known twin; and the new
    ones that have a new twin.
    """
    variants = {one.uid: variant_of(one) for one in new}
    twin = {uid: _twin(variant) for uid, variant in variants.items()}
    statements = _statements_of_twins([one for one in variants.values() if repeats(one)], twin, archive)
    asked: dict[int, Variant] = {}
    joined: dict[str, str] = {}
    repeated: set[str] = set()
    for uid, variant in variants.items():
        first = asked.get(twin[uid])
        if first is not None:
            repeated |= {uid, *first.members}
        elif uid in statements:
            joined[uid] = statements[uid]
        else:
            asked[twin[uid]] = variant
    return asked, joined, repeated


def _statements_of_twins(
    variants: Sequence[Variant], twin: Mapping[str, int], archive: Archive
) -> dict[str, str]:
    """The statements of indexed occurrences that are alike in text, speaker and day, but for those that a
    person has told apart from others, and for new ones that show more (names, where the other is all
    capitals)."""
    groups = archive.groups({twin[one.members[0]] for one in variants}, GROUP_AT_MOST)
    uids = {posting.occurrence for group in groups.values() for posting in group}
    known = {one.uid: variant_of(one) for one in archive.occurrences(uids)} if uids else {}
    statements = archive.statements_of(known)
    told = archive.told(set(statements.values()))
    parted = {uid for edge in told if edge.judgement == "different" for uid in (edge.a, edge.b)}
    found: dict[str, str] = {}
    for variant in variants:
        (uid,) = variant.members
        for _, other in groups.get(twin[uid], ()):
            if other not in statements or other in parted:
                continue
            if telling(variant.form) <= telling(known[other].form):
                found.setdefault(uid, statements[other])
    return found


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

    @property
    def uid(self) -> str:
        return self.variant.members[0]

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


def _look_up(variants: Sequence[Variant], fresh: frozenset[str], archive: Archive) -> list[_Found]:
    """Compare new variants with all that share a key with them."""
    return [
        one
        for start in range(0, len(variants), LOOKED_UP_AT_ONCE)
        for one in _compare(variants[start : start + LOOKED_UP_AT_ONCE], fresh, archive)
    ]


def _compare(variants: Sequence[Variant], fresh: frozenset[str], archive: Archive) -> Iterator[_Found]:
    asked = [asked_keys(one.form, one.speaker) for one in variants]
    groups = archive.groups({key for keys in asked for key in keys}, GROUP_AT_MOST + 1)
    near = [
        looked_at(groups[key] for key in keys if key in groups).difference(one.members)
        for one, keys in zip(variants, asked, strict=True)
    ]
    wanted = frozenset[str]().union(*near) - fresh
    stored = {one.uid: one for one in archive.occurrences(wanted)} if wanted else {}
    read = {uid: variant_of(one) for uid, one in stored.items()}
    weighed = [
        [(uid, pair) for uid in uids if uid in read and (pair := weigh(one, read[uid])) is not None]
        for one, uids in zip(variants, near, strict=True)
    ]
    alike = {uid for pairs in weighed for uid, pair in pairs if pair.verdict == "same"}
    homes = archive.statements_of(alike) if alike else {}
    for variant, uids, pairs in zip(variants, near, weighed, strict=True):
        beside = uids & fresh
        same = sorted((pair.strength, uid) for uid, pair in pairs if pair.verdict == "same")
        best = dict(pairs)
        yield _Found(
            variant,
            {homes[uid]: best[uid] for _, uid in same},
            frozenset(relation(variant.speaker, read[uid].speaker) for _, uid in same),
            [(stored[uid], pair) for uid, pair in pairs if pair.verdict != "same"],
            {uid: read[uid] for uid in uids if uid in read},
            frozenset((*beside, *variant.members)) if beside else frozenset[str](),
        )


def _homes(found: Sequence[_Found], archive: Archive) -> dict[str, str]:
    """New occurrence -> the statement that it joins, changing nothing else; without those of which more has
    to be looked at. found: like members of one statement each.

    Pairs are joined in order of strength, and never two sets with a pair that contradicts. Members of one
    statement hold no such pair; a variant that has none with them either can only bring them together
    earlier, and what kept them apart from others keeps them apart still. Speakers make a difference where it
    brings two of them together, since a quote of unknown speaker goes to one speaker's statement.
    """
    statements = {statement for one in found for statement in one.same}
    members = archive.members(statements) if statements else {}
    judged = {uid for edge in archive.told(statements) for uid in (edge.a, edge.b)}
    return {
        one.uid: statement
        for one in found
        for statement in one.same
        if judged.isdisjoint(member.uid for member in members[statement]) and _fits(one, members[statement])
    }


def _fits(found: _Found, members: Sequence[Occurrence]) -> bool:
    apart = {other.uid for other, weighed in found.others if weighed.verdict in APART}
    if apart.intersection(member.uid for member in members) or _shifts(found.variant, found.known.values()):
        return False
    known = gather(members)
    families = {one.speaker.family for one in known if one.speaker is not None}
    speaker = found.variant.speaker
    strange = "different" in found.relations or (speaker is not None and speaker.family not in families)
    if speaker is not None and families - {speaker.family} and strange:
        return False
    for one in known:
        if found.known.keys().isdisjoint(one.members):  # behind a key that many share
            weighed = weigh(found.variant, one)
            if weighed is not None and weighed.verdict in APART:
                return False
    return True


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
    touched: Collection[str], archive: Archive
) -> tuple[dict[str, str], dict[str, Occurrence], list[Edge]]:
    """All statements tied to the touched ones by pairs judged the same: of which each member is, the members,
    and what people judged."""
    known: set[str] = set()
    frontier = set(touched)
    while frontier:
        known |= frontier
        ties = (edge for edge in archive.judgements(frontier) if edge.judgement == "same")
        ends = {uid for edge in ties for uid in (edge.a, edge.b)}
        frontier = set(archive.statements_of(ends).values()) - known
    found = archive.members(known) if known else {}
    previous = {one.uid: statement for statement, members in found.items() for one in members}
    members = {one.uid: one for some in found.values() for one in some}
    return previous, members, list(archive.told(known)) if known else []
