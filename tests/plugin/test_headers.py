"""Who may frame what, what may run, what may be kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .archive import FIRST, MERGED, MINISTRY, OHLENDIECK, TUNNEL, WITHDRAWN
from .conftest import Get

OWN = [
    "/",
    "/-/search",
    f"/s/{TUNNEL}",
    f"/o/{FIRST}",
    f"/person/{OHLENDIECK}",
    f"/organisation/{MINISTRY}",
    "/outlet/1",
]
OTHERS = [
    "/working",
    "/working/statements",
    "/-/plugins",
    "/nothing/here",
    f"/s/{WITHDRAWN}",
    "/s/none",
    "/embed/none/more",
]


@pytest.mark.parametrize("path", [*OWN, *OTHERS])
async def test_nothing_but_a_card_may_be_framed(ask: Get, path: str) -> None:
    headers = (await ask(path)).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("strict-origin-when-cross-origin", "no-referrer")


@pytest.mark.parametrize("path", [f"/embed/{TUNNEL}", f"/embed/{WITHDRAWN}", "/embed/none"])
async def test_a_card_may_be_framed_and_runs_its_own_script_only(ask: Get, path: str) -> None:
    headers = (await ask(path)).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 2
    assert "x-frame-options" not in headers


async def test_a_merged_card_may_lead_on_inside_its_frame(ask: Get) -> None:
    response = await ask(f"/embed/{MERGED}")
    assert response.status_code == 301
    assert "x-frame-options" not in response.headers
    assert "content-security-policy" not in response.headers


@pytest.mark.parametrize("path", OWN)
async def test_our_pages_run_no_script(ask: Get, path: str) -> None:
    policy = (await ask(path)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


async def test_a_page_that_did_not_change_is_not_sent_again(ask: Get) -> None:
    first = await ask(f"/s/{TUNNEL}")
    again = await ask(f"/s/{TUNNEL}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("name", ["site.css", "embed.js", "mark.svg"])
async def test_assets_are_kept_for_good_under_their_digest(ask: Get, name: str) -> None:
    from quotetrack.plugin.links import digest

    assert "immutable" in (await ask(f"/-/quotetrack/{name}?{digest(name)}")).headers["cache-control"]
    assert "immutable" not in (await ask(f"/-/quotetrack/{name}")).headers["cache-control"]
    assert (await ask(f"/-/quotetrack/x{name}")).status_code == 404


@pytest.mark.parametrize("path", ["/-/search.json", f"/s/{TUNNEL}.json", f"/o/{FIRST}.json", "/-/feed.atom"])
async def test_data_is_readable_from_other_origins(ask: Get, path: str) -> None:
    assert (await ask(path)).headers["access-control-allow-origin"] == "*"


def test_the_plugin_loads_no_language_model() -> None:
    code = (
        "import sys, datasette.app, quotetrack.plugin;"
        "heavy = {'torch', 'stanza', 'sqlite_utils', 'lxml'} & set(sys.modules);"
        "ours = {m for m in sys.modules if m.startswith('quotetrack.') and"
        " m.split('.')[1] not in ('plugin', 'queries', 'types')};"
        "assert not heavy | ours, heavy | ours"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_site_runs_from_a_plugins_folder(archives: dict[str, Path], tmp_path: Path) -> None:
    """As a published folder does, where quotetrack is not installed and Datasette finds no templates."""
    (tmp_path / "site.py").write_text("from quotetrack.plugin import *\n", "utf-8")
    code = (
        "import asyncio, sys; sys._called_from_test = True\n"  # keeps Datasette from loading entry points
        "from datasette.app import Datasette\n"
        f"site = Datasette([{str(archives['public'])!r}], plugins_dir={str(tmp_path)!r})\n"
        f"answer = asyncio.run(site.client.get('/s/{TUNNEL}'))\n"
        "assert answer.status_code == 200 and 'harbour tunnel' in answer.text, answer.text\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
