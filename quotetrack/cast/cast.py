"""Reading the cast of one article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotetrack.cast.descriptions import described
from quotetrack.cast.directory import Directory, list_organisations
from quotetrack.cast.fellows import fellowships
from quotetrack.cast.fronted import Introduction
from quotetrack.cast.introductions import Introductions
from quotetrack.cast.labels import Labels, label
from quotetrack.cast.names import Name, find_person_names
from quotetrack.cast.organisations import Reader
from quotetrack.cast.people import Figure, fold, group_names, read_gender
from quotetrack.cast.roles import RolePhrase, Roles
from quotetrack.cast.words import Words, cut_words
from quotetrack.languages import Pack
from quotetrack.lexicon import FEMALE, MALE, Lexicon, lexicon_of
from quotetrack.types import Annotation, Span


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in one article.

    at: word index -> the person whose name covers it; introductions: by a person's number;
    descriptions: word index of a definite role -> the person it means.
    """

    words: Words
    labels: Labels
    lexicon: Lexicon
    reader: Reader
    directory: Directory
    roles: Roles
    intros: Introductions
    figures: tuple[Figure, ...]
    at: dict[int, Figure]
    introductions: tuple[tuple[Introduction, ...], ...]
    descriptions: dict[int, Figure]

    def named(self, name: str) -> Figure | None:
        """The person of this full name."""
        return next((figure for figure in self.figures if figure.name == name), None)

    def name_at(self, index: int) -> Name:
        """The name that covers a word of `at`."""
        return next(name for name in self.at[index].names if name.start <= index < name.end)

    def owner(self, phrase: RolePhrase) -> str | None:
        """The organisation that "its director" or "deren Vorsitzende" belongs to.

        The only one named before it in its sentence or, where that names none, in the sentence before; None
        when people are named there too, as the possessive may be theirs.
        """
        items = self.words.items
        here = items[phrase.start].sentence
        index = phrase.start - 1
        for first in (here, here - 1):
            people = any(i in self.at for i in range(index) if first <= items[i].sentence <= here)
            found = self.directory.only(index, first, here)
            if found or people:
                return self.directory.full(found.name) if found and not people else None
        return None

    def body_of(self, phrase: RolePhrase) -> str | None:
        """The organisation that a role is of, by its fullest name, where the phrase itself or what stands
        before it says so."""
        if phrase.organisation:
            return self.directory.full(phrase.organisation)
        if phrase.implied:
            return self.directory.nearest(phrase.head)
        return self.owner(phrase) if phrase.owned else None

    def meant(self, phrase: RolePhrase) -> Figure | None:
        """The person a definite description means."""
        return described(phrase, self.figures, self.introductions, self.directory, self.lexicon)


def read_cast(annotation: Annotation, pack: Pack, sources: Iterable[Span] = ()) -> Cast:
    """Find everybody whom an article names. sources: spans known to say who speaks."""
    lexicon = lexicon_of(pack)
    words = cut_words(annotation, lexicon.dotted, lexicon.words("clitics"))
    labels = label(words, annotation.mentions, lexicon)
    names = find_person_names(words, labels, lexicon, sources)
    figures = [f for f in group_names(words, names, lexicon) if _is_person(f, words, labels, lexicon)]
    for number, figure in enumerate(figures):
        figure.number = number
    read_gender(words, figures, lexicon)
    at = {i: figure for figure in figures for name in figure.names for i in range(name.start, name.end)}
    reader = Reader(words, labels, lexicon, frozenset(at))
    directory = list_organisations(reader)
    roles = Roles(reader, directory)
    intros = Introductions(reader, directory, roles, _inflected(words, figures))
    introductions = [[i for name in figure.names for i in intros.of(name)] for figure in figures]
    fellows = fellowships(words, figures, at, introductions, lexicon)
    introductions = [[*own, *more] for own, more in zip(introductions, fellows, strict=True)]
    for figure in figures:
        _gender_of_roles(figure, introductions[figure.number])
    descriptions = _describe(roles, figures, introductions, at)
    return Cast(
        words,
        labels,
        lexicon,
        reader,
        directory,
        roles,
        intros,
        tuple(figures),
        at,
        tuple(map(tuple, introductions)),
        descriptions,
    )


def _is_person(figure: Figure, words: Words, labels: Labels, lexicon: Lexicon) -> bool:
    """Whether somebody is more than one word that only its place in a source makes a name."""
    if len(figure.tokens) > 1:
        return True
    return any(
        labels.at(i) == "person"
        or words.items[i - 1].low in lexicon.titles
        or lexicon.role(words.items[i - 1].low)
        for name in figure.names
        for i in range(name.start, name.end)
    )


def _inflected(words: Words, figures: Sequence[Figure]) -> frozenset[int]:
    """First words of the names that stand in the genitive ("Strauss-Kahns")."""
    return frozenset(
        name.start
        for figure in figures
        for name in figure.names
        if (last := fold(words.items[name.end - 1].text)) != figure.tokens[-1]
        and last.startswith(figure.tokens[-1])
    )


def _gender_of_roles(figure: Figure, introductions: Sequence[Introduction]) -> None:
    """Count the gendered roles ("Ministerin", "spokesman") that introduce somebody."""
    for introduction in introductions:
        phrase = introduction.phrase
        if phrase and not phrase.plural:
            figure.male += phrase.reading.gender == MALE
            figure.female += phrase.reading.gender == FEMALE


def _describe(
    roles: Roles, figures: Sequence[Figure], introductions: list[list[Introduction]], at: dict[int, Figure]
) -> dict[int, Figure]:
    """Follow every definite role ("the president") to the person it means.

    A role that nobody has yet, said right after one person alone was named, introduces that person.
    """
    reader, lexicon = roles.reader, roles.lexicon
    taken = {i for intros in introductions for intro in intros for i in range(intro.start, intro.end)}
    found: dict[int, Figure] = {}
    for head in range(1, len(reader.words.items)):
        if head in taken or roles.at(head) is None:
            continue
        first = head
        while reader.nominal(first - 1):
            first -= 1
        before = reader.word(first - 1)
        if before is None or before.low not in lexicon.words("definite"):
            continue
        phrase = roles.phrase(head, first)
        if phrase is None or phrase.plural or phrase.end in at or reader.nominal(head + 1):
            continue
        figure = described(phrase, figures, introductions, roles.directory, lexicon)
        early = figure is None or figure.names[0].start > head
        if early and (phrase.end == head + 1 or phrase.organisation):
            later = figure
            figure = _alone_before(reader, at, first - 1)
            if figure and not any(i.phrase for i in introductions[figure.number]):
                introductions[figure.number].append(Introduction(first, head + 1, "description", phrase))
            else:
                figure = later
        if figure:
            found[head] = figure
    return found


def _alone_before(reader: Reader, at: dict[int, Figure], index: int) -> Figure | None:
    """The one person named in the sentence before that of word `index`, when the word begins its own."""
    items = reader.words.items
    sentence = items[index].sentence
    if index == 0 or items[index - 1].sentence == sentence:
        return None
    near = {
        at[i].number: at[i]
        for i in range(max(0, index - 60), index)
        if i in at and items[i].sentence == sentence - 1
    }
    return next(iter(near.values())) if len(near) == 1 else None
