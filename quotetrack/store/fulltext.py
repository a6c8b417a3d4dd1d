"""Full-text search: which columns are found by words and which by trigrams, and what keeps the index."""

from __future__ import annotations

from collections.abc import Collection

from sqlite_utils import Database

_WORDS = "unicode61 remove_diacritics 2"
_SEARCHED = {
    "statements": (("canonical", "variants", "speaker"), _WORDS),
    "occurrences": (("content",), _WORDS),
    "aliases": (("name",), "trigram"),
    "organisations": (("name", "acronym"), "trigram"),
}


def create_search(db: Database, tables: Collection[str] = tuple(_SEARCHED), *, triggers: bool = True) -> None:
    """An FTS5 table `TABLE_fts` for each of `tables`, filled, and kept by triggers unless told.

    sqlite-utils' own triggers rewrite the index on every update; these only when an indexed column is
    among those updated, since counts and links change far more often than words.
    """
    for table in tables:
        columns, tokenizer = _SEARCHED[table]
        db.execute(
            f"create virtual table {table}_fts using fts5({', '.join(columns)}, tokenize='{tokenizer}',"
            f' content="{table}", content_rowid="id")'
        )
        db.execute(f"insert into {table}_fts({table}_fts) values ('rebuild')")  # noqa: S608
        if triggers:
            _create_triggers(db, table, columns)


def drop_search(db: Database) -> None:
    for table in _SEARCHED:
        for event in ("ai", "ad", "au"):
            db.execute(f"drop trigger if exists {table}_{event}")
        db.execute(f"drop table {table}_fts")


def _create_triggers(db: Database, table: str, columns: tuple[str, ...]) -> None:
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
    forget = f"insert into {table}_fts({table}_fts, rowid, {names}) values ('delete', old.id, {old});"  # noqa: S608
    learn = f"insert into {table}_fts(rowid, {names}) values (new.id, {new});"  # noqa: S608
    differs = " or ".join(f"old.{column} is not new.{column}" for column in columns)
    db.execute(f"create trigger {table}_ai after insert on {table} begin {learn} end")
    db.execute(f"create trigger {table}_ad after delete on {table} begin {forget} end")
    db.execute(
        f"create trigger {table}_au after update of id, {names} on {table}"
        f" when old.id is not new.id or {differs} begin {forget} {learn} end"
    )
