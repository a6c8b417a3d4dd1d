"""What goes wrong, counted by class: which quotes are missed, cut badly, invented or misattributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quotetrack.evaluate.corpora import Document
from quotetrack.evaluate.match import MEASURE, Matched, Measure, Measured, match


@dataclass(frozen=True, slots=True)
class Errors:
    """How often each class of error occurs; a badly cut quote may be missed and invented at once.

    classes: name → count, most frequent first. invented: rule → quotes of that rule that touch no quote of
    the gold.
    """

    classes: Mapping[str, int]
    invented: Mapping[str, int]


def count_errors(
    gold: Iterable[Document], predicted: Iterable[Document], measure: Measure = MEASURE
) -> Errors:
    """Count the errors of predicted documents against gold ones, paired by `doc_id`."""
    by_id = {document.doc_id: document for document in predicted}
    classes: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    for document in gold:
        matched = match(document, by_id.get(document.doc_id), measure)
        classes.update(_of(matched))
        for quote in _unanswered(matched.predicted, {id(a.predicted) for a in matched.answers}):
            if not any(quote.words & other.words for other in matched.gold):
                invented[quote.quote.rule or "?"] += 1
    return Errors(dict(classes.most_common()), dict(invented.most_common()))


def _of(matched: Matched) -> list[str]:
    """The classes of one document's errors, one name for each."""
    found = []
    for quote in _unanswered(matched.gold, {id(answer.gold) for answer in matched.answers}):
        touched = any(quote.words & other.words for other in matched.predicted)
        how = "what is found overlaps less than half" if touched else "nothing found"
        found.append(f"{quote.surface} missed, {how}")
    for quote in _unanswered(matched.predicted, {id(answer.predicted) for answer in matched.answers}):
        touched = any(quote.words & other.words for other in matched.gold)
        found.append(f"predicted, {'overlaps gold less than half' if touched else 'nothing in the gold'}")
    for answer in matched.answers:
        if not answer.source_head:
            given = bool(answer.predicted.source)
            found.append(f"paired, {'another speaker' if given else 'no speaker given'}")
        elif not answer.exact:
            found.append("right speaker, content not the same words")
    return found


def _unanswered(quotes: Iterable[Measured], answered: set[int]) -> list[Measured]:
    return [quote for quote in quotes if id(quote) not in answered]


def errors_table(errors: Errors) -> str:
    """Both counts as Markdown."""
    lines = ["| class of error | quotes |", "|---|---|"]
    lines += [f"| {name} | {count} |" for name, count in errors.classes.items()]
    lines += ["", "| nothing in the gold, by rule | quotes |", "|---|---|"]
    lines += [f"| `{rule}` | {count} |" for rule, count in errors.invented.items()]
    return "\n".join(lines)
