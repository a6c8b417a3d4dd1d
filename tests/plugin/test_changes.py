"""The public change log, of a working archive and of its public copy."""

from __future__ import annotations

from xml.etree import ElementTree

from .archive import BUILD, TUNNEL
from .conftest import Get

ATOM = "{http://www.w3.org/2005/Atom}"


async def test_what_was_corrected_and_why_but_not_by_whom(get: Get) -> None:
    page = await get("/-/changes")
    assert page.status_code == 200
    assert "wrong speaker" in page.text
    assert f'href="/s/{BUILD}"' in page.text
    assert "<strong>Another speaker</strong>" in page.text
    assert "ed" not in page.text.replace("/", " ").replace('"', " ").split()  # the author
    assert (await get("/-/changes?page=2")).text.count("No more corrections") == 1
    assert (await get("/-/changes?page=x")).status_code == 200
    home = (await get(f"/s/{TUNNEL}")).text
    assert 'href="/-/changes"' in home


async def test_the_feed(get: Get) -> None:
    answer = await get("/-/changes.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.text)
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}content") == "wrong speaker"
    assert entry.findtext(f"{ATOM}updated") == "2025-05-02T00:00:00Z"
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert entry.findtext(f"{ATOM}id", "").endswith("/-/changes#c1")
