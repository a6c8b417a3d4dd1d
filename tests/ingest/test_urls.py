from __future__ import annotations

from quotetrack.ingest import read
from quotetrack.types import Article, Failure

from .conftest import ReadBytes, Site


def test_a_list_of_urls(site: Site, page: str, read_bytes: ReadBytes) -> None:
    url = site.page("/a", page)
    lines = f"# invented pages\n\n{url}\n{url}#again\n{site.address}/b\n"
    found, gone = read_bytes(lines.encode(), "list", allow_private=True)
    assert isinstance(found, Article)
    assert (found.url, found.canonical_url) == (url, site.address + "/politik/bruecke-1")
    assert gone == Failure(site.address + "/b", "HTTP 404: not found")


def test_a_url_named_on_the_command_line(site: Site) -> None:
    [found] = read([site.page("/a.txt?utm_source=x", "An invented text.")], allow_private=True)
    assert isinstance(found, Article)
    assert (found.text, found.url) == ("An invented text.", site.address + "/a.txt?utm_source=x")
    assert (found.canonical_url, found.outlet) == (site.address + "/a.txt", "127.0.0.1")


def test_lines_that_are_no_urls(read_bytes: ReadBytes) -> None:
    found = read_bytes(
        b"nowhere\nfile:///etc/passwd\nhttp://x" + b"y" * 20_000 + b"\nftp://x/\n\xff\xfe", "l", "urls"
    )
    assert all(isinstance(item, Failure) for item in found)
    assert [item.origin.rpartition(":")[2] for item in found] == ["1", "2", "3", "4", "5"]
    assert "longer than the limit" in str(found[2])


def test_a_refused_url_is_a_failure(site: Site) -> None:
    [found] = read([site.page("/a", "secret")])
    assert isinstance(found, Failure)
    assert "--allow-private" in found.reason
