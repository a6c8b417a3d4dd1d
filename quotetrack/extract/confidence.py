"""How sure each rule is: its share of right quotes, measured; see `docs/` for the table."""

from __future__ import annotations

DEFAULT = 0.5
# Share of a rule's quotes that overlap a gold quote by half and name the right head of its source
# ("joint soft"), on the development sets of both languages.
_MEASURED: dict[str, float] = {}


def confidence_of(rule: str) -> float:
    """0 to 1: the measured share of right quotes of a rule, DEFAULT for one that was not measured."""
    return _MEASURED.get(rule, DEFAULT)
