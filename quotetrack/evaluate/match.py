"""Which predicted quote answers which gold quote of one document, and whether its speaker is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.evaluate.corpora import CorpusError, Document, Labelled, Pair
from quotetrack.evaluate.marks import Tokens, conventions, covered, surface_type


@dataclass(frozen=True, slots=True)
class Measure:
    """How strictly quotes are compared.

    strict: punctuation at the edges counts; least: the smallest Dice overlap (0 to 1) of a pair; any_word:
    one shared word of the sources is enough instead of the head; skip_ignored: drop predictions wholly in
    stretches that were not annotated; cues: keep only gold quotes with one of these words as cue.
    """

    strict: bool = False
    least: float = 0.5
    any_word: bool = False
    skip_ignored: bool = False
    cues: frozenset[str] | None = None


MEASURE = Measure()


@dataclass(frozen=True, slots=True)
class Extent:
    """A span as token indices: all it touches, and those that must agree for it to be exact."""

    tokens: frozenset[int]
    key: frozenset[int]


@dataclass(frozen=True, slots=True)
class Measured:
    """A quote laid out on the tokens of its document.

    surface: direct, indirect or mixed by the quotation marks in the text; source: the words of the source
    span; head: its head word (one token, or none).
    """

    quote: Labelled
    spans: tuple[Extent, ...]
    tokens: frozenset[int]
    words: frozenset[int]
    source: frozenset[int]
    head: frozenset[int]
    surface: str

    @property
    def native(self) -> str:
        return self.quote.type or "?"


@dataclass(frozen=True, slots=True)
class Answer:
    """A gold and a predicted quote that answer each other.

    exact: the contents are the same words; source_exact, source_head: the source is the same words, or
    covers the gold one's head (both true where neither has a source).
    """

    gold: Measured
    predicted: Measured
    exact: bool
    source_exact: bool
    source_head: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """All quotes of one document and the pairs among them."""

    gold: tuple[Measured, ...]
    predicted: tuple[Measured, ...]
    answers: tuple[Answer, ...]


def match(gold: Document, predicted: Document | None, measure: Measure = MEASURE) -> Matched:
    """Lay both documents' quotes on tokens and pair them one to one, most overlap first.

    Raises CorpusError when the texts differ or the gold document has none.
    """
    if gold.text is None:
        raise CorpusError(f"{gold.doc_id}: the gold document has no text")
    if predicted is not None and predicted.text not in (None, gold.text):
        raise CorpusError(f"{gold.doc_id}: the prediction's text is not the gold text")
    tokens = Tokens(gold.text)
    inside = covered(gold.text, gold.language)

    def lay_out(quotes: Sequence[Labelled]) -> tuple[Measured, ...]:
        laid_out = (_measure(quote, gold.text or "", tokens, inside, measure.strict) for quote in quotes)
        return tuple(quote for quote in laid_out if quote.spans)

    ours = lay_out(gold.quotes)
    theirs = lay_out(predicted.quotes if predicted else ())
    if measure.cues is not None:
        ours = tuple(quote for quote in ours if measure.cues & set(_cue(gold.text, quote.quote).split()))
    if measure.skip_ignored and gold.ignored:
        out = tokens.touched(gold.ignored)
        theirs = tuple(quote for quote in theirs if not quote.tokens <= out)
    return Matched(ours, theirs, tuple(_answers(ours, theirs, measure)))


def head(tokens: Tokens, source: Sequence[Pair]) -> frozenset[int]:
    """The head of a source by rule: the last word of its first span before a comma, preposition or "who".

    "Mike Pence, the governor of Indiana" → Pence; "a spokesman for the mayor" → spokesman.
    """
    words = conventions()["head"]
    skip, stop = words["skip"].split(), words["break"].split()
    touched = sorted(tokens.touched(source[:1]))
    found: int | None = None
    for index in touched:
        word = tokens.lower[index]
        if found is not None and word in stop:
            break
        if tokens.is_word[index] and (found is not None or word not in skip):
            found = index
    if found is None:
        found = next((index for index in reversed(touched) if tokens.is_word[index]), None)
    return frozenset() if found is None else frozenset({found})


def _measure(quote: Labelled, text: str, tokens: Tokens, inside: bytearray, strict: bool) -> Measured:
    spans = []
    for span in quote.content:
        touched = tokens.touched([span])
        key = touched if strict else tokens.words([span])
        if key:
            spans.append(Extent(touched, key))
    return Measured(
        quote=quote,
        spans=tuple(spans),
        tokens=frozenset().union(*(span.tokens for span in spans)),
        words=frozenset().union(*(span.key for span in spans)),
        source=tokens.words(quote.source),
        head=head(tokens, quote.source),
        surface=surface_type(text, quote.content, inside),
    )


def _answers(gold: Sequence[Measured], predicted: Sequence[Measured], measure: Measure) -> list[Answer]:
    candidates = []
    for at, ours in enumerate(gold):
        for place, theirs in enumerate(predicted):
            if shared := len(ours.words & theirs.words):
                overlap = 2 * shared / (len(ours.words) + len(theirs.words))
                if overlap >= measure.least:
                    same_head = bool(ours.head) and ours.head == theirs.head
                    candidates.append((-overlap, not same_head, at, place))
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    answers = []
    for _, _, at, place in sorted(candidates):
        if at not in taken_gold and place not in taken_predicted:
            taken_gold.add(at)
            taken_predicted.add(place)
            answers.append(_answer(gold[at], predicted[place], measure.any_word))
    return answers


def _answer(gold: Measured, predicted: Measured, any_word: bool) -> Answer:
    if gold.source:
        source_exact = gold.source == predicted.source
        source_head = bool((gold.source if any_word else gold.head) & predicted.source)
    else:
        source_exact = source_head = not predicted.source
    return Answer(gold, predicted, gold.words == predicted.words, source_exact, source_head)


def _cue(text: str, quote: Labelled) -> str:
    return " ".join(text[start:end] for start, end in quote.cue).lower()
