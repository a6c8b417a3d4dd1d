"""What comparing names has to know of spelling and of how people are named, read from `data/names/`."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from quotetrack.paths import data_path


@dataclass(frozen=True, slots=True)
class Spelling:
    """`data/names/spelling.toml` says what each list means; rules: (pattern, replacement), in order."""

    rules: tuple[tuple[re.Pattern[str], str], ...]
    ambiguous: tuple[tuple[str, ...], ...]
    consonants: Mapping[int, int]
    vowels: frozenset[str]
    particles: frozenset[str]
    arabic_article: str
    prefixes: tuple[str, ...]
    joining: frozenset[str]
    maiden: frozenset[str]
    generations: Mapping[str, int]
    titles: frozenset[str]
    conjunctions: frozenset[str]


@cache
def spelling() -> Spelling:
    table = _read("spelling")
    return Spelling(
        rules=tuple((_rule(old), new) for old, new in table["rules"]),
        ambiguous=tuple(tuple(row) for row in table["ambiguous"]),
        consonants=str.maketrans(dict(table["consonants"])),
        vowels=frozenset(table["vowels"]),
        particles=frozenset(table["particles"]),
        arabic_article=table["arabic_article"],
        prefixes=tuple(table["prefixes"]),
        joining=frozenset(table["joining"]),
        maiden=frozenset(table["maiden"]),
        generations=table["generations"],
        titles=frozenset(table["titles"]),
        conjunctions=frozenset(table["conjunctions"]),
    )


@cache
def variants() -> Mapping[str, frozenset[str]]:
    """A part of a name -> the parts that the same person may bear instead, itself among them."""
    table = _read("variants")
    found: dict[str, set[str]] = defaultdict(set)
    for group in (*table["short"], *table["languages"], *table["parts"]):
        for name in group.split():
            found[name].update(group.split())
    return {name: frozenset(others) for name, others in found.items()}


@cache
def family_first() -> Mapping[str, frozenset[str]]:
    """Language family -> names that are family names and stand first there; and given names that end one."""
    table = _read("order")
    return {
        name: frozenset(table[name])
        for name in ("chinese", "korean", "japanese", "vietnamese", "hungarian", "given_last", "double")
    }


@cache
def family_first_languages() -> frozenset[str]:
    return frozenset(_read("order")["languages"])


@cache
def readings() -> Mapping[str, Mapping[str, str]]:
    """ "family" and "given" -> Han characters -> how Japanese reads them."""
    table = _read("readings")
    return {kind: dict(line.split("=") for line in table[kind]) for kind in ("family", "given")}


@cache
def prior_nats() -> tuple[float, Mapping[str, float]]:
    """What a part says when nothing is known of it, and what the listed ones say, in nats."""
    table = _read("frequent")
    listed: dict[str, float] = {}
    for kind in ("given", "family"):
        for nats, names in table[kind].items():
            for name in names:
                listed[name] = min(listed.get(name, float(nats)), float(nats))
    return float(table["unlisted"]), listed


def _rule(text: str) -> re.Pattern[str]:
    start, end = text.startswith("^"), text.endswith("$")
    return re.compile(("^" if start else "") + re.escape(text.strip("^$")) + ("$" if end else ""))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(data_path("names", f"{name}.toml").read_text("utf-8"))
