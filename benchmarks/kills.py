"""Does an archive survive `kill -9`? python -m benchmarks.kills

Starts `quotetrack add` over and over, kills it at a random moment each time, lets the same command finish
the work, and compares the database, row for row, with that of a run nobody disturbed.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

MOMENTS = {"fetched_at", "when", "started", "run"}  # columns that tell one run from another
PEOPLE = ("Mara Lindqvist", "Anna Weber", "Jonas Holm", "Ilse Brandt", "Tariq Osei", "Nora Vance")
THINGS = ("the harbour", "the northern bridge", "the ferry", "the school roof", "the water rates")
DEEDS = ("will be built", "cannot wait", "was promised in May", "is nobody's concern", "costs too much")


def articles(count: int, seed: int = 1) -> Iterator[dict[str, object]]:
    """Fictional articles with two quotes each, some of which stand in several outlets."""
    draw = random.Random(seed)
    for number in range(count):
        speaker = draw.choice(PEOPLE)
        said = [f"{draw.choice(THINGS)} {draw.choice(DEEDS)}, come what may in year {n}" for n in (1, 2)]
        text, quotes = f"{speaker} spoke in Seebrück, article {number} of a made-up series. ", []
        for content in said:
            start = len(text) + 1
            text += f"“{content}”, said {speaker}. "
            name = text.rindex(speaker)
            quotes.append(
                {
                    "type": "direct",
                    "content_spans": [[start, start + len(content)]],
                    "speaker_spans": [[name, name + len(speaker)]],
                    "speaker_name": speaker,
                    "affiliation": "Fictional Council of Seebrück",
                    "role": "member",
                    "confidence": 1.0,
                    "rule": "given",
                }
            )
        yield {
            "doc_id": str(number),
            "lang": "en",
            "text": text,
            "outlet": f"Fictional Courier {number % 7}",
            "published": f"2025-03-{1 + number % 28:02}",
            "quotes": quotes,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """kills: those that met a running process; early: runs that had ended before. same: equal databases."""

    runs: int
    kills: int
    same: int


def survive(folder: Path, count: int, runs: int, seed: int = 1) -> Outcome:
    """Kill `runs` runs over `count` articles at random moments, and finish each. Works in `folder`."""
    source = folder / "articles.jsonl"
    source.write_text("\n".join(map(json.dumps, articles(count))), "utf-8")
    started = time.monotonic()
    _start(folder / "whole.db", source).wait()
    lasts = time.monotonic() - started
    expected = dump(folder / "whole.db")
    draw, kills, same = random.Random(seed), 0, 0
    for number in range(runs):
        db = folder / f"{number}.db"
        run = _start(db, source)
        try:
            run.wait(draw.uniform(0.0, lasts))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            kills += 1
        run.wait()
        _start(db, source).wait()
        same += dump(db) == expected
        for file in folder.glob(f"{db.name}*"):
            file.unlink()
    return Outcome(runs, kills, same)


def dump(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table and index of words, but for the moments at which they were written."""
    with closing(sqlite3.connect(db)) as conn:
        found = {}
        tables = conn.execute("select name from sqlite_master where type = 'table' and name <> 'runs'")
        for (table,) in sorted(tables):
            columns = [name for _, name, *_ in conn.execute(f"pragma table_info('{table}')")]
            kept = ", ".join(f'"{name}"' for name in columns if name not in MOMENTS)
            if table.endswith("_fts"):
                conn.execute(f"insert into {table}({table}, rank) values ('integrity-check', 1)")
            if "_fts" not in table and table != "_sqlite_migrations":
                found[table] = sorted(conn.execute(f"select {kept} from {table}"), key=repr)
        return found


def _start(db: Path, source: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "quotetrack", "add", str(db), str(source), "--quotes", "given"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--runs", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = survive(Path(folder), given.articles, given.runs)
    print(
        f"{outcome.runs} runs over {given.articles} articles, {outcome.kills} killed half-way:"
        f" {outcome.same} archives equal that of an undisturbed run, row for row"
    )
    sys.exit(outcome.same != outcome.runs)


if __name__ == "__main__":
    main()
