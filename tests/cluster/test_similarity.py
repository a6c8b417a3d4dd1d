"""Which texts are aligned at all."""

import pytest
from rapidfuzz.distance import LCSseq

from quotetrack.cluster.normalise import read_form
from quotetrack.cluster.similarity import is_worth_aligning

COMMON = "the harbour committee of Kestria has decided alone"
FIRST = "Nobody told me on which day, and I learned from a fisherman that"
SECOND = "anybody who lives beside those old cranes, as every child could see last winter"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (f"{FIRST} {COMMON}", f"{COMMON} {SECOND}", True),  # the end of one is the start of the other
        (f"{COMMON} {FIRST}", f"{COMMON} {SECOND}", False),  # one opening
        (f"{FIRST} {COMMON}", f"{SECOND} {COMMON}", False),
        (f"{COMMON} {FIRST}", COMMON, True),
        (f"{COMMON} and {FIRST}", f"{COMMON} not {FIRST}", True),
        (FIRST, SECOND, False),
    ],
)
def test_texts_are_aligned_that_may_say_the_same(one: str, other: str, expected: bool):
    a, b = read_form(one, "en").signature, read_form(other, "en").signature
    common = LCSseq.similarity(a, b)
    assert is_worth_aligning(a, b, common) == expected
    assert is_worth_aligning(b, a, common) == expected
