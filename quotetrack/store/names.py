"""What one article says about names: which acronym means what, and who its speakers are said to be."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quotetrack import languages
from quotetrack.identity import Catalogue, Mention, own_catalogue, standing_of
from quotetrack.store.attribution import quote_of
from quotetrack.store.identity import (
    acronym_of,
    article_uid,
    fold,
    initials,
    is_acronym,
    organisation_identity,
)
from quotetrack.types import Article, Quote


@dataclass(frozen=True, slots=True)
class Names:
    """Gathered before an article's quotes are written.

    article: its uid; determiners: the language's articles, which no organisation's name starts with;
    acronyms: long name, folded -> its acronym as this article writes it;
    long_names: acronym, folded -> that long name, as written; row: the article's id; catalogue: of
    organisations; mentions: person's name, folded -> what the article says of them.
    """

    article: str
    text: str
    published: str | None
    determiners: Collection[str]
    acronyms: Mapping[str, str]
    long_names: Mapping[str, str]
    row: int = 0
    catalogue: Catalogue = field(default_factory=own_catalogue)
    mentions: Mapping[str, Mention] = field(default_factory=dict)


def names_of(
    article: Article,
    published: str | None,
    quotes: Sequence[Quote],
    language: str,
    *,
    row: int = 0,
    outlet: str = "",
    catalogue: Catalogue | None = None,
) -> Names:
    """published: the archive's date of the article, which an earlier version may have given.

    row, outlet: ids; catalogue: of organisations, the one that ships unless given.
    """
    catalogue = catalogue or own_catalogue()
    determiners = determiners_of(language)
    given = {
        quote.affiliation.organisation: None
        for quote in quotes
        if quote.affiliation is not None and quote.affiliation.organisation
    }
    acronyms: dict[str, str] = {}
    long_names: dict[str, str] = {}
    for name in given:
        if is_acronym(name):
            continue
        known = (other for other in given if is_acronym(other) and fold(other) == fold(initials(name)))
        if acronym := acronym_of(name, article.text) or next(known, None):
            acronyms[organisation_identity(name, determiners, catalogue=catalogue)] = acronym
            long_names.setdefault(fold(acronym), name)
    uid = article_uid(article)
    names = Names(uid, article.text, published, determiners, acronyms, long_names, row, catalogue)
    return replace(names, mentions=_mentions(names, quotes, language, outlet))


def names_at(conn: sqlite3.Connection, row: int, catalogue: Catalogue | None = None) -> Names:
    """The same of an article (id) that the archive has."""
    uid, origin, text, published, language = conn.execute(
        "select uid, origin, text, published, language from articles where id = ?", [row]
    ).fetchone()
    found = conn.execute(
        "select type, spans, confidence, rule, attribution from occurrences where article = ?"
        " and gone is null order by id",
        [row],
    ).fetchall()
    quotes = [quote_of(*one) for one in found]
    names = names_of(Article(origin, text), published, quotes, language, row=row, catalogue=catalogue)
    return replace(names, article=uid)


def organisation_of(name: str, names: Names) -> tuple[str, str]:
    """(name, identity): an acronym means what this article spells out, else what the catalogue does."""
    name = names.long_names.get(fold(name), name)
    return name, organisation_identity(name, names.determiners, names.article, names.catalogue)


def _mentions(names: Names, quotes: Sequence[Quote], language: str, outlet: str) -> dict[str, Mention]:
    """What all quotes of the article say together of each person it quotes."""
    shown: dict[str, list[Quote]] = defaultdict(list)
    for quote in quotes:
        if quote.speaker is not None and quote.speaker.kind == "person":
            shown[fold(quote.speaker.name)].append(quote)
    found = {}
    for name, own in shown.items():
        bodies, roles, sectors, past = set(), set(), set(), set()
        for affiliation in (quote.affiliation for quote in own):
            if affiliation is None:
                continue
            body, identity = organisation_of(affiliation.organisation or "", names)
            known = names.catalogue.find(body)
            standing = standing_of(affiliation.role, body, known.kind if known else None)
            bodies |= {identity} if body and "@" not in identity else set()
            roles |= {fold(affiliation.role)} if affiliation.role else set()
            sectors |= {standing.sector} - {None}
            past |= {standing.sector} - {None} if standing.former else set()
        found[name] = Mention(
            next(quote.speaker.name for quote in own if quote.speaker),
            names.article,
            frozenset(bodies),
            frozenset(roles),
            frozenset(sector for sector in sectors if sector),
            frozenset(sector for sector in past if sector),
            frozenset(shown) - {name},
            names.published,
            language,
            outlet,
        )
    return found


def determiners_of(language: str) -> Collection[str]:
    """Definite articles, from the language's pack; none where there is no pack."""
    try:
        return languages.load(language).speakers.get("definite", frozenset())
    except LookupError:
        return ()
