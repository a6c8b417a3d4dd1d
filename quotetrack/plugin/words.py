"""The words of the archive, to find those that contain a typed one: "Hafentunnel" for "tunnel".

Full text finds whole words and their beginnings. A public copy has a list of its words, which is read when
it is first needed. FTS5 can list them too, but counts through the whole index to do so (0.4 s at 300,000
statements), so those of an archive that is worked on are read in pieces, beside the requests.
"""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from time import monotonic

from datasette.database import Database

PIECE = 4000  # words read at once, about 20 ms
PATIENCE = 0.25  # seconds that a request waits for the reading; then it uses what has been read
AGE = 600.0  # seconds after which the words of a database that can change are read again
_LISTED = (
    "create virtual table if not exists temp.statement_words using fts5vocab(main, 'statements_fts', 'col')"
)
_READY = "select group_concat(word || char(9) || statements, char(10)) as lines from statement_words"
_NEXT = "select term, doc from temp.statement_words where term > ? and col <> 'speaker' limit ?"


class Vocabulary:
    """The words of statements (not of speakers' names), folded as their index folds them, each with its
    number of statements."""

    def __init__(self, database: Database, *, listed: bool) -> None:
        """listed: whether the database has a list of its words."""
        self._database = database
        self._listed = listed
        self._lines = "\n"  # a word, a tab, its number: 12 bytes a word, where a dict takes 150
        self._read_at = 0.0
        self._reading: asyncio.Task[None] | None = None

    async def containing(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Words with `word` (folded) inside, and their numbers of statements; the most frequent first.

        Only of the words read so far, while the first reading lasts. `word` itself is left out.
        """
        await self._be_read()
        found: dict[str, int] = {}  # of a canonical text and of another wording it may stand there twice
        lines, end = self._lines, 0
        while (at := lines.find(word, end)) >= 0:
            start, end = lines.rfind("\n", 0, at) + 1, lines.find("\n", at)
            term, number = lines[start:end].split("\t")
            if word in term and term != word:
                found[term] = max(int(number), found.get(term, 0))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]

    async def _be_read(self) -> None:
        old = self._read_at == 0 or (self._database.is_mutable and monotonic() - self._read_at > AGE)
        if self._reading is None or self._reading.done():
            if not old:
                return
            self._reading = asyncio.create_task(self._read())
        if self._read_at == 0:
            await asyncio.wait({self._reading}, timeout=PATIENCE)

    async def _read(self) -> None:
        pieces, after = ["\n"], ""
        if self._listed:
            (row,) = (await self._database.execute(_READY)).rows
            pieces.append(f"{row['lines']}\n" if row["lines"] else "")
        else:
            while rows := await self._database.execute_fn(partial(_piece, after=after)):
                pieces.append("".join(f"{term}\t{number}\n" for term, number in rows))
                after = rows[-1][0]
                if self._read_at == 0:
                    self._lines = "".join(pieces)  # what a first reader can use already
        self._lines, self._read_at = "".join(pieces), monotonic()


def _piece(conn: sqlite3.Connection, after: str) -> list[tuple[str, int]]:
    try:
        conn.execute(_LISTED)  # in this connection's own memory; the file may be read-only
    except sqlite3.OperationalError:
        return []  # a database in memory, whose connections may write nothing at all
    return [(str(term), int(number)) for term, number in conn.execute(_NEXT, (after, PIECE))]
