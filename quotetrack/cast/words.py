"""An article as a row of words, cut the same way in parsed and unparsed sentences.

The models cut words as their treebanks do ("US", "-", "Außenministerin"); names, titles and
compounds are read more safely from words as they are printed. Tags come from the models where given.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quotetrack.types import Annotation, Span, Token

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|@?\w+(?:[-‐‑’'.&+]\w+)*\.?|[’']s\b|''|[^\w\s]",
)
_CLITIC = re.compile(r"[’'](\w+)$")
_GLUED = re.compile(r"(?<=[a-zäöüß]{2})\.(?=[A-ZÄÖÜ])")
HEADLINE = 0.75  # share of capitals from which a line is a title
_NO_FEATS: Mapping[str, str] = {}


class Word(NamedTuple):
    """One printed word or mark. upos, feats: Universal Dependencies, empty where not annotated.

    capital: begins like a name; mark: punctuation rather than a word.
    """

    text: str
    low: str
    start: int
    end: int
    sentence: int
    paragraph: int
    upos: str = ""
    feats: Mapping[str, str] = _NO_FEATS
    deprel: str = ""
    capital: bool = False
    mark: bool = False

    @property
    def acronym(self) -> bool:
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) > 1 and sum(c.isupper() for c in letters) * 3 >= len(letters) * 2


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in reading order."""

    text: str
    items: tuple[Word, ...]
    starts: tuple[int, ...]
    headline: tuple[bool, ...] = ()  # whether each word stands in a line that capitalises every word

    def within(self, span: Span) -> range:
        """Indices of the words that begin in `span` or reach into it."""
        first = bisect_right(self.starts, span.start) - 1
        if first < 0 or self.items[first].end <= span.start:
            first += 1
        return range(first, max(first, bisect_left(self.starts, span.end)))

    def span(self, start: int, end: int) -> Span:
        """The stretch of text from word `start` up to, not including, word `end`."""
        return Span(self.items[start].start, self.items[end - 1].end)

    def string(self, start: int, end: int) -> str:
        return self.span(start, end).of(self.text) if start < end else ""


def cut_words(annotation: Annotation, abbreviations: Collection[str], clitics: Collection[str] = ()) -> Words:
    """The words of a text with the tags of the models.

    abbreviations: lower-case words that keep their full stop ("mr.", "sen."); clitics: endings behind an
    apostrophe that are words of their own ("s", "ll").
    """
    tokens: dict[int, Token] = {}
    starts: dict[int, Token] = {}
    sentences = sorted(sentence.span.start for sentence in annotation.sentences)
    for sentence in annotation.sentences:
        for token in sentence.tokens:
            tokens.setdefault(token.span.end, token)  # the last part of a compound carries its tag
            starts.setdefault(token.span.start, token)
    items: list[Word] = []
    paragraph, reached = 0, 0
    for start, end in _cuts(annotation.text, abbreviations, clitics):
        paragraph += "\n" in annotation.text[reached:start]
        reached = end
        string = annotation.text[start:end]
        tag = tokens.get(end) or starts.get(start)
        if tag and tag.span.start < start and string[0] in "'’":
            tag = None  # a clitic that the model left on its word
        items.append(
            Word(
                string,
                string.casefold(),
                start,
                end,
                bisect_right(sentences, start) - 1,
                paragraph,
                tag.upos if tag else "",
                tag.feats if tag else _NO_FEATS,
                tag.deprel if tag else "",
                _capital(string),
                not (string.isalnum() or any(letter.isalnum() for letter in string)),
            )
        )
    return Words(annotation.text, tuple(items), tuple(item.start for item in items), _headlines(items))


def _capital(string: str) -> bool:
    """Whether a word begins with a capital, a particle and a capital ("el-Baradei"), or "@"."""
    if string[0].isupper():
        return True
    first, _, rest = string.partition("-")
    return (len(first) <= 3 and rest[:1].isupper()) or (len(string) > 1 and string[0] == "@")


def _headlines(items: Sequence[Word]) -> tuple[bool, ...]:
    """Whether each word stands in a line that capitalises nearly all of its longer words."""
    long: Counter[int] = Counter()
    capital: Counter[int] = Counter()
    for item in items:
        if len(item.text) > 3 and not item.mark:
            long[item.paragraph] += 1
            capital[item.paragraph] += item.capital
    return tuple(
        capital[item.paragraph] > HEADLINE * long[item.paragraph] and long[item.paragraph] > 2
        for item in items
    )


def _cuts(text: str, abbreviations: Collection[str], clitics: Collection[str]) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        string = match.group()
        if glued := _GLUED.search(string):
            middle = start + glued.start()
            cuts += [(start, middle), (middle, middle + 1)]
            start, string = middle + 1, text[middle + 1 : end]
        if string.endswith(".") and not _keeps_stop(string, abbreviations):
            cuts += [(start, end - 1), (end - 1, end)]
        elif (clitic := _CLITIC.search(string)) and clitic.group(1).casefold() in clitics and clitic.start():
            cuts += [(start, start + clitic.start()), (start + clitic.start(), end)]
        else:
            cuts.append((start, end))
    return [(start, end) for start, end in cuts if start < end]


def _keeps_stop(string: str, abbreviations: Collection[str]) -> bool:
    body = string[:-1]
    if not body or not body[0].isalpha():
        return not body
    return (len(body) == 1 and body.isupper()) or body[1:2] == "." or string.casefold() in abbreviations
