"""A reader's way in a real browser: search, statement, and the card in a frame that WordPress would make."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from chromium import axe, complaints, free_port, until

from .archive import FIRST, MINISTRY, OHLENDIECK, TUNNEL, WITHDRAWN
from .attacks import HTML
from .conftest import METADATA

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(archives: dict[str, Path], hostile: Path) -> Iterator[dict[str, str]]:
    """The archives served by Datasette itself: name of the archive -> address."""
    running, addresses = [], {}
    try:
        for name, path in (("working", archives["working"]), ("hostile", hostile)):
            port = free_port()
            command = [sys.executable, "-m", "datasette", "serve", str(path), "-p", str(port)]
            command += ["--metadata", str(METADATA), "--setting", "default_allow_sql", "off", "--cors"]
            running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            addresses[name] = f"http://127.0.0.1:{port}"
        for url in addresses.values():
            _wait_for(url)
        yield addresses
    finally:
        for process in running:
            process.terminate()
            process.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(150):
        try:
            urlopen(url, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"Datasette did not answer at {url}")


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site, whose pages embed cards: its address and folder."""
    folder = tmp_path_factory.mktemp("newspaper")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}", folder
    server.shutdown()


def test_from_search_to_statement_to_a_card_in_wordpress(
    browser: Any, address: dict[str, str], newspaper: tuple[str, Path]
) -> None:
    browser.get(address["working"])
    box = browser.find_element("id", "q")
    box.send_keys("harbour tunnel -build*\n")
    until(browser, "location.pathname == '/-/search'")
    assert "No statement matches" in browser.page_source
    box = browser.find_element("id", "q")
    box.clear()
    box.send_keys("“not build”\n")
    until(browser, "document.querySelectorAll('article.statement').length == 1")
    assert browser.find_element("css selector", "mark").text == "not build"
    browser.find_element("css selector", "article.statement blockquote a").click()
    until(browser, f"location.pathname == '/s/{TUNNEL}'")
    citation = browser.find_element("css selector", "#cite ~ .copy")
    assert citation.text.startswith("Tjark Ohlendieck")
    citation.click()  # selects all of it, for copying
    assert browser.execute_script("return getSelection().toString()").strip() == citation.text
    assert complaints(browser) == []

    site, folder = newspaper
    # what WordPress leaves of our oEmbed answer, and what its own script does with the messages
    (folder / "wordpress.html").write_text(
        f"""<!DOCTYPE html><title>A post</title><script>var got = [];
        addEventListener("message", function (event) {{ got.push([event.origin, event.data]); }});</script>
        <iframe id="card" sandbox="allow-scripts" width="600" height="338"
          src="{address["working"]}/embed/{TUNNEL}#?secret=abc123XYZ"></iframe>""",
        "utf-8",
    )
    browser.get(f"{site}/wordpress.html")
    until(browser, "got.some(m => m[1].message == 'height' && m[1].value > 0)")
    origin, message = browser.execute_script("return got.filter(m => m[1].message == 'height').pop()")
    assert origin == "null"
    assert message["secret"] == "abc123XYZ"
    assert 100 < message["value"] < 400
    browser.switch_to.frame("card")
    assert browser.find_element("tag name", "blockquote").text.startswith("We will not build")
    browser.find_element("css selector", "footer a").click()
    browser.switch_to.default_content()
    link = until(browser, "got.filter(m => m[1].message == 'link').pop()")
    assert link[1] == {"message": "link", "value": f"{address['working']}/s/{TUNNEL}", "secret": "abc123XYZ"}
    assert complaints(browser) == []


def test_our_own_embed_code_grows_the_frame_and_opens_the_source(
    browser: Any, address: dict[str, str], newspaper: tuple[str, Path]
) -> None:
    site, folder = newspaper
    browser.get(f"{address['working']}/s/{TUNNEL}")
    code = browser.find_element("css selector", "[aria-label='Embed code']").text
    (folder / "pasted.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>A post</title>{code}", "utf-8"
    )
    browser.get(f"{site}/pasted.html")
    until(browser, "document.querySelector('iframe').style.height")
    height = browser.execute_script("return document.querySelector('iframe').offsetHeight")
    assert 100 < height < 320
    browser.switch_to.frame(0)
    browser.find_element("css selector", "footer a").click()
    for _ in range(50):
        if len(browser.window_handles) == 2:
            break
        time.sleep(0.1)
    first, second = browser.window_handles
    browser.switch_to.window(second)
    assert browser.current_url == f"{address['working']}/s/{TUNNEL}"
    browser.close()
    browser.switch_to.window(first)


def test_a_page_that_is_no_card_refuses_to_be_framed(
    browser: Any, address: dict[str, str], newspaper: tuple[str, Path]
) -> None:
    site, folder = newspaper
    frame = f'<!DOCTYPE html><title>x</title><iframe src="{address["working"]}/s/{TUNNEL}"></iframe>'
    (folder / "framed.html").write_text(frame, "utf-8")
    complaints(browser)
    browser.get(f"{site}/framed.html")
    time.sleep(0.5)
    browser.switch_to.frame(0)
    assert "We will not build" not in browser.page_source
    browser.switch_to.default_content()
    assert any("frame-ancestors" in complaint for complaint in complaints(browser))


PAGES = [
    "/",
    "/-/search?q=tunnel",
    "/-/search?q=tunnel&since=yesterday",
    f"/s/{TUNNEL}",
    f"/o/{FIRST}",
    f"/person/{OHLENDIECK}",
    f"/organisation/{MINISTRY}",
    "/outlet/1",
    f"/s/{WITHDRAWN}",
    f"/embed/{TUNNEL}",
]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_screen(browser: Any, address: dict[str, str], width: int) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    hostile = [
        f"/{kind}{i}" for kind in ("s/statement", "person/person", "embed/statement") for i in (0, 101)
    ]
    try:
        for site, path in [*(("working", path) for path in PAGES), *(("hostile", path) for path in hostile)]:
            browser.get(address[site] + path)
            browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width, path
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Any, address: dict[str, str], scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    found = []
    try:
        for path in PAGES:
            browser.get(address["working"] + path)
            browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
            found += axe(browser)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert found == []


def test_the_web_component_works_on_a_page_of_another_origin(
    browser: Any, address: dict[str, str], newspaper: tuple[str, Path]
) -> None:
    site, folder = newspaper
    here = address["working"]
    (folder / "component.html").write_text(
        f"""<!DOCTYPE html><meta charset=utf-8><title>A post</title>
        <script async src="{here}/-/quotetrack/embed.js"></script>
        <quotetrack-quote src="{here}/s/{TUNNEL}" theme="dark" accent="0a5">without scripts</quotetrack-quote>
        <quotetrack-quote src="javascript:alert(1)">no address</quotetrack-quote>
        <quotetrack-quote src="http://[">no address either</quotetrack-quote>
        <quotetrack-quote>nothing at all</quotetrack-quote>""",
        "utf-8",
    )
    complaints(browser)
    browser.get(f"{site}/component.html")
    until(browser, "(document.querySelector('quotetrack-quote iframe') || {style: {}}).style.height")
    until(browser, "document.querySelector('iframe').style.height != '220px'")  # what it has before it tells
    height = browser.execute_script("return document.querySelector('iframe').offsetHeight")
    assert 100 < height < 320
    assert browser.execute_script("return document.querySelectorAll('iframe').length") == 1
    assert browser.find_elements("tag name", "quotetrack-quote")[1].text == "no address"
    browser.switch_to.frame(0)
    shown = browser.execute_script(
        "const f = getComputedStyle(document.querySelector('figure'));"
        "return [f.borderLeftColor, f.backgroundColor, document.querySelector('blockquote').innerText]"
    )
    assert shown[:2] == ["rgb(0, 170, 85)", "rgb(23, 25, 28)"]
    assert shown[2].lstrip("“").startswith("We will not build")
    browser.switch_to.default_content()
    assert complaints(browser) == []


def test_everything_works_without_scripts(browser: Any, address: dict[str, str]) -> None:
    """Selenium's own scripts still run: what is switched off is the pages'."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(address["working"])
        browser.find_element("id", "q").send_keys("harbour\n")
        until(browser, "location.pathname == '/-/search'")  # the front page shows this statement too
        _until_shown(browser, f"article.statement blockquote a[href='/s/{TUNNEL}']").click()
        assert _until_shown(browser, "ol.variants ins").text == "480"
        summary = browser.find_element("xpath", "//summary[.='Other forms']")
        assert not browser.find_element("xpath", "//*[@aria-label='BibTeX']").is_displayed()
        summary.click()
        assert browser.find_element("xpath", "//*[@aria-label='BibTeX']").is_displayed()
        browser.find_element("link text", "See the card").click()
        assert _until_shown(browser, "figure blockquote").text.startswith("We will not build")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def _until_shown(browser: Any, selector: str) -> Any:
    for _ in range(100):
        if found := browser.find_elements("css selector", selector):
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"never shown: {selector}")


def test_no_attack_runs_in_a_real_browser(browser: Any, address: dict[str, str]) -> None:
    """`alert` would stop the browser here: Selenium raises on the next command after an open dialog."""
    paths = [f"/s/statement{i}" for i in range(len(HTML))]
    for i in range(0, len(HTML), 8):  # the same words through the other templates
        paths += [f"/o/one{i}", f"/person/person{i}", f"/organisation/organisation{i}", f"/outlet/{i + 1}"]
        paths += [f"/embed/statement{i}", f"/s/withdrawn{i}", f"/embed/withdrawn{i}"]
    paths += [f"/-/search?{urlencode({'q': attack, 'speaker': attack})}" for attack in HTML[::8]]
    paths += [f"/embed/statement0?{urlencode({'theme': attack, 'accent': attack})}" for attack in HTML[::16]]
    for path in [*paths, "/", "/-/search", "/-/search?q=searchable"]:
        browser.get(address["hostile"] + path)
        assert browser.find_elements("css selector", "main"), path
