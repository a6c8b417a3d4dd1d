"""Commands about the Stanza models: which there are, whether they are sound, how to get more."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from quotetrack.cli import options
from quotetrack.types import Failure


@click.group()
def models() -> None:
    """Bundled and official Stanza models.

    \b
    Example:
      quotetrack models get de
    """


@models.command("list")
@options.official
@options.as_json
def list_models(official: Path, as_json: bool) -> None:
    """Name the models on this machine; the first set of a language is the one that is used.

    \b
    Example:
      quotetrack models list
    """
    from quotetrack.models import installed

    sets = installed(official)
    if as_json:
        rows = [
            {
                "language": s.code,
                "origin": s.origin,
                "package": s.package,
                "label": s.label,
                "folder": str(s.folder),
            }
            | {"missing": [str(path) for path in s.missing]}
            for s in sets
        ]
        options.print_json(rows)
        return
    for s in sets:
        state = f"incomplete: {len(s.missing)} files missing" if s.missing else "complete"
        click.echo(f"{s.code}\t{s.origin}\t{s.label}\t{state}\t{s.folder}")


@models.command()
@click.argument("code")
@options.official
@click.option("--package", default="default", show_default=True, help="Stanza's name for a choice of models.")
@click.option(
    "--mirror", metavar="URL", envvar="QUOTETRACK_MODELS_URL", help="A mirror of Stanza's resources."
)
@options.as_json
def get(code: str, official: Path, package: str, mirror: str | None, as_json: bool) -> None:
    """Download Stanza's official models of the language CODE.

    A cut download goes on where it stopped; a file whose checksum is wrong is refused. The usual proxy
    variables (HTTPS_PROXY, …) are honoured.

    \b
    Example:
      quotetrack models get de --mirror https://mirror.example/stanza
    """
    from urllib.request import getproxies

    from quotetrack.models import DownloadFailed, ModelsMissing
    from quotetrack.models import get as download

    with options.progress("B") as bar:

        def show(name: str, there: int, expected: int | None) -> None:
            bar.set_description(name)
            bar.total = expected
            bar.n = there
            bar.refresh()

        try:
            found = download(code, official, package=package, url=mirror, proxies=getproxies(), progress=show)
        except (DownloadFailed, ModelsMissing) as problem:
            options.stop(code, problem)
    if as_json:
        options.print_json({"label": found.label, "folder": str(found.folder)})
    else:
        click.echo(f"{found.label}: {found.folder}")


@models.command()
@click.argument("codes", nargs=-1, metavar="[CODE…]")
@options.official
@options.as_json
def verify(codes: tuple[str, ...], official: Path, as_json: bool) -> None:
    """Check the models' files against their checksums; names every faulty file.

    \b
    Example:
      quotetrack models verify
    """
    from quotetrack.models import installed
    from quotetrack.models import verify as check

    sets = [found for found in installed(official) if not codes or found.code in codes]
    faults = [Failure(str(p.path), p.reason) for found in sets for p in check(found)]
    faults += [
        Failure(code, "no models on this machine") for code in codes if code not in {s.code for s in sets}
    ]
    if as_json:
        options.print_json({"sets": [s.label for s in sets], "faults": [asdict(fault) for fault in faults]})
    else:
        click.echo(f"{len(sets)} sets of models, {len(faults)} faults")
    options.fail(faults)


@models.command()
@click.argument("code", required=False)
@options.official
@options.as_json
def path(code: str | None, official: Path, as_json: bool) -> None:
    """Print the folder of the models used for CODE, or that of the bundled ones.

    \b
    Example:
      quotetrack models path de
    """
    from quotetrack.models import ModelsMissing, find
    from quotetrack.paths import data_path

    try:
        folder = find(code, official_dir=official).folder / code if code else data_path("models")
    except ModelsMissing as problem:
        options.stop(code, problem)
    if as_json:
        options.print_json({"folder": str(folder)})
    else:
        click.echo(folder)
