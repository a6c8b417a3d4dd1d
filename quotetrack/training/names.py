"""Sentences with names: reading BIO files, choosing among them, and copies that look like other print.

A sentence is a list of (token, tag) with tags in BIO. What a copy changes (case, quotation marks, one name
for another of its kind) never changes the number of tokens' tags but through the name put in.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Sentence = list[tuple[str, str]]
STRAIGHT = frozenset('"')


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of a file's sentences (from, up to) and how often a pass takes each of them.

    named: how often one with a name comes in a pass; organised: one with an organisation; plain: one
    without any name. 0.5 is every other pass, 2 is twice a pass.
    """

    name: str
    start: int
    stop: int
    named: float
    organised: float
    plain: float


@dataclass(frozen=True, slots=True)
class Copies:
    """How many sentences in a hundred a pass changes, by kind of change. marks: pairs of quotation marks."""

    upper: float = 2.0
    lower: float = 3.0
    title: float = 2.0
    quoted: float = 1.5
    swapped: float = 15.0  # of the names, not of the sentences
    marks: tuple[tuple[str, str], ...] = (("“", "”"),)


def read(text: str) -> list[Sentence]:
    """Sentences of a BIO file: one token and its tag a line, tab between, an empty line after each."""
    found: list[Sentence] = []
    for block in text.split("\n\n"):
        rows = [row.split("\t") for row in block.split("\n") if row]
        if rows:
            found.append([(row[0], row[-1]) for row in rows])
    return found


def kinds(sentence: Sentence) -> set[str]:
    return {tag[2:] for _, tag in sentence if tag != "O"}


def spans(tags: Sequence[str]) -> set[tuple[int, int, str]]:
    """(start, end, kind) of every name in BIO or BIOES tags."""
    found, start, kind = set(), 0, ""
    for index, tag in enumerate([*tags, "O"]):
        if kind and (tag[0] in "OBS" or tag[2:] != kind):
            found.add((start, index, kind))
            kind = ""
        if tag != "O" and not kind:
            start, kind = index, tag[2:]
    return found


def usable(sentences: Iterable[Sentence], most_tokens: int, most_characters: int) -> list[Sentence]:
    """Those that are not so long that one of them would slow a whole batch."""
    return [
        one
        for one in sentences
        if len(one) <= most_tokens and all(len(token) <= most_characters for token, _ in one)
    ]


def lexicon(sentences: Iterable[Sentence]) -> dict[str, list[list[str]]]:
    """Kind → names as they stand in the sentences (each as often as it does), as lists of tokens."""
    found: dict[str, list[list[str]]] = {}
    for sentence in sentences:
        for start, end, kind in sorted(spans([tag for _, tag in sentence])):
            found.setdefault(kind, []).append([token for token, _ in sentence[start:end]])
    return found


def sampled(
    sources: Sequence[tuple[Source, Sequence[Sentence]]],
    copies: Copies,
    names: Mapping[str, Sequence[list[str]]],
    dice: random.Random,
) -> Iterator[Sentence]:
    """One pass: each sentence as often as its source says, some of them changed. Order is the sources'."""
    for source, sentences in sources:
        for sentence in sentences:
            found = kinds(sentence)
            often = source.organised if "ORG" in found else source.named if found else source.plain
            times = int(often) + (dice.random() < often % 1)
            for _ in range(times):
                yield changed(sentence, copies, names, dice)


def changed(
    sentence: Sentence, copies: Copies, names: Mapping[str, Sequence[list[str]]], dice: random.Random
) -> Sentence:
    """The sentence, or a copy of it: see `Copies`."""
    sentence = swapped(sentence, names, copies.swapped / 100, dice)
    if copies.marks:
        sentence = marked(sentence, copies.marks, dice)
        if dice.random() < copies.quoted / 100:
            sentence = quoted(sentence, dice.choice(copies.marks), dice)
    roll = dice.random() * 100
    for share, change in ((copies.upper, str.upper), (copies.lower, str.lower), (copies.title, _capital)):
        if roll < share:
            return [(change(token), tag) for token, tag in sentence]
        roll -= share
    return sentence


def swapped(
    sentence: Sentence, names: Mapping[str, Sequence[list[str]]], share: float, dice: random.Random
) -> Sentence:
    """Put another name of the same kind where one stands, for `share` of the names (Dai and Adel 2020)."""
    found = sorted(spans([tag for _, tag in sentence]))
    result, done = [], 0
    for start, end, kind in found:
        if dice.random() < share and names.get(kind):
            result += sentence[done:start]
            other = dice.choice(names[kind])
            result += [(token, f"{'I' if index else 'B'}-{kind}") for index, token in enumerate(other)]
            done = end
    return result + sentence[done:] if done else sentence


def marked(sentence: Sentence, marks: Sequence[tuple[str, str]], dice: random.Random) -> Sentence:
    """Typographic marks for straight ones, half of the time, where they come in pairs."""
    places = [index for index, (token, _) in enumerate(sentence) if token in STRAIGHT]
    if len(places) < 2 or len(places) % 2 or dice.random() < 0.5:
        return sentence
    pair = dice.choice(marks)
    result = list(sentence)
    for turn, index in enumerate(places):
        result[index] = (pair[turn % 2], sentence[index][1])
    return result


def quoted(sentence: Sentence, marks: tuple[str, str], dice: random.Random) -> Sentence:
    """Quotation marks around one name, or around a stretch that cuts no name."""
    tags = [tag for _, tag in sentence]
    found = sorted(spans(tags))
    if found and dice.random() < 0.5:
        start, end, _ = dice.choice(found)
    else:
        gaps = [
            index for index in range(len(tags) + 1) if index == len(tags) or not tags[index].startswith("I-")
        ]
        start, end = sorted((dice.choice(gaps), dice.choice(gaps)))
        if end - start < 2:
            return sentence
    return [*sentence[:start], (marks[0], "O"), *sentence[start:end], (marks[1], "O"), *sentence[end:]]


def _capital(token: str) -> str:
    return token[:1].upper() + token[1:]
