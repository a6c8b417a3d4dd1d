"""Reconciliation, as OpenRefine speaks it: names in a table ↔ the archive's people and organisations.

The W3C community's Reconciliation Service API 0.2: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from datasette.utils.asgi import Request, Response

from quotetrack.plugin.archive import Row
from quotetrack.plugin.matching import Candidate, matched, ranked
from quotetrack.plugin.page import Visit, clean
from quotetrack.queries import similar_names
from quotetrack.queries.matching import known_of, named_exactly, names_beginning

PATH = "/-/reconcile"
#: Queries of one batch, ids of one extension, bytes of one request, candidates asked for and returned.
BATCH, IDS, BYTES, CANDIDATES, RESULTS = 50, 200, 1_000_000, 60, 50
UNWANTED = 0.75  # share of its score that a candidate keeps who is of another type than was wished for
LONGEST = 300  # code points of a name that are read
TYPES = {"person": "Person", "organisation": "Organisation", "group": "Group"}
PROPERTIES = {"affiliation": "Affiliation", "role": "Role", "wikidata": "Wikidata id", "quotes": "Statements"}
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,40}(?:\.[A-Za-z_$][A-Za-z0-9_$]{0,40}){0,4}")
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,11}")


class WrongError(ValueError):
    """A request that is not one of the specification: why, for its author."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


async def reconcile(visit: Visit) -> Response:
    """`/-/reconcile`: the manifest, batches of queries, extension; GET or POST form."""
    return await _answered(visit, _service)


async def suggest(visit: Visit) -> Response:
    """`/-/reconcile/suggest/entity|type|property?prefix=`: what a name being typed may become."""
    return await _answered(visit, _suggestions)


async def properties(visit: Visit) -> Response:
    """`/-/reconcile/properties`: what `extend` can add to people."""
    return await _answered(visit, _proposed)


async def preview(visit: Visit) -> Response:
    """`/-/reconcile/preview?id=`: a few lines on one candidate, shown in a frame beside the table."""
    row = await visit.archive.row(known_of([visit.argument("id")[:64]]))
    status = 200 if row else 404
    context = {"row": row and _told(row), "link": row and _page(visit, row)}
    headers = {"content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'"}
    return await visit.page("preview.html", context, status=status, headers=headers)


async def view(visit: Visit) -> Response:
    """`/-/reconcile/view?id=`: on to the page of whatever has the id."""
    uid = visit.argument("id")[:64]
    row = await visit.archive.row(known_of([uid]))
    if row is None:
        moved = await visit.moved(uid, "person", visit.links.person)
        return moved or await visit.refusal(404, "Nobody here", "Nobody has this id.")
    return Response("", status=302, headers={"Location": _page(visit, row)})


# ------------------------------------------------------------------ asking and answering


async def _answered(visit: Visit, ask: Any) -> Response:
    """JSON, or JSONP where a callback is named; refusals in the same form."""
    try:
        given = await _arguments(visit.request)
        callback = given.get("callback", "")
        if callback and not _CALLBACK.fullmatch(callback):
            raise WrongError("callback is no name of a function")
    except WrongError as wrong:
        return visit.json({"status": "error", "message": str(wrong)}, status=wrong.status)
    status = 200
    try:
        answer = await ask(visit, given)
    except WrongError as wrong:
        answer, status = {"status": "error", "message": str(wrong)}, wrong.status
    if callback:  # a script can read no status, and JSON is JavaScript only in ASCII
        return visit.data(f"/**/{callback}({json.dumps(answer)});", "text/javascript")
    return visit.json(answer, status=status)


async def _arguments(request: Request) -> dict[str, str]:
    """Of the query string, and of the form that a POST carries."""
    given = {name: values[0] for name, values in parse_qs(request.query_string).items()}
    if request.method != "POST":
        return given
    body, more = b"", True
    while more:
        message = await request.receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BYTES:
            raise WrongError(f"a request of more than {BYTES:,} bytes", 413)
    form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    return {**given, **{name: values[0] for name, values in form.items()}}


async def _service(visit: Visit, given: Mapping[str, str]) -> object:
    if "queries" in given:
        return await _batch(visit, _object(given["queries"], "queries"))
    if "query" in given:
        text = given["query"].lstrip()
        single = _object(text, "query") if text.startswith("{") else {"query": text}
        return await _query(visit, single)
    if "extend" in given:
        return await _extended(visit, _object(given["extend"], "extend"))
    return _manifest(visit)


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongError(f"{name} is no JSON: {error}"[:200]) from error
    if not isinstance(found, dict):
        raise WrongError(f"{name} is no JSON object")
    return found


def _manifest(visit: Visit) -> dict[str, object]:
    here = visit.links.absolute(visit.links.path(PATH))
    service: dict[str, object] = {
        kind: {"service_url": here, "service_path": f"/suggest/{kind}"}
        for kind in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": f"{visit.site}: people and organisations",
        "identifierSpace": visit.links.absolute(visit.links.path("/")),
        "schemaSpace": f"{here}/properties",
        "defaultTypes": _types(TYPES),
        "view": {"url": f"{here}/view?id={{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": 400, "height": 180},
        "suggest": service,
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [],
        },
        "batchSize": BATCH,
    }


def _types(kinds: Any) -> list[dict[str, str]]:
    return [{"id": kind, "name": TYPES[kind]} for kind in kinds]


# ------------------------------------------------------------------ matching


async def _batch(visit: Visit, queries: Mapping[str, Any]) -> dict[str, object]:
    if len(queries) > BATCH:
        raise WrongError(f"{len(queries)} queries in one batch, the limit is {BATCH}", 413)
    return {key: await _query(visit, query) for key, query in queries.items()}


async def _query(visit: Visit, query: Any) -> dict[str, object]:
    if not isinstance(query, dict):
        raise WrongError("a query is no JSON object")
    typed = _text(query.get("query", ""), "query")
    kinds = _kinds(query)
    bodies = _bodies(query.get("properties") or [])
    limit = query.get("limit", 10)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise WrongError("limit is no positive number")
    found = ranked(typed, bodies, await _known(visit, typed))
    strict = query.get("type_strict")
    fitting = [one for one in found if _fits(_kind(one.row), kinds, strict)]
    sure = fitting[0] if matched(fitting) else None
    if strict == "should":  # a wish, and what OpenRefine always sends
        fitting += [replace(one, score=round(UNWANTED * one.score, 1)) for one in found if one not in fitting]
        fitting.sort(key=lambda one: -one.score)
    shown = fitting[: min(limit, RESULTS)]
    return {"result": [_result(one, match=one is sure) for one in shown]}


async def _known(visit: Visit, typed: str) -> list[Row]:
    """Everybody whose name is near what was typed."""
    if not typed:
        return []
    ask = visit.archive.rows
    near = [*await ask(named_exactly(typed)), *await ask(similar_names(typed, CANDIDATES))]
    uids = {row["uid"] for row in near}
    return await ask(known_of(uids)) if uids else []


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise WrongError(f"{name} is no text")
    text = clean(value)[:LONGEST]
    return text.upper() if _WIKIDATA.fullmatch(text.upper()) else text


def _fits(kind: str, asked: set[str], strict: object) -> bool:
    """Nobody has two types: "all" of several fit nobody."""
    if not asked:
        return True
    return asked == {kind} if strict == "all" else kind in asked


def _kinds(query: Mapping[str, Any]) -> set[str]:
    """Types asked for."""
    asked = query.get("type") or []
    listed = [asked] if isinstance(asked, str) else asked
    if not isinstance(listed, list) or not all(isinstance(one, (str, dict)) for one in listed):
        raise WrongError("type is neither a text nor a list of texts")
    return {str(one.get("id", "")) if isinstance(one, dict) else one for one in listed}


def _bodies(asked: object) -> list[str]:
    """Affiliations that a query gives; other properties say nothing here."""
    if not isinstance(asked, list):
        raise WrongError("properties is no list")
    found: list[str] = []
    for one in asked[:10]:
        if not isinstance(one, dict):
            raise WrongError("a property is no JSON object")
        if one.get("pid") != "affiliation":
            continue
        values = one.get("v")
        for value in values if isinstance(values, list) else [values]:
            said = (value.get("id") or value.get("name")) if isinstance(value, dict) else value
            found += [clean(said)[:LONGEST]] if isinstance(said, str) and said.strip() else []
    return found[:10]


def _kind(row: Row) -> str:
    return "organisation" if row["kind"] == "affiliation" else str(row["kind"])


def _result(one: Candidate, *, match: bool) -> dict[str, object]:
    features: list[dict[str, object]] = [{"id": "name", "value": round(one.name_score, 1)}]
    if one.affiliation is not None:
        features.append({"id": "affiliation", "value": round(100 * one.affiliation, 1)})
    return {
        "id": one.row["uid"],
        "name": one.row["name"],
        "description": _description(one.row),
        "type": _types([_kind(one.row)]),
        "score": one.score,
        "features": features,
        "match": match,
    }


def _description(row: Row) -> str:
    told = _told(row)
    posts = [text for text in (told["role"], told["affiliation"]) if text]
    return ", ".join([*posts, f"{row['quotes']} statements" if row["quotes"] != 1 else "1 statement"])


def _told(row: Row) -> dict[str, Any]:
    affiliations, roles = json.loads(row["affiliations"]), json.loads(row["roles"])
    names = [name for name in json.loads(row["names"]) if name != row["name"]]
    return {
        **row,
        "kind": _kind(row),
        "names": names,
        "affiliation": affiliations[0][1] if affiliations else "",
        "role": roles[0] if roles else "",
    }


def _page(visit: Visit, row: Row) -> str:
    address = visit.links.organisation if row["kind"] == "affiliation" else visit.links.person
    return address(str(row["uid"]))


# ------------------------------------------------------------------ suggesting and extending


async def _suggestions(visit: Visit, given: Mapping[str, str]) -> object:
    prefix, kind = _text(given.get("prefix", ""), "prefix"), visit.variables["kind"]
    skipped = _count(given, "cursor", 0)
    if kind != "entity":
        listed = TYPES if kind == "type" else PROPERTIES
        near = {key: name for key, name in listed.items() if name.casefold().startswith(prefix.casefold())}
        return {"result": [{"id": key, "name": name} for key, name in near.items()][skipped:]}
    if not prefix:
        return {"result": []}
    rows = await visit.archive.rows(names_beginning(prefix))
    uids = [row["uid"] for row in rows]
    known = {row["uid"]: row for row in await visit.archive.rows(known_of(uids))}
    return {
        "result": [
            {
                "id": uid,
                "name": known[uid]["name"],
                "description": _description(known[uid]),
                "notable": _types([_kind(known[uid])]),
            }
            for uid in uids[skipped:]
            if uid in known
        ]
    }


async def _proposed(_: Visit, given: Mapping[str, str]) -> object:
    limit = _count(given, "limit", len(PROPERTIES))
    return {
        "type": given.get("type", "person") if given.get("type") in TYPES else "person",
        "properties": [{"id": key, "name": name} for key, name in PROPERTIES.items()][:limit],
        "limit": limit,
    }


def _count(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise WrongError(f"{name} is no number from 0 on")
    return int(text)


async def _extended(visit: Visit, asked: Mapping[str, Any]) -> object:
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise WrongError("ids is no list of texts")
    if len(ids) > IDS:
        raise WrongError(f"{len(ids)} ids, the limit is {IDS}", 413)
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise WrongError("properties is no list of objects")
    chosen = [str(one.get("id")) for one in wanted if one.get("id") in PROPERTIES]
    known = {row["uid"]: row for row in await visit.archive.rows(known_of(set(ids)))}
    return {
        "meta": [{"id": key, "name": PROPERTIES[key]} for key in chosen],
        "rows": {uid: {key: _values(known.get(uid), key) for key in chosen} for uid in ids},
    }


def _values(row: Row | None, key: str) -> Sequence[Mapping[str, object]]:
    if row is None:
        return []
    if key == "affiliation":
        return [{"id": uid, "name": name} for uid, name, _ in json.loads(row["affiliations"])]
    if key == "role":
        return [{"str": role} for role in json.loads(row["roles"])]
    if key == "quotes":
        return [{"float": row["quotes"]}]
    return [{"str": row["wikidata"]}] if row["wikidata"] else []
