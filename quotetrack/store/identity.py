"""What makes two articles, people, organisations or affiliations the same one. Pure, but for the word
lists of the language packs.

These are the seams for finer decisions: whatever is decided, it ends as one `identity` text a row.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from quotetrack import languages
from quotetrack.identity import Catalogue, fold, own_catalogue
from quotetrack.types import Article, PersonKind, uid_of

__all__ = [
    "acronym_of",
    "affiliation_identity",
    "article_uid",
    "body_identity",
    "fold",
    "initials",
    "is_acronym",
    "is_bare",
    "occurrence_uid",
    "organisation_identity",
    "person_identity",
]

_ACRONYM = re.compile(r"\s*\(\s*[\"“„«»]?([^\W\d_][\w&./-]{1,11})[\"“”«»]?\s*[),;/]")


def article_uid(article: Article) -> str:
    """Its canonical address, else its address, else its outlet's id for it, else its text.

    An id without an outlet is no identity ("1" exists everywhere): it only keeps equal texts apart.
    """
    if address := article.canonical_url or article.url:
        return uid_of("article", "url", address)
    if article.outlet and article.doc_id:
        return uid_of("article", "id", article.outlet, article.doc_id)
    return uid_of("article", "text", article.doc_id or "", article.sha256)


def person_identity(name: str, article: str = "") -> str:
    """A person of this name: everywhere the same, or in the article with this uid only."""
    return f"person:{fold(name)}@{article}" if article else f"person:{fold(name)}"


def body_identity(
    name: str,
    kind: PersonKind,
    article: str,
    articles: Collection[str] = (),
    catalogue: Catalogue | None = None,
) -> str:
    """Whom a speaker who is an organisation or a group is taken for; see `organisation_identity`."""
    return f"{kind}:{organisation_identity(name, articles, article, catalogue)}"


def organisation_identity(
    name: str, articles: Collection[str] = (), article: str = "", catalogue: Catalogue | None = None
) -> str:
    """The folded name without a leading article, or that of the catalogue's entry with this name.

    articles: the words of that kind, folded; article: uid of the article, which a bare name stays within
    (see `is_bare`); catalogue: the one that ships, unless given.
    """
    folded = fold(name)
    first, _, rest = folded.partition(" ")
    bare = rest if rest and first in articles else folded
    if known := (catalogue or own_catalogue()).find(name, bare):
        return fold(known.name)
    return f"{bare}@{article}" if article and is_bare(name, bare) else bare


def is_bare(name: str, folded: str) -> bool:
    """Whether a name says only what it names ("Ministerium", "interior ministry"), in any language known.

    Such a name is one class noun of a language pack, or ends in one and has no capital anywhere.
    """
    *others, last = folded.split() or [""]
    if others and name != name.lower():
        return False
    exact, tails = _listed("class_nouns")
    return last in exact or (not others and last.endswith(tails))


@cache
def _listed(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """A word list of all language packs, folded: whole words, and those that end compounds."""
    listed = {
        noun for code in languages.codes() for noun in languages.load(code).speakers.get(name, frozenset())
    }
    return (
        frozenset(fold(noun.removeprefix("-")) for noun in listed),
        tuple(sorted(fold(noun.removeprefix("-")) for noun in listed if noun.startswith("-"))),
    )


def affiliation_identity(person: str | None, organisation: str | None, role: str | None) -> str:
    """person, organisation: uids; role: as written."""
    return "|".join((person or "", organisation or "", fold(role or "")))


def acronym_of(name: str, text: str) -> str | None:
    """The acronym that `text` introduces for `name`, as in "Foundation for Defense (FDD)"; None without."""
    start = text.find(name)
    while start >= 0:
        match = _ACRONYM.match(text, start + len(name))
        if match and is_acronym(match[1]):
            return match[1]
        start = text.find(name, start + len(name))
    return None


def is_acronym(name: str) -> bool:
    """One short word of mostly capitals: FDD, AfD, G7, dpa is none."""
    capitals = sum(ch.isupper() or ch.isdigit() for ch in name)
    return len(name) <= 12 and not any(ch.isspace() for ch in name) and capitals >= max(2, len(name) / 2)


def initials(name: str) -> str:
    """First letters of the words that begin with a capital: Foundation for Defense of Democracies, FDD."""
    return "".join(word[0] for word in re.split(r"[\s\-/]+", name) if word[:1].isupper())


def occurrence_uid(article: str, spans: str, taken: Collection[str]) -> str:
    """Of an article's uid and the content spans; salted while the uid is among `taken`."""
    uid, salt = uid_of("occurrence", article, spans), 0
    while uid in taken:
        salt += 1
        uid = uid_of("occurrence", article, spans, str(salt))
    return uid
