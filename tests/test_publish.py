"""A published folder serves itself: its own code, its own database, Datasette and nothing of ours besides."""

from __future__ import annotations

import configparser
import gzip
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from quotetrack import pipeline
from quotetrack.publish import assert_servable, publish
from quotetrack.store import StoreError, open_store
from quotetrack.store.connection import is_current
from quotetrack.types import Affiliation, Article, Person, Quote, Span

TEXT = (
    "Mara Lindqvist, director of the Harbour Trust, said: “We will not wait.” " + "x " * 400 + "SECRET-BODY"
)
START = TEXT.index("We will")
QUOTE = Quote(
    "direct",
    (Span(START, START + 16),),
    speaker=Person("Mara Lindqvist"),
    affiliation=Affiliation("Harbour Trust", "director", Span(0, 45)),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publish")
    article = Article(
        "test",
        TEXT,
        outlet="The Fictional Tide",
        url="https://tide.example/1",
        published="2025-03-04",
        language="en",
        quotes=(QUOTE,),
    )
    with open_store(folder / "news.db") as store:
        report = pipeline.add([article], store, pipeline.Settings(given=True))
    assert (report.added, report.failures) == (1, [])
    out = folder / "site"
    files = publish(folder / "news.db", out)
    assert {
        "quotetrack.db",
        "metadata.yml",
        "inspect-data.json",
        "Dockerfile",
        "quotetrack@.service",
    } <= files.keys()
    publish(folder / "news.db", out)  # over itself
    return out


def get(site: Path, path: str) -> str:
    """One answer of the published site, started as its README says, without any installed plugin."""
    (line,) = [
        line.strip() for line in (site / "README.md").read_text().splitlines() if "datasette serve" in line
    ]
    words = line.split()
    assert words[:2] == ["PYTHONPATH=.", "datasette"]
    end = words.index("--host")
    done = subprocess.run(
        [sys.executable, "-m", "datasette", *words[2:end], "--get", path],
        cwd=site,
        env={**os.environ, "PYTHONPATH": ".", "DATASETTE_LOAD_PLUGINS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_site_runs_on_its_own(site: Path) -> None:
    found = json.loads(get(site, "/-/search.json?q=wait"))
    (statement,) = found["statements"]
    assert statement["speaker"] == "Mara Lindqvist"
    assert "We will not wait" in get(site, f"/s/{statement['uid']}")
    assert "Harbour Trust" in get(site, f"/embed/{statement['uid']}")


def test_the_container_s_command_serves_the_site(site: Path) -> None:
    """Its steps without a container: what it installs is what is here, and its command line answers."""
    lines = (site / "Dockerfile").read_text("utf-8").splitlines()
    (install,) = [line for line in lines if line.startswith("RUN pip install --no-cache-dir ")]
    for pinned in install.split()[4:]:
        name, _, number = pinned.partition("==")
        assert version(name) == number
    assert "ENV PYTHONPATH=/site" in lines
    (command,) = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    assert command[0] == "datasette"
    assert command[-4:] == ["--host", "0.0.0.0", "--port", "8001"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", *command[:-4], "--host", "127.0.0.1", "--port", str(port)],
        cwd=site,
        env={**os.environ, "PYTHONPATH": ".", "DATASETTE_LOAD_PLUGINS": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/-/search?q=wait"
        request = Request(address, headers={"Accept-Encoding": "gzip"})
        for _ in range(200):
            try:
                with urlopen(request, timeout=10) as answer:
                    page = gzip.decompress(answer.read()).decode()
                break
            except URLError:
                time.sleep(0.1)
    finally:
        process.terminate()
        process.wait(10)
    assert "We will not <mark>wait</mark>" in page
    assert "Harbour Trust" in page


def test_the_unit_starts_the_same_command_at_the_port_it_is_named_for(site: Path) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(site / "quotetrack@.service", "utf-8")
    (line,) = [line for line in (site / "README.md").read_text().splitlines() if "datasette serve" in line]
    command = unit["Service"]["ExecStart"].removeprefix("/usr/bin/env ")
    assert command == line.strip().removeprefix("PYTHONPATH=. ").replace("--port 8001", "--port %i")
    assert unit["Service"]["DynamicUser"] == "yes"
    if not (verify := shutil.which("systemd-analyze")):
        pytest.skip("no systemd-analyze on this machine to verify the unit with")
    done = subprocess.run(
        [verify, "verify", str(site / "quotetrack@.service")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_site_needs_neither_stanza_nor_the_rest_of_quotetrack(site: Path) -> None:
    code = "import sys; import quotetrack.plugin; print(quotetrack.__file__, 'torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [str(site / "quotetrack" / "__init__.py"), "False"], done.stderr
    assert not (site / "quotetrack" / "annotate.py").exists()


def test_no_body_and_no_review_data_leave_the_house(site: Path) -> None:
    assert b"SECRET-BODY" not in (site / "quotetrack.db").read_bytes()
    with sqlite3.connect(site / "quotetrack.db") as conn:
        tables = {name for (name,) in conn.execute("select name from sqlite_master where type = 'table'")}
    assert not tables & {"failures", "revisions", "article_keys", "blocking_keys"}


def test_what_can_be_served(site: Path, tmp_path: Path) -> None:
    assert_servable(site / "quotetrack.db")
    with pytest.raises(StoreError, match="no archive"):
        assert_servable(site / "README.md")
    old = tmp_path / "old.db"
    with open_store(old) as store:
        store.conn.execute("delete from _sqlite_migrations where name = 'm060_contents'")
    assert_servable(old)  # brings it up to date
    with sqlite3.connect(old) as conn:
        assert is_current(conn)
    former = tmp_path / "former.db"
    shutil.copyfile(site / "quotetrack.db", former)
    with sqlite3.connect(former) as conn:
        conn.execute("pragma user_version = 1")
    with pytest.raises(StoreError, match="publish the archive again"):
        assert_servable(former)


def test_what_a_broken_installation_left_behind_does_not_stop_publishing(tmp_path, monkeypatch):
    from quotetrack.publish import _pinned

    (tmp_path / "left_over-1.0.dist-info").mkdir()  # as pip leaves it when it is interrupted: no metadata
    monkeypatch.syspath_prepend(str(tmp_path))
    assert any(one.startswith("datasette==") for one in _pinned())
