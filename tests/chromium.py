"""One Chromium for every test that drives a browser, and what axe-core finds wrong with a page."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
AXE = Path(__file__).parent / "assets" / "axe.min.js"
PATIENCE = 20.0  # seconds that a page may take on a busy machine


@pytest.fixture(scope="session")
def _chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("no Chromium with chromedriver on this machine: install them to run the browser tests")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    chrome.set_page_load_timeout(30)
    yield chrome
    chrome.quit()


@pytest.fixture
def browser(_chrome: Any) -> Any:
    """The browser, without what the test before left in it: cookies, complaints, a frame it looked into."""
    _chrome.switch_to.default_content()
    _chrome.delete_all_cookies()
    complaints(_chrome)
    return _chrome


def complaints(browser: Any) -> list[str]:
    """What the browser has written to its console since this was asked last."""
    return [e["message"] for e in browser.get_log("browser") if "favicon.ico" not in e["message"]]


def axe(browser: Any) -> list[str]:
    """What axe-core (assets/axe.min.js, MPL-2.0; WCAG 2.2 A and AA and best practices) finds wrong on the
    page: how bad, the rule, the elements."""
    browser.execute_script(AXE.read_text("utf-8"))
    report = browser.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(arguments[arguments.length - 1])"
    )
    return [
        f"{report['url']}: {each['impact']} {each['id']} {[node['html'] for node in each['nodes']][:3]}"
        for each in report["violations"]
    ]


def until(browser: Any, script: str) -> Any:
    """The value of a script once it is truthy."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := browser.execute_script(f"return {script}"):
            return value
        time.sleep(0.1)
    pytest.fail(f"never came true: {script}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
