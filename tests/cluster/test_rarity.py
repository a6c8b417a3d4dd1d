from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster.normalise import read_form
from quotetrack.cluster.rarity import may_be_alike, rare_words_of_all

WORDS = ("the", "harbour", "ministry", "will", "not", "finance", "another", "ferry", "terminal", "autumn")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("The harbour ministry finances ferries", "Ferries: the harbour ministry", True),
        ("The harbour ministry finances ferries", "Vaccines protect toddlers against measles", False),
        ("The harbour ministry finances ferries", "They will not do that to us", True),  # too few rare words
        ("", "Vaccines protect toddlers against measles", True),
    ],
)
def test_texts_that_share_no_rare_words_are_not_aligned(a: str, b: str, *, alike: bool) -> None:
    left, right = read_form(a, "en"), read_form(b, "en")
    assert may_be_alike(left, right) is may_be_alike(right, left) is alike


@given(TEXTS)
@settings(deadline=None, max_examples=50)
def test_many_at_once_are_told_apart_as_one_by_one(texts: list[str]) -> None:
    forms = [read_form(text, "en") for text in texts]
    a, b = (side.ravel() for side in np.indices((len(forms), len(forms))))
    found = rare_words_of_all(forms).may_be_alike(a, b)
    assert found.tolist() == [may_be_alike(forms[i], forms[j]) for i, j in zip(a, b, strict=True)]
