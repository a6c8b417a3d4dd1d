"""What is known of a name in one article, and of a person across the archive."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from quotetrack.types import Judgement


@dataclass(frozen=True, slots=True)
class Mention:
    """A person's name as one article gives it, with what the article says of its bearer.

    article: its uid; organisations: keys or folded names of the organisations; sectors: see `roles`;
    past: sectors that the article calls former; company: folded names of others quoted there;
    published: ISO 8601 or None; language: code or "".
    """

    name: str
    article: str
    organisations: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    company: frozenset[str] = frozenset()
    published: str | None = None
    language: str = ""
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as the archive knows them, from a bounded number of articles.

    person: uid; names: all they go by; mentions: in how many articles (counted up to a bound);
    the rest as in `Mention`, of all those articles; first, last: dates.
    """

    person: str
    names: tuple[str, ...]
    mentions: int = 1
    organisations: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    company: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    outlets: frozenset[str] = frozenset()
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A comparison with one person. score: nats for being the same; why: in words, for a reader."""

    person: str
    judgement: Judgement
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whom a mention is taken for. person: uid, None for somebody new.

    settled: whether a new person may be found again; not so where two people fit equally well, or where
    the words name nobody in particular. doubts: those who may be the same as this one, or as `person`.
    """

    person: str | None
    judgement: Judgement
    score: float
    why: str
    settled: bool = True
    doubts: tuple[Judged, ...] = field(default=())


def profile_of(person: str, names: Collection[str], mentions: Collection[Mention]) -> Profile:
    """What these mentions say together."""
    dates = sorted(mention.published for mention in mentions if mention.published)
    return Profile(
        person,
        tuple(names),
        len({mention.article for mention in mentions}),
        frozenset(item for mention in mentions for item in mention.organisations),
        frozenset(item for mention in mentions for item in mention.roles),
        frozenset(item for mention in mentions for item in mention.sectors),
        frozenset(item for mention in mentions for item in mention.past),
        frozenset(item for mention in mentions for item in mention.company),
        frozenset(mention.language for mention in mentions if mention.language),
        frozenset(mention.outlet for mention in mentions if mention.outlet),
        dates[0] if dates else None,
        dates[-1] if dates else None,
    )
