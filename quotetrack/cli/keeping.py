"""Commands that keep the archive in order: cluster it, check it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from quotetrack.cli import options
from quotetrack.types import Failure


@click.command()
@options.existing_database
@click.option("--rebuild", is_flag=True, help="Decide every statement anew; every public uid stays.")
@options.as_json
def cluster(db: Path, rebuild: bool, as_json: bool) -> None:
    """Find out which occurrences are one statement: of what is new, or of everything.

    `add` does so by itself; this continues one that was interrupted.

    \b
    Example:
      quotetrack cluster news.db --rebuild
    """
    from quotetrack import pipeline

    with options.store_of(db) as store:
        report = pipeline.recluster(store) if rebuild else pipeline.cluster_new(store)
    if as_json:
        options.print_json(asdict(report))
    else:
        click.echo(
            f"{report.occurrences} occurrences: {report.statements} new statements, {report.merged} merged"
        )


@click.command()
@options.existing_database
@click.option("--repair", is_flag=True, help="Mend what can be mended: counts, search indexes, orphans.")
@options.as_json
def doctor(db: Path, repair: bool, as_json: bool) -> None:
    """Check the archive: integrity, orphans, search indexes, counts, offsets, redirects, models.

    \b
    Example:
      quotetrack doctor news.db --repair
    """
    from quotetrack.cluster import canonical
    from quotetrack.store.doctor import check
    from quotetrack.store.doctor import repair as mend

    with options.store_of(db) as store:
        mended = mend(store.conn, canonical) if repair else []
        problems = check(store.conn)
        models = [
            tuple(row) for row in store.conn.execute("select distinct models from runs where models <> '{}'")
        ]
    if as_json:
        size = {"bytes": db.stat().st_size, "models": models}
        options.print_json(size | {"repaired": mended, "problems": [asdict(p) for p in problems]})
    else:
        click.echo(
            f"{db}: {db.stat().st_size / 1e6:.1f} MB, models: {', '.join(m for (m,) in models) or 'none'}"
        )
        for line in mended:
            click.echo(f"repaired: {line}")
        click.echo(f"{len(problems)} problems")
    options.fail(Failure(str(db), problem.reason) for problem in problems)
