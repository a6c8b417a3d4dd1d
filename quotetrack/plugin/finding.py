"""Finding statements: the window of newest matches, and one page of it."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quotetrack.plugin.archive import Archive, Row
from quotetrack.plugin.card import QuoteCard, quote_card
from quotetrack.plugin.links import Links
from quotetrack.plugin.page import Visit
from quotetrack.queries import (
    WINDOW,
    Search,
    month_ranges,
    named_ids,
    published_window,
    search_rows,
    search_window,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The statements that match and those of one page. ids: of the matches, at most WINDOW; more: there are
    others; cards: with their rows, as long as nobody asked for them empty."""

    ids: list[int]
    months: list[tuple[str, int]]
    more: bool
    page: int
    size: int
    cards: list[tuple[QuoteCard, Row]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.ids)

    @property
    def shown(self) -> list[int]:
        """The ids of this page."""
        return self.ids[(self.page - 1) * self.size : self.page * self.size]

    def of(self, rows: Sequence[Row], links: Links) -> Found:
        """With the rows of the statements on this page."""
        return replace(self, cards=[(quote_card(row, links), row) for row in rows])


def hopeless(search: Search) -> bool:
    """Whether words were typed, but none to look for: marks alone, or exclusions alone."""
    return bool(search.q) and not search.match


async def look(archive: Archive, search: Search, page: int, size: int) -> Found:
    """What matches, without the statements themselves."""
    if hopeless(search):
        return Found([], [], more=False, page=1, size=size)
    ids, months = await (_published if archive.chronological else _worked)(archive, search)
    more, ids = len(ids) > WINDOW, ids[:WINDOW]
    page = min(max(page, 1), max(-(-len(ids) // size), 1))
    return Found(ids, [(month, n) for month, n in months.items() if month], more, page, size)


async def find(visit: Visit, search: Search, page: int, size: int, *, snippets: bool = False) -> Found:
    """One page of a search; snippets cost as much as the search and are made for readers alone."""
    found = await look(visit.archive, search, page, size)
    rows = await visit.archive.rows(search_rows(search if snippets else Search(), found.shown))
    return found.of(rows, visit.links)


async def _worked(archive: Archive, search: Search) -> tuple[list[int], Mapping[str, int]]:
    """Ids of the window and the statements of each month, in an archive that is worked on."""
    window = await archive.many_rows(search_window(search))
    months = Counter((row["first_published"] or "")[:7] for row in window[:WINDOW])
    return [row["id"] for row in window], months


async def _published(archive: Archive, search: Search) -> tuple[list[int], Mapping[str, int]]:
    """The same in a public copy, from its index of words alone."""
    named: dict[str, list[int]] = {}
    if query := named_ids(search):
        for row in await archive.rows(query):
            named.setdefault(row["filter"], []).append(row["id"])
    (row,) = await archive.rows(published_window(search, named))
    ids: list[int] = json.loads(row["ids"])
    firsts = await archive.remembered(month_ranges())
    dated = sorted(ids[:WINDOW])
    starts = [bisect_left(dated, each["first_id"]) for each in firsts] + [len(dated)]
    counts = {
        each["month"]: end - start for each, start, end in zip(firsts, starts, starts[1:], strict=False)
    }
    if row["best"]:
        best: list[int] = json.loads(row["best"])
        ids = best + ids[len(best) :]  # the best come from the newest, however they are ordered
    return ids, {month: n for month, n in counts.items() if n}
