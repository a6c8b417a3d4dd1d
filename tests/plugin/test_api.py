"""The API is what its description says: every described path is asked, every answer fits its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from quotetrack.plugin import register_routes
from quotetrack.plugin.links import asset

from .archive import FIRST, MERGED, MINISTRY, OHLENDIECK, TUNNEL, WITHDRAWN
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
    "/s/{uid}.bib": f"/s/{TUNNEL}.bib",
    "/s/{uid}.wiki": f"/s/{TUNNEL}.wiki?lang=de",
    "/s/{uid}.txt": f"/s/{TUNNEL}.txt?lang=de",
    "/-/search.atom": "/-/search.atom?q=tunnel",
    "/-/changes.atom": "/-/changes.atom",
}
OTHERS = {  # pages, pictures and what is spoken with OpenRefine: not readable across origins, or not kept
    "/s/{uid}.png": f"/s/{TUNNEL}.png",
    "/": "/",
    "/-/search": "/-/search?q=tunnel",
    "/s/{uid}": f"/s/{TUNNEL}",
    "/o/{uid}": f"/o/{FIRST}",
    "/person/{uid}": f"/person/{OHLENDIECK}",
    "/organisation/{uid}": f"/organisation/{MINISTRY}",
    "/outlet/{id}": "/outlet/1",
    "/embed/{uid}": f"/embed/{TUNNEL}",
    "/-/changes": "/-/changes",
    "/-/reconcile": "/-/reconcile?query=Ohlendieck",
    "/-/reconcile/suggest/{kind}": "/-/reconcile/suggest/entity?prefix=Ohlen",
    "/-/reconcile/properties": "/-/reconcile/properties",
    "/-/reconcile/preview": f"/-/reconcile/preview?id={OHLENDIECK}",
    "/-/reconcile/view": f"/-/reconcile/view?id={OHLENDIECK}",
    "/-/quotetrack/{name}": "/-/quotetrack/site.css",
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


def _routes() -> Iterator[str]:
    """Every path that the plugin answers, its formats one by one, as a description writes it."""
    for pattern, _ in register_routes():
        path = pattern.strip("^$").replace("/?", "").replace("\\.", ".")
        forms = re.search(r"\(\?:\.\(\?P<format>(?P<all>[^)]*)\)\)\?", path)
        names = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
        if forms:
            bare, formats = path.replace(forms[0], ""), forms["all"].split("|")
            yield from (names.sub(r"{\1}", each) for each in (bare, *(f"{bare}.{form}" for form in formats)))
        else:
            yield names.sub(r"{\1}", path)


async def test_every_route_is_described() -> None:
    """And every described one has an example here."""
    described = set(json.loads(asset("openapi.json"))["paths"])
    assert described == set(_routes())
    assert described == EXAMPLES.keys() | OTHERS.keys()


@pytest.mark.parametrize("path", OTHERS)
async def test_pages_are_what_is_described(ask: Get, path: str) -> None:
    described = json.loads(asset("openapi.json"))["paths"][path]["get"]
    response = await ask(OTHERS[path])
    expected = described["responses"][str(response.status_code)]
    assert response.status_code == (302 if path.endswith("/view") else 200)
    assert (
        response.status_code == 302 or response.headers["content-type"].split(";")[0] in expected["content"]
    )


@pytest.mark.parametrize("form", ["bib", "wiki", "txt"])
async def test_a_citation_of_what_is_withdrawn_says_why_in_a_line(get: Get, form: str) -> None:
    response = await get(f"/s/{WITHDRAWN}.{form}")
    assert (response.status_code, response.headers["content-type"]) == (410, "text/plain; charset=utf-8")
    assert response.text.startswith("This statement was withdrawn: ")
    assert response.text.count("\n") == 1
    assert (await get(f"/s/none.{form}")).headers["content-type"] == "text/plain; charset=utf-8"


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
