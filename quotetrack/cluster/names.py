"""Whether two speaker strings may name one speaker: by family name, as news shortens names."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple
from zlib import crc32

from quotetrack.cluster.normalise import fold
from quotetrack.cluster.tables import name_suffixes, titles

Relation = Literal["same", "unknown", "different"]

_PART = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
#: Endings long enough to mark a compound title ("Außenminister"); shorter titles have to match whole.
_TITLE_ENDING = 5


class Speaker(NamedTuple):
    """family: the last name, folded; given: what stands before it, folded, without titles."""

    family: str
    given: tuple[str, ...]

    @property
    def code(self) -> int:
        """A number of 20 bits for the family name, for blocking keys."""
        return crc32(self.family.encode("utf-8", "surrogatepass")) & 0xFFFFF


@cache
def _title_endings() -> tuple[str, ...]:
    return tuple(title for title in titles() if len(title) >= _TITLE_ENDING)


def _is_title(part: str) -> bool:
    return part in titles() or part.endswith(_title_endings())


@lru_cache(maxsize=1 << 16)
def read_speaker(name: str | None) -> Speaker | None:
    """The names in a speaker string ("Mr. Weber", "Außenminister Marco Rubio"); None where there are none.

    "WEBER, Anna" is turned round. A string of titles alone ("The Minister") names nobody.
    """
    if not name:
        return None
    before, comma, after = name.partition(",")
    if comma and _PART.findall(after) and before.isupper():
        name = f"{after} {before}"
    elif comma:
        name = before
    parts = [fold(part).casefold() for part in _PART.findall(name)]
    while len(parts) > 1 and parts[-1].rstrip(".") in name_suffixes():
        parts.pop()
    kept = [part.rstrip(".") for part in parts if not _is_title(part.rstrip("."))]
    if not kept:
        return None
    return Speaker(kept[-1], tuple(part for part in kept[:-1] if part))


def relation(a: Speaker | None, b: Speaker | None) -> Relation:
    """Same family name and no two given names that exclude each other: the same. One unknown: unknown."""
    if a is None or b is None:
        return "unknown"
    if a is b or a == b:
        return "same"
    if a.family == b.family:
        return "different" if a.given and b.given and a.given[0][0] != b.given[0][0] else "same"
    short, long = sorted((a, b), key=lambda speaker: len(speaker.given))
    return "same" if not short.given and short.family in long.given else "different"
