"""Every command: documented, with help and an example, honest exit codes; real models, a real file."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from quotetrack.cli import cli

README = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += every_command(command, (*path, name))
    return found


COMMANDS = every_command(cli)


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_an_example(command: tuple[str, ...]) -> None:
    words = [command[0], "news.db", *command[1:]] if command[0] == "review" and command[1:] else command
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"quotetrack {' '.join(words)}" in result.output


@pytest.mark.parametrize("command", [c for c in COMMANDS if len(c) == 1], ids=" ".join)
def test_every_command_is_in_the_readme(command: tuple[str]) -> None:
    assert f"quotetrack {command[0]}" in README or f"make {command[0]}" in README


@pytest.mark.parametrize(
    "arguments",
    [("add",), ("add", "x.db"), ("search", "missing.db", "x"), ("extract", "--format", "xml"), ("nonsense",)],
    ids=str,
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


GERMAN = "„Wir warten nicht länger auf den Bund“, sagte Anna Weber am Montag in Seebrück."
ENGLISH = "“We will not wait for the council,” said Mara Lindqvist, director of the Harbour Trust, on Monday."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "de.txt").write_text(GERMAN, "utf-8")
    (folder / "en.txt").write_text(ENGLISH, "utf-8")
    db = folder / "news.db"
    result = run("add", db, folder / "de.txt", folder / "en.txt", "--outlet", "Test Courier", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["added"], report["known"], report["failures"]) == (2, 0, [])
    assert report["quotes"] >= 2
    return db


def test_add_again_changes_nothing(archive: Path) -> None:
    before = archive.with_name("before.db")
    with sqlite3.connect(archive) as source, sqlite3.connect(before) as copy:
        source.backup(copy)
    result = run(
        "add", archive, archive.parent / "de.txt", archive.parent / "en.txt", "--outlet", "Test Courier"
    )
    assert result.exit_code == 0
    assert "0 added, 0 changed, 2 already known" in result.output
    tables = ("articles", "occurrences", "statements", "people", "affiliations", "edges", "outlets")
    with sqlite3.connect(archive) as now, sqlite3.connect(before) as then:
        for table in tables:
            rows = f"select * from {table}"
            assert now.execute(rows).fetchall() == then.execute(rows).fetchall(), table


def test_add_names_what_it_refuses_and_goes_on(tmp_path: Path) -> None:
    bad = {
        "empty.txt": (b"", "empty"),
        "binary.txt": (bytes(range(256)) * 20, "binary"),
        "swahili.txt": (b"Ndiyo, tumekubaliana leo asubuhi kwamba kazi itaanza wiki ijayo mjini.", "'sw'"),
        "line.txt": (("„Ja“, sagte sie. " * 300_000).encode(), "limit"),
        "lines.jsonl": (b'{"text": "\\ud800"}\n{"text": 5}\n{nope\n', "surrogate"),
    }
    for name, (content, _) in bad.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(GERMAN, "utf-8")
    (tmp_path / "marks.txt").write_text(GERMAN + " Dann „ging sie” fort und «kam. Das ” war es.", "utf-8")
    db = tmp_path / "news.db"
    result = run(
        "add", db, tmp_path / "absent.txt", *sorted(tmp_path.glob("*.txt")), tmp_path / "lines.jsonl"
    )
    assert result.exit_code == 1
    assert result.stdout.startswith("2 added")
    named = result.stderr.splitlines()
    with sqlite3.connect(db) as conn:
        recorded = dict(conn.execute("select origin, reason from failures").fetchall())
    for name, (_, reason) in bad.items():
        assert any(name in origin and reason in why for origin, why in recorded.items()), (name, recorded)
        assert any(name in line for line in named)
    assert any("absent.txt" in origin for origin in recorded)
    assert len(recorded) == 8  # three lines of lines.jsonl, four files, one absent


def test_a_refused_source_is_forgotten_once_it_is_read(tmp_path: Path) -> None:
    source, db = tmp_path / "article.txt", tmp_path / "news.db"
    source.write_bytes(b"")
    assert run("add", db, source).exit_code == 1
    source.write_text(GERMAN, "utf-8")
    assert run("add", db, source).exit_code == 0
    with sqlite3.connect(db) as conn:
        assert conn.execute("select count(*) from failures").fetchone() == (0,)


def lines_of(*dates: str | None) -> str:
    records = [
        {"doc_id": str(n), "text": f"{GERMAN} ({n})", "published": date, "outlet": "Test Courier"}
        for n, date in enumerate(dates)
    ]
    return "\n".join(json.dumps(record) for record in records)


def test_since_and_limit_leave_articles_for_another_time(tmp_path: Path) -> None:
    source, db = tmp_path / "a.jsonl", tmp_path / "news.db"
    source.write_text(lines_of("2025-02-27", "2025-03-01", None, "2025-03-02T10:00:00Z", "2025-03-03"))

    def added(*options: str) -> tuple[list[str], dict[str, object]]:
        result = run("add", db, source, "--json", *options)
        assert result.exit_code == 0, result.output
        with sqlite3.connect(db) as conn:
            ids = [doc for (doc,) in conn.execute("select doc_id from articles order by doc_id")]
        return ids, json.loads(result.stdout)

    ids, report = added("--since", "2025-3", "--limit", "2")
    assert ids == ["1", "2"]
    assert (report["added"], report["older"], report["limited"]) == (2, 1, True)
    ids, report = added("--since", "2025-03-03")
    assert ids == ["1", "2", "4"]
    assert (report["added"], report["older"], report["known"], report["limited"]) == (1, 3, 1, False)
    ids, report = added("--limit", "2")
    assert ids == ["0", "1", "2", "3", "4"]
    assert (report["added"], report["limited"]) == (2, False)
    assert run("add", db, source, "--since", "March").exit_code == 2


def test_a_dry_run_writes_nothing(archive: Path, tmp_path: Path) -> None:
    db, source = tmp_path / "copy.db", tmp_path / "a.jsonl"
    shutil.copyfile(archive, db)
    source.write_text(lines_of("2025-03-01", "2025-03-02") + "\n{nope\n")
    before = db.read_bytes()
    result = run("add", db, archive.parent / "de.txt", source, "--outlet", "Test Courier", "--dry-run")
    assert result.exit_code == 1
    states = [line.split("\t")[0] for line in result.stdout.splitlines()]
    assert states == ["known", "new", "new"]
    assert f"{source}:3: " in result.stderr
    assert "2 new, 0 changed; nothing was written" in result.stderr
    assert db.read_bytes() == before
    absent = tmp_path / "absent.db"
    result = run("add", absent, source, "--dry-run", "--limit", "1", "--json")
    assert [json.loads(line)["state"] for line in result.stdout.splitlines()] == ["new"]
    assert not absent.exists()
    other = tmp_path / "other.db"
    other.write_text("no database at all, but long enough to be read as one" * 20)
    assert run("add", other, source, "--dry-run").stderr == f"{other}: not a database\n"


@pytest.mark.parametrize("option", [["--dry-run"], ["--limit", "3"]], ids=str)
def test_a_watch_has_no_end_to_wait_for(option: list[str], tmp_path: Path) -> None:
    result = run("add", tmp_path / "news.db", "https://outlet.example/feed", "--watch", "5", *option)
    assert result.exit_code == 2
    assert not (tmp_path / "news.db").exists()


def test_a_watch_reads_at_once_and_ends_when_told(tmp_path: Path) -> None:
    db, folder = tmp_path / "news.db", tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(GERMAN, "utf-8")
    (folder / "b.txt").write_bytes(b"")
    command = [sys.executable, "-m", "quotetrack", "add", str(db), str(folder), "--watch", "1"]
    watch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert watch.stdout is not None
    try:
        told = watch.stdout.readline()
        watch.send_signal(signal.SIGTERM)
        rest, errors = watch.communicate(timeout=60)
    finally:
        watch.kill()
    assert ": 1 added, 0 changed, 0 already known; 1 quotes" in told
    assert (rest, watch.returncode) == ("", 0)
    assert errors.splitlines() == [f"{folder / 'b.txt'}: empty file", "stopped"]
    with sqlite3.connect(db) as conn:
        assert conn.execute("select count(*) from articles").fetchone() == (1,)


def test_models_that_are_not_there(tmp_path: Path) -> None:
    source = tmp_path / "article.txt"
    source.write_text(GERMAN, "utf-8")
    result = run("extract", source, "--models", "official", "--stanza-dir", tmp_path / "none")
    assert result.exit_code == 1
    assert "quotetrack models get de" in result.stderr
    assert str(source) in result.stderr


def test_extract_prints_the_contract(tmp_path: Path) -> None:
    result = run("extract", "-", stdin=json.dumps({"doc_id": "a", "text": ENGLISH, "desk": "city"}))
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["doc_id"] == "a"
    assert record["lang"] == "en"
    assert record["desk"] == "city"
    (quote,) = record["quotes"]
    (start, end) = quote["content_spans"][0]
    assert record["text"][start:end].startswith("We will not wait for the council")
    assert quote["type"] == "direct"
    assert quote["speaker_name"] == "Mara Lindqvist"
    assert quote["affiliation"] == "Harbour Trust"
    assert quote["role"] == "director"
    assert 0 <= quote["confidence"] <= 1


def test_extract_as_text_says_why(tmp_path: Path) -> None:
    result = run("extract", "-", "--format", "text", stdin=ENGLISH)
    assert "⟦1 We will not wait" in result.stdout
    assert "{Mara Lindqvist" in result.stdout
    assert "<said>" in result.stdout
    assert "1. Mara Lindqvist (director, Harbour Trust) by full name · direct · direct/" in result.stdout


def test_extract_tells_who_said_nothing() -> None:
    text = "“We wait,” said Mara Lind. A spokesman for the harbour declined to comment."
    record = json.loads(run("extract", "-", stdin=json.dumps({"text": text, "lang": "en"})).stdout)
    (silence,) = record["silences"]
    assert [text[start:end] for start, end in silence["cue_spans"]] == ["declined to comment"]
    assert len(record["quotes"]) == 1
    shown = run("extract", "-", "--format", "text", stdin=text).stdout
    assert "no quote: A spokesman for the harbour · silence/declined · declined to comment" in shown


def test_extract_with_workers_finds_the_same(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"doc_id": str(n), "text": ENGLISH}) for n in range(3))
    (tmp_path / "a.jsonl").write_text(lines, "utf-8")
    one = run("extract", tmp_path / "a.jsonl")
    two = run("extract", tmp_path / "a.jsonl", "--workers", "2")
    assert one.exit_code == two.exit_code == 0
    assert one.stdout == two.stdout


def test_search_and_who(archive: Path) -> None:
    found = json.loads(run("search", archive, '"warten nicht"', "--json").stdout)
    assert found["total"] == "1"
    assert found["statements"][0]["speaker"] == "Anna Weber"
    assert "[warten nicht]" in run("search", archive, '"warten nicht"').stdout
    assert json.loads(run("search", archive, "", "--speaker", "Lindqvist", "--json").stdout)["total"] == "1"
    assert "0 statements" in run("search", archive, 'AND "((zebra').stdout
    person = json.loads(run("who", archive, "Lindqvist", "--json").stdout)
    assert person["name"] == "Mara Lindqvist"
    assert person["affiliations"][0]["organisation"] == "Harbour Trust"
    assert "Mara Lindqvist (person)" in run("who", archive, "Lindqvist").stdout
    nobody = run("who", archive, "Nobody Atall")
    assert nobody.exit_code == 1
    assert "no such speaker" in nobody.stderr


@pytest.mark.parametrize(
    "command", [("serve",), ("doctor",), ("cluster",), ("export",), ("who", "x")], ids=str
)
def test_every_command_names_a_file_that_is_no_archive(command: tuple[str, ...], tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_text("no database at all, but long enough to be read as one" * 20)
    result = run(command[0], other, *command[1:])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{other}: ")
    assert result.stderr.count(str(other)) == 1


def test_serve_names_a_port_that_is_taken(archive: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", archive, "--port", taken.getsockname()[1])
    assert result.exit_code == 1
    assert "try another --port" in result.stderr


def test_publish_leaves_a_folder_that_is_no_site_alone(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    result = run("publish", archive, tmp_path)
    assert result.exit_code == 1
    assert "left as it is" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    own = tmp_path / "own"
    own.mkdir()
    shutil.copyfile(archive, own / "quotetrack.db")
    assert run("publish", own / "quotetrack.db", own).exit_code == 1
    assert (own / "quotetrack.db").read_bytes() == archive.read_bytes()


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_text("no database at all, but long enough to be read as one" * 20)
    result = run("search", other, "x")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{other}: ")


STATEMENTS = [
    {
        "id": 1,
        "text": "We will not wait for the committee any longer.",
        "speaker": "Mara Lindqvist",
        "date": "2025-03-04",
    },
    {
        "id": 2,
        "text": "We will not wait for the committee …",
        "speaker": "Lindqvist",
        "published": "2025-03-05",
    },
    {
        "id": 3,
        "text": "We will wait for the committee any longer.",
        "speaker": "Lindqvist",
        "date": "2025-03-05",
    },
]


def test_statements_tells_a_cut_from_a_flipped_negation() -> None:
    result = run("statements", "-", stdin="\n".join(json.dumps(quote) for quote in STATEMENTS))
    assert result.exit_code == 0, result.output
    first, second, third = (json.loads(line) for line in result.stdout.splitlines())
    assert first["statement"] == second["statement"] != third["statement"]
    assert [row["id"] for row in (first, second, third)] == ["1", "2", "3"]
    assert (first["decision"], second["decision"]) == ("new", "same")
    assert 0 < second["similarity"] <= 1
    assert second["why"]


def test_statements_names_bad_lines(tmp_path: Path) -> None:
    bad = [
        "{",
        '{"id": 1, "text": "Again."}',
        '{"text": "No id."}',
        '{"id": 5, "text": ""}',
        '{"id": 6, "text": "Who?", "speaker": 5}',
        '{"id": 7, "text": "When?", "date": "yesterday"}',
        '{"id": null, "text": "Nobody\'s."}',
        "[" * 100_000,
        '{"id": 9, "text": "\\ud800 half"}',
    ]
    result = run(
        "statements", "-", tmp_path / "absent", stdin="\n".join(['{"id": 1, "text": "Yes, we can."}', *bad])
    )
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    lines = [line.split(":")[1] for line in result.stderr.splitlines()]
    assert lines == [str(n + 2) for n in range(len(bad))] + [" No such file or directory"]


def test_statements_against_an_archive(archive: Path) -> None:
    quote = {"id": "q", "text": "Wir warten nicht länger auf den Bund", "speaker": "Weber"}
    result = run("statements", "-", "--against", archive, stdin=json.dumps(quote))
    assert result.exit_code == 0, result.output
    row = json.loads(result.stdout)
    assert row["decision"] == "same"
    with sqlite3.connect(archive) as conn:
        assert conn.execute("select canonical from statements where uid = ?", [row["statement"]]).fetchone()


def test_an_export_added_again_gives_the_same_archive(archive: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.jsonl"
    assert run("export", archive, "--output", backup).exit_code == 0
    copy = tmp_path / "copy.db"
    result = run("add", copy, backup, "--quotes", "given")
    assert result.exit_code == 0, result.output
    for what in ("quotes", "statements", "people"):
        one, two = run("export", archive, "--what", what), run("export", copy, "--what", what)
        assert one.stdout
        assert sorted(one.stdout.splitlines()) == sorted(two.stdout.splitlines()), what
    table = run("export", archive, "--what", "statements", "--format", "csv").stdout
    assert len(table.splitlines()) >= 3


def test_cluster_rebuild_keeps_every_uid(archive: Path) -> None:
    with sqlite3.connect(archive) as conn:
        before = conn.execute("select uid, canonical from statements order by uid").fetchall()
    assert run("cluster", archive, "--rebuild").exit_code == 0
    with sqlite3.connect(archive) as conn:
        assert conn.execute("select uid, canonical from statements order by uid").fetchall() == before


def test_doctor_finds_a_sound_archive_sound(archive: Path) -> None:
    result = run("doctor", archive, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["problems"] == []


def test_review_corrects_and_undoes(archive: Path, tmp_path: Path) -> None:
    db = tmp_path / "copy.db"
    with sqlite3.connect(archive) as source, sqlite3.connect(db) as copy:
        source.backup(copy)
    signed = ("--author", "Jo Doe", "--reason", "Checked by phone.")

    def row(sql: str) -> tuple[object, ...]:
        with sqlite3.connect(db) as conn:
            return tuple(conn.execute(sql).fetchone())

    quote, statement, speaker = row(
        "select o.uid, s.uid, p.uid from occurrences o join statements s on s.id = o.statement"
        " join people p on p.id = o.person where p.name = 'Anna Weber'"
    )
    assert quote in run("review", db, "list").stdout
    assert run("review", db).stdout == run("review", db, "list").stdout
    assert run("review", db, "reassign", quote, "Berta Weber", *signed).stdout == "correction 1\n"
    assert row("select speaker from statements where uid = '" + statement + "'") == ("Berta Weber",)
    assert run("review", db, "undo", 1, *signed).exit_code == 0
    assert run("review", db, "rename", speaker, "Anna Weber-Lund", *signed).exit_code == 0
    assert run("review", db, "withdraw", statement, *signed).exit_code == 0
    assert row("select speaker, withdrawn from statements where uid = '" + statement + "'") == (
        "Anna Weber-Lund",
        "Checked by phone.",
    )
    assert run("cluster", db, "--rebuild").exit_code == 0
    assert "0 statements" in run("search", db, '"warten nicht"').stdout
    assert run("review", db, "reinstate", statement, *signed).exit_code == 0
    assert "1 statement" in run("search", db, '"warten nicht"').stdout
    log = run("review", db, "log").stdout
    assert "Jo Doe: Checked by phone." in log
    assert "undo of 1" in log
    refused = run("review", db, "merge", speaker, speaker, *signed)
    assert (refused.exit_code, refused.stderr.startswith(f"{db}: ")) == (1, True)
    assert run("review", db, "join", statement, statement).exit_code == 2  # nobody signed


def test_models_commands(tmp_path: Path) -> None:
    listed = json.loads(run("models", "list", "--json", "--stanza-dir", tmp_path).stdout)
    assert {(row["language"], row["origin"]) for row in listed} == {("de", "bundled"), ("en", "bundled")}
    assert run("models", "verify", "de", "--stanza-dir", tmp_path).exit_code == 0
    assert run("models", "verify", "xx", "--stanza-dir", tmp_path).exit_code == 1
    assert Path(run("models", "path", "de", "--stanza-dir", tmp_path).stdout.strip()).is_dir()
    assert run("models", "path", "xx", "--stanza-dir", tmp_path).exit_code == 1


def test_evaluate_scores_gold_against_itself(tmp_path: Path) -> None:
    quote = {
        "type": "direct",
        "content_spans": [[1, 36]],
        "speaker_spans": [[44, 54]],
        "cue_spans": [[38, 43]],
    }
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"doc_id": "a", "lang": "de", "text": GERMAN, "quotes": [quote]}), "utf-8")
    result = run("evaluate", gold, "--predictions", gold)
    assert result.exit_code == 0, result.output
    assert "100.0" in result.stdout
