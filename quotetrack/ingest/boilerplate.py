"""Which lines of a text are its outlet's notices and no part of the article, by data/boilerplate.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quotetrack.paths import data_path
from quotetrack.types import Span

LONGEST = 500
"""Code points of a line that may be a notice."""

_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of notice. pattern: what a whole line must match.

    examples: lines that match; kept: lines that look alike and do not.
    """

    name: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    kept: tuple[str, ...]


@cache
def notices() -> tuple[Notice, ...]:
    """The kinds of notices that quotetrack knows, read once."""
    return parse(data_path("boilerplate.toml"))


def parse(path: Path) -> tuple[Notice, ...]:
    """Read and check a file of notices. Raises ValueError naming the file and what is wrong."""
    try:
        return tuple(
            Notice(
                raw["name"],
                re.compile(raw["pattern"], re.IGNORECASE),
                tuple(raw["examples"]),
                tuple(raw.get("kept", ())),
            )
            for raw in tomllib.loads(path.read_text("utf-8"))["notice"]
        )
    except (KeyError, TypeError, ValueError, re.error) as problem:
        raise ValueError(f"{path}: {problem!r}") from problem


def notice_of(line: str) -> str | None:
    """The kind of notice that a line is; None for a line of the article."""
    bare = line.strip()
    if not bare or len(bare) > LONGEST:
        return None
    return next((notice.name for notice in notices() if notice.pattern.fullmatch(bare)), None)


def not_searched(text: str) -> list[Span]:
    """The spans of `text` in which no quotes are to be sought, in reading order: whole lines, without their
    line ends.

    The text itself stays as it is. The notices of all languages count in every text.
    """
    return [
        Span(match.start(), match.end()) for match in _LINE.finditer(text) if notice_of(match[0]) is not None
    ]
