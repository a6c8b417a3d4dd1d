"""A public copy of an archive: what readers may see, in the order they want it.

Left out: article bodies and where they were read, former texts, failures, runs, keys, comparisons that
are a person's to judge, who corrected what and how, and the words of quotes that were withdrawn.
Integer ids are given anew in order of publication, so that "newest first" is `order by rowid desc`,
which SQLite reads off the table (at a million rows 4 to 19 ms, where sorting by date runs out of time).
Outlets keep theirs, which their addresses and saved searches hold.
People and organisations are numbered from the most quoted one on: the first found is the one looked for.
"""

# ruff: noqa: S608 - SQL is joined from names of tables and columns of this file's own constants
from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from quotetrack.store.connection import PUBLIC, StoreError, connect, defined_migrations
from quotetrack.store.counts import create_tables, drop_views
from quotetrack.store.filters import create_filtered_search
from quotetrack.store.fulltext import create_search, drop_search
from quotetrack.store.migrations import migrations
from quotetrack.store.withdrawals import WITHHELD

_NO_COLUMNS = {
    "articles": {"origin", "text", "sha256", "extra", "keyed", "run"},
    "occurrences": {"attribution", "claim"},
    "statements": {"stale", "linked"},
    "people": {"identity"},
    "organisations": {"identity"},
    "affiliations": {"identity"},
    "corrections": {"detail", "author"},
}
# The tables that are public, and no others, each after those it refers to (affiliations' evidence later):
# which rows are public, and in which order they are numbered. `t` is the table in the archive.
_ROWS = {
    "outlets": "where exists (select 1 from archive.articles where outlet = t.id) order by t.name",
    "articles": "order by t.published, t.uid",
    "article_copies": "order by t.article",
    "people": "where exists (select 1 from shown where person = t.id) order by (select count(*)"
    " from archive.statements s where s.person = t.id and s.withdrawn is null) desc, t.id",
    "aliases": "join ids_people i on i.old = t.person where t.id not in (select id from unsaid)"
    " order by i.new, t.id",
    "organisations": "join (select f.organisation, count(*) as quotes from archive.affiliations f"
    " join shown on shown.affiliation = f.id group by f.organisation) q on q.organisation = t.id"
    " order by q.quotes desc, t.id",
    "organisation_names": "where t.organisation in (select old from ids_organisations) order by t.id",
    "affiliations": "where exists (select 1 from shown where affiliation = t.id) order by t.first_seen, t.id",
    "statements": "order by t.first_published, t.uid",
    "occurrences": "order by (select a.published from archive.articles a where a.id = t.article), t.uid",
    "corrections": "order by t.id",
}


def publish_database(source: Path, target: Path) -> None:
    """Write the public copy of the archive `source` to `target`, in one step, replacing a former copy.

    Raises StoreError when `source` is no archive or `target` is something other than a public copy. The
    caller runs `datasette inspect` on the result. Needs free space for the copy twice.
    """
    source, target = Path(source), Path(target)
    _refuse_to_overwrite(target)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with (
            closing(connect(source, create=False)),
            closing(sqlite3.connect(partial, isolation_level=None, uri=True)) as conn,
        ):
            _build(conn, source)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _refuse_to_overwrite(target: Path) -> None:
    if not target.exists():
        return
    with closing(sqlite3.connect(target)) as conn:
        try:
            (kind,) = conn.execute("pragma application_id").fetchone()
        except sqlite3.DatabaseError:
            kind = None
    if kind != PUBLIC:
        raise StoreError(f"{target}: exists and is no public copy; it is left as it is")


def _build(conn: sqlite3.Connection, source: Path) -> None:
    create_public(conn)
    conn.execute("attach ? as archive", [f"{source.resolve().as_uri()}?mode=ro"])
    conn.execute("begin")
    _copy(conn)
    conn.execute("commit")
    conn.execute("detach archive")
    complete_public(conn)


def create_public(conn: sqlite3.Connection) -> None:
    """The tables of a public copy in an empty database: no private column, nothing to search yet."""
    db = Database(conn)
    conn.execute("pragma journal_mode = off")  # nobody reads the file before it is complete
    conn.execute("pragma synchronous = off")
    migrations.apply(db)
    drop_search(db)
    drop_views(db)
    conn.execute("drop view changes")
    for trigger in db.triggers:  # what is kept by triggers is copied
        conn.execute(f"drop trigger {trigger.name}")
    for table, columns in _NO_COLUMNS.items():
        _drop_columns(db, table, columns)
    for table in set(db.table_names()) - _ROWS.keys() - {"edges", "redirects"}:
        conn.execute(f"drop table {table}")


def complete_public(conn: sqlite3.Connection) -> None:
    """Count, index and pack what was copied. Ids have to follow publication."""
    db = Database(conn)
    create_tables(db)
    create_search(db, ("occurrences", "aliases", "organisations"), triggers=False)
    create_filtered_search(db)
    for table in ("statements", "occurrences", "aliases", "organisations"):
        conn.execute(f"insert into {table}_fts({table}_fts) values ('optimize')")
    conn.execute("analyze")
    conn.execute(f"pragma application_id = {PUBLIC}")
    conn.execute(f"pragma user_version = {len(defined_migrations())}")
    conn.execute("vacuum")


def _drop_columns(db: Database, table: str, columns: set[str]) -> None:
    for index in db.table(table).indexes:
        if index.origin == "c" and (index.partial or columns & set(index.columns)):
            db.execute(f'drop index "{index.name}"')
    db.table(table).transform(drop=columns)


def _copy(conn: sqlite3.Connection) -> None:
    conn.execute(f"create temp table withheld as select id from archive.occurrences o where {WITHHELD}")
    conn.execute("create unique index temp.withheld_id on withheld(id)")
    conn.execute(
        "create temp table shown as select id, person, affiliation from archive.occurrences"
        " where id not in (select id from withheld)"
    )
    conn.execute("create index temp.shown_person on shown(person)")
    conn.execute("create index temp.shown_affiliation on shown(affiliation)")
    conn.execute(f"create temp table unsaid as {_UNSAID}")
    for table, rows in _ROWS.items():
        conn.execute(f"create temp table ids_{table}(new integer primary key, old integer unique)")
        own = "t.id" if table == "outlets" else "null"
        conn.execute(f"insert into ids_{table}(new, old) select {own}, t.id from archive.{table} t {rows}")
    for table in _ROWS:
        _copy_table(conn, table)
    conn.execute(
        "update main.affiliations set evidence = (select o.new from ids_affiliations f"
        " join archive.affiliations t on t.id = f.old join ids_occurrences o on o.old = t.evidence"
        " join shown on shown.id = o.old where f.new = affiliations.id)"
    )
    conn.execute("update main.affiliations set evidence_text = null where evidence is null")
    conn.execute(
        "insert into main.edges"
        ' select min(a.new, b.new), max(a.new, b.new), e.similarity, e.judgement, e."by", e.why, e.kind'
        " from archive.edges e join ids_occurrences a on a.old = e.a join ids_occurrences b on b.old = e.b"
        " join archive.occurrences x on x.id = e.a join archive.occurrences y on y.id = e.b"
        " where e.\"by\" = 'quotetrack' and (e.judgement = 'same' and x.statement = y.statement"
        " or e.judgement = 'different' and x.statement <> y.statement)"
        " and x.withdrawn is null and y.withdrawn is null"
    )
    conn.execute(
        'create table main.changes (number integer primary key, "when" text, action text, kind text,'
        " subject text, other text, reason text, undoes integer, undone integer)"
    )
    conn.execute("insert into main.changes select * from archive.changes")
    conn.execute("insert into main.redirects select * from archive.redirects")


def _copy_table(conn: sqlite3.Connection, table: str) -> None:
    """Copy the public rows of one table with their new ids; foreign keys follow."""
    foreign = {row[3]: row[2] for row in conn.execute(f"pragma main.foreign_key_list({table})")}
    values = {}
    for column in (row[1] for row in conn.execute(f"pragma main.table_info({table})")):
        if column == "id":
            values[column] = "ids.new"
        elif column in foreign:
            values[column] = f'(select new from ids_{foreign[column]} where old = t."{column}")'
        else:
            values[column] = f't."{column}"'
    if table == "affiliations":
        values["evidence"] = "null"  # refers to occurrences, which refer to affiliations
    if table == "people":  # who is called by such a name goes by the longest of the others
        values["name"] = (
            "iif(exists (select 1 from unsaid u where u.person = t.id and u.name = t.name),"
            " coalesce((select a.name from archive.aliases a where a.person = t.id and a.id not in"
            " (select id from unsaid) order by length(a.name) desc, a.id limit 1), t.name), t.name)"
        )
    elif table == "statements":
        values["speaker"] = (
            "iif(t.person in (select person from unsaid), (select p.name from main.people p"
            " join ids_people i on i.new = p.id where i.old = t.person), t.speaker)"
        )
    for column, value in _BLANK.get(table, {}).items():
        hidden = _HIDDEN[table]
        values[column] = f"iif({hidden}, {value}, {values[column]})"
    columns = ", ".join(f'"{column}"' for column in values)
    conn.execute(
        f"insert into main.{table}({columns}) select {', '.join(values.values())}"
        f" from ids_{table} ids join archive.{table} t on t.id = ids.old order by ids.new"
    )


# Names that only quotes that were withdrawn give a person: nothing that is shown says so, nobody told us.
_UNSAID = """select distinct a.id, a.person, a.name from withheld w join archive.occurrences o on o.id = w.id
join archive.aliases a on a.person = o.person and a.name = json_extract(o.attribution, '$.name')
where not exists (select 1 from shown s join archive.occurrences x on x.id = s.id
  where s.person = a.person and json_extract(x.attribution, '$.name') = a.name)
and not exists (select 1 from archive.people p join archive.roster r on r.uid = p.uid
  where p.id = a.person and (r.name = a.name or a.name in (select value from json_each(r.aliases))))
and not exists (select 1 from archive.corrections c where c.action = 'rename'
  and json_valid(c.detail) and c.detail ->> '$.name' = a.name)"""

# What is said about a withdrawn quote in public: that it was withdrawn and why, not what it was.
_HIDDEN = {
    "occurrences": "t.id in (select id from withheld)",
    "statements": "t.withdrawn is not null and not exists (select 1 from archive.occurrences o"
    " where o.statement = t.id and o.id not in (select id from withheld))",
}
_BLANK = {
    "occurrences": {
        "person": "null",
        "affiliation": "null",
        "content": "''",
        "spans": '\'{"content": [], "cue": [], "source": []}\'',
        "cue": "null",
        "source_text": "null",
        "passage_before": "''",
        "passage": "null",
        "passage_after": "''",
        "speaker_rule": "null",
    },
    "statements": {"canonical": "''", "variants": "''", "person": "null", "speaker": "null"},
}
