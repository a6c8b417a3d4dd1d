"""For whom a speaker speaks: organisation and role, as the article itself shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotetrack.cast import Cast, Figure, Introduction, RolePhrase, read_cast, read_source
from quotetrack.languages import Pack
from quotetrack.types import Affiliation, Annotation, Quote


def affiliate(annotation: Annotation, quotes: Sequence[Quote], pack: Pack) -> list[Quote]:
    """Fill in the affiliation of every quote whose article shows one, in the order given.

    quotes: as `resolve` left them; the speakers' names are looked up in the whole article, sources
    without a name ("ein Sprecher des Ministeriums") are read where they stand.
    """
    cast = read_cast(annotation, pack, [span for quote in quotes for span in quote.source])
    known: dict[str, Affiliation | None] = {}
    filled = []
    for quote in quotes:
        if quote.speaker is None:
            affiliation = _of_source(cast, quote)
        elif quote.speaker.kind == "person":
            if quote.speaker.name not in known:
                figure = cast.named(quote.speaker.name)
                known[quote.speaker.name] = _of_person(cast, figure) if figure else None
            affiliation = known[quote.speaker.name]
        else:
            affiliation = None
        filled.append(replace(quote, affiliation=affiliation))
    return filled


def _of_person(cast: Cast, figure: Figure) -> Affiliation | None:
    """The best of what a person's mentions say."""
    introductions = cast.introductions[figure.number]
    if not introductions:
        return None
    ranked = sorted(introductions, key=lambda i: (-_worth(cast, i), i.start))
    best = ranked[0]
    role_from = best if best.role else next((i for i in ranked if i.role), None)
    body_from = best if best.organisation else next((i for i in ranked if i.organisation), None)
    organisation = (
        cast.directory.full(body_from.organisation) if body_from and body_from.organisation else None
    )
    if organisation is None and role_from and role_from.implied:
        organisation = cast.intros.nearest(role_from.head)
    return Affiliation(
        organisation,
        role_from.role if role_from else None,
        cast.intros.span(best),
        best.rule,
    )


def _worth(cast: Cast, introduction: Introduction) -> int:
    """How much an introduction says: an organisation beats a party, a current role a former one."""
    worth = 0
    if introduction.role:
        worth += 3
        former = any(
            word in cast.lexicon.words("former")
            for word in introduction.role.casefold().replace("-", " ").split()
        )
        worth -= 2 * former
    if introduction.organisation:
        worth += 2 if introduction.party else 4
    if introduction.rule in ("title", "apposition"):
        worth += 1
    return worth


def _of_source(cast: Cast, quote: Quote) -> Affiliation | None:
    """Role and organisation of a source that names nobody."""
    source = read_source(cast, quote.source)
    if source is None:
        return None
    if source.shape == "role" and source.phrase:
        return _of_phrase(cast, source.phrase)
    if source.shape == "members":
        return Affiliation(source.party, None, quote.source[0], "party")
    return None


def _of_phrase(cast: Cast, phrase: RolePhrase) -> Affiliation:
    organisation = cast.directory.full(phrase.organisation) if phrase.organisation else None
    if organisation is None and phrase.implied:
        organisation = cast.intros.nearest(phrase.head)
    return Affiliation(organisation, phrase.role, cast.words.span(phrase.start, phrase.end), "source")
