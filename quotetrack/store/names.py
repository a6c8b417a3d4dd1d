"""What one article says about names: its language's determiners, and which acronym means what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from quotetrack import languages
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
    long_names: acronym, folded -> that long name, as written.
    """

    article: str
    text: str
    published: str | None
    determiners: Collection[str]
    acronyms: Mapping[str, str]
    long_names: Mapping[str, str]


def names_of(article: Article, published: str | None, quotes: Sequence[Quote], language: str) -> Names:
    """published: the archive's date of the article, which an earlier version may have given."""
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
            acronyms[organisation_identity(name, determiners)] = acronym
            long_names.setdefault(fold(acronym), name)
    return Names(article_uid(article), article.text, published, determiners, acronyms, long_names)


def determiners_of(language: str) -> Collection[str]:
    """Definite articles, from the language's pack; none where there is no pack."""
    try:
        return languages.load(language).speakers.get("definite", frozenset())
    except LookupError:
        return ()
