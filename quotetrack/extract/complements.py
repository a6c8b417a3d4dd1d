"""Indirect quotes whose content is a cue's complement: that-clauses, bare clauses, questions, infinitives."""

from __future__ import annotations

from quotetrack.extract.claims import claim, clause_after, genitive
from quotetrack.extract.clauses import bounds, clause_end, right_edge
from quotetrack.extract.found import Found
from quotetrack.extract.mood import in_reported_mood, main_verb
from quotetrack.extract.openings import Opening, opening_of
from quotetrack.extract.phrases import (
    auxiliaries,
    is_asked,
    is_finite,
    is_passive,
    is_verb,
    lemma_in,
    noun_phrase,
)
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import is_writer, source_before, source_of
from quotetrack.extract.speakers import can_speak
from quotetrack.types import Span


def complements(reading: Reading) -> list[Found]:
    """One attribution for each cue with a clause after it."""
    found = []
    for place in range(len(reading.words)):
        if reading.quoted[place] >= 0:
            continue
        if (
            is_verb(reading, place)
            and lemma_in(reading, place, "clause", "that_only", "infinitive", "raising")
            and not (is_passive(reading, place) and _is_adjective(reading, place))
        ):
            one = _of_verb(reading, place)
        elif reading.words[place].upos == "NOUN" and (
            reading.lemmas[place] in reading.pack.words("noun") | reading.pack.words("infinitive_noun")
        ):
            one = claim(reading, place)
        elif _is_adjective(reading, place):
            one = _of_adjective(reading, place)
        else:
            continue
        if one is not None:
            found.append(one)
    return found


def _of_verb(reading: Reading, verb: int) -> Found | None:
    inside = bounds(reading, verb)
    if reading.pack.mood and _is_reported_itself(reading, verb, inside):
        return None
    if _is_only_heard(reading, verb):
        return None
    opening = opening_of(reading, verb, inside.stop)
    if opening is None:
        return _in_relative(reading, verb, inside)
    stop = right_edge(reading, verb, opening.start, inside.stop)
    if opening.kind == "question" and is_asked(reading, verb):
        stop = clause_end(reading, opening.start, stop)  # `Asked whether A, | Weber said B`
    if stop <= opening.start:
        return None
    if opening.kind == "infinitive":
        raised = _raised(reading, verb, opening, stop, inside)
        if raised is not None:
            return raised
        if not lemma_in(reading, verb, "infinitive") or _is_of_owned(reading, verb, opening.start):
            return None
        if _is_silence(reading, verb, opening.start):
            return None
        if is_passive(reading, verb) and reading.pack.words("raising_passive"):
            return None
        if opening.start > verb + 1 and lemma_in(reading, verb, "object_infinitive"):
            preposition = reading.words[verb + 1].upos == "ADP"
            opening = Opening(verb + 2 if preposition else verb + 1, "infinitive")
    elif not lemma_in(reading, verb, "clause") and not (
        opening.kind == "that" and lemma_in(reading, verb, "that_only")
    ):
        return None
    source = source_of(reading, verb, inside.start, opening.start)
    if opening.kind == "infinitive" and is_writer(reading, source):
        return None
    return Found(
        f"indirect/{opening.kind}",
        (reading.span(range(opening.start, stop)),),
        _cue(reading, verb, opening.start, stop),
        tuple(p for p in source if not opening.start <= p < stop),
    )


def _is_of_owned(reading: Reading, verb: int, start: int) -> bool:
    """Whether an infinitive says what a noun between it and its verb means, which is somebody else's: `lehnte
    den Vorschlag des Ministers ab, die Werke zu schließen`."""
    if not reading.pack.conventions.clause_commas:
        return False
    for noun in range(verb + 1, start):
        listed = reading.lemmas[noun] in reading.pack.words("infinitive_noun")
        if listed and reading.words[noun].upos == "NOUN" and reading.kid(noun, "case") is None:
            owner = genitive(reading, noun)
            if owner is not None and noun < owner < start and can_speak(reading, [owner]):
                return True
    return False


def _is_only_heard(reading: Reading, verb: int) -> bool:
    """Whether a passive cue only says how what follows it is known: `can be heard | yelling that A`."""
    below = reading.kid(verb, "xcomp")
    if below is None or reading.lemmas[verb] not in reading.pack.words("perceiving"):
        return False
    if not is_passive(reading, verb):
        return False
    cue = is_verb(reading, below) and lemma_in(reading, below, "clause", "say")
    return cue and reading.words[below].feats.get("VerbForm") in ("Part", "Ger", "Inf")


def _in_relative(reading: Reading, verb: int, inside: range) -> Found | None:
    """`A, which Weber said | was B`: a relative clause whose own verb follows the cue."""
    after = verb + 1
    while after < inside.stop and reading.words[after].upos == "ADV":
        after += 1
    if reading.pack.conventions.clause_commas or after >= inside.stop or not is_finite(reading, after):
        return None
    if not lemma_in(reading, verb, "bare") or is_passive(reading, verb) or not is_finite(reading, verb):
        return None
    source = source_before(reading, verb, inside.start)
    relative = source[0] - 1 if source else -1
    if relative < inside.start or reading.lower[relative] not in reading.pack.words("relative_object"):
        return None
    if is_writer(reading, source) and reading.lower[relative] not in reading.pack.words("relative"):
        return None  # `what we found was`: who writes says it of himself
    stop = right_edge(reading, verb, after, inside.stop)
    if stop <= after:
        return None
    content = (reading.span([relative]), reading.span(range(after, stop)))
    return Found("indirect/relative", content, _cue(reading, verb, after, stop), tuple(source))


def _is_silence(reading: Reading, verb: int, start: int) -> bool:
    """`declined to comment`: nothing was said."""
    silent = any(
        reading.lemmas[p] in reading.pack.words("saying_nothing")
        for p in range(start, min(start + 3, len(reading.words)))
    )
    return silent and reading.lemmas[verb] in reading.pack.words("declining")


def _is_reported_itself(reading: Reading, verb: int, inside: range) -> bool:
    """`Die IAEO gehe davon aus, dass …`: the cue is somebody's reported words, all of its sentence is."""
    main = main_verb(reading, inside)
    if (
        main is None
        or not in_reported_mood(reading, main)
        or reading.lower[main] in reading.pack.mood.get("irrealis", ())
    ):
        return False
    return main == verb or main in auxiliaries(reading, verb)


def _cue(reading: Reading, verb: int, start: int, stop: int) -> tuple[int, ...]:
    return tuple(sorted({verb, *(a for a in auxiliaries(reading, verb) if not start <= a < stop)}))


def _raised(reading: Reading, verb: int, opening: Opening, stop: int, inside: range) -> Found | None:
    """`Weber is expected to resign`, `Weber seems to agree`: what is expected is said of the subject, so
    that subject and infinitive are the content and nobody is named as its source."""
    passive = is_passive(reading, verb) and lemma_in(reading, verb, "raising_passive")
    if not passive and not lemma_in(reading, verb, "raising"):
        return None
    subject = reading.kid(verb, "nsubj")
    if subject is None or subject > verb:
        return None
    limit = min([verb, *[a for a in auxiliaries(reading, verb) if subject < a < verb]])
    phrase = noun_phrase(reading, subject, inside.start, limit)
    if not phrase:
        return None
    content: tuple[Span, ...] = (reading.span(phrase), reading.span(range(opening.start, stop)))
    return Found("indirect/raising", content, _cue(reading, verb, opening.start, stop))


def _is_adjective(reading: Reading, place: int) -> bool:
    """Whether a word says what somebody feels, as an adjective or as a participle (`is convinced that A`)."""
    word = reading.words[place]
    if word.upos in ("ADJ", "ADV"):
        listed = reading.pack.words("adjective")
        return reading.lemmas[place] in listed or reading.lower[place] in listed
    if word.feats.get("VerbForm") != "Part" or reading.pack.conventions.verb_second:
        return False
    return reading.lower[place] in reading.pack.words("adjective")


def _of_adjective(reading: Reading, adjective: int) -> Found | None:
    """`Weber is confident that …`."""
    inside = bounds(reading, adjective)
    start = clause_after(reading, adjective, inside) or _bare_after(reading, adjective, inside)
    if start is None:
        return None
    stop = right_edge(reading, adjective, start, inside.stop)
    source = source_of(reading, adjective, inside.start, adjective)
    held = reading.kid(adjective, "nsubj:pass", "nsubj")
    nobody = held is None or reading.lower[held] in reading.pack.words("expletive")
    if not source and held is not None and not nobody and inside.start <= held < adjective:
        source = noun_phrase(reading, held, inside.start, adjective)
    if stop <= start or not source:
        return None
    return Found("indirect/adjective", (reading.span(range(start, stop)),), (adjective,), tuple(source))


def _bare_after(reading: Reading, adjective: int, inside: range) -> int | None:
    """Where a clause without a complementizer begins right after what somebody feels: `is convinced | it is
    over`."""
    start = adjective + 1
    if reading.pack.conventions.verb_second or start >= inside.stop:
        return None
    if reading.words[start].upos not in ("PRON", "DET", "PROPN") or reading.quoted[start] >= 0:
        return None
    own = (reading.kid(adjective, "cop"), reading.kid(adjective, "aux"))
    clause = reading.kid(adjective, "ccomp")
    return start if own != (None, None) and clause is not None and clause > start else None
