"""Commands that show the archive: serve it, publish it, try it out."""

from __future__ import annotations

from pathlib import Path

import click

from quotetrack.cli import options
from quotetrack.types import Failure

host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port = click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
browser = click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")


@click.command()
@options.existing_database
@host
@port
@browser
@click.option("--review", is_flag=True, help="Let those who sign in correct it, at /-/review.")
@click.option(
    "--review-token",
    "tokens",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --review: a file of lines NAME TOKEN; each token signs in as that name.",
)
def serve(db: Path, host: str, port: int, open_browser: bool, review: bool, tokens: Path | None) -> None:
    """Serve DB as a searchable site: Datasette with quotetrack's pages and safe settings.

    With --review a link to sign in is printed; what is corrected at /-/review is kept with the name of who
    signed in, shows at once and can be taken back.

    \b
    Example:
      quotetrack serve news.db --open
    """
    if tokens and not review:
        raise click.UsageError("--review-token needs --review")
    if review:
        _open_desk(db, tokens)
    _serve(db, host, port, open_browser, review=review)


@click.command()
@options.existing_database
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@options.as_json
def publish(db: Path, out: Path, as_json: bool) -> None:
    """Write everything a host needs to the folder OUT.

    The database in it holds quotes with their passages, statements and people, but no article bodies and
    no review tables; beside it are the site's code, metadata, settings, inspect data, a Dockerfile and a
    systemd unit. OUT/README.md says how to run it.

    \b
    Example:
      quotetrack publish news.db site/
    """
    from quotetrack.publish import publish as write
    from quotetrack.store import StoreError

    try:
        files = write(db, out)
    except (StoreError, OSError) as problem:
        options.stop(db, options.cut(problem, db))
    if as_json:
        options.print_json({"folder": str(out), "files": files})
    else:
        click.echo(f"{out}: {len(files)} files, {sum(files.values()) / 1e6:.1f} MB")


@click.command()
@click.argument("folder", default="quotetrack-demo", type=click.Path(file_okay=False, path_type=Path))
@host
@port
@browser
@click.option("--no-serve", is_flag=True, help="Only build the database.")
@options.model_options
def demo(
    folder: Path,
    host: str,
    port: int,
    open_browser: bool,
    no_serve: bool,
    prefer: str,
    official: Path,
    threads: int,
) -> None:
    """Ingest the sample articles (fictional people, fictional outlets) into FOLDER/demo.db and serve them.

    \b
    Example:
      quotetrack demo --open
    """
    from quotetrack import pipeline
    from quotetrack.ingest import read
    from quotetrack.paths import data_path

    folder.mkdir(parents=True, exist_ok=True)
    db = folder / "demo.db"
    samples = data_path("samples")
    click.echo(f"reading the sample articles in {samples}", err=True)
    settings = options.settings(None, prefer, official, threads)
    refused: list[Failure] = []
    with options.store_of(db, create=True) as store, options.progress("articles") as bar:
        items = read([str(samples)])
        report = pipeline.add(items, store, settings, progress=lambda _: bar.update())
        refused += report.failures
    click.echo(f"{report.added} added, {report.known} already known; {report.quotes} quotes: {db}", err=True)
    for failure in refused:
        click.echo(f"{failure.origin}: {failure.reason}", err=True)
    if not no_serve:
        _serve(db, host, port, open_browser)
    if refused:
        raise click.exceptions.Exit(1)


def _open_desk(db: Path, tokens: Path | None) -> None:
    from datasette.plugins import pm

    from quotetrack.desk import Desk, TokensError, read_tokens
    from quotetrack.store import StoreError, open_store

    try:
        with open_store(db, create=False):  # refuses a published copy, and brings an old archive up to date
            pass
        found = read_tokens(tokens) if tokens else None
    except (StoreError, TokensError, OSError, UnicodeDecodeError) as problem:
        origin = tokens if isinstance(problem, (TokensError, OSError, UnicodeDecodeError)) and tokens else db
        options.stop(origin, options.cut(problem, origin))
    pm.register(Desk(db, found), name="quotetrack-desk")


def _serve(db: Path, host: str, port: int, open_browser: bool, *, review: bool = False) -> None:
    import socket

    from datasette.cli import cli as datasette

    from quotetrack.publish import SETTINGS, assert_servable, metadata_path
    from quotetrack.store import StoreError

    try:
        assert_servable(db)
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host, port))
    except StoreError as problem:
        options.stop(db, options.cut(problem, db))
    except OSError as problem:
        options.stop(f"{host}:{port}", f"{problem.strerror or problem}: try another --port")

    arguments = ["serve", str(db), "--metadata", str(metadata_path()), "--host", host, "--port", str(port)]
    for name, value in SETTINGS.items():
        arguments += ["--setting", name, str(value)]
    arguments += ["--root"] if review else []
    arguments += ["--cors", *(["--open"] if open_browser else [])]
    click.echo(f"{db}: http://{host}:{port}/  (Ctrl-C stops)", err=True)
    datasette.main(args=arguments, prog_name="datasette", standalone_mode=False)
