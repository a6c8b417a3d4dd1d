"""An archive served with the desk. All people and outlets are fictional."""

# ruff: noqa: E501 - tables
from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette
from datasette.plugins import pm

import quotetrack.plugin
from quotetrack import cluster
from quotetrack.desk import Desk, Tokens
from quotetrack.store import open_store
from quotetrack.types import Affiliation, Article, Person, Quote, RosterEntry, Span

if not any(plugin is quotetrack.plugin for plugin in pm.get_plugins()):
    pm.register(quotetrack.plugin, name="quotetrack")

TOKEN = "correct-horse-battery-staple"
SAYINGS = (
    ("Wir werden den Hafentunnel nicht bauen, solange niemand das Geld zeigt", "Ingwer Talbrink"),
    ("Die Brücke wird im Sommer gesperrt, weil die Pfeiler erneuert werden", "I. Talbrink"),
    ("Eine Fähre genügt den Leuten am anderen Ufer schon lange nicht mehr", "Maraike Quellbrunn"),
    ("Die Brücke wird im Sommer gesperrt, weil die Pfeiler erneuert werden", "Maraike Quellbrunn"),
)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    with open_store(path) as store:
        run = store.begin_run("0", {}, {})
        for number, (words, speaker) in enumerate(SAYINGS):
            text = f"„{words}“, sagte {speaker}."
            quote = Quote(
                "direct", (Span(1, 1 + len(words)),), (), (), 0.5, "direct/test", Person(speaker, rule="full name"),
                Affiliation("Hafenamt", "Sprecher") if number == 0 else None,
            )  # fmt: skip
            one = Article(
                "articles.jsonl", text, url=f"https://bote.example/{number}", outlet=f"Bote {number} (fictional)",
                title=f"Meldung {number}", published="2025-03-04",
            )  # fmt: skip
            store.record(one, "de", [quote], run=run)
        store.cluster_new(cluster)
        store.enrol(RosterEntry("r:2", "Irmgard Talbrink", (), "person", "Q7", "Hafenamt"))
    return path


@pytest.fixture
def row(db: Path) -> Callable[..., tuple]:
    def ask(sql: str, *values: object) -> tuple:
        with closing(sqlite3.connect(db)) as conn:
            return conn.execute(sql, values).fetchone()

    return ask


@pytest.fixture
def desk(db: Path):
    plugin = Desk(db, Tokens({TOKEN: "Jo Doe"}))
    pm.register(plugin, name="quotetrack-desk")
    try:
        yield Datasette([str(db)], metadata={"title": "The desk"})
    finally:
        pm.unregister(plugin)
