"""Rosters as spreadsheets write them. All people are fictional."""

# ruff: noqa: E501 - tables of samples
from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cli.rosters import _escaped
from quotetrack.ingest.roster import read_roster, split_names
from quotetrack.types import Failure, RosterEntry


def read(data: bytes | str) -> list[RosterEntry | Failure]:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return list(read_roster(io.BytesIO(raw), "roster.csv"))


JANE = RosterEntry("roster.csv:2", "Jörn Brücker", ("J. Brücker",), "person", "Q42", "Stadt Ulm", "Sprecher")
SPELLINGS = {
    "comma": "name,aliases,wikidata,affiliation,role\nJörn Brücker,J. Brücker,Q42,Stadt Ulm,Sprecher\n",
    "semicolon": "Full Name;Also known as;QID;Organisation;Position\nJörn Brücker;J. Brücker;q42;Stadt Ulm;Sprecher\n",
    "tab, upper case": "NAME\tALIAS\tWIKIDATA_ID\tEMPLOYER\tFUNKTION\nJörn Brücker\tJ. Brücker\twd:Q42\tStadt Ulm\tSprecher\n",
    "address": "person,aka,item,org,title\r\nJörn  Brücker,J. Brücker| ,https://www.wikidata.org/wiki/Q42,Stadt Ulm,Sprecher\r\n",
    "JSON lines": '\n{"name": "Jörn Brücker", "aliases": ["J. Brücker"], "qid": "Q42", "affiliation": "Stadt Ulm", "role": "Sprecher"}\n',
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_columns_separators_and_encodings_are_told_by_content(text: str, encoding: str) -> None:
    if text.lstrip().startswith("{") and encoding == "latin-1":
        encoding = "utf-8"  # JSON is UTF-8
    assert read(text.encode(encoding)) == [JANE]


BAD = {
    "only a title": ("name\nDr.\n", ":2", "a title or role, no name"),
    "two people": ("name\nAnna Weber und Jörn Brücker\n", ":2", "two people in one name"),
    "two people as alias": ("name,aliases\nAnna Weber,Anna und Jörn Weber\n", ":2", "among the aliases, two people"),
    "no id": ("name,qid\nAnna Weber,L42\n", ":2", "'L42' is no Wikidata id, which looks like Q42"),
    "an id twice": ("name,qid\nAnna Weber,Q5\nJörn Brücker,Q5\n", ":3", "the Wikidata id Q5 stands in roster.csv:2"),
    "a uid twice": ("name,uid\nAnna Weber,x\nJörn Brücker,x\n", ":3", "the uid x stands in roster.csv:2 already"),
    "no name": ("name,qid\n,Q5\n", ":2", "a row without a name"),
    "more cells": ("name,qid\nAnna Weber,Q5,x\n", ":2", "3 cells where the header has 2"),
    "a kind": ("name,kind\nAnna Weber,robot\n", ":2", "'robot' is no kind"),
    "an open quotation mark": ('name,qid\n"Anna Weber,Q5\nJörn Brücker,Q6\n', ":2", "broken row, perhaps"),
    "endless": ("name\n" + "x" * 400 + "\n", ":2", "name of 400 characters, the limit is 300"),
    "no header": ("Anna Weber,Q5\n", "", "no column is known to hold the name"),
    "nothing": (b"  ", "", "empty file"),
    "an object without name": ('{"qid": "Q5"}\n', ":1", "a row without a name"),
    "no JSON": ('{"name": "Anna Weber"}\n{"name"\n', ":2", "no JSON"),
    "numbers": ('{"name": 5}\n', ":1", "name is no text"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_row_is_named_and_the_rest_goes_on(text: str | bytes, line: str, reason: str) -> None:
    more = (
        b"" if not line or b'{"' in (text if isinstance(text, bytes) else text.encode()) else b"Berta Sand\n"
    )
    raw = (text if isinstance(text, bytes) else text.encode()) + more
    found = read(raw)
    failures = [one for one in found if isinstance(one, Failure)]
    assert [one.origin for one in failures] == [f"roster.csv{line}"]
    assert reason in failures[0].reason
    if more:
        assert found[-1].name == "Berta Sand"  # type: ignore[union-attr]


@settings(deadline=None)
@given(st.lists(st.text(min_size=1).filter(lambda name: name == name.strip()), max_size=5))
def test_names_with_separators_come_back(names: list[str]) -> None:
    assert split_names("|".join(map(_escaped, names))) == names


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for one in read(b"name,aliases,qid\n" + data):
        assert one.origin.startswith("roster.csv")
