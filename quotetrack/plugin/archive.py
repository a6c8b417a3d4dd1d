"""The database the site reads: found by its tables, asked through Datasette's own connections."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.database import Database, QueryInterrupted
from datasette.utils import sqlite_timelimit

from quotetrack.plugin.words import Vocabulary
from quotetrack.queries import Query

if TYPE_CHECKING:
    from datasette.app import Datasette  # while Datasette loads its plugins it is not whole yet


Row = Mapping[str, Any]

PUBLIC = 0x71747270  # "qtrp", the application_id of a public copy
REMEMBERED = 60.0  # seconds
MEMORY = 100  # answers; a key may hold the ids of a whole search window, 40 kB
_NEEDED = {"statements", "occurrences", "articles", "people", "outlets", "statements_fts"}
_NEEDED |= {"facets", "statement_cards", "person_counts", "outlet_source_counts"}  # what former versions lack


class TooSlowError(Exception):
    """A query ran into Datasette's time limit."""


@dataclass(frozen=True)
class Archive:
    """One database with quotetrack's tables.

    tables: those and the views it has (a public copy has fewer); chronological: its ids follow the dates
    of publication, as a public copy's do, so that the highest ids are the newest statements, and its
    filters are words; words: of the statements.
    """

    database: Database
    tables: frozenset[str]
    chronological: bool
    words: Vocabulary = field(repr=False)
    _memory: dict[tuple[object, ...], tuple[list[Row], float]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return str(self.database.name)

    @property
    def version(self) -> str:
        """Another one whenever the archive was written to: when its files were, and how long they are."""
        files = [Path(f"{self.database.path}{suffix}") for suffix in ("", "-wal")]
        written = [file.stat() for file in files if file.is_file()]
        return " ".join(f"{each.st_mtime_ns} {each.st_size}" for each in written)

    async def rows(self, query: Query) -> list[Row]:
        """All rows of a query. Raises TooSlowError after Datasette's `sql_time_limit_ms`."""
        return [dict(row) for row in await self.many_rows(query)]

    async def many_rows(self, query: Query) -> list[sqlite3.Row]:
        """The same as SQLite gives them: dicts of 5,000 rows take as long as finding them."""
        try:
            results = await self.database.execute(*query)
        except QueryInterrupted as interrupted:
            raise TooSlowError from interrupted
        return list(results.rows)

    async def all_rows(self, *queries: Query) -> list[list[Row]]:
        """The rows of several queries, asked in one go: each way to a thread and back takes as long as a
        small query. Raises TooSlowError as `rows` does, for each of them.
        """

        def ask(conn: sqlite3.Connection) -> list[list[Row]]:
            answers: list[list[Row]] = []
            for query in queries:
                with sqlite_timelimit(conn, self.database.ds.sql_time_limit_ms):
                    answers.append([dict(row) for row in conn.execute(*query)])
            return answers

        try:
            rows: list[list[Row]] = await self.database.execute_fn(ask)
        except sqlite3.OperationalError as problem:
            if problem.args == ("interrupted",):
                raise TooSlowError from problem
            raise
        return rows

    async def remembered(self, query: Query) -> list[Row]:
        """The rows of a query over many rows, asked again after REMEMBERED seconds."""
        key = (query[0], *query[1].values())
        rows, asked = self._memory.pop(key, ([], -REMEMBERED))
        if monotonic() - asked >= REMEMBERED:
            rows, asked = await self.rows(query), monotonic()
        self._memory[key] = rows, asked
        if len(self._memory) > MEMORY:
            del self._memory[next(iter(self._memory))]  # the one that was not asked for the longest
        return rows

    async def row(self, query: Query) -> Row | None:
        """The first row, None when there is none."""
        rows = await self.rows(query)
        return rows[0] if rows else None


_archives: WeakKeyDictionary[Datasette, Archive] = WeakKeyDictionary()


async def find_archive(datasette: Datasette) -> Archive | None:
    """The first database that has quotetrack's tables, remembered once it was found."""
    known = _archives.get(datasette)
    if known is not None and datasette.databases.get(known.name) is known.database:
        return known
    for database in list(datasette.databases.values()):
        try:
            tables = frozenset([*await database.table_names(), *await database.view_names()])
        except sqlite3.DatabaseError:
            continue  # not a database at all: Datasette's own pages say so
        if tables >= _NEEDED:
            (kind,) = (await database.execute("pragma application_id")).first()
            words = Vocabulary(database, listed="statement_words" in tables)
            _archives[datasette] = Archive(database, tables, kind == PUBLIC, words)
            return _archives[datasette]
    return None


def found_archive(datasette: Datasette) -> Archive | None:
    """The archive `find_archive` has found already, for hooks that cannot wait."""
    return _archives.get(datasette)
