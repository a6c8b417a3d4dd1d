"""Searching: the page, and the same search as JSON, CSV and an Atom feed."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypedDict, get_args

from datasette.utils.asgi import AsgiStream, Response
from markupsafe import Markup, escape

from quotetrack.plugin.archive import Row
from quotetrack.plugin.atom import element, moment, new_feed, written
from quotetrack.plugin.card import QuoteCard
from quotetrack.plugin.charts import month_chart
from quotetrack.plugin.finding import Found, find, hopeless, look
from quotetrack.plugin.links import Links, asset
from quotetrack.plugin.page import Visit, clean
from quotetrack.plugin.wording import affiliation_words, language_code, language_name, language_tag, shorten
from quotetrack.queries import (
    BEST,
    FACETED,
    MARK_END,
    MARK_START,
    UNKNOWN,
    WINDOW,
    Search,
    matches_of_words,
    organisations_named,
    people_named,
    plain_words,
    read_day,
    search_facets,
    search_rows,
    similar_names,
    widened,
)
from quotetrack.types import QuoteType

PAGE_SIZE = 20
FEED_SIZE = 50
FEW = 20  # matches; below, statements with longer words are shown too
LONGER_WORDS = 8  # words that contain a typed one, and typed ones that are looked for so
MAX_EXPORT = 1000  # rows of one CSV or JSON answer
BATCH = 100  # rows of a CSV that are read and sent at once: other readers' requests come in between
LIKENESS = 0.7  # difflib ratio, 0 to 1, of a name worth suggesting: about one letter of four may differ
_WORD = re.compile(r"\w+")
_SPELT = re.compile(r"([aou])e")  # an umlaut written out
_FILTERS = ("speaker", "organisation", "role", "outlet", "language", "type", "since", "until", "confidence")


def read_search(visit: Visit) -> tuple[Search, dict[str, str]]:
    """The search of a request, and what is wrong with it: field -> why it was not asked."""
    text = {name: visit.argument(name)[:200] for name in (*_FILTERS, "sort")}
    wrong: dict[str, str] = {}
    days = {"since": "", "until": ""}
    for field in days:
        try:
            days[field] = read_day(text[field])
        except ValueError as error:
            wrong[field] = str(error)
    if text["type"] not in ("", *get_args(QuoteType)):
        wrong["type"] = f"“{shorten(text['type'], 40)}” is no type: direct, mixed or indirect"
    try:
        confidence = float(text["confidence"] or 0)
    except ValueError:
        confidence = math.nan
    if not 0 <= confidence <= 1:
        wrong["confidence"] = f"“{shorten(text['confidence'], 40)}” is not a number from 0 to 1"
    search = Search(
        q=visit.argument("q")[:1000],
        speaker=text["speaker"],
        organisation=text["organisation"],
        outlet=text["outlet"],
        role=text["role"],
        language=language_code(text["language"]),
        type="" if "type" in wrong else text["type"],  # type: ignore[arg-type]
        since=days["since"],
        until=days["until"],
        confidence=0.0 if "confidence" in wrong else confidence,
        sort="relevance" if text["sort"] == "relevance" else "newest",
    )
    return search, wrong


def arguments(search: Search) -> dict[str, str]:
    """The query string that asks for a search again."""
    values = {"q": search.q, **{name: getattr(search, name) for name in _FILTERS}}
    values["confidence"] = f"{search.confidence:g}" if search.confidence else ""
    values["sort"] = search.sort if search.sort != "newest" else ""
    return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Wider:
    """What a search of few matches finds when longer words count too ("Hafentunnel" for "tunnel").

    words: (word, the search for it); cards: statements that the search itself did not find; link: to all.
    """

    words: list[tuple[str, str]]
    cards: list[tuple[QuoteCard, Row]]
    link: str


async def widen(visit: Visit, search: Search, found: Found) -> Wider | None:
    """Statements with longer words, for plain words that fewer than FEW statements hold."""
    if found.total >= FEW or not plain_words(search.q):
        return None
    (words_alone,) = await visit.archive.rows(matches_of_words(search, FEW))
    if words_alone["n"] >= FEW:
        return None  # the words are common, and it is a filter that leaves few
    longer = {
        word: [term for term, _ in await visit.archive.words.containing(word, LONGER_WORDS)]
        for word in plain_words(search.q)[:LONGER_WORDS]
    }
    wider = replace(search, q=widened(search.q, longer))
    if not any(longer.values()):
        return None
    more = await find(visit, wider, 1, FEW + PAGE_SIZE, snippets=True)
    known = {card.uid for card, _ in found.cards}
    cards = [pair for pair in more.cards if pair[0].uid not in known][:PAGE_SIZE]
    if not cards:
        return None
    asked = arguments(search)
    words = [
        (term, visit.links.search(**{**asked, "q": term})) for terms in longer.values() for term in terms
    ]
    return Wider(words, cards, visit.links.search(**arguments(wider)))


async def search_page(visit: Visit) -> Response | AsgiStream:
    """`/-/search`: what matches, newest first, with its facets and a histogram by month."""
    form = visit.variables.get("format")
    search, wrong = read_search(visit)
    if form == "json":
        return await _json(visit, search, wrong)
    if form == "csv":
        return await _csv(visit, search)
    if form == "atom":
        return await feed(visit)
    archive = visit.archive
    found = await look(archive, search, _number(visit.argument("page")), PAGE_SIZE)
    rows, counts, people = await archive.all_rows(
        search_rows(search, found.shown),
        search_facets(found.ids[:FACETED]),
        people_named(search.q if len(search.q) > 2 else "", 5, numbered=archive.chronological),
    )
    found = found.of(rows, visit.links)
    facets: dict[str, list[Row]] = {}
    for row in counts:
        label = language_name(row["value"]) if row["facet"] == "language" else row["label"]
        facets.setdefault(row["facet"], []).append({**row, "label": label})
    asked = arguments(search)
    chips = await _chips(visit, search, facets)
    return await visit.page(
        "search.html",
        {
            "search": search,
            "wrong": wrong,
            "typed": {name: visit.argument(name)[:200] for name in wrong},
            "found": found,
            "facets": facets,
            "asked": asked,
            "chips": chips,
            "named": {chip["field"]: chip["label"] for chip in chips},
            "window": WINDOW,
            "faceted": min(FACETED, WINDOW),
            "ranked": BEST if archive.chronological else WINDOW,
            "lately": "newest" if archive.chronological or not search.match else "last added",
            "snippet": marked_snippet,
            "variant": marked_variant,
            "name": marked_name,
            "page_size": PAGE_SIZE,
            "chart": month_chart(found.months, "statements"),
            "people": people,
            "suggestions": await suggestions(visit, search) if not found.total else [],
            "hopeless": hopeless(search),
            "wider": await widen(visit, search, found),
            "feed": visit.links.feed(**asked),
        },
    )


def marked_snippet(text: str | None, fallback: str = "") -> Markup:
    """A snippet with its matches in <mark>; everything else escaped. Sentinels in the text are dropped."""
    pieces = str(escape(text if text is not None else fallback))
    count = min(pieces.count(MARK_START), pieces.count(MARK_END))
    opened = pieces.replace(MARK_START, "<mark>", count).replace(MARK_END, "</mark>", count)
    safe = opened.replace(MARK_START, "").replace(MARK_END, "")
    return Markup(safe)  # noqa: S704 - escaped above, then only <mark> put in


def marked_variant(row: Row) -> Markup | None:
    """The matching words of another wording, where the canonical text does not hold them."""
    variant = row["variant_snippet"] or ""
    if MARK_START not in variant or MARK_START in (row["snippet"] or ""):
        return None
    return marked_snippet(next(line for line in variant.split("\n") if MARK_START in line))


def marked_name(row: Row) -> Markup | None:
    """The speaker's name, where a word of it matches."""
    name = row["marked_speaker"] or ""
    return marked_snippet(name) if MARK_START in name else None


async def suggestions(visit: Visit, search: Search) -> list[dict[str, str]]:
    """Names of the archive that look like what was typed: name, and the search that uses it."""
    found: dict[str, tuple[float, dict[str, str]]] = {}
    for field in ("speaker", "organisation", "q"):
        typed = getattr(search, field)
        if not typed or typed == UNKNOWN:
            continue
        bare = _bare(typed)
        for row in await visit.archive.rows(similar_names(typed)):
            likeness = _likeness(bare, _bare(row["name"]))
            organisation = row["kind"] == "affiliation"
            if likeness < LIKENESS or row["name"].casefold() == typed.casefold():
                continue
            if field != "q" and organisation != (field == "organisation"):
                continue
            asked = {**arguments(search), field: ""} | {
                "organisation" if organisation else "speaker": row["uid"]
            }
            if likeness > found.get(row["name"], (0.0, {}))[0]:
                found[row["name"]] = likeness, {"name": row["name"], "link": visit.links.search(**asked)}
    return [suggestion for _, suggestion in sorted(found.values(), key=lambda pair: -pair[0])[:5]]


def _bare(name: str) -> str:
    """A name as it may be typed on any keyboard: small letters without accents, "ue" and "ü" both "u"."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return _SPELT.sub(r"\1", "".join(c for c in text if not unicodedata.combining(c)))


def _likeness(typed: str, name: str) -> float:
    """The best ratio of what was typed with a name or one of its words ("merkl" is near "angela merkel" and
    "merkel-weber"), both bare.

    0 stands for anything below LIKENESS.
    """
    compared = SequenceMatcher(None, "", typed)
    best = 0.0
    for part in (name, *name.split(), *_WORD.findall(name)):
        compared.set_seq1(part)
        if min(compared.real_quick_ratio(), compared.quick_ratio()) >= LIKENESS:  # bounds, at a tenth
            best = max(best, compared.ratio())
    return best


async def _chips(visit: Visit, search: Search, facets: Mapping[str, list[Row]]) -> list[dict[str, str]]:
    """The filters in force, each with its name and the search without it."""
    asked = arguments(search)
    chips = []
    for field in _FILTERS:
        if field not in asked:
            continue
        value = asked[field]
        label = next((row["label"] for row in facets.get(field, []) if row["value"] == value), value)
        if label == value and field == "speaker":
            label = next(
                (r["name"] for r in await visit.archive.rows(people_named(value)) if r["uid"] == value), value
            )
        if label == value and field == "organisation":
            rows = await visit.archive.rows(organisations_named(value))
            label = next((row["name"] for row in rows if row["uid"] == value), value)
        if field == "language":
            label = language_name(value)
        if field == "confidence":
            label = f"at least {value}"
        chips.append({"field": field, "label": label, "link": visit.links.search(**{**asked, field: ""})})
    return chips


def _number(text: str, default: int = 1) -> int:
    """A number of pages or rows as it was typed; digits beyond the sixth make it no larger."""
    return max(int(text[:6]), 1) if text.isascii() and text.isdigit() else default


# ------------------------------------------------------------------ for other programs


class Statement(TypedDict):
    """A statement in lists of the JSON API, and the columns of its CSV."""

    uid: str
    text: str
    type: str
    language: str | None
    speaker: str | None
    speaker_url: str | None
    role: str | None
    organisation: str | None
    first_published: str | None
    first_outlet: str | None
    outlet_count: int
    occurrence_count: int
    independent_count: int
    url: str


def statement_data(row: Row, links: Links) -> Statement:
    """A statement (a row of queries' STATEMENT_COLUMNS) in lists of the JSON API."""
    known = affiliation_words(row["affiliation"])
    person = row["person_uid"]
    return {
        "uid": row["uid"],
        "text": row["canonical"],
        "type": row["type"] or "",
        "language": language_tag(row["language"]) or None,
        "speaker": row["speaker"] if person else None,
        "speaker_url": links.absolute(links.person(person)) if person else None,
        "role": known.get("role"),
        "organisation": known.get("organisation"),
        "first_published": row["first_published"],
        "first_outlet": row["first_outlet"],
        "outlet_count": row["outlet_count"],
        "occurrence_count": row["occurrence_count"],
        "independent_count": row["independent_count"],
        "url": links.absolute(links.statement(row["uid"])),
    }


def _size(visit: Visit) -> int:
    return min(_number(visit.argument("size"), PAGE_SIZE), MAX_EXPORT)


async def _json(visit: Visit, search: Search, wrong: Mapping[str, str]) -> Response:
    size = _size(visit)
    found = await look(visit.archive, search, _number(visit.argument("page")), size)
    rows = await visit.archive.rows(search_rows(Search(), found.shown))
    last = found.page * size >= found.total
    following = visit.links.search(".json", **arguments(search), page=str(found.page + 1), size=str(size))
    return visit.json(
        {
            "query": arguments(search),
            "not_asked": wrong,
            "count": found.total,
            "more_than_count": found.more,
            "page": found.page,
            "next": None if last else visit.links.absolute(following),
            "statements": [statement_data(row, visit.links) for row in rows],
        }
    )


async def _csv(visit: Visit, search: Search) -> Response | AsgiStream:
    found = await look(visit.archive, search, 1, MAX_EXPORT)
    columns = list(Statement.__annotations__)

    async def batches() -> AsyncIterator[list[list[object]]]:
        for at in range(0, len(found.shown), BATCH):
            rows = await visit.archive.rows(search_rows(Search(), found.shown[at : at + BATCH]))
            yield [list(statement_data(row, visit.links).values()) for row in rows]

    return visit.csv(columns, batches(), "quotetrack-search.csv", tag=json.dumps(found.shown))


async def openapi(visit: Visit) -> Response:
    """`/-/openapi.json`: the description of these answers, with this site's address."""
    described = json.loads(asset("openapi.json"))
    described["servers"] = [{"url": visit.links.absolute(visit.links.home()).rstrip("/")}]
    return visit.json(described)


async def feed(visit: Visit) -> Response:
    """`/-/feed.atom`: a saved search as an Atom feed, newest first."""
    search = replace(read_search(visit)[0], sort="newest")
    found = await find(visit, search, 1, FEED_SIZE)
    links, asked = visit.links, arguments(search)
    title = ", ".join(clean(str(value)) for value in asked.values()) or "newest statements"
    here, page = links.absolute(links.feed(**asked)), links.absolute(links.search(**asked))
    newest = found.cards[0][0].published if found.cards else None
    root = new_feed(f"quotetrack: {title}", here, page, newest)
    for card, _ in found.cards:
        entry = element(root, "entry")
        element(entry, "title", clean(card.title))
        element(entry, "id", card.url)
        element(entry, "updated", moment(card.published))
        element(entry, "link", rel="alternate", href=card.url, type="text/html")
        element(element(entry, "author"), "name", clean(card.speaker))
        element(entry, "content", clean(str(card.blockquote)), type="html")
    return visit.data(written(root), "application/atom+xml")
