"""Indirect quotes whose content is no clause: `criticized the plan`, `called him a liar`, `spoke of unity`."""

from __future__ import annotations

from quotetrack.extract.clauses import bounds, right_edge
from quotetrack.extract.found import Found
from quotetrack.extract.openings import skip_times
from quotetrack.extract.phrases import auxiliaries, is_passive, is_verb, particles
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of

_CONTENT = ("ccomp", "csubj")


def objects(reading: Reading) -> list[Found]:
    """One attribution for each verb of speaking or judging with an object: the noun phrase, or all the
    rest of the clause for verbs that predicate of their object (`called him a liar`)."""
    if not reading.pack.words("object") and not reading.pack.words("predicating"):
        return []
    found = []
    for verb in range(len(reading.words)):
        if reading.quoted[verb] < 0 and is_verb(reading, verb) and not is_passive(reading, verb):
            one = _of_verb(reading, verb)
            if one is not None:
                found.append(one)
    return found


def _of_verb(reading: Reading, verb: int) -> Found | None:
    inside = bounds(reading, verb)
    lemma = reading.lemmas[verb]
    start = verb + 1
    keys = [lemma, *(f"{lemma} {other}" for other in particles(reading, verb))]
    if start < inside.stop and reading.words[start].upos in ("ADP", "ADV", "PART"):
        with_preposition = f"{lemma} {reading.lower[start]}"
        if any(with_preposition in reading.pack.words(name) for name in ("object", "predicating")):
            return _with(reading, verb, start + 1, inside, with_preposition in reading.pack.words("predicating"))
    predicating = any(key in reading.pack.words("predicating") for key in keys)
    if not predicating and not any(key in reading.pack.words("object") for key in keys):
        return None
    start = skip_times(reading, start, inside.stop)
    if start >= inside.stop or reading.words[start].upos in ("ADP", "SCONJ", "PUNCT", "CCONJ", "PART", "VERB", "AUX"):
        if start >= inside.stop or reading.quoted[start] < 0:
            return None
    return _with(reading, verb, start, inside, predicating)


def _with(reading: Reading, verb: int, start: int, inside: range, predicating: bool) -> Found | None:
    """The attribution with the content from `start`: the object's phrase, or the rest of the clause."""
    if start >= inside.stop:
        return None
    if any(reading.words[k].deprel.split(":")[0] in _CONTENT and k >= start for k in reading.kids[verb]) and not (
        predicating
    ):
        return None
    source = source_of(reading, verb, inside.start, start)
    if not source:
        return None
    edge = right_edge(reading, verb, start, inside.stop)
    if predicating:
        stop = edge
    else:
        top = _object(reading, verb, start, edge)
        stop = min(edge, max(reading.subtree(top)) + 1) if top is not None else edge
    while stop > start and reading.is_punct(stop - 1) and reading.quoted[stop - 1] < 0:
        stop -= 1
    if stop <= start:
        return None
    cue = tuple(sorted({*range(verb, start), *(a for a in auxiliaries(reading, verb) if a < start)}))
    rule = "indirect/predication" if predicating else "indirect/object"
    return Found(rule, (reading.span(range(start, stop)),), cue, tuple(p for p in source if p not in cue))


def _object(reading: Reading, verb: int, start: int, end: int) -> int | None:
    """The head of the phrase that begins at `start`: climb from its first word while the head is inside."""
    place = start
    seen = {place}
    while True:
        head = reading.heads[place]
        if head in seen or not start <= head < end:
            return place if reading.heads[place] == verb or head < start else None
        place = head
        seen.add(place)
