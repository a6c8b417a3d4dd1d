"""The commands that bind people to Wikidata by a roster, and write one."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from quotetrack.cli import options
from quotetrack.types import Failure, RosterEntry

COLUMNS = ("name", "aliases", "kind", "wikidata", "affiliation", "role", "uid")


@click.group()
def people() -> None:
    """Bind people to Wikidata by a roster (a spreadsheet of names and ids), and write one.

    \b
    Example:
      quotetrack people import news.db roster.csv
    """


@people.command("import")
@options.existing_database
@click.argument("roster", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.as_json
def import_people(db: Path, roster: Path, as_json: bool) -> None:
    """Bind the people of DB to the Wikidata ids in ROSTER, and let them be found by its names.

    ROSTER: CSV as any spreadsheet writes it, or JSONL. Columns, each but the name optional: name, aliases
    (between ; or |), kind, wikidata (Q42), affiliation, role, uid. Who is not quoted yet is kept: an article
    that quotes them later binds them by itself. Where nobody can tell, `quotetrack review DB` asks.

    \b
    Example:
      quotetrack people import news.db roster.csv
    """
    from quotetrack.ingest.roster import read_roster_file
    from quotetrack.store import StoreError

    found: dict[str, list[dict[str, object]]] = {"bound": [], "unsure": [], "kept": [], "unchanged": []}
    refused: list[Failure] = []
    with options.store_of(db) as store:
        for row in read_roster_file(roster):
            if isinstance(row, Failure):
                refused.append(row)
                continue
            try:
                done = store.enrol(row)
            except StoreError as problem:
                refused.append(Failure(row.origin, str(problem)))
                continue
            found[done.state].append(
                {"origin": row.origin, "name": row.name, "person": done.person, "why": done.why}
                | ({"doubts": list(done.doubts)} if done.doubts else {})
            )
    if as_json:
        failures = [{"origin": one.origin, "reason": one.reason} for one in refused]
        options.print_json({**found, "failures": failures})
    else:
        counts = (("bound", "bound"), ("unsure", "to review"), ("kept", "kept for later"))
        rows = sum(map(len, found.values()))
        told = ", ".join(f"{len(found[state])} {word}" for state, word in counts)
        click.echo(f"{rows} people: {told}, {len(found['unchanged'])} known")
    options.fail(refused)


@people.command("export")
@options.existing_database
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--bound", is_flag=True, help="Only people with a Wikidata id.")
def export_people(db: Path, form: str, bound: bool) -> None:
    """Write the people of DB as a roster, to fill in and import again; the same roster changes nothing.

    \b
    Example:
      quotetrack people export news.db > roster.csv
    """
    with options.store_of(db, writable=False) as store:
        if form == "jsonl":
            options.print_lines(_record(entry) for entry in store.roster(bound=bound))
            return
        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        for entry in store.roster(bound=bound):
            record = {**_record(entry), "aliases": "|".join(map(_escaped, entry.aliases))}
            writer.writerow([record.get(column, "") for column in COLUMNS])


def _record(entry: RosterEntry) -> dict[str, object]:
    return {column: getattr(entry, column) for column in COLUMNS}


def _escaped(name: str) -> str:
    r"""A name as a list of names between "|" holds it: "A;B" → "A\;B"."""
    return "".join(f"\\{ch}" if ch in ";|\\" else ch for ch in name)
