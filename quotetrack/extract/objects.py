"""Indirect quotes whose content is no clause: `criticized the plan`, `called him a liar`."""

from __future__ import annotations

from typing import NamedTuple

from quotetrack.extract.clauses import bounds, right_edge
from quotetrack.extract.found import Found
from quotetrack.extract.openings import opening_of, skip_times
from quotetrack.extract.phrases import auxiliaries, is_finite, is_passive, is_possessive, is_verb, particles
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import is_writer, source_of

MAX_TAKEN = 12  # words of an object that a verb takes as something
MAX_TOLD = 10  # words between a verb and its preposition that say with whom somebody spoke
_STOPS = frozenset({",", ";", ":", "–", "—", "―"})
_NO_OBJECT = frozenset({"ADP", "SCONJ", "PUNCT", "CCONJ", "PART", "VERB", "AUX"})
_PARTICLES = frozenset({"ADP", "ADV", "PART", "SCONJ"})
_CONTENT = ("ccomp", "csubj")


def objects(reading: Reading) -> list[Found]:
    """One attribution for each verb of speaking or judging with an object: the noun phrase, or all the
    rest of the clause for verbs that predicate of their object (`called him a liar`)."""
    if not reading.pack.words("object") and not reading.pack.words("predicating"):
        return []
    found = []
    for verb in range(len(reading.words)):
        if reading.quoted[verb] < 0 and is_verb(reading, verb) and _is_active(reading, verb):
            one = _of_verb(reading, verb)
            if one is not None:
                found.append(one)
    return found


def _is_active(reading: Reading, verb: int) -> bool:
    """Whether a verb has an object of its own: no passive, no participle that modifies a noun."""
    if is_passive(reading, verb) or reading.words[verb].deprel == "amod":
        return False
    if verb > 0 and reading.words[verb - 1].text == "-":
        return False
    participle = (
        reading.words[verb].feats.get("VerbForm") == "Part"
        and reading.words[verb].feats.get("Tense") == "Past"
    )
    return not (participle and reading.words[verb].deprel == "acl")


def _of_verb(reading: Reading, verb: int) -> Found | None:
    inside = bounds(reading, verb)
    lemma = reading.lemmas[verb]
    start = verb + 1
    keys = [lemma, *(f"{lemma} {other}" for other in particles(reading, verb))]
    phrasal = _phrasal(reading, verb, inside.stop)
    if phrasal is not None:
        return _with(reading, verb, phrasal.stop, inside, phrasal.predicating)
    predicating = any(key in reading.pack.words("predicating") for key in keys) or (
        lemma in reading.pack.words("taking") and _takes_as(reading, verb, inside.stop)
    )
    if not predicating and not any(key in reading.pack.words("object") for key in keys):
        return None
    if any(key in reading.pack.words("object_infinitive") for key in keys):
        opening = opening_of(reading, verb, inside.stop)
        if opening is not None and opening.kind == "infinitive":
            return None  # `wants the others to agree`: an infinitive with its subject
    start = skip_times(reading, start, inside.stop)
    if start >= inside.stop:
        return None
    barred = reading.words[start].upos in _NO_OBJECT and reading.quoted[start] < 0
    if barred and (predicating or not _is_gerund(reading, start)):
        return None
    return _with(reading, verb, start, inside, predicating)


def _is_gerund(reading: Reading, place: int) -> bool:
    """Whether a word is a verb used as a noun (`proposed raising the tax`)."""
    feats = reading.words[place].feats
    return reading.words[place].upos == "VERB" and (
        feats.get("VerbForm") == "Ger" or (feats.get("VerbForm") == "Part" and feats.get("Tense") == "Pres")
    )


def _takes_as(reading: Reading, verb: int, end: int) -> bool:
    """Whether what a verb's object is taken for follows it: `sees the plan as a threat`."""
    for place in range(verb + 2, min(end, verb + 2 + MAX_TAKEN)):
        if is_finite(reading, place) or reading.words[place].text in _STOPS:
            return False
        if reading.lower[place] in reading.pack.words("as"):
            return not any(is_finite(reading, p) for p in range(place, min(end, place + 4)))
    return False


class _Phrasal(NamedTuple):
    """A cue of several words: where it ends, and whether it predicates of its object."""

    stop: int
    predicating: bool


def _phrasal(reading: Reading, verb: int, end: int) -> _Phrasal | None:
    """The longest cue that a verb makes with the particle and the preposition after it, a time between them
    or not: `speak out about`, `called Friday for`; None where it makes none."""
    lemma = reading.lemmas[verb]
    for first in sorted({verb + 1, skip_times(reading, verb + 1, end), _behind_adverb(reading, verb, end)}):
        for width in (2, 1):
            stop = first + width
            if stop > end or any(reading.words[p].upos not in _PARTICLES for p in range(first, stop)):
                continue
            cue = " ".join([lemma, *(reading.lower[p] for p in range(first, stop))])
            for name in ("object", "predicating"):
                if cue in reading.pack.words(name):
                    return _Phrasal(stop, name == "predicating")
    return _behind_hearer(reading, verb, end)


def _behind_adverb(reading: Reading, verb: int, end: int) -> int:
    """Where a preposition stands behind the adverb that says how somebody speaks: `spoke candidly about`."""
    place = verb + 1
    adverb = place + 1 < end and reading.words[place].upos == "ADV" and reading.words[place + 1].upos == "ADP"
    return place + 1 if adverb and reading.quoted[place] < 0 else place


def _behind_hearer(reading: Reading, verb: int, end: int) -> _Phrasal | None:
    """A cue whose preposition stands behind who was told: `spoke with reporters about`."""
    first = verb + 1
    if first >= end or reading.lower[first] not in reading.pack.words("hearer"):
        return None
    for place in range(first + 2, min(end, first + MAX_TOLD)):
        word = reading.words[place]
        if is_finite(reading, place) or word.text in _STOPS or reading.quoted[place] >= 0:
            return None
        if reading.lower[place] in reading.pack.words("topic"):
            listed = f"{reading.lemmas[verb]} {reading.lower[place]}" in reading.pack.words("object")
            return _Phrasal(place + 1, False) if listed else None
    return None


def _with(reading: Reading, verb: int, start: int, inside: range, predicating: bool) -> Found | None:
    """The attribution with the content from `start`: the object's phrase, or the rest of the clause."""
    if start >= inside.stop:
        return None
    if any(
        reading.words[k].deprel.split(":")[0] in _CONTENT and k >= start for k in reading.kids[verb]
    ) and not (predicating):
        return None
    source = source_of(reading, verb, inside.start, start)
    if not source or is_writer(reading, source):
        return None
    edge = right_edge(reading, verb, start, inside.stop)
    stop = edge if predicating else reach(reading, start, edge)
    while stop > start and reading.is_punct(stop - 1) and reading.quoted[stop - 1] < 0:
        stop -= 1
    if stop <= start:
        return None
    cue = tuple(sorted({*range(verb, start), *(a for a in auxiliaries(reading, verb) if a < start)}))
    rule = "indirect/predication" if predicating else "indirect/object"
    return Found(rule, (reading.span(range(start, stop)),), cue, tuple(p for p in source if p not in cue))


def reach(reading: Reading, start: int, edge: int) -> int:
    """How far a noun phrase goes: over prepositions, infinitives, relative clauses and examples (`,
    including …`), but not over a time, a side clause, a coordinated verb or a comma that makes no list."""
    relative = False
    for place in range(start, edge):
        if reading.quoted[place] >= 0:
            continue
        if place > start and _ends(reading, start, place, edge, relative):
            if _is_clause(reading, start, place):
                return edge
            stop = _without_opening(reading, start, place)
            if not _is_part(reading, start, stop, place):
                return stop
        if (
            place > start
            and reading.lower[place] in reading.pack.words("place_preposition")
            and reading.words[place - 1].upos == "PROPN"
            and not _is_part(reading, start, place, place)
            and reading.pack.words("place_preposition").isdisjoint(reading.lower[start:place])
        ):
            return place  # `supported Weber in Tannsee`, not `an article in the Post on ferries`
        relative = (
            relative
            or reading.lower[place] in reading.pack.words("relative") | reading.pack.words("question")
            or _is_in_relative(reading, start, place)
        )
    return edge


def _ends(reading: Reading, start: int, place: int, edge: int, relative: bool) -> bool:
    """Whether an object that begins at `start` ends before the word at `place`."""
    pack = reading.pack
    word = reading.words[place]
    low = reading.lower[place]
    following = place + 1
    if word.text == ";" or (low in pack.words("time") and not is_possessive(reading, following)):
        return True
    if low in pack.words("phrase_end"):
        return not (low in pack.words("as_what") and _is_as_what(reading, place, edge))
    if word.text == ":":
        return following >= edge or reading.quoted[following] >= 0
    if word.text in (",", "–", "—", "―"):
        exemplified = following < edge and reading.lower[following] in pack.words("example")
        return not exemplified and not (word.text == "," and _is_list(reading, place, edge))
    if word.upos == "CCONJ":
        after = next((p for p in range(following, edge) if reading.words[p].upos != "ADV"), edge)
        return after < edge and reading.words[after].upos in ("VERB", "AUX") and is_finite(reading, after)
    return is_finite(reading, place) and not relative and not _is_in_relative(reading, start, place)


def _is_clause(reading: Reading, start: int, place: int) -> bool:
    """Whether a finite verb has a subject within what was taken for an object, which is a clause then:
    `announced it would expand`."""
    if not is_finite(reading, place):
        return False
    head = reading.heads[place] if reading.words[place].deprel.split(":")[0] in ("aux", "cop") else place
    subject = reading.kid(head, "nsubj", "nsubj:pass") if head >= 0 else None
    return subject is not None and start <= subject < place


def _is_part(reading: Reading, start: int, stop: int, place: int) -> bool:
    """Whether the words from `stop` on, up to `place`, that could end an object hang in the tree on a word of
    it, with no mark in between: `plans to leave | in May`, `joked about moving | if Weber is elected`."""
    if any(reading.is_punct(p) or reading.words[p].upos == "CCONJ" for p in range(stop, place + 1)):
        return False
    top = next((above for above in reading.up(stop) if above < stop), -1)
    return start <= top < stop


def _is_as_what(reading: Reading, place: int, edge: int) -> bool:
    """Whether an `as` says what somebody or something is taken for (`as an example of A`), or gives an
    example (`such as A`): no clause follows it."""
    if reading.lower[place - 1] in reading.pack.words("example"):
        return True
    for after in range(place + 1, edge):
        if is_finite(reading, after):
            return _is_in_relative(reading, place, after)
        if reading.words[after].text in (",", ";", ":", "–", "—"):
            return True
    return True


def _is_in_relative(reading: Reading, start: int, place: int) -> bool:
    """Whether a word is in a relative clause without a pronoun: `an accusation he made`."""
    for above in (place, *reading.up(place)):
        if reading.words[above].deprel == "acl:relcl":
            return start <= reading.heads[above] < place
        if above < start:
            return False
    return False


def _without_opening(reading: Reading, start: int, stop: int) -> int:
    """Back over what opens the phrase that ends another: `last` of `last week`, `on` of `on Monday`."""
    while stop - 1 > start and (
        reading.words[stop - 1].upos in ("ADP", "CCONJ", "DET")
        or reading.lower[stop - 1] in reading.pack.words("which_time")
    ):
        stop -= 1
    return stop


def _is_list(reading: Reading, comma: int, edge: int) -> bool:
    """Whether a comma separates members of a list: an `and` follows with no verb in between."""
    for place in range(comma + 1, min(edge, comma + 12)):
        if reading.words[place].upos in ("VERB", "AUX") or reading.lower[place] in reading.pack.words(
            "relative"
        ):
            return False
        if reading.words[place].upos == "CCONJ":
            return place + 1 < edge and reading.words[place + 1].upos not in ("VERB", "AUX")
    return False
