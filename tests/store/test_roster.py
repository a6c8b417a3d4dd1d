"""People bound to Wikidata by a roster, before and after articles name them. All are fictional."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack import cluster
from quotetrack.queries import namesakes
from quotetrack.store import StoreError, export, open_store
from quotetrack.store.corrections import Affiliate, Identify, KeepApart, MergePeople, Rename, SplitPerson
from quotetrack.types import Affiliation, Article, RosterEntry

from .articles import article, rows
from .test_namesakes import SIGNED, add, said

POLICE = Affiliation("Polizei Hohenbruck", "Polizeisprecher")
HISTORY = Affiliation("Universität Ostwig", "Historiker")
OFFICER = RosterEntry(
    "roster.csv:2", "Ingwer Talbrink", ("I. Talbrink", "Ingwer Talbrinck"), "person", "Q42",
    "Polizei Hohenbruck", "Polizeisprecher",
)  # fmt: skip


def people(store) -> list[tuple]:
    return rows(store.conn, "select name, wikidata from people order by id")


def uid(store, number: int, what: str = "p") -> str:
    ((found,),) = rows(
        store.conn,
        f"select {what}.uid from articles a join occurrences o on o.article = a.id"
        " left join people p on p.id = o.person where a.url = ?",
        f"https://bote.example/{number}",
    )
    return found


def names(store, number: int) -> set[str]:
    found = rows(
        store.conn,
        "select a.name from aliases a join people p on p.id = a.person where p.uid = ?",
        uid(store, number),
    )
    return {name for (name,) in found}


def test_somebody_quoted_is_bound_and_found_by_more_names(store) -> None:
    add(store, said(1, "Ingwer Talbrink", POLICE))
    done = store.enrol(OFFICER)
    assert (done.state, done.person) == ("bound", uid(store, 1))
    assert people(store) == [("Ingwer Talbrink", "Q42")]
    assert names(store, 1) == {"Ingwer Talbrink", "I. Talbrink", "Ingwer Talbrinck"}
    assert store.enrol(OFFICER).state == "unchanged"
    add(store, said(2, "Ingwer Talbrinck", POLICE))
    assert uid(store, 2) == uid(store, 1)


def test_somebody_to_come_is_kept_and_binds_by_itself(store) -> None:
    done = store.enrol(OFFICER)
    assert done.state == "kept"
    assert people(store) == []
    add(store, said(1, "Ingwer Talbrink", POLICE), said(2, "Ingwer Talbrink", POLICE))
    assert uid(store, 1) == uid(store, 2) == done.person
    assert people(store) == [("Ingwer Talbrink", "Q42")]


def test_a_namesake_of_the_roster_is_not_bound(store) -> None:
    """A footballer and a police officer of one name; who could be either is asked about."""
    store.enrol(RosterEntry("r:2", "Ingwer Talbrink", (), "person", "Q1", "FC Ostwig", "Mittelstürmer"))
    add(store, said(1, "Ingwer Talbrink", Affiliation("Universität Ostwig", "Professor für Physik")))
    assert people(store) == [("Ingwer Talbrink", None)]


def test_two_of_one_name_stay_two_by_their_ids(store) -> None:
    add(store, said(1, "Ingwer Talbrink", POLICE))
    assert store.enrol(OFFICER).state == "bound"
    other = store.enrol(RosterEntry("r:3", "Ingwer Talbrink", (), "person", "Q43", "Universität Ostwig"))
    assert other.state in ("kept", "unsure")
    assert other.person != uid(store, 1)
    assert people(store) == [("Ingwer Talbrink", "Q42")]


def test_contradictions_are_refused_and_write_nothing(store) -> None:
    add(store, said(1, "Ingwer Talbrink", POLICE), said(2, "Maraike Quellbrunn", HISTORY))
    store.enrol(OFFICER)
    before = rows(store.conn, "select * from roster")
    with pytest.raises(StoreError, match="Q42 is the Wikidata id of somebody else"):
        store.enrol(RosterEntry("r:9", "Maraike Quellbrunn", (), "person", "Q42", uid=uid(store, 2)))
    store.correct(Identify(uid(store, 2), "Q7"), cluster, **SIGNED)
    with pytest.raises(StoreError, match="Maraike Quellbrunn is Q7, as a person decided"):
        store.enrol(RosterEntry("r:9", "Maraike Quellbrunn", (), "person", "Q8", uid=uid(store, 2)))
    assert rows(store.conn, "select * from roster") == before
    with pytest.raises(StoreError, match="Q42 is Ingwer Talbrink"):
        store.correct(Identify(uid(store, 2), "Q42"), cluster, **SIGNED)
    with pytest.raises(StoreError, match="no Wikidata id"):
        store.correct(Identify(uid(store, 2), "42"), cluster, **SIGNED)


def test_doubts_are_asked_about_and_a_person_decides(store) -> None:
    add(store, said(1, "I. Talbrink"))
    done = store.enrol(RosterEntry("r:2", "Ingwer Talbrink", (), "person", "Q5", "Stadt Seebrück"))
    assert (done.state, done.doubts) == ("unsure", (uid(store, 1),))
    (doubt,) = rows_of(store, namesakes.doubtful_roster())
    assert (doubt[2], doubt[6]) == (done.person, uid(store, 1))
    number = store.correct(Identify(uid(store, 1), "Q5"), cluster, **SIGNED)
    assert people(store) == [("I. Talbrink", "Q5")]
    assert "Ingwer Talbrink" in names(store, 1)
    assert rows_of(store, namesakes.doubtful_roster()) == []
    store.undo(number, cluster, **SIGNED)
    assert people(store) == [("I. Talbrink", None)]
    store.correct(KeepApart(done.person, uid(store, 1)), cluster, **SIGNED)
    assert rows_of(store, namesakes.doubtful_roster()) == []


def rows_of(store, query) -> list[tuple]:
    return store.conn.execute(*query).fetchall()


def test_corrections_stay_above_the_roster(store) -> None:
    add(store, said(1, "Ingwer Talbrink", POLICE), said(2, "Ingo Talbrink", POLICE))
    store.enrol(OFFICER)
    store.correct(Rename(uid(store, 1), "Ingwer von Talbrink"), cluster, **SIGNED)
    number = store.correct(Identify(uid(store, 1), ""), cluster, **SIGNED)
    assert people(store)[0] == ("Ingwer von Talbrink", None)
    with pytest.raises(StoreError, match="nobody on Wikidata"):
        store.enrol(OFFICER)
    store.undo(number, cluster, **SIGNED)
    assert people(store)[0] == ("Ingwer von Talbrink", "Q42")
    store.enrol(OFFICER)
    assert people(store)[0] == ("Ingwer von Talbrink", "Q42")


def test_merges_take_the_id_along_and_back(store) -> None:
    add(store, said(1, "Ingwer Talbrink", POLICE), said(2, "Maraike Quellbrunn", HISTORY))
    store.enrol(OFFICER)
    old = uid(store, 1)
    number = store.correct(MergePeople(old, uid(store, 2)), cluster, **SIGNED)
    assert people(store) == [("Maraike Quellbrunn", "Q42")]
    assert store.enrol(OFFICER).person == uid(store, 2)
    store.undo(number, cluster, **SIGNED)
    assert dict(people(store))["Ingwer Talbrink"] == "Q42"


def test_it_travels_with_an_export(store, tmp_path) -> None:
    store.enrol(OFFICER)
    store.enrol(RosterEntry("r:3", "Maraike Quellbrunn", (), "person", "Q6", "Universität Ostwig"))
    add(store, said(1, "Ingwer Talbrink", POLICE))
    (line,) = export(store.conn, "articles")
    with open_store(tmp_path / "other.db") as other:
        run = other.begin_run("0", {}, {})
        one, found = said(1, "Ingwer Talbrink", POLICE)
        extra = {"archive": line["archive"]}
        other.record(Article(one.origin, one.text, url=one.url, extra=extra), "de", found, run=run)
        assert people(other) == [("Ingwer Talbrink", "Q42")]
        assert list(other.roster())[1].name == "Maraike Quellbrunn"


NAMES = ["Ingwer Talbrink", "I. Talbrink", "Maraike Quellbrunn", "Anna Weber", "Anja Weber", "Weber"]
_entries = st.builds(
    RosterEntry,
    st.just("r"),
    st.sampled_from(NAMES),
    st.lists(st.sampled_from([*NAMES, "A;B|C\\D"]), max_size=2).map(tuple),
    st.sampled_from(["person", "organisation"]),
    st.sampled_from(["", "Q1", "Q2", "Q3"]),
    st.sampled_from(["", "Polizei Hohenbruck", "FC Ostwig"]),
    st.sampled_from(["", "Historiker"]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(_entries, st.integers(0, len(NAMES) - 1)), max_size=8))
def test_what_is_written_changes_nothing_when_it_is_read_again(steps) -> None:
    """Rows and articles in any order: nothing is lost, and the roster written is the identity."""
    with open_store(":memory:", clock=lambda: "2025-06-01T12:00:00Z") as store:
        for number, step in enumerate(steps):
            if isinstance(step, int):
                add(store, said(number, NAMES[step], POLICE))
            else:
                try:
                    store.enrol(step)
                except StoreError:
                    continue
                assert any(step.name in (one.name, *one.aliases) for one in store.roster())
        before = [*store.roster()]
        kept = {
            table: rows(store.conn, f"select * from {table}") for table in ("people", "aliases", "roster")
        }
        assert len({one.wikidata for one in before if one.wikidata}) == sum(
            bool(one.wikidata) for one in before
        )
        for one in before:
            assert store.enrol(one).state == "unchanged", one
        assert {table: rows(store.conn, f"select * from {table}") for table in kept} == kept


def affiliations(store) -> list[tuple]:
    return rows(
        store.conn,
        "select a.url, g.name, f.role, f.evidence_text from articles a join occurrences o on o.article = a.id"
        " left join affiliations f on f.id = o.affiliation left join organisations g on g.id = f.organisation"
        " order by a.url",
    )


def test_an_affiliation_is_fixed_for_good(store) -> None:
    add(store, said(1, "Ingwer Talbrink", POLICE))
    before = affiliations(store)
    number = store.correct(
        Affiliate(uid(store, 1, "o"), "Universität Ostwig", "Historiker"), cluster, **SIGNED
    )
    corrected = [("https://bote.example/1", "Universität Ostwig", "Historiker", None)]
    assert affiliations(store) == corrected
    again, found = said(1, "Ingwer Talbrink", POLICE)
    changed = article(again.text + " Nachtrag.", 1, title="Meldung 1")
    store.record(changed, "de", found, run=1)
    assert affiliations(store) == corrected
    store.undo(number, cluster, **SIGNED)
    assert [row[:3] for row in affiliations(store)] == [row[:3] for row in before]
    store.correct(Affiliate(uid(store, 1, "o")), cluster, **SIGNED)
    assert affiliations(store)[0][1:3] == (None, None)


def test_a_fixed_affiliation_goes_with_its_quote(store) -> None:
    add(store, said(1, "Ingwer Talbrink", POLICE), said(2, "Ingwer Talbrink", POLICE))
    store.correct(Affiliate(uid(store, 1, "o"), "Universität Ostwig"), cluster, **SIGNED)
    store.correct(SplitPerson(uid(store, 1), (uid(store, 1, "o"),), "Ingwer Talbrink"), cluster, **SIGNED)
    assert [row[1] for row in affiliations(store)] == ["Universität Ostwig", "Polizei Hohenbruck"]
    assert rows(store.conn, "select count(*) from affiliations") == [(2,)]
