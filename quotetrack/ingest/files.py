"""Paths, folders and globs as a user names them → the files they stand for."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from quotetrack.ingest.canonical import web_url
from quotetrack.types import Failure


def size_of(sources: Iterable[str]) -> int | None:
    """Bytes of all files that `sources` stand for; None where one is no file, and nobody can know."""
    total = 0
    for name in sources:
        if name == "-" or web_url(name):
            return None
        total += sum(path.stat().st_size for path in paths(name) if isinstance(path, Path))
    return total


def paths(name: str) -> Iterator[Path | Failure]:
    """The files that a path, folder or glob stands for, sorted; a Failure for each that is none."""
    try:
        path = Path(name)
        if path.is_dir():
            yield from _below(path)
        elif os.path.lexists(path):
            yield path
        elif glob.has_magic(name):
            yield from _matching(name)
        else:
            yield Failure(shown(name), "no such file or folder")
    except (OSError, ValueError) as error:
        yield Failure(shown(name), explained(error))


def _matching(pattern: str) -> Iterator[Path | Failure]:
    matches = sorted(glob.iglob(pattern, recursive=True))  # noqa: PTH207  (absolute patterns too)
    if not matches:
        yield Failure(shown(pattern), "no file matches")
    for match in map(Path, matches):
        if match.is_dir() and "**" not in pattern:
            yield from _below(match)
        else:
            yield from _regular(match)


def _below(folder: Path) -> Iterator[Path | Failure]:
    """All files below a folder in a stable order. Hidden ones and linked folders are left out."""
    unreadable: list[OSError] = []
    empty = True
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                empty = False
                yield from _regular(Path(parent, name))
    for error in unreadable:
        yield Failure(shown(error.filename or folder), explained(error))
    if empty and not unreadable:
        yield Failure(shown(folder), "no files in this folder")


def _regular(path: Path) -> Iterator[Path | Failure]:
    """`path` unless it is a pipe, a socket or a device, at which reading might wait for ever."""
    if path.is_file():
        yield path
    elif not path.is_dir():
        yield Failure(shown(path), "not a regular file")


def shown(path: str | os.PathLike[str]) -> str:
    """A path as it can be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def explained(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
