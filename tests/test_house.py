"""The house's laws: who may import whom, what stays unloaded, what no room may do."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "quotetrack"
FLOORS = {  # room -> floor; rooms in one tuple are one room
    ("types",): 0,
    ("paths",): 0,
    ("languages", "lexicon"): 1,
    ("queries",): 1,
    ("records",): 1,
    ("identity",): 1,
    ("ingest",): 2,
    ("annotate", "models", "download"): 2,
    ("extract",): 2,
    ("cast", "resolve", "affiliations"): 2,
    ("cluster",): 2,
    ("store",): 2,
    ("learn",): 2,
    ("pipeline", "reading", "searched"): 3,
    ("publish",): 3,
    ("scale",): 4,
    ("evaluate",): 4,
    ("training",): 4,
    ("desk",): 4,
    ("cli", "__main__"): 5,
}
ROOMS = {name: (names, floor) for names, floor in FLOORS.items() for name in names}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "quotetrack" and len(parts) > 1:
                yield parts[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_import_lower_floors_only(path: Path) -> None:
    room = room_of(path)
    used = {name for name in imported_rooms(path) if name in ROOMS or name == "plugin"} - {room}
    if room == "__init__":
        assert not used
    elif room == "plugin":
        assert used <= {"types", "queries"}
    else:
        ours, floor = ROOMS[room]
        wrong = {name for name in used - set(ours) if name == "plugin" or ROOMS[name][1] >= floor}
        assert not wrong, f"{room} (floor {floor}) imports {wrong}"


def importers_of(*modules: str) -> set[str]:
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in modules for name in names):
                found.add(room_of(path))
    return found


def test_only_annotate_and_training_know_stanza() -> None:
    assert importers_of("stanza", "torch") <= {"annotate", "training"}


@pytest.mark.parametrize("module", ["quotetrack.plugin", "quotetrack.cli", "quotetrack.cluster"])
def test_torch_stays_unloaded(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'torch', 'stanza'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_room_is_overfull() -> None:
    long = {str(path.relative_to(PACKAGE)): n for path in FILES if (n := path.read_text().count("\n")) > 420}
    assert not long, "modules over 420 lines: two rooms?"


def test_core_never_reads_the_environment_or_prints() -> None:
    for path in FILES:
        if room_of(path) in ("cli", "plugin"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")), path
            assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"), path


def test_language_codes_are_data() -> None:
    codes = {path.stem for path in (PACKAGE.parent / "data" / "languages").glob("*.toml")}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare):
                constants = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
                assert not codes & {c for c in constants if isinstance(c, str)}, f"{path}:{node.lineno}"


def test_help_is_quick() -> None:
    """A guard against loading models, not a benchmark: the best of three, far above what it takes."""
    took = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "quotetrack", "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    assert min(took) < 3
