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


class Table:
    """What OpenRefine 3.6.2 was seen to send for a column, knowing only the address of the service."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.manifest: dict[str, Any] = {}

    def _own(self, url: str) -> str:
        return url.removeprefix("http://localhost")

    async def discover(self) -> None:
        """By JSONP first, as it asks a service it does not know, then plainly."""
        script = await self.client.get(f"{HERE}?{urlencode({'callback': 'jsonp1'})}")
        assert script.text.startswith("/**/jsonp1(")
        self.manifest = (await self.client.get(HERE)).json()
        assert {"versions", "name", "identifierSpace", "schemaSpace"} <= self.manifest.keys()

    async def column(self, names: list[str], kind: str) -> dict[str, dict[str, Any]]:
        """Batches of ten as a form; a cell is matched where the service says so."""
        found = {}
        size = min(10, self.manifest["batchSize"])
        for start in range(0, len(names), size):
            queries = {
                f"q{n}": {"query": name, "type": kind, "type_strict": "should", "limit": 5}
                for n, name in enumerate(names[start : start + size])
            }
            answer = await self.client.post(HERE, data={"queries": json.dumps(queries)})
            assert answer.headers["access-control-allow-origin"] == "*"
            for key, query in queries.items():
                results = answer.json()[key]["result"]
                assert all(0 <= one["score"] <= 100 for one in results)
                assert [one["score"] for one in results] == sorted(
                    (o["score"] for o in results), reverse=True
                )
                found[str(query["query"])] = next((one for one in results if one["match"]), {})
        return found

    async def suggest(self, kind: str, typed: str, **more: object) -> list[dict[str, Any]]:
        service = self.manifest["suggest"][kind]
        asked = urlencode({"prefix": typed, **more})
        answer = await self.client.get(
            self._own(f"{service['service_url']}{service['service_path']}?{asked}")
        )
        return list(answer.json()["result"])

    async def properties(self, kind: str, limit: int) -> list[str]:
        service = self.manifest["extend"]["propose_properties"]
        asked = urlencode({"type": kind, "limit": limit})
        answer = await self.client.get(
            self._own(f"{service['service_url']}{service['service_path']}?{asked}")
        )
        return [one["id"] for one in answer.json()["properties"]]

    async def extend(self, ids: list[str], properties: list[str]) -> dict[str, list[str]]:
        asked = {"ids": ids, "properties": [{"id": one, "settings": {}} for one in properties]}
        answer = (await self.client.post(HERE, data={"extend": json.dumps(asked)})).json()
        assert [one["id"] for one in answer["meta"]] == properties
        assert answer["rows"].keys() == set(ids)
        return {
            uid: [
                str(cell.get("name") or next(iter(cell.values())))
                for name in properties
                for cell in row[name]
            ]
            for uid, row in answer["rows"].items()
        }

    async def shown(self, part: str, uid: str) -> Any:
        return await self.client.get(self._own(self.manifest[part]["url"].replace("{{id}}", uid)))


async def test_a_column_is_matched_and_extended(sites: dict[str, Any]) -> None:
    table = Table(sites["working"].client)
    await table.discover()
    cells = ["Tjark Ohlendieck", "Ohlendieck, Tjark", "Nobody At-All", ""] + [f"Row {n}" for n in range(20)]
    matched = await table.column(cells, "person")
    assert {name: one["id"] for name, one in matched.items() if one} == {
        "Tjark Ohlendieck": OHLENDIECK,
        "Ohlendieck, Tjark": OHLENDIECK,
    }
    assert [one["id"] for one in await table.suggest("type", "P")] == ["person"]
    assert [one["id"] for one in await table.suggest("property", "aff")] == ["affiliation"]
    assert [one["id"] for one in await table.suggest("entity", "ohlen")] == [OHLENDIECK]
    assert await table.suggest("entity", "ohlen", cursor=1) == []
    assert await table.properties("person", 2) == ["affiliation", "role"]
    extended = await table.extend([OHLENDIECK], ["affiliation", "wikidata"])
    assert extended == {OHLENDIECK: ["Ministry of Transport", "Q1"]}
    assert (await table.shown("preview", OHLENDIECK)).status_code == 200
    assert (await table.shown("view", OHLENDIECK)).status_code == 302


async def test_types_are_asked_for_strictly_or_not(get: Get) -> None:
    def query(kinds: object, strict: str) -> dict[str, object]:
        return {"query": "Tjark Ohlendieck", "type": kinds, "type_strict": strict}

    found = await batch(
        get,
        any=query(["person", "group"], "any"),
        all=query(["person", "group"], "all"),
        one=query(["person"], "all"),
        wish=query("group", "should"),
    )
    assert {key for key, answer in found.items() if answer["result"]} == {"any", "one", "wish"}
    (sure,), (wished,) = found["any"]["result"], found["wish"]["result"]
    assert (sure["match"], wished["match"]) == (True, False)
    assert wished["score"] < sure["score"]


@pytest.mark.parametrize("path", ["suggest/entity?prefix=o&cursor=-1", "properties?limit=many"])
async def test_counts_are_numbers(get: Get, path: str) -> None:
    assert (await get(f"{HERE}/{path}")).status_code == 400


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
