"""Sets the floors of tests/gate.toml from what is measured now: python -m tests.gate [--lower]

They rise by themselves; --lower also lets them fall, and takes changed corpora as the new ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "gold")]

import load as gold_files  # noqa: E402 - tests/gold is no package

from quotetrack.evaluate import Document, Report, digest, document_of, evaluate, predict, read_corpus  # noqa: E402
from quotetrack.evaluate.gate import Gate, raise_floors, read_gate, write_gate  # noqa: E402
from quotetrack.pipeline import Extractor, Settings  # noqa: E402

GATE = ROOT / "tests" / "gate.toml"
OWN = {"own.de": "de", "own.en": "en"}
SHARED = {"german.dev": 5, "polnear.dev": 12, "gum.dev": 3}  # every n-th article: a minute, not ten
PREFACE = """Floors of quality: F1 and accuracy in percent that must not fall (quotetrack.evaluate.gate).
Set by `python -m tests.gate`, never by hand. Each stands `margin` below the figure it was set from, because
rounding differs between processors and versions of PyTorch: it tips near-ties, and one quote more or less
is worth 0.1 to 1 point on corpora as small as these. The corpora under ../shared are every n-th article of
the dev parts; own.* is tests/gold."""


def corpus(name: str, shared: Path) -> list[Document]:
    """The gold documents of one gated corpus."""
    if name in OWN:
        return [document_of(record) for record in gold_files.load(OWN[name])]
    return read_corpus(shared / "corpora" / f"{name}.jsonl")[:: SHARED[name]]


def measured(gold: list[Document], extractor: Extractor) -> Report:
    """The figures of the pipeline on a corpus; a refused document is an error here."""
    answers = list(predict(gold, extractor))
    refused = [answer for answer in answers if not isinstance(answer, Document)]
    if refused:
        raise AssertionError(f"refused: {refused}")
    return evaluate(gold, [answer for answer in answers if isinstance(answer, Document)])


def present(shared: Path) -> Iterator[str]:
    yield from OWN
    yield from (name for name in SHARED if (shared / "corpora" / f"{name}.jsonl").is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="store_true", help="let floors fall too")
    parser.add_argument("--margin", type=float, default=1.0, help="points below the figure")
    arguments = parser.parse_args()
    shared = ROOT.parent / "shared"
    gate = read_gate(GATE) if GATE.is_file() else Gate(arguments.margin, {})
    gate = Gate(arguments.margin, gate.corpora)
    extractor = Extractor(Settings(prefer="bundled"))
    for name in present(shared):
        gold = corpus(name, shared)
        gate = raise_floors(gate, name, digest(gold), measured(gold, extractor), lower=arguments.lower)
        print(name, dict(gate.corpora[name].floors))
    write_gate(GATE, gate, PREFACE)


if __name__ == "__main__":
    main()
