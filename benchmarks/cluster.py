"""How well and how fast statements are recognised, on generated variants and hand-judged pairs of real news.

python benchmarks/cluster.py score [--n 20000] [--seed 1] [--data ../shared/dedup]
    B-cubed and pairwise scores, recall by operation, hard negatives merged, CPU seconds, memory.
python benchmarks/cluster.py natural [--data ../shared/dedup]
    precision and recall on the pairs of natural.tsv, with every error.
python benchmarks/cluster.py frequencies [--data ../shared] > data/cluster/en.txt
    the information of English words.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import json
import math
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from quotetrack.cluster import cluster, judge
from quotetrack.cluster.normalise import NATS_AT_MOST, read_form
from quotetrack.types import Occurrence

SHARED = Path(__file__).resolve().parents[2] / "shared" / "dedup"


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def generate(data: Path, n: int, seed: int, out: Path) -> None:
    command = [sys.executable, str(data / "quotegen.py"), "--bases", str(data / "bases.jsonl.gz")]
    command += ["--split", "dev", "--seed", str(seed), "--n", str(n), "--out", str(out)]
    subprocess.run(command, check=True)


def occurrences(folder: Path) -> list[Occurrence]:
    rows = map(json.loads, (folder / "quotes.jsonl").read_text("utf-8").splitlines())
    return [
        Occurrence(
            uid=f"{row['id']:08}",
            text=row["text"],
            speaker=row["speaker"],
            published=row["date"],
            outlet=row["outlet"],
            language="en",
            article=str(row["article"]),
        )
        for row in rows
    ]


def score(data: Path, n: int, seed: int) -> dict[str, Any]:
    scorer = _module(data / "score.py")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(data, n, seed, folder)
        gold = scorer.load_gold(folder / "gold.tsv")
        found = occurrences(folder)
    start = time.process_time()
    clustering = cluster(found)
    seconds = time.process_time() - start
    statement = {str(int(uid)): str(k) for k, group in enumerate(clustering.groups) for uid in group}
    report: dict[str, Any] = scorer.score(gold, statement)
    report["edges"] = Counter(edge.judgement for edge in clustering.edges)
    report["cpu_seconds"] = round(seconds, 1)
    report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return report


def natural(data: Path) -> dict[str, float]:
    counts: Counter[tuple[bool, bool]] = Counter()
    with (data / "natural.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            a, b = (
                Occurrence(side, row[side], published=row[f"date_{side}"], outlet=row[f"outlet_{side}"])
                for side in "ab"
            )
            edge = judge(a, b)
            pair = (edge.judgement == "same", row["label"] == "1")
            counts[pair] += 1
            if pair[0] != pair[1]:
                print(f"{'wrong' if pair[0] else 'missed'}\t{edge.why}\n\t{a.text}\n\t{b.text}")
    right = counts[True, True]
    precision = right / max(1, right + counts[True, False])
    recall = right / max(1, right + counts[False, True])
    return {"p": precision, "r": recall, "f1": 2 * precision * recall / max(1e-9, precision + recall)}


def _utterances(data: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(data / "dedup" / "bases.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["split"] == "dev":
                yield row["src"], row["text"]
    with (data / "corpora" / "gum.train.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for sentence in re.split(r"(?<=[.!?])\s+|\n+", row["text"]):
                if len(sentence.split()) > 3:
                    yield "gum", sentence


def frequencies(data: Path) -> None:
    """Print nats and words; a word seen twice or less in a register, or 5 times in all, is left out."""
    utterances: Counter[str] = Counter()
    containing: dict[str, Counter[str]] = defaultdict(Counter)
    for source, text in _utterances(data):
        utterances[source] += 1
        containing[source].update({word for word in read_form(text, "en").words if word.isalpha()})
    total = sum(containing.values(), Counter())
    lines: dict[float, list[str]] = defaultdict(list)
    for word in sorted(word for word in total if total[word] >= 6):
        found = [math.log(utterances[s] / c[word]) for s, c in containing.items() if c[word] >= 3]
        nats = round(2 * min(found, default=math.inf)) / 2 if found else math.inf
        if nats <= NATS_AT_MOST:
            lines[nats].append(word)
    for nats in sorted(lines):
        print(nats, *lines[nats])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("score", "natural", "frequencies"))
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=SHARED)
    arguments = parser.parse_args()
    if arguments.what == "score":
        print(json.dumps(score(arguments.data, arguments.n, arguments.seed), indent=1))
    elif arguments.what == "natural":
        print(json.dumps(natural(arguments.data)))
    else:
        frequencies(arguments.data.parent if arguments.data == SHARED else arguments.data)


if __name__ == "__main__":
    main()
