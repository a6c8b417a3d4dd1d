"""Options that several commands share, and how they print: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from quotetrack.types import Failure

if TYPE_CHECKING:
    from quotetrack.reading import Settings
    from quotetrack.store import Store

Function = Callable[..., Any]


def _stanza_dir() -> Path:
    from quotetrack.models import default_official_dir

    return default_official_dir()


database = click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
existing_database = click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
as_json = click.option("--json", "as_json", is_flag=True, help="Print a report as JSON on stdout.")
language = click.option("--language", metavar="CODE", help="Skip language detection, e.g. de.")
prefer = click.option(
    "--models",
    "prefer",
    type=click.Choice(["auto", "bundled", "official"]),
    default="auto",
    show_default=True,
    help="Which Stanza models to use; auto takes official ones when they are there.",
)
official = click.option(
    "--stanza-dir",
    "official",
    envvar="STANZA_RESOURCES_DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=_stanza_dir,
    help="Where official Stanza models are (also STANZA_RESOURCES_DIR); Stanza's own place when left out.",
)
threads = click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="CPU threads for the models."
)


def _judges(_: click.Context, __: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    from quotetrack.learn import JudgeError, read_judge

    languages: dict[str, Path] = {}
    for path in paths:
        try:
            language = read_judge(path).language
        except JudgeError as problem:
            raise click.BadParameter(str(problem)) from problem
        if language in languages:
            raise click.BadParameter(f"{languages[language]} and {path} are both for {language}")
        languages[language] = path
    return paths


judges = click.option(
    "--judge",
    "judges",
    multiple=True,
    callback=_judges,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Let a judge made by `quotetrack train` choose the quotes; one a language.",
)


def model_options(command: Function) -> Function:
    return prefer(official(threads(command)))


def settings(
    language: str | None,
    prefer: str,
    official: Path,
    threads: int,
    *,
    given: bool = False,
    judges: tuple[Path, ...] = (),
) -> Settings:
    """The pipeline's settings of a command's options."""
    from quotetrack.ingest.language import language_code
    from quotetrack.reading import Settings

    code = language_code(language)
    if language and not code:
        raise click.BadParameter(f"{language!r} is no language code", param_hint="--language")
    return Settings(code, prefer, official, given, threads, judges)  # type: ignore[arg-type]  # click.Choice


def cut(problem: object, origin: object) -> str:
    """A reason without the origin it may start with."""
    return str(problem).removeprefix(f"{origin}: ")


def fail(failures: Iterable[Failure]) -> None:
    """Name what was refused on stderr and leave with 1 when there was any."""
    refused = list(failures)
    for failure in refused:
        click.echo(f"{failure.origin}: {failure.reason}", err=True)
    if refused:
        raise click.exceptions.Exit(1)


def stop(origin: object, reason: object) -> NoReturn:
    """Leave with 1 and one line of `origin: reason` on stderr."""
    click.echo(f"{origin}: {reason}", err=True)
    raise click.exceptions.Exit(1)


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_lines(records: Iterable[object]) -> None:
    """One JSON document a line, as they come; a closed pipe ends it quietly."""
    for record in records:
        click.echo(json.dumps(record, ensure_ascii=False))


@contextmanager
def store_of(path: Path, *, create: bool = False, writable: bool = True) -> Iterator[Store]:
    """An open store; a file that is none ends the command with its reason."""
    from quotetrack.store import StoreError, open_store

    try:
        with open_store(path, create=create, writable=writable) as store:
            yield store
    except StoreError as problem:
        stop(path, cut(problem, path))
    except sqlite3.Error as problem:
        stop(path, f"the database failed: {problem}")


@contextmanager
def progress(
    unit: str, *, quiet: bool = False, size: Callable[[], int | None] = lambda: None
) -> Iterator[Any]:
    """A progress bar on a terminal, nothing in a pipe.

    size: all of it in bytes, asked on a terminal only; the bar counts bytes and tells the time left then.
    """
    from tqdm import tqdm

    hidden = quiet or not sys.stderr.isatty()
    total = None if hidden else size()
    counted = {"unit": f" {unit}"} if total is None else {"unit": "B", "unit_scale": True, "total": total}
    with tqdm(**counted, disable=hidden, leave=False, smoothing=0.05) as bar:
        yield bar
