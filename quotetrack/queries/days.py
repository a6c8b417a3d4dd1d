"""Days as users type them: a year, a month or a day."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_DOTTED = re.compile(r"(?:(?:(\d{1,2})\.\s?)?(\d{1,2})\.\s?)(\d{4})", re.ASCII)  # day first, as in German


def read_day(typed: str) -> str:
    """A year, month or day as the archive writes them: "2025-3" and "3.2025" are "2025-03"; "" stays "".

    The result is a prefix of the ISO 8601 moments it stands for. Raises ValueError, in words for whoever
    typed it, for anything else, a day that no calendar has included.
    """
    text = typed.strip()
    if not text:
        return ""
    if dotted := _DOTTED.fullmatch(text):
        given = dotted.groups()[::-1]
    elif match := _DAY.fullmatch(text):
        given = match.groups()
    else:
        shown = text if len(text) <= 40 else text[:40] + "…"
        raise ValueError(f"“{shown}” is not a date: write 2025, 2025-03 or 2025-03-04")
    parts = [part.zfill(2) for part in given if part]
    try:
        date(*(int(part) for part in [*parts, "1", "1"][:3]))
    except ValueError as error:
        raise ValueError(f"there is no {'-'.join(parts)} in the calendar") from error
    return "-".join(parts)
