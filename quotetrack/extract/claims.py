"""Nouns of saying and what they announce: `the claim that …`, `die Warnung der Bank, die Zinsen stiegen`."""

from __future__ import annotations

from quotetrack.extract.clauses import bounds, clause_end, right_edge
from quotetrack.extract.found import Found
from quotetrack.extract.mood import in_reported_mood, is_main
from quotetrack.extract.openings import clause_at
from quotetrack.extract.phrases import is_finite, is_verb, lemma_in, noun_phrase, trimmed
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of

MAX_BRACKET = (
    5  # words between a noun and its clause that may end its verb: `mit der Begründung | abgelehnt, dass`
)
MAX_OWNER = 12  # words between a noun and its clause that may say whose it is


def claim(reading: Reading, noun: int) -> Found | None:
    """`the claim that …`: the noun's owner is the source (`Weber's claim`, `the claim by Weber`), or the
    subject of its verb (`Weber rejected the claim` names somebody else and is left)."""
    inside = bounds(reading, noun)
    predicate = _behind_copula(reading, noun, inside)
    start = clause_after(reading, noun, inside) or predicate or _after_owner(reading, noun, inside)
    start = start or _infinitive_after(reading, noun, inside)
    manner = _is_manner(reading, noun)
    if start is None and manner:
        start = _behind_bracket(reading, noun, inside)
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
    if not source:
        source = _disagreeing(reading, noun, inside)
    if not source and manner:
        source = _told_with(reading, noun, inside)
    if not source and not manner and reading.pack.conventions.clause_commas:
        source = [
            p for p in noun_phrase(reading, noun, inside.start, noun + 1) if not _is_case(reading, p, noun)
        ]
    return Found("indirect/noun", (reading.span(range(start, stop)),), (noun,), tuple(source))


def _disagreeing(reading: Reading, noun: int, inside: range) -> list[int]:
    """Who stands before the verb of a noun that a tree takes for its subject, but which is of another number:
    `22 Prozent | teilen die Meinung, dass A`."""
    verb = reading.heads[noun]
    if reading.words[noun].deprel != "nsubj" or not inside.start <= verb < noun:
        return []
    if {reading.words[place].feats.get("Number") for place in (noun, verb)} != {"Sing", "Plur"}:
        return []
    before = [kid for kid in reading.kids[verb] if kid < verb and reading.words[kid].upos == "NOUN"]
    return noun_phrase(reading, before[0], inside.start, verb) if before else []


def _is_manner(reading: Reading, noun: int) -> bool:
    """Whether a noun of saying tells in what words a verb's subject does something: `lehnte mit der
    Begründung ab, dass A`."""
    case = reading.kid(noun, "case")
    return case is not None and reading.lower[case] in reading.pack.words("manner")


def _behind_bracket(reading: Reading, noun: int, inside: range) -> int | None:
    """Where the clause begins that such a noun announces across the end of its verb: `mit der Begründung |
    abgelehnt, | A sei B`."""
    for place in range(noun + 1, min(inside.stop - 1, noun + MAX_BRACKET)):
        if reading.quoted[place] >= 0:
            return None
        if reading.words[place].text == ",":
            opening = clause_at(reading, noun, place + 1, inside.stop)
            return opening.start if opening is not None and opening.kind in ("that", "bare") else None
        cue = is_verb(reading, place) and lemma_in(reading, place, "clause")  # has the clause itself
        if cue or reading.words[place].upos not in ("VERB", "AUX", "ADP", "ADV", "PART"):
            return None
    return None


def _told_with(reading: Reading, noun: int, inside: range) -> list[int]:
    """The subject of the main clause that holds a noun of manner: of its last verb that is nobody's reported
    words, up to where the clause ends."""
    end = next((p for p in range(noun, inside.stop) if reading.words[p].text == ","), inside.stop)
    for verb in range(end - 1, inside.start - 1, -1):
        if is_finite(reading, verb) and is_main(reading, verb) and not in_reported_mood(reading, verb):
            head = reading.heads[verb]
            full = reading.words[verb].deprel.startswith("aux") and is_verb(reading, head)
            first = next(
                (p + 1 for p in range(verb, inside.start, -1) if reading.words[p].text == ";"), inside.start
            )
            return source_of(reading, head if full else verb, first, noun)
    return []


def genitive(reading: Reading, noun: int) -> int | None:
    """Whose a noun is by the tree: what hangs on it in the genitive or behind `von`."""
    for kid in reading.kids[noun]:
        case = reading.kid(kid, "case")
        if reading.words[kid].deprel == "nmod" and (
            case is None or reading.lower[case] in reading.pack.words("agent")
        ):
            return kid
    return None


def clause_after(reading: Reading, place: int, inside: range) -> int | None:
    """The complementizer right after a noun or adjective, a comma skipped."""
    start = place + 1
    while start < inside.stop and reading.is_punct(start) and start - place <= 1:
        start += 1
    if start >= inside.stop or reading.quoted[start] >= 0:
        return None
    return start if reading.lower[start] in reading.pack.words("complementizer") else None


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
        own = genitive(reading, noun)
        if own is not None and noun < own < start:
            source = noun_phrase(reading, own, noun + 1, start)
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
            if opening is not None and opening.kind == "infinitive":
                return opening.start
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
    return clause_end(reading, start, stop) if reading.pack.conventions.clause_commas else stop
