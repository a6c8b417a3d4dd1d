"""Runs the pipeline over annotated documents and puts its figures beside other systems'."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.evaluate.affiliations import SpeakerReport, evaluate_speakers, with_speakers
from quotetrack.evaluate.corpora import CorpusError, Document, document_of, read_corpus
from quotetrack.evaluate.report import beside, figure, table
from quotetrack.evaluate.scores import Report, evaluate
from quotetrack.paths import data_path
from quotetrack.records import article_record
from quotetrack.types import Article, Failure

if TYPE_CHECKING:
    from quotetrack.pipeline import Extractor


@dataclass(frozen=True, slots=True)
class Measurement:
    """One corpus as measured: the predictions, what was refused, and the figures.

    speakers: names, affiliations and roles, where the corpus has them annotated.
    """

    name: str
    gold: tuple[Document, ...]
    predicted: tuple[Document, ...]
    failures: tuple[Failure, ...]
    report: Report
    speakers: SpeakerReport | None = None


def predict(documents: Iterable[Document], extractor: Extractor) -> Iterator[Document | Failure]:
    """Read documents as articles of their own language, in order. Raises CorpusError for one without text."""
    from quotetrack.pipeline import batches

    for batch in batches(_article(document) for document in documents):
        for result in extractor.read(batch):
            if isinstance(result, Failure):
                yield result
            else:
                yield document_of(article_record(result.article, result.language, result.quotes))


def measure_corpus(path: Path, extractor: Extractor) -> Measurement:
    """Extract the quotes of an annotated corpus and score them. Raises CorpusError when it is none.

    Speakers are scored too where `affiliations/NAME.gold.jsonl` lies beside the corpus.
    """
    gold = read_corpus(path)
    results = list(predict(gold, extractor))
    predicted = [result for result in results if isinstance(result, Document)]
    failures = [result for result in results if isinstance(result, Failure)]
    name = path.name.removesuffix(".jsonl")
    annotated = path.parent / "affiliations" / f"{name}.gold.jsonl"
    speakers = None
    if annotated.is_file():
        speakers = evaluate_speakers(with_speakers(gold, annotated), predicted)
    report = evaluate(gold, predicted)
    return Measurement(name, tuple(gold), tuple(predicted), tuple(failures), report, speakers)


def compared_corpora() -> list[str]:
    """The corpora `make eval` prints, e.g. "polnear.dev"."""
    return list(_peers().corpora)


def compared(measurement: Measurement) -> str:
    """A corpus's table, then its main figures beside other systems', then its speakers."""
    peers = _peers()
    rows: dict[str, Mapping[str, float | None]] = {
        "quotetrack": {address: figure(measurement.report, address) for address in peers.columns}
    }
    rows.update(peers.corpora.get(measurement.name, {}))
    parts = [f"== {measurement.name}", table(measurement.report), beside(rows, peers.columns)]
    if measurement.speakers:
        parts.append(f"speakers: {measurement.speakers}")
    return "\n\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Peers:
    """`data/evaluation/peers.toml`: columns by address, and corpus → system → address → percent."""

    columns: Mapping[str, str]
    corpora: Mapping[str, Mapping[str, Mapping[str, float]]]


def _peers() -> _Peers:
    return _Peers(**tomllib.loads(data_path("evaluation", "peers.toml").read_text("utf-8")))


def _article(document: Document) -> Article:
    if document.text is None:
        raise CorpusError(f"{document.doc_id}: without text there is nothing to extract from")
    return Article(document.doc_id, document.text, doc_id=document.doc_id, language=document.language)
