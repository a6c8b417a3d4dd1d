"""How dates, numbers and names are written on the pages (English)."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from quotetrack.queries import UNKNOWN

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")


@lru_cache(maxsize=4096)  # every bar of every chart has one
def day(moment: str | None) -> str:
    """An ISO 8601 date, moment or part of one as people write it: "4 March 2025"; "undated" for none."""
    match = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", moment or "", re.ASCII)
    if not match:
        return "undated"
    year, month, number = match.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    return " ".join(filter(None, (number and str(int(number)), _MONTHS[int(month) - 1], year)))


def clock(moment: str | None) -> str:
    """The time of a moment, "10:30 UTC"; "" for a date without one."""
    match = re.match(r"\d{4}-\d\d-\d\d[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", moment or "")
    if not match:
        return ""
    zone = {"Z": " UTC", "+00:00": " UTC", None: ""}.get(match[2], f" {match[2]}")
    return match[1] + zone


def later(first: str | None, then: str | None) -> str:
    """How long after the first publication: "19 hours later"; "" where either moment is unknown."""
    start, end = _moment(first), _moment(then)
    if start is None or end is None:
        return ""
    if (len(first or "") <= 10) or (len(then or "") <= 10):
        days = (end.date() - start.date()).days
        return "the same day" if days == 0 else _count(days, "day") + " later" if days > 0 else ""
    gap = end - start
    if gap < timedelta(minutes=1):
        return "at the same time" if gap >= timedelta(0) else ""
    if gap < timedelta(hours=1):
        return _count(gap.seconds // 60, "minute") + " later"
    if gap < timedelta(days=2):
        return _count(int(gap.total_seconds() // 3600), "hour") + " later"
    return _count(gap.days, "day") + " later"


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta(0))


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def counted(number: int | None, one: str, many: str = "") -> str:
    """A number and its noun: "1 outlet", "1,204 outlets"."""
    return f"{number or 0:,} {one if number == 1 else many or one + 's'}"


def language_tag(code: str | None) -> str:
    """A code that may stand in a lang attribute; "" for anything else."""
    return code if code and _LANGUAGE.match(code) else ""


@cache
def words() -> dict[str, Any]:
    """The plugin's own data: names of languages, words of roles."""
    return tomllib.loads(files("quotetrack.plugin").joinpath("data", "words.toml").read_text("utf-8"))


def quotation_marks(language: str) -> tuple[str, str]:
    """The opening and the closing mark that a language (a tag) puts around a quote."""
    marks = words()["marks"]
    opening, closing = marks.get(language.split("-", maxsplit=1)[0].lower(), marks["other"])
    return opening, closing


def language_name(code: str) -> str:
    """A language as readers know it: "German" for "de"; a code without a name as it is."""
    return str(words()["languages"].get(code, code))


def language_code(typed: str) -> str:
    """The code of a language that was typed by name or code; what is neither as it is."""
    names = {name.casefold(): code for code, name in words()["languages"].items()}
    text = typed.strip().casefold()
    return str(names.get(text, text))


def speaker_name(name: str | None) -> str:
    return name or UNKNOWN


def affiliation_words(text: str | None) -> Mapping[str, str | None]:
    """The JSON object of a row's affiliation: role, organisation, uid, acronym; empty when unknown."""
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def shorten(text: str, limit: int) -> str:
    """The text, cut after a word before `limit` characters and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    words = text[: limit + 1].rsplit(None, 1)
    return (words[0] if len(words) > 1 else text[:limit]).rstrip(",;:–-") + " …"


def year_range(first: str | None, last: str | None) -> str:
    """ "March 2025 – May 2026", or one month."""
    start, end = day((first or "")[:7]), day((last or "")[:7])
    return start if start == end or not last else f"{start} – {end}"


def today() -> date:
    return datetime.now().astimezone().date()
