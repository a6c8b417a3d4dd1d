"""Dates of documents → ISO 8601, as `Article.published` keeps them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?$")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?)?\Z")
_NAMED = re.compile(
    r"(?:[^\W\d]{2,12}\.?,\s+)?(?:\d{1,2}\.?\s+[^\W\d]{3,12}\.?|[^\W\d]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?)\s+\d{4}"
    r"(?:,?\s+(?:at\s+|um\s+)?\d{1,2}:\d\d(?:\s+Uhr|\s*[ap]\.?m\.?)?)?\Z",
    re.IGNORECASE,
)

ZONES = timedelta(days=1)
"""How far a date may lie ahead: zones differ by up to 26 hours, and a date without one is anywhere's."""

FIRST_NEWSPAPER = "1605"
"""The year of the oldest one known (Relation, Strasbourg); an earlier date is a system's zero."""

_EPOCH = ("1970-01-01", "1970-01-01T00:00:00Z")  # what systems write for no date


def iso_date(value: str | None) -> str | None:
    """A date or moment in ISO 8601, RFC 822, NITF's compact form or with dots ("4.3.2025 10:00"),
    or with its month's name ("March 4, 2025") → ISO 8601.

    None when unreadable.
    A moment with a zone comes back in UTC ("2025-03-04T10:00:00Z"), one without stays without,
    a date stays a date. Never raises.
    """
    text = (value or "").strip()
    if not 4 <= len(text) <= 64:
        return None
    try:
        if len(text) == 10 and text[4] == "-":
            return date.fromisoformat(text).isoformat()
        if len(text) == 8 and text.isascii() and text.isdigit():
            return date.fromisoformat(text).isoformat()
        if match := _DOTTED.match(text):
            day, month, year, hour, minute, second = match.groups()
            text = f"{year}-{month:0>2}-{day:0>2}"
            if hour is None:
                return date.fromisoformat(text).isoformat()
            text += f"T{hour:0>2}:{minute}:{second or '00'}"
        elif match := _COMPACT.match(text):
            year, month, day, hour, minute, second, zone = match.groups()
            text = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone or ''}"
        elif _NAMED.match(text):
            return _with_month_named(text)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = parsedate_to_datetime(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
        return moment.replace(microsecond=0).isoformat()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _with_month_named(text: str) -> str | None:
    """A date as articles print it, or a moment without a zone: "4. März 2025", "March 4, 2025 at 10:00"."""
    from dateparser import parse

    settings = {
        "STRICT_PARSING": True,
        "DATE_ORDER": "DMY",
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    found = parse(text, settings=settings)
    if found is None:
        return None
    return found.isoformat(timespec="seconds") if ":" in text else found.date().isoformat()


def implausible(published: str, now: datetime) -> str | None:
    """Why a day or moment (ISO 8601) is none of a publication read at `now` (UTC); None when it can be."""
    if published < FIRST_NEWSPAPER or published in _EPOCH:
        return "no date but a system's zero"
    moment = datetime.fromisoformat(published)
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return "in the future" if at - now > ZONES else None
