"""Finding statements: the window of newest matches, and one page of it."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from quotetrack.plugin.archive import Archive, Row
from quotetrack.plugin.card import QuoteCard, quote_card
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
    """One page of results. total: statements matched, at most WINDOW; more: there are others."""

    cards: list[tuple[QuoteCard, Row]]
    ids: list[int]
    months: list[tuple[str, int]]
    more: bool
    page: int

    @property
    def total(self) -> int:
        return len(self.ids)


def hopeless(search: Search) -> bool:
    """Whether words were typed, but none to look for: marks alone, or exclusions alone."""
    return bool(search.q) and not search.match


async def find(visit: Visit, search: Search, page: int, size: int, *, snippets: bool = False) -> Found:
    """One page of a search; snippets cost as much as the search and are made for readers alone."""
    if hopeless(search):
        return Found([], [], [], more=False, page=1)
    look = _published if visit.archive.chronological else _worked
    ids, months = await look(visit.archive, search)
    more, ids = len(ids) > WINDOW, ids[:WINDOW]
    page = min(max(page, 1), max(-(-len(ids) // size), 1))
    shown = search if snippets else Search()
    rows = await visit.archive.rows(search_rows(shown, ids[(page - 1) * size : page * size]))
    cards = [(quote_card(row, visit.links), row) for row in rows]
    return Found(cards, ids, [(month, n) for month, n in months.items() if month], more, page)


async def _worked(archive: Archive, search: Search) -> tuple[list[int], Mapping[str, int]]:
    """Ids of the window and the statements of each month, in an archive that is worked on."""
    window = await archive.many_rows(search_window(search))
    months = Counter((row["first_published"] or "")[:7] for row in window[:WINDOW])
    return [row["id"] for row in window], months


async def _published(archive: Archive, search: Search) -> tuple[list[int], Mapping[str, int]]:
    """The same in a public copy, from its index of words alone."""
    named: dict[str, list[int]] = {}
    for row in await archive.rows(named_ids(search)):
        named.setdefault(row["filter"], []).append(row["id"])
    (row,) = await archive.rows(published_window(search, named))
    ids: list[int] = json.loads(row["ids"])
    firsts = await archive.remembered(month_ranges())
    dated = sorted(ids[:WINDOW])
    starts = [bisect_left(dated, each["first_id"]) for each in firsts] + [len(dated)]
    counts = {
        each["month"]: end - start for each, start, end in zip(firsts, starts, starts[1:], strict=False)
    }
    return ids, {month: n for month, n in counts.items() if n}
