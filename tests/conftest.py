"""What several tests share: the models, loaded once a session, and the corpora that lie beside a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotetrack.annotate import Annotator
from quotetrack.paths import data_path

pytest_plugins = ["chromium"]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def annotator_de() -> Annotator:
    return Annotator(data_path("models"), "de", label="bundled de")


@pytest.fixture(scope="session")
def annotator_en() -> Annotator:
    return Annotator(data_path("models"), "en", label="bundled en")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of research corpora and scorers, which is never part of the repository."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpora").is_dir():
        pytest.skip(f"no research corpora at {folder}: only their owner can run this test")
    return folder
