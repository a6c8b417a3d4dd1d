"""A language's recipe: which files its models learn from and how long, as data in `data/training/*.toml`."""

from __future__ import annotations

import lzma
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotetrack.paths import data_path
from quotetrack.training.gather import Gathered
from quotetrack.training.loop import Schedule
from quotetrack.training.names import Source

PARTS = ("tokens", "tags", "trees", "names")  # in the order in which they are made: trees need tags
VECTORS = "vectors"  # what all but tokens stand on: never trained, made anew when asked for


class RecipeError(ValueError):
    """A recipe that is none, or a file that it needs and does not find."""


@dataclass(frozen=True, slots=True)
class Part:
    """How one part is trained. steps: from nothing; further: from weights that are there; blend: how much of
    what ships is the run further, 0 to 1; the rest is what it went on from.
    """

    steps: int
    further: int
    rate: float
    every: int
    average: float
    options: tuple[str, ...]
    blend: float

    def schedule(self, warm: bool, steps: int | None) -> Schedule:
        """Its schedule; steps: others than its own."""
        count = steps if steps is not None else self.further if warm else self.steps
        every = min(self.every, max(1, count))
        return Schedule(count, self.rate, min(50, count // 5), self.average, every)


@dataclass(frozen=True, slots=True)
class Vectors:
    """Word vectors: `rows` of them, out of a file of words and one of numbers in the data folder, or out of a
    packed file that is fetched, where `member` has both.

    endings: what a word's number also stands for, if one of the first `ended` words has it at its end;
    dotted: words whose number also stands for them with a full stop.
    """

    array: str
    words: str
    rows: int | None
    fetched: tuple[str, str] | None  # address, md5
    member: str
    endings: tuple[str, ...]
    ended: int
    dotted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a language's models are made from. Files are names below a data folder."""

    code: str
    name: str
    features: frozenset[str]
    marks: tuple[tuple[str, str], ...]
    vectors: Vectors
    trees: Mapping[str, Sequence[str]]  # train, dev, test
    longest: int
    longest_form: int
    names: Mapping[str, Sequence[str]]  # train, dev, test
    longest_named: int
    sources: tuple[Source, ...]
    gathered: tuple[tuple[Gathered, Source], ...]
    clitics: frozenset[str]
    articles: frozenset[str]
    adjectival: tuple[str, ...]
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
            vectors=_vectors(vectors),
            trees={key: tuple(trees[key]) for key in ("train", "dev", "test")},
            longest=int(trees["longest"]),
            longest_form=int(trees["longest_form"]),
            names={"train": (names["train"],), "dev": (names["dev"],), "test": tuple(names["test"])},
            longest_named=int(names["longest"]),
            sources=tuple(_sources(names["sources"])),
            gathered=tuple((_gathered(row), _source(row, 0, 0)) for row in names.get("gathered", ())),
            clitics=frozenset(names.get("clitics", ())),
            articles=frozenset(names.get("articles", ())),
            adjectival=tuple(names.get("adjectival", ())),
            parts={name: _part(raw["parts"][name]) for name in PARTS},
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise RecipeError(f"{path}: not a recipe: {problem!r}") from problem


def _vectors(row: Mapping[str, Any]) -> Vectors:
    fetched = (row["address"], row["md5"]) if "address" in row else None
    return Vectors(
        "" if fetched else row["array"],
        "" if fetched else row["words"],
        row.get("rows"),
        fetched,
        row.get("member", ""),
        tuple(row.get("endings", ())),
        int(row.get("ended", 0)),
        tuple(row.get("dotted", ())),
    )


def _sources(rows: Sequence[Mapping[str, Any]]) -> list[Source]:
    found: list[Source] = []
    for row in rows:
        start = found[-1].stop if found else 0
        found.append(_source(row, start, start + int(row["sentences"])))
    return found


def _source(row: Mapping[str, Any], start: int, stop: int) -> Source:
    often = (float(row[key]) for key in ("named", "organised", "plain"))
    return Source(row["name"], start, stop, *often)


def _gathered(row: Mapping[str, Any]) -> Gathered:
    if row["form"] not in ("bio", "docred"):
        raise ValueError(f"form {row['form']!r}")
    files = tuple((address, md5) for address, md5 in row["files"])
    return Gathered(row["name"], row["licence"], row["form"], files, row["kinds"])


def _part(row: Mapping[str, Any]) -> Part:
    blend = float(row.get("blend", 1))
    if not 0 < blend <= 1:
        raise ValueError(f"blend {blend}")
    return Part(
        steps=int(row["steps"]),
        further=int(row["further"]),
        rate=float(row["rate"]),
        every=int(row["every"]),
        average=float(row.get("average", 0.998)),
        options=tuple(row["options"]),
        blend=blend,
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
