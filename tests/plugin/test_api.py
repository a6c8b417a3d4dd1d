"""The API is what its description says."""

from __future__ import annotations

from typing import Any

import pytest

from .archive import FIRST, OHLENDIECK, TUNNEL
from .conftest import Get

EXAMPLES = {
    "/-/search.json": "/-/search.json?q=tunnel",
    "/-/feed.atom": "/-/feed.atom",
    "/s/{uid}.json": f"/s/{TUNNEL}.json",
    "/s/{uid}.csl.json": f"/s/{TUNNEL}.csl.json",
    "/o/{uid}.json": f"/o/{FIRST}.json",
    "/person/{uid}.json": f"/person/{OHLENDIECK}.json",
    "/-/oembed": f"/-/oembed?url=http://localhost/s/{TUNNEL}",
}
_TYPES: dict[str, type] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


def fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any], at: str = "") -> None:
    """Assert that a value has the keys and types of its schema, no more and no fewer."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    for part in schema.get("allOf", []):
        inherited = schemas[part["$ref"].rsplit("/", 1)[1]]
        schema = {"type": "object", "properties": inherited["properties"] | schema["properties"]}
    if "enum" in schema:
        assert value in schema["enum"], at
    if "type" in schema:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        assert isinstance(value, tuple(_TYPES[name] for name in names)), (at, value)
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"]), at
        for key, part in schema["properties"].items():
            fits(value[key], part, schemas, f"{at}/{key}")
    if isinstance(value, list) and "items" in schema:
        for each in value:
            fits(each, schema["items"], schemas, f"{at}[]")


async def test_every_described_path_answers(get: Get) -> None:
    described = (await get("/-/openapi.json")).json()
    assert described["servers"] == [{"url": "http://localhost"}]
    assert set(described["paths"]) == set(EXAMPLES)
    for path in EXAMPLES.values():
        assert (await get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/-/search.json", "/s/{uid}.json", "/person/{uid}.json"])
async def test_answers_have_the_described_keys_and_types(get: Get, path: str) -> None:
    described = (await get("/-/openapi.json")).json()
    schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    fits((await get(EXAMPLES[path])).json(), schema, described["components"]["schemas"])


async def test_every_described_filter_is_understood(get: Get) -> None:
    described = (await get("/-/openapi.json")).json()
    names = {parameter["name"] for parameter in described["paths"]["/-/search.json"]["get"]["parameters"]}
    values = {"type": "direct", "since": "2025", "until": "2026", "confidence": "0.5", "sort": "relevance"}
    for name in names - {"page", "size"}:
        understood = (await get(f"/-/search.json?{name}={values.get(name, 'x')}")).json()["query"]
        assert understood == {name: values.get(name, "x")}
