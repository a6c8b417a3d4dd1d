"""Scores of predicted quotes against annotated ones, and the gate that keeps them from falling."""

from quotetrack.evaluate.corpora import CorpusError, Document, Labelled, digest, document_of, read_corpus
from quotetrack.evaluate.errors import Errors, count_errors, errors_table
from quotetrack.evaluate.match import Measure
from quotetrack.evaluate.reliability import reliability, reliability_table
from quotetrack.evaluate.report import as_dict, table
from quotetrack.evaluate.run import Measurement, compared, compared_corpora, measure_corpus, predict
from quotetrack.evaluate.scores import Report, evaluate

__all__ = [
    "CorpusError",
    "Document",
    "Errors",
    "Labelled",
    "Measure",
    "Measurement",
    "Report",
    "as_dict",
    "compared",
    "compared_corpora",
    "count_errors",
    "digest",
    "document_of",
    "errors_table",
    "evaluate",
    "measure_corpus",
    "predict",
    "read_corpus",
    "reliability",
    "reliability_table",
    "table",
]
