"""Credit lines are data: every agency by its own examples; and what follows for who counts as independent."""

# ruff: noqa: E501, ISC004
from __future__ import annotations

import tomllib

import pytest

from quotetrack import pipeline
from quotetrack.paths import data_path
from quotetrack.store.agencies import credited

from .articles import article, quotes, rows

DATA = tomllib.loads(data_path("agencies.toml").read_text("utf-8"))
CASES = [(agency["name"], example) for agency in DATA["agency"] for example in agency["examples"]]


@pytest.mark.parametrize(("name", "marked"), CASES)
def test_every_agency_by_its_examples(name, marked):
    text = marked.replace("⟦", "").replace("⟧", "")
    assert credited(text) == (name,)
    without = marked[: marked.index("⟦")] + "heute" + marked[marked.index("⟧") + 1 :]
    assert credited(without.replace("dpa:", "")) == ()


@pytest.mark.parametrize("text", DATA["counter"])
def test_a_name_in_a_sentence_is_no_credit(text):
    assert credited(text) == ()


@pytest.mark.parametrize(
    ("author", "found"),
    [
        ("dpa", ("dpa",)),
        ("AFP/Reuters", ("AFP", "Reuters")),
        ("Anna Apple", ()),
        ("Von Jo Weber und dpa", ("dpa",)),
    ],
)
def test_authors(author, found):
    assert credited("Der Hafen bleibt zu.", author) == found


SHARED = (
    "„Wir werden den Hafentunnel nicht bauen, solange mir niemand sagen kann, woher die Millionen kommen“, sagte"
    " Anna Weber am Dienstag im Rathaus von Seebrück, wo der Rat über den Haushalt des kommenden Jahres beriet."
)
OWN = [
    "Am Abend zogen rund dreihundert Menschen mit Laternen durch die Altstadt, viele von ihnen mit Kindern. Die"
    " Polizei sprach von einer friedlichen Versammlung ohne jeden Zwischenfall bis kurz vor Mitternacht.",
    "Der Bau einer zweiten Röhre war zuletzt vor neun Jahren verschoben worden, weil ein Gutachten Risse in der"
    " Kaimauer gefunden hatte. Seither streiten Stadt und Land über die Kosten der Sanierung am alten Becken.",
]


@pytest.mark.parametrize(
    ("credited_by", "independent"),
    [(("dpa", "dpa/lni"), 1), (("dpa", "AFP"), 2), (("dpa", None), 2), ((None, None), 2)],
)
def test_two_outlets_that_credit_one_agency_for_overlapping_texts_are_one_source(
    store, credited_by, independent
):
    run = store.begin_run("0", {}, {})
    for number, (credit, own) in enumerate(zip(credited_by, OWN, strict=True)):
        text = f"{SHARED}\n{own}" + (f" ({credit})" if credit else "")
        given = {"outlet": f"Bote {number} (fictional)", "published": f"2025-03-0{number + 1}"}
        store.record(article(text, number, **given), "de", quotes(text), run=run)
    pipeline.cluster_new(store)
    assert rows(store.conn, "select occurrence_count, outlet_count, independent_count from statements") == [
        (2, 2, independent)
    ]
    named = ["dpa" if credit and credit.startswith("dpa") else credit for credit in credited_by]
    assert [name for (name,) in rows(store.conn, "select agencies from articles order by id")] == named


def test_a_translation_of_a_press_release_is_no_reprint(store):
    run = store.begin_run("0", {}, {})
    german = f"Seebrück (ots) - {SHARED}"
    english = (
        "SEABRIDGE (ots) - “We will not build the harbour tunnel until somebody tells me where the millions are to"
        " come from,” said Anna Weber on Tuesday in the town hall, where the council debated next year's budget."
    )
    for number, (text, language) in enumerate(((german, "de"), (english, "en"))):
        store.record(article(text, number), language, quotes(text), run=run)
    pipeline.cluster_new(store)
    assert rows(store.conn, "select count(*) from articles where reprint_of is not null") == [(0,)]
