"""The statement and occurrence pages and their formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from datasette.utils.asgi import Response

from quotetrack.plugin.archive import Row
from quotetrack.plugin.card import QuoteCard, quote_card
from quotetrack.plugin.citations import Citation, annotation, cited, json_in_html, quotation
from quotetrack.plugin.edits import KINDS
from quotetrack.plugin.links import web_url
from quotetrack.plugin.page import Visit
from quotetrack.plugin.picture import Picture, card_picture
from quotetrack.plugin.search import statement_data
from quotetrack.plugin.seen import Seen, see, tell
from quotetrack.plugin.wording import today
from quotetrack.plugin.wordings import find_neighbours, find_revisions, find_variants
from quotetrack.queries import links, pages

# A page stays below 60 kB however often a statement was repeated: its JSON has the rest.
WORDINGS = 10
PASSAGES, LINES = 8, 20  # occurrences shown in their passage, and by a line each
CHARACTERS = 6000  # of wordings, and of passages: beyond, fewer of them are shown


async def statement_page(visit: Visit) -> Response:
    """`/s/UID` and its formats: json, csl.json, bib, wiki, txt."""
    uid, form = visit.variables["uid"], visit.variables.get("format") or ""
    row = await _statement(visit, uid, form)
    if isinstance(row, Response):
        return row
    rows = await visit.archive.rows(pages.statement_occurrences(row["id"]))
    copies = await _copies(visit, row["id"])
    seen = [
        see(occurrence, row["first_published"], copies.get(occurrence["article_id"]))
        for occurrence in rows
        if not occurrence["withdrawn"]
    ]
    corrections = await visit.corrections(uid)
    card = quote_card(row, visit.links, corrected=bool(corrections))
    citation = _citation(visit, card, seen)
    match form:
        case "json":
            return visit.json(_statement_json(visit, row, card.embed_url, seen))
        case "csl.json":
            return visit.json(citation.csl, content_type="application/vnd.citationstyles.csl+json")
        case "bib":
            return visit.data(citation.bibtex, "application/x-bibtex")
        case "wiki":
            return visit.data(citation.wiki, "text/plain")
        case "txt":
            return visit.data(citation.plain + "\n", "text/plain")
        case "png":
            return await visit.picture(card_picture(card, visit.site))
    edges = (
        await visit.archive.rows(pages.statement_edges(row["id"])) if "edges" in visit.archive.tables else []
    )
    variants = await find_variants(visit, card, seen)
    worded = _fitting([len(variant.text) for variant in variants], WORDINGS)
    told = tell(seen)
    whole = _fitting([sum(len(piece.text) for piece in one.first.pieces) for one in told], PASSAGES)
    author_url = visit.links.absolute(card.speaker_link) if card.speaker_link else None
    return await visit.page(
        "statement.html",
        {
            "card": card,
            "seen": seen,
            "told": told[:whole],
            "listed": told[whole : whole + LINES],
            "shown": sum(1 + len(one.reprints) for one in told[: whole + LINES]),
            "gone": len(rows) - len(seen),
            "wordings": len(variants),
            "variants": variants[:worded],
            "changed": {
                kind: [n for n, variant in enumerate(variants[:worded], 1) if kind in variant.edits]
                for kind in KINDS
            },
            "speakers": _speakers(seen),
            "linked": _linked(await visit.archive.rows(links.statement_links(uid))),
            "revisions": await find_revisions(visit, uid, card.language),
            "neighbours": find_neighbours(visit, edges),
            "outlet_of": {each.row["uid"]: each.outlet for each in seen},
            "reasons": [edge for edge in edges if not edge["other_uid"]],
            "corrections": corrections,
            "citation": citation,
            "citations": [replace(citation, readers=code) for code in cited()],
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
        title = "This statement was withdrawn"
        if form == "png":
            return await visit.picture(Picture(title, role=row["withdrawn"], site=visit.site), 410)
        return await visit.refusal(410, title, row["withdrawn"], withdrawn=True)
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
    if visit.variables.get("format") in ("json", "jsonld"):
        ours = visit.links
        statement = ours.absolute(ours.statement(row["statement_uid"])) if row["statement_uid"] else None
        note = annotation(row, ours.absolute(ours.occurrence(uid)), statement)
        return visit.json(note, content_type="application/ld+json")
    return await visit.page("occurrence.html", {"seen": see(row)})


# ------------------------------------------------------------------ parts of a page


def _fitting(lengths: Sequence[int], most: int) -> int:
    """How many texts of these lengths are shown: at most `most`, of CHARACTERS together, and one at least."""
    return max(sum(1 for total in accumulate(lengths[:most]) if total <= CHARACTERS), 1)


async def _copies(visit: Visit, statement_id: int) -> dict[int, str]:
    if "article_copies" not in visit.archive.tables:
        return {}
    rows = await visit.archive.rows(pages.article_copies(statement_id))
    return {row["article"]: row["url"] for row in rows}


def _citation(visit: Visit, card: QuoteCard, seen: Sequence[Seen]) -> Citation:
    """For the readers whose language is asked for (`?lang=de`), else the first there are words for."""
    asked = visit.argument("lang")
    return Citation(card, seen[0].row if seen else None, today(), asked if asked in cited() else cited()[0])


def _speakers(seen: Sequence[Seen]) -> list[tuple[str, list[str]]]:
    """Whom the outlets name, each with the outlets that do; empty where they agree."""
    named: dict[str, list[str]] = {}
    for each in seen:
        if each.row["speaker"]:
            outlets = named.setdefault(each.speaker, [])
            if each.outlet not in outlets:
                outlets.append(each.outlet)
    return list(named.items()) if len(named) > 1 else []


def _linked(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Other statements this one is linked to, by how: what was said before, again, in another language."""
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], []).append(row)
    return kinds


def _statement_json(visit: Visit, row: Row, embed_url: str, seen: Sequence[Seen]) -> dict[str, Any]:
    ours = visit.links
    return {
        **statement_data(row, ours),
        "embed_url": embed_url,
        "occurrences": [
            {
                "uid": each.row["uid"],
                "url": ours.absolute(ours.occurrence(each.row["uid"])),
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
