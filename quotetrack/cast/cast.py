"""Reading the cast of one article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quotetrack.cast.introductions import Introduction, Introductions
from quotetrack.cast.lexicon import Lexicon
from quotetrack.cast.names import Labels, find_person_names, label
from quotetrack.cast.organisations import Directory, Reader, list_organisations
from quotetrack.cast.people import Figure, group_names, read_gender
from quotetrack.cast.words import Words, cut_words
from quotetrack.languages import Pack
from quotetrack.types import Annotation, Span


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in one article.

    at: word index -> the person whose name covers it; introductions: by a person's number.
    """

    words: Words
    labels: Labels
    lexicon: Lexicon
    reader: Reader
    directory: Directory
    intros: Introductions
    figures: tuple[Figure, ...]
    at: dict[int, Figure]
    introductions: tuple[tuple[Introduction, ...], ...]

    def named(self, name: str) -> Figure | None:
        """The person of this full name."""
        return next((figure for figure in self.figures if figure.name == name), None)


def read_cast(annotation: Annotation, pack: Pack, sources: Iterable[Span] = ()) -> Cast:
    """Find everybody whom an article names. sources: spans known to say who speaks."""
    lexicon = Lexicon(pack)
    dotted = {
        word
        for name in (
            "titles",
            "titles_male",
            "titles_female",
            "roles_neutral",
            "roles",
            "role_modifiers",
            "stops",
        )
        for word in lexicon.words(name)
        if word.endswith(".")
    }
    words = cut_words(annotation, dotted)
    labels = label(words, annotation.mentions)
    names = find_person_names(words, labels, lexicon, sources)
    figures = group_names(words, names, lexicon)
    read_gender(words, figures, lexicon)
    at = {i: figure for figure in figures for name in figure.names for i in range(name.start, name.end)}
    reader = Reader(words, labels, lexicon, frozenset(at))
    directory = list_organisations(reader)
    intros = Introductions(reader, directory)
    introductions = tuple(tuple(i for name in figure.names for i in intros.of(name)) for figure in figures)
    return Cast(words, labels, lexicon, reader, directory, intros, tuple(figures), at, introductions)
