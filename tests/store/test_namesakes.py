"""People across articles in an archive: decided once, explained, proposed, corrected. All are fictional."""

from __future__ import annotations

import sqlite3
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack import cluster
from quotetrack.queries import namesakes
from quotetrack.store import StoreError, open_store
from quotetrack.store.corrections import (
    KeepApart,
    MergePeople,
    Reassign,
    Rename,
    SplitPerson,
    entries,
    in_force,
)
from quotetrack.store.namesakes import decided
from quotetrack.types import Affiliation, Article, Person, Quote

from .articles import article, quotes, rows

SIGNED = {"author": "Redaktion", "reason": "nachgefragt"}
POLICE = Affiliation("Polizei Hohenbruck", "Polizeisprecher")
HISTORY = Affiliation("Universität Ostwig", "Historiker")
SAYING = "Wir warten nicht auf den Bericht Nummer {}"


def said(
    number: int, speaker: str, shown: Affiliation | None = None, **fields
) -> tuple[Article, list[Quote]]:
    text = f"„{SAYING.format(number)}“, sagte {speaker} am Hafen."
    return article(text, number, title=f"Meldung {number}", **fields), quotes(text, speaker, shown)


def add(store, *articles: tuple[Article, list[Quote]], language: str = "de") -> None:
    run = store.begin_run("0", {}, {})
    for one, found in articles:
        store.record(one, language, found, run=run)
    store.cluster_new(cluster)


def person(store, number: int) -> str | None:
    sql = (
        "select p.uid from articles a join occurrences o on o.article = a.id"
        " left join people p on p.id = o.person where a.url = ?"
    )
    return rows(store.conn, sql, f"https://bote.example/{number}")[0][0]


def asked(store, query) -> list[dict]:
    store.conn.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in store.conn.execute(*query)]
    finally:
        store.conn.row_factory = None


WAYS = [
    ("Sergej Lawrenkow", "Sergey Lavrenkov", "Сергей Лавренков"),
    ("Jürgen Schwärzler", "Juergen Schwaerzler", "Jurgen Schwarzler"),
    ("Li Haipeng", "Haipeng Li", "李海鹏"),
    ("Behrad Ben Talebian", "Behrad Talebian", "Behrād Ben Talebiān"),
]


@pytest.mark.parametrize("order", [order for names in WAYS for order in permutations(names)])
def test_one_person_under_many_spellings(store, order):
    add(store, *(said(number, name) for number, name in enumerate(order)))
    assert len({person(store, number) for number in range(3)}) == 1
    assert {name for (name,) in rows(store.conn, "select name from aliases")} == set(order)
    (why,) = asked(
        store, namesakes.why_this_person(rows(store.conn, "select uid from occurrences order by id")[-1][0])
    )
    assert why["judgement"] == "same"
    assert "nats" in why["why"]


def test_who_may_be_one_stays_apart_and_is_proposed(store):
    add(
        store,
        said(0, "Thomas Weber", POLICE),
        said(1, "Thomas Weber", HISTORY),
        said(2, "Thomas Weber", POLICE),
    )
    police, history = person(store, 0), person(store, 1)
    assert police != history
    assert person(store, 2) == police
    (pair,) = asked(store, namesakes.doubtful_people())
    assert (pair["a"], pair["b"], pair["a_quotes"]) == (police, history, 2)
    assert "research, not police" in pair["why"]


@pytest.mark.parametrize("decision", [MergePeople, KeepApart])
def test_a_person_settles_what_is_proposed(store, decision):
    add(store, said(0, "Thomas Weber", POLICE), said(1, "Thomas Weber", HISTORY))
    police, history = person(store, 0), person(store, 1)
    number = store.correct(decision(history, police), cluster, **SIGNED)
    assert asked(store, namesakes.doubtful_people()) == []
    assert (person(store, 0) == person(store, 1)) is (decision is MergePeople)
    store.undo(number, cluster, **SIGNED)
    assert len(asked(store, namesakes.doubtful_people())) == 1
    assert (person(store, 0), person(store, 1)) == (police, history)


def test_one_person_cannot_be_kept_apart(store):
    add(store, said(0, "Thomas Weber", POLICE))
    with pytest.raises(StoreError, match="are one person: split first"):
        store.correct(KeepApart(person(store, 0), person(store, 0)), cluster, **SIGNED)


def test_new_articles_change_nobody_who_was_there(store):
    add(store, said(0, "Thomas Weber", POLICE), said(1, "Thomas Weber", HISTORY), said(2, "J. Wiebrecht"))
    before = {number: person(store, number) for number in range(3)}
    add(store, said(3, "Thomas Weber"), said(4, "Jonas Wiebrecht"), said(5, "Thomas Weber", HISTORY))
    assert {number: person(store, number) for number in range(3)} == before
    assert person(store, 5) == before[1]


def test_a_changed_article_keeps_its_people(store):
    add(store, said(0, "Thomas Weber", POLICE), said(1, "Thomas Weber", HISTORY))
    before = person(store, 1)
    one, _ = said(1, "Thomas Weber")
    longer = article(one.text + " Nachtrag.", 1, title=one.title)
    add(store, (longer, quotes(longer.text, "Thomas Weber", POLICE)))
    assert person(store, 1) == before


def test_after_a_split_new_articles_find_the_right_one_of_the_two(store):
    add(store, *(said(n, "Jonas Wiebrecht", POLICE if n < 2 else HISTORY) for n in range(4)))
    (one,) = {person(store, n) for n in range(4)}  # so rare a name that the machine believes in one person
    uids = tuple(uid for (uid,) in rows(store.conn, "select uid from occurrences order by id"))
    number = store.correct(SplitPerson(one, uids[2:], "Jonas Wiebrecht"), cluster, **SIGNED)
    historian = person(store, 2)
    assert historian != one
    add(store, said(5, "Jonas Wiebrecht", HISTORY), said(6, "Jonas Wiebrecht", POLICE))
    assert (person(store, 5), person(store, 6)) == (historian, one)
    undo = store.undo(number, cluster, **SIGNED)
    assert {person(store, n) for n in (0, 1, 2, 3, 5, 6)} == {one}
    assert store.resolve_uid("person", historian).uid == one
    store.undo(undo, cluster, **SIGNED)
    assert (person(store, 2), person(store, 5), person(store, 6)) == (historian, historian, one)


BAD = [
    ("Außenminister Herr", None, "a title or role"),
    ("Weberling und Harrowgate", None, "two people in one name"),
    ("World Health Organization", None, "an organisation, no person"),
]


@pytest.mark.parametrize(("name", "shown", "why"), BAD)
def test_names_of_nobody_are_kept_and_go_to_review(store, name, shown, why):
    add(store, said(0, name, shown), said(1, name, shown))
    found = asked(store, namesakes.refused_names())
    assert {row["name"] for row in found} == {name}
    assert all(why in row["why"] for row in found)
    kinds = rows(store.conn, "select kind from people")
    assert kinds == ([("organisation",)] if "organisation" in why else [("person",)] * 2)


def test_sectors_change_over_time_and_former_ones_are_marked(store):
    minister, adviser = (
        Affiliation("Verkehrsministerium Norland", "Ministerin"),
        Affiliation("Ankerlund", "Beraterin"),
    )
    add(
        store,
        said(0, "Wibke Ohlendiek", minister, published="2022-01-01"),
        said(1, "Wibke Ohlendiek", Affiliation(None, "frühere Ministerin"), published="2023-01-01"),
        said(2, "Wibke Ohlendiek", adviser, published="2024-01-01"),
    )
    ((row,),) = rows(store.conn, "select distinct person from occurrences")
    found = asked(store, namesakes.person_standings(row))
    assert [(f["sector"], f["former"], f["first_seen"][:4]) for f in found] == [
        ("government", 0, "2022"),
        ("government", 1, "2023"),
        (None, 0, "2024"),
    ]


NAMES_OF_ONE = [
    "Auswärtiges Amt",
    "German Foreign Office",
    "das Auswärtige Amt",
    "AA",
    "Bundesaußenministerium",
]


def test_an_organisation_is_one_under_acronym_long_form_and_translation(store):
    shown = [Affiliation(name, "Sprecher") for name in NAMES_OF_ONE if not name.startswith("das")]
    add(store, *(said(n, "Wibke Ohlendiek", one) for n, one in enumerate(shown)))
    assert rows(store.conn, "select name, acronym, kind from organisations") == [
        ("Auswärtiges Amt", "AA", "government")
    ]
    names = {name for (name,) in rows(store.conn, "select name from organisation_names")}
    assert names == {one.organisation for one in shown}


def test_the_file_beside_a_database_names_its_organisations(path):
    path.with_suffix(".organisations.toml").write_text(
        'organisation = [{name = "Stiftung Meer", names = ["Sea Trust"], acronyms = ["SM"], kind = "NGO"}]'
    )
    with open_store(path) as store:
        add(
            store,
            *(said(n, "Ada Tolland", Affiliation(name)) for n, name in enumerate(["Sea Trust", "SM"])),
        )
        assert rows(store.conn, "select name, kind from organisations") == [("Stiftung Meer", "NGO")]
    path.with_suffix(".organisations.toml").write_text("organisation = [{}]")
    with pytest.raises(StoreError, match="organisation 1: has no name"), open_store(path):
        pass


# ------------------------------------------------------------------ laws

ARTICLES = [
    said(0, "Thomas Weber", POLICE),
    said(1, "Thomas Weber", HISTORY),
    said(2, "Sergej Lawrenkow"),
    said(3, "Sergey Lavrenkov"),
    said(4, "Thomas Weber"),
    said(5, "J. Lawrenkow"),
]
KINDS = st.sampled_from(["merge", "split", "rename", "reassign", "apart", "undo", "again", "changed", "new"])
STEPS = st.lists(st.tuples(KINDS, st.integers(0, 5), st.integers(0, 5)), max_size=7)


def owners(store) -> dict[int, str | None]:
    return {number: person(store, number) for number in range(6)}


def machine(store) -> list[tuple]:
    """What was decided of the first articles before anybody corrected."""
    sql = "select a.url, r.name, r.person, r.why from resolutions r join articles a on a.id = r.article"
    return [row for row in rows(store.conn, f"{sql} order by 1, 2") if row[0][-2] == "/"]


def step(store, kind: str, a: int, b: int) -> None:
    quote = rows(store.conn, "select uid from occurrences order by id")[a][0]
    made = {
        "merge": lambda: MergePeople(person(store, a), person(store, b)),
        "split": lambda: SplitPerson(person(store, a), (quote,), "Thomas Weber"),
        "rename": lambda: Rename(person(store, a), f"Otto Tessel-{b}"),
        "reassign": lambda: Reassign(quote, person=person(store, b)),
        "apart": lambda: KeepApart(person(store, a), person(store, b)),
    }
    if kind == "undo":
        store.undo(a + 1, cluster, **SIGNED)
    elif kind in made:
        store.correct(made[kind](), cluster, **SIGNED)
    elif kind == "again":
        add(store, *ARTICLES)
    elif kind == "new":
        add(store, said(10 + a, ARTICLES[b][0].text.split("sagte ")[1].removesuffix(" am Hafen.")))
    else:
        one, found = ARTICLES[a]
        add(store, (article(one.text + f" Nachtrag {b}.", a, title=one.title), found))


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_corrections_are_never_lost_and_come_undone(tmp_path_factory, steps):
    """Whatever is corrected, read again, changed or added: it holds, and undone it leaves no trace."""
    with open_store(tmp_path_factory.mktemp("people") / "archive.db") as store:
        add(store, *ARTICLES)
        before, decisions = owners(store), machine(store)
        names = rows(store.conn, "select uid, name from people order by 1")
        made = 0
        for kind, a, b in steps:
            held = owners(store)
            try:
                step(store, kind, a, b)
            except StoreError:
                continue
            made += kind not in ("again", "changed", "new")
            if kind in ("again", "changed", "new"):
                assert owners(store) == held, "reading articles moved a published quote"
            assert machine(store) == decisions
            assert rows(store.conn, "pragma foreign_key_check") == []
        assert len(entries(store.conn)) == made
        held = owners(store)
        store.rebuild_clusters(cluster)
        assert owners(store) == held
        for entry in reversed(in_force(entries(store.conn))):
            if entry.undoes is None:
                store.undo(entry.id, cluster, **SIGNED)
        assert owners(store) == before
        known = dict(rows(store.conn, "select uid, name from people"))
        assert {uid: known.get(uid) for uid, _ in names} == dict(names)


APARTNESS = st.permutations(["rename 0", "merge 3", "reassign 5", "apart", "again"])


@settings(max_examples=10, deadline=None)
@given(APARTNESS, APARTNESS)
def test_corrections_of_different_people_commute(tmp_path_factory, one, other):
    ends = []
    for order in (one, other):
        with open_store(tmp_path_factory.mktemp("people") / "archive.db") as store:
            add(store, *ARTICLES)
            at, uids = (
                owners(store),
                [uid for (uid,) in rows(store.conn, "select uid from occurrences order by id")],
            )
            made = {
                "rename 0": Rename(at[0], "Otto Tessel"),
                "merge 3": MergePeople(at[4], at[1]),
                "reassign 5": Reassign(uids[5], name="Ada Tolland"),
                "apart": KeepApart(at[0], at[2]),
            }
            for name in order:
                if name == "again":
                    add(store, *ARTICLES)
                else:
                    store.correct(made[name], cluster, **SIGNED)
            ends.append(
                (
                    owners(store),
                    rows(store.conn, "select uid, name from people order by 1"),
                    rows(store.conn, 'select a, b, judgement, "by" from proposals order by 1, 2, 4'),
                )
            )
    assert ends[0] == ends[1]


def test_what_an_earlier_version_decided_is_kept_when_its_archive_is_opened(path):
    with open_store(path) as store:
        add(store, *ARTICLES[:4])
        anna = person(store, 0)
        store.correct(MergePeople(person(store, 2), anna), cluster, **SIGNED)
        before = owners_of(store, 4)
        for table in ("resolutions", "name_keys", "name_parts", "organisation_names"):
            store.conn.execute(f"delete from {table}")
        store.conn.execute("update affiliations set sector = null")
        from quotetrack.store import upgrade

        upgrade.fill(store.conn)
        assert owners_of(store, 4) == before
        assert decided(store.conn, 1, Person("Thomas Weber")).uid == anna
        assert rows(store.conn, "select count(*) from affiliations where sector is null") == [(0,)]
        add(store, said(7, "Thomas Weber", POLICE))
        assert person(store, 7) == anna


def owners_of(store, count: int) -> list[str | None]:
    return [person(store, number) for number in range(count)]
