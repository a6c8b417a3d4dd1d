"""Commands that ask the archive: search it, look up a speaker, take everything out again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from quotetrack.cli import options
from quotetrack.queries import (
    MARK_END,
    MARK_START,
    WINDOW,
    Query,
    Search,
    pages,
    people_named,
    search_rows,
    search_window,
)

Row = dict[str, Any]


@click.command()
@options.existing_database
@click.argument("query")
@click.option("--speaker", metavar="S", default="", help="A name, part of one, or `unknown`.")
@click.option("--organisation", metavar="O", default="", help="For whom the speaker speaks.")
@click.option("--outlet", metavar="O", default="", help="Where it was published.")
@click.option("--since", metavar="D", default="", help="First published on or after, e.g. 2025-03.")
@click.option("--until", metavar="D", default="", help="First published on or before.")
@click.option("--limit", type=click.IntRange(1, WINDOW), default=10, show_default=True)
@options.as_json
def search(
    db: Path,
    query: str,
    speaker: str,
    organisation: str,
    outlet: str,
    since: str,
    until: str,
    limit: int,
    as_json: bool,
) -> None:
    """Find statements by their words, newest first.

    "exact phrase", prefix*, -without, one NEAR another; an empty QUERY ("") takes all.

    \b
    Example:
      quotetrack search news.db '"wir warten nicht"' --speaker Weber
    """
    try:
        wanted = Search(
            q=query, speaker=speaker, organisation=organisation, outlet=outlet, since=since, until=until
        )
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    with reading(db) as ask:
        window = ask(search_window(wanted))
        rows = ask(search_rows(wanted, [row["id"] for row in window[:limit]]))
    for row in rows:
        row["affiliation"] = json.loads(row["affiliation"]) if row["affiliation"] else None
    total = f"more than {WINDOW:,}" if len(window) > WINDOW else f"{len(window):,}"
    if as_json:
        options.print_json({"total": total, "statements": [_plain(row) for row in rows]})
        return
    for row in rows:
        click.echo(_statement(row))
    click.echo(
        (_counted(1, "statement") if total == "1" else f"{total} statements")
        + (f", the newest {len(rows)} shown" if len(rows) < len(window) else "")
    )


@click.command()
@options.existing_database
@click.argument("name")
@options.as_json
def who(db: Path, name: str, as_json: bool) -> None:
    """Show one speaker: affiliations, counts by outlet and month, latest statements.

    \b
    Example:
      quotetrack who news.db "Anna Weber"
    """
    with reading(db) as ask:
        found = ask(people_named(name))
        if not found:
            options.stop(name, "no such speaker")
        person = found[0]
        (row,) = ask(pages.person(person["uid"]))
        key = row["id"]
        report: Row = {
            "uid": row["uid"],
            "name": row["name"],
            "kind": row["kind"],
            "wikidata": row["wikidata"],
            "affiliations": ask(pages.person_affiliations(key)),
            "outlets": ask(pages.person_outlets(key)),
            "months": ask(pages.person_months(key)),
            "statements": ask(pages.person_statements(key, limit=5)),
            "others": found[1:],
        }
    for statement in report["statements"]:
        statement["affiliation"] = json.loads(statement["affiliation"]) if statement["affiliation"] else None
    if as_json:
        options.print_json({**report, "statements": [_plain(row) for row in report["statements"]]})
        return
    click.echo(f"{report['name']} ({report['kind']})")
    for held in report["affiliations"]:
        what = ", ".join(part for part in (held["role"], held["organisation"]) if part)
        click.echo(f"  {_span(held['first_seen'], held['last_seen'])}  {what}")
    for heading, column in (("outlets", "name"), ("months", "month")):
        click.echo(f"{heading}: " + ", ".join(f"{row[column]} {row['n']}" for row in report[heading]))
    for statement in report["statements"]:
        click.echo(_statement(statement))
    if report["others"]:
        click.echo("also: " + ", ".join(other["name"] for other in report["others"]))


@click.command()
@options.existing_database
@click.option(
    "--what",
    type=click.Choice(["articles", "quotes", "statements", "people"]),
    default="articles",
    show_default=True,
    help="articles carry their quotes and can be added again; quotes carry statement and speaker uids.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    default="jsonl",
    show_default=True,
    help="parquet needs the package pyarrow and --output.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of stdout.")
def export(db: Path, what: str, form: str, output: Path | None) -> None:
    """Take everything out again, row by row.

    \b
    Example:
      quotetrack export news.db --what articles > articles.jsonl
      quotetrack add copy.db articles.jsonl --quotes given
    """
    from quotetrack.cli.tables import Unwritable, write
    from quotetrack.store.export import export as rows_of

    with options.store_of(db) as store:
        try:
            write(rows_of(store.conn, what), form, output)  # type: ignore[arg-type]  # click.Choice
        except Unwritable as problem:
            options.stop(output or "-", problem)
        except BrokenPipeError:
            raise
        except OSError as problem:
            options.stop(output or "standard output", problem.strerror or problem)


@contextmanager
def reading(db: Path) -> Iterator[Any]:
    """A function that runs a query read-only and returns rows as dicts."""
    with options.store_of(db) as store:

        def ask(query: Query) -> list[Row]:
            cursor = store.conn.execute(*query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

        try:
            yield ask
        except sqlite3.Error as problem:
            options.stop(db, problem)


def _statement(row: Row) -> str:
    """Day, speaker with affiliation and counts; the words; the permalink."""
    held = row["affiliation"]
    said = ", ".join(held[key] for key in ("role", "organisation") if held[key]) if held else ""
    speaker = (row["speaker"] or "unknown") + (f" ({said})" if said else "")
    day = (row["first_published"] or "undated")[:10]
    counts = f"{_counted(row['occurrence_count'], 'time')} in {_counted(row['outlet_count'], 'outlet')}"
    where = f"{row['first_outlet'] or 'unknown outlet'}, {counts}"
    text = row.get("snippet") or row["canonical"]
    bold = click.style if _colours() else lambda words, **_: f"[{words}]"
    pieces = text.split(MARK_START)
    shown = pieces[0]
    for piece in pieces[1:]:
        words, _, rest = piece.partition(MARK_END)
        shown += bold(words, bold=True) + rest
    return f"{day}  {speaker} · {where}\n  {shown}\n  /s/{row['uid']}\n"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _colours() -> bool:
    import sys

    return sys.stdout.isatty()


def _plain(row: Row) -> Row:
    """A row without what only a screen needs."""
    return {key: value for key, value in row.items() if key not in ("id", "snippet", "variant_snippet")}


def _span(first: str | None, last: str | None) -> str:
    return f"{(first or '?')[:10]} – {(last or '?')[:10]}"
