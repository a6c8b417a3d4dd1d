"""What somebody speaks as: the sector of a role and of an organisation, and whether the role is over.

The taxonomy is data: `data/roles.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from anyascii import anyascii

from quotetrack.identity.tables import spelling
from quotetrack.paths import data_path

_WORDS = re.compile(r"[a-z0-9&]+(?:['.][a-z0-9]+)*\.?")

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")  # the words of the taxonomy are German and English


@dataclass(frozen=True, slots=True)
class Standing:
    """sector: a name of `data/roles.toml`, None where nothing shows one; former: whether the role is over."""

    sector: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """Entries of one list: exact ones and compounds' ends, and several words in a row."""

    exact: frozenset[str]
    tails: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    def fit(self, words: Sequence[str]) -> bool:
        return any(word in self.exact or word.endswith(self.tails) for word in words) or any(
            tuple(words[at : at + len(phrase)]) == phrase
            for phrase in self.phrases
            for at in range(len(words))
        )


@dataclass(frozen=True, slots=True)
class _Sector:
    name: str
    roles: _Words
    not_roles: _Words
    organisations: _Words
    not_organisations: _Words
    weak: _Words


@lru_cache(maxsize=1 << 14)
def standing_of(role: str | None, organisation: str | None = None, kind: str | None = None) -> Standing:
    """role, organisation: as written; kind: the organisation's, where a catalogue knows it."""
    words, body = _split(role or ""), _split(organisation or "")
    former = _former().fit(words)
    for sector in _sectors():
        if sector.roles.fit(words) and not sector.not_roles.fit(words):
            return Standing(sector.name, former)
    if kind is not None:
        return Standing(kind, former)
    for sector in _sectors():
        if sector.organisations.fit(body) and not sector.not_organisations.fit(body):
            return Standing(sector.name, former)
    weak = next((sector.name for sector in _sectors() if sector.weak.fit(words)), None)
    return Standing(weak, former)


def names_a_role(name: str) -> bool:
    """Whether a name is a role and no name ("Außenminister", "Minister of Defence")."""
    words = [word for word in _split(name) if len(word) > 3] or _split(name)
    return any(_is_role(word) for word in words) and all(
        _is_role(word) or word.strip(".") in spelling().titles for word in words
    )


def _is_role(word: str) -> bool:
    return _any_role().fit([word])


def exclude_each_other(one: Iterable[str], other: Iterable[str]) -> tuple[str, str] | None:
    """Two sectors, one of each side, that one person hardly has both of; None where there are none."""
    pairs = _excludes()
    return next(((a, b) for a in sorted(one) for b in sorted(other) if frozenset((a, b)) in pairs), None)


def sectors() -> tuple[str, ...]:
    """All sectors, in the order in which they are tried."""
    return tuple(sector.name for sector in _sectors())


def _split(text: str) -> list[str]:
    if not _LATIN.search(text):
        return []
    return _WORDS.findall(anyascii(text.casefold().replace("’", "'")).replace("-", " "))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(data_path("roles.toml").read_text("utf-8"))


@cache
def _former() -> _Words:
    return _read(_table()["former"])


@cache
def _excludes() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in _table()["excludes"])


@cache
def _any_role() -> _Words:
    """The single words of all roles: nearly every name is asked for each of its words."""
    lists = [words for sector in _sectors() for words in (sector.roles, sector.weak)]
    return _Words(
        frozenset().union(*(words.exact for words in lists)),
        tuple(tail for words in lists for tail in words.tails),
        tuple(phrase for words in lists for phrase in words.phrases if len(phrase) == 1),
    )


@cache
def _sectors() -> tuple[_Sector, ...]:
    lists = ("roles", "not_roles", "organisations", "not_organisations", "weak")
    return tuple(
        _Sector(row["name"], *(_read(row.get(name, ())) for name in lists)) for row in _table()["sector"]
    )


def _read(entries: Iterable[str]) -> _Words:
    exact, tails, phrases = set(), set(), set()
    for entry in entries:
        words = _split(entry)
        if len(words) > 1:
            phrases.add(tuple(words))
        elif entry.startswith("-"):
            tails.add(words[0])
        elif words:
            exact.add(words[0])
    return _Words(frozenset(exact), tuple(sorted(tails)), tuple(sorted(phrases)))
