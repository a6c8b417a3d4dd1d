"""The quality gate: the whole pipeline against floors, on our own gold always, on real news where it lies."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from quotetrack.evaluate import (
    CorpusError,
    Document,
    compared,
    compared_corpora,
    digest,
    measure_corpus,
    predict,
)
from quotetrack.evaluate.gate import breaches, read_gate
from quotetrack.pipeline import Extractor, Settings


def _gate_script() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "gate.py"
    spec = importlib.util.spec_from_file_location("quality_gate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = _gate_script()


@pytest.fixture(scope="module")
def extractor(annotator_de, annotator_en) -> Extractor:
    return Extractor(Settings(prefer="bundled"), {"de": annotator_de, "en": annotator_en})


@pytest.mark.slow
@pytest.mark.parametrize("name", script.OWN)
def test_own_gold_holds(name, extractor):
    gold = script.corpus(name, Path())
    assert breaches(read_gate(script.GATE), name, digest(gold), script.measured(gold, extractor)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", script.SHARED)
def test_real_news_holds(name, extractor, shared):
    gold = script.corpus(name, shared)
    assert breaches(read_gate(script.GATE), name, digest(gold), script.measured(gold, extractor)) == []


def test_a_corpus_is_measured_and_stands_beside_its_peers(extractor, tmp_path):
    path = tmp_path / "polnear.dev.jsonl"
    path.write_text(
        '{"doc_id": "a", "lang": "en", "text": "“We are ready,” said Ann Weber.", "quotes": '
        '[{"content_spans": [[1, 14]], "speaker_spans": [[21, 30]], "cue_spans": [[16, 20]]}]}\n',
        "utf-8",
    )
    found = measure_corpus(path, extractor)
    assert found.failures == ()
    assert found.report.types["direct"].exact.f1 == 100.0
    shown = compared(found)
    assert "two human annotators" in shown
    assert shown.splitlines()[0] == "== polnear.dev"
    assert set(compared_corpora()) == set(script.SHARED)


def test_a_document_in_an_unknown_language_is_a_failure(extractor):
    (failure,) = predict([Document("x", (), "Lorem ipsum.", "xx")], extractor)
    assert "xx" in failure.reason
    with pytest.raises(CorpusError, match="without text"):
        list(predict([Document("x", ())], extractor))
