from __future__ import annotations

from itertools import permutations

import pytest

from quotetrack import cluster
from quotetrack.store.corrections import Reassign
from quotetrack.types import Affiliation

from .articles import article, quotes, rows

NAME = "Jonas Wiebrecht"  # fictional, as is everybody here
COACH, VIROLOGIST, NOBODY = "Trainer", "Virologe", None


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
def test_a_name_that_fits_two_people_is_neither_unless_it_came_before_the_second(store, order) -> None:
    """Nobody can tell which of the two an article without a role means: it waits for a person."""
    record(store, order)
    first, second, _ = order if order[2] is NOBODY else (None, None, None)
    joined = {role for role in order[:2] if role} | {None}
    apart = first and second
    assert next(group for group in groups(store) if None in group) == ({None} if apart else joined)
    proposed = rows(store.conn, "select count(*) from proposals")[0][0]
    assert proposed == (2 if apart else 0)


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
