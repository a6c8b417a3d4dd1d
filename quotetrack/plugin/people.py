"""The front page and the pages of people, organisations and outlets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datasette.utils.asgi import Response

from quotetrack.plugin.archive import Row
from quotetrack.plugin.card import QuoteCard, quote_card
from quotetrack.plugin.charts import Chart, Multiples, month_chart, small_multiples, stretches
from quotetrack.plugin.links import Links
from quotetrack.plugin.page import Visit
from quotetrack.plugin.posts import posts
from quotetrack.plugin.search import statement_data
from quotetrack.queries import WINDOW, pages

FRONT_SIZE = 12  # statements on the front page
LATEST = 10  # statements on a speaker's, an organisation's or an outlet's page
TOP = 10  # sources whose share says how concentrated an outlet's quotes are
ENOUGH = 20  # quotes from which on such a share says anything
FRONT_LEAST = 3  # verbatim ones without which it shows whatever is newest


async def home_page(visit: Visit) -> Response:
    """`/`: the search box, the newest statements, who is quoted most, the outlets."""
    remember = visit.archive.remembered
    (counts,) = await remember(pages.counts())
    verbatim = await remember(pages.newest_verbatim(FRONT_SIZE))
    chosen = len(verbatim) >= min(FRONT_LEAST, counts["statements"])
    newest = verbatim if chosen else await visit.archive.rows(pages.newest_statements(FRONT_SIZE))
    return await visit.page(
        "home.html",
        {
            "counts": counts,
            "cards": [quote_card(row, visit.links) for row in newest],
            "verbatim": chosen and bool(newest),
            "speakers": await remember(pages.most_quoted()),
            "window": WINDOW,
            "outlets": await remember(pages.largest_outlets()),
        },
    )


async def person_page(visit: Visit) -> Response:
    """`/person/UID`: affiliations over time, quotes over time, outlets, company, statements."""
    uid, links = visit.variables["uid"], visit.links
    row = await visit.archive.row(pages.person(uid))
    if row is None:
        moved = await visit.moved(uid, "person", links.person)
        return moved or await visit.refusal(404, "No such speaker", "There is nobody with this address.")
    key = row["id"]
    asked = [
        pages.person_names(key),
        pages.person_affiliations(key),
        pages.person_months(key),
        pages.person_outlets(key),
    ]
    if visit.variables.get("format") == "json":
        asked.append(pages.person_statements(key))
        names, affiliations, months, outlets, rows = await visit.archive.all_rows(*asked)
        return visit.json(
            {
                "uid": row["uid"],
                "name": row["name"],
                "kind": row["kind"],
                "wikidata": row["wikidata"],
                "names": [row["name"], *_others(names, row["name"])],
                "affiliations": affiliations,
                "months": months,
                "outlets": outlets,
                "statements": [statement_data(each, links) for each in rows],
                "url": links.absolute(links.person(uid)),
            }
        )
    names, affiliations, months, outlets, over_time, beside, latest, repeated = await visit.archive.all_rows(
        *asked,
        pages.person_outlet_months(key),
        pages.person_beside(key),
        pages.person_statements(key, LATEST),
        pages.person_statements(key, 5, repeated=True),
    )
    found = posts(affiliations)
    return await visit.page(
        "person.html",
        {
            "person": row,
            "names": _others(names, row["name"]),
            "posts": found,
            "stretches": stretches([(post.first_seen, post.last_seen) for post in found]),
            "chart": _chart(months, "statements"),
            "outlets": outlets,
            "multiples": _multiples(over_time, "id"),
            "beside": beside,
            "cards": _cards(latest, links),
            "repeated": _cards(repeated, links),
        },
    )


def _others(names: Sequence[Row], name: str) -> list[str]:
    return [each["name"] for each in names if each["name"] != name]


async def organisation_page(visit: Visit) -> Response:
    """`/organisation/UID`: who spoke for it, in which role, and what they said."""
    uid, links = visit.variables["uid"], visit.links
    row = await visit.archive.row(pages.organisation(uid))
    if row is None:
        moved = await visit.moved(uid, "organisation", links.organisation)
        return moved or await visit.refusal(
            404, "No such organisation", "There is no organisation with this address."
        )
    key = row["id"]
    people, months, over_time, beside, repeated, latest = await visit.archive.all_rows(
        pages.organisation_people(key),
        pages.organisation_months(key),
        pages.organisation_outlet_months(key),
        pages.organisation_beside(key),
        pages.organisation_repeated(key),
        pages.organisation_statements(key, LATEST),
    )
    return await visit.page(
        "organisation.html",
        {
            "organisation": row,
            "people": people,
            "stretches": stretches([(each["first_seen"], each["last_seen"]) for each in people]),
            "chart": _chart(months, "statements"),
            "multiples": _multiples(over_time, "id"),
            "beside": beside,
            "repeated": _cards(repeated, links),
            "cards": _cards(latest, links),
        },
    )


async def outlet_page(visit: Visit) -> Response:
    """`/outlet/ID`: whom it quotes most, how concentrated that is, what it published first."""
    key = int(visit.variables["id"])
    outlets, sources, months, over_time, first = await visit.archive.all_rows(
        pages.outlet(key),
        pages.outlet_sources(key),
        pages.outlet_months(key),
        pages.outlet_source_months(key),
        pages.outlet_statements(key, LATEST),
    )
    if not outlets:
        return await visit.refusal(404, "No such outlet", "There is no outlet with this address.")
    return await visit.page(
        "outlet.html",
        {
            "outlet": outlets[0],
            "sources": sources,
            "concentration": concentration(sources),
            "chart": _chart(months, "quotes"),
            "multiples": _multiples(over_time, "uid"),
            "cards": _cards(first, visit.links),
        },
    )


@dataclass(frozen=True, slots=True)
class Concentration:
    """How an outlet's quotes are spread over its sources.

    share: of the TOP most quoted, in percent; index: Herfindahl-Hirschman, the sum of squared shares, from 0
    (everybody once) to 1 (one source alone); equals: so many sources, quoted equally often, have that index.
    """

    share: int
    index: float
    equals: int
    speakers: int
    total: int
    top: int = TOP


def concentration(sources: Sequence[Row]) -> Concentration | None:
    """Of rows of queries' outlet_sources; None below ENOUGH quotes."""
    if not sources or sources[0]["total"] < ENOUGH:
        return None
    total, squares = sources[0]["total"], sources[0]["squares"]
    top = sum(row["n"] for row in sources[:TOP])
    return Concentration(
        round(100 * top / total), squares / total**2, round(total**2 / squares), sources[0]["speakers"], total
    )


def _multiples(rows: Sequence[Row], key: str) -> Multiples | None:
    return small_multiples([(str(r[key]), r["name"], r["month"], r["n"]) for r in rows], "quotes")


def _cards(rows: Sequence[Row], links: Links) -> list[QuoteCard]:
    return [quote_card(row, links) for row in rows]


def _chart(rows: Sequence[Row], what: str) -> Chart | None:
    return month_chart([(row["month"], row["n"]) for row in rows], what)
