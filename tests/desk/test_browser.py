"""One correction in a real browser: sign in with the printed link, withdraw, and the public page says 410."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from chromium import axe, free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def served(db: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """(address, link to sign in) of `quotetrack serve --review`."""
    port = str(free_port())
    printed = tmp_path / "printed"
    command = [sys.executable, "-m", "quotetrack", "serve", str(db), "--port", port, "--review"]
    with printed.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(200):
            if "startup complete" in printed.read_text("utf-8"):
                break
            time.sleep(0.2)
        (link,) = re.findall(r"http://\S+auth-token\S+", printed.read_text("utf-8"))
        yield f"http://127.0.0.1:{port}", link
    finally:
        process.terminate()
        process.wait(10)


def test_sign_in_withdraw_and_take_it_back(browser: Any, served: tuple[str, str], row: Any) -> None:
    address, link = served
    (uid,) = row("select uid from statements where canonical like '%Hafentunnel%'")
    browser.get(f"{address}/s/{uid}")
    assert "Correct this" not in browser.page_source
    browser.get(link)
    browser.get(f"{address}/s/{uid}?again")
    browser.find_element("link text", "Correct this").click()
    assert axe(browser) == []
    form = browser.find_element("css selector", "fieldset form")
    form.find_element("name", "reason").send_keys("The outlet <b>retracted</b> it.")
    form.find_element("tag name", "button").click()
    _says(browser, "Done: number 1.")
    assert row("select author, reason from corrections") == ("root", "The outlet <b>retracted</b> it.")
    with pytest.raises(HTTPError, match="410"):
        urlopen(f"{address}/s/{uid}", timeout=10)
    browser.get(f"{address}/-/changes")
    assert "The outlet &lt;b&gt;retracted" in browser.page_source
    assert ">root<" not in browser.page_source
    browser.get(f"{address}/-/review/log")
    browser.find_element("css selector", "summary").click()
    browser.find_element("css selector", "details input[name=reason]").send_keys("Wrong page.")
    browser.find_element("css selector", "details button").click()
    _says(browser, "Done: number 2.")
    assert urlopen(f"{address}/s/{uid}", timeout=10).status == 200
    for page in ("?what=people", "?what=roster", "?what=quotes", "/log"):
        browser.get(f"{address}/-/review{page}")
        assert axe(browser) == [], page


def test_merge_by_typing_a_name(browser: Any, served: tuple[str, str], row: Any) -> None:
    address, link = served
    (kept,) = row("select uid from people where name = 'Ingwer Talbrink'")
    (gone,) = row("select uid from people where name = 'I. Talbrink'")
    browser.get(link)
    browser.get(f"{address}/-/review/person/{gone}")
    browser.find_element("name", "other").send_keys("Ingwer Talbrink")
    form = browser.find_element("xpath", "//form[.//input[@name='other']]")
    form.find_element("name", "reason").send_keys("One deputy.")
    form.find_element("css selector", "button[value=merge]").click()
    _says(browser, "Whom do you mean?")
    assert axe(browser) == []
    browser.find_element("css selector", f"input[value='/person/{kept}']").click()
    browser.find_element("css selector", "button[value=merge]").click()
    _says(browser, "Done: number 1.")
    assert row("select new_uid from redirects where old_uid = ?", gone) == (kept,)


def _says(browser: Any, words: str) -> None:
    """Wait for the page that a button leads to."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 20).until(lambda page: words in page.page_source)
