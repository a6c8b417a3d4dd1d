"""Lines → tokens and sentence ends, from what a tokeniser says of each character."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from quotetrack.annotate.drafts import Piece
from quotetrack.annotate.tokeniser import Labels

MAX_WORDS = 160  # tokens a sentence may have; a longer one is cut, since parsing is quadratic in it
_CLOSED = re.compile(r"[.!?:;…。！？][^\w\s]*$")  # a closing mark, then perhaps quotation marks or brackets
_GOES_ON = re.compile(r"[^\w\s]*[,;:]|\W*[a-zà-öø-ÿ]")  # a comma or a small letter cannot begin a sentence
_SPACES = re.compile(r"[\s\u0080-\u009f]+")
_ODD = re.compile(r"[\s\u0080-\u009f]{2}|[^\S ]|[\u0080-\u009f]")
_HINT = re.compile(r"@|://|www\.|\.(?:gov|org|edu|net|com|co)\.")  # an address may be in a line
_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = re.compile(  # web and mail addresses, each one token, as Stanza has them
    rf"{_LOCAL}(?:\.{_LOCAL})*@(?:{_LABEL}\.)+{_LABEL}"
    rf'|(?:https?://(?:www\.|(?!www))|www\.){_HOST}\.[^\s"]{{2,}}'
    r'|[a-zA-Z0-9]+\.(?:gov|org|edu|net|com|co)\.[^\s"]{2,}'
)


def sentences(
    labels: Callable[[Sequence[str]], Sequence[Labels]],
    lines: Sequence[str],
    titles: frozenset[str] = frozenset(),
) -> list[list[list[Piece]]]:
    """The sentences of each line. A tokeniser's sentence end counts only after a closing mark.

    labels: lines with single spaces → what ends after each character, as `Tokeniser.labels` says it.
    titles: abbreviations that no sentence ends with, in lower case (`dr.`).
    """
    if not lines:
        return []
    seen = [_seen(line) for line in lines]
    found = labels([text for text, _ in seen])
    return [
        list(_cut(_joined(list(_pieces(text, places, _with_addresses(text, ends))), line, titles)))
        for line, (text, places), ends in zip(lines, seen, found, strict=True)
    ]


def _seen(line: str) -> tuple[str, list[int] | None]:
    """A line with every run of white space as one space, and where its characters stood (None: as before)."""
    if not _ODD.search(line):
        return line, None
    shown: list[str] = []
    places: list[int] = []
    for at, char in enumerate(line):
        blank = _SPACES.match(char)
        if not (blank and shown and shown[-1] == " "):
            shown.append(" " if blank else char)
            places.append(at)
    return "".join(shown), places


def _with_addresses(line: str, ends: Labels) -> Labels:
    """What ends after each character, addresses whole."""
    if _HINT.search(line):
        for found in _ADDRESS.finditer(line):
            ends[found.start() : found.end() - 1] = 0
            ends[found.end() - 1] = ends[found.end() - 1] or 1
    return ends


def _pieces(text: str, places: list[int] | None, labels: Labels) -> Iterator[list[Piece]]:
    """Guessed sentences. Labels a character: 0 inside, 1 token ends, 2 sentence ends, 3 and 4 contracted."""
    sentence: list[Piece] = []
    start = 0
    for at in np.flatnonzero(labels).tolist():
        token = text[start : at + 1]
        if stripped := token.strip():
            first = start + len(token) - len(token.lstrip())
            last = first + len(stripped) - 1
            if places is not None:
                first, last = places[first], places[last]
            sentence.append(Piece(first, last + 1, labels[at] >= 3))
            if labels[at] in (2, 4):
                yield sentence
                sentence = []
        start = at + 1
    if sentence:
        yield sentence


def _joined(guessed: Sequence[list[Piece]], line: str, titles: frozenset[str]) -> Iterator[list[Piece]]:
    """Put together what the tokeniser cut without a closing mark, before a comma or small letter, or between
    a title and its name (`Prof. Dr. med. | Anna Weber`)."""
    held: list[Piece] = []
    for tokens in guessed:
        if held:
            before = line[held[0].start : held[-1].end]
            goes_on = _GOES_ON.match(line, tokens[0].start) or _ends_in(before[-12:], titles)
            if _CLOSED.search(before[-12:]) and not goes_on:
                yield held
                held = []
        held = held + tokens
    if held:
        yield held


def _ends_in(text: str, titles: frozenset[str]) -> bool:
    """Whether a text's last word, or its last two, are such a title."""
    words = text.lower().split()
    return not titles.isdisjoint((" ".join(words[-1:]), " ".join(words[-2:])))


def _cut(found: Iterable[list[Piece]]) -> Iterator[list[Piece]]:
    for tokens in found:
        for start in range(0, len(tokens), MAX_WORDS):
            yield tokens[start : start + MAX_WORDS]
