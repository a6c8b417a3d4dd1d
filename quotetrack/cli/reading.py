"""Commands that read: articles into quotes, articles into a database, loose quotes into statements."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from quotetrack.cli import options
from quotetrack.types import Article, Failure, Occurrence

KINDS = [
    *("auto", "text", "markdown", "html", "jsonl", "csv", "feed", "sitemap", "urls", "warc"),
    *("newsml", "nitf", "pdf", "docx", "eml", "zip", "tar"),
]
kind = click.option(
    "--from",
    "kind",
    type=click.Choice(KINDS),
    default="auto",
    show_default=True,
    help="What the sources are.",
)
columns = click.option(
    "--columns",
    metavar="FIELD=COLUMN,…",
    callback=lambda _context, _option, value: _columns(value),
    help="Which column of a table is what, e.g. text=body,published=date; others are told by their names.",
)
workers = click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that read articles."
)


@click.command()
@click.argument("sources", nargs=-1, metavar="[PATH… or -]")
@kind
@columns
@options.language
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "text"]),
    default="jsonl",
    show_default=True,
    help="jsonl: one article a line; text: articles with their quotes marked, for reading.",
)
@options.model_options
@options.judges
@workers
def extract(
    sources: tuple[str, ...],
    kind: str,
    columns: dict[str, str],
    language: str | None,
    form: str,
    prefer: str,
    official: Path,
    threads: int,
    judges: tuple[Path, ...],
    workers: int,
) -> None:
    """Print the quotes of articles, without a database.

    Reads text, HTML, JSONL and everything else `add` reads; `-` (or nothing) is standard input.

    \b
    Example:
      quotetrack extract article.txt --format text
    """
    from quotetrack import pipeline
    from quotetrack.cli.marked import marked_article
    from quotetrack.records import article_record

    settings = options.settings(language, prefer, official, threads, judges=judges)
    refused: list[Failure] = []
    with options.progress("articles", quiet=form == "text") as bar:
        for result in pipeline.extract(_read(sources or ("-",), kind, columns), settings, workers=workers):
            bar.update()
            if isinstance(result, Failure):
                refused.append(result)
            elif form == "text":
                click.echo(marked_article(result.article, result.quotes, result.silences))
            else:
                options.print_lines(
                    [article_record(result.article, result.language, result.quotes, result.silences)]
                )
    options.fail(refused)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE… or -]")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Match the quotes to the statements of this database, without adding them.",
)
def statements(files: tuple[str, ...], against: Path | None) -> None:
    """Cluster loose quotes: which are one statement?

    JSONL in, one quote a line: `id`, `text` and, when known, `speaker`, `published` (or `date`),
    `outlet`, `lang`, `article`. JSONL out in the same order: `id`, `statement`, `similarity` to the
    canonical quote, `decision`, `why`.

    \b
    Example:
      quotetrack statements quotes.jsonl > statements.jsonl
    """
    from quotetrack import pipeline

    quotes: list[Occurrence] = []
    refused: list[Failure] = []
    for item in _loose_quotes(files or ("-",)):
        if isinstance(item, Failure):
            refused.append(item)
        else:
            quotes.append(item)
    if against is None:
        options.print_lines(pipeline.statements(quotes))
    else:
        with options.store_of(against) as store:
            options.print_lines(pipeline.match(quotes, store))
    options.fail(refused)


def _columns(value: str | None) -> dict[str, str]:
    """`text=body,published=date` as a mapping; raises BadParameter for anything else."""
    pairs = [pair.partition("=") for pair in (value or "").split(",") if pair.strip()]
    if not all(field.strip() and name.strip() for field, _, name in pairs):
        raise click.BadParameter("expected FIELD=COLUMN pairs, e.g. text=body,published=date")
    return {field.strip(): name.strip() for field, _, name in pairs}


def _read(sources: Iterable[str], kind: str, columns: dict[str, str]) -> Iterator[Article | Failure]:
    from quotetrack.ingest import read

    return read(sources, kind=kind, columns=columns, stdin=sys.stdin.buffer)  # type: ignore[arg-type]  # click.Choice


def _loose_quotes(files: Iterable[str]) -> Iterator[Occurrence | Failure]:
    seen: set[str] = set()
    for name in files:
        try:
            with click.open_file(name, encoding="utf-8", errors="surrogateescape") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        yield _loose_quote(line, f"{name}:{number}", seen)
        except OSError as problem:
            yield Failure(name, problem.strerror or str(problem))


def _loose_quote(line: str, origin: str, seen: set[str]) -> Occurrence | Failure:
    """One line of JSON as a quote; `seen` takes its id."""
    try:
        record: Any = json.loads(line)
        if not isinstance(record, dict):
            raise TypeError("not a JSON object")
        json.dumps(record, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is refused here
        quote = Occurrence(
            uid=_field(record, "id", needed=True) or "",
            text=_field(record, "text", needed=True) or "",
            speaker=_field(record, "speaker"),
            published=_field(record, "published") or _field(record, "date"),
            outlet=_field(record, "outlet"),
            language=_field(record, "lang"),
            article=_field(record, "article"),
        )
        if quote.published:
            datetime.fromisoformat(quote.published)
        if quote.uid in seen:
            raise ValueError(f"id {quote.uid!r} stands twice")
    except (ValueError, TypeError, RecursionError) as problem:
        return Failure(origin, str(problem))
    seen.add(quote.uid)
    return quote


def _field(record: dict[str, Any], key: str, *, needed: bool = False) -> str | None:
    value = record.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is not None and not isinstance(value, str):
        raise TypeError(f'"{key}" is no string')
    if needed and not (value or "").strip():
        raise ValueError(f'no "{key}"')
    return value or None
