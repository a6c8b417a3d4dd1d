"""What the measure takes for tokens and for text inside quotation marks.

An own implementation of the evalkit's conventions (`../shared/evalkit`), apart from the extractor's: the
surface type of gold and predicted quotes has to be found alike, whatever the extractor thinks.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from quotetrack.evaluate.corpora import Pair
from quotetrack.paths import data_path

TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w")


@cache
def conventions() -> Mapping[str, Any]:
    """`data/evaluation/scoring.toml`."""
    return tomllib.loads(data_path("evaluation", "scoring.toml").read_text("utf-8"))


class Tokens:
    """The tokens of a text and which of them a span touches."""

    def __init__(self, text: str) -> None:
        self.spans = [match.span() for match in TOKEN.finditer(text)]
        self.lower = [text[start:end].lower() for start, end in self.spans]
        self.is_word = [bool(_WORD.search(token)) for token in self.lower]
        self._starts = [start for start, _ in self.spans]
        self._ends = [end for _, end in self.spans]

    def touched(self, spans: Iterable[Pair]) -> frozenset[int]:
        """Indices of the tokens that share a character with one of the spans."""
        found: set[int] = set()
        for start, end in spans:
            if start < end:
                found.update(range(bisect_right(self._ends, start), bisect_left(self._starts, end)))
        return frozenset(found)

    def words(self, spans: Iterable[Pair]) -> frozenset[int]:
        """The touched tokens that have a letter or digit."""
        return frozenset(index for index in self.touched(spans) if self.is_word[index])


def quoted(text: str, language: str) -> list[Pair]:
    """Stretches inside quotation marks, marks included, read paragraph by paragraph.

    One left open runs to the end of its paragraph; one that only closes began with the paragraph, since
    newspapers repeat the opening mark. Single marks count outside double ones.
    """
    doubled = text.replace("``", '"\0').replace("''", '"\0')
    return [
        stretch
        for paragraph in re.finditer(r"[^\n]+", doubled)
        for stretch in _Paragraph(doubled, paragraph.start(), paragraph.end(), language).quoted()
    ]


def covered(text: str, language: str) -> bytearray:
    """One byte a character: 1 inside quotation marks, else 0."""
    inside = bytearray(len(text))
    for start, end in quoted(text, language):
        inside[start:end] = b"\x01" * (end - start)
    return inside


def surface_type(text: str, content: Sequence[Pair], inside: bytearray) -> str:
    """direct: every word stands inside marks; indirect: none; mixed: some; "wordless": there is none.

    inside: as `covered` gives it.
    """
    found = [
        inside[token.start()]
        for start, end in content
        for token in TOKEN.finditer(text, start, end)
        if _WORD.search(token.group())
    ]
    if not found:
        return "wordless"
    return "direct" if all(found) else "mixed" if any(found) else "indirect"


class _Paragraph:
    """One paragraph, read from left to right."""

    def __init__(self, text: str, start: int, end: int, language: str) -> None:
        marks = conventions()["marks"]
        pair = marks.get(language, marks[marks["fallback"]])
        self.text, self.start, self.end = text, start, end
        self.openers, self.closers, self.straight = pair["open"], pair["close"], marks["straight"]
        self.single_open, self.single_close = marks["single_open"], marks["single_close"]

    def quoted(self) -> Iterator[Pair]:
        opened: int | None = None
        depth, closed_one, at = 0, False, self.start
        while at < self.end:
            side = self._side(at)
            if opened is not None:
                if side == "open":
                    depth += 1
                elif side == "close" and depth:
                    depth -= 1
                elif side:
                    yield opened, at + 1
                    opened, closed_one = None, True
            elif side in ("open", "either") or (side == "close" and at == self.start):
                opened, depth = at, 0
            elif side == "close":
                if not closed_one:
                    yield self.start, at + 1
                    closed_one = True
            elif (end := self._single(at)) is not None:
                yield at, end + 1
                closed_one, at = True, end
            at += 1
        if opened is not None:
            yield opened, self.end

    def _around(self, at: int) -> tuple[str, str]:
        before = self.text[at - 1] if at > self.start else " "
        after = self.text[at + 1] if at + 1 < self.end else " "
        return before, after

    def _side(self, at: int) -> str:
        """Which side of a quotation a double mark is, "" for other characters.

        A curly mark that faces the wrong way is told by its neighbours.
        """
        mark = self.text[at]
        if mark == self.straight:
            return "either"
        opens = mark in self.openers
        if not opens and mark not in self.closers:
            return ""
        before, after = self._around(at)
        if mark in self.closers and before.isspace() and after.isalnum():
            return "open"
        if opens and after.isspace() and not before.isspace():
            return "close"
        return "open" if opens else "close"

    def _single(self, at: int) -> int | None:
        """Where a quotation in single marks that opens at `at` closes, or None when it is an apostrophe.

        After an s it may be a possessive: then a later closing mark, before any double one, is taken.
        """
        before, after = self._around(at)
        if self.text[at] not in self.single_open or before.isalnum() or after.isspace():
            return None
        possessive = None
        for end in range(at + 2, self.end):
            char = self.text[end]
            if char in self.straight + "“”„":
                break
            follows = self.text[end + 1] if end + 1 < self.end else " "
            if char in self.single_close and not follows.isalnum() and not self.text[end - 1].isspace():
                if self.text[end - 1] not in "sS":
                    return end
                possessive = possessive or end
        return possessive
