"""Correcting in the browser: who may, what a form does, and what is refused. All people are fictional."""

# ruff: noqa: E501 - tables
from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from quotetrack.desk import pages
from quotetrack.store.publish import publish_database

from .conftest import TOKEN

BEARER = {"authorization": f"Bearer {TOKEN}"}
LISTS = ["people", "roster", "statements", "quotes", "names"]
PATHS = ["/-/review", "/-/review/log", "/-/review/correct", "/-/review/person/x", "/-/review?what=quotes"]


async def send(desk: Datasette, headers: dict[str, str] | None = None, **form: str):
    return await desk.client.post(
        "/-/review/correct", data={"reason": "Asked.", **form}, headers=BEARER if headers is None else headers
    )


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_sees_anything_without_signing_in(desk: Datasette, path: str) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic " + TOKEN}):
        answer = await desk.client.get(path, headers=headers)
        assert answer.status_code == 403
        assert "Talbrink" not in answer.text
        assert "quotetrack serve --review" in answer.text
        assert "no-store" in answer.headers["cache-control"]


async def test_nobody_writes_without_signing_in_or_from_elsewhere(desk: Datasette, row) -> None:
    (uid,) = row("select uid from statements limit 1")
    form = {"action": "withdraw statement", "uid": uid}
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        BEARER | {"origin": "https://elsewhere.example"},
        BEARER | {"origin": "null"},
        BEARER | {"sec-fetch-site": "cross-site"},
    ):
        assert (await send(desk, headers, **form)).status_code == 403
    cookie = {"ds_actor": desk.sign({"a": {"id": "root"}}, "actor")}
    answer = await desk.client.post("/-/review/correct", data={"reason": "x", **form}, cookies=cookie)
    assert answer.status_code == 403  # without the token of the form
    assert row("select count(*) from corrections") == (0,)


@pytest.mark.parametrize("what", LISTS)
async def test_doubts_are_listed_and_filtered(desk: Datasette, what: str) -> None:
    page = await desk.client.get(f"/-/review?what={what}", headers=BEARER)
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text
    nothing = await desk.client.get(f"/-/review?what={what}&q=zzzz&page=7", headers=BEARER)
    assert "Nothing here." in nothing.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_lists_hold_what_review_lists(desk: Datasette, row) -> None:
    people = (await desk.client.get("/-/review?what=people", headers=BEARER)).text
    assert {"Ingwer Talbrink", "I. Talbrink"} <= set(re.findall(r">([^<]+)</a>", people))
    quotes = (await desk.client.get("/-/review?what=quotes&q=hafentunnel", headers=BEARER)).text
    assert quotes.count("Withdraw") + quotes.count("withdraw</button>") >= 1
    assert "Brücke" not in quotes


async def test_every_action_is_applied_signed_and_undone(desk: Datasette, row) -> None:
    def uid(table: str, number: int) -> str:
        (found,) = row(
            f"select t.uid from articles a join occurrences o on o.article = a.id"
            f" join {table} t on t.id = {'o.id' if table == 'occurrences' else f'o.{table[:-1]}' if table == 'statements' else 'o.person'}"
            " where a.url = ?",
            f"https://bote.example/{number}",
        )
        return str(found)

    def statement(number: int) -> str:
        return uid("statements", number)

    steps = [
        ({"action": "withdraw statement", "uid": f"http://x/s/{statement(0)}"}, "select withdrawn from statements where uid = ?", statement(0), ("Asked.",)),
        ({"action": "reinstate statement", "uid": statement(0)}, "select withdrawn from statements where uid = ?", statement(0), (None,)),
        ({"action": "withdraw quote", "uid": uid("occurrences", 0)}, "select withdrawn from occurrences where uid = ?", uid("occurrences", 0), ("Asked.",)),
        ({"action": "reinstate quote", "uid": uid("occurrences", 0)}, "select withdrawn from occurrences where uid = ?", uid("occurrences", 0), (None,)),
        ({"action": "rename", "uid": uid("people", 2), "name": "Maraike Quell"}, "select name from people where uid = ?", uid("people", 2), ("Maraike Quell",)),
        ({"action": "identify", "uid": uid("people", 2), "wikidata": "https://www.wikidata.org/wiki/Q12"}, "select wikidata from people where uid = ?", uid("people", 2), ("Q12",)),
        ({"action": "apart", "uid": uid("people", 0), "other": uid("people", 2)}, "select count(*) from proposals where judgement = 'different' and ? <> ''", "x", (1,)),
        ({"action": "merge", "uid": uid("people", 1), "other": uid("people", 0)}, "select new_uid from redirects where old_uid = ?", uid("people", 1), (uid("people", 0),)),
        ({"action": "reassign", "uid": uid("occurrences", 2), "speaker": f"/person/{uid('people', 0)}"}, "select p.uid from occurrences o join people p on p.id = o.person where o.uid = ?", uid("occurrences", 2), (uid("people", 0),)),
        ({"action": "reassign", "uid": uid("occurrences", 2), "unknown": "1"}, "select person from occurrences where uid = ?", uid("occurrences", 2), (None,)),
        ({"action": "reassign", "uid": uid("occurrences", 2), "speaker": "Das Hafenamt", "kind": "organisation"}, "select p.kind from occurrences o join people p on p.id = o.person where o.uid = ?", uid("occurrences", 2), ("organisation",)),
        ({"action": "affiliate", "uid": uid("occurrences", 0), "organisation": "Stadt Ostwig", "role": "Bote"}, "select g.name || f.role from occurrences o join affiliations f on f.id = o.affiliation join organisations g on g.id = f.organisation where o.uid = ?", uid("occurrences", 0), ("Stadt OstwigBote",)),
        ({"action": "part", "uid": statement(0), "other": statement(2)}, "select count(*) from edges where judgement = 'different' and \"by\" = ?", "Jo Doe", (1,)),
        ({"action": "join", "uid": statement(0), "other": statement(2)}, "select count(*) from redirects where kind = 'statement' and ? <> ''", "x", (1,)),
    ]  # fmt: skip
    for form, sql, value, expected in steps:
        answer = await send(desk, **form)
        assert answer.status_code == 303, answer.text
        assert row(sql, value) == expected, form
    (last,) = row("select max(id) from corrections")
    assert answer.headers["location"] == f"/-/review/log?done={last}#c{last}"
    assert row("select count(distinct author), min(author) from corrections") == (1, "Jo Doe")
    for path in (
        f"/-/review/statement/{statement(0)}",
        f"/-/review/quote/{uid('occurrences', 0)}",
        f"/-/review/person/{uid('people', 0)}",
    ):
        page = await desk.client.get(path, headers=BEARER)
        assert page.status_code == 200
        assert 'name="csrftoken"' in page.text
    log = (await desk.client.get(f"/-/review/log?done={last}", headers=BEARER)).text
    assert f"Done: number {last}." in log
    assert {"One statement", "Another speaker", "Maraike Quell"} <= set(
        re.findall(r">([^<]+)</(?:a|strong)>", log)
    )
    assert (await send(desk, action="undo", number=str(last))).status_code == 303
    assert row("select count(*) from redirects where kind = 'statement'") == (0,)
    joined = statement(1)
    both = [one for one in (uid("occurrences", 1), uid("occurrences", 3)) if statement(3) == joined]
    assert len(both) == 2
    assert (await send(desk, action="split", uid=joined, quote=both[0])).status_code == 303
    assert statement(1) != statement(3)
    changes = (await desk.client.get("/-/changes")).text
    assert "Asked." in changes
    assert "Jo Doe" not in changes


CHOICES = [
    # typed into a form, whom the page asks about
    ({"action": "merge", "other": "Talbrink"}, ["I. Talbrink"]),
    ({"action": "merge", "other": "Maraike Quellbrunn"}, ["Maraike Quellbrunn"]),
    ({"action": "apart", "other": "Maraike Quelbrun"}, ["Maraike Quellbrunn"]),  # nobody: those like it
    ({"action": "join", "other": "Brücke Pfeiler"}, ["Die Brücke wird im Sommer gesperrt, weil die Pfeiler erneuert werden"]),
    ({"action": "reassign", "speaker": "Talbrink"}, ["Ingwer Talbrink", "I. Talbrink"]),
]  # fmt: skip


@pytest.mark.parametrize(("form", "wanted"), CHOICES)
async def test_a_name_or_words_are_asked_about_before_anything_changes(
    desk: Datasette, row, form, wanted
) -> None:
    about = {
        "join": "select s.uid from statements s where canonical like 'Eine%'",
        "reassign": "select o.uid from occurrences o",
    }
    (subject,) = row(about.get(form["action"], "select uid from people where name = 'Ingwer Talbrink'"))
    asked = await send(desk, uid=subject, **form)
    assert asked.status_code == 409
    assert row("select count(*) from corrections") == (0,)
    offered = re.findall(r'value="(/[^"]+)" required[^>]*><span dir="auto">([^<]+)<', asked.text)
    assert {name for _, name in offered[: len(wanted)]} == set(wanted)  # the likeliest come first
    field = "speaker" if form["action"] == "reassign" else "other"
    answer = await send(desk, uid=subject, action=form["action"], **{field: offered[0][0]})
    assert answer.status_code == 303
    assert row("select count(*) from corrections") == (1,)


async def test_a_uid_that_was_merged_is_no_name(desk: Datasette, row) -> None:
    uids = dict(
        zip(
            "abc",
            row("select group_concat(uid) from (select uid from people order by id limit 3)")[0].split(","),
            strict=True,
        )
    )
    assert (await send(desk, action="merge", uid=uids["a"], other=uids["b"])).status_code == 303
    assert (await send(desk, action="merge", uid=uids["c"], other=uids["a"])).status_code == 303
    assert row("select new_uid from redirects where old_uid = ?", uids["c"]) == (uids["b"],)


async def test_a_speaker_of_a_name_that_others_have_may_be_new(desk: Datasette, row) -> None:
    (quote,) = row("select uid from occurrences")
    asked = await send(desk, action="reassign", uid=quote, speaker="Talbrink")
    assert "somebody else called “Talbrink”" in asked.text
    known = row("select count(*) from people")
    for name, new in (("Talbrink", "1"), ("Uta Neu", "")):  # a name that nobody has needs no question
        assert (await send(desk, action="reassign", uid=quote, speaker=name, new=new)).status_code == 303
    assert row("select p.name from occurrences o join people p on p.id = person where o.uid = ?", quote) == (
        "Uta Neu",
    )
    assert row("select count(*) from people")[0] > known[0]


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"action": "merge", "uid": "x", "other": "Nobody Nowhere Xyz"}, "nobody else is called"),
        ({"action": "join", "uid": "x", "other": "no such words"}, "no other statement holds"),
        ({}, "no such correction"),
        ({"action": "drop table"}, "no such correction"),
        ({"action": "withdraw statement", "uid": "nothing"}, "no statement has the id nothing"),
        ({"action": "withdraw statement", "uid": "a b"}, "neither a uid nor the address"),
        ({"action": "withdraw statement", "uid": "x", "reason": " "}, "the reason is missing"),
        ({"action": "rename", "uid": "x", "name": ""}, "the name is missing"),
        ({"action": "rename", "uid": "x", "name": "y" * 1001}, "longer than 1000"),
        ({"action": "split", "uid": "x"}, "no quote is chosen"),
        ({"action": "reassign", "uid": "x"}, "the speaker is missing"),
        ({"action": "identify", "uid": "x", "wikidata": "42"}, "no Wikidata id"),
        ({"action": "undo", "number": "7"}, "no correction has the number 7"),
        ({"action": "undo", "number": "seven"}, "no correction has the number 0"),
        ({"action": "x", "fill": "y" * 200_000}, "the form is longer"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_written(desk: Datasette, row, form, reason: str) -> None:
    answer = await send(desk, **form)
    assert answer.status_code == 400
    assert reason.replace("“", "") in answer.text
    assert row("select count(*) from corrections") == (0,)


async def test_a_busy_archive_says_so(
    desk: Datasette, db: Path, row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "BUSY_MS", 50)
    (uid,) = row("select uid from statements limit 1")
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("begin immediate")
        answer = await send(desk, action="withdraw statement", uid=uid)
    assert answer.status_code == 503
    assert "send it again in a moment" in answer.text
    assert row("select count(*) from corrections") == (0,)


async def test_signing_in_with_a_token(desk: Datasette) -> None:
    page = await desk.client.get("/-/review")
    (csrf,) = re.findall(r'name="csrftoken" value="([^"]+)"', page.text)
    cookies = {"ds_csrftoken": page.cookies["ds_csrftoken"]}
    for token, status in (("wrong" * 5, 403), (TOKEN, 303)):
        answer = await desk.client.post(
            "/-/review/sign-in", data={"csrftoken": csrf, "token": token}, cookies=cookies
        )
        assert answer.status_code == status
    signed = {"ds_actor": answer.cookies["ds_actor"]}
    assert "Sign out Jo Doe" in (await desk.client.get("/-/review", cookies=signed)).text


async def test_public_pages_show_the_way_to_those_signed_in(desk: Datasette, row) -> None:
    uids = row(
        "select s.uid, o.uid, p.uid from statements s join occurrences o on o.statement = s.id join people p on p.id = o.person limit 1"
    )
    for kind, path, uid in zip(("statement", "quote", "person"), ("s", "o", "person"), uids, strict=True):
        link = f'href="/-/review/{kind}/{uid}"'
        assert link not in (await desk.client.get(f"/{path}/{uid}")).text
        assert link in (await desk.client.get(f"/{path}/{uid}", headers=BEARER)).text


@pytest.mark.parametrize("table", ["corrections", "roster", "proposals"])
async def test_plain_tables_of_the_desk_are_for_those_signed_in(desk: Datasette, table: str) -> None:
    for path in (f"/news/{table}", f"/news/{table}.json", f"/news/{table}.csv"):
        assert (await desk.client.get(path)).status_code == 403
        assert (await desk.client.get(path, headers=BEARER)).status_code == 200
    assert (await desk.client.get("/news/statements")).status_code == 200


async def test_a_site_without_the_desk_has_none(db: Path, tmp_path: Path) -> None:
    publish_database(db, tmp_path / "public.db")
    for path in (db, tmp_path / "public.db"):
        site = Datasette([str(path)])
        assert (await site.client.get("/-/review", headers=BEARER)).status_code == 404
