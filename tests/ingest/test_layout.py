from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.ingest.layout import Line, article_text, without_furniture


def lines(*texts: str, left: float = 70, top: float = 700, size: float = 10) -> list[Line]:
    return [Line(text, left, left + 5 * len(text), top - 14 * at, size) for at, text in enumerate(texts)]


LONG = "Eine erfundene Zeile von voller Breite, wie sie gedruckt steht"

JOINED = [
    (["Stadtver-", "waltung"], "Stadtverwaltung"),
    (["Nord-", "Korea"], "Nord-Korea"),
    (["Covid-", "19"], "Covid-19"),
    (["Ein-", "und Ausfuhr"], "Ein- und Ausfuhr"),
    (["im- or", "export"], "im- or export"),
    (["a – ", "dash"], "a –  dash".replace("  ", " ")),
    (["long-", "term plans, a long-term view"], "long-term plans, a long-term view"),
    ([LONG, "noch eine."], f"{LONG} noch eine."),
    ([LONG, "Kurz.", "Neuer Absatz"], f"{LONG} Kurz.\n\nNeuer Absatz"),
    ([LONG, "• Punkt", "• noch einer"], f"{LONG}\n\n• Punkt\n\n• noch einer"),
]


@pytest.mark.parametrize(("printed", "text"), JOINED)
def test_lines_become_paragraphs(printed: list[str], text: str) -> None:
    assert article_text([lines(*(line.strip() for line in printed))]) == text


def test_indents_gaps_and_sizes_part_paragraphs() -> None:
    first = lines(LONG, LONG)
    indented = [Line(LONG, 85, 400, 700 - 28, 10), Line(LONG, 70, 380, 700 - 42, 10)]
    assert article_text([first + indented]) == f"{LONG} {LONG}\n\n{LONG} {LONG}"
    assert article_text([first + lines(LONG, top=640)]) == f"{LONG} {LONG}\n\n{LONG}"
    assert article_text([lines("Rat streitet", top=720, size=18) + first]) == f"Rat streitet\n\n{LONG} {LONG}"


def test_a_sentence_goes_on_over_columns_and_pages() -> None:
    left, right = lines(LONG, LONG, LONG), lines("Wort am Anfang", left=320)
    assert article_text([left + right]) == f"{LONG} {LONG} {LONG} Wort am Anfang"
    assert article_text([left, right]) == article_text([left + right])
    assert article_text([lines(LONG, "Ende."), right]) == f"{LONG} Ende.\n\nWort am Anfang"


def test_furniture_is_what_stands_at_the_same_place_of_several_pages() -> None:
    pages = [
        lines(f"Blatt {n}", top=800)
        + lines(f"{LONG}{'x' * n}", f"Text{'x' * n}", "x", "y", "z", "q", "r")
        + lines("Ende", top=100 * n)
        for n in (1, 2, 3)
    ]
    left = without_furniture(pages)
    assert [page[0].text for page in left] == [LONG + "x" * n for n in (1, 2, 3)]
    assert not any(line.text.startswith("Blatt") for page in left for line in page)
    assert all(page[-1].text == "Ende" for page in left)  # at another height each time
    assert without_furniture(pages[:1]) == pages[:1]


@given(
    st.lists(
        st.lists(
            st.builds(
                Line,
                st.text("ab-. Ä1", min_size=1, max_size=8).map(str.strip).filter(bool),
                *(st.floats(-1e6, 1e6) for _ in range(4)),
            ),
            max_size=12,
        ),
        max_size=4,
    )
)
def test_no_letter_is_lost_but_furniture(pages: list[list[Line]]) -> None:
    kept = "".join(line.text for page in without_furniture(pages) for line in page)
    text = article_text(pages)
    assert [ch for ch in text if ch.isalnum()] == [ch for ch in kept if ch.isalnum()]
