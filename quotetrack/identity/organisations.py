"""One organisation under its names: long form, acronym, translation. The table: `data/organisations.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from quotetrack.identity.folding import fold
from quotetrack.identity.roles import sectors
from quotetrack.paths import data_path

_FIELDS = {"name", "names", "acronyms", "kind", "wikidata"}


class CatalogueError(ValueError):
    """A table of organisations that cannot be used: which entry, and why."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An entry. kind: a sector of `data/roles.toml`; wikidata: a QID."""

    name: str
    names: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    kind: str | None = None
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """names: folded -> entry; acronyms: as written -> entry, None where several bear it."""

    names: Mapping[str, Organisation]
    acronyms: Mapping[str, Organisation | None]

    def find(self, name: str, folded: str | None = None) -> Organisation | None:
        """The organisation of this name, acronym or translation. folded: `name` folded, its article gone."""
        if name in self.acronyms:
            return self.acronyms[name]
        return self.names.get(fold(name) if folded is None else folded)


@cache
def own_catalogue() -> Catalogue:
    """The table that ships."""
    return catalogue_of(read_organisations(data_path("organisations.toml")))


def catalogue_at(path: Path) -> Catalogue:
    """The table at `path`, with the one that ships behind it. Raises CatalogueError."""
    return catalogue_of(read_organisations(path), own_catalogue())


def catalogue_of(organisations: Iterable[Organisation], behind: Catalogue | None = None) -> Catalogue:
    """Earlier entries win names; an acronym of two entries belongs to none. Those of `behind` come last."""
    names: dict[str, Organisation] = {}
    acronyms: dict[str, Organisation | None] = {}
    for entry in organisations:
        for name in (entry.name, *entry.names):
            names.setdefault(fold(name), entry)
        for acronym in dict.fromkeys(entry.acronyms):
            acronyms[acronym] = None if acronym in acronyms else entry
    if behind is not None:
        return Catalogue({**behind.names, **names}, {**behind.acronyms, **acronyms})
    return Catalogue(names, acronyms)


def read_organisations(path: Path) -> list[Organisation]:
    """Raises CatalogueError for what is no such table, naming the entry."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    rows = table.get("organisation")
    if not isinstance(rows, list) or set(table) != {"organisation"}:
        raise CatalogueError(f"{path}: expected a list `organisation` and nothing else")
    return [_organisation(path, number, row) for number, row in enumerate(rows, 1)]


def _organisation(path: Path, number: int, row: Any) -> Organisation:
    where = f"{path}: organisation {number}"
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip():
        raise CatalogueError(f"{where}: has no name")
    where = f"{where} ({row['name']})"
    if unknown := set(row) - _FIELDS:
        raise CatalogueError(
            f"{where}: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(_FIELDS))}"
        )
    lists = {field: row.get(field, []) for field in ("names", "acronyms")}
    for field, words in lists.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise CatalogueError(f"{where}: {field} is no list of names")
    kind, wikidata = row.get("kind"), row.get("wikidata")
    if kind is not None and kind not in sectors():
        raise CatalogueError(f"{where}: kind {kind!r} is none of {', '.join(sectors())}")
    if wikidata is not None and not (
        isinstance(wikidata, str) and wikidata[:1] == "Q" and wikidata[1:].isdecimal()
    ):
        raise CatalogueError(f"{where}: wikidata {wikidata!r} is no QID such as Q458")
    return Organisation(row["name"], tuple(lists["names"]), tuple(lists["acronyms"]), kind, wikidata)
