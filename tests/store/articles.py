"""Small fictional articles for the tests of the store, with their quotes found by marks alone."""

from __future__ import annotations

import re

from quotetrack.types import Affiliation, Article, Person, Quote, Span

_QUOTED = re.compile("„([^“]+)“")


def article(text: str, number: int = 1, **fields: object) -> Article:
    given = {"outlet": "Seebrücker Bote (fictional)", "published": "2025-03-04T10:00:00Z"} | fields
    url = given.pop("url", f"https://bote.example/{number}")
    return Article(f"articles.jsonl:{number}", text, url=url, **given)


def quotes(
    text: str,
    speaker: Person | str | None = "Anna Weber",
    affiliation: Affiliation | None = None,
    **fields: object,
) -> list[Quote]:
    """A direct quote for everything in „…“; its source is the speaker's name where that stands."""
    person = Person(speaker, rule="full name") if isinstance(speaker, str) else speaker
    found = []
    for match in _QUOTED.finditer(text):
        at = text.find(person.name) if person else -1
        source = (Span(at, at + len(person.name)),) if person and at >= 0 else ()
        found.append(
            Quote(
                "direct",
                (Span(*match.span(1)),),
                (),
                source,
                0.9,
                "direct/test",
                person,
                affiliation,
                **fields,
            )
        )
    return found


def rows(conn, sql: str, *values: object) -> list[tuple]:
    return conn.execute(sql, values).fetchall()


def dump(conn) -> dict[str, list[tuple]]:
    """Every table's rows without the moments at which they were written."""
    tables = ["outlets", "people", "aliases", "organisations", "affiliations", "occurrences", "statements"]
    tables += ["redirects", "edges", "revisions", "corrections"]
    found = {table: rows(conn, f"select * from {table} order by 1, 2") for table in tables}
    found["articles"] = rows(
        conn, "select uid, text, title, published, url, outlet, doc_id from articles order by id"
    )
    return found
