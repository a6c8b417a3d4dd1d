"""`quotetrack people`: a roster in, a roster out. All people are fictional."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from quotetrack.store import open_store

from .test_cli import run

PEOPLE = (("Ingwer Talbrink", "Polizei Hohenbruck", "Polizeisprecher"), ("Maraike Quellbrunn", None, None))


@pytest.fixture
def db(tmp_path: Path) -> Path:
    lines = []
    for number, (speaker, affiliation, role) in enumerate(PEOPLE):
        text = f"„Wir warten nicht auf Bericht {number}“, sagte {speaker} am Hafen."
        quote = {"type": "direct", "content_spans": [[1, text.index("“")]], "speaker_name": speaker}
        quote |= {"affiliation": affiliation, "role": role}
        line = {"doc_id": f"{number}", "outlet": "Bote (fictional)", "lang": "de", "text": text}
        lines.append(line | {"quotes": [quote]})
    articles, path = tmp_path / "articles.jsonl", tmp_path / "news.db"
    articles.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert run("add", path, articles, "--quotes", "given").exit_code == 0
    return path


def test_rows_that_are_wrong_are_named_and_the_rest_is_bound(db: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Name;QID;Organisation\nIngwer Talbrink;Q42;Polizei Hohenbruck\nMaraike Quellbrunn;Q42;\n"
        "Dr.;Q7;\nTjark Ohlendieck;Q8;Hafenamt\n",
        "utf-8-sig",
    )
    result = run("people", "import", db, roster)
    assert result.exit_code == 1
    assert result.stdout == "2 people: 1 bound, 0 to review, 1 kept for later, 0 known\n"
    assert result.stderr.splitlines() == [
        f"{roster}:3: the Wikidata id Q42 stands in {roster}:2 already",
        f"{roster}:4: a title or role, no name: Dr.",
    ]
    report = json.loads(run("people", "import", db, roster, "--json").stdout)
    assert [row["name"] for row in report["unchanged"]] == ["Ingwer Talbrink", "Tjark Ohlendieck"]
    assert [row["origin"] for row in report["failures"]] == [f"{roster}:3", f"{roster}:4"]
    assert json.loads(run("review", db, "list", "--json").stdout)["roster"] == []


def test_a_roster_written_and_read_again_changes_nothing(db: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    written = run("people", "export", db).stdout
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [(row["name"], row["affiliation"], row["role"]) for row in rows] == [
        ("Ingwer Talbrink", "Polizei Hohenbruck", "Polizeisprecher"),
        ("Maraike Quellbrunn", "", ""),
    ]
    roster.write_text(written.replace("person,,", "person,Q42,", 1), "utf-8")  # as in a spreadsheet
    assert run("people", "import", db, roster).stdout.startswith("2 people: 1 bound, 0 to review, 0 kept")
    for form in ("csv", "jsonl"):
        roster.write_text(run("people", "export", db, "--format", form).stdout, "utf-8")
        assert run("people", "import", db, roster).stdout.endswith(" 2 known\n")
        assert run("people", "export", db, "--format", form).stdout == roster.read_text("utf-8")
    (bound,) = run("people", "export", db, "--format", "jsonl", "--bound").stdout.splitlines()
    assert json.loads(bound)["wikidata"] == "Q42"


def test_a_person_is_identified_in_the_terminal(db: Path) -> None:
    signed = ("--author", "Jo Doe", "--reason", "Asked.")
    ours, other = (
        json.loads(line)["uid"]
        for line in run("people", "export", db, "--format", "jsonl").stdout.splitlines()
    )
    assert run("review", db, "identify", ours, "q42", *signed).stdout == "correction 1\n"
    assert "merge them" in run("review", db, "identify", other, "Q42", *signed).stderr
    assert run("review", db, "identify", ours, "none", *signed).exit_code == 0
    assert run("people", "export", db, "--bound", "--format", "jsonl").stdout == ""
    with open_store(db) as store:
        (quote,) = store.conn.execute("select uid from occurrences order by id limit 1").fetchone()
    assert run("review", db, "affiliate", quote, "--organisation", "Hafenamt", *signed).exit_code == 0
    assert "Hafenamt" in run("people", "export", db).stdout
