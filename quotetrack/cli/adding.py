"""The command that adds articles to an archive: once, on trial, or again and again."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quotetrack.cli import options
from quotetrack.cli.reading import columns, kind, workers
from quotetrack.queries.days import read_day
from quotetrack.types import Article, Failure

if TYPE_CHECKING:
    from quotetrack.ingest import Kind, Web
    from quotetrack.pipeline import Report
    from quotetrack.store.record import State


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the user named, and how it is to be read."""

    names: tuple[str, ...]
    kind: Kind
    outlet: str | None
    columns: dict[str, str]

    def read(self, web: Web, passed: Callable[[int], object] = lambda _: None) -> Iterator[Article | Failure]:
        from quotetrack.ingest import read

        return read(
            self.names,
            kind=self.kind,
            outlet=self.outlet,
            columns=self.columns,
            web=web,
            stdin=sys.stdin.buffer,
            passed=passed,
        )


def _day(_: click.Context, __: click.Parameter, typed: str) -> str:
    try:
        return read_day(typed)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from problem


@click.command()
@options.database
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@kind
@columns
@click.option("--outlet", metavar="NAME", help="The publisher, where a document does not name it.")
@options.language
@click.option(
    "--quotes",
    "quotes",
    type=click.Choice(["extract", "given"]),
    default="extract",
    show_default=True,
    help="given: take a JSONL article's own quotes instead of extracting them.",
)
@click.option("--since", default="", metavar="DATE", callback=_day, help="Leave out what is older.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after N new or changed articles.")
@click.option("--dry-run", is_flag=True, help="Only list what would be added; nothing is written.")
@click.option("--watch", type=click.FloatRange(1), metavar="MINUTES", help="Ask again, every so often.")
@workers
@click.option("--allow-private", is_flag=True, help="Fetch from private and loopback addresses as well.")
@click.option(
    "--contact",
    envvar="QUOTETRACK_CONTACT",
    metavar="ADDRESS",
    help="What site owners are told of you (also QUOTETRACK_CONTACT).",
)
@options.model_options
@options.judges
@options.as_json
def add(
    db: Path,
    sources: tuple[str, ...],
    kind: str,
    columns: dict[str, str],
    outlet: str | None,
    language: str | None,
    quotes: str,
    since: str,
    limit: int | None,
    dry_run: bool,
    watch: float | None,
    workers: int,
    allow_private: bool,
    contact: str | None,
    prefer: str,
    official: Path,
    threads: int,
    judges: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Add the articles found in SOURCES to DB (created when absent).

    SOURCES are files, folders, globs, URLs or `-`. What is known already is skipped, so the same
    command can run again at any time and continues where it was stopped; what cannot be read is named
    on stderr, recorded in the table `failures`, and never stops the rest.

    \b
    Example:
      quotetrack add news.db articles/ https://outlet.example/feed.xml
      quotetrack add news.db https://outlet.example/feed.xml --watch 15
    """
    from quotetrack import pipeline
    from quotetrack.ingest import Visits, Web
    from quotetrack.ingest.fetch import CONTACT, Fetcher
    from quotetrack.ingest.files import size_of
    from quotetrack.pipeline import Wanted

    if watch and (dry_run or limit or "-" in sources):
        raise click.UsageError("--watch goes with neither --dry-run, --limit nor standard input")
    settings = options.settings(language, prefer, official, threads, given=quotes == "given", judges=judges)
    named = _Sources(sources, kind, outlet, columns)  # type: ignore[arg-type]  # click.Choice
    wanted = Wanted(since, limit)
    fetcher = Fetcher(allow_private=allow_private, contact=contact or CONTACT)
    with options.store_of(db, create=True, writable=not dry_run) as store:
        web = Web(fetcher, Visits() if dry_run else Visits(store.last_visit, patient=watch is not None))
        with closing(web):
            if dry_run:
                _list(pipeline.preview(named.read(web), store, wanted), as_json)
                return

            def once() -> Report:
                quiet = as_json or watch is not None
                with options.progress("articles", quiet=quiet, size=lambda: size_of(sources)) as bar:

                    def show(report: Report) -> None:
                        if bar.total is None:
                            bar.update()
                        counts = {"added": report.added, "quotes": report.quotes}
                        bar.set_postfix(counts, refused=len(report.failures))

                    return pipeline.add(
                        named.read(web, bar.update if bar.total is not None else lambda _: None),
                        store,
                        settings,
                        wanted=wanted,
                        visits=web.visits,
                        workers=workers,
                        progress=show,
                    )

            if watch is not None:
                _watch(once, watch, as_json)
                return
            report = once()
    if as_json:
        options.print_json(asdict(report))
    else:
        click.echo(_summary(report))
    options.fail(report.failures)


def _summary(report: Report) -> str:
    counts = [f"{report.added} added", f"{report.changed} changed", f"{report.known} already known"]
    counts += [f"{report.older} older"] if report.older else []
    counts += [f"{report.unchanged} unchanged on the web"] if report.unchanged else []
    stopped = "; stopped at the limit" if report.limited else ""
    return f"{', '.join(counts)}; {report.quotes} quotes{stopped}"


def _list(found: Iterable[tuple[State, Article] | Failure], as_json: bool) -> None:
    """A line for each article, with what `add` would make of it; a last one that sums up."""
    refused: list[Failure] = []
    counts: Counter[str] = Counter()
    for item in found:
        if isinstance(item, Failure):
            refused.append(item)
            continue
        state, article = item
        counts[state] += 1
        if as_json:
            told = {"state": state, "origin": article.origin, "outlet": article.outlet}
            options.print_lines([told | {"title": article.title, "published": article.published}])
        else:
            told_as = (state, article.published or "undated", article.outlet, article.title, article.origin)
            click.echo("\t".join(part or "-" for part in told_as))
    click.echo(f"{counts['new']} new, {counts['changed']} changed; nothing was written", err=True)
    options.fail(refused)


def _watch(once: Callable[[], Report], minutes: float, as_json: bool) -> None:
    """Rounds until Ctrl-C or SIGTERM; says what came, and each refusal when it is new."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    told: set[Failure] = set()
    try:
        while True:
            started = time.monotonic()
            report = once()
            for failure in dict.fromkeys(report.failures):
                if failure not in told:
                    click.echo(f"{failure.origin}: {failure.reason}", err=True)
            told = set(report.failures)
            if as_json:
                click.echo(json.dumps(asdict(report), ensure_ascii=False))
            elif report.added or report.changed:
                click.echo(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}: {_summary(report)}")
            time.sleep(max(0.0, started + 60 * minutes - time.monotonic()))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
