"""Normalised texts kept beside their occurrences, and an archive whose index an earlier version wrote."""

from __future__ import annotations

import pytest

from quotetrack import cluster, pipeline
from quotetrack.store import forms
from quotetrack.store.corrections import SplitStatement
from quotetrack.types import Occurrence

from .articles import article, quotes, rows

SAID = "Wir werden den Hafentunnel nicht bauen, solange ich hier Ministerin bin"


def add(store, number: int, said: str) -> None:
    text = f"Meldung {number}. „{said}“, sagte Anna Weber."
    run = store.begin_run("0", {}, {})
    store.record(article(text, number, published="2025-03-04"), "de", quotes(text), run=run)


def as_of_an_earlier_version(store) -> None:
    """What the migration leaves."""
    for sql in (
        "delete from forms",
        "delete from blocking_keys",
        "insert into to_index select id from occurrences",
    ):
        store.conn.execute(sql)


@pytest.fixture
def filled(store):
    for number in range(4):
        add(store, number, " ".join(SAID.split()[: 7 + number]))
        add(store, number + 10, f"Der Haushalt der Stadt Kestrup hat {number + 3} Löcher")
    pipeline.cluster_new(store)
    return store


def test_every_clustered_occurrence_has_its_form(filled):
    wanted = rows(filled.conn, "select uid, content, language from occurrences")
    for uid, content, language in wanted:
        one = Occurrence(uid, content, language=language)
        kept = "select form from forms join occurrences o on o.id = occurrence where uid = ?"
        assert rows(filled.conn, kept, uid) == [(cluster.packed_form(one),)]
    assert not forms.is_pending(filled.conn)


def test_an_archive_of_an_earlier_version_is_indexed_in_steps_and_goes_on(filled, monkeypatch):
    index = rows(filled.conn, "select key, rank, occurrence from blocking_keys order by 1, 2, 3")
    kept = rows(filled.conn, "select * from forms order by 1")
    monkeypatch.setattr(forms, "BATCH", 3)
    as_of_an_earlier_version(filled)
    forms.index_batch(filled.conn, cluster.postings, cluster.packed_form)
    assert len(rows(filled.conn, "select * from to_index")) == 5  # killed here, it goes on there
    add(filled, 30, SAID)
    assert pipeline.cluster_new(filled).statements == 0
    assert rows(filled.conn, "select * from to_index") == []
    now = rows(filled.conn, "select key, rank, occurrence from blocking_keys order by 1, 2, 3")
    assert set(index) <= set(now)
    assert rows(filled.conn, "select * from forms order by 1")[: len(kept)] == kept


def test_a_correction_or_a_question_indexes_it_as_well(filled):
    as_of_an_earlier_version(filled)
    asked = Occurrence("loose", SAID, speaker="Anna Weber", published="2025-03-04", language="de")
    (answer,) = pipeline.match([asked], filled)
    assert answer["decision"] == "same"
    as_of_an_earlier_version(filled)
    ((statement, moved),) = rows(
        filled.conn,
        "select s.uid, min(o.uid) from statements s join occurrences o on o.statement = s.id"
        " group by s.id having count(*) > 1 limit 1",
    )
    pipeline.correct(filled, SplitStatement(statement, (moved,)), author="editor", reason="another")
    assert not forms.is_pending(filled.conn)
