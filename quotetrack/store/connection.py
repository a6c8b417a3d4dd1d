"""Opening a database: settings, migrations, transactions, and reasons when that fails."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from quotetrack.store.migrations import migrations

BUSY_SECONDS = 60.0  # how long a writer waits for another; articles read together take a third of a second

#: Pages of the write-ahead log (32 MB) after which it is put into the file: most articles write the same few
#: pages again, so that with four times SQLite's 1000 adding takes a twentieth less.
LOG_PAGES = 8000

#: Statements that stay compiled: an article runs about a hundred different ones, those of triggers costly.
COMPILED = 512

ARCHIVE = 0x71747261  # "qtra" and "qtrp" in the file's header (pragma application_id): which kind it is
PUBLIC = 0x71747270


class StoreError(Exception):
    """A database that cannot be used, or a value it cannot take: why, in words a user can act on."""


class BusyError(StoreError):
    """A database that another program has been writing for longer than BUSY_SECONDS."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(f"the database is being written by another program: {problem}")


def utc_now() -> str:
    """The moment, as every table writes it: "2025-03-04T10:00:00Z"."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def connect(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """A connection to a quotetrack archive of this version, created and migrated as needed.

    Transactions are explicit (see `transaction`). Raises StoreError when the file is missing and
    `create` is false, cannot be opened, is no quotetrack archive, or was made by a newer version.
    """
    if not create and not path.exists():
        raise StoreError(f"{path}: no such database")
    if path.is_dir():
        raise StoreError(f"{path}: a folder, not a database")
    return _opened(path, str(path), _prepare)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, to an archive of this version or an older one; to an empty one in
    memory where the file is missing. Raises StoreError as `connect` does."""
    if not path.exists():
        return connect(Path(":memory:"))
    return _opened(path, f"{path.resolve().as_uri()}?mode=ro", _refuse_others)


def _opened(path: Path, name: str, prepare: Callable[[sqlite3.Connection, Path], None]) -> sqlite3.Connection:
    """A connection under SQLite's `name` of the file, prepared; closed again when that fails."""
    try:
        conn = sqlite3.connect(
            name,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=COMPILED,
            uri=name != str(path),
        )
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be opened: {error}") from error
    try:
        prepare(conn, path)
    except sqlite3.DatabaseError as error:
        conn.close()
        raise StoreError(f"{path}: {_reason(error)}") from error
    except BaseException:
        conn.close()
        raise
    return conn


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """Everything inside or nothing of it; waits for another writer up to BUSY_SECONDS, then BusyError."""
    try:
        conn.execute("begin immediate")
    except sqlite3.OperationalError as error:
        raise BusyError(error) from error
    try:
        yield
    except BaseException:
        conn.rollback()
        raise
    conn.execute("commit")


def schema_tables(conn: sqlite3.Connection) -> set[str]:
    return {name for (name,) in conn.execute("select name from sqlite_master where type = 'table'")}


def _prepare(conn: sqlite3.Connection, path: Path) -> None:
    conn.execute("pragma foreign_keys = on")
    conn.execute("pragma recursive_triggers = on")
    conn.execute("pragma cache_size = -65536")  # KiB
    _refuse_others(conn, path)
    _write_ahead(conn)
    conn.execute(f"pragma wal_autocheckpoint = {LOG_PAGES}")
    conn.execute("pragma synchronous = normal")  # with a write-ahead log: consistent at any kill
    if _pending(conn):
        with transaction(conn):  # one process migrates, the others wait and then find nothing to do
            migrations.apply(Database(conn))
            conn.execute(f"pragma application_id = {ARCHIVE}")


def _refuse_others(conn: sqlite3.Connection, path: Path) -> None:
    (kind,) = conn.execute("pragma application_id").fetchone()
    if kind == PUBLIC:
        raise StoreError(f"{path}: a published copy, which nothing can be added to; use the archive itself")
    tables = schema_tables(conn)
    if not tables:
        return
    applied = _applied(conn)
    if not applied and kind != ARCHIVE:
        shown = ", ".join(sorted(tables)[:4])
        raise StoreError(f"{path}: a database, but not quotetrack's (its tables: {shown})")
    if newer := sorted(applied - defined_migrations()):
        raise StoreError(f"{path}: made by a newer quotetrack ({', '.join(newer)}): upgrade quotetrack")


def is_current(conn: sqlite3.Connection) -> bool:
    """Whether an archive, or a public copy, has the shape that this version gives it; only reads."""
    (kind,) = conn.execute("pragma application_id").fetchone()
    if kind == PUBLIC:
        (shape,) = conn.execute("pragma user_version").fetchone()
        return bool(shape == len(defined_migrations()))
    return _applied(conn) >= defined_migrations()


def defined_migrations() -> set[str]:
    """Names of all migrations. Their number is the `user_version` of a public copy, which lists none."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return {migration.name for migration in migrations.pending(Database(empty))}


def _applied(conn: sqlite3.Connection) -> set[str]:
    return {migration.name for migration in migrations.applied(Database(conn))}


def _pending(conn: sqlite3.Connection) -> bool:
    return bool(migrations.pending(Database(conn)))


def _write_ahead(conn: sqlite3.Connection) -> None:
    """Switch to a write-ahead log. SQLite answers "locked" at once here instead of waiting."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            conn.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _reason(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "file is not a database" in text:
        return "not a database"
    if "readonly" in text or "read-only" in text:
        return "cannot be written: read-only"
    return f"cannot be used: {text}"
