"""An installed wheel brings its data along and works from any folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_a_wheel_works_from_any_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (wheel,) = tmp_path.glob("quotetrack-*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.txt").write_text("„Wir warten nicht“, sagte Anna Weber am Montag.", "utf-8")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "quotetrack", *arguments],
            cwd=elsewhere,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert Path(run("models", "path").strip()) == installed / "quotetrack" / "data" / "models"
    assert json.loads(run("extract", "a.txt"))["quotes"][0]["speaker_name"] == "Anna Weber"
    run("add", "news.db", "a.txt")
    run("publish", "news.db", "site")
    assert (elsewhere / "site" / "metadata.yml").is_file()
    assert (
        "datasette" in (installed / next(installed.glob("*.dist-info")).name / "entry_points.txt").read_text()
    )
