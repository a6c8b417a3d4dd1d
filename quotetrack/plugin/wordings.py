"""How the wordings of a statement differ: between outlets, over time, and from statements close by."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quotetrack.plugin.archive import Row
from quotetrack.plugin.card import QuoteCard
from quotetrack.plugin.differences import Differences, same_words, word_differences
from quotetrack.plugin.edits import capitalised, changed_meaning
from quotetrack.plugin.page import Visit
from quotetrack.plugin.seen import Seen
from quotetrack.queries import links, pages

MAX_NEIGHBOURS = 5
NEAR_SIMILARITY = 0.5  # 0 to 1: below, two wordings only share a phrase
TWIN_SIMILARITY = 0.8  # 0 to 1: above, a reader may take one for the other
_EDIT = re.compile(r"(?:^|; )(negation|number|name|modality|tense): ")  # as clustering writes its reasons


@dataclass(slots=True)
class Variant:
    """One wording of a statement and where it stands. differences: against the canonical text.

    edits: the kinds of difference that change what was said, of `edits.KINDS`.
    """

    text: str
    differences: Differences | None
    seen: list[Seen] = field(default_factory=list)
    edits: tuple[str, ...] = ()

    @property
    def outlets(self) -> list[str]:
        return list(dict.fromkeys(seen.outlet for seen in self.seen))

    @property
    def excerpt(self) -> bool:
        """Whether it is less than half of the canonical text: marking the rest as left out helps nobody."""
        if self.differences is None:
            return False
        length = {"same": 0, "added": 0, "removed": 0}
        for change in self.differences.changes:
            length[change.kind] += len(change.text)
        return not length["added"] and length["same"] < length["removed"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another statement whose wording was compared and kept apart, or left undecided.

    differences: from our wording to its; edit: what kind of edit told them apart ("negation"), "" if none.
    """

    link: str
    differences: Differences
    judgement: str
    similarity: float
    why: str
    edit: str

    @property
    def twin(self) -> bool:
        """Almost the same words, but another claim: a reader has to be warned."""
        return self.judgement == "different" and bool(self.edit) and self.similarity >= TWIN_SIMILARITY


async def find_variants(visit: Visit, card: QuoteCard, seen: Sequence[Seen]) -> list[Variant]:
    """The wordings, the canonical one first, then by number of occurrences; punctuation makes none."""
    variants = {same_words(card.text): Variant(card.text, None)}
    for each in seen:
        text = each.row["content"]
        words = same_words(text)
        if words not in variants:
            variants[words] = Variant(text, word_differences(card.text, text))
        variants[words].seen.append(each)
    canonical, *others = variants.values()
    names = await _names(visit, [variant.differences for variant in others if variant.differences])
    for variant in others:
        if variant.differences and not variant.excerpt:
            verbatim = card.quoted and all(each.row["type"] == "direct" for each in variant.seen)
            variant.edits = changed_meaning(
                variant.differences.changes, card.language, verbatim=verbatim, names=names
            )
    return [canonical, *sorted(others, key=lambda variant: (not variant.edits, -len(variant.seen)))]


async def _names(visit: Visit, differences: Sequence[Differences]) -> frozenset[str]:
    """The words of edits that names of the archive hold, in small letters."""
    edited = {word for each in differences for word in capitalised(each.changes)}
    if not edited:
        return frozenset()
    rows = await visit.archive.rows(pages.names_with(sorted(edited)))
    held = {word for row in rows for word in row["name"].casefold().split()}
    return frozenset(edited & held)


@dataclass(frozen=True, slots=True)
class Revision:
    """A quote that an outlet changed or removed after it was published. differences: None when removed."""

    row: Row
    differences: Differences | None
    edits: tuple[str, ...]


async def find_revisions(visit: Visit, uid: str, language: str) -> list[Revision]:
    """What outlets changed in a statement, or took out, after they had published it; the latest first."""
    if "replaced_by" not in await visit.archive.database.table_columns("occurrences"):
        return []  # an archive that was made before edits were kept
    found = []
    for row in await visit.archive.rows(links.edits_of(uid)):
        differences = word_differences(row["earlier"], row["later"]) if row["later"] else None
        edits = changed_meaning(differences.changes, language, verbatim=False) if differences else ()
        found.append(Revision(row, differences, edits))
    return found


def find_neighbours(visit: Visit, edges: Sequence[Row]) -> list[Neighbour]:
    """The most telling pair with each other statement: told apart by an edit, else the most similar."""
    found: dict[str, Neighbour] = {}
    for row in edges:
        linked = row["kind"] != "comparison"  # shown as links
        if not row["other_uid"] or linked or row["similarity"] < NEAR_SIMILARITY:
            continue
        edit = _EDIT.search(row["why"])
        neighbour = Neighbour(
            visit.links.statement(row["other_uid"]),
            word_differences(row["a_text"], row["b_text"]),
            row["judgement"],
            row["similarity"],
            row["why"],
            edit[1] if edit else "",
        )
        known = found.get(row["other_uid"])
        if known is None or (neighbour.twin and not known.twin):
            found[row["other_uid"]] = neighbour
    return sorted(found.values(), key=lambda each: not each.twin)[:MAX_NEIGHBOURS]
