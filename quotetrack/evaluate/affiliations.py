"""How good resolved speakers, their affiliations and roles are, as the evalkit's `affil.py` measures it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quotetrack.evaluate.corpora import CorpusError, Document, Labelled, Pair
from quotetrack.evaluate.marks import conventions

FIELDS = {"name": "speaker_name", "affiliation": "affiliation", "role": "role"}


@dataclass(frozen=True, slots=True)
class FieldScore:
    """F1 in percent of one field, with how many were right, predicted and in the gold."""

    f1: float
    right: int
    predicted: int
    gold: int


@dataclass(frozen=True, slots=True)
class SpeakerReport:
    """fields: name, affiliation, role; paired: gold quotes that a prediction answers, of `quotes`."""

    fields: Mapping[str, FieldScore]
    paired: int
    quotes: int

    def __str__(self) -> str:
        parts = [f"paired {self.paired}/{self.quotes}"]
        parts += [
            f"{name} F1 {score.f1:.1f} ({score.right}/{score.predicted}/{score.gold})"
            for name, score in self.fields.items()
        ]
        return "; ".join(parts)


def with_speakers(quotes: Iterable[Document], path: Path) -> list[Document]:
    """Gold quotes with the speakers of a `*.gold.jsonl` beside them; documents without any are left out.

    Raises CorpusError when a document has not one speaker a quote.
    """
    by_id = {document.doc_id: document for document in quotes}
    found = []
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        document, speakers = by_id.get(record["doc_id"]), record["speakers"]
        if document is None or len(document.quotes) != len(speakers):
            raise CorpusError(f"{path}: {record['doc_id']}: not one speaker for each gold quote")
        found.append(
            replace(
                document,
                quotes=tuple(
                    replace(
                        quote,
                        speaker_name=speaker.get("speaker_name"),
                        affiliation=speaker.get("affiliation"),
                        role=speaker.get("role"),
                    )
                    for quote, speaker in zip(document.quotes, speakers, strict=True)
                ),
            )
        )
    return found


def evaluate_speakers(gold: Iterable[Document], predicted: Iterable[Document]) -> SpeakerReport:
    """Micro F1 of each field. A gold quote is answered by the prediction whose characters overlap it most
    (Jaccard), when they share at least half of the shorter of the two.
    """
    by_id = {document.doc_id: document for document in predicted}
    right: Counter[str] = Counter()
    in_gold: Counter[str] = Counter()
    in_predicted: Counter[str] = Counter()
    paired = total = 0
    for document in gold:
        answers = by_id[document.doc_id].quotes if document.doc_id in by_id else ()
        characters = [_characters(answer.content) for answer in answers]
        for quote in document.quotes:
            total += 1
            answer = _answer(_characters(quote.content), answers, characters)
            paired += answer is not None
            for name, field in FIELDS.items():
                ours, theirs = getattr(quote, field), getattr(answer, field, None)
                in_gold[name] += bool(ours)
                in_predicted[name] += bool(theirs)
                right[name] += bool(ours and theirs and agree(ours, theirs))
    fields = {
        name: FieldScore(
            200 * right[name] / max(1, in_gold[name] + in_predicted[name]),
            right[name],
            in_predicted[name],
            in_gold[name],
        )
        for name in FIELDS
    }
    return SpeakerReport(fields, paired, total)


def agree(one: str, other: str) -> bool:
    """Whether two names, organisations or roles are the same as written: equal after folding, one's words
    all in the other's (and at least half of them), or one the other's acronym.
    """
    a, b = _words(one), _words(other)
    if not a or not b:
        return a == b
    for short, long in ((a, b), (b, a)):
        if set(short) <= set(long) and len(short) * 2 >= len(long):
            return True
        if len(short) == 1 and short[0] == "".join(word[0] for word in long):
            return True
    return a == b


def _answer(
    wanted: frozenset[int], answers: Sequence[Labelled], characters: Sequence[frozenset[int]]
) -> Labelled | None:
    if not answers:
        return None
    overlaps = [len(wanted & found) / max(1, len(wanted | found)) for found in characters]
    best = overlaps.index(max(overlaps))
    shorter = min(len(wanted), len(characters[best]))
    return answers[best] if 0 < shorter <= 2 * len(wanted & characters[best]) else None


def _characters(spans: Iterable[Pair]) -> frozenset[int]:
    return frozenset(at for start, end in spans for at in range(start, end))


def _words(name: str) -> list[str]:
    rules = conventions()["names"]
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(char for char in decomposed if not unicodedata.combining(char)).replace("ß", "ss")
    endings = sorted(rules["endings"].split(), key=len, reverse=True)
    words = []
    for word in re.findall(r"\w+", folded):
        if word in rules["skip"].split():
            continue
        ending = next((end for end in endings if word.endswith(end)), "")
        if ending and len(word) > rules["longest_uninflected"]:
            words.append(word.removesuffix(ending))
        else:
            words.append(word)
    return words
