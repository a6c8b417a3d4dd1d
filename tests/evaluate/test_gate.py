"""Floors: they hold, they rise, and they fall only when told to."""

from __future__ import annotations

import pytest

from quotetrack.evaluate import document_of, evaluate
from quotetrack.evaluate.gate import Gate, GateError, breaches, raise_floors, read_gate, write_gate
from quotetrack.evaluate.report import beside, figure

TEXT = "“One two,” said Ann. “Three four,” said Bo."  # fictional people
QUOTES = [
    {"content_spans": [[1, 8]], "speaker_spans": [[16, 19]]},
    {"content_spans": [[22, 32]], "speaker_spans": [[40, 42]]},
]


def report(count: int, size: int = 300):
    """The figures of `size` equal documents, in each of which `count` of two quotes were found."""
    gold = [document_of({"doc_id": at, "text": TEXT, "quotes": QUOTES}) for at in range(size)]
    return evaluate(gold, [document_of({"doc_id": at, "quotes": QUOTES[:count]}) for at in range(size)])


EMPTY = Gate(0.5, {})
SET = raise_floors(EMPTY, "own", "abc", report(1))


def test_floors_stand_the_margin_below_the_figure():
    floors = SET.corpora["own"].floors
    assert figure(report(1), "all.exact.f1") == pytest.approx(66.67, abs=0.01)
    assert floors["all.exact.f1"] == 66.1
    assert floors["direct.source.head"] == 99.5
    assert breaches(SET, "own", "abc", report(1)) == breaches(SET, "own", "abc", report(2)) == []


def test_in_a_small_corpus_the_margin_is_one_quote():
    floors = raise_floors(EMPTY, "own", "abc", report(2, size=5)).corpora["own"].floors
    assert floors["all.exact.f1"] == floors["direct.source.head"] == 90.0


def test_a_figure_below_its_floor_is_named():
    found = breaches(SET, "own", "abc", report(0))
    assert "own: all.exact.f1 is 0.0, its floor is 66.1" in found
    assert "own: direct.source.head is 0.0, its floor is 99.5" in found


def test_an_unknown_corpus_and_a_changed_one_are_breaches():
    assert breaches(SET, "other", "abc", report(2)) == ["other: has no floors yet"]
    assert "another corpus (xyz)" in breaches(SET, "own", "xyz", report(2))[0]


def test_floors_rise_by_themselves_and_fall_only_when_told():
    higher = raise_floors(SET, "own", "abc", report(2))
    assert higher.corpora["own"].floors["all.exact.f1"] == 99.5
    for digest in ("abc", "xyz"):
        with pytest.raises(GateError, match="only when told"):
            raise_floors(higher, "own", digest, report(1))
        assert raise_floors(higher, "own", digest, report(1), lower=True).corpora["own"].floors == dict(
            SET.corpora["own"].floors
        )


def test_a_figure_within_the_margin_leaves_its_floor():
    wide = Gate(20.0, SET.corpora)
    assert raise_floors(wide, "own", "abc", report(1)).corpora["own"] == SET.corpora["own"]


def test_a_gate_file_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "gate.toml"
    write_gate(path, SET, "Why these floors.\n\nHow to raise them.")
    assert read_gate(path) == SET
    assert path.read_text("utf-8").startswith("# Why these floors.\n#\n# How to raise them.\nmargin = 0.5\n")


@pytest.mark.parametrize("content", ["", "margin = 'x'", "margin = 1\n[corpora.a]\nfloors = 3", "]"])
def test_what_is_no_gate_file_is_named(content, tmp_path):
    path = tmp_path / "gate.toml"
    path.write_text(content)
    with pytest.raises(GateError, match=r"gate\.toml"):
        read_gate(path)


def test_figures_by_address():
    assert figure(report(2), "all.source.pairs") == 600
    assert figure(report(2), "indirect.exact.f1") is None
    assert figure(report(2), "all.nonsense.f1") is None


def test_systems_stand_beside_each_other():
    lines = beside(
        {"ours": {"a": 61.25, "b": None}, "theirs": {"a": 7.0}}, {"a": "exact", "b": "joint"}
    ).splitlines()
    assert [line.split() for line in lines] == [
        ["exact", "joint"],
        ["ours", "61.2", "–"],
        ["theirs", "7.0", "–"],
    ]
