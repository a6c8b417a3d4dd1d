"""How well and how fast statements are recognised, on generated variants and hand-judged pairs of real news.

python benchmarks/cluster.py score [--n 20000] [--seed 1] [--data ../shared/dedup]
    B-cubed and pairwise scores, recall by operation, hard negatives merged, CPU seconds, memory.
python benchmarks/cluster.py natural [--data ../shared/dedup]
    precision and recall on the pairs of natural.tsv, with every error.
python benchmarks/cluster.py errors [--n 20000] [--seed 1] [--data ../shared/dedup]
    the commonest errors by what was done to the quote, with an example of each.
python benchmarks/cluster.py odd [--n 8000]
    CPU seconds of odd input at a quarter of n, half of it and n, and how they grow.
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
import random
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
from quotetrack.cluster.normalise import read_form
from quotetrack.cluster.words import NATS_AT_MOST
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
    with (folder / "quotes.jsonl").open(encoding="utf-8") as lines:
        return [
            Occurrence(
                uid=f"{row['id']:08}",
                text=row["text"],
                speaker=row["speaker"] and sys.intern(row["speaker"]),
                published=sys.intern(row["date"]),
                outlet=sys.intern(row["outlet"]),
                language="en",
                article=str(row["article"]),
            )
            for row in map(json.loads, lines)
        ]


def score(data: Path, n: int, seed: int) -> dict[str, Any]:
    scorer = _module(data / "score.py")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(data, n, seed, folder)
        found = occurrences(folder)
        start = time.process_time()
        clustering = cluster(found)
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        gold = scorer.load_gold(folder / "gold.tsv")
    statement = {str(int(uid)): str(k) for k, group in enumerate(clustering.groups) for uid in group}
    report: dict[str, Any] = scorer.score(gold, statement)
    report["edges"] = Counter(edge.judgement for edge in clustering.edges)
    report["cpu_seconds"] = round(seconds, 1)
    report["peak_mb"] = peak
    return report


def errors(data: Path, n: int, seed: int) -> None:
    """Print what was done to the quotes that ended outside their statement, or inside another."""
    scorer = _module(data / "score.py")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(data, n, seed, folder)
        gold = scorer.load_gold(folder / "gold.tsv")
        found = occurrences(folder)
    clustering = cluster(found)
    group_of = {int(uid): k for k, group in enumerate(clustering.groups) for uid in group}
    apart, together = _errors(gold, group_of)
    for title, counts in (("missed", apart), ("merged", together)):
        print(f"{title}: {sum(map(len, counts.values()))} quotes")
        for kind, rows in sorted(counts.items(), key=lambda item: -len(item[1]))[:10]:
            print(f"{len(rows):6}  {kind}")
            for row in rows[0]:
                one = found[row]
                print(f"            {one.speaker} | {one.published} | {one.text[:150]}")


def _errors(
    gold: list[dict[str, str]], group_of: dict[int, int]
) -> tuple[dict[str, list[tuple[int, int]]], dict[str, list[tuple[int, int]]]]:
    """Quotes outside the largest group of their statement, and quotes in a group that is mostly another
    statement's; by operation or kind; each with a quote of that group."""
    by_statement: dict[str, list[int]] = defaultdict(list)
    by_group: dict[int, list[int]] = defaultdict(list)
    for row, line in enumerate(gold):
        by_statement[line["cluster"]].append(row)
        by_group[group_of[row]].append(row)
    apart: dict[str, list[tuple[int, int]]] = defaultdict(list)
    together: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for rows in by_statement.values():
        home = Counter(group_of[row] for row in rows).most_common(1)[0][0]
        kept = next(row for row in rows if group_of[row] == home)
        for row in rows:
            if group_of[row] != home:
                apart[re.sub(r"[+]?Hx:[^+]*", "", gold[row]["ops"])].append((row, kept))
    bridged = {line["utterance"] for line in gold if line["also"] != "-"}
    bridged |= {line["also"][1:] for line in gold if line["also"] != "-"}
    for rows in by_group.values():
        owner = Counter(gold[row]["utterance"] for row in rows).most_common(1)[0][0]
        kept = next(row for row in rows if gold[row]["utterance"] == owner)
        for row in rows:
            if gold[row]["utterance"] != owner and gold[row]["utterance"] not in bridged:
                together[gold[row]["kind"]].append((row, kept))
    return apart, together


def _odd(kind: str, n: int) -> Iterator[Occurrence]:
    """`n` quotes of one odd kind (a tenth as many where each has 2,000 words)."""
    chance = random.Random(1)
    vocabulary = [f"word{k}" for k in range(4000)]
    phrase = "Thank you all very much indeed for coming here today"
    for k in range(n // 10 if kind == "2,000 words each" else n):
        day: str | None = f"2025-{1 + k % 12:02}-{1 + k % 28:02}"
        speaker: str | None = f"Person Name{k % 500}"
        some = " ".join(chance.choices(vocabulary, k=12))
        text = {
            "empty or one word": ("", "Yes", "…", "No")[k % 4],
            "identical": phrase,
            "identical, unknown speakers, one day": phrase,
            "identical, a speaker each": phrase,
            "2,000 words each": " ".join(chance.choices(vocabulary, k=2000)),
            "one speaker, one opening": "As I told the assembly " + some,
            "all speakers unknown": some,
            "control characters": some.replace(" ", "\x00\x0b ", 3) + "\u202e\ud800",
            "right to left": " ".join("".join(chance.choices("אבגדהוזחטיכלמנ", k=4)) for _ in range(9)),
            "absurd dates": some,
        }[kind]
        if kind in ("identical, unknown speakers, one day", "all speakers unknown"):
            speaker = None
        elif kind == "one speaker, one opening":
            speaker = "Weber"
        elif kind == "identical, a speaker each":
            speaker = f"Person Name{k}"
        if kind == "identical, unknown speakers, one day":
            day = "2025-03-04"
        elif kind == "absurd dates":
            day = (None, "soon", "9999-99-99", "0001-01-01")[k % 4]
        yield Occurrence(f"{k:08}", text, speaker=speaker, published=day, language="en")


ODD = (
    "empty or one word",
    "identical",
    "identical, unknown speakers, one day",
    "identical, a speaker each",
    "2,000 words each",
    "one speaker, one opening",
    "all speakers unknown",
    "control characters",
    "right to left",
    "absurd dates",
)


def odd(n: int) -> None:
    """Print CPU seconds at n/4, n/2 and n, and the exponent of growth from n/4 to n."""
    cluster(list(_odd("all speakers unknown", 200)))
    for kind in ODD:
        seconds = []
        for count in (n // 4, n // 2, n):
            quotes = list(_odd(kind, count))
            start = time.process_time()
            cluster(quotes)
            seconds.append(max(1e-3, time.process_time() - start))
        exponent = math.log(seconds[-1] / seconds[0]) / math.log(4)
        print(f"{kind:40}", *(f"{one:7.2f}" for one in seconds), f"  n^{exponent:.2f}")


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
    parser.add_argument("what", choices=("score", "natural", "errors", "odd", "frequencies"))
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=SHARED)
    arguments = parser.parse_args()
    if arguments.what == "score":
        print(json.dumps(score(arguments.data, arguments.n, arguments.seed), indent=1))
    elif arguments.what == "errors":
        errors(arguments.data, arguments.n, arguments.seed)
    elif arguments.what == "odd":
        odd(arguments.n)
    elif arguments.what == "natural":
        print(json.dumps(natural(arguments.data)))
    else:
        frequencies(arguments.data.parent if arguments.data == SHARED else arguments.data)


if __name__ == "__main__":
    main()
