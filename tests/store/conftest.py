from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from quotetrack.store import Store, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path, clock=lambda: "2025-06-01T12:00:00Z") as store:
        yield store
