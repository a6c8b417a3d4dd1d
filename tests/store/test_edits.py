"""What an outlet changed after publishing stays visible: earlier words, later words, and since when."""

from __future__ import annotations

import pytest

from quotetrack import pipeline
from quotetrack.queries.links import edits_of, statement_links
from quotetrack.store.corrections import Withdraw
from quotetrack.store.edits import replacements

from .articles import article, quotes, rows

BEFORE = "„Wir bauen den Tunnel sofort und ohne Aufschub“, sagte Anna Weber. „Das Geld ist da“, sagte sie."
EDITED = (
    "„Wir bauen den Tunnel vielleicht und ohne Aufschub“, sagte Anna Weber. „Das Geld ist da“, sagte sie."
)
REMOVED = "„Das Geld ist da“, sagte Anna Weber."


def read(store, *texts: str, **fields: object) -> None:
    run = store.begin_run("0", {}, {})
    for text in texts:
        store.record(article(text, **fields), "de", quotes(text), run=run)
        pipeline.cluster_new(store)


def ask(store, query) -> list[dict]:
    cursor = store.conn.execute(*query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def statement_of(store, content: str) -> str:
    ((uid,),) = rows(
        store.conn,
        "select s.uid from occurrences o join statements s on s.id = o.statement where o.content = ?",
        content,
    )
    return uid


@pytest.mark.parametrize(
    ("earlier", "later", "found"),
    [
        (["Wir warten nicht"], ["Wir warten"], {0: 0}),
        (["Wir warten nicht", "Das ist absurd"], ["Das ist mutig", "Wir warten noch"], {0: 1, 1: 0}),
        (["Wir warten nicht"], ["Die Brücke kommt im Sommer"], {}),
        (["Wir bauen den Tunnel sofort", "Wir bauen den Tunnel"], ["Wir bauen den Tunnel nie"], {1: 0}),
        (["a b c d e f g h i j k l m n o p"], ["a b c d e"], {0: 0}),  # cut
        ([], ["x"], {}),
    ],
)
def test_what_stands_in_the_place_of_what(earlier, later, found):
    assert replacements(earlier, later) == found


def test_an_edit_is_told_from_both_sides(store):
    read(store, BEFORE, EDITED)
    earlier, later = (text.split("“")[0][1:] for text in (BEFORE, EDITED))
    for content in (earlier, later):
        (edit,) = ask(store, edits_of(statement_of(store, content)))
        assert (edit["kind"], edit["when"], edit["earlier"], edit["later"]) == (
            "changed",
            "2025-06-01",
            earlier,
            later,
        )
        assert edit["earlier_after"].startswith("“, sagte Anna Weber")
        assert edit["outlet"] == "Seebrücker Bote (fictional)"
        assert {edit["earlier_statement"], edit["later_statement"]} == {
            statement_of(store, earlier),
            statement_of(store, later),
        }
    assert ask(store, edits_of(statement_of(store, "Das Geld ist da"))) == []


def test_a_removed_quote_has_nothing_in_its_place_and_one_that_returns_no_edit(store):
    read(store, BEFORE, REMOVED)
    earlier = BEFORE.split("“", maxsplit=1)[0][1:]
    (edit,) = ask(store, edits_of(statement_of(store, earlier)))
    assert (edit["kind"], edit["later"]) == ("removed", None)
    read(store, BEFORE)
    assert ask(store, edits_of(statement_of(store, earlier))) == []


def test_words_that_a_person_withdrew_are_no_edit_to_show(store):
    read(store, BEFORE, EDITED)
    earlier = BEFORE.split("“", maxsplit=1)[0][1:]
    (edit,) = ask(store, edits_of(statement_of(store, earlier)))
    pipeline.correct(store, Withdraw("occurrence", edit["earlier_uid"]), author="editor", reason="court")
    assert ask(store, edits_of(edit["later_statement"])) == []


def test_a_quote_that_is_only_found_no_more_is_not_gone(store):
    """Its words still stand in the article: saying that the outlet took them away would be untrue."""
    run = store.begin_run("0", {}, {})
    store.record(article(BEFORE), "de", quotes(BEFORE), run=run)
    text = f"Seebrück. {BEFORE}"
    recorded = store.record(article(text), "de", quotes(text)[1:], run=run)
    assert (recorded.added, recorded.kept, recorded.gone) == (0, 2, 0)
    content, spans, person = rows(
        store.conn, "select content, spans, person from occurrences order by id limit 1"
    )[0]
    start, end = 11, 11 + len(content)
    assert (text[start:end], spans) == (
        content,
        f'{{"content": [[{start}, {end}]], "cue": [], "source": []}}',
    )
    assert person is not None


def test_links_of_a_slogan_said_on_two_occasions(store):
    text = "„Seebrück kann mehr als warten“, sagte Anna Weber."
    run = store.begin_run("0", {}, {})
    for number, day in enumerate(("2025-03-01", "2025-03-20")):
        store.record(article(text, number, published=day), "de", quotes(text), run=run)
    pipeline.cluster_new(store)
    first, second = (
        uid for (uid,) in rows(store.conn, "select uid from statements order by first_published")
    )
    (link,) = ask(store, statement_links(second))
    assert (link["kind"], link["uid"], link["speaker"]) == ("said before", first, "Anna Weber")
    assert link["why"].startswith("word for word")
    (back,) = ask(store, statement_links(first))
    assert (back["kind"], back["uid"], back["first_published"]) == ("said again", second, "2025-03-20")
