"""Annotated corpora: one document a line of JSONL, the same for gold and predicted quotes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Pair = tuple[int, int]  # [start, end) in code points; unlike a Span it may be empty, as corpora have it


class CorpusError(ValueError):
    """A corpus that cannot be read or does not fit the other; the text starts with where."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One quote as a corpus or an extractor labels it.

    type: the corpus's own, beyond direct, indirect and mixed where it has more; None where it has none.
    speaker_name, affiliation, role: as resolved, None when unknown; confidence: 0 to 1, rule: what found it;
    both None when not said.
    """

    content: tuple[Pair, ...]
    source: tuple[Pair, ...] = ()
    cue: tuple[Pair, ...] = ()
    type: str | None = None
    speaker_name: str | None = None
    affiliation: str | None = None
    role: str | None = None
    confidence: float | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its quotes. text: None in predictions that do not repeat it.

    ignored: stretches that were not annotated (captions, "Read more").
    """

    doc_id: str
    quotes: tuple[Labelled, ...]
    text: str | None = None
    language: str = "en"
    ignored: tuple[Pair, ...] = ()


def read_corpus(path: Path) -> list[Document]:
    """Read gold or predicted documents. Raises CorpusError naming the line that is no document."""
    documents = []
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    documents.append(_document(line, f"{path}:{number}"))
    except (OSError, UnicodeDecodeError) as problem:
        raise CorpusError(f"{path}: {problem}") from problem
    return documents


def document_of(record: Mapping[str, Any]) -> Document:
    """A JSONL record as a document. Raises KeyError, TypeError or ValueError when it is none."""
    return Document(
        doc_id=str(record["doc_id"]),
        quotes=tuple(
            Labelled(
                content=_pairs(quote["content_spans"]),
                source=_pairs(quote.get("speaker_spans")),
                cue=_pairs(quote.get("cue_spans")),
                type=quote.get("type"),
                speaker_name=quote.get("speaker_name"),
                affiliation=quote.get("affiliation"),
                role=quote.get("role"),
                confidence=quote.get("confidence"),
                rule=quote.get("rule"),
            )
            for quote in record["quotes"]
        ),
        text=record.get("text"),
        language=record.get("lang") or "en",
        ignored=_pairs(record.get("ignore_spans")),
    )


def digest(documents: Iterable[Document]) -> str:
    """Hex digest of texts and quotes, independent of the order: what scores were measured on."""
    lines = sorted(
        json.dumps(
            [d.doc_id, d.language, d.text, [[q.content, q.source, q.cue, q.type] for q in d.quotes]],
            ensure_ascii=True,
        )
        for d in documents
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _document(line: str, origin: str) -> Document:
    try:
        return document_of(json.loads(line))
    except KeyError as problem:
        raise CorpusError(f"{origin}: {problem} is missing") from problem
    except (TypeError, ValueError, AttributeError) as problem:
        raise CorpusError(f"{origin}: not a document with quotes: {problem}") from problem


def _pairs(spans: Any) -> tuple[Pair, ...]:
    return tuple((int(start), int(end)) for start, end in spans or ())
