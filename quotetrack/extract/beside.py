"""The cue beside a quotation: `Weber said: “…”` before its mark, `“…”, said Weber` after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.extract.borrowed import subject_before
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
from quotetrack.extract.quoters import quoted_behind
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import (
    source_after,
    source_before,
    source_of,
    subject_run,
)
from quotetrack.types import Span

_DASHES = ("–", "—", "―", "--", "-")
MAX_NAME = 60  # characters of a person's name
MAX_SIGNATURE = 8  # words of a name behind a dash
MAX_LABEL = 3  # words of a quotation that may be a label where nothing says whose words it is
MAX_TITLE = 6  # words a title in marks may have
MAX_LIGHT = 12  # words between a cue and the mark it leads to; more is another clause


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a frame: its words, its source's words, and the rule that found it."""

    rule: str
    words: tuple[int, ...]
    source: tuple[int, ...]


def cue_after(reading: Reading, one: Framed) -> Cue | None:
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
    cited = citation(reading, first, frame.end)
    if cited is not None:
        return Cue(f"direct/{cited.rule}", cited.words, cited.source)
    for place in range(first, frame.end):
        if reading.words[place].text in ";:":
            return None
        if _is_cue(reading, place) or _is_manner(reading, one, first, place):
            pre = [p for p in range(first, place) if reading.words[p].upos in NOMINAL]
            source = (
                subject_run(reading, place, first) or source_before(reading, place, first)
                if pre
                else quoted_behind(reading, place, frame.end) or source_after(reading, place, frame.end)
            )
            rule = "direct/following" if pre else "direct/inverted"
            if not source:
                source = source_of(
                    reading, place, reading.sentences[reading.sentence[place]].start, frame.end
                )
            if len(source) == 1 and reading.lower[source[0]] in reading.pack.words("generic"):
                return None  # `Als „Ebbe“ bezeichnet man …` defines a word
            if _is_name_of(reading, one, place):
                return None
            return Cue(rule, _cue_words(reading, place), tuple(source))
        if (
            is_finite(reading, place)
            and reading.words[place].upos == "VERB"
            and not _after_relative(reading, first, place)
        ):
            return None
    return None


def _is_name_of(reading: Reading, one: Framed, verb: int) -> bool:
    """Whether a quotation only says what something is called: `„Wikiasari“, so heißt das Projekt`."""
    return reading.lemmas[verb] in reading.pack.words("naming") and not _is_utterance(reading, one)


def _is_cue(reading: Reading, place: int) -> bool:
    """Whether a word is a verb of saying, by its tag or, where the tagger took it for a noun, its form."""
    if is_verb(reading, place):
        return lemma_in(reading, place, "say")
    if reading.words[place].upos != "NOUN":
        return False
    before = reading.words[place - 1].upos if place else ""
    after = reading.words[place + 1].upos if place + 1 < len(reading.words) else ""
    return (
        before in ("PROPN", "PRON")
        and after not in ("NOUN", "PROPN")
        and reading.pack.forms.get(reading.lower[place]) in reading.pack.words("say")
    )


def _signature(reading: Reading, frame: Frame, first: int) -> Cue | None:
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
    return Cue("direct/signed", (first - 1,), tuple(name))


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


def _after_relative(reading: Reading, first: int, place: int) -> bool:
    """Whether a relative pronoun or conjunction stands between, so that the verb is a side clause's."""
    return any(
        reading.lower[p] in reading.pack.words("relative") or reading.words[p].upos == "SCONJ"
        for p in range(first, place)
    )


def cue_before(reading: Reading, one: Framed) -> Cue | None:
    """The cue before a quotation: `Weber said: “…”`, `Weber: “…”`, `according to Weber, “…”`."""
    frame = one.left
    if frame is None:
        return None
    last = frame.end - 1
    ends = reading.words[last].text
    colon = ends.endswith(":")
    labelled = _behind_dash(reading, frame) if colon else ()
    if labelled:
        return Cue("direct/name-colon", (last,), labelled)
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
            if _is_name_of(reading, one, place):
                return None
            if colon and _is_aside(reading, place, between):
                break
            source = source_of(reading, place, frame.first, frame.end) or _main_subject(reading, place)
            return Cue(
                "direct/colon" if colon else "direct/preceding", _cue_words(reading, place), tuple(source)
            )
    for first in range(frame.first, frame.end):
        cited = citation(reading, first, frame.end)
        if cited is None:
            continue
        onward = cited.source[-1] + 1 if cited.source else frame.end
        while colon and onward < last and reading.words[onward].upos == "ADV":
            onward += 1
        if (
            cited.source[-1:] == (last,)
            or (colon and onward == last)
            or (first == frame.first and (colon or ends == ","))
        ):
            return Cue(f"direct/{cited.rule}", cited.words, cited.source)
    if colon and _is_utterance(reading, one):
        return _before_colon(reading, frame)
    return None


def _is_aside(reading: Reading, verb: int, between: list[int]) -> bool:
    """Whether a verb only says something of the clause that leads to the colon (`Darauf reagierend,
    veröffentlichte Weber dies:`): no finite verb itself, with the finite one after it."""
    if reading.words[verb].upos != "VERB" or is_finite(reading, verb) or auxiliaries(reading, verb):
        return False
    return any(is_finite(reading, p) and reading.words[p].upos == "VERB" for p in between)


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


def _before_colon(reading: Reading, frame: Frame) -> Cue | None:
    """`Weber: “…”`, or the subject of whatever sentence leads up to the colon."""
    if any(reading.lemmas[p] in reading.pack.words("label") for p in range(frame.first, frame.end)):
        return None  # `Motto: „…“`
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
            return Cue(
                "direct/clause-colon",
                colon,
                tuple(source_of(reading, earlier[0], sentence.start, frame.first)),
            )
    if verb is None:
        run = nominal_run(reading, frame.first, frame.end)
        rest = range(run[-1] + 1, frame.end - 1) if run else range(0)
        if rest and all(reading.words[p].upos in NOMINAL for p in rest):
            run = [*run, *rest]  # `Innenminister Weber: “…”` where a common noun is a name
        source = noun_phrase(reading, run[0], frame.first, frame.end) if run else []
        return Cue("direct/name-colon", colon, tuple(run if len(run) > len(source) else source))
    told = source_of(reading, verb, frame.first, frame.end)
    named = _named_at(reading, frame.end - 1)
    if named and not set(named) & set(told) and not _is_personal(reading, told):
        told = named  # `This does not surprise the pollster Anna Weber: “…”`
    return Cue("direct/clause-colon", colon, tuple(told))


def _behind_dash(reading: Reading, frame: Frame) -> tuple[int, ...]:
    """Somebody named between a dash and the colon, without a verb: `A close race - Anna Weber: “…”`."""
    dash = next((p for p in range(frame.end - 2, frame.first, -1) if reading.words[p].text in _DASHES), None)
    if dash is None or reading.words[dash].span.end == reading.words[dash + 1].span.start:
        return ()
    label = [p for p in range(dash + 1, frame.end - 1) if not reading.is_punct(p)]
    if not 0 < len(label) <= MAX_SIGNATURE or any(is_finite(reading, p) for p in label):
        return ()
    case = next((p for p in label if reading.words[p].upos == "ADP"), None)
    if case is not None and all(reading.words[p].upos not in NOMINAL for p in label if p < case):
        label = [p for p in label if p > case]  # `More from Weber`
    return tuple(label) if any(reading.words[p].upos in ("NOUN", "PROPN") for p in label) else ()


def _named_at(reading: Reading, colon: int) -> list[int]:
    """The noun phrase with a person's name right before a colon."""
    end = reading.words[colon - 1].span.end if colon else 0
    for mention in reading.mentions_in(Span(max(0, end - MAX_NAME), end)) if end else ():
        if mention.kind == "person" and mention.span.end == end:
            start = reading.within(mention.span).start
            while start > 0 and reading.words[start - 1].upos in ("NOUN", "PROPN", "ADJ", "DET"):
                start -= 1
            return list(range(start, colon))
    return []


def _is_personal(reading: Reading, places: Sequence[int]) -> bool:
    """Whether a source is a pronoun or names somebody."""
    if not places:
        return False
    span = reading.span(places)
    named = any(
        mention.kind in ("person", "organisation") and span.covers(mention.span)
        for mention in reading.mentions_in(span)
    )
    return named or reading.words[places[0]].upos == "PRON"


def _cue_words(reading: Reading, verb: int) -> tuple[int, ...]:
    return tuple(sorted({verb, *auxiliaries(reading, verb)}))


def citation(reading: Reading, first: int, end: int) -> Cue | None:
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
            while len(source) > 1 and reading.words[source[-1]].upos == "ADV":
                source = source[:-1]  # `so Weber weiter`
            rule = "so" if words in pack.words("so") else "according-to"
            return Cue(rule, tuple(range(first, first + width)), tuple(source))
    return None
