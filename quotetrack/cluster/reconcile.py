"""Statements keep their names: which group of occurrences goes on under which published uid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from quotetrack.cluster.packing import Extent
from quotetrack.cluster.variants import extent_of
from quotetrack.types import Occurrence, Statement, uid_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """statements: one per group, in the groups' order. redirects: uids that ended, to their successors."""

    statements: tuple[Statement, ...]
    redirects: Mapping[str, str]


def _age(occurrence: Occurrence) -> tuple[str, str]:
    """Earliest first; undated last."""
    return occurrence.published or "\U0010ffff", occurrence.uid


NEARLY_FULL = 0.8  # of the most information: among members with that much, the most verbatim one is canonical
_VERBATIM = {"direct": 0, "mixed": 1, "indirect": 2}


def canonical(members: Iterable[Occurrence]) -> Occurrence:
    """The fullest member, in the speaker's own words where a member that is nearly as full has them.

    Of those with NEARLY_FULL of the most information: verbatim before reported, without an editor's brackets
    and ellipses before with them, then most information, longest, earliest published, smallest uid.
    Raises ValueError when there are no members.
    """
    extents = [(member, extent_of(member)) for member in members]
    least = NEARLY_FULL * max(said.nats for _, said in extents)

    def rank(pair: tuple[Occurrence, Extent]) -> tuple[int, bool, float, int, tuple[str, str]]:
        member, said = pair
        edited = bool(said.gaps) or "[" in member.text
        whole = said.words - 3 * said.gaps
        return _VERBATIM[member.type], edited, -round(said.nats, 3), -whole, _age(member)

    return min((pair for pair in extents if pair[1].nats >= least), key=rank)[0]


def reconcile(
    previous: Mapping[str, str],
    groups: Iterable[Sequence[str]],
    occurrences: Mapping[str, Occurrence],
    taken: Collection[str] = frozenset(),
) -> Assignment:
    """Give each group of occurrence uids its statement uid.

    previous: occurrence uid to statement uid, as published; it has to cover all members of the statements it
    names. occurrences: every member by uid. taken: statement uids that may not be given again (withdrawn,
    redirected).

    A statement goes on in the group of its fullest member. Where several go on in one group, the one whose
    earliest member is oldest keeps its uid and the others are redirected to it. A group in which none goes on
    gets a new uid, derived from its earliest member. Running it again on its own result changes nothing.
    """
    ordered = [tuple(sorted(group)) for group in groups]
    found: dict[tuple[str, ...], Occurrence] = {}  # most groups are what a statement was before

    def fullest(held: Sequence[Occurrence]) -> Occurrence:
        uids = tuple(sorted(one.uid for one in held))
        if uids not in found:
            found[uids] = canonical(held)
        return found[uids]

    group_of = {uid: n for n, group in enumerate(ordered) for uid in group}
    members: dict[str, list[Occurrence]] = {}
    for uid, statement in previous.items():
        if uid in group_of:
            members.setdefault(statement, []).append(occurrences[uid])
    claims: dict[int, list[tuple[tuple[str, str], str]]] = {}
    for statement, held in members.items():
        home = group_of[fullest(held).uid]
        claims.setdefault(home, []).append((min(map(_age, held)), statement))
    used = set(taken) | set(previous.values())
    redirects: dict[str, str] = {}
    statements = []
    for n, group in enumerate(ordered):
        held = [occurrences[uid] for uid in group]
        if n in claims:
            _, uid = min(claims[n])
            redirects.update((other, uid) for _, other in sorted(claims[n]) if other != uid)
        else:
            uid = _new_uid(min(held, key=_age).uid, used)
        used.add(uid)
        statements.append(Statement(uid, fullest(held).uid, group))
    return Assignment(tuple(statements), redirects)


def _new_uid(founder: str, used: Collection[str]) -> str:
    uid, salt = uid_of("statement", founder), 0
    while uid in used:
        salt += 1
        uid = uid_of("statement", founder, str(salt))
    return uid
