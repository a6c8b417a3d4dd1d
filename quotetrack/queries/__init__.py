"""Reading the archive: every function gives `(sql, params)` and does no I/O.

The plugin runs them through Datasette, the commands `search` and `who` through sqlite3.
"""

from quotetrack.queries.days import read_day
from quotetrack.queries.fts import fts_query, name_query, plain_words, similar_name_query, widened
from quotetrack.queries.names import Query, organisations_named, people_named, similar_names
from quotetrack.queries.published import BEST, month_ranges, named_ids, published_window
from quotetrack.queries.search import (
    FACETED,
    MARK_END,
    MARK_START,
    UNKNOWN,
    WINDOW,
    Search,
    matches_of_words,
    search_facets,
    search_rows,
    search_window,
)

__all__ = [
    "BEST",
    "FACETED",
    "MARK_END",
    "MARK_START",
    "UNKNOWN",
    "WINDOW",
    "Query",
    "Search",
    "fts_query",
    "matches_of_words",
    "month_ranges",
    "name_query",
    "named_ids",
    "organisations_named",
    "people_named",
    "plain_words",
    "published_window",
    "read_day",
    "search_facets",
    "search_rows",
    "search_window",
    "similar_name_query",
    "similar_names",
    "widened",
]
