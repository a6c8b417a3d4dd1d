"""The front page and the pages of people, organisations and outlets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datasette.utils.asgi import Response

from quotetrack.plugin.archive import Row
from quotetrack.plugin.card import QuoteCard, quote_card
from quotetrack.plugin.charts import Chart, Multiple, month_chart, small_multiples, stretches
from quotetrack.plugin.page import Visit
from quotetrack.plugin.posts import posts
from quotetrack.plugin.search import statement_data
from quotetrack.queries import WINDOW, Query, pages

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
    ask, uid = visit.archive.rows, visit.variables["uid"]
    row = await visit.archive.row(pages.person(uid))
    if row is None:
        moved = await visit.moved(uid, "person", visit.links.person)
        return moved or await visit.refusal(404, "No such speaker", "There is nobody with this address.")
    key = row["id"]
    names = [alias["name"] for alias in await ask(pages.person_names(key)) if alias["name"] != row["name"]]
    affiliations = await ask(pages.person_affiliations(key))
    statements = await _cards(visit, pages.person_statements(key))
    if visit.variables.get("format") == "json":
        return visit.json(
            {
                "uid": row["uid"],
                "name": row["name"],
                "kind": row["kind"],
                "wikidata": row["wikidata"],
                "names": [row["name"], *names],
                "affiliations": affiliations,
                "months": await ask(pages.person_months(key)),
                "outlets": await ask(pages.person_outlets(key)),
                "statements": [statement_data(card) for card in statements],
                "url": visit.links.absolute(visit.links.person(uid)),
            }
        )
    found = posts(affiliations)
    return await visit.page(
        "person.html",
        {
            "person": row,
            "names": names,
            "posts": found,
            "stretches": stretches([(post.first_seen, post.last_seen) for post in found]),
            "chart": await _chart(visit, pages.person_months(key), "statements"),
            "outlets": await ask(pages.person_outlets(key)),
            "multiples": await _multiples(visit, pages.person_outlet_months(key), "id"),
            "beside": await ask(pages.person_beside(key)),
            "cards": statements[:LATEST],
            "repeated": await _cards(visit, pages.person_statements(key, 5, repeated=True)),
        },
    )


async def organisation_page(visit: Visit) -> Response:
    """`/organisation/UID`: who spoke for it, in which role, and what they said."""
    uid = visit.variables["uid"]
    row = await visit.archive.row(pages.organisation(uid))
    if row is None:
        moved = await visit.moved(uid, "organisation", visit.links.organisation)
        return moved or await visit.refusal(
            404, "No such organisation", "There is no organisation with this address."
        )
    key, ask = row["id"], visit.archive.rows
    people = await ask(pages.organisation_people(key))
    return await visit.page(
        "organisation.html",
        {
            "organisation": row,
            "people": people,
            "stretches": stretches([(each["first_seen"], each["last_seen"]) for each in people]),
            "chart": await _chart(visit, pages.organisation_months(key), "statements"),
            "multiples": await _multiples(visit, pages.organisation_outlet_months(key), "id"),
            "beside": await ask(pages.organisation_beside(key)),
            "repeated": await _cards(visit, pages.organisation_repeated(key)),
            "cards": await _cards(visit, pages.organisation_statements(key, LATEST)),
        },
    )


async def outlet_page(visit: Visit) -> Response:
    """`/outlet/ID`: whom it quotes most, how concentrated that is, what it published first."""
    key = int(visit.variables["id"])
    row = await visit.archive.row(pages.outlet(key))
    if row is None:
        return await visit.refusal(404, "No such outlet", "There is no outlet with this address.")
    sources = await visit.archive.remembered(pages.outlet_sources(key))
    return await visit.page(
        "outlet.html",
        {
            "outlet": row,
            "sources": sources,
            "concentration": concentration(sources),
            "chart": await _chart(visit, pages.outlet_months(key), "quotes"),
            "multiples": await _multiples(visit, pages.outlet_source_months(key), "uid"),
            "cards": await _cards(visit, pages.outlet_statements(key, LATEST)),
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


async def _multiples(visit: Visit, query: Query, key: str) -> list[Multiple]:
    rows = await visit.archive.remembered(query)
    return small_multiples([(str(r[key]), r["name"], r["month"], r["n"]) for r in rows], "quotes")


async def _cards(visit: Visit, query: Query) -> list[QuoteCard]:
    return [quote_card(row, visit.links) for row in await visit.archive.rows(query)]


async def _chart(visit: Visit, query: Query, what: str) -> Chart | None:
    months = [(row["month"], row["n"]) for row in await visit.archive.rows(query)]
    return month_chart(months, what)
