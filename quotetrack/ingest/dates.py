"""Dates of documents → ISO 8601, as `Article.published` keeps them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?$")


def iso_date(value: str | None) -> str | None:
    """A date or moment in ISO 8601, RFC 822 or NITF's compact form → ISO 8601; None when unreadable.

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
        if match := _COMPACT.match(text):
            year, month, day, hour, minute, second, zone = match.groups()
            text = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone or ''}"
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = parsedate_to_datetime(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
        return moment.replace(microsecond=0).isoformat()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
