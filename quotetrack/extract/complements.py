"""Indirect quotes whose content is a cue's complement: that-clauses, bare clauses, questions, infinitives."""

from __future__ import annotations

from quotetrack.extract.clauses import bounds, governs_clause, right_edge
from quotetrack.extract.found import Found
from quotetrack.extract.phrases import auxiliaries, is_finite, is_relative, is_verb, lemma_in
from quotetrack.extract.mood import in_reported_mood
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of

MAX_SKIP = 12  # words that may stand between a cue and its clause: whom it told, when and where


def complements(reading: Reading) -> list[Found]:
    """One attribution for each cue with a clause after it."""
    found = []
    for place in range(len(reading.words)):
        if reading.quoted[place] >= 0:
            continue
        if is_verb(reading, place) and lemma_in(reading, place, "clause", "infinitive"):
            one = _of_verb(reading, place)
        elif reading.words[place].upos == "NOUN" and reading.lemmas[place] in reading.pack.words("noun"):
            one = _of_noun(reading, place)
        elif reading.words[place].upos == "ADJ" and reading.lemmas[place] in reading.pack.words("adjective"):
            one = _of_noun(reading, place, "indirect/adjective")
        else:
            continue
        if one is not None:
            found.append(one)
    return found


def _of_verb(reading: Reading, verb: int) -> Found | None:
    inside = bounds(reading, verb)
    start, kind = _start(reading, verb, inside.stop)
    if start is None:
        return None
    if kind == "infinitive" and not lemma_in(reading, verb, "infinitive"):
        return None
    if kind != "infinitive" and not lemma_in(reading, verb, "clause"):
        return None
    stop = right_edge(reading, verb, start, inside.stop)
    if stop <= start:
        return None
    source = source_of(reading, verb, inside.start, start)
    return Found(
        f"indirect/{kind}",
        (reading.span(range(start, stop)),),
        tuple(sorted({verb, *(a for a in auxiliaries(reading, verb) if not start <= a < stop)})),
        tuple(p for p in source if not start <= p < stop),
    )


def _start(reading: Reading, verb: int, end: int) -> tuple[int | None, str]:
    """The first word of the clause after a cue, and its kind; None where there is no such clause."""
    pack = reading.pack
    comma = False
    for place in range(verb + 1, min(end, verb + 1 + MAX_SKIP)):
        word = reading.words[place]
        low = reading.lower[place]
        if reading.quoted[place] >= 0 and not comma:
            break
        if low in pack.words("complementizer"):
            return place, "that"
        if low in pack.words("question") and (comma or place == verb + 1 or not pack.words("needs_comma")):
            if place == verb + 1 or comma:
                return place, "question"
        if low in pack.words("to") and place == verb + 1:
            return place, "infinitive"
        if word.text in ":;" or (word.text == "," and not pack.words("needs_comma")):
            break
        if word.text == ",":
            if comma:
                break
            comma = True
            if place + 1 < end and reading.lower[place + 1] in pack.words("complementizer") | pack.words("question"):
                continue
            rest = _clause_after(reading, verb, place + 1, end)
            if rest is not None:
                return place + 1, rest
    kid = governs_clause(reading, verb, end)
    if kid is None:
        return None, ""
    first = min((p for p in reading.subtree(kid) if p > verb), default=None)
    if first is None or reading.words[verb + 1].text in ",.;":
        return None, ""
    while first < end and reading.is_punct(first) and reading.quoted[first] < 0:
        first += 1
    if pack.words("needs_comma") and not any(reading.words[p].text in ",:" for p in range(verb + 1, first)):
        return None, ""
    if reading.lower[first] in pack.words("to") or reading.words[kid].feats.get("VerbForm") == "Inf":
        return first, "infinitive" if reading.words[kid].deprel == "xcomp" else "bare"
    if not any(is_finite(reading, p) for p in range(first, end)):
        return None, ""
    if not lemma_in(reading, verb, "bare") and pack.words("bare"):
        return None, ""
    return first, "bare"


def _clause_after(reading: Reading, verb: int, first: int, end: int) -> str | None:
    """What begins after a comma, for languages that set one before every clause: a main clause
    (`sagte, er komme`), or an infinitive (`kündigte an, zu kommen`); None for anything else."""
    pack = reading.pack
    if first >= end:
        return None
    word = reading.words[first]
    if word.upos == "CCONJ" or is_relative(reading, first) or reading.lower[first] in pack.words("relative_adverb"):
        return None
    for place in range(first, min(end, first + 30)):
        if reading.words[place].text in ",:;" and place > first + 1:
            break
        low = reading.lower[place]
        if (
            low in pack.words("to")
            and place + 1 < end
            and reading.words[place + 1].feats.get("VerbForm") == "Inf"
        ):
            return "infinitive"
        if is_finite(reading, place):
            known = in_reported_mood(reading, place) or lemma_in(reading, verb, "bare")
            return "bare" if known else None
    return None


def _of_noun(reading: Reading, noun: int, rule: str = "indirect/noun") -> Found | None:
    inside = bounds(reading, noun)
    start = noun + 1
    while start < inside.stop and (reading.is_punct(start) or start - noun < 1):
        start += 1
    if start >= inside.stop or reading.quoted[start] >= 0:
        return None
    if reading.lower[start] not in reading.pack.words("complementizer"):
        return None
    stop = right_edge(reading, noun, start, inside.stop)
    if stop <= start:
        return None
    owner = reading.kid(noun, "nmod:poss", "nmod")
    source: list[int] = []
    if owner is not None and owner < noun and reading.words[owner].deprel == "nmod:poss":
        source = [p for p in reading.subtree(owner) if p < noun]
    elif rule == "indirect/adjective":
        subject = reading.kid(noun, "nsubj")
        source = [] if subject is None else [p for p in reading.subtree(subject) if p < noun]
    else:
        head = reading.heads[noun]
        if head >= 0 and head < noun and is_verb(reading, head):
            source = source_of(reading, head, inside.start, noun)
    return Found(rule, (reading.span(range(start, stop)),), (noun,), tuple(source))
