"""Filters as words: how a public copy's index of statements holds speaker, outlet, language and the rest.

Full text intersects two words at a million statements in a few milliseconds, where asking each match of
the one whether a filter holds takes a tenth of a second. So each filter of a statement is a word of the
index's last column. No one can type these words: they begin with private-use characters, which
`fts.searchable` takes out of whatever is typed.
"""

from __future__ import annotations

from typing import Literal

# "spoken": language and type together, each of which a large share of all statements has.
Filter = Literal["speaker", "organisation", "role", "outlet", "language", "type", "spoken", "confidence"]

# Three of them, as many as the index keeps of prefixes: all filters of a statement share one prefix.
MARK = "\ue100" * 3
NOBODY = 0  # the speaker of an unattributed quote, where others have the id of a person
STEPS = 10  # steps of confidence, 0 to STEPS: the best of a statement's occurrences, rounded down


def filter_word(kind: Filter, value: str | int) -> str:
    """The word of one filter. value: an id, a type or a step; a language's code as `language_value`; of
    "spoken" that and the type."""
    return f"{MARK}{kind}{value}"


def language_value(code: str) -> str:
    """A language's code in letters and digits alone: "zh-hant" would be two words."""
    return code.encode("utf-8", "replace").hex()


# The words of statement `s`, from its rows in `facets` (see store's counts).
FILTER_WORDS = f"""
(select '{MARK}speaker' || coalesce(s.person, {NOBODY})
  || ' {MARK}language' || coalesce(lower(hex(s.language)), '')
  || coalesce(' ' || group_concat(distinct '{MARK}outlet' || f.outlet), '')
  || coalesce(' ' || group_concat(distinct '{MARK}type' || f.type), '')
  || coalesce(' ' || group_concat(distinct '{MARK}spoken' || lower(hex(s.language)) || f.type), '')
  || coalesce(' ' || group_concat(distinct '{MARK}organisation' || f.organisation), '')
  || coalesce(' ' || group_concat(distinct '{MARK}role' || f.role), '')
  || coalesce(' {MARK}confidence' || cast(max(f.confidence) * {STEPS} as integer), '')
 from facets f where f.statement = s.id)"""  # noqa: S608 - constants of this file
