"""What a path, a folder or a glob stands for, and how much of it has been read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from quotetrack.ingest import read
from quotetrack.ingest.files import paths, size_of
from quotetrack.types import Failure

LINES = "\n".join(json.dumps({"text": f"“We wait,” said Mara Lindqvist, {n} times."}) for n in range(3_000))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jsonl").write_text(LINES)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(LINES.encode()))
    (tmp_path / "c.txt").write_bytes(b"")
    (tmp_path / ".hidden").write_text("not looked at")
    return tmp_path


CASES = [
    ("", ["a.jsonl", "b.jsonl.gz", "c.txt"]),
    ("*.jsonl*", ["a.jsonl", "b.jsonl.gz"]),
    ("c.txt", ["c.txt"]),
]


@pytest.mark.parametrize(("name", "files"), CASES)
def test_files_and_their_size(folder: Path, name: str, files: list[str]) -> None:
    source = str(folder / name)
    found = list(paths(source))
    assert found == [folder / file for file in files]
    assert size_of([source]) == sum((folder / file).stat().st_size for file in files)


@pytest.mark.parametrize("source", ["-", "https://outlet.example/feed.xml"])
def test_nobody_knows_how_much_comes(folder: Path, source: str) -> None:
    assert size_of([str(folder), source]) is None


def test_absent_files_have_no_size(tmp_path: Path) -> None:
    assert [type(found) for found in paths(str(tmp_path / "none"))] == [Failure]
    assert size_of([str(tmp_path / "none")]) == 0


def test_all_bytes_are_told_bit_by_bit(folder: Path) -> None:
    told: list[int] = []
    items = read([str(folder)], passed=told.append)
    next(items)
    assert len(told) <= 1
    assert len(list(items)) == 6_000
    assert sum(told) == size_of([str(folder)])
    assert len(told) > 5
