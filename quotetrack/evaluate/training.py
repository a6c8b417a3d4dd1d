"""From annotated articles to a judge: candidates of every text, each right or wrong by the gold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quotetrack import languages
from quotetrack.evaluate.corpora import CorpusError, Document, document_of, read_corpus
from quotetrack.evaluate.match import match
from quotetrack.extract import find_quotes
from quotetrack.learn import Example, Judge, best_threshold, describe, fit
from quotetrack.reading import Extractor, proposals
from quotetrack.records import quote_record
from quotetrack.types import Annotation, Quote

FOLDS = 4  # parts for choosing the threshold: each is judged by a judge fitted to the others
BATCH = 20  # documents annotated in one call


@dataclass(frozen=True, slots=True)
class Training:
    """A judge and what it was made from: candidates, how many were right, quotes in the gold; f1: joint soft,
    in percent, of the candidates kept by judges that had not seen their texts."""

    judge: Judge
    candidates: int
    right: int
    gold: int
    f1: float


def train(paths: Sequence[Path], extractor: Extractor) -> Training:
    """Fit a judge to annotated corpora of one language.

    A candidate is right when it overlaps a gold quote of its own by half and names the head of its source.
    Raises CorpusError for corpora that are none, empty, or of several languages, ValueError where nothing
    can be learned, LookupError without models for the language.
    """
    documents = [document for path in paths for document in read_corpus(path)]
    spoken = {document.language for document in documents}
    if len(spoken) != 1:
        raise CorpusError(f"{paths[0]}: a judge has one language, the corpora have {sorted(spoken)}")
    (language,) = spoken
    texts = [
        examples(document, annotation) for document, annotation in _annotated(documents, extractor, language)
    ]
    gold = sum(len(match(document, None).gold) for document in documents)
    judged = list(_judged(texts, language))
    threshold = best_threshold(judged, gold)
    kept = [right for probability, right in judged if probability >= threshold]
    everything = [example for text in texts for example in text]
    judge = fit(everything, language, [path.name for path in paths])
    return Training(
        judge=replace(judge, threshold=round(threshold, 3)),
        candidates=len(everything),
        right=sum(right for _, right in everything),
        gold=gold,
        f1=200 * sum(kept) / (gold + len(kept)),
    )


def examples(document: Document, annotation: Annotation) -> list[Example]:
    """The candidates of an annotated text, described, and whether each is right."""
    pack = languages.load(annotation.language)
    found = proposals(annotation, pack, find_quotes(annotation, pack))
    right = _right(document, found)
    return list(zip(describe(annotation, found), right, strict=True))


def _right(document: Document, found: Sequence[Quote]) -> list[bool]:
    record = {"doc_id": document.doc_id, "quotes": [quote_record(quote) for quote in found]}
    predicted = document_of(record)
    answered = {
        id(answer.predicted.quote) for answer in match(document, predicted).answers if answer.source_head
    }
    return [id(quote) in answered for quote in predicted.quotes]


def _annotated(
    documents: Sequence[Document], extractor: Extractor, language: str
) -> Iterator[tuple[Document, Annotation]]:
    for first in range(0, len(documents), BATCH):
        part = documents[first : first + BATCH]
        texts = [document.text for document in part if document.text is not None]
        if len(texts) < len(part):
            raise CorpusError(f"{part[0].doc_id}: a document has no text")
        yield from zip(part, extractor.annotate(texts, language), strict=True)


def _judged(texts: Sequence[Sequence[Example]], language: str) -> Iterator[tuple[float, bool]]:
    """Each candidate's probability by a judge that has not seen its text, and whether it is right."""
    for fold in range(FOLDS):
        others = [example for at, text in enumerate(texts) if at % FOLDS != fold for example in text]
        judge = fit(others, language)
        for text in texts[fold::FOLDS]:
            yield from ((judge.probability(features), right) for features, right in text)
