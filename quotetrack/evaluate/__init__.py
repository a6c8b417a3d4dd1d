"""Scores of predicted quotes against annotated ones, and the gate that keeps them from falling."""

from quotetrack.evaluate.corpora import CorpusError, Document, Labelled, digest, document_of, read_corpus
from quotetrack.evaluate.match import Measure
from quotetrack.evaluate.report import as_dict, table
from quotetrack.evaluate.run import Measurement, compared, compared_corpora, measure_corpus, predict
from quotetrack.evaluate.scores import Report, evaluate

__all__ = [
    "CorpusError",
    "Document",
    "Labelled",
    "Measure",
    "Measurement",
    "Report",
    "as_dict",
    "compared",
    "compared_corpora",
    "digest",
    "document_of",
    "evaluate",
    "measure_corpus",
    "predict",
    "read_corpus",
    "table",
]
