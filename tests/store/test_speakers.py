from __future__ import annotations

from itertools import permutations

import pytest

from quotetrack import cluster
from quotetrack.store.corrections import Reassign
from quotetrack.store.identity import field_of
from quotetrack.types import Affiliation

from .articles import article, quotes, rows

NAME = "Jonas Wiebrecht"  # fictional, as is everybody here
COACH, VIROLOGIST, NOBODY = "Trainer", "Virologe", None

# role -> its field
FIELDS = {
    "Trainer": "sport",
    "Cheftrainerin": "sport",
    "head coach": "sport",
    "Virologe": "office",
    "virologist": "office",
    "norländische Verkehrsminister": "office",
    "Sen.": "office",
    "ehemaliger Trainer": "",
    "former head coach": "",
    "Sprecherin": "",
    "Kapitän": "",
    "Schiedsrichter": "",
    "": "",
}


@pytest.mark.parametrize("role", FIELDS)
def test_fields_of_roles(role: str) -> None:
    assert field_of(role) == FIELDS[role]


def record(store, roles) -> None:
    run = store.begin_run("0", {}, {})
    for role in roles:
        number = sorted(roles, key=str).index(role)
        text = f"„Wir warten nicht {role}“, sagte {NAME}."
        shown = Affiliation(None, role, None, "title") if role else None
        store.record(article(text, number), "de", quotes(text, NAME, shown), run=run)


def groups(store) -> list[set[str | None]]:
    """The roles that each person of the name was quoted in."""
    found: dict[int, set[str | None]] = {}
    sql = "select o.person, f.role from occurrences o left join affiliations f on f.id = o.affiliation"
    for person, role in rows(store.conn, sql):
        found.setdefault(person, set()).add(role)
    return list(found.values())


@pytest.mark.parametrize("order", list(permutations([COACH, "head coach", VIROLOGIST, "virologist"])))
def test_namesakes_in_sport_and_research_stay_apart_in_any_order(store, order) -> None:
    record(store, order)
    apart = sorted(groups(store), key=sorted)
    assert apart == sorted([{COACH, "head coach"}, {VIROLOGIST, "virologist"}], key=sorted)


@pytest.mark.parametrize("order", list(permutations([COACH, VIROLOGIST, NOBODY])))
def test_an_article_without_a_role_stays_with_who_came_first(store, order) -> None:
    record(store, order)
    first = next(role for role in order if role)
    assert next(group for group in groups(store) if None in group) == {first, None}


def test_other_roles_do_not_part_a_person(store) -> None:
    record(store, ["Minister", "Berater", "früherer Trainer", "Sprecher"])
    assert len(groups(store)) == 1


def test_what_was_told_apart_stays_so_when_people_are_derived_anew(store) -> None:
    record(store, [COACH, VIROLOGIST])
    (uid,) = rows(store.conn, "select uid from occurrences where content like '%Virologe%'")[0]
    (before,) = rows(store.conn, "select person from occurrences where uid = ?", uid)[0]
    number = store.correct(Reassign(uid, name="Ada Tolland"), cluster, author="anna", reason="misheard")
    store.undo(number, cluster, author="anna", reason="heard well")
    assert rows(store.conn, "select person from occurrences where uid = ?", uid) == [(before,)]
