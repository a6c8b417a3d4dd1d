"""The pages are asked through Datasette's own client, of a working archive and of its public copy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.plugins import pm

import quotetrack.plugin
from quotetrack.publish import SETTINGS
from quotetrack.store.publish import publish_database

from .archive import build, build_hostile
from .attacks import EVERYTHING, URLS

if not any(plugin is quotetrack.plugin for plugin in pm.get_plugins()):
    pm.register(quotetrack.plugin, name="quotetrack")  # pytest keeps Datasette from loading entry points

Get = Callable[..., Awaitable[Any]]
METADATA = Path(__file__).resolve().parents[2] / "metadata.yml"


def site(path: Path, **settings: object) -> Datasette:
    """Datasette as `quotetrack serve` starts it."""
    from datasette.utils import parse_metadata

    values = {name: {"on": True, "off": False}.get(value, value) for name, value in SETTINGS.items()}  # type: ignore[call-overload]
    metadata = parse_metadata(METADATA.read_text("utf-8"))
    return Datasette([str(path)], settings={**values, **settings}, metadata=metadata, cors=True)


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("archives")
    working = build(folder / "working.db")
    publish_database(working, folder / "public.db")
    return {"working": working, "public": folder / "public.db"}


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [text.encode("utf-8", "replace").decode("utf-8")[:200] for text in EVERYTHING]
    return build_hostile(tmp_path_factory.mktemp("hostile") / "hostile.db", texts, URLS)


@pytest.fixture(scope="session")
def sites(archives: dict[str, Path]) -> dict[str, Datasette]:
    return {name: site(path) for name, path in archives.items()}


@pytest.fixture(params=["working", "public"])
def get(request: pytest.FixtureRequest, sites: dict[str, Datasette]) -> Get:
    """GET of a path, of both kinds of database."""
    return sites[request.param].client.get


@pytest.fixture
def ask(sites: dict[str, Datasette]) -> Get:
    """GET of a path of the working archive."""
    return sites["working"].client.get
