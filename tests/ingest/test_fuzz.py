"""A slice of `make fuzz`: the same few hundred mutated documents every time."""

from __future__ import annotations

import pytest

from tests.fuzz import DOCUMENTS, fuzzed, run

INPUTS = 300


def test_mutated_documents_crash_and_hang_nothing() -> None:
    report = run(INPUTS)
    assert report.problems == {}
    assert report.read == INPUTS
    assert min(report.articles, report.failures) > INPUTS / 10  # both sides of the door are tried


@pytest.mark.parametrize("number", [0, 17, len(DOCUMENTS)])
def test_an_input_follows_from_seed_and_number(number: int) -> None:
    assert fuzzed(1, number) == fuzzed(1, number)
