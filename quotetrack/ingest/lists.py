"""What the readers know of words, as data in `data/reading.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from quotetrack.paths import data_path


@dataclass(frozen=True, slots=True)
class Lists:
    """columns: field of an article -> names of a table's column, folded, the most telling first.

    suspended: words after a hyphen that stays at the end of a line.
    """

    columns: Mapping[str, tuple[str, ...]]
    suspended: frozenset[str]


@cache
def lists() -> Lists:
    """Read the file once. Raises ValueError for a column name that stands for two fields."""
    raw = tomllib.loads(data_path("reading.toml").read_text("utf-8"))
    names = [name for field in raw["columns"].values() for name in field]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"reading.toml: columns named twice: {', '.join(repeated)}")
    columns = {field: tuple(fold_column(name) for name in found) for field, found in raw["columns"].items()}
    return Lists(columns, frozenset(raw["lines"]["suspended"]))


def fold_column(name: str) -> str:
    """A column's name without case, spaces and marks: "Article_Text" → "articletext"."""
    return "".join(ch for ch in name.casefold() if ch.isalnum())


def fields_of(entries: Mapping[str, str]) -> tuple[dict[str, str], dict[str, object]]:
    """Entries of an article's head (`Datum: 4.3.2025`) by the field that they fill, as a table's columns do,
    and the others."""
    folded = {fold_column(name): name for name in entries}
    found = {
        field: next((folded[name] for name in names if name in folded), None)
        for field, names in lists().columns.items()
        if field != "text"
    }
    said = {field: entries[name] for field, name in found.items() if name}
    return said, {name: value for name, value in entries.items() if name not in found.values()}
