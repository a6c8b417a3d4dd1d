"""Phrases around a cue: its subject, how far a noun phrase reaches, which words make up the cue."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.reading import Reading

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X", "SYM"})
_INSIDE = NOMINAL | {"DET", "ADJ", "ADP"}
_BREAKS = frozenset({";", ":", "(", ")", "–", "—", "―", "-", "--"})
_SUBJECTS = ("nsubj", "csubj", "expl")


def lemma_in(reading: Reading, place: int, *classes: str) -> bool:
    """Whether a word's lemma, alone or with its particle or preposition, is in a class of cues."""
    lemma = reading.lemmas[place]
    words = [reading.pack.words(name) for name in classes]
    if any(lemma in listed for listed in words):
        return True
    return any(f"{lemma} {other}" in listed for other in particles(reading, place) for listed in words)


def particles(reading: Reading, place: int) -> list[str]:
    """What may belong to a verb: its particle, and the word that follows it."""
    found = [reading.lower[kid] for kid in reading.kids[place] if reading.words[kid].deprel == "compound:prt"]
    if place + 1 < len(reading.words) and reading.words[place + 1].upos in ("ADP", "ADV", "ADJ", "PART"):
        found.append(reading.lower[place + 1])
    return found


def is_verb(reading: Reading, place: int) -> bool:
    return reading.words[place].upos in ("VERB", "AUX")


def is_finite(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    return word.upos in ("VERB", "AUX") and word.feats.get("VerbForm") == "Fin"


def auxiliaries(reading: Reading, verb: int) -> list[int]:
    """The auxiliaries, negations and particles that make up a cue with its verb."""
    return [
        kid
        for kid in reading.kids[verb]
        if reading.words[kid].deprel.split(":")[0] in ("aux", "cop")
        or reading.words[kid].deprel == "compound:prt"
    ]


def is_passive(reading: Reading, verb: int) -> bool:
    return any(reading.words[kid].deprel in ("aux:pass", "nsubj:pass") for kid in reading.kids[verb])


def subject_of(reading: Reading, verb: int) -> int | None:
    """The head of a verb's subject by the tree; a coordinated or participial verb borrows its governor's."""
    seen = 0
    place = verb
    while seen < 4:
        own = [
            kid
            for kid in reading.kids[place]
            if reading.words[kid].deprel.split(":")[0] in _SUBJECTS
            and reading.words[kid].deprel != "nsubj:pass"
        ]
        if own:
            before = [kid for kid in own if kid < place]
            return before[-1] if before else own[0]
        relation = reading.words[place].deprel.split(":")[0]
        head = reading.heads[place]
        if relation not in ("conj", "xcomp", "advcl", "parataxis", "aux") or head < 0:
            return None
        if reading.words[place].feats.get("VerbForm") == "Fin" and relation in ("advcl", "parataxis"):
            return None
        place = head
        seen += 1
    return None


def noun_phrase(reading: Reading, head: int, first: int, end: int) -> list[int]:
    """The words of the noun phrase around `head`, not leaving [first, end) nor its quotation's border.

    Follows the tree (appositions and relative clauses included), kept in one piece around the head.
    """
    members = {
        place
        for place in reading.subtree(head)
        if first <= place < end and reading.quoted[place] == reading.quoted[head]
    }
    for kid in reading.kids[head]:  # what a parser hangs on a name but news does not count to it
        relation = reading.words[kid].deprel.split(":")[0]
        if relation in ("parataxis", "cop", "advcl", "ccomp") or (
            relation == "conj" and is_finite(reading, kid)
        ):
            members -= set(reading.subtree(kid))
    members.add(head)
    low = head
    while low - 1 >= first and (low - 1 in members or (reading.is_punct(low - 1) and low - 2 in members)):
        low -= 1
    high = head
    while high + 1 < end and (high + 1 in members or (reading.is_punct(high + 1) and high + 2 in members)):
        high += 1
    return trimmed(reading, range(low, high + 1))


def trimmed(reading: Reading, places: Sequence[int]) -> list[int]:
    """Without punctuation, conjunctions and adverbs of time at the edges."""
    chosen = list(places)
    while chosen and (reading.is_punct(chosen[0]) or reading.words[chosen[0]].upos in ("CCONJ", "SCONJ")):
        if reading.words[chosen[0]].text in "([@#$" and len(chosen) > 1:
            break
        chosen.pop(0)
    while chosen and reading.is_punct(chosen[-1]):
        if reading.words[chosen[-1]].text in ")]" and any(reading.words[p].text in "([" for p in chosen):
            break
        chosen.pop()
    return chosen


def nominal_run(reading: Reading, first: int, end: int) -> list[int]:
    """The first noun phrase in [first, end) by parts of speech alone, for trees that went astray."""
    run: list[int] = []
    for place in range(first, end):
        word = reading.words[place]
        if word.upos in _INSIDE and not (word.upos == "ADP" and not run):
            run.append(place)
        elif run and any(reading.words[p].upos in NOMINAL for p in run):
            break
        elif run:
            run = []
    while run and reading.words[run[-1]].upos in ("ADP", "DET", "ADJ"):
        run.pop()
    return run
