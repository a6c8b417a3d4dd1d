"""A statement and its translation are linked, not merged; the link follows what becomes of the two."""

from __future__ import annotations

from quotetrack import cluster, pipeline
from quotetrack.queries.links import statement_links
from quotetrack.store import open_store
from quotetrack.store.corrections import Reassign
from quotetrack.types import Edge

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


def test_a_link_gives_way_to_a_better_one_whatever_comes_first(tmp_path):
    """Of each text only the best counterpart counts, as `cluster.translations` has it."""
    loose = "Er hat das Gleis vergessen, sagte der Mann am Bahnsteig"
    alike = {frozenset((GERMAN, ENGLISH)): 0.9, frozenset((loose, ENGLISH)): 0.7}

    def translations(occurrences):
        given = {one.text: one.uid for one in occurrences}
        pairs = [(alike[pair], pair) for pair in alike if pair <= given.keys()]
        for share, pair in sorted(pairs, key=lambda one: one[0])[-1:]:
            a, b = sorted(given[text] for text in pair)
            yield Edge(a, b, share, "different", why="made up", kind="translation")

    for order in ((loose, ENGLISH, GERMAN), (ENGLISH, loose, GERMAN), (GERMAN, loose, ENGLISH)):
        with open_store(tmp_path / f"{order[0][:3]}{order[1][:3]}.db") as one:
            for number, text in enumerate(order):
                run = one.begin_run("0", {}, {})
                article_text = f"„{text}“, sagte Anna Weber."
                given = article(article_text, number, published="2025-03-03")
                one.record(given, "en" if text == ENGLISH else "de", quotes(article_text), run=run)
                one.cluster_new(cluster)
                one.link_translations(translations)
            assert links(one) == BOTH


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
