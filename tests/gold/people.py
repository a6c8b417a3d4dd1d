"""Reads tests/gold/people.tsv and scores a resolution against it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quotetrack.identity import Mention, standing_of


@dataclass(frozen=True, slots=True)
class Row:
    half: str
    person: str
    mention: Mention


def read_people() -> list[Row]:
    """In order of publication; every row is an article of its own."""
    lines = (Path(__file__).parent / "people.tsv").read_text("utf-8").splitlines()
    rows = []
    table = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    for number, row in enumerate(table):
        standing = standing_of(row["role"], row["organisation"])
        sectors = frozenset({standing.sector} - {None})
        mention = Mention(
            row["name"],
            f"article {number}",
            frozenset({row["organisation"].casefold()} - {""}),
            frozenset({row["role"].casefold()} - {""}),
            sectors,
            sectors if standing.former else frozenset(),
            frozenset(name.casefold() for name in row["with"].split(";") if name),
            row["published"],
            row["language"],
        )
        rows.append(Row(row["half"], row["person"], mention))
    return sorted(rows, key=lambda row: (row.mention.published or "", row.mention.article))


def scores(gold: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """B³ (Bagga and Baldwin 1998) and pairwise precision, recall and F1, each 0 to 1, over mentions."""
    together, golds, founds = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    n = len(gold)
    precision = sum(count * count / founds[cluster] for (_, cluster), count in together.items()) / n
    recall = sum(count * count / golds[person] for (person, _), count in together.items()) / n
    both, ours, theirs = (sum(c * (c - 1) / 2 for c in x.values()) for x in (together, founds, golds))
    return {
        "b3_precision": precision,
        "b3_recall": recall,
        "b3_f1": _f1(precision, recall),
        "pair_precision": both / ours if ours else 1.0,
        "pair_recall": both / theirs if theirs else 1.0,
        "pair_f1": _f1(both / ours if ours else 1.0, both / theirs if theirs else 1.0),
    }


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
