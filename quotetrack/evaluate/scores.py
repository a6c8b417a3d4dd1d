"""How good predicted quotes are against gold ones, overall and by type.

The measure is the evalkit's: exact spans (edge punctuation does not count), PARC's partial overlap
(Hollingsworth and Teufel 2005; Pareti et al. 2013), tokens, whole quotes paired by overlap, and *joint*
scores in which content and source are both right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quotetrack.evaluate.corpora import CorpusError, Document
from quotetrack.evaluate.match import MEASURE, Answer, Extent, Matched, Measure, Measured, match

SURFACES = ("direct", "indirect", "mixed")


@dataclass(frozen=True, slots=True)
class Rate:
    """Precision, recall and F1 in percent, of so many gold and predicted units."""

    p: float
    r: float
    f1: float
    n_gold: int
    n_pred: int


@dataclass(frozen=True, slots=True)
class SourceAccuracy:
    """Among paired quotes whose gold quote has a source: percent with the right one, its head, any at all."""

    pairs: int
    exact: float
    head: float
    given: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one type of quote; token is None for a corpus's own types."""

    exact: Rate
    partial: Rate
    token: Rate | None
    quote_match: Rate
    joint_exact: Rate
    joint_soft: Rate
    source: SourceAccuracy


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a corpus. types: "all", then surface types and "native:…" ones, alphabetically."""

    documents: int
    without_prediction: int
    types: Mapping[str, Scores]


def evaluate(gold: Iterable[Document], predicted: Iterable[Document], measure: Measure = MEASURE) -> Report:
    """Score predictions; documents without one count as empty.

    Raises CorpusError for a document predicted twice, an unknown one, or another text.
    """
    waiting: dict[str, Document] = {}
    for document in predicted:
        if document.doc_id in waiting:
            raise CorpusError(f"{document.doc_id}: two predictions")
        waiting[document.doc_id] = document
    tallies: dict[str, _Tally] = {}
    documents = missing = 0
    for document in gold:
        answer = waiting.pop(document.doc_id, None)
        missing += answer is None
        documents += 1
        _count(tallies, match(document, answer, measure))
    if waiting:
        raise CorpusError(f"{', '.join(sorted(waiting)[:3])}: predicted, but not in the gold corpus")
    ordered = sorted(
        (kind for kind in tallies if tallies[kind].quotes), key=lambda kind: (kind != "all", kind)
    )
    return Report(documents, missing, {kind: tallies[kind].scores(kind) for kind in ordered})


@dataclass(slots=True)
class _Side:
    """Counts of the gold or of the predicted quotes of one type."""

    quotes: int = 0
    spans: int = 0
    exact: int = 0
    share: float = 0.0
    tokens: int = 0
    shared_tokens: int = 0
    joint: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Tally:
    gold: _Side = field(default_factory=_Side)
    predicted: _Side = field(default_factory=_Side)
    source: Counter[str] = field(default_factory=Counter)

    @property
    def quotes(self) -> int:
        return self.gold.quotes + self.predicted.quotes

    def scores(self, kind: str) -> Scores:
        gold, predicted, pairs = self.gold, self.predicted, self.source["pairs"]

        def rate(of_predicted: float, of_gold: float, unit: str) -> Rate:
            n_pred, n_gold = getattr(predicted, unit), getattr(gold, unit)
            p = of_predicted / n_pred if n_pred else 0.0
            r = of_gold / n_gold if n_gold else 0.0
            return Rate(100 * p, 100 * r, 200 * p * r / (p + r) if p + r else 0.0, n_gold, n_pred)

        def joint(name: str) -> Rate:
            return rate(predicted.joint[name], gold.joint[name], "quotes")

        def percent(name: str) -> float:
            return 100 * self.source[name] / pairs if pairs else 0.0

        has_tokens = kind == "all" or kind in SURFACES
        return Scores(
            exact=rate(predicted.exact, gold.exact, "spans"),
            partial=rate(predicted.share, gold.share, "spans"),
            token=rate(predicted.shared_tokens, gold.shared_tokens, "tokens") if has_tokens else None,
            quote_match=joint("match"),
            joint_exact=joint("exact"),
            joint_soft=joint("soft"),
            source=SourceAccuracy(pairs, percent("exact"), percent("head"), percent("given")),
        )


def _count(tallies: dict[str, _Tally], found: Matched) -> None:
    def tally(kind: str) -> _Tally:
        return tallies.setdefault(kind, _Tally())

    gold_spans, predicted_spans = _distinct(found.gold), _distinct(found.predicted)
    gold_tokens = _tokens(found.gold)
    predicted_tokens = _tokens(found.predicted)
    for side, quotes, spans, others, other_tokens in (
        ("gold", found.gold, gold_spans, predicted_spans, predicted_tokens),
        ("predicted", found.predicted, predicted_spans, gold_spans, gold_tokens),
    ):
        for key, (extent, quote) in spans.items():
            best = max((len(extent.tokens & other.tokens) for other, _ in others.values()), default=0)
            for kind in _kinds(quote):
                counts: _Side = getattr(tally(kind), side)
                counts.spans += 1
                counts.exact += key in others
                counts.share += best / len(extent.tokens)
        for quote in quotes:
            for kind in _kinds(quote):
                getattr(tally(kind), side).quotes += 1
        for kind in ("all", *SURFACES):
            tokens = _tokens(quote for quote in quotes if kind in ("all", quote.surface))
            if tokens:
                counts = getattr(tally(kind), side)
                counts.tokens += len(tokens)
                counts.shared_tokens += len(tokens & other_tokens)
    for answer in found.answers:
        _count_answer(answer, tally)


def _count_answer(answer: Answer, tally: Any) -> None:
    right = {
        "match": True,
        "exact": answer.exact and answer.source_exact,
        "soft": answer.source_head,
    }
    for side, quote in (("gold", answer.gold), ("predicted", answer.predicted)):
        for kind in _kinds(quote):
            getattr(tally(kind), side).joint.update(right)
    if answer.gold.source:
        for kind in _kinds(answer.gold):
            tally(kind).source.update(
                pairs=1,
                exact=answer.source_exact,
                head=answer.source_head,
                given=bool(answer.predicted.source),
            )


def _kinds(quote: Measured) -> tuple[str, str, str]:
    return "all", quote.surface, f"native:{quote.native}"


def _distinct(quotes: Iterable[Measured]) -> dict[frozenset[int], tuple[Extent, Measured]]:
    """Spans by what must agree; one that several quotes share counts once, for the first of them."""
    found: dict[frozenset[int], tuple[Extent, Measured]] = {}
    for quote in quotes:
        for extent in quote.spans:
            found.setdefault(extent.key, (extent, quote))
    return found


def _tokens(quotes: Iterable[Measured]) -> frozenset[int]:
    return frozenset().union(*(quote.tokens for quote in quotes))
