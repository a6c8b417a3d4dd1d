"""The public change log: what was corrected, when and why, as a page and a feed."""

from __future__ import annotations

from dataclasses import dataclass

from datasette.utils.asgi import Response

from quotetrack.plugin.archive import Row
from quotetrack.plugin.atom import element, moment, new_feed, written
from quotetrack.plugin.page import Visit, clean
from quotetrack.plugin.wording import shorten
from quotetrack.queries.changes import ACTIONS, changes

SIZE = 50  # changes on a page and in the feed
LAST_PAGE = 10_000
TITLE = 120  # code points of a statement as it is named here


@dataclass(frozen=True, slots=True)
class Change:
    """title: of the page it concerns, shortened; link, other_link: addresses of pages, None for none."""

    row: Row
    what: str
    title: str
    link: str
    other_link: str | None


async def changes_page(visit: Visit) -> Response:
    """`/-/changes`, and as `.atom` for those who follow it."""
    page = visit.argument("page")
    number = min(int(page), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    number = max(number, 1) if visit.variables.get("format") is None else 1
    found = await _changes(visit, number)
    if visit.variables.get("format") == "atom":
        return _feed(visit, found[:SIZE])
    context = {"changes": found[:SIZE], "page": number, "more": len(found) > SIZE}
    return await visit.page("changes.html", context)


async def _changes(visit: Visit, page: int) -> list[Change]:
    if "changes" not in visit.archive.tables:
        return []
    rows = await visit.archive.rows(changes(SIZE + 1, (page - 1) * SIZE))
    links = visit.links
    address = {"statement": links.statement, "quote": links.occurrence, "person": links.person}
    found = []
    for row in rows:
        other = links.statement if row["kind"] == "statement" else links.person
        title = shorten(row["title"], TITLE) if row["title"] else f"this {row['kind']}"
        what = ACTIONS.get(row["action"]) or str(row["action"])
        other_link = other(row["other"]) if row["other"] else None
        found.append(Change(row, what, title, address[row["kind"]](row["subject"]), other_link))
    return found


def _feed(visit: Visit, found: list[Change]) -> Response:
    links = visit.links
    here, page = links.absolute(links.path("/-/changes.atom")), links.absolute(links.path("/-/changes"))
    root = new_feed(f"{clean(visit.site)}: corrections", here, page, found[0].row["when"] if found else None)
    element(element(root, "author"), "name", clean(visit.site))
    for change in found:
        entry = element(root, "entry")
        element(entry, "title", clean(f"{change.what}: {change.title}"))
        element(entry, "id", f"{page}#c{change.row['number']}")
        element(entry, "updated", moment(change.row["when"]))
        element(entry, "link", rel="alternate", href=links.absolute(change.link), type="text/html")
        element(entry, "content", clean(change.row["reason"]), type="text")
    return visit.data(written(root), "application/atom+xml")
