"""Indirect quotes whose cue is no active verb: what somebody is critical of or has doubts about, and what is
criticized by somebody. Their content is a noun phrase."""

from __future__ import annotations

from quotetrack.extract.agents import agent
from quotetrack.extract.clauses import bounds, right_edge
from quotetrack.extract.found import Found
from quotetrack.extract.objects import reach
from quotetrack.extract.phrases import auxiliaries, is_passive, is_verb, lemma_in, noun_phrase
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import is_writer, source_of
from quotetrack.extract.speakers import can_speak

_NO_OBJECT = frozenset({"ADP", "SCONJ", "PUNCT", "CCONJ", "PART"})


def topics(reading: Reading) -> list[Found]:
    """One attribution for each: indirect/attitude (`Weber is critical of A`), indirect/utterance (`Weber has
    doubts about A`), indirect/passive (`A was criticized by Weber`)."""
    if not reading.pack.words("attitude") and not reading.pack.words("utterance"):
        return []
    found = []
    for place in range(len(reading.words)):
        if reading.quoted[place] >= 0:
            continue
        one = _of_passive(reading, place) if is_verb(reading, place) else None
        one = one or _of_adjective(reading, place) or _of_noun(reading, place)
        if one is not None:
            found.append(one)
    return found


def _of_adjective(reading: Reading, adjective: int) -> Found | None:
    """`Weber is critical of the plan`, `Weber was worried about the plan`."""
    start = _behind(reading, adjective, reading.lower[adjective], "attitude")
    if start is None:
        return None
    inside = bounds(reading, adjective)
    held = reading.kid(adjective, "nsubj:pass", "nsubj")
    if held is not None and inside.start <= held < adjective:
        source = noun_phrase(reading, held, inside.start, adjective)
    else:
        source = source_of(reading, adjective, inside.start, adjective)
    return _found(reading, "attitude", adjective, start, inside, source)


def _of_noun(reading: Reading, noun: int) -> Found | None:
    """`Weber has doubts about the plan`, `Weber made mention of the plan`."""
    if reading.words[noun].upos != "NOUN":
        return None
    start = _behind(reading, noun, reading.lemmas[noun], "utterance")
    if start is None:
        return None
    inside = bounds(reading, noun)
    verb = reading.heads[noun]
    if reading.words[noun].deprel != "obj" or not lemma_in(reading, verb, "light"):
        return None
    if is_passive(reading, verb) or lemma_in(reading, verb, "object"):
        return None  # `voiced | doubts about A`: what is voiced is the content
    source = source_of(reading, verb, inside.start, noun)
    return _found(reading, "utterance", noun, start, inside, [] if noun in source else source)


def _behind(reading: Reading, place: int, word: str, name: str) -> int | None:
    """Where a noun phrase begins behind a word and the preposition that makes it a cue of a class."""
    start = place + 2
    if start >= len(reading.words) or f"{word} {reading.lower[place + 1]}" not in reading.pack.words(name):
        return None
    return None if reading.words[start].upos in _NO_OBJECT and reading.quoted[start] < 0 else start


def _found(
    reading: Reading, rule: str, cue: int, start: int, inside: range, source: list[int]
) -> Found | None:
    if not source or start >= inside.stop or is_writer(reading, source):
        return None
    governor = cue if rule == "attitude" else reading.heads[cue]
    stop = reach(reading, start, right_edge(reading, governor, start, inside.stop))
    if stop <= start:
        return None
    words = (*(place for place in auxiliaries(reading, cue) if place < cue), cue, start - 1)
    content = (reading.span(range(start, stop)),)
    return Found(f"indirect/{rule}", content, words, tuple(p for p in source if p not in words))


def _of_passive(reading: Reading, verb: int) -> Found | None:
    """`The plan was criticized by Weber`: the subject of a passive that names who says it."""
    if not is_passive(reading, verb) or not lemma_in(reading, verb, "object"):
        return None
    inside = bounds(reading, verb)
    subject = reading.kid(verb, "nsubj:pass", "nsubj")
    source = agent(reading, verb, verb + 1, inside.stop)
    if subject is None or not source or not can_speak(reading, source) or not inside.start <= subject < verb:
        return None
    helping = [place for place in auxiliaries(reading, verb) if place < verb]
    phrase = noun_phrase(reading, subject, inside.start, min([verb, *(p for p in helping if p > subject)]))
    if not phrase:
        return None
    return Found("indirect/passive", (reading.span(phrase),), (*helping, verb), tuple(source))
