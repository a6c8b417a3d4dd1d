"""The public copy's index of statements, whose words include every filter (see queries.filters), and a list
of its words: full text can list them too, but counts through the whole index to do so."""

from __future__ import annotations

from sqlite_utils import Database

from quotetrack.queries.filters import FILTER_WORDS

PREFIXES = "2 3"  # characters of word beginnings that have lists of their own: "tu*" is as quick as a word


def create_filtered_search(db: Database) -> None:
    """`statements_fts` over the statements that are shown, filled. `facets` has to be a table."""
    db.execute(
        "create view statements_searched as select s.id, s.canonical, s.variants, s.speaker,"  # noqa: S608
        f" {FILTER_WORDS} as filters from statements s where s.withdrawn is null"
    )
    db.execute(
        "create virtual table statements_fts using fts5(canonical, variants, speaker, filters,"
        f" tokenize='unicode61 remove_diacritics 2', prefix='{PREFIXES}',"
        ' content="statements_searched", content_rowid="id")'
    )
    db.execute("insert into statements_fts(statements_fts) values ('rebuild')")
    db.execute("create virtual table temp.terms using fts5vocab(main, statements_fts, col)")
    db.execute("create table statement_words (word text primary key, statements integer) without rowid")
    db.execute(
        "insert into statement_words select term, max(doc) from temp.terms"
        " where col in ('canonical', 'variants') group by term"
    )
    db.execute("drop table temp.terms")
