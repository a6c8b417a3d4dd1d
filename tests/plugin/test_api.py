"""The API is what its description says: every described path is asked, every answer fits its schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .archive import FIRST, MERGED, OHLENDIECK, TUNNEL, WITHDRAWN
from .conftest import Get

HERE = "http://localhost"
EXAMPLES = {
    "/-/search.json": "/-/search.json?q=tunnel",
    "/-/search.csv": "/-/search.csv?q=tunnel",
    "/-/feed.atom": "/-/feed.atom?q=tunnel",
    "/-/openapi.json": "/-/openapi.json",
    "/s/{uid}.json": f"/s/{TUNNEL}.json",
    "/s/{uid}.csl.json": f"/s/{TUNNEL}.csl.json",
    "/o/{uid}.json": f"/o/{FIRST}.json",
    "/o/{uid}.jsonld": f"/o/{FIRST}.jsonld",
    "/person/{uid}.json": f"/person/{OHLENDIECK}.json",
    "/-/oembed": f"/-/oembed?url={HERE}/s/{TUNNEL}",
}


def fits(answer: Any, schema: dict[str, Any], described: dict[str, Any]) -> None:
    """Assert that an answer fits a schema of the description, without a key that it does not name."""
    resource = Resource(contents=described, specification=DRAFT202012)
    registry = Registry().with_resource("urn:api", resource)
    inside = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
    complete = {"allOf": [inside], "unevaluatedProperties": False} if "$ref" in inside else inside
    errors = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(complete, registry=registry).iter_errors(answer)
    ]
    assert not errors


async def test_the_description_is_one(get: Get) -> None:
    described = (await get("/-/openapi.json")).json()
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": HERE}]
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    text = json.dumps(described)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/')[1:]}:
        found: Any = described
        for step in reference.split("/"):
            found = found[step]
    names = [item["get"]["operationId"] for item in described["paths"].values()]
    assert len(set(names)) == len(names)


async def test_every_path_is_described() -> None:
    """And every described one has an example here."""
    from quotetrack.plugin.links import asset

    assert set(json.loads(asset("openapi.json"))["paths"]) == set(EXAMPLES)


@pytest.mark.parametrize("path", EXAMPLES)
async def test_answers_fit_their_description(get: Get, path: str) -> None:
    described = (await get("/-/openapi.json")).json()
    response = await get(EXAMPLES[path])
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    ((kind, content),) = described["paths"][path]["get"]["responses"]["200"]["content"].items()
    assert response.headers["content-type"].split(";")[0] == kind
    if kind.endswith("json"):
        fits(response.json(), content["schema"], described)


@pytest.mark.parametrize("path", EXAMPLES)
async def test_an_answer_that_did_not_change_is_not_sent_again(get: Get, path: str) -> None:
    first = await get(EXAMPLES[path])
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = await get(EXAMPLES[path], headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await get(EXAMPLES[path], headers={"if-none-match": '"other"'})).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/s/{WITHDRAWN}.json", 410),
        ("/s/none.json", 404),
        ("/o/none.jsonld", 404),
        ("/person/none.json", 404),
    ],
)
async def test_refusals_fit_their_description(get: Get, path: str, status: int) -> None:
    described = (await get("/-/openapi.json")).json()
    response = await get(path)
    assert response.status_code == status
    fits(response.json(), {"$ref": "#/components/schemas/Error"}, described)


async def test_a_merged_statement_leads_on(get: Get) -> None:
    response = await get(f"/s/{MERGED}.json")
    assert (response.status_code, response.headers["location"]) == (301, f"/s/{TUNNEL}.json")


async def test_every_described_filter_is_understood(get: Get) -> None:
    described = (await get("/-/openapi.json")).json()
    parameters = described["paths"]["/-/search.json"]["get"]["parameters"]
    names = {parameter["$ref"].rsplit("/", 1)[1] for parameter in parameters}
    values = {"type": "direct", "since": "2025", "until": "2026", "confidence": "0.5", "sort": "relevance"}
    assert {"q", "speaker", "organisation", "role", "outlet", "language", *values} <= names
    for name in names - {"page", "size"}:
        understood = (await get(f"/-/search.json?{name}={values.get(name, 'x')}")).json()["query"]
        assert understood == {name: values.get(name, "x")}
