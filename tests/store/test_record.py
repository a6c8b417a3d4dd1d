from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from quotetrack.store import BusyError, StoreError, open_store
from quotetrack.types import Affiliation, Failure, Person, Quote, Span

from .articles import article, dump, quotes, rows

TEXT = "Die Stadt baut. „Wir warten nicht“, sagte Anna Weber am Dienstag. „Das ist absurd“, fügte sie hinzu."


def test_a_new_article_is_written_with_its_quotes(store):
    run = store.begin_run("0.1", {"de": "bundled"}, {"workers": 1})
    one = article(TEXT, title="Hafen", extra={"note": "fictional"})
    assert store.state_of(one) == "new"
    recorded = store.record(one, "de", quotes(TEXT), run=run)
    assert (recorded.state, recorded.added) == ("new", 2)
    assert store.state_of(one) == "known"
    assert rows(store.conn, "select title, language, sha256, extra, run from articles") == [
        ("Hafen", "de", one.sha256, '{"note": "fictional"}', run)
    ]
    assert rows(
        store.conn,
        "select content, source_text, passage_before, passage, people.name, speaker_rule, language"
        " from occurrences join people on people.id = person",
    ) == [
        ("Wir warten nicht", "Anna Weber", "Die Stadt baut. „", None, "Anna Weber", "full name", "de"),
        (
            "Das ist absurd",
            "Anna Weber",
            "Die Stadt baut. „Wir warten nicht“, sagte Anna Weber am Dienstag. „",
            None,
            "Anna Weber",
            "full name",
            "de",
        ),
    ]
    assert rows(store.conn, "select rowid from occurrences_fts where occurrences_fts match 'absurd'") == [
        (2,)
    ]


def test_a_cue_that_interrupts_is_kept_in_the_passage(store):
    text = "„Wir“, sagte Anna Weber, „warten nicht“."
    quote = Quote("direct", (Span(1, 4), Span(26, 38)), (Span(7, 12),), (Span(13, 23),))
    store.record(article(text), "de", [quote], run=store.begin_run("0", {}, {}))
    assert rows(
        store.conn, "select content, cue, passage, passage_before, passage_after from occurrences"
    ) == [("Wir warten nicht", "sagte", "Wir“, sagte Anna Weber, „warten nicht", "„", "“.")]


def test_the_same_article_again_changes_nothing(store):
    run = store.begin_run("0", {}, {})
    store.record(article(TEXT), "de", quotes(TEXT), run=run)
    before = dump(store.conn)
    assert store.record(article(TEXT), "de", quotes(TEXT), run=run).state == "known"
    assert dump(store.conn) == before


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"url": "https://a.example/1?x"}, {"url": "https://a.example/1?x"}, True),
        ({"url": "https://a.example/1?x"}, {"url": "https://a.example/1"}, False),
        (
            {"url": "https://a.example/1?x", "canonical_url": "https://a.example/1"},
            {"url": "https://a.example/1?y", "canonical_url": "https://a.example/1"},
            True,
        ),
        ({"url": None, "doc_id": "7"}, {"url": None, "doc_id": "7"}, True),
        ({"url": None, "doc_id": "7"}, {"url": None, "doc_id": "8"}, False),
        ({"url": None, "doc_id": "7"}, {"url": None, "doc_id": "7", "outlet": "Tagblatt (fictional)"}, False),
        ({"url": None, "outlet": None}, {"url": None, "outlet": None}, True),
        ({"url": None, "outlet": None, "doc_id": "7"}, {"url": None, "outlet": None, "doc_id": "8"}, False),
    ],
)
def test_article_identity(store, first, second, same):
    store.record(article(TEXT, **first), "de", [], run=store.begin_run("0", {}, {}))
    assert store.state_of(article(TEXT, **second)) == ("known" if same else "new")


def test_an_id_without_an_outlet_never_replaces_another_article(store):
    run = store.begin_run("0", {}, {})
    store.record(article(TEXT, url=None, outlet=None, doc_id="1"), "de", [], run=run)
    assert store.state_of(article("Anderes.", url=None, outlet=None, doc_id="1")) == "new"


CHANGED = "Die Stadt baut nun doch. „Wir warten nicht“, sagte Anna Weber. „Das ist mutig“, fügte sie hinzu."


def test_a_changed_article_keeps_what_stands_and_marks_what_is_gone(store):
    run = store.begin_run("0", {}, {})
    store.record(article(TEXT), "de", quotes(TEXT), run=run)
    before = dict(rows(store.conn, "select content, uid from occurrences"))
    store.conn.execute("insert into statements(uid, canonical, variants) values ('s1', 'x', '')")
    store.conn.execute("update occurrences set statement = 1")
    assert store.state_of(article(CHANGED)) == "changed"
    recorded = store.record(article(CHANGED), "de", quotes(CHANGED), run=run)
    assert (recorded.state, recorded.added, recorded.kept, recorded.gone) == ("changed", 1, 1, 1)
    found = {
        content: (uid, statement, withdrawn, json.loads(spans)["content"])
        for content, uid, statement, withdrawn, spans in rows(
            store.conn, "select content, uid, statement, withdrawn, spans from occurrences"
        )
    }
    assert found["Wir warten nicht"] == (before["Wir warten nicht"], 1, None, [[26, 42]])
    assert found["Das ist absurd"][:3] == (
        before["Das ist absurd"],
        1,
        "no longer in the article (since 2025-06-01)",
    )
    assert found["Das ist mutig"][1:3] == (None, None)
    assert len({uid for uid, *_ in found.values()}) == 3
    assert rows(store.conn, "select text from revisions") == [(TEXT,)]


def test_a_quote_that_returns_is_reinstated(store):
    run = store.begin_run("0", {}, {})
    for text in (TEXT, CHANGED, TEXT):
        store.record(article(text), "de", quotes(text), run=run)
    assert sorted(rows(store.conn, "select content, withdrawn is null, gone is null from occurrences")) == [
        ("Das ist absurd", 1, 1),
        ("Das ist mutig", 0, 0),
        ("Wir warten nicht", 1, 1),
    ]
    assert sorted(rows(store.conn, "select text from revisions")) == sorted([(TEXT,), (CHANGED,)])


def test_another_quote_at_the_same_place_gets_another_uid(store):
    run = store.begin_run("0", {}, {})
    for text in ("„Wir warten“, sagte sie.", "„Wir bauen.“, sagte sie."):
        store.record(article(text), "de", quotes(text), run=run)
    uids = rows(store.conn, "select uid from occurrences")
    assert len(set(uids)) == len(uids) == 2


def test_two_quotes_of_the_same_words_are_two(store):
    text = "„Nein“, sagte sie. „Nein“, sagte er."
    doubled = [*quotes(text), quotes(text)[0]]
    store.record(article(text), "de", doubled, run=store.begin_run("0", {}, {}))
    uids = rows(store.conn, "select uid from occurrences")
    assert len(set(uids)) == 3


PEOPLE = [  # names in two articles, and how many people they make
    ("Anna Weber", "anna  weber", 1),
    ("Anna Weber", "Anna Wéber", 1),
    ("Jörg Groß", "Jörg Gross", 1),
    ("Anna Weber", "Anja Weber", 2),
    ("Weber", "Weber", 2),
]


@pytest.mark.parametrize(("one", "other", "count"), PEOPLE)
def test_people_across_articles(store, one, other, count):
    run = store.begin_run("0", {}, {})
    for number, name in enumerate((one, other)):
        text = f"„Wir warten nicht“, sagte {name}."
        store.record(article(text, number), "de", quotes(text, name), run=run)
    assert rows(store.conn, "select count(*) from people") == [(count,)]
    names = {name for (name,) in rows(store.conn, "select name from aliases")}
    assert names == {one, other}


def test_kinds_of_speakers_stay_apart_and_organisations_are_one_by_name(store):
    run = store.begin_run("0", {}, {})
    speakers = [
        Person("Küsten Bund", "person"),
        Person("Küsten Bund", "organisation"),
        Person("„Küsten Bund“", "organisation"),
        Person("Küsten Bund", "group"),
        Person("Kreml", "organisation"),
        Person("Der Kreml", "organisation"),
    ]
    for number, speaker in enumerate(speakers):
        text = f"„Wir warten nicht {number}“, hieß es."
        store.record(article(text, number), "de", quotes(text, speaker), run=run)
    assert rows(store.conn, "select kind, name from people order by id") == [
        ("person", "Küsten Bund"),
        ("organisation", "Küsten Bund"),
        ("group", "Küsten Bund"),
        ("organisation", "Kreml"),
    ]


def test_affiliations_are_dated_and_shown_by_their_earliest_evidence(store):
    run = store.begin_run("0", {}, {})
    dates = ["2025-03-04", None, "2024-01-01T08:00:00Z", "2025-09-09"]
    for number, published in enumerate(dates):
        text = f"„Wir warten nicht“, sagte Anna Weber, Sprecherin der Stiftung Meer, im Jahr {number}."
        start = text.index("Anna Weber")
        bond = Affiliation("Stiftung Meer", "Sprecherin", Span(start, text.index(", im")), "apposition")
        store.record(
            article(text, number, published=published), "de", quotes(text, affiliation=bond), run=run
        )
    assert rows(
        store.conn,
        "select people.name, organisations.name, role, first_seen, last_seen, evidence_text, article"
        " from affiliations join people on people.id = affiliations.person"
        " join organisations on organisations.id = organisation"
        " join occurrences on occurrences.id = evidence",
    ) == [
        (
            "Anna Weber",
            "Stiftung Meer",
            "Sprecherin",
            "2024-01-01T08:00:00Z",
            "2025-09-09",
            "Anna Weber, Sprecherin der Stiftung Meer",
            3,
        )
    ]
    assert rows(store.conn, "select distinct affiliation from occurrences") == [(1,)]


@pytest.mark.parametrize(
    ("text", "acronym"),
    [
        ("„Nein“, sagte Anna Weber von der Stiftung für Maritime Ordnung (SMO). „Ja“, hieß es.", "SMO"),
        ("„Nein“, sagte Anna Weber von der Stiftung Maritime Ordnung. „Ja“, hieß es.", "SMO"),
    ],
)
def test_an_acronym_is_the_organisation_spelt_out_in_the_same_article(store, text, acronym):
    name = "Stiftung für Maritime Ordnung" if "für" in text else "Stiftung Maritime Ordnung"
    found = [
        replace(quote, affiliation=Affiliation(organisation))
        for quote, organisation in zip(quotes(text), [acronym, name], strict=True)
    ]
    store.record(article(text), "de", found, run=store.begin_run("0", {}, {}))
    assert rows(store.conn, "select acronym, name from organisations") == [(acronym, name)]


def test_a_failure_is_kept_once_with_its_last_time_and_cleared_by_a_success(path):
    moments = iter(f"2025-06-0{day}T00:00:00Z" for day in range(1, 9))
    with open_store(path, clock=lambda: next(moments)) as store:
        run = store.begin_run("0", {}, {})
        for reason in ("not UTF-8", "not UTF-8", "empty \udcff"):
            store.fail(Failure("articles.jsonl:1", reason), run)
        store.fail(Failure("other.txt", "empty"), run)
        assert rows(store.conn, 'select origin, reason, "when" from failures') == [
            ("articles.jsonl:1", "not UTF-8", "2025-06-03T00:00:00Z"),
            ("articles.jsonl:1", "empty \\udcff", "2025-06-04T00:00:00Z"),
            ("other.txt", "empty", "2025-06-05T00:00:00Z"),
        ]
        store.record(article(TEXT), "de", [], run=run)
        assert rows(store.conn, "select origin from failures") == [("other.txt",)]


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        (TEXT, [*quotes(TEXT), Quote("direct", (Span(5, 5000),))], "5..5000 lies outside the text"),
        (TEXT, [*quotes(TEXT), *quotes(TEXT, Person("Anna \ud800 Weber"))], "half a surrogate pair"),
    ],
)
def test_what_cannot_be_stored_leaves_nothing_behind(store, text, found, reason):
    run = store.begin_run("0", {}, {})
    before = dump(store.conn)
    with pytest.raises(StoreError, match=reason):
        store.record(article(text), "de", found, run=run)
    assert dump(store.conn) == before
    assert store.record(article(text), "de", quotes(TEXT), run=run).added == 2


def test_articles_recorded_together_are_as_if_one_by_one(path, store):
    """One that cannot be stored costs itself only, wherever it stands; the same twice is known the second
    time."""
    bad = [*quotes(TEXT), Quote("direct", (Span(5, 5000),))]
    given = [(article(TEXT, n), "de", bad if n == 2 else quotes(TEXT)) for n in (1, 2, 3, 3)]
    run = store.begin_run("0", {}, {})
    together = store.record_all(given, run=run)
    states = ["refused" if isinstance(one, StoreError) else one.state for one in together]
    assert states == ["new", "refused", "new", "known"]
    assert "outside the text" in str(together[1])
    clean = store.record_all([(article(TEXT, n), "de", quotes(TEXT)) for n in (4, 5)], run=run)
    with open_store(path.with_name("other.db"), clock=lambda: "2025-06-01T12:00:00Z") as other:
        run = other.begin_run("0", {}, {})
        for n in (1, 3, 4, 5):
            alone = other.record(article(TEXT, n), "de", quotes(TEXT), run=run)
        assert alone == clean[1]
        assert dump(other.conn) == dump(store.conn)


def test_an_archive_that_another_program_writes_is_no_article_s_fault(path, store):
    run = store.begin_run("0", {}, {})
    store.conn.execute("pragma busy_timeout = 100")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(BusyError, match="another program"):
            store.record_all([(article(TEXT, n), "de", quotes(TEXT)) for n in (1, 2, 3)], run=run)
        other.rollback()
    assert store.record_all([(article(TEXT, 1), "de", quotes(TEXT))], run=run)[0].state == "new"


def test_a_run_killed_inside_an_article_leaves_nothing_of_it(store, monkeypatch):
    from quotetrack.store import speakers

    run = store.begin_run("0", {}, {})
    before = dump(store.conn)
    written = []

    def killed(conn, occurrence, *rest):
        written.append(occurrence)
        if len(written) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(speakers, "affiliate", killed)
        with pytest.raises(KeyboardInterrupt):
            store.record(article(TEXT), "de", quotes(TEXT), run=run)
    assert dump(store.conn) == before
    assert store.record(article(TEXT), "de", quotes(TEXT), run=run).added == 2


def _write(path: Path, worker: int, barrier) -> None:
    barrier.wait()
    with open_store(path) as store:
        run = store.begin_run("0", {}, {"worker": worker})
        for number in range(60):
            shared = number % 2 == 0
            key = number if shared else 1000 * (worker + 1) + number
            text = f"„Wir warten nicht auf {key}“, sagte Anna Weber."
            store.record(article(text, key), "de", quotes(text), run=run)


def test_two_processes_write_at_once_and_nothing_is_lost_or_doubled(path):
    context = get_context("fork")
    barrier = context.Barrier(2)
    workers = [context.Process(target=_write, args=(path, number, barrier)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with open_store(path) as store:
        assert rows(store.conn, "select count(*), count(distinct uid) from occurrences") == [(90, 90)]
        assert rows(store.conn, "select count(*) from people") == [(1,)]
        assert rows(store.conn, "pragma foreign_key_check") == []
