from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.store.passages import CONTEXT, passage
from quotetrack.types import Span


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("⟦ab⟧", "", ""),
        ("eins zwei ⟦ab⟧ drei vier", "zwei ", " drei"),
        ("Absatz.\n„⟦ab⟧“ ja.\nNeu", "„", "“ ja."),
        ("Absatz.\n\n⟦ab⟧", "", ""),
        ("ohneleerzeichen⟦ab⟧ohneleerzeichen", "erzeichen", "ohneleerz"),
    ],
)
def test_passage_is_cut_between_words_within_the_paragraph(text, before, after):
    start, end = text.index("⟦"), text.index("⟧") - 1
    found = passage(text.replace("⟦", "").replace("⟧", ""), (Span(start, end),), context=9)
    assert (found.before, found.within, found.after) == (before, "ab", after)


@given(st.text(" ab\n„“", min_size=1, max_size=700), st.data())
def test_a_passage_is_a_verbatim_stretch_of_bounded_length(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = passage(text, (Span(start, end),))
    assert (
        text[start - len(found.before) : end + len(found.after)] == found.before + found.within + found.after
    )
    assert max(len(found.before), len(found.after)) <= CONTEXT
    assert "\n" not in found.before + found.after
