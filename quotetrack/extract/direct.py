"""Direct quotes: whole quotations, the cue beside or between them, and those that carry a speaker on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quotetrack.extract.found import Found
from quotetrack.extract.frames import Frame, Framed
from quotetrack.extract.openings import skip_circumstances
from quotetrack.extract.phrases import (
    NOMINAL,
    auxiliaries,
    is_finite,
    is_verb,
    lemma_in,
    nominal_run,
    noun_phrase,
)
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_after, source_before, source_of, subject_before, subject_run
from quotetrack.types import Span

_DASHES = ("–", "—", "―", "--", "-")
MAX_SIGNATURE = 8  # words of a name behind a dash
MAX_LABEL = 3  # words of a quotation that may be a label where nothing says whose words it is
MAX_TITLE = 6  # words a title in marks may have
MAX_LIGHT = 12  # words between a cue and the mark it leads to; more is another clause


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue in a frame: its words, its source's words, and the rule that found it."""

    rule: str
    words: tuple[int, ...]
    source: tuple[int, ...]


def direct_quotes(reading: Reading, framed: list[Framed]) -> list[Found]:
    """Attribute whole quotations. Fragments inside a clause are left to the indirect rules."""
    found: list[Found] = []
    last: Framed | None = None  # the quotation attributed last; the next one may go on with it
    for one in framed:
        left, right = _left(reading, one), _right(reading, one)
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
        elif last is not None and _stands_alone(one) and _carries(reading, last, one):
            if reading.pack.conventions.continued == "joined":
                found[-1] = _joined(found[-1], reading, one)
            else:
                found.append(_found(reading, one, _Cue("direct/carried", (), found[-1].source)))
        elif (
            _stands_alone(one)
            and len(reading.quotations[one.number].inner.of(reading.text).split()) > MAX_LABEL
        ):
            source = _floating_source(reading, one, last, found[-1] if found else None)
            found.append(_found(reading, one, _Cue("direct/floating", (), source)))
        else:
            continue
        last = one
    return found


def _with_source(cue: _Cue, last: Framed | None, one: Framed, found: list[Found]) -> _Cue:
    """A cue that names nobody (`…, und fügt hinzu: „…“`) with the source of the quote before it."""
    if cue.source or last is None or last.paragraph != one.paragraph:
        return cue
    return replace(cue, source=found[-1].source)


def _shares_cue(reading: Reading, last: Framed, one: Framed, left: _Cue, before: Found) -> bool:
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


def _floating_source(
    reading: Reading, one: Framed, last: Framed | None, before: Found | None
) -> tuple[int, ...]:
    """Whose words a quotation is that stands alone: the next sentence says so (`„…“ Das sagte Weber.`),
    else the quote right before it, else the subject of the sentence before it."""
    pointing = one.end < len(reading.words) and reading.words[one.end].upos == "PRON"
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
    if near:
        return near
    if before is not None and last is not None and one.paragraph - last.paragraph <= 1:
        return before.source
    return ()


def _found(reading: Reading, one: Framed, cue: _Cue) -> Found:
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
    reading: Reading, last: Framed, one: Framed, left: _Cue | None, right: _Cue | None, before: Found
) -> bool:
    """Whether a quotation goes on with the one before it without a word between: its line left it open and
    this line reopens it, or, where such quotes are joined, one of the two has no cue of its own."""
    if one.first != last.end or _is_other_kind(reading, last, one):
        return False
    if not reading.quotations[last.number].closed and one.first == reading.paragraphs[one.paragraph].start:
        return True
    joined = reading.pack.conventions.continued == "joined"
    return joined and (not before.cue or (left is None and right is None))


def _stands_alone(one: Framed) -> bool:
    return one.left is None and one.right is None


def _fragment(reading: Reading, one: Framed) -> bool:
    """Whether the clause goes on after the quotation: `said “A” was B`."""
    if one.right is None:
        return False
    first = reading.words[one.right.first]
    return first.upos in ("VERB", "AUX", "NOUN", "PROPN", "ADJ") and first.text[0].islower()


def _reaches(reading: Reading, one: Framed) -> bool:
    """Whether a quotation before a cue is an utterance: nothing but a new sentence stands before it."""
    return one.left is None or _is_light(reading, one.left)


def _is_light(reading: Reading, left: Frame) -> bool:
    places = [p for p in range(left.first, left.end) if not reading.is_punct(p)]
    return len(places) <= 2 and not any(is_verb(reading, p) for p in places)


def _right(reading: Reading, one: Framed) -> _Cue | None:
    """The cue after a quotation: `“…”, said Weber`, `“…,” Weber said`, `“…”, so Weber`."""
    frame = one.right
    if frame is None:
        return None
    first = frame.first
    while first < frame.end and reading.is_punct(first):
        first += 1
    signed = _signature(reading, frame, first)
    if signed is not None:
        return signed
    cited = _citation(reading, first, frame.end)
    if cited is not None:
        return _Cue(f"direct/{cited.rule}", cited.words, cited.source)
    for place in range(first, frame.end):
        if reading.words[place].text in ";:":
            return None
        if _is_cue(reading, place) or _is_manner(reading, one, first, place):
            pre = [p for p in range(first, place) if reading.words[p].upos in NOMINAL]
            source = (
                subject_run(reading, place, first) or source_before(reading, place, first)
                if pre
                else source_after(reading, place, frame.end)
            )
            rule = "direct/following" if pre else "direct/inverted"
            if not source:
                source = source_of(
                    reading, place, reading.sentences[reading.sentence[place]].start, frame.end
                )
            if len(source) == 1 and reading.lower[source[0]] in reading.pack.words("generic"):
                return None  # `Als „Ebbe“ bezeichnet man …` defines a word
            return _Cue(rule, _cue_words(reading, place), tuple(source))
        if (
            is_finite(reading, place)
            and reading.words[place].upos == "VERB"
            and not pre_relative(reading, first, place)
        ):
            return None
    return None


def _is_cue(reading: Reading, place: int) -> bool:
    """Whether a word is a verb of saying, by its tag or, where the tagger took it for a noun, its form."""
    if is_verb(reading, place):
        return lemma_in(reading, place, "say")
    if reading.words[place].upos != "NOUN":
        return False
    before = reading.words[place - 1].upos if place else ""
    return before in ("PROPN", "PRON") and reading.pack.forms.get(reading.lower[place]) in reading.pack.words(
        "say"
    )


def _signature(reading: Reading, frame: Frame, first: int) -> _Cue | None:
    """A quotation with a name behind a dash that ends its line: `“…” — Anna Weber`."""
    if first == frame.first or reading.words[first - 1].text not in _DASHES:
        return None
    end = frame.end
    while end > first and reading.is_punct(end - 1):
        end -= 1
    line = reading.paragraphs[frame.paragraph].stop
    name = range(first, end)
    if not 0 < len(name) <= MAX_SIGNATURE or frame.end < line:
        return None
    if reading.words[first].upos != "PROPN" or any(is_verb(reading, place) for place in name):
        return None
    return _Cue("direct/signed", (first - 1,), tuple(name))


def _is_manner(reading: Reading, one: Framed, first: int, place: int) -> bool:
    """Whether a finite verb after a quotation and its comma can only say how it was said (`„…“, staunte
    Weber`): it stands right after the comma, or at the end of the frame."""
    if not is_finite(reading, place) or reading.words[place].upos != "VERB" or one.right is None:
        return False
    inner = reading.quotations[one.number].inner.of(reading.text)
    comma = reading.words[one.right.first].text == "," or inner.endswith((",", "!", "?"))
    if not comma or len(inner.split()) <= MAX_LABEL:
        return False
    after = place + 1
    if place == first:
        return after < one.right.end and reading.words[after].upos in ("PROPN", "DET", "PRON", "NOUN", "ADJ")
    return after >= one.right.end - 1 and all(
        reading.words[p].upos in NOMINAL | {"DET", "ADJ"} for p in range(first, place)
    )


def pre_relative(reading: Reading, first: int, place: int) -> bool:
    """Whether a relative pronoun or conjunction stands between, so that the verb is a side clause's."""
    return any(
        reading.lower[p] in reading.pack.words("relative") or reading.words[p].upos == "SCONJ"
        for p in range(first, place)
    )


def _left(reading: Reading, one: Framed) -> _Cue | None:
    """The cue before a quotation: `Weber said: “…”`, `Weber: “…”`, `according to Weber, “…”`."""
    frame = one.left
    if frame is None:
        return None
    last = frame.end - 1
    ends = reading.words[last].text
    colon = ends.endswith(":")
    for place in range(last, frame.first - 1, -1):
        if is_verb(reading, place) and lemma_in(reading, place, "say"):
            between = [p for p in range(place + 1, frame.end) if not reading.is_punct(p)]
            if (
                not colon
                and ends != ","
                and (
                    len(between) > MAX_LIGHT
                    or any(is_finite(reading, p) and reading.words[p].upos == "VERB" for p in between)
                )
            ):
                return None
            if not colon and ends != "," and not _leads_on(reading, one, place, between):
                return None
            source = source_of(reading, place, frame.first, frame.end) or _main_subject(reading, place)
            return _Cue(
                "direct/colon" if colon else "direct/preceding", _cue_words(reading, place), tuple(source)
            )
    cited = _citation(reading, frame.first, frame.end)
    if cited is not None and (colon or ends == "," or cited.source[-1:] == (last,)):
        return _Cue(f"direct/{cited.rule}", cited.words, cited.source)
    if colon and _is_utterance(reading, one):
        return _before_colon(reading, frame)
    return None


def _is_utterance(reading: Reading, one: Framed) -> bool:
    """Whether a quotation is more than a title or a name: it has a verb, ends like a sentence or is long."""
    inside = [reading.words[p] for p in range(one.first, one.end)]
    words = [word for word in inside if word.text[0].isalnum()]
    return (
        len(words) > MAX_TITLE
        or any(word.text in (".", "!", "?", "…", "...") for word in inside)
        or any(word.upos in ("VERB", "AUX") for word in inside)
    )


def _main_subject(reading: Reading, verb: int) -> list[int]:
    """For a participle (`…, adding, “…”`): the subject of its sentence's main verb, else of the sentence
    before."""
    if reading.words[verb].feats.get("VerbForm") != "Part":
        return []
    sentence = reading.sentences[reading.sentence[verb]]
    for place in sentence:
        if (
            is_finite(reading, place)
            and place < verb
            and reading.words[place].deprel in ("root", "aux", "cop", "ccomp")
        ):
            return source_of(
                reading,
                place if reading.words[place].upos == "VERB" else reading.heads[place],
                sentence.start,
                verb,
            )
    return list(subject_before(reading, reading.sentence[verb]))


def _has_clause(reading: Reading, places: list[int]) -> bool:
    """Whether some words hold a verb that is not a relative clause's."""
    relative = False
    for place in places:
        relative = relative or reading.lower[place] in reading.pack.words("relative")
        if is_finite(reading, place) and reading.words[place].upos == "VERB" and not relative:
            return True
    return False


def _is_title(reading: Reading, one: Framed) -> bool:
    """Whether a quotation is written like a title: two or more words, all that carry meaning in capitals."""
    words = [reading.words[p] for p in range(one.first, one.end) if not reading.is_punct(p)]
    heavy = [word for word in words if word.upos in ("NOUN", "PROPN", "ADJ", "VERB", "NUM")]
    return len(words) >= 2 and bool(heavy) and all(not word.text[0].islower() for word in [words[0], *heavy])


def _leads_on(reading: Reading, one: Framed, verb: int, between: list[int]) -> bool:
    """Whether a cue leads to a mark without comma or colon: a verb that may, and after it no more than
    whom it told, when and where."""
    if reading.pack.words("adjacent") and not lemma_in(reading, verb, "adjacent"):
        return False
    if lemma_in(reading, verb, "works") and _is_title(reading, one):
        return False
    return not between or skip_circumstances(reading, verb, between[-1] + 1) > between[-1]


def _before_colon(reading: Reading, frame: Frame) -> _Cue | None:
    """`Weber: “…”`, or the subject of whatever sentence leads up to the colon."""
    verbs = [p for p in range(frame.first, frame.end) if is_finite(reading, p)]
    roots = [p for p in range(frame.first, frame.end) if reading.heads[p] < 0 and is_verb(reading, p)]
    verb = roots[-1] if roots else verbs[-1] if verbs else None
    colon = (frame.end - 1,)
    if verb is None and frame.before >= 0:  # a name in marks cut the sentence
        sentence = reading.sentences[reading.sentence[frame.first]]
        earlier = [
            p for p in range(sentence.start, frame.first) if is_finite(reading, p) and reading.quoted[p] < 0
        ]
        if earlier:
            return _Cue(
                "direct/clause-colon",
                colon,
                tuple(source_of(reading, earlier[0], sentence.start, frame.first)),
            )
    if verb is None:
        run = nominal_run(reading, frame.first, frame.end)
        source = noun_phrase(reading, run[0], frame.first, frame.end) if run else []
        return _Cue("direct/name-colon", colon, tuple(run if len(run) > len(source) else source))
    return _Cue("direct/clause-colon", colon, tuple(source_of(reading, verb, frame.first, frame.end)))


def _cue_words(reading: Reading, verb: int) -> tuple[int, ...]:
    return tuple(sorted({verb, *auxiliaries(reading, verb)}))


def _citation(reading: Reading, first: int, end: int) -> _Cue | None:
    """`according to X`, `laut X`, `nach Angaben von X`, `X zufolge`, `so X` at the start of [first, end)."""
    if first >= end:
        return None
    pack = reading.pack
    for width in (2, 1):
        words = " ".join(reading.lower[first : min(first + width, end)])
        if words in pack.words("preposition") or (width == 1 and words in pack.words("so")):
            run = nominal_run(reading, first + width, end)
            if not run or run[0] != first + width:
                return None
            head = next(
                (p for p in run if reading.heads[p] not in run and reading.words[p].upos in NOMINAL), run[0]
            )
            source = noun_phrase(reading, head, first + width, end)
            source = source if len(source) >= len(run) else run
            rule = "so" if words in pack.words("so") else "according-to"
            return _Cue(rule, tuple(range(first, first + width)), tuple(source))
    return None
