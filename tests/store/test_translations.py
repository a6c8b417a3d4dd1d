"""A statement and its translation are linked, not merged; the link follows what becomes of the two."""

from __future__ import annotations

from quotetrack import pipeline
from quotetrack.queries.links import statement_links
from quotetrack.store import open_store
from quotetrack.store.corrections import Reassign

from .articles import article, quotes, rows
from .test_edits import ask

GERMAN = "Wir werden bis 2030 40 Milliarden Euro in die Bahn investieren"
ENGLISH = "We will invest 40 billion euros in the railways by 2030"


def said(store, number: int, content: str, language: str, **fields: object) -> None:
    text = f"„{content}“, sagte Anna Weber."
    run = store.begin_run("0", {}, {})
    given = {"published": "2025-03-03", "outlet": f"Bote {number} (fictional)"} | fields
    store.record(article(text, number, **given), language, quotes(text), run=run)
    pipeline.cluster_new(store)


def links(store) -> set[tuple[str, str, str]]:
    return {
        (canonical, link["kind"], link["canonical"])
        for uid, canonical in rows(store.conn, "select uid, canonical from statements")
        for link in ask(store, statement_links(uid))
    }


BOTH = {(GERMAN, "translation", ENGLISH), (ENGLISH, "translation", GERMAN)}


def test_translations_are_linked_whichever_comes_first(tmp_path):
    for first, second in ((0, 1), (1, 0)):
        with open_store(tmp_path / f"{first}.db") as one:
            for number in (first, second):
                said(one, number, (GERMAN, ENGLISH)[number], ("de", "en")[number])
            assert links(one) == BOTH
            pipeline.recluster(one)
            assert links(one) == BOTH


def test_another_number_another_week_and_another_speaker_are_no_translation(store):
    said(store, 1, GERMAN, "de")
    said(store, 2, ENGLISH.replace("40", "14"), "en")
    said(store, 3, ENGLISH, "en", published="2025-03-20")
    assert links(store) == set()


def test_a_link_follows_its_statements(store):
    said(store, 1, GERMAN, "de")
    said(store, 2, ENGLISH, "en")
    fuller = f"{ENGLISH}, and not a single euro less than that"
    said(store, 3, fuller, "en")
    assert {kind for _, kind, _ in links(store)} <= {"translation"}
    assert rows(store.conn, "select count(*) from edges where kind = 'translation'") <= [(1,)]
    for (uid,) in rows(store.conn, "select uid from occurrences where language = 'en'"):
        pipeline.correct(store, Reassign(uid, name="Bernd Roth"), author="editor", reason="misheard")
    assert links(store) == set()
