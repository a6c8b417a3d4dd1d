"""Plain Datasette: every table is described, every canned query answers with rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.utils import parse_metadata

from quotetrack.store.publish import publish_database

from .archive import Builder
from .conftest import METADATA, site

DESCRIBED: dict[str, Any] = parse_metadata(METADATA.read_text("utf-8"))["databases"]["quotetrack"]
SHADOWS = ("_data", "_idx", "_docsize", "_config", "_fts")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An archive in which every canned query finds something, and its public copy."""
    folder = tmp_path_factory.mktemp("metadata")
    b = Builder(folder / "working.db")
    with closing(b):
        tide, quay = b.outlet("The Fictional Tide"), b.outlet("The Invented Quay")
        person = b.person("lindqvist", "Mara Lindqvist")
        bonds = [
            b.affiliation(person, b.organisation(name, name), "director")
            for name in ("Harbour Trust", "Port")
        ]
        for number in range(3):
            day = f"2025-03-0{number + 1}"
            article = b.article(f"tide{number}", tide, day)
            columns = {"first_published": day, "first_outlet": tide, "outlet_count": 2}
            words = f"We wait no {number}"
            statement = b.statement(f"said{number}", words, person, variants="We wait", **columns)
            b.occurrence(
                f"told{number}", article, statement, words, person=person, affiliation=bonds[number % 2]
            )
        nobody = b.statement("nobody", "Somebody has to", first_published="2025-04-01", outlet_count=2)
        for outlet in (tide, quay):
            article = b.article(f"nobody{outlet}", outlet, "2025-04-01")
            b.occurrence(f"nobody{outlet}", article, nobody, "Somebody has to")
    publish_database(folder / "working.db", folder / "public.db")
    return {"working": folder / "working.db", "public": folder / "public.db"}


@pytest.mark.parametrize("kind", ["working", "public"])
@pytest.mark.parametrize("query", DESCRIBED["queries"])
async def test_canned_queries_return_rows(paths: dict[str, Path], kind: str, query: str) -> None:
    response = await site(paths[kind]).client.get(f"/{kind}/{query}.json?month=2025-03&_shape=objects")
    assert response.json()["rows"], query


async def test_the_newest_month_is_the_default(paths: dict[str, Path]) -> None:
    answer = (await site(paths["public"]).client.get("/public/most_quoted.json?month=&_shape=objects")).json()
    assert [(row["month"], row["name"], row["statements"]) for row in answer["rows"]] == [
        ("2025-03", "Mara Lindqvist", 3)
    ]


def columns(path: Path) -> Iterator[tuple[str, set[str]]]:
    with closing(sqlite3.connect(path)) as conn:
        names = conn.execute("select name from sqlite_master where type in ('table', 'view')").fetchall()
        for (name,) in names:
            if not name.endswith(SHADOWS) and not name.startswith(("sqlite_", "_")):
                yield name, {row[1] for row in conn.execute(f"pragma table_info({name})")}


def test_every_public_table_is_described(paths: dict[str, Path]) -> None:
    found = dict(columns(paths["public"]))
    assert {"statements", "facets", "outlet_counts"} <= found.keys() <= DESCRIBED["tables"].keys()


def test_only_columns_that_exist_are_described(paths: dict[str, Path]) -> None:
    found = dict(columns(paths["working"])) | {"statements_searched": set()}
    for table, description in DESCRIBED["tables"].items():
        if table in found:
            assert set(description.get("columns", {})) <= found[table], table
            label = description.get("label_column")
            assert label is None or label in found[table], table


@pytest.mark.parametrize("kind", ["working", "public"])
async def test_tables_can_be_searched_and_faceted(paths: dict[str, Path], kind: str) -> None:
    client = site(paths[kind]).client
    rows = (await client.get(f"/{kind}/statements.json?_search=somebody&_shape=objects")).json()["rows"]
    assert [row["uid"] for row in rows] == ["nobody"]
    page = (await client.get(f"/{kind}/occurrences")).text
    assert "direct" in page
    assert "The words quoted or reported" in page
