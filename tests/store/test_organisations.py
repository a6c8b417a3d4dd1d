"""Organisations and a catalogue that grows: pages keep their address, two become one with a redirect."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotetrack import cluster
from quotetrack.store import open_store
from quotetrack.types import Affiliation

from .articles import article, quotes, rows

CATALOGUE = """
[[organisation]]
name = "Hafenamt Seebrück"
kind = "government"
names = ["Seebrück Harbour Office", "Hafenbehörde Seebrück"]
acronyms = ["HAS"]
"""
WRITTEN = ["Seebrück Harbour Office", "Hafenbehörde Seebrück", "Rat von Ostwig"]


def add(path: Path, number: int, organisation: str, role: str = "Sprecherin") -> None:
    text = f"„Wir warten nicht auf Fähre {number}“, sagte Anna Weber, {role}, {organisation}."
    with open_store(path, clock=lambda: "2025-06-01T12:00:00Z") as store:
        run = store.begin_run("0", {}, {})
        shown = Affiliation(organisation, role)
        one = article(text, number, published=f"2025-03-0{number}")
        store.record(one, "de", quotes(text, affiliation=shown), run=run)
        store.cluster_new(cluster)


@pytest.mark.parametrize("role", ["Sprecherin", "Leiterin"])
def test_a_catalogue_that_grows_unites_what_it_names(tmp_path: Path, role: str) -> None:
    path = tmp_path / "news.db"
    for number, name in enumerate(WRITTEN, 1):
        add(path, number, name, "Sprecherin" if number == 1 else role)
    with open_store(path) as store:
        (first, second, other) = [
            uid for (uid,) in rows(store.conn, "select uid from organisations order by id")
        ]
    path.with_suffix(".organisations.toml").write_text(CATALOGUE, "utf-8")
    add(path, 4, "Hafenamt Seebrück")
    with open_store(path) as store:
        assert rows(store.conn, "select uid, kind from organisations order by id") == [
            (first, "government"),
            (other, None),
        ]
        for old in (first, second):
            found = store.resolve_uid("organisation", old)
            assert found is not None
            assert found.uid == first
        names = (
            "select n.name from organisation_names n join organisations g on g.id = organisation"
            " where uid = ?"
        )
        assert {name for (name,) in rows(store.conn, names, first)} >= {*WRITTEN[:2], "Hafenamt Seebrück"}
        seen = rows(
            store.conn,
            "select role, first_seen, last_seen from affiliations where organisation ="
            " (select id from organisations where uid = ?) order by role",
            first,
        )
        whole = ("Sprecherin", "2025-03-01", "2025-03-04")
        assert seen == ([whole] if role == "Sprecherin" else [("Leiterin", *["2025-03-02"] * 2), whole])
        loose = "select count(*) from occurrences where affiliation not in (select id from affiliations)"
        assert rows(store.conn, loose) == [(0,)]
    add(path, 4, "Hafenamt Seebrück")
    with open_store(path) as store:
        redirects = "select old_uid, new_uid from redirects where kind = 'organisation'"
        assert rows(store.conn, redirects) == [(second, first)]
