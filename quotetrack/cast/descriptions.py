"""Definite descriptions: whom "der Außenminister", "the senator", "the 54-year-old" mean."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.cast.directory import Directory, stem_of
from quotetrack.cast.fronted import Introduction
from quotetrack.cast.people import Figure
from quotetrack.cast.roles import RolePhrase
from quotetrack.lexicon import Lexicon

PLACE_LETTERS = 5  # a place and its adjective share so many first letters ("Ecuador", "ecuadorianisch")


def described(
    phrase: RolePhrase,
    figures: Sequence[Figure],
    introductions: Sequence[Sequence[Introduction]],
    directory: Directory,
    lexicon: Lexicon,
) -> Figure | None:
    """The person whose introductions fit a definite description best; None when none or two do.

    A shared role counts most, then shared modifiers ("der venezolanische Staatschef"), organisation and
    place; a contradiction in them excludes; of several that fit alike, the one named last before it.
    """
    best: tuple[tuple[int, int], Figure] | None = None
    for figure in figures:
        fit = max((_fit(phrase, i, directory, lexicon) for i in introductions[figure.number]), default=0)
        if fit <= 0:
            continue
        last = max((n.start for n in figure.names if n.start < phrase.head), default=-1)
        if best is None or (fit, last) > best[0]:
            best = ((fit, last), figure)
    return best[1] if best else None


def _fit(phrase: RolePhrase, introduction: Introduction, directory: Directory, lexicon: Lexicon) -> int:
    """How well an introduction fits: 0 not at all, 1 or 2 by what goes with the role, 3 and up with it."""
    given_phrase = introduction.phrase
    same = given_phrase is not None and lexicon.same_role(given_phrase.reading.stem, phrase.reading.stem)
    asked = _modifiers(phrase.role, lexicon)
    given = _modifiers(given_phrase.role, lexicon) if given_phrase else set()
    shared = len(asked & given)
    places = {place[:PLACE_LETTERS] for place in introduction.places if len(place) > 2}
    placed = any(word[:PLACE_LETTERS] in places for word in (*asked, *phrase.places))
    if same and asked and given and not shared and not placed:
        return 0
    if phrase.organisation and introduction.organisation:
        if directory.full(phrase.organisation) != directory.full(introduction.organisation):
            return 0
        shared += 1
    if introduction.rule == "place" and not placed:
        return 0
    exact = given_phrase is not None and given_phrase.reading.stem == phrase.reading.stem
    return 3 * same + 2 * exact + shared + placed if same or (asked & given) or placed else 0


def _modifiers(role: str, lexicon: Lexicon) -> set[str]:
    """The words that tell one role from another of its kind, without inflection."""
    return {
        stem_of(word)
        for part in role.casefold().split()
        if len(word := part.strip(".,")) > 3
        and not lexicon.role(part)
        and not any(
            word in lexicon.words(name) for name in ("former", "role_modifiers", "complement", "determiners")
        )
    }
