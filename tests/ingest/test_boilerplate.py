from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.ingest.boilerplate import LONGEST, not_searched, notice_of, notices, parse

EXAMPLES = [(notice.name, line) for notice in notices() for line in notice.examples]
KEPT = [line for notice in notices() for line in notice.kept]


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_an_example_is_recognised_by_its_notice(name: str, line: str) -> None:
    own = next(notice for notice in notices() if notice.name == name)
    assert own.pattern.fullmatch(line)
    assert notice_of(f"  {line} ") is not None


@pytest.mark.parametrize("line", KEPT)
def test_a_line_that_looks_alike_is_kept(line: str) -> None:
    assert notice_of(line) is None


def test_spans_are_whole_lines() -> None:
    text = "Rat streitet\n\n  Anzeige\nWeber sagte nichts.\nFoto: Erika Muster/dpa\n"
    assert [span.of(text) for span in not_searched(text)] == ["  Anzeige", "Foto: Erika Muster/dpa"]
    assert not_searched("") == []


@given(st.text(st.sampled_from("ab \n:©/.Foto"), max_size=80))
def test_spans_stand_in_order_and_apart(text: str) -> None:
    spans = not_searched(text)
    assert all("\n" not in span.of(text) for span in spans)
    assert all(before.end < after.start for before, after in pairwise(spans))


def test_long_lines_are_the_articles() -> None:
    assert notice_of("© " + "x" * LONGEST) is None


def test_every_notice_has_examples_and_a_name_of_its_own() -> None:
    assert all(notice.examples for notice in notices())
    assert len({notice.name for notice in notices()}) == len(notices())


def test_a_malformed_file_says_where_and_what(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('[[notice]]\nname = "x"\npattern = "("\nexamples = []\n')
    with pytest.raises(ValueError, match=r"x\.toml: .*missing \)"):
        parse(path)


def test_no_annotated_quote_is_lost(shared: Path) -> None:
    """Fewer than one in a thousand of the annotators' quotes begins in a line taken for a notice."""
    quotes = lost = 0
    for name in ("german.dev", "polnear.dev"):
        for row in (shared / "corpora" / f"{name}.jsonl").read_text("utf-8").splitlines():
            article = json.loads(row)
            spans = not_searched(article["text"])
            starts = [quote["content_spans"][0][0] for quote in article["quotes"]]
            quotes += len(starts)
            lost += sum(any(span.start <= start < span.end for span in spans) for start in starts)
    assert quotes > 2_000
    assert lost < quotes / 1_000
