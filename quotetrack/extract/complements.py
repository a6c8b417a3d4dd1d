"""Indirect quotes whose content is a cue's complement: that-clauses, bare clauses, questions, infinitives."""

from __future__ import annotations

from quotetrack.extract.clauses import bounds, right_edge
from quotetrack.extract.found import Found
from quotetrack.extract.mood import in_reported_mood, is_main, main_verb
from quotetrack.extract.openings import Opening, clause_at, opening_of
from quotetrack.extract.phrases import (
    auxiliaries,
    is_finite,
    is_passive,
    is_verb,
    lemma_in,
    noun_phrase,
    trimmed,
)
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import is_writer, source_before, source_of
from quotetrack.extract.speakers import can_speak
from quotetrack.types import Span

_CLASSES = ("clause", "that_only", "infinitive", "raising")
MAX_OWNER = 12  # words between a noun and its clause that may say whose it is


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
            one = _of_noun(reading, place)
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
            owner = _genitive(reading, noun)
            if owner is not None and noun < owner < start and can_speak(reading, [owner]):
                return True
    return False


def _genitive(reading: Reading, noun: int) -> int | None:
    """Whose a noun is by the tree: what hangs on it in the genitive or behind `von`."""
    for kid in reading.kids[noun]:
        case = reading.kid(kid, "case")
        if reading.words[kid].deprel == "nmod" and (
            case is None or reading.lower[case] in reading.pack.words("agent")
        ):
            return kid
    return None


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


def _after(reading: Reading, place: int, inside: range) -> int | None:
    """The complementizer right after a noun or adjective, a comma skipped."""
    start = place + 1
    while start < inside.stop and reading.is_punct(start) and start - place <= 1:
        start += 1
    if start >= inside.stop or reading.quoted[start] >= 0:
        return None
    return start if reading.lower[start] in reading.pack.words("complementizer") else None


def _of_noun(reading: Reading, noun: int) -> Found | None:
    """`the claim that …`: the noun's owner is the source (`Weber's claim`, `the claim by Weber`), or the
    subject of its verb (`Weber rejected the claim` names somebody else and is left)."""
    inside = bounds(reading, noun)
    predicate = _behind_copula(reading, noun, inside)
    start = _after(reading, noun, inside) or predicate or _after_owner(reading, noun, inside)
    start = start or _infinitive_after(reading, noun, inside)
    if start is None or _is_relative_pronoun(reading, start, inside.stop):
        return None
    edge = right_edge if predicate else _noun_edge
    stop = edge(reading, noun, start, inside.stop)
    if stop <= start or not any(is_verb(reading, place) for place in range(start, stop)):
        return None
    source = _owner(reading, noun, start, inside)
    if not source:
        head = reading.heads[noun]
        if reading.kid(noun, "cop") is not None:  # `Weber ist der Meinung, dass …`
            head = noun
        own = (
            reading.words[noun].deprel.startswith("nsubj") and head != noun and not _is_shared(reading, noun)
        )
        if (
            not own
            and (head == noun or is_verb(reading, head))
            and head in inside
            and not start <= head < stop
        ):
            source = source_of(reading, head, inside.start, max(noun, head))
            source = [] if noun in source else source
    if not source and reading.pack.conventions.clause_commas:
        source = [
            p for p in noun_phrase(reading, noun, inside.start, noun + 1) if not _is_case(reading, p, noun)
        ]
    return Found("indirect/noun", (reading.span(range(start, stop)),), (noun,), tuple(source))


def _is_shared(reading: Reading, noun: int) -> bool:
    """Whether another noun before the verb is its subject too, so that this one is what it holds: `Ein
    Viertel teilt die Meinung, dass A`."""
    verb = reading.heads[noun]
    others = [kid for kid in reading.kids[verb] if reading.words[kid].deprel == "nsubj" and kid < verb < noun]
    return reading.pack.conventions.verb_second and bool(others)


def _behind_copula(reading: Reading, noun: int, inside: range) -> int | None:
    """The clause that says what somebody's noun of saying is: `Weber's answer was | that A`."""
    copula = noun + 1
    if reading.pack.conventions.clause_commas or reading.kid(noun, "nmod:poss") is None:
        return None
    if copula + 1 >= inside.stop or reading.words[copula].text not in reading.pack.speakers["copulas"]:
        return None
    return copula + 1 if reading.lower[copula + 1] in reading.pack.words("complementizer") else None


def _is_case(reading: Reading, place: int, noun: int) -> bool:
    """Whether a word is the preposition of a noun."""
    return reading.words[place].upos == "ADP" and reading.heads[place] == noun


def _owner(reading: Reading, noun: int, start: int, inside: range) -> list[int]:
    """Whose claim it is, by the words that belong to the noun before the clause that begins at `start`."""
    owner = reading.kid(noun, "nmod:poss")
    source: list[int] = []
    commas = reading.pack.conventions.clause_commas
    if owner is not None and owner < noun:
        return [p for p in reading.subtree(owner) if p < noun]
    if commas:
        if noun > inside.start and _is_genitive_name(reading, noun - 1):
            return noun_phrase(reading, noun - 1, inside.start, noun)
        genitive = _genitive(reading, noun)
        if genitive is not None and noun < genitive < start:
            source = noun_phrase(reading, genitive, noun + 1, start)
    if (
        not source
        and start > noun + 2
        and (not commas or reading.lower[noun + 1] in reading.pack.words("agent"))
    ):
        source = trimmed(reading, range(noun + 1, start))
    if source and reading.words[source[0]].upos == "ADP":
        of = reading.lower[source[0]] in reading.pack.words("agent")
        source = source[1:] if of or not commas else []
    return source if source or commas else _name_before(reading, noun, inside.start)


def _is_genitive_name(reading: Reading, place: int) -> bool:
    """Whether a name stands in the genitive, as an owner before its noun: `Reetbachs Warnung, dass …`."""
    return reading.words[place].upos == "PROPN" and reading.lower[place][-1] in "s'’"


def _infinitive_after(reading: Reading, noun: int, inside: range) -> int | None:
    """Where an infinitive begins that a noun of asking or planning announces after a comma: `die Forderung
    der Gewerkschaft, mehr Leute einzustellen`."""
    if reading.lemmas[noun] not in reading.pack.words("infinitive_noun"):
        return None
    if not reading.pack.conventions.clause_commas:
        to = noun + 1 < inside.stop and reading.lower[noun + 1] in reading.pack.words("to")
        return noun + 1 if to and reading.words[noun + 1].upos == "PART" else None
    for place in range(noun + 1, min(inside.stop - 1, noun + MAX_OWNER)):
        if reading.quoted[place] >= 0 or is_finite(reading, place):
            return None
        if reading.words[place].text == ",":
            opening = clause_at(reading, noun, place + 1, inside.stop)
            return opening.start if opening is not None and opening.kind == "infinitive" else None
    return None


def _is_relative_pronoun(reading: Reading, start: int, end: int) -> bool:
    """Whether a complementizer is the subject of a relative clause: `a letter that says A`."""
    return not reading.pack.conventions.clause_commas and start + 1 < end and is_finite(reading, start + 1)


def _name_before(reading: Reading, noun: int, first: int) -> list[int]:
    """A name right before a noun of saying: `a Weber report that A`, `Weber notes that A` with its verb
    taken for a noun."""
    if noun == first or reading.words[noun - 1].upos != "PROPN":
        return []
    place = noun - 1
    while place > first and reading.words[place - 1].upos in ("PROPN", "DET", "ADJ", "NOUN"):
        place -= 1
    return list(range(place, noun))


def _after_owner(reading: Reading, noun: int, inside: range) -> int | None:
    """Where the clause begins after a noun and whose it is: `the warning from Weber that …`, `die
    Warnung der Bank, die Zinsen könnten steigen`."""
    commas = reading.pack.conventions.clause_commas
    for place in range(noun + 1, min(inside.stop - 1, noun + MAX_OWNER)):
        word = reading.words[place]
        if reading.quoted[place] >= 0 or word.upos in ("VERB", "AUX", "SCONJ", "CCONJ"):
            break
        if commas and word.upos == "NOUN" and reading.lemmas[place] in reading.pack.words("noun"):
            break
        if not commas and reading.lower[place] in reading.pack.words("complementizer"):
            return place
        if word.text == ",":
            following = place + 1
            if reading.lower[following] in reading.pack.words("complementizer"):
                return following
            verb = next((p for p in range(following, inside.stop) if is_finite(reading, p)), None)
            if commas and verb is not None and is_main(reading, verb) and in_reported_mood(reading, verb):
                return following
            return None
    if commas or noun + 1 >= inside.stop or reading.words[noun + 1].upos != "ADP":
        return None
    for place in range(noun + 2, min(inside.stop - 1, noun + MAX_OWNER)):
        if is_finite(reading, place):
            return None
        if reading.lower[place] in reading.pack.words("complementizer"):
            return place
    return None


def _noun_edge(reading: Reading, noun: int, start: int, end: int) -> int:
    """Where a noun's clause ends: before the verb the noun belongs to, or at the comma that closes it."""
    stop = right_edge(reading, noun, start, end)
    head = reading.heads[noun]
    if start < head < stop and is_verb(reading, head):
        stop = head
        while stop - 1 > start and reading.words[stop - 1].upos in ("AUX", "PART", "ADV"):
            stop -= 1
    if head < 0 and not reading.pack.conventions.clause_commas:  # the tree has lost the noun's own verb
        verbs = [place for place in range(start, stop) if is_finite(reading, place)]
        own = (
            place for place in verbs[1:] if reading.kid(place, "nsubj", "cc", "aux", "cop", "mark") is None
        )
        stop = next(own, stop)
    if reading.pack.conventions.clause_commas:
        seen = False
        for place in range(start, stop):
            seen = seen or is_finite(reading, place)
            if seen and reading.words[place].text == ",":
                return place
    return stop


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
    start = _after(reading, adjective, inside) or _bare_after(reading, adjective, inside)
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
