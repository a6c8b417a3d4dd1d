from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack import cluster
from quotetrack.ingest import jsonl
from quotetrack.store import StoreError, export, open_store
from quotetrack.store.corrections import MergePeople, Reassign, Rename, SplitStatement, Withdraw
from quotetrack.store.doctor import check
from quotetrack.types import Affiliation, Article, Person, Quote, Span

from .articles import article, quotes, rows

TEXT = (
    "„Wir warten nicht“, sagte Anna Weber, Sprecherin der Stiftung Meer. „Das ist absurd“, fügte sie hinzu."
)
SIGNED = {"author": "Redaktion", "reason": "verwechselt"}


def reimport(lines: list[dict[str, object]], path) -> dict[str, list[tuple]]:
    """What an archive holds after reading exported lines as `add --quotes given` does."""
    with open_store(path) as store:
        run = store.begin_run("0", {}, {})
        for line in lines:
            one = jsonl.article(jsonl.parse(json.dumps(line).encode()), "export.jsonl:1")
            store.record(one, one.language or "und", one.quotes or (), run=run)
        store.cluster_new(cluster)
        return contents(store.conn)


def contents(conn) -> dict[str, list[tuple]]:
    return {
        "articles": rows(
            conn,
            "select a.uid, o.name, doc_id, url, canonical_url, title, author, published, language, text,"
            " extra from articles a left join outlets o on o.id = outlet order by a.uid",
        ),
        "occurrences": rows(
            conn,
            "select o.uid, a.uid, s.uid, p.uid, g.uid, f.role, type, content, spans, cue, source_text,"
            " passage_before, passage, passage_after, confidence, rule, o.language, speaker_rule,"
            " attribution from occurrences o"
            " join articles a on a.id = article left join statements s on s.id = statement"
            " left join people p on p.id = o.person left join affiliations f on f.id = affiliation"
            " left join organisations g on g.id = organisation where o.withdrawn is null order by o.uid",
        ),
        "people": rows(
            conn, "select uid, kind, a.name from people p join aliases a on a.person = p.id order by 1, 2, 3"
        ),
        "affiliations": rows(
            conn, "select identity, first_seen, last_seen, evidence is null from affiliations order by 1"
        ),
        "organisations": rows(conn, "select uid, name, acronym from organisations order by 1"),
        "statements": rows(
            conn,
            "select uid, canonical, variants, first_published, last_published, occurrence_count,"
            " outlet_count, independent_count from statements order by 1",
        ),
    }


NAMES = st.sampled_from(["Anna Weber", "ANNA WEBER", "Anja Weber", "Weber", "Jörg Groß"])
KINDS = ["person", "organisation", "group"]
ROLES = st.sampled_from([None, "Rat", "Sprecherin"])
DATES = st.sampled_from([None, "2025-03-04", "2025-03-04T10:00:00Z", "2024-01-01"])
WORDS = st.text("abc äß„“\n🙂", min_size=1, max_size=60).map(lambda text: f"x{text}y")


@st.composite
def recorded(draw) -> tuple[Article, list[Quote]]:
    text = draw(WORDS)
    one = Article(
        "export.jsonl:1",
        text,
        doc_id=draw(st.sampled_from([None, "7", "8"])),
        outlet=draw(st.sampled_from([None, "Bote (fictional)", "Kurier (fictional)"])),
        title=draw(st.sampled_from([None, "Hafen"])),
        published=draw(DATES),
        extra=draw(st.sampled_from([{}, {"note": "fictional", "tags": [1, None]}])),
    )
    found = [draw(quote_in(text)) for _ in range(draw(st.integers(0, 3)))]
    return one, found


@st.composite
def quote_in(draw, text: str) -> Quote:
    spans = st.integers(0, len(text) - 1).flatmap(
        lambda start: st.builds(Span, st.just(start), st.integers(start + 1, len(text)))
    )

    def some(least: int, most: int) -> tuple[Span, ...]:
        return tuple(sorted(draw(st.lists(spans, min_size=least, max_size=most))))

    return Quote(
        draw(st.sampled_from(["direct", "indirect", "mixed"])),
        some(1, 2),
        some(0, 1),
        some(0, 1),
        confidence=draw(st.sampled_from([0.0, 0.5, 0.973, 1.0])),
        rule="direct/test",
        speaker=draw(
            st.builds(
                Person,
                NAMES,
                st.sampled_from(KINDS),
                st.none() | spans,
                st.sampled_from(["given", "surname"]),
            )
            | st.none()
        ),
        affiliation=draw(
            st.builds(Affiliation, st.just("Stiftung Meer"), ROLES, st.none() | spans, st.just("apposition"))
            | st.builds(Affiliation, st.none(), st.just("Rat"), rule=st.just("title"))
            | st.none()
        ),
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(recorded(), max_size=5, unique_by=lambda pair: (pair[0].outlet, pair[0].doc_id)))
def test_adding_an_export_gives_the_same_archive(tmp_path_factory, pairs):
    folder = tmp_path_factory.mktemp("round")
    with open_store(folder / "first.db") as store:
        run = store.begin_run("0", {}, {})
        for one, found in pairs:
            store.record(one, "de", found, run=run)
        store.cluster_new(cluster)
        before = contents(store.conn)
        lines = list(export(store.conn, "articles"))
    assert reimport(lines, folder / "second.db") == before


def test_corrections_and_gone_quotes_are_in_the_export(store, tmp_path):
    run = store.begin_run("0", {}, {})
    bond = Affiliation("Stiftung Meer", "Sprecherin")
    store.record(article(TEXT, 1), "de", quotes(TEXT, affiliation=bond), run=run)
    store.record(article(TEXT, 2), "de", quotes(TEXT, "Berta Weber"), run=run)
    shorter = TEXT.split(" „Das", maxsplit=1)[0]
    store.record(article(shorter, 2), "de", quotes(shorter, "Berta Weber"), run=run)
    store.cluster_new(cluster)
    ids = dict(rows(store.conn, "select name, uid from people"))
    first, second, third, _ = (uid for (uid,) in rows(store.conn, "select uid from occurrences order by id"))
    store.correct(MergePeople(ids["Berta Weber"], ids["Anna Weber"]), cluster, **SIGNED)
    store.correct(Withdraw("occurrence", first), cluster, **SIGNED)
    store.correct(Reassign(second, name="Otto Lang"), cluster, **SIGNED)
    lines = list(export(store.conn, "articles"))
    spoken = [[quote["speaker_name"] for quote in line["quotes"]] for line in lines]
    assert spoken == [["Otto Lang"], ["Anna Weber"]]
    again, here = reimport(lines, tmp_path / "second.db"), contents(store.conn)
    assert again | {"articles": []} == here | {"articles": []}  # reading adds their canonical addresses
    withdrawn = {line["id"]: line.get("withdrawn") for line in export(store.conn, "quotes")}
    assert withdrawn[first] == "verwechselt"
    assert withdrawn[third] is None
    assert sum(reason is not None for reason in withdrawn.values()) == 2


def test_what_each_export_holds(store):
    bond = Affiliation("Stiftung Meer", "Sprecherin", Span(20, 66))
    run = store.begin_run("0", {}, {})
    store.record(article(TEXT), "de", quotes(TEXT, affiliation=bond), run=run)
    store.cluster_new(cluster)
    quote = next(export(store.conn, "quotes"))
    statement = next(iter(export(store.conn, "statements")))
    person = next(export(store.conn, "people"))
    assert quote["statement"] == statement["uid"]
    assert quote["speaker_uid"] == statement["speaker_uid"] == person["uid"]
    assert (quote["text"], quote["affiliation"], quote["content_spans"]) == (
        "Wir warten nicht",
        "Stiftung Meer",
        [[1, 17]],
    )
    assert (statement["text"], statement["variants"], statement["quotes"]) == (
        "Wir warten nicht",
        [],
        [quote["id"]],
    )
    assert person["affiliations"][0]["evidence"] == bond.evidence.of(TEXT)
    assert (person["name"], person["aliases"], person["quotes"]) == ("Anna Weber", [], 2)


@pytest.mark.parametrize("what", ["articles", "quotes", "statements", "people"])
def test_an_export_streams_json(store, what):
    assert list(export(store.conn, what)) == []
    run = store.begin_run("0", {}, {})
    store.record(article(TEXT), "de", quotes(TEXT), run=run)
    store.cluster_new(cluster)
    lines = export(store.conn, what)
    assert json.loads(json.dumps(next(lines)))
    store.record(article(TEXT, 2), "de", quotes(TEXT), run=run)
    assert all(json.dumps(line) for line in lines)


HISTORY = {
    "corrections": 'action, subject, detail, author, reason, "when", undoes from corrections order by id',
    "redirects": "old_uid, new_uid, kind, reason from redirects order by 1",
    "revisions": "a.uid, r.sha256, r.text from revisions r join articles a on a.id = article order by 1, 2",
    "quotes": """o.uid, s.uid, p.uid, o.content, o.spans, o.gone, n.uid, o.withdrawn, o.attribution, o.claim
        from occurrences o left join statements s on s.id = o.statement left join people p on p.id = o.person
        left join occurrences n on n.id = o.replaced_by order by 1""",
    "told": """x.uid, y.uid, judgement, "by", e.why from edges e join occurrences x on x.id = e.a
        join occurrences y on y.id = e.b where "by" <> 'quotetrack' order by 1, 2""",
    "people": "uid, name from people where id in (select person from occurrences) order by 1",
    "statements": "uid, canonical, variants, withdrawn, occurrence_count from statements order by 1",
}


def history(conn) -> dict[str, list[tuple]]:
    return {name: rows(conn, f"select {sql}") for name, sql in HISTORY.items()}


def test_what_was_edited_withdrawn_and_corrected_comes_back(store, tmp_path):
    run = store.begin_run("0", {}, {})
    edited = TEXT.replace("absurd", "mutig")
    for number, text in ((1, TEXT), (2, TEXT), (3, TEXT), (1, edited)):
        store.record(article(text, number), "de", quotes(text), run=run)
        store.cluster_new(cluster)
    ((statement, moved),) = rows(
        store.conn,
        "select s.uid, max(o.uid) from occurrences o join statements s on s.id = o.statement"
        " where o.content = 'Wir warten nicht'",
    )
    ((brave,),) = rows(store.conn, "select uid from occurrences where content = 'Das ist mutig'")
    ((person,),) = rows(store.conn, "select uid from people")
    store.correct(SplitStatement(statement, (moved,)), cluster, **SIGNED)
    store.correct(Withdraw("occurrence", brave), cluster, **SIGNED)
    store.correct(Rename(person, "Anna Weber-Lang"), cluster, **SIGNED)
    number = store.correct(Reassign(moved, name="Otto Lang"), cluster, **SIGNED)
    store.undo(number, cluster, **SIGNED)
    lines = [json.loads(json.dumps(line)) for line in export(store.conn, "articles")]
    before = history(store.conn)
    with open_store(tmp_path / "second.db", clock=lambda: "2026-01-01T00:00:00Z") as second:
        for line in lines * 2:  # the same lines again change nothing
            one = jsonl.article(jsonl.parse(json.dumps(line).encode()), "export.jsonl:1")
            second.record(one, one.language or "und", one.quotes or (), run=second.begin_run("0", {}, {}))
        second.cluster_new(cluster)
        assert history(second.conn) == before
        assert check(second.conn) == []
        again = [json.loads(json.dumps(line)) for line in export(second.conn, "articles")]
    assert again == lines


SIGNED_LOG = {"subject": "x", "author": "J", "reason": "r", "when": "2025-03-04T10:00:00Z", "id": 1}


@pytest.mark.parametrize(
    "found",
    [
        {"quotes": [{}]},
        {"former": [{"uid": "x"}]},
        {"corrections": [1]},
        {"corrections": [{**SIGNED_LOG, "action": "withdraw", "detail": {}}]},
        {"corrections": [{**SIGNED_LOG, "action": "no such", "detail": {}}]},
        {"corrections": [{**SIGNED_LOG, "action": "reassign", "detail": {"speaker": {"odd": 1}}}]},
        {"revisions": [{"sha256": {}, "text": "x", "fetched_at": "x"}]},
    ],
)
def test_a_broken_export_costs_its_article_only(store, found):
    run = store.begin_run("0", {}, {})
    one = replace(article(TEXT), extra={"archive": found})
    with pytest.raises(StoreError, match="not what `export` writes"):
        store.record(one, "de", quotes(TEXT), run=run)
    assert store.untaken(one) in (0, 1)
    assert rows(store.conn, "select count(*) from articles") == [(0,)]
    assert rows(store.conn, "select count(*) from corrections") == [(0,)]
    assert store.record(article(TEXT), "de", quotes(TEXT), run=run).added == 2


@pytest.mark.parametrize("found", ["https://archive.example/1", ["shelf", 3], {"url": "x"}])
def test_what_others_call_an_archive_stays_with_the_article(store, found, tmp_path):
    run = store.begin_run("0", {}, {})
    store.record(replace(article(TEXT), extra={"archive": found}), "de", quotes(TEXT), run=run)
    ((extra,),) = rows(store.conn, "select extra from articles")
    assert json.loads(extra) == {"archive": found}
    assert reimport(list(export(store.conn, "articles")), tmp_path / "b.db")["articles"][0][-1] == extra
