"""What is searched keeps its place: whatever is blanked, every offset holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.searched import Part, blanked, parts_of
from quotetrack.types import Span

GERMAN = (
    "Der Rat von Seebrück hat am Montag über die neue Brücke beraten und die Entscheidung vertagt. "
    "Die Sprecherin des Rates erklärte nach der Sitzung, man werde nicht länger auf den Bund warten. Die "
    "Brücke ist seit dem Winter gesperrt, und die Fähre, die sie ersetzt, fährt nur bei gutem Wetter."
)
ENGLISH = (
    "The council of the made-up town of Harbour Point met on Monday and put off its decision on the bridge. "
    "A spokeswoman said after the meeting that nobody would wait for the government any longer. The bridge "
    "has been closed since the winter, and the ferry that replaces it only runs when the weather allows."
)
NOTICE = "Der Artikel wird von einem Drittanbieter bereitgestellt."


@given(st.text("aß\n \t„“", max_size=60), st.data())
def test_blanking_keeps_length_and_lines(text: str, data: st.DataObject) -> None:
    ends = st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=5)
    spans = [Span(min(pair), max(pair)) for pair in data.draw(ends) if pair[0] != pair[1]]
    got = blanked(text, spans)
    hidden = {at for span in spans for at in range(span.start, span.end)}
    assert len(got) == len(text)
    for at, (before, after) in enumerate(zip(text, got, strict=True)):
        assert after == (before if at not in hidden or before.isspace() else " ")


CASES = [
    ("one language", [GERMAN], None, None, [("de", [0])]),
    ("a notice", [GERMAN, NOTICE, GERMAN], None, None, [("de", [0, 2])]),
    ("two languages", [GERMAN, ENGLISH, GERMAN], None, None, [("de", [0, 2]), ("en", [1])]),
    ("asked for", [GERMAN, ENGLISH], "en", "de", [("en", [0, 1])]),
    ("said by the document", [ENGLISH, GERMAN, GERMAN], None, "en", [("en", [0]), ("de", [1, 2])]),
    ("said and neither", [GERMAN, GERMAN, ENGLISH], None, "nl", [("nl", []), ("de", [0, 1]), ("en", [2])]),
]


@pytest.mark.parametrize(
    ("name", "paragraphs", "asked", "said", "expected"), CASES, ids=[c[0] for c in CASES]
)
def test_parts(
    name: str,
    paragraphs: list[str],
    asked: str | None,
    said: str | None,
    expected: list[tuple[str, list[int]]],
) -> None:
    text = "\n\n".join(paragraphs)
    parts = parts_of(text, asked=asked, said=said, readable=lambda _: True)
    assert [part.language for part in parts] == [code for code, _ in expected]
    for part, (_, shown) in zip(parts, expected, strict=True):
        assert len(part.text) == len(text)
        assert part.text.split() == " ".join(paragraphs[at] for at in shown).split()


def test_what_cannot_be_read_stays_with_the_rest() -> None:
    text = f"{GERMAN}\n\n{ENGLISH}\n\n{GERMAN}"
    assert parts_of(text, asked=None, said=None, readable="de".__eq__) == [Part("de", text)]
