"""For whom a speaker speaks: organisation and role, as the article itself shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotetrack.cast import Cast, Figure, Introduction, Source, read_cast, read_source
from quotetrack.cast.roles import RolePhrase
from quotetrack.languages import Pack
from quotetrack.types import Affiliation, Annotation, Quote

GROUP_REACH = 3  # sentences back in which "they" looks for the group that spoke


def affiliate(
    annotation: Annotation, quotes: Sequence[Quote], pack: Pack, cast: Cast | None = None
) -> list[Quote]:
    """Fill in the affiliation of every quote whose article shows one, in the order given.

    quotes: as `resolve` left them; the speakers' names are looked up in the whole article, sources
    without a name ("ein Sprecher des Ministeriums") are read where they stand. cast: of this annotation and
    these sources, when it has been read already.
    """
    cast = cast or read_cast(annotation, pack, [span for quote in quotes for span in quote.source])
    sources = [read_source(cast, quote.source) for quote in quotes]
    known: dict[str, Affiliation | None] = {}
    filled = []
    for quote, source in zip(quotes, sources, strict=True):
        affiliation = None
        if quote.speaker is None:
            affiliation = _of_source(cast, source, sources) if source else None
        elif quote.speaker.kind == "person":
            name = quote.speaker.name
            if name not in known:
                figure = cast.named(name)
                said = [
                    s.phrase
                    for q, s in zip(quotes, sources, strict=True)
                    if _describes(q, s, name) and s and s.phrase
                ]
                known[name] = _of_person(cast, figure, said) if figure else None
            affiliation = known[name]
        filled.append(replace(quote, affiliation=affiliation))
    return filled


def _describes(quote: Quote, source: Source | None, name: str) -> bool:
    """Whether a source calls somebody by a role alone."""
    return bool(source and source.shape == "role" and quote.speaker and quote.speaker.name == name)


def _of_person(cast: Cast, figure: Figure, said: Sequence[RolePhrase]) -> Affiliation | None:
    """The best of what a person's mentions say; `said`: roles that stand for the name in sources."""
    introductions = list(cast.introductions[figure.number])
    introductions += [
        Introduction(p.start, p.end, "description", p, p.organisation, p.party)
        for p in said
        if p.head not in cast.descriptions
    ]
    if not any(i.phrase and not _relational(cast, i.phrase) for i in introductions):
        introductions += [_plainly(cast, head) for head, whom in cast.descriptions.items() if whom is figure][
            :1
        ]
    introductions = [i for i in introductions if i.phrase or i.organisation]
    introductions = [i for i in introductions if i.rule != "served"] or introductions
    if not introductions:
        return None
    ranked = sorted(introductions, key=lambda i: (-_worth(cast, i), i.start))
    best = ranked[0]
    role_from = next((i for i in ranked if i.phrase), None)
    body_from = max(
        (i for i in ranked if i.organisation), key=lambda i: _weight(i) + (i is best), default=None
    )
    organisation = (
        cast.directory.full(body_from.organisation) if body_from and body_from.organisation else None
    )
    if organisation is None and role_from and role_from.phrase:
        organisation = cast.body_of(role_from.phrase)
    return Affiliation(organisation, role_from.role if role_from else None, cast.intros.span(best), best.rule)


def _relational(cast: Cast, phrase: RolePhrase) -> bool:
    """Whether a role only says what somebody is to somebody else ("Amtskollege", "rival")."""
    return bool(cast.lexicon.tail("relational", phrase.reading.stem))


def _plainly(cast: Cast, head: int) -> Introduction:
    """A definite description read as an introduction."""
    phrase = cast.roles.phrase(head)
    assert phrase is not None, "descriptions are roles"
    return Introduction(phrase.start, phrase.end, "description", phrase, phrase.organisation, phrase.party)


def _worth(cast: Cast, introduction: Introduction) -> int:
    """How much an introduction says: an organisation beats a party, a current role a former one."""
    worth = 0
    if introduction.role:
        words = introduction.role.casefold().replace("-", " ").split()
        weak = any(word in cast.lexicon.words("former") for word in words)
        weak = weak or (introduction.phrase is not None and _relational(cast, introduction.phrase))
        worth += 1 if weak else 3
    if introduction.organisation:
        worth += _weight(introduction)
    return worth + (introduction.rule in ("title", "apposition", "predicate"))


def _weight(introduction: Introduction) -> int:
    """How much the organisation of an introduction counts: a committee yields to a party."""
    if introduction.phrase is not None and introduction.phrase.minor:
        return 0
    return 2 if introduction.party else 4


def _of_source(cast: Cast, source: Source, sources: Sequence[Source | None]) -> Affiliation | None:
    """Role and organisation of a source that names nobody."""
    if source.shape == "role" and source.phrase:
        return _of_phrase(cast, _fuller(cast, source.phrase) if source.definite else source.phrase)
    if source.party:
        return Affiliation(source.party, None, cast.words.span(source.start, source.start + 1), "party")
    if source.shape == "several":
        return _shared(cast, source.members)
    if source.shape == "pronoun" and source.pronoun in cast.lexicon.words("pronouns_plural"):
        return _of_group(cast, source, sources)
    return None


def _fuller(cast: Cast, phrase: RolePhrase) -> RolePhrase:
    """For "the employee", what an earlier "a former senior employee of …" said."""
    if phrase.organisation or len(phrase.role.split()) > 1:
        return phrase
    for head in range(phrase.head - 1, -1, -1):
        role = cast.roles.at(head)
        if role and role.stem == phrase.reading.stem and role.plural == phrase.reading.plural:
            earlier = cast.roles.phrase(head)
            if earlier and (earlier.organisation or len(earlier.role.split()) > 1):
                return earlier
    return phrase


def _of_phrase(cast: Cast, phrase: RolePhrase) -> Affiliation:
    role = phrase.role
    if phrase.plural and _one_among(cast, phrase.start):
        endings = (e for e in cast.lexicon.words("plural_endings") if role.endswith(e))
        role = role.removesuffix(next(endings, ""))
    return Affiliation(cast.body_of(phrase), role, cast.words.span(phrase.start, phrase.end), "source")


def _one_among(cast: Cast, start: int) -> bool:
    """Whether a plural at word `start` is what one is "one of" ("one of Mr. Lund's advisers")."""
    words, lexicon = cast.words.items, cast.lexicon
    return any(
        words[i].low in lexicon.words("singular_determiners")
        and words[i + 1].low in lexicon.words("genitive")
        for i in range(max(0, start - 6), start - 1)
        if words[i].sentence == words[start].sentence
    )


def _of_group(cast: Cast, source: Source, sources: Sequence[Source | None]) -> Affiliation | None:
    """The affiliation of the group that "they" takes up: the last that spoke shortly before."""
    sentence = cast.words.items[source.start].sentence
    groups = [
        s
        for s in sources
        if s
        and s.start < source.start
        and sentence - cast.words.items[s.start].sentence <= GROUP_REACH
        and (s.shape == "members" or (s.shape == "role" and s.phrase and s.phrase.plural))
    ]
    if groups:
        return _of_source(cast, max(groups, key=lambda s: s.start), ())
    for head in range(source.start - 1, -1, -1):
        if sentence - cast.words.items[head].sentence > 1:
            break
        phrase = cast.roles.phrase(head) if cast.roles.at(head) else None
        if phrase and phrase.plural and cast.words.items[head].deprel.startswith("nsubj"):
            return _of_phrase(cast, phrase)
    return None


def _shared(cast: Cast, members: Sequence[Figure]) -> Affiliation | None:
    """What several speakers have in common; what only one of them has counts too."""
    each = [a for figure in members if (a := _of_person(cast, figure, ()))]
    bodies = {a.organisation for a in each if a.organisation}
    roles = {a.role for a in each if a.role}
    if len(each) < len(members):
        roles = set()
    if len(bodies) != 1 and len(roles) != 1:
        return None
    return Affiliation(
        next(iter(bodies)) if len(bodies) == 1 else None,
        next(iter(roles)) if len(roles) == 1 else None,
        each[0].evidence,
        "shared",
    )
