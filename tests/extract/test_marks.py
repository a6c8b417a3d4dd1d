"""Where quotations begin and end, from marks and their neighbours alone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack import languages
from quotetrack.extract import find_quotations
from quotetrack.extract.marks import quotations

CASES = [(code, line) for code in languages.codes() for line in languages.load(code).examples]
DE = languages.load("de").marks
EN = languages.load("en").marks


def shown(text: str, marks: object, nested: bool = False) -> list[str]:
    return [span.of(text) for span in find_quotations(text, marks, nested)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("code", "marked"), CASES)
def test_find_quotations_in_every_language(code: str, marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    for span in reversed(find_quotations(text, languages.load(code).marks)):
        text = f"{text[: span.start]}⟦{span.of(text)}⟧{text[span.end :]}"
    assert text == marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We go,” she said. “Now.”", ["We go,", "Now."]),
        ("”We go,” she said.", ["We go,"]),  # a closing mark typed for an opening one
        ("''We go,'' she said.", ["We go,"]),
        ("``We go,'' she said.", ["We go,"]),
        ('"We go," she said.', ["We go,"]),
        ("‘We go,’ she said.", ["We go,"]),
        ("It's the boys' house, isn't it?", []),
        ("She didn't say 'never' to the boys' plan.", ["never"]),
        ("“He told me ‘no’ twice,” she said.", ["He told me ‘no’ twice,"]),
        ("„Er sagte ‚nein‘ dazu“, so Weber.", ["Er sagte ‚nein‘ dazu"]),
        ("»Wir gehen«, sagte sie.", ["Wir gehen"]),
        ("«Wir gehen», sagte sie.", ["Wir gehen"]),
        ("„Wir gehen”, sagte sie.", ["Wir gehen"]),
        ('„Wir gehen", sagte sie.', ["Wir gehen"]),
        ("“We go,“ she said.", ["We go,"]),
        ("He said nothing: “”.", []),
        ('„“ und ‚‘ und ""', []),
        ("“Nobody closes this line", ["Nobody closes this line"]),
        ("Lone ” mark and “", []),
        ("5\" screens and 6' walls", []),
    ],
)
def test_outermost_quotations_of_a_line(text: str, expected: list[str]) -> None:
    both = {**EN, **{opening: (*EN.get(opening, ()), *closing) for opening, closing in DE.items()}}
    assert shown(text, both) == expected or shown(text, EN) == expected


def test_nested_quotations_are_told_by_depth() -> None:
    text = "“He told me ‘no way’ twice,” she said."
    assert shown(text, EN, nested=True) == ["He told me ‘no way’ twice,", "no way"]
    assert [one.depth for one in quotations(text, EN)] == [0, 1]


def test_a_missing_closing_mark_ends_with_its_line() -> None:
    text = "“One paragraph stays open\n“and the next one closes,” she said."
    assert [one.closed for one in quotations(text, EN)] == [False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "„Wir haben geprüft.\nWir warten.\n\nWir bleiben“, sagte Kern. „Ja.“",
            ["Wir haben geprüft.", "Wir warten.", "Wir bleiben", "Ja."],
        ),
        ('Kern: "We looked.\nWe wait." He left.', ["We looked.", "We wait."]),
        ("“We looked.\nHe said “no” twice.", ["We looked.", "no"]),
        (
            "“We looked and waited.\nSen. Ida Kern of Tannsee.”",
            [
                "We looked and waited.",
            ],
        ),
        ("“We looked.\n" + "We wait.\n" * 9 + "We stay.”", ["We looked."]),
    ],
)
def test_a_quotation_goes_on_through_paragraphs_that_do_not_reopen_it(text: str, expected: list[str]) -> None:
    assert shown(text, DE if "„" in text else EN) == expected


@given(st.text(alphabet="ab s.,:“”„\"'‘’«»‚‹›`\n", max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    for marks in (DE, EN):
        found = quotations(text, marks)
        for one in found:
            assert 0 <= one.outer.start <= one.inner.start < one.inner.end <= one.outer.end <= len(text)
            assert "\n" not in one.inner.of(text)
        outer = [one.outer for one in found if one.depth == 0 and not one.single]
        assert all(not a.overlaps(b) for a, b in pairwise(outer))


@pytest.mark.parametrize(
    ("piece", "length"),
    [("x", 5_000_000), ("“a", 300_000), ("„a", 300_000), ("'a", 300_000), ("a”", 300_000), ("'' ", 300_000)],
)
def test_a_line_without_end_takes_seconds(piece: str, length: int) -> None:
    text = piece * (length // len(piece))
    begin = time.process_time()
    quotations(text, EN)
    assert time.process_time() - begin < 20
