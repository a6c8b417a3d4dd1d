"""Direct quotes: whole quotations, the cue beside or between them, and those that carry a speaker on."""

from __future__ import annotations

from dataclasses import replace

from quotetrack.extract.beside import MAX_LABEL, Cue, cue_after, cue_before
from quotetrack.extract.borrowed import subject_before
from quotetrack.extract.extents import names_somebody
from quotetrack.extract.found import Found
from quotetrack.extract.frames import Frame, Framed
from quotetrack.extract.phrases import is_verb, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of
from quotetrack.extract.speakers import can_speak
from quotetrack.types import Span


def direct_quotes(reading: Reading, framed: list[Framed]) -> list[Found]:
    """Attribute whole quotations. Fragments inside a clause are left to the indirect rules."""
    found: list[Found] = []
    last: Framed | None = None  # the quotation attributed last; the next one may go on with it
    for one in framed:
        left, right = cue_before(reading, one), cue_after(reading, one)
        if (
            left is not None
            and right is not None
            and (left.rule.endswith("colon") or _is_far(one, left))
            and _tags(reading, one, right)
        ):
            left = right  # `Weber scolded him: “…,” she said`
        if last is not None and _goes_on(reading, last, one, left, right, found[-1]):
            found[-1] = _joined(found[-1], reading, one, through=True)
            if right is not None and not found[-1].cue:
                found[-1] = replace(found[-1], rule=right.rule, cue=right.words, source=right.source)
        elif last is not None and left is not None and _shares_cue(reading, last, one, left, found[-1]):
            found[-1] = _joined(found[-1], reading, one)
        elif left is not None and not _fragment(reading, one):
            found.append(_found(reading, one, _with_source(left, last, one, found)))
        elif right is not None and _reaches(reading, one):
            found.append(_found(reading, one, right))
        elif last is not None and _only_joins(reading, last, one):
            found.append(_found(reading, one, Cue("direct/carried", (), found[-1].source)))
        elif last is not None and _stands_alone(one) and _carries(reading, last, one):
            if reading.pack.conventions.continued == "joined":
                found[-1] = _joined(found[-1], reading, one)
            else:
                found.append(
                    _found(reading, one, Cue("direct/carried", (), _carried(reading, last, one, found[-1])))
                )
        elif (
            _stands_alone(one)
            and len(reading.quotations[one.number].inner.of(reading.text).split()) > MAX_LABEL
        ):
            source = _floating_source(reading, one, last, found[-1] if found else None)
            found.append(_found(reading, one, Cue("direct/floating", (), source)))
        else:
            continue
        last = one
    return found


def _is_far(one: Framed, left: Cue) -> bool:
    """Whether the words before a quotation open its sentence and their verb does not stand right before it:
    `When Weber offered more money, “…,” Kern said`."""
    if left.rule != "direct/preceding" or one.left is None or one.left.before >= 0 or not left.words:
        return False
    return left.words[-1] + 2 < one.left.end


def _is_aside(reading: Reading, place: int) -> bool:
    """Whether a word is a present participle: `“…,” | adding that A`."""
    feats = reading.words[place].feats
    return feats.get("VerbForm") == "Part" and feats.get("Tense") == "Pres"


def _tags(reading: Reading, one: Framed, right: Cue) -> bool:
    """Whether the words after a quotation say whose it is, and do not go on with what stands before it."""
    if one.right is None or not right.source:
        return False
    begin = one.right.first
    first = next((p for p in range(begin, one.right.end) if not reading.is_punct(p)), begin)
    if _is_aside(reading, first):
        return False  # `Weber said: “…,” adding that A`
    comma = (
        reading.words[begin].text == "," or reading.quotations[one.number].inner.of(reading.text)[-1] == ","
    )
    return (comma or reading.words[first].text[0].islower()) and first in (*right.words, *right.source)


def _with_source(cue: Cue, last: Framed | None, one: Framed, found: list[Found]) -> Cue:
    """A cue that names nobody (`…, und fügt hinzu: „…“`) with the source of the quote before it."""
    if cue.source or last is None or last.paragraph != one.paragraph:
        return cue
    return replace(cue, source=found[-1].source)


def _shares_cue(reading: Reading, last: Framed, one: Framed, left: Cue, before: Found) -> bool:
    """Whether the words between two quotations are the cue of both: `“A,” said Weber, “B.”`"""
    if one.left is None or one.left.before != last.number or before.cue != left.words:
        return False
    end = reading.words[one.left.end - 1]
    return not end.text[-1].isalnum() or one.left.end - 1 in left.words


def _is_other_kind(reading: Reading, last: Framed, one: Framed) -> bool:
    """Whether one of two quotations is in single marks and the other in double ones."""
    return reading.quotations[last.number].single != reading.quotations[one.number].single


def _carries(reading: Reading, last: Framed, one: Framed) -> bool:
    """Whether a quotation that stands alone goes on with the quote before it: in the same paragraph, or
    at the beginning of the next one where the last one ended with its cue."""
    if _is_other_kind(reading, last, one):
        return False
    if last.paragraph == one.paragraph:
        return True
    if reading.pack.conventions.continued != "joined" or one.paragraph != last.paragraph + 1:
        return False
    ends = last.right.end if last.right else last.end
    return (
        ends >= reading.paragraphs[last.paragraph].stop
        and one.first == reading.paragraphs[one.paragraph].start
    )


def _carried(reading: Reading, last: Framed, one: Framed, before: Found) -> tuple[int, ...]:
    """Whose words a quotation is that stands alone after another: the same speaker's, unless a sentence
    between them has another subject who can speak (`Weber lobte den Plan. „…“`)."""
    number = reading.sentence[one.first]
    ends = last.right.end if last.right else last.end
    if number - reading.sentence[ends - 1] < 2:
        return before.source
    near = subject_before(reading, number)
    return near if near and names_somebody(reading, near) and can_speak(reading, near) else before.source


def _floating_source(
    reading: Reading, one: Framed, last: Framed | None, before: Found | None
) -> tuple[int, ...]:
    """Whose words a quotation is that stands alone: the next sentence says so (`„…“ Das sagte Weber.`),
    else the quote right before it, else the subject of the sentence before it."""
    pointing = one.end < len(reading.words) and (
        reading.words[one.end].upos == "PRON" or reading.words[one.end].deprel != "det"
    )
    if pointing and reading.lower[one.end] in reading.pack.words("demonstrative"):
        sentence = reading.sentences[reading.sentence[one.end]]
        for place in sentence:
            if is_verb(reading, place) and lemma_in(reading, place, "say"):
                return tuple(p for p in source_of(reading, place, one.end + 1, sentence.stop))
    sentence_number = reading.sentence[one.first]
    adjacent = before is not None and last is not None and one.first - last.end <= 1
    if before is not None and adjacent:
        return before.source
    near = subject_before(reading, sentence_number)
    if near and (can_speak(reading, near) or not reading.pack.conventions.verb_second):
        return near
    if before is not None and last is not None and one.paragraph - last.paragraph <= 1:
        return before.source
    return ()


def _found(reading: Reading, one: Framed, cue: Cue) -> Found:
    return Found(cue.rule, (reading.quotations[one.number].inner,), cue.words, cue.source, (one.number,))


def _joined(before: Found, reading: Reading, one: Framed, through: bool = False) -> Found:
    """The quote with one more quotation: a span of its own, or `through` all that stands between."""
    inner = reading.quotations[one.number].inner
    apart = reading.pack.conventions.continued == "apart"
    if through and not (apart and "\n" in reading.text[before.content[-1].end : inner.start]):
        content = (*before.content[:-1], Span(before.content[-1].start, inner.end))
    else:
        content = (*before.content, inner)
    return Found(before.rule, content, before.cue, before.source, (*before.quotations, one.number))


def _goes_on(
    reading: Reading, last: Framed, one: Framed, left: Cue | None, right: Cue | None, before: Found
) -> bool:
    """Whether a quotation goes on with the one before it without a word between: its line left it open and
    this line reopens it, or, where such quotes are joined, one of the two has no cue of its own."""
    if one.first != last.end or _is_other_kind(reading, last, one):
        return False
    if not reading.quotations[last.number].closed and one.first == reading.paragraphs[one.paragraph].start:
        return True
    joined = reading.pack.conventions.continued == "joined"
    if last.paragraph != one.paragraph and (left is not None or right is not None):
        return False  # closed at its line's end: what stands there may be somebody else's
    return joined and (not before.cue or (left is None and right is None))


def _stands_alone(one: Framed) -> bool:
    return one.left is None and one.right is None


def _only_joins(reading: Reading, last: Framed, one: Framed) -> bool:
    """Whether no more than a conjunction stands between two quotations, in languages that count them apart:
    `Er sagte: „…“ und „…“`."""
    if reading.pack.conventions.continued == "joined" or one.left is None or one.left.before != last.number:
        return False
    return all(reading.words[p].upos in ("CCONJ", "PUNCT") for p in range(one.left.first, one.left.end))


def _fragment(reading: Reading, one: Framed) -> bool:
    """Whether the clause goes on after the quotation: `said “A” was B`."""
    if one.right is None:
        return False
    first = reading.words[one.right.first]
    closed = reading.quotations[one.number].inner.of(reading.text).endswith(",")
    if closed and _is_aside(reading, one.right.first):
        return False  # `Weber shot back: “…,” pointing at the door`
    return first.upos in ("VERB", "AUX", "NOUN", "PROPN", "ADJ") and first.text[0].islower()


def _reaches(reading: Reading, one: Framed) -> bool:
    """Whether a quotation before a cue is an utterance: nothing but a new sentence stands before it."""
    return one.left is None or _is_light(reading, one.left)


def _is_light(reading: Reading, left: Frame) -> bool:
    places = [p for p in range(left.first, left.end) if not reading.is_punct(p)]
    return len(places) <= 2 and not any(is_verb(reading, p) for p in places)
