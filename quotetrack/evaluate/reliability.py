"""Whether a confidence means what it says: how often quotes of each confidence are right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotetrack.evaluate.corpora import Document
from quotetrack.evaluate.match import match

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # lower edges


@dataclass(frozen=True, slots=True)
class Bin:
    """Quotes with a confidence in [low, high]: how many, their mean confidence, and the share right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(
    gold: Iterable[Document], predicted: Iterable[Document], edges: Sequence[float] = BINS
) -> list[Bin]:
    """Bins of predicted quotes by confidence (0 to 1); right is joint soft: a gold quote overlaps by at
    least half and the source covers its head. Quotes without a confidence are left out.
    """
    by_id = {document.doc_id: document for document in predicted}
    judged: list[tuple[float, bool]] = []
    for document in gold:
        found = match(document, by_id.get(document.doc_id))
        right = {id(answer.predicted) for answer in found.answers if answer.source_head}
        judged += [
            (quote.quote.confidence, id(quote) in right)
            for quote in found.predicted
            if quote.quote.confidence is not None
        ]
    bins = []
    for low, high in zip(edges, (*edges[1:], 1.0), strict=True):
        inside = [
            pair for pair in judged if low <= pair[0] and (pair[0] < high or (high == 1.0 and pair[0] <= 1.0))
        ]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), mean, sum(ok for _, ok in inside) / len(inside)))
    return bins


def reliability_table(bins: Iterable[Bin]) -> str:
    """The bins as Markdown."""
    lines = ["| confidence | quotes | mean | right |", "|---|---|---|---|"]
    lines += [
        f"| {b.low:.2f} to {b.high:.2f} | {b.count} | {b.confidence:.2f} | {100 * b.right:.1f} % |"
        for b in bins
    ]
    return "\n".join(lines)
