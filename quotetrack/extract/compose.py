"""From what the rules found to quotes: overlaps settled, words in marks told apart, spans in characters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from quotetrack.extract.confidence import LEAST, confidence_of
from quotetrack.extract.found import Found
from quotetrack.extract.phrases import lemma_in
from quotetrack.extract.reach import bare
from quotetrack.extract.reading import Reading
from quotetrack.types import Quote, QuoteType, Span

_AFTER = ("direct/inverted", "direct/following")  # rules whose cue follows its quotation
_SAID = ("indirect/that", "indirect/bare")
_LEADING = ("indirect/bare", "indirect/object", "indirect/predication")
_ASIDE = ("indirect/parenthetical", "indirect/as")
_EMBEDDABLE = (
    *_SAID,
    "indirect/question",
    "indirect/infinitive",
    "indirect/object",
    "indirect/predication",
    "indirect/noun",
    "indirect/adjective",
    "indirect/raising",
)
# Somebody's very words without any marks.
_LITERAL = ("dialogue/turn", "dialogue/answer", "direct/block", "direct/post")
_EDGES = " \t\n\r\xa0,;:.–—―-"
_CLOSING_EDGES = " \t\n\r\xa0,;:–—―"


def settle(reading: Reading, direct: Sequence[Found], indirect: Sequence[Found]) -> list[Found]:
    """Keep one attribution of the same words: the more specific cue wins over a carried speaker, a
    mixed quote over the quotation it holds, and a direct one over a clause inside of it."""
    direct, indirect = attach(reading, direct, indirect)
    kept_indirect: list[Found] = []
    leading = {place for one in direct if one.rule in _AFTER for place in one.cue}
    swallowed: set[int] = set()
    lines = _by_paragraph(reading, direct)
    for one in indirect:
        words = words_of(reading, one.content)
        near = sorted({n for line in _paragraphs_of(reading, one) for n in lines.get(line, ())})
        rivals = [(n, direct[n]) for n in near if words & words_of(reading, direct[n].content)]
        if any(words <= words_of(reading, d.content) for _, d in rivals):
            continue
        if one.rule in _LEADING and leading & set(one.cue) and not rivals:
            continue  # what follows `“…,” said Weber` is Weber
        if one.rule in ("indirect/trailing", "indirect/parenthetical") and any(
            set(d.cue) & set(one.cue) for _, d in rivals
        ):
            continue
        for number, rival in rivals:
            inside = words_of(reading, rival.content) <= words
            if inside and (
                not rival.cue or set(rival.cue) & set(one.cue) or rival.rule == "direct/clause-colon"
            ):
                swallowed.add(number)
        kept_indirect.append(one)
    around = {place for one in kept_indirect if one.rule in _ASIDE for place in one.cue}
    kept_indirect = [
        one
        for one in kept_indirect
        if (one.rule not in (*_SAID, "indirect/question") or not around & set(one.cue))
        and min(words_of(reading, one.content), default=-1) not in around
    ]
    lines = _by_paragraph(reading, kept_indirect)
    kept_indirect = [
        one
        for one in kept_indirect
        if not one.cue
        or not _is_embedded(
            reading, one, [kept_indirect[n] for n in lines.get(reading.paragraph[one.cue[0]], ())]
        )
    ]
    unique: dict[tuple[Span, ...], Found] = {}
    for one in [d for n, d in enumerate(direct) if n not in swallowed] + kept_indirect:
        other = unique.get(one.content)
        if other is None or _rank(reading, one) > _rank(reading, other):
            unique[one.content] = one
    return list(unique.values())


def _paragraphs_of(reading: Reading, one: Found) -> range:
    """The numbers of the lines that a content reaches over."""
    words = reading.within(Span(one.content[0].start, one.content[-1].end))
    return range(reading.paragraph[words[0]], reading.paragraph[words[-1]] + 1) if words else range(0)


def _by_paragraph(reading: Reading, found: Sequence[Found]) -> dict[int, list[int]]:
    """Which attributions have content in a line: what keeps a long article's comparisons few."""
    lines: dict[int, list[int]] = {}
    for number, one in enumerate(found):
        for line in _paragraphs_of(reading, one):
            lines.setdefault(line, []).append(number)
    return lines


def _rank(reading: Reading, one: Found) -> float:
    return confidence_of(reading, one, one.content)


def _is_embedded(reading: Reading, one: Found, others: Sequence[Found]) -> bool:
    """Whether an attribution is part of what somebody else is made to say (`Weber said she believes A`).
    It is kept only where it names another speaker with a verb of saying (`Weber said Kern told her A`)."""
    if one.rule not in _EMBEDDABLE or not one.cue or reading.pack.conventions.partly_quoted == "both":
        return False
    cue = reading.words[one.cue[0]].span
    if not any(other is not one and any(span.covers(cue) for span in other.content) for other in others):
        return False
    named = any(reading.words[place].upos == "PROPN" for place in one.source)
    return not (
        named and one.rule in _SAID and any(lemma_in(reading, place, "adjacent") for place in one.cue)
    )


def without_turns(reading: Reading, direct: Sequence[Found], turns: Sequence[Found]) -> list[Found]:
    """Direct quotes without those that take a transcript in marks, each of whose lines names its speaker,
    for one speaker's words."""
    said = [words_of(reading, turn.content) for turn in turns if turn.rule == "dialogue/turn"]
    return [
        one
        for one in direct
        if one.rule not in ("direct/floating", "direct/clause-colon", "direct/name-colon", "direct/colon")
        or sum(1 for words in said if words <= words_of(reading, one.content)) < 1
    ]


def attach(
    reading: Reading, direct: Sequence[Found], indirect: Sequence[Found]
) -> tuple[list[Found], list[Found]]:
    """Let a quotation that stands alone go on with the indirect quote of the sentence before it: joined to
    it, or with its source, as the language counts."""
    joined = reading.pack.conventions.continued == "joined"
    kept: list[Found] = []
    others = list(indirect)
    for one in direct:
        at = _holder_before(reading, one, others) if one.rule == "direct/floating" else None
        if at is None:
            kept.append(one)
        elif joined:
            holder = others[at]
            if _is_bare(reading.text[holder.content[-1].end : one.content[0].start]):
                content = (*holder.content[:-1], Span(holder.content[-1].start, one.content[-1].end))
            else:
                content = (*holder.content, *one.content)
            others[at] = replace(holder, content=content, quotations=(*holder.quotations, *one.quotations))
        else:
            kept.append(replace(one, rule="direct/carried", source=others[at].source))
    return kept, others


def _is_bare(text: str) -> bool:
    return not any(character.isalnum() for character in text)


def _holder_before(reading: Reading, one: Found, others: Sequence[Found]) -> int | None:
    """The indirect quote whose sentence ends right before a quotation: the outermost one there."""
    first = reading.within(one.content[0]).start
    while first > 0 and reading.quoted[first - 1] == reading.quoted[first]:
        first -= 1
    if first == 0:
        return None
    before = reading.sentence[first - 1]
    candidates = [
        (other.content[0].start, n)
        for n, other in enumerate(others)
        if other.cue
        and reading.sentence[other.cue[0]] == before
        and other.content[-1].end <= one.content[0].start
        and other.rule not in ("indirect/raising", "indirect/noun", "indirect/question")
    ]
    return min(candidates)[1] if candidates else None


def words_of(reading: Reading, spans: Iterable[Span]) -> frozenset[int]:
    """The words (not the punctuation) that lie in some spans."""
    return frozenset(p for span in spans for p in reading.within(span) if not reading.is_punct(p))


def type_of(reading: Reading, spans: Iterable[Span]) -> QuoteType:
    """direct: every word in quotation marks; indirect: none; mixed: some."""
    words = words_of(reading, spans)
    quoted = sum(1 for place in words if reading.quoted[place] >= 0)
    return "indirect" if not quoted else "direct" if quoted == len(words) else "mixed"


def quotes_of(reading: Reading, found: Iterable[Found]) -> list[Quote]:
    """Quotes in reading order. Spans lose the punctuation and the marks at their edges; a content is
    kept clear of its cue and its source."""
    quotes = []
    for one in found:
        content = tuple(tidy for span in one.content if (tidy := tidied(reading, span)) is not None)
        if not content:
            continue
        confidence = confidence_of(reading, one, content)
        if confidence < LEAST and one.rule.startswith("indirect/"):
            continue
        cue = tuple(span for span in runs(reading, one.cue) if not any(span.overlaps(c) for c in content))
        named = bare(reading, one.source)
        source = tuple(tidied(reading, span) or span for span in ((reading.span(named),) if named else ()))
        quotes.append(
            Quote(
                "direct" if one.rule in _LITERAL else type_of(reading, content),
                content,
                cue,
                source,
                confidence,
                one.rule,
            )
        )
    return sorted(quotes, key=lambda q: (q.content[0].start, -q.content[-1].end, q.rule))


def tidied(reading: Reading, span: Span) -> Span | None:
    """A span without space, commas and unpaired marks at its edges; None when no word is left."""
    text = reading.text
    start, end = span.start, span.end
    while start < end and not text[start].isalnum() and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _CLOSING_EDGES:
        end -= 1
    place = bisect_left(reading.quotations, start, key=lambda quotation: quotation.outer.start)
    for quotation in reading.quotations[place : place + 2]:
        if (quotation.outer.start, quotation.outer.end) == (start, end):
            start, end = quotation.inner.start, quotation.inner.end
    if start >= end or not any(character.isalnum() for character in text[start:end]):
        return None
    return Span(start, end)


def runs(reading: Reading, places: Iterable[int]) -> tuple[Span, ...]:
    """Spans of words, neighbours put together."""
    groups: list[list[int]] = []
    for place in sorted(places):
        if groups and place == groups[-1][-1] + 1:
            groups[-1].append(place)
        else:
            groups.append([place])
    return tuple(reading.span(group) for group in groups)
