"""A form kept as bytes is the form that reading gives, or none."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster import packed_form
from quotetrack.cluster.normalise import read_form
from quotetrack.cluster.packing import unpacked
from quotetrack.types import Occurrence

WORDS = st.sampled_from(
    [
        "We",
        "don't",
        "wait",
        "[the minister]",
        "…",
        "Straße",
        "twenty five",
        "3 thousand",
        "OECD",
        "ｘ",
        "不",
        "%",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join))


@settings(deadline=None)
@given(TEXTS, st.sampled_from([None, "en", "de", "fi"]))
def test_what_is_kept_is_what_is_read(text, language):
    one = Occurrence("a", text, language=language)
    assert unpacked(one) is None
    assert unpacked(replace(one, form=packed_form(one))) == read_form(text, language)


def test_a_form_of_another_text_or_of_other_tables_is_none(monkeypatch: pytest.MonkeyPatch):
    one = Occurrence("a", "We will not wait for the railways", language="en")
    kept = replace(one, form=packed_form(one))
    assert unpacked(kept) is not None
    assert unpacked(replace(kept, text="We will wait for the railways")) is None
    assert unpacked(replace(kept, language="de")) is None
    assert unpacked(replace(kept, form=b"")) is None
    monkeypatch.setattr("quotetrack.cluster.packing._tables", lambda: 7)
    assert unpacked(kept) is None
