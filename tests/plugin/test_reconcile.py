"""The reconciliation API in the shapes OpenRefine sends, and in hostile ones. All people are fictional."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from .archive import MINISTRY, OHLENDIECK
from .attacks import EVERYTHING
from .conftest import Get

HERE = "/-/reconcile"


async def batch(get: Get, **queries: object) -> dict[str, Any]:
    answer = await get(f"{HERE}?{urlencode({'queries': json.dumps(queries)})}")
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def test_manifest(get: Get) -> None:
    answer = await get(HERE)
    manifest = answer.json()
    assert manifest["versions"] == ["0.2"]
    assert {"name", "identifierSpace", "schemaSpace"} <= manifest.keys()
    assert [each["id"] for each in manifest["defaultTypes"]] == ["person", "organisation", "group"]
    assert answer.headers["access-control-allow-origin"] == "*"
    preview = manifest["preview"]["url"].replace("{{id}}", OHLENDIECK).removeprefix("http://localhost")
    shown = await get(preview)
    assert "Tjark Ohlendieck" in shown.text
    assert "x-frame-options" not in shown.headers
    page = await get(manifest["view"]["url"].replace("{{id}}", OHLENDIECK).removeprefix("http://localhost"))
    assert (page.status_code, page.headers["location"]) == (302, f"/person/{OHLENDIECK}")


async def test_a_batch_of_names(get: Get) -> None:
    found = await batch(
        get,
        q0={"query": "OHLENDIECK, Tjark", "type": "person", "limit": 3},
        q1={"query": "Tjark Olendieck", "type_strict": "any", "type": ["person"]},
        q2={"query": "MoT", "type": {"id": "organisation"}} | {"type": "organisation"},
        q3={"query": "Zzyzx Qwrk"},
        q4={"query": "Tjark Ohlendieck", "type": "group"},
        q5={"query": "q1"},
    )
    first = found["q0"]["result"][0]
    assert (first["id"], first["score"], first["match"]) == (OHLENDIECK, 100.0, True)
    assert first["type"] == [{"id": "person", "name": "Person"}]
    assert first["description"] == "transport minister, Ministry of Transport, 2 statements"
    near = found["q1"]["result"][0]
    assert near["id"] == OHLENDIECK
    assert 90 < near["score"] < 100
    assert found["q2"]["result"][0]["id"] == MINISTRY
    assert found["q3"] == found["q4"] == {"result": []}
    assert found["q5"]["result"][0]["id"] == OHLENDIECK  # its Wikidata id


async def test_an_affiliation_decides_between_equals(get: Get) -> None:
    async def score(value: object) -> float:
        query = {"query": "Tjark Ohlendieck", "properties": [{"pid": "affiliation", "v": value}]}
        return float((await batch(get, q=query))["q"]["result"][0]["score"])

    assert (
        await score("Ministry of Transport")
        == await score({"id": MINISTRY})
        == await score(["x", "MoT"])
        == 100
    )
    assert await score("FC Norland") < 95


async def test_queries_come_as_a_form(sites: dict[str, Any]) -> None:
    client = sites["working"].client
    data = {"queries": json.dumps({"q0": {"query": "Ohlendieck"}})}
    answer = await client.post(HERE, data=data, cookies={"ds_actor": "a visitor's"})
    assert answer.json()["q0"]["result"][0]["id"] == OHLENDIECK
    assert (await client.post(HERE, data={"queries": "{" + " " * 1_100_000})).status_code == 413


async def test_suggest_and_extend(get: Get) -> None:
    found = (await get(f"{HERE}/suggest/entity?prefix=ohlen")).json()["result"]
    assert [one["id"] for one in found] == [OHLENDIECK]
    assert (await get(f"{HERE}/suggest/type?prefix=o")).json()["result"] == [
        {"id": "organisation", "name": "Organisation"}
    ]
    assert len((await get(f"{HERE}/properties?type=person")).json()["properties"]) == 4
    asked = {
        "ids": [OHLENDIECK, "nobody"],
        "properties": [{"id": name} for name in ("affiliation", "role", "wikidata", "quotes", "x")],
    }
    extended = (await get(f"{HERE}?{urlencode({'extend': json.dumps(asked)})}")).json()
    assert [each["id"] for each in extended["meta"]] == ["affiliation", "role", "wikidata", "quotes"]
    assert extended["rows"]["nobody"] == {"affiliation": [], "role": [], "wikidata": [], "quotes": []}
    assert extended["rows"][OHLENDIECK] == {
        "affiliation": [{"id": MINISTRY, "name": "Ministry of Transport"}],
        "role": [{"str": "transport minister"}],
        "wikidata": [{"str": "Q1"}],
        "quotes": [{"float": 2}],
    }  # fmt: skip


@pytest.mark.parametrize("callback", ["alert(1)//", "a.b.c.d.e.f.g", "x" * 60, "<b>", "a-b", "1a"])
async def test_a_callback_is_a_name(ask: Get, callback: str) -> None:
    answer = await ask(f"{HERE}?callback={quote(callback)}")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (400, "application/json")


async def test_jsonp(ask: Get) -> None:
    answer = await ask(f"{HERE}?callback=jQuery_1.ok")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("/**/jQuery_1.ok({")
    assert json.loads(answer.text.removeprefix("/**/jQuery_1.ok(").removesuffix(");"))["versions"] == ["0.2"]


WRONG = {
    "no JSON": {"queries": "{"},
    "a list": {"queries": "[]"},
    "a query that is none": {"queries": '{"q": 5}'},
    "a name that is none": {"queries": '{"q": {"query": []}}'},
    "a limit below one": {"queries": '{"q": {"query": "x", "limit": 0}}'},
    "a limit that is none": {"queries": '{"q": {"query": "x", "limit": true}}'},
    "properties": {"queries": '{"q": {"query": "x", "properties": {"pid": 1}}}'},
    "a property": {"queries": '{"q": {"query": "x", "properties": [1]}}'},
    "a type": {"queries": '{"q": {"query": "x", "type": 7}}'},
    "deep": {"queries": "[" * 100_000},
    "ids": {"extend": '{"ids": "x", "properties": []}'},
    "wanted": {"extend": '{"ids": [], "properties": [1]}'},
}


@pytest.mark.parametrize("form", WRONG.values(), ids=WRONG.keys())
async def test_what_is_wrong_is_said(sites: dict[str, Any], form: dict[str, str]) -> None:
    answer = await sites["working"].client.post(HERE, data=form)
    assert answer.status_code == 400
    assert answer.json()["status"] == "error"


async def test_a_batch_is_bounded(sites: dict[str, Any]) -> None:
    post = sites["working"].client.post
    many = json.dumps({f"q{n}": {"query": "x"} for n in range(51)})
    assert (await post(HERE, data={"queries": many})).status_code == 413
    many = json.dumps({"ids": ["x"] * 201, "properties": []})
    assert (await post(HERE, data={"extend": many})).status_code == 413


async def test_any_text_is_a_name(sites: dict[str, Any]) -> None:
    client = sites["working"].client
    texts = [*EVERYTHING, "\ud800", "a" * 100_000, ""]
    for start in range(0, len(texts), 50):
        queries = {
            f"q{n}": {"query": text, "type": text[:20]} for n, text in enumerate(texts[start : start + 50])
        }
        answer = await client.post(HERE, data={"queries": json.dumps(queries)})
        assert answer.status_code == 200
        assert answer.json().keys() == queries.keys()
    for text in EVERYTHING[:40]:
        plain = text.encode("utf-8", "replace")
        assert (await client.get(f"{HERE}/suggest/entity?prefix={quote(plain)}")).status_code == 200
        assert (await client.get(f"{HERE}/preview?id={quote(plain)}")).status_code == 404
