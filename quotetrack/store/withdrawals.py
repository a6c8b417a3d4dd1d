"""Quotes that are not shown any more: gone from their article, or withdrawn by a person.

`occurrences.withdrawn` and `statements.withdrawn` are derived: from `occurrences.gone` and from the
corrections in force. A statement is withdrawn with the last of its quotes, and takes its quotes along.
"""

from __future__ import annotations

# The public reason for a quote its article no longer has, over `o` = occurrences.
GONE_REASON = "'no longer in the article (since ' || o.gone || ')'"
# A person withdrew it: its words are for nobody to see. (An outlet's own edit is part of the story.)
WITHHELD = f"o.withdrawn is not null and o.withdrawn is not {GONE_REASON}"


def gone_reason(date: str) -> str:
    return f"no longer in the article (since {date})"
