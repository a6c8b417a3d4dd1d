"""Which news agency or press-release service an article credits (`data/agencies.toml`). Pure.

Looked at: datelines, the end of the last paragraphs, short lines that are nothing but a credit, the author.
A name anywhere else is part of a sentence and says nothing about where the text is from.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from quotetrack.paths import data_path

DATELINE = 60  # code points before a credit in a first paragraph, at most
FIRST, LAST = 3, 4  # paragraphs at either end of an article that may hold a credit


@dataclass(frozen=True, slots=True)
class _Credits:
    """names: credit as written -> agency. The patterns hold a list of credits in their first group."""

    names: dict[str, str]
    dateline: re.Pattern[str]
    ending: re.Pattern[str]
    line: re.Pattern[str]
    one: re.Pattern[str]


@cache
def _credits() -> _Credits:
    data = tomllib.loads(data_path("agencies.toml").read_text("utf-8"))
    names = {credit: agency["name"] for agency in data["agency"] for credit in agency["credits"]}
    one = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    joint = "|".join(re.escape(joint) for joint in data["joints"])
    label = "|".join(re.escape(label) for label in data["labels"])
    # a local service of an agency is written "dpa/lni"
    listed = rf"(?:{one})(?:\s*(?:{joint})\s*(?:(?:{one})|[a-z]{{2,4}}))*"
    return _Credits(
        names,
        re.compile(rf"^[^\n]{{0,{DATELINE}}}?[(\[/]\s*({listed})\s*[)\]/]\s*(?:[-–—:.|]|(?=[A-ZÄÖÜ]))"),
        re.compile(rf"[.!?…\"“”«»]\s*[(\[]\s*({listed})\s*[)\]]\s*$"),
        re.compile(rf"^\W*(?:(?:{label})\W*)?({listed})(?:\s*,?\s*dpa:[\w/-]+)?\W*$"),
        re.compile(rf"(?<!\w)(?:{one})(?!\w)"),
    )


def credited(text: str, author: str | None = None) -> tuple[str, ...]:
    """The agencies an article credits, by name, sorted; empty where it credits none."""
    known = _credits()
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    ends = [*paragraphs[:FIRST], *paragraphs[FIRST:][-LAST:]]
    found = [known.dateline.search(one) for one in paragraphs[:FIRST]]
    found += [known.ending.search(one) for one in ends]
    found += [known.line.search(one) for one in ends]
    lists = [match[1] for match in found if match] + ([author] if author else [])
    return tuple(sorted({known.names[name] for credit in lists for name in known.one.findall(credit)}))
