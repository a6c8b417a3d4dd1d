"""The statement and occurrence pages and their formats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from datasette.utils.asgi import Response

from quotetrack.plugin.archive import Row
from quotetrack.plugin.card import QuoteCard, quote_card
from quotetrack.plugin.citations import Citation, annotation, json_in_html, quotation
from quotetrack.plugin.differences import Differences, same_words, word_differences
from quotetrack.plugin.links import text_fragment, web_url
from quotetrack.plugin.page import Visit
from quotetrack.plugin.passage import Piece, Spans, pieces, read_spans
from quotetrack.plugin.search import statement_data
from quotetrack.plugin.wording import clock, day, later, today
from quotetrack.queries import UNKNOWN, pages

MAX_NEIGHBOURS = 5
NEAR_SIMILARITY = 0.5  # 0 to 1: below, two wordings only share a phrase
TWIN_SIMILARITY = 0.8  # 0 to 1: above, a reader may take one for the other
UNCERTAIN = 0.5  # confidence, 0 to 1: below, a quote is as likely wrong as right, and marked so
_EDIT = re.compile(r"(?:^|; )(negation|number|name|modality|tense): ")  # as clustering writes its reasons


@dataclass(frozen=True, slots=True)
class Seen:
    """One occurrence as the pages show it. link: into the article at the quote; None without an address."""

    row: Row
    pieces: list[Piece]
    spans: Spans
    link: str | None
    later: str

    @property
    def day(self) -> str:
        return day(self.row["published"])

    @property
    def clock(self) -> str:
        return clock(self.row["published"])

    @property
    def outlet(self) -> str:
        return self.row["outlet"] or "unknown outlet"

    @property
    def speaker(self) -> str:
        return self.row["speaker"] or UNKNOWN

    @property
    def uncertain(self) -> bool:
        return bool(self.row["confidence"] < UNCERTAIN)


@dataclass(slots=True)
class Told:
    """An occurrence and those in reprints of the same article, which repeat it and are folded away."""

    first: Seen
    reprints: list[Seen] = field(default_factory=list)

    @property
    def outlets(self) -> list[str]:
        return list(dict.fromkeys(seen.outlet for seen in self.reprints))


@dataclass(slots=True)
class Variant:
    """One wording of a statement and where it stands. differences: against the canonical text."""

    text: str
    differences: Differences | None
    seen: list[Seen] = field(default_factory=list)

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


async def statement_page(visit: Visit) -> Response:
    """`/s/UID` and its formats: json, csl.json, bib, wiki, txt."""
    uid, form = visit.variables["uid"], visit.variables.get("format") or ""
    row = await _statement(visit, uid, form)
    if isinstance(row, Response):
        return row
    rows = await visit.archive.rows(pages.statement_occurrences(row["id"]))
    seen = [_seen(occurrence, row["first_published"]) for occurrence in rows if not occurrence["withdrawn"]]
    corrections = await _corrections(visit, uid)
    card = quote_card(row, visit.links, corrected=bool(corrections))
    citation = Citation(card, seen[0].row if seen else None, today())
    match form:
        case "json":
            return visit.json(_statement_json(visit, card, seen))
        case "csl.json":
            return visit.json(citation.csl, content_type="application/vnd.citationstyles.csl+json")
        case "bib":
            return visit.data(citation.bibtex, "application/x-bibtex")
        case "wiki":
            return visit.data(citation.wiki, "text/plain")
        case "txt":
            return visit.data(citation.plain + "\n", "text/plain")
    edges = await _edges(visit, row["id"])
    speakers = list(dict.fromkeys(each.speaker for each in seen if each.row["speaker"]))
    author_url = visit.links.absolute(card.speaker_link) if card.speaker_link else None
    return await visit.page(
        "statement.html",
        {
            "card": card,
            "seen": seen,
            "told": _told(seen),
            "gone": len(rows) - len(seen),
            "shown_all": len(rows) >= row["occurrence_count"],
            "variants": _variants(card, seen),
            "speakers": speakers if len(speakers) > 1 else [],
            "neighbours": _neighbours(visit, edges),
            "reasons": [edge for edge in edges if not edge["other_uid"]],
            "corrections": corrections,
            "citation": citation,
            "jsonld": json_in_html(quotation(card, [each.row for each in seen], author_url)),
            "last_published": row["last_published"],
        },
    )


async def _statement(visit: Visit, uid: str, form: str) -> Row | Response:
    """The statement's row, or the answer instead: moved (301), withdrawn (410), unknown (404)."""
    row = await visit.archive.row(pages.statement(uid))
    if row is None:
        suffix = f".{form}" if form else ""
        moved = await visit.moved(uid, "statement", lambda new: visit.links.statement(new, suffix))
        return moved or await visit.refusal(
            404, "No such statement", "There is no statement with this address. It may have been mistyped."
        )
    if row["withdrawn"] is not None:
        return await visit.refusal(410, "This statement was withdrawn", row["withdrawn"], withdrawn=True)
    return row


async def occurrence_page(visit: Visit) -> Response:
    """`/o/UID`: one occurrence in its passage; `.json` is a W3C Web Annotation."""
    uid = visit.variables["uid"]
    row = await visit.archive.row(pages.occurrence(uid))
    if row is None:
        form = visit.variables.get("format")
        moved = await visit.moved(
            uid, "occurrence", lambda new: visit.links.occurrence(new, f".{form}" if form else "")
        )
        return moved or await visit.refusal(
            404, "No such occurrence", "There is no quote with this address. It may have been mistyped."
        )
    if row["withdrawn"] is not None:
        return await visit.refusal(410, "This quote was withdrawn", row["withdrawn"], withdrawn=True)
    links = visit.links
    if visit.variables.get("format") == "json":
        statement = links.absolute(links.statement(row["statement_uid"])) if row["statement_uid"] else None
        note = annotation(row, links.absolute(links.occurrence(uid)), statement)
        return visit.json(note, content_type="application/ld+json")
    return await visit.page("occurrence.html", {"seen": _seen(row, None)})


# ------------------------------------------------------------------ parts of a page


def _seen(row: Row, first: str | None) -> Seen:
    url = web_url(row["url"])
    link = url and text_fragment(url, row["quoted"], row["passage_before"], row["passage_after"])
    return Seen(row, pieces(row), read_spans(row["spans"]), link, later(first, row["published"]))


def _told(seen: Sequence[Seen]) -> list[Told]:
    """Occurrences in order of time; those of reprints with the earliest of their article.

    A reprint of other words (an outlet cut the quote), or of another speaker, stands for itself.
    """
    told: dict[tuple[object, ...], Told] = {}
    for each in seen:
        article = each.row["reprint_of"] or each.row["article_id"]
        key = article, same_words(each.row["content"]), each.row["speaker"]
        if key in told:
            told[key].reprints.append(each)
        else:
            told[key] = Told(each)
    return list(told.values())


def _variants(card: QuoteCard, seen: Sequence[Seen]) -> list[Variant]:
    """The wordings, the canonical one first, then by number of occurrences; punctuation makes none."""
    variants = {same_words(card.text): Variant(card.text, None)}
    for each in seen:
        text = each.row["content"]
        words = same_words(text)
        if words not in variants:
            variants[words] = Variant(text, word_differences(card.text, text))
        variants[words].seen.append(each)
    canonical, *others = variants.values()
    return [canonical, *sorted(others, key=lambda variant: -len(variant.seen))]


async def _edges(visit: Visit, statement_id: int) -> list[Row]:
    if "edges" not in visit.archive.tables:
        return []
    return await visit.archive.rows(pages.statement_edges(statement_id))


def _neighbours(visit: Visit, edges: Sequence[Row]) -> list[Neighbour]:
    """The most telling pair with each other statement: told apart by an edit, else the most similar."""
    found: dict[str, Neighbour] = {}
    for row in edges:
        if not row["other_uid"] or row["similarity"] < NEAR_SIMILARITY:
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


async def _corrections(visit: Visit, uid: str) -> list[Row]:
    if "corrections" not in visit.archive.tables:
        return []
    return await visit.archive.rows(pages.statement_corrections(uid))


def _statement_json(visit: Visit, card: QuoteCard, seen: Sequence[Seen]) -> dict[str, Any]:
    links = visit.links
    speaker = card.speaker_link and links.absolute(card.speaker_link)
    return {
        **statement_data(card),
        "speaker_url": speaker,
        "embed_url": card.embed_url,
        "occurrences": [
            {
                "uid": each.row["uid"],
                "url": links.absolute(links.occurrence(each.row["uid"])),
                "text": each.row["content"],
                "type": each.row["type"],
                "speaker": each.row["speaker"],
                "source": each.row["source_text"],
                "cue": each.row["cue"],
                "role": each.row["role"],
                "organisation": each.row["organisation"],
                "outlet": each.row["outlet"],
                "title": each.row["title"],
                "published": each.row["published"],
                "article_url": web_url(each.row["url"]),
                "content_spans": [[span.start, span.end] for span in each.spans.content],
                "passage_before": each.row["passage_before"],
                "passage_after": each.row["passage_after"],
                "confidence": each.row["confidence"],
                "rule": each.row["rule"],
                "language": each.row["language"],
            }
            for each in seen
        ],
    }
