"""A language's recipe: which files its models learn from and how long, as data in `data/training/*.toml`."""

from __future__ import annotations

import lzma
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotetrack.paths import data_path
from quotetrack.training.loop import Schedule
from quotetrack.training.names import Source

PARTS = ("tokens", "tags", "trees", "names")  # in the order in which they are made: trees need tags


class RecipeError(ValueError):
    """A recipe that is none, or a file that it needs and does not find."""


@dataclass(frozen=True, slots=True)
class Part:
    """How one part is trained. steps: from nothing; further: from weights that are there."""

    steps: int
    further: int
    rate: float
    every: int
    average: float
    options: tuple[str, ...]

    def schedule(self, warm: bool, steps: int | None) -> Schedule:
        """Its schedule; steps: others than its own."""
        count = steps if steps is not None else self.further if warm else self.steps
        every = min(self.every, max(1, count))
        return Schedule(count, self.rate, min(50, count // 5), self.average, every)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a language's models are made from. Files are names below a data folder."""

    code: str
    name: str
    features: frozenset[str]
    marks: tuple[tuple[str, str], ...]
    array: str
    words: str
    rows: int | None
    trees: Mapping[str, Sequence[str]]  # train, dev, test
    longest: int
    longest_form: int
    names: Mapping[str, Sequence[str]]  # train, dev, test
    longest_named: int
    sources: tuple[Source, ...]
    parts: Mapping[str, Part]


def codes() -> list[str]:
    """The languages that have a recipe."""
    return sorted(path.stem for path in data_path("training").glob("*.toml"))


def load(code: str) -> Recipe:
    """The recipe of a language that has one. Raises RecipeError."""
    path = data_path("training", f"{code}.toml")
    if not path.is_file():
        raise RecipeError(f"no recipe for {code!r}: there are {', '.join(codes())}")
    return read(path)


def read(path: Path) -> Recipe:
    """Read a recipe. Raises RecipeError naming what is wrong with it."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        trees, names, vectors = raw["trees"], raw["names"], raw["vectors"]
        return Recipe(
            code=path.stem,
            name=raw["name"],
            features=frozenset(raw["features"]),
            marks=tuple((opening, closing) for opening, closing in raw["marks"]),
            array=vectors["array"],
            words=vectors["words"],
            rows=vectors.get("rows"),
            trees={key: tuple(trees[key]) for key in ("train", "dev", "test")},
            longest=int(trees["longest"]),
            longest_form=int(trees["longest_form"]),
            names={"train": (names["train"],), "dev": (names["dev"],), "test": tuple(names["test"])},
            longest_named=int(names["longest"]),
            sources=tuple(_sources(names["sources"])),
            parts={name: _part(raw["parts"][name]) for name in PARTS},
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise RecipeError(f"{path}: not a recipe: {problem!r}") from problem


def _sources(rows: Sequence[Mapping[str, Any]]) -> list[Source]:
    found: list[Source] = []
    for row in rows:
        start = found[-1].stop if found else 0
        stop = start + int(row["sentences"])
        found.append(
            Source(
                row["name"], start, stop, float(row["named"]), float(row["organised"]), float(row["plain"])
            )
        )
    return found


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        steps=int(row["steps"]),
        further=int(row["further"]),
        rate=float(row["rate"]),
        every=int(row["every"]),
        average=float(row.get("average", 0.998)),
        options=tuple(row["options"]),
    )


def text_of(folder: Path, name: str) -> str:
    """A file of the data folder, plain or compressed as `name.xz`. Raises RecipeError when there is none."""
    plain, packed = folder / name, folder / f"{name}.xz"
    if plain.is_file():
        return plain.read_text("utf-8")
    if packed.is_file():
        with lzma.open(packed, "rt", encoding="utf-8") as stream:
            return stream.read()
    raise RecipeError(f"{plain}: not there (nor {packed.name}): the recipe needs it")
