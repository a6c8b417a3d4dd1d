"""Floors under the quality of statements; the benchmark prints the whole table."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from gold.load import load_statements
from quotetrack.cluster import judge, translations
from quotetrack.types import Occurrence

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "cluster.py"
PAIRS = [pytest.param(row, id=f"{row['label']}-{row['kind']}") for row in load_statements()]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_cluster", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("row", PAIRS)
def test_gold_pairs(row: dict[str, str]) -> None:
    a, b = (
        Occurrence(
            side,
            row[side],
            speaker=row[f"speaker_{side}"] or None,
            published=row[f"date_{side}"],
            language=row[f"lang_{side}"],
        )
        for side in ("a", "b")
    )
    edge = judge(a, b)
    if row["kind"] == "translation" and row["label"] == "same":
        assert edge.judgement != "same"  # linked, but each language keeps a statement of its own
        assert [link.kind for link in translations([a, b])] == ["translation"]
    else:
        assert (edge.judgement == "same") == (row["label"] == "same"), edge


def test_real_pairs(shared: Path, benchmark: ModuleType) -> None:
    scores = benchmark.natural(shared / "dedup")
    assert scores["p"] >= 0.95
    assert scores["f1"] >= 0.9


@pytest.mark.slow
def test_generated_variants(shared: Path, benchmark: ModuleType) -> None:
    report = benchmark.score(shared / "dedup", 4000, 11)
    assert report["b3"]["f1"] >= 0.98
    assert report["pair"]["p"] >= 0.98
    merged = {kind: share for kind, (share, _) in report["hard"].items()}
    assert max(merged["neg"], merged["num"]) <= 0.03
    assert merged["boiler"] <= 0.03
