"""Every command of the README runs as printed, in order, in one folder, with the shipped samples."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
INSTALL = re.findall(r"^    (pip .*)$", README, re.M)


def commands() -> list[str]:
    """The shell commands in order; a quoted newline belongs to its command."""
    found: list[str] = []
    held = ""
    for line in "".join(BLOCKS).splitlines():
        held = f"{held}\n{line}" if held else line
        if held.count("'") % 2 == 0:
            found.append(held)
            held = ""
    return [command for command in found if command.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder: `data/samples` as in a checkout."""
    place = tmp_path_factory.mktemp("readme")
    (place / "data").symlink_to(ROOT / "data")
    return place


def environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "QUOTETRACK_AUTHOR": "The README's test"}


@pytest.mark.slow
def test_every_command_of_the_readme(folder: Path) -> None:
    ran = []
    for command in commands():
        if command.startswith("make "):
            target = command.split()[1]
            done = subprocess.run(
                ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        elif command.startswith("quotetrack serve"):
            assert_serves(command, folder)
        else:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                env=environment(),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
            assert done.stdout.strip() or " > " in command or command.startswith("cp "), command
            assert not done.stdout.startswith("0 "), f"{command}: finds nothing"
        ran.append(command)
    assert len(ran) > 20


def assert_serves(command: str, folder: Path) -> None:
    port = re.search(r"--port (\d+)", command)
    assert port
    server = subprocess.Popen(
        command.split(), cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for attempt in range(120):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/-/search.json?q=hafen") as answer:
                    assert answer.status == 200
                    return
            except OSError:
                assert server.poll() is None, "the server stopped by itself"
                assert attempt < 119, "the server did not answer within a minute"
                time.sleep(0.5)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def test_install_commands_name_what_is_there() -> None:
    assert INSTALL == ["pip install torch==2.13.0", "pip install ."]
    assert "torch==2.13.0" in (ROOT / "requirements.lock").read_text()


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
