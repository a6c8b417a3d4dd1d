from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotetrack import cluster
from quotetrack.ingest import jsonl
from quotetrack.queries.doubts import doubtful_pairs
from quotetrack.store import StoreError, export, open_store
from quotetrack.store.corrections import (
    Affiliate,
    Identify,
    JoinStatements,
    MergePeople,
    PartStatements,
    Reassign,
    Reinstate,
    Rename,
    SplitPerson,
    SplitStatement,
    Withdraw,
    entries,
    in_force,
)
from quotetrack.store.doctor import check
from quotetrack.types import Affiliation, Article

from .articles import article, quotes, rows

SAYINGS = {
    "tunnel": "Wir werden den Hafentunnel nicht bauen, solange mir niemand sagen kann, woher das Geld kommt",
    "tunnel, cut": "Wir werden den Hafentunnel nicht bauen, solange mir niemand sagen kann",
    "bridge": "Die Brücke wird im Sommer gesperrt, weil die Pfeiler erneuert werden müssen",
    "ferry": "Eine Fähre genügt den Leuten am anderen Ufer schon lange nicht mehr",
}
SIGNED = {"author": "Redaktion", "reason": "verwechselt"}


def said(number: int, saying: str, speaker: str = "Anna Weber") -> tuple[Article, str]:
    text = f"„{SAYINGS[saying]}“, sagte {speaker} von der Stiftung Meer. Meldung {number}."
    return article(text, number, outlet=f"Blatt {number} (fictional)"), speaker


ARTICLES = [
    said(0, "tunnel"),
    said(1, "tunnel, cut"),
    said(2, "tunnel"),
    said(3, "bridge"),
    said(4, "ferry", "Anja Weber"),
    said(5, "bridge", "Anja Weber"),
]


def add(store, *articles: tuple[Article, str]) -> None:
    run = store.begin_run("0", {}, {})
    for one, speaker in articles:
        found = quotes(one.text, speaker, Affiliation("Stiftung Meer", "Sprecherin"))
        store.record(one, "de", found, run=run)
    store.cluster_new(cluster)


@pytest.fixture
def archive(store):
    add(store, *ARTICLES)
    return store


def uid(store, number: int, what: str = "o") -> str:
    """Of article `number`: its occurrence (o), statement (s) or person (p)."""
    ((found,),) = rows(
        store.conn,
        f"select {what}.uid from articles a join occurrences o on o.article = a.id"
        " left join statements s on s.id = o.statement left join people p on p.id = o.person where a.url = ?",
        f"https://bote.example/{number}",
    )
    return found


def speakers(store) -> list[tuple]:
    return rows(
        store.conn,
        "select a.url, p.uid, p.name, g.name, f.role from articles a join occurrences o on o.article = a.id"
        " left join people p on p.id = o.person left join affiliations f on f.id = o.affiliation"
        " left join organisations g on g.id = f.organisation order by 1",
    )


def state(store) -> dict[str, list[tuple]]:
    """All that readers see, without the uids that a split gives anew."""
    return {
        "speakers": speakers(store),
        "people": rows(store.conn, "select uid, name, kind, wikidata from people order by uid"),
        "aliases": rows(
            store.conn, "select p.uid, a.name from aliases a join people p on p.id = person order by 1, 2"
        ),
        "affiliations": rows(
            store.conn, "select identity, first_seen, last_seen from affiliations order by 1"
        ),
        "occurrences": rows(store.conn, "select uid, withdrawn from occurrences order by uid"),
        "statements": rows(
            store.conn,
            "select canonical, variants, speaker, occurrence_count, outlet_count, withdrawn,"
            " (select group_concat(uid)"
            " from (select uid from occurrences o where o.statement = s.id order by uid))"
            " from statements s order by 7",
        ),
    }


def consistent(store) -> None:
    assert rows(store.conn, "pragma foreign_key_check") == []
    assert (
        rows(store.conn, "select old_uid from redirects where new_uid in (select old_uid from redirects)")
        == []
    )
    assert (
        rows(
            store.conn,
            "select old_uid from redirects where kind = 'person' and new_uid not in (select uid from people)"
            " or kind = 'statement' and new_uid not in (select uid from statements)",
        )
        == []
    )
    store.conn.execute("insert into statements_fts(statements_fts) values ('integrity-check')")


def test_a_withdrawn_quote_says_why_and_counts_no_more(archive):
    conn = archive.conn
    number = archive.correct(
        Withdraw("occurrence", uid(archive, 0)), cluster, author="Redaktion", reason="erfunden (fictional)"
    )
    withdrawn = archive.resolve_uid("occurrence", uid(archive, 0))
    assert withdrawn.withdrawn == "erfunden (fictional)"
    canonical = "select occurrence_count, withdrawn from statements where uid = ?"
    assert rows(conn, canonical, uid(archive, 0, "s")) == [(2, None)]
    archive.undo(number, cluster, **SIGNED)
    assert archive.resolve_uid("occurrence", uid(archive, 0)).withdrawn is None
    assert rows(conn, canonical, uid(archive, 0, "s")) == [(3, None)]


def test_a_withdrawn_statement_takes_along_what_joins_it_later(archive):
    statement = uid(archive, 0, "s")
    archive.correct(Withdraw("statement", statement), cluster, author="Redaktion", reason="erfunden")
    add(archive, said(9, "tunnel"))
    assert uid(archive, 9, "s") == statement
    assert archive.resolve_uid("statement", statement).withdrawn == "erfunden"
    assert archive.resolve_uid("occurrence", uid(archive, 9)).withdrawn == "erfunden"
    archive.correct(Reinstate("statement", statement), cluster, **SIGNED)
    assert archive.resolve_uid("statement", statement).withdrawn is None
    assert rows(archive.conn, "select occurrence_count from statements where uid = ?", statement) == [(4,)]


def test_a_statement_is_withdrawn_with_its_last_quote(archive):
    for number in (3, 5):
        archive.correct(
            Withdraw("occurrence", uid(archive, number)), cluster, author="Redaktion", reason=f"{number}"
        )
    assert archive.resolve_uid("statement", uid(archive, 3, "s")).withdrawn in ("3", "5")


@pytest.mark.parametrize(
    ("to", "name"), [({"name": "Otto Lang"}, "Otto Lang"), ({"person": "anja"}, "Anja Weber"), ({}, None)]
)
def test_a_quote_of_somebody_else(archive, to, name):
    before = state(archive)
    if "person" in to:
        to = {"person": uid(archive, 4, "p")}
    number = archive.correct(Reassign(uid(archive, 3), **to), cluster, **SIGNED)
    assert speakers(archive)[3][2:] == (name, "Stiftung Meer", "Sprecherin")
    consistent(archive)
    changed = ARTICLES[3][0]
    rewritten = article(changed.text + " Nachtrag.", 3, outlet=changed.outlet)
    add(archive, (rewritten, "Anna Weber"))
    assert speakers(archive)[3][2] == name
    archive.rebuild_clusters(cluster)
    assert speakers(archive)[3][2] == name
    archive.undo(number, cluster, **SIGNED)
    assert state(archive)["speakers"] == before["speakers"]


def test_a_rename_keeps_the_former_name_findable(archive):
    person = uid(archive, 0, "p")
    number = archive.correct(Rename(person, "Anna Weber-Lang"), cluster, **SIGNED)
    names = "select people.name, aliases.name from people join aliases on person = people.id where uid = ?"
    assert rows(archive.conn, names, person) == [
        ("Anna Weber-Lang", "Anna Weber"),
        ("Anna Weber-Lang", "Anna Weber-Lang"),
    ]
    assert rows(archive.conn, "select distinct speaker from statements order by 1") == [
        ("Anja Weber",),
        ("Anna Weber-Lang",),
    ]
    add(archive, said(9, "ferry"))
    assert speakers(archive)[-1][2] == "Anna Weber-Lang"
    archive.undo(number, cluster, **SIGNED)
    assert rows(archive.conn, "select name from people where uid = ?", person) == [("Anna Weber",)]


def test_merged_people_redirect_and_stay_merged(archive):
    before = state(archive)
    anna, anja = uid(archive, 0, "p"), uid(archive, 4, "p")
    number = archive.correct(MergePeople(anja, anna), cluster, **SIGNED)
    assert archive.resolve_uid("person", anja).uid == anna
    assert {row[1] for row in speakers(archive)} == {anna}
    assert rows(archive.conn, "select name from aliases order by 1") == [("Anja Weber",), ("Anna Weber",)]
    consistent(archive)
    add(archive, said(9, "ferry", "Anja Weber"))
    assert speakers(archive)[-1][1:3] == (anna, "Anna Weber")
    archive.undo(number, cluster, **SIGNED)
    assert archive.resolve_uid("person", anja).uid == anja
    assert speakers(archive)[-1][1] == anja
    assert state(archive)["people"] == before["people"]
    assert state(archive)["aliases"] == before["aliases"]
    consistent(archive)


def test_merges_in_a_row_are_undone_one_by_one(archive):
    add(archive, said(9, "ferry", "Ana Weber"))
    anna, anja, ana = (uid(archive, number, "p") for number in (0, 4, 9))
    first = archive.correct(MergePeople(ana, anja), cluster, **SIGNED)
    second = archive.correct(MergePeople(anja, anna), cluster, **SIGNED)
    assert archive.resolve_uid("person", ana).uid == anna
    archive.undo(second, cluster, **SIGNED)
    assert archive.resolve_uid("person", ana).uid == anja
    archive.undo(first, cluster, **SIGNED)
    assert archive.resolve_uid("person", ana).uid == ana
    consistent(archive)


def test_two_people_of_one_name(archive):
    before = state(archive)
    anna = uid(archive, 0, "p")
    number = archive.correct(SplitPerson(anna, (uid(archive, 3),), "Anna Weber"), cluster, **SIGNED)
    other = uid(archive, 3, "p")
    assert other != anna
    assert rows(archive.conn, "select name from people where uid = ?", other) == [("Anna Weber",)]
    archive.rebuild_clusters(cluster)
    assert uid(archive, 3, "p") == other
    archive.undo(number, cluster, **SIGNED)
    assert state(archive)["speakers"] == before["speakers"]


def test_joined_statements_stay_joined_and_part_under_their_old_uids(archive):
    before = {number: uid(archive, number, "s") for number in (0, 4)}
    number = archive.correct(JoinStatements(before[0], before[4]), cluster, **SIGNED)
    assert uid(archive, 0, "s") == uid(archive, 4, "s")
    joined = uid(archive, 0, "s")
    (gone,) = set(before.values()) - {joined}
    assert archive.resolve_uid("statement", gone).uid == joined
    add(archive, said(9, "ferry", "Anja Weber"))
    assert uid(archive, 9, "s") == joined
    archive.rebuild_clusters(cluster)
    assert uid(archive, 4, "s") == joined
    consistent(archive)
    archive.undo(number, cluster, **SIGNED)
    assert {number: uid(archive, number, "s") for number in (0, 4)} == before
    assert archive.resolve_uid("statement", gone).uid == gone
    consistent(archive)


def test_statements_kept_apart_stay_so_and_nobody_asks_again(archive):
    left, right = uid(archive, 0, "s"), uid(archive, 3, "s")
    ids = dict(rows(archive.conn, "select uid, id from occurrences"))
    archive.conn.execute(
        "insert into edges values (?, ?, .8, 'unsure', 'quotetrack', '', 'comparison')",
        sorted((ids[uid(archive, 0)], ids[uid(archive, 3)])),
    )
    doubts = doubtful_pairs()
    assert len(archive.conn.execute(*doubts).fetchall()) == 1
    number = archive.correct(PartStatements(left, right), cluster, **SIGNED)
    assert archive.conn.execute(*doubts).fetchall() == []
    archive.rebuild_clusters(cluster)
    assert (uid(archive, 0, "s"), uid(archive, 3, "s")) == (left, right)
    told = 'select judgement, "by" from edges where "by" <> \'quotetrack\''
    assert rows(archive.conn, told) == [("different", "Redaktion")]
    archive.undo(number, cluster, **SIGNED)
    assert rows(archive.conn, told) == []
    with pytest.raises(StoreError, match="are one statement: split it"):
        archive.correct(PartStatements(left, left), cluster, **SIGNED)


def test_a_split_statement_stays_split_for_twins_too(archive):
    before = state(archive)
    statement = uid(archive, 0, "s")
    number = archive.correct(SplitStatement(statement, (uid(archive, 2),)), cluster, **SIGNED)
    apart = uid(archive, 2, "s")
    assert apart != statement
    assert uid(archive, 0, "s") == uid(archive, 1, "s") == statement
    archive.rebuild_clusters(cluster)
    assert (uid(archive, 0, "s"), uid(archive, 2, "s")) == (statement, apart)
    consistent(archive)
    archive.undo(number, cluster, **SIGNED)
    assert state(archive) == before
    assert archive.resolve_uid("statement", apart).uid == statement


def test_a_later_decision_overrules_an_earlier_one(archive):
    statement = uid(archive, 0, "s")
    archive.correct(SplitStatement(statement, (uid(archive, 2),)), cluster, **SIGNED)
    again = archive.correct(JoinStatements(statement, uid(archive, 2, "s")), cluster, **SIGNED)
    assert uid(archive, 0, "s") == uid(archive, 2, "s")
    archive.undo(again, cluster, **SIGNED)
    assert uid(archive, 0, "s") != uid(archive, 2, "s")


def test_an_undo_can_be_undone_and_the_log_only_grows(archive):
    conn = archive.conn
    number = archive.correct(Withdraw("occurrence", uid(archive, 0)), cluster, **SIGNED)
    undo = archive.undo(number, cluster, **SIGNED)
    archive.undo(undo, cluster, **SIGNED)
    assert archive.resolve_uid("occurrence", uid(archive, 0)).withdrawn == "verwechselt"
    assert rows(conn, "select id, action, author, undoes from corrections") == [
        (1, "withdraw", "Redaktion", None),
        (2, "undo", "Redaktion", 1),
        (3, "undo", "Redaktion", 2),
    ]
    with pytest.raises(StoreError, match="2 was undone already"):
        archive.undo(undo, cluster, **SIGNED)
    archive.undo(number, cluster, **SIGNED)
    assert archive.resolve_uid("occurrence", uid(archive, 0)).withdrawn is None


REFUSED = [
    (lambda s: Withdraw("occurrence", "never"), {}, "no occurrence has the id never"),
    (lambda s: Withdraw("statement", uid(s, 0)), {}, "no statement has the id"),
    (lambda s: MergePeople(uid(s, 0, "p"), uid(s, 1, "p")), {}, "are one person already"),
    (lambda s: JoinStatements(uid(s, 0, "s"), uid(s, 1, "s")), {}, "are one statement already"),
    (lambda s: SplitStatement(uid(s, 0, "s"), (uid(s, 3),)), {}, "not of the statement"),
    (lambda s: SplitStatement(uid(s, 4, "s"), (uid(s, 4),)), {}, "leaves nothing"),
    (lambda s: SplitPerson(uid(s, 0, "p"), (), "Anna Weber"), {}, "no quote of the person"),
    (lambda s: Rename(uid(s, 0, "p"), " "), {}, "needs a name"),
    (lambda s: Withdraw("occurrence", uid(s, 0)), {"author": " "}, "name of who makes it"),
    (lambda s: Withdraw("occurrence", uid(s, 0)), {"author": "quotetrack"}, "name of who makes it"),
    (lambda s: Withdraw("occurrence", uid(s, 0)), {"reason": ""}, "needs a reason"),
]


@pytest.mark.parametrize(("make", "signature", "reason"), REFUSED)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(archive, make, signature, reason):
    before = state(archive)
    with pytest.raises(StoreError, match=reason):
        archive.correct(make(archive), cluster, **SIGNED | signature)
    assert state(archive) == before
    assert rows(archive.conn, "select count(*) from corrections") == [(0,)]


KINDS = st.sampled_from(
    [
        "withdraw",
        "reassign",
        "rename",
        "merge",
        "split person",
        "join",
        "part",
        "split",
        "identify",
        "affiliate",
        "add",
        "undo",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(KINDS, st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_any_corrections_hold_through_rebuilds_and_come_undone_without_a_trace(tmp_path_factory, steps):
    with open_store(tmp_path_factory.mktemp("corrections") / "archive.db") as store:
        add(store, *ARTICLES)
        before = state(store)
        for kind, a, b in steps:
            try:
                _step(store, kind, a, b)
            except StoreError:
                continue
            consistent(store)
        held = state(store)
        store.rebuild_clusters(cluster)
        assert state(store) == held
        consistent(store)
        for entry in reversed(in_force(entries(store.conn))):
            if entry.undoes is None:
                store.undo(entry.id, cluster, **SIGNED)
        after = state(store)
        assert after["speakers"] == before["speakers"]
        assert after["occurrences"] == before["occurrences"]
        assert after["statements"] == before["statements"]
        assert after["people"] == before["people"]
        assert after["affiliations"] == before["affiliations"]
        consistent(store)


def _step(store, kind: str, a: int, b: int) -> None:
    corrections = {
        "withdraw": lambda: (
            Withdraw("statement", uid(store, a, "s")) if b % 2 else Withdraw("occurrence", uid(store, a))
        ),
        "reassign": lambda: (
            Reassign(uid(store, a), person=uid(store, b, "p")) if a % 2 else Reassign(uid(store, a))
        ),
        "rename": lambda: Rename(uid(store, a, "p"), f"Anna W. {b}"),
        "merge": lambda: MergePeople(uid(store, a, "p"), uid(store, b, "p")),
        "split person": lambda: SplitPerson(uid(store, a, "p"), (uid(store, a),), "Anna Weber"),
        "identify": lambda: Identify(uid(store, a, "p"), f"Q{b}" if b else ""),
        "affiliate": lambda: Affiliate(uid(store, a), "Hafenamt" if b % 2 else None, "Sprecherin"),
        "part": lambda: PartStatements(uid(store, a, "s"), uid(store, b, "s")),
        "join": lambda: JoinStatements(uid(store, a, "s"), uid(store, b, "s")),
        "split": lambda: SplitStatement(uid(store, a, "s"), (uid(store, a),)),
    }
    if kind == "add":
        add(store, *ARTICLES)
    elif kind == "undo":
        store.undo(a + 1, cluster, **SIGNED)
    elif kind in corrections:
        store.correct(corrections[kind](), cluster, **SIGNED)


def quoted(store) -> dict[str, list[tuple]]:
    """The state without what no article of an export tells: people without quotes, names in between."""
    found, own = state(store), {uid for _, uid, *_ in speakers(store)}
    del found["aliases"]
    return found | {"people": [row for row in found["people"] if row[0] in own]}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(KINDS, st.integers(0, 5), st.integers(0, 5)), max_size=6), st.integers(0, 6))
@example([("withdraw", 0, 0), ("withdraw", 0, 0), ("undo", 0, 0)], 0)  # alike to the second, one undone
@example([("merge", 0, 4)], 0)  # into somebody whom the first article does not name
def test_corrections_of_an_export_hold_where_its_articles_are_already(tmp_path_factory, steps, known):
    """Whatever of the articles another archive has: what is imported holds at once, without touching them."""
    folder = tmp_path_factory.mktemp("arrivals")
    with open_store(folder / "first.db") as store:
        add(store, *ARTICLES)
        for kind, a, b in steps:
            with suppress(StoreError):  # a statement's own uid may be another one there: withdrawn by quotes
                _step(store, kind, a, 0 if kind == "withdraw" else b)
        wanted, lines = quoted(store), [json.dumps(line) for line in export(store.conn, "articles")]
    with open_store(folder / "second.db") as store:
        add(store, *ARTICLES[6 - known :])
        for line in lines:
            one = jsonl.article(jsonl.parse(line.encode()), "export.jsonl:1")
            if store.state_of(one) == "known":
                store.take(one)
            else:
                store.record(one, "de", one.quotes or (), run=store.begin_run("0", {}, {}))
        store.cluster_new(cluster)
        assert quoted(store) == wanted
        consistent(store)
        assert [failure for failure in check(store.conn) if "redirect" in str(failure)] == []
        store.rebuild_clusters(cluster)
        assert quoted(store) == wanted


def test_a_statement_withdrawn_elsewhere_is_withdrawn_here_under_its_own_uid(tmp_path):
    with open_store(tmp_path / "first.db") as store:
        add(store, *ARTICLES)
        theirs = uid(store, 0, "s")
        store.correct(Withdraw("statement", theirs), cluster, **SIGNED)
        lines = [json.dumps(line) for line in export(store.conn, "articles")]
    with open_store(tmp_path / "second.db") as store:
        add(store, ARTICLES[2])
        add(store, *ARTICLES)
        ours = uid(store, 0, "s")
        for line in lines:
            store.take(jsonl.article(jsonl.parse(line.encode()), "export.jsonl:1"))
        store.cluster_new(cluster)
        assert rows(store.conn, f"select withdrawn from statements where uid = '{ours}'") == [
            ("verwechselt",)
        ]
        found = store.resolve_uid("statement", theirs)
        assert (found.uid, ours != theirs) == (ours, True)
        assert check(store.conn) == []
