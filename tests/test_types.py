"""The shared values: spans, ids and the words of a content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.types import Quote, Span, content_text, uid_of

INTERRUPTED = [
    ("⟦We will not wait⟧,” she said, “⟦for anyone⟧.”", "We will not wait, for anyone"),
    ("⟦We will not wait⟧,” she said. “⟦Nobody has come⟧.”", "We will not wait. Nobody has come"),
    ("⟦Warum nicht?⟧“, fragte er. „⟦Wir haben Geld⟧.“", "Warum nicht? Wir haben Geld"),
    ("«⟦Wir warten hier⟧», so Weber, «⟦Geld haben wir⟧»", "Wir warten hier, Geld haben wir"),
    (
        "⟦Das eine ist gebaut worden⟧“, sagte sie, „⟦das andere nicht⟧.“",
        "Das eine ist gebaut worden, das andere nicht",
    ),
    ("⟦Wir warten –⟧“ so Weber – „⟦noch⟧“", "Wir warten – noch"),
    ("⟦Die Stadt⟧ (so Weber) ⟦wartet⟧", "Die Stadt wartet"),
    ("⟦Wir⟧“, sagte sie, „⟦warten nicht⟧“", "Wir warten nicht"),
    ("⟦alone⟧", "alone"),
    ("⟦We wait.\n\n“Nobody came⟧", "We wait.\n\nNobody came"),
]


@pytest.mark.parametrize(("marked", "words"), INTERRUPTED)
def test_content_text(marked: str, words: str) -> None:
    text, spans = "", []
    for piece in marked.replace("⟧", "⟦").split("⟦"):
        if piece and f"⟦{piece}⟧" in marked:
            spans.append(Span(len(text), len(text) + len(piece)))
        text += piece
    assert content_text(text, spans) == words


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2)])
def test_a_span_holds_something(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start, end)


def test_a_quote_has_content_and_a_probable_confidence() -> None:
    with pytest.raises(ValueError, match="content"):
        Quote("direct", ())
    with pytest.raises(ValueError, match="confidence"):
        Quote("direct", (Span(0, 1),), confidence=1.5)


@given(st.lists(st.text(), min_size=1), st.integers(6, 20))
def test_uids_are_short_url_safe_and_depend_on_their_parts_alone(parts: list[str], length: int) -> None:
    uid = uid_of(*parts, length=length)
    assert len(uid) == length
    assert uid.isalnum()
    assert uid == uid.lower() == uid_of(*parts, length=length)
    assert uid != uid_of(*parts, "more", length=length)
