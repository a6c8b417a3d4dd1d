"""Phrases around a cue: its subject, how far a noun phrase reaches, which words make up the cue."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.reading import Reading
from quotetrack.extract.speakers import can_speak
from quotetrack.types import Span

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X", "SYM"})
_INSIDE = NOMINAL | {"DET", "ADJ", "ADP"}
_BREAKS = frozenset({";", ":", "(", ")", "–", "—", "―", "-", "--"})
_PARTICLES = ("ADP", "ADV", "ADJ", "PART", "SCONJ")  # `called for reducing` has a conjunction
_SUBJECTS = ("nsubj", "csubj", "expl")


def lemma_in(reading: Reading, place: int, *classes: str) -> bool:
    """Whether a word's lemma, alone or with its particle or preposition, is in a class of cues."""
    lemma = reading.lemmas[place]
    words = [reading.pack.words(name) for name in classes]
    for listed in words:
        if lemma in listed:
            return True
    return any(f"{lemma} {other}" in listed for other in particles(reading, place) for listed in words)


def particles(reading: Reading, place: int) -> list[str]:
    """What may belong to a verb: its particle, and the word that follows it."""
    found = [reading.lower[kid] for kid in reading.kids[place] if reading.words[kid].deprel == "compound:prt"]
    if place + 1 < len(reading.words) and reading.words[place + 1].upos in _PARTICLES:
        found.append(reading.lower[place + 1])
    return found


def is_verb(reading: Reading, place: int) -> bool:
    return reading.words[place].upos in ("VERB", "AUX")


def is_finite(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    if word.upos in ("VERB", "AUX"):
        return word.feats.get("VerbForm") == "Fin"
    return reading.lower[place] in reading.pack.words("contracted")


def is_possessive(reading: Reading, place: int) -> bool:
    """Whether a word is a mark of possession that stands apart from its noun (`Weber | 's | plan`)."""
    if not 0 < place < len(reading.words) - 1 or reading.words[place].upos not in ("PART", "PUNCT"):
        return False
    before = reading.words[place - 1]
    if reading.words[place].upos == "PUNCT" and (reading.quoted[place - 1] >= 0 or before.text[-1] != "s"):
        return False  # a closing mark
    joined = before.span.end == reading.words[place].span.start
    return joined and reading.lower[place] in reading.pack.speakers.get("possessive_marks", frozenset())


def auxiliaries(reading: Reading, verb: int) -> list[int]:
    """The auxiliaries, negations and particles that make up a cue with its verb."""
    return [
        kid
        for kid in reading.kids[verb]
        if reading.words[kid].deprel.split(":")[0] in ("aux", "cop")
        or reading.words[kid].deprel == "compound:prt"
    ]


def is_passive(reading: Reading, verb: int) -> bool:
    """Whether a verb is in the passive by its tree, unless its auxiliary says that it is not: `waren davon
    ausgegangen`, `hatte der Rat beschlossen`."""
    kids = reading.kids[verb]
    relations = {reading.words[kid].deprel for kid in kids}
    becoming = reading.pack.words("becoming")
    helpers = {reading.lemmas[kid] for kid in kids if reading.words[kid].deprel.startswith("aux")}
    if any(reading.words[kid].deprel == "cop" and reading.lemmas[kid] in becoming for kid in kids):
        return True
    if not relations & {"aux:pass", "nsubj:pass"}:
        return False
    if not becoming or helpers & becoming:
        return True
    return "nsubj" not in relations and not helpers & reading.pack.words("having")


def subject_of(reading: Reading, verb: int) -> int | None:
    """The head of a verb's subject by the tree; a coordinated or participial verb borrows its governor's, an
    infinitive that of the passive above it (`Weber was heard to say`)."""
    place, relation = verb, ""
    for _ in range(4):
        own = [
            kid
            for kid in reading.kids[place]
            if reading.words[kid].deprel.split(":")[0] in _SUBJECTS
            and (
                reading.words[kid].deprel != "nsubj:pass"
                or _is_heard(reading, place, relation)
                or _is_active(reading, place, kid)
            )
            and reading.lower[kid] not in reading.pack.words("reflexive")
            and reading.quoted[kid] == reading.quoted[place]
        ]
        if len(own) > 1:  # `Weber later Thursday | told`
            own = [kid for kid in own if reading.lower[kid] not in reading.pack.words("time")] or own
        if len(own) > 1:  # `Den Ärger … brachte die Sprecherin`
            own = [kid for kid in own if not _is_object(reading, kid)] or own
        if own:
            return _rather(reading, place, _best_subject(reading, place, own))
        relation = reading.words[place].deprel.split(":")[0]
        head = reading.heads[place]
        if head < 0 or (
            relation not in ("conj", "xcomp", "advcl", "parataxis", "aux")
            and not _is_quick(reading, place, relation)
        ):
            return None
        if reading.words[place].feats.get("VerbForm") == "Fin" and relation in ("advcl", "parataxis"):
            return None
        place = head
    return None


def _is_heard(reading: Reading, verb: int, relation: str) -> bool:
    """Whether what hangs on a passive verb by this relation has its subject: the verb only tells how it is
    known (`was heard to say`)."""
    return relation == "xcomp" and reading.lemmas[verb] in reading.pack.words("perceiving")


def _is_quick(reading: Reading, place: int, relation: str) -> bool:
    """Whether an infinitive hangs on an adjective that says how its subject does it: `was quick to say`."""
    infinitive = reading.words[place].feats.get("VerbForm") == "Inf"
    head = reading.words[reading.heads[place]]
    return relation == "csubj" and infinitive and head.upos == "ADJ" and reading.heads[place] < place


def _is_active(reading: Reading, verb: int, subject: int) -> bool:
    """Whether a passive's subject by the tree speaks, as the auxiliary says: `hatte der Rat beschlossen`."""
    return (
        bool(reading.pack.words("having")) and not is_passive(reading, verb) and can_speak(reading, [subject])
    )


def _rather(reading: Reading, verb: int, subject: int) -> int:
    """A verb's subject by the tree or, where that is one word that says nothing, who stands behind it and was
    taken for the object: `Dies wollte die Schülerin nicht hinnehmen`, `Unterdessen haben Weber und Kern`."""
    lone = not reading.kids[subject] and reading.lower[subject] not in reading.pack.words("expletive")
    if not reading.pack.conventions.verb_second or not lone or can_speak(reading, [subject]):
        return subject
    for kid in reading.kids[verb]:
        word = reading.words[kid]
        if kid < subject or word.deprel != "obj" or word.upos not in ("NOUN", "PROPN"):
            continue
        if reading.quoted[kid] < 0 and not _is_object(reading, kid) and can_speak(reading, [kid]):
            return kid
    return subject


def _is_object(reading: Reading, noun: int) -> bool:
    """Whether the article of a noun says that it is no subject, whatever a parser made of it."""
    article = reading.kid(noun, "det")
    return article is not None and reading.lower[article] in reading.pack.words("object_article")


def _best_subject(reading: Reading, verb: int, own: list[int]) -> int:
    """Among words tagged as subjects and, where only an accusative is, objects: the likeliest subject.

    Languages with case tell by it; else the nearest before the verb, or the first after it.
    """
    case = reading.words[own[0]].feats.get("Case")
    if (case is not None and reading.words[own[0]].feats.get("Case") != "Nom") or len(own) > 1:
        nominative = [kid for kid in own if reading.words[kid].feats.get("Case") == "Nom"]
        others = [
            kid
            for kid in reading.kids[verb]
            if reading.words[kid].deprel.split(":")[0] in ("obj", "iobj", "obl", "nsubj")
            and reading.words[kid].feats.get("Case") == "Nom"
            and reading.kid(kid, "case") is None
            and reading.quoted[kid] == reading.quoted[verb]
        ]
        chosen = nominative or others
        if case is not None and chosen:
            fronted = _fronted(reading, verb, chosen)
            if fronted is not None:
                return fronted
            near = [kid for kid in chosen if reading.words[kid].upos == "PRON"] or chosen
            named = [kid for kid in chosen if kid not in near and _is_surely(reading, kid, near[0], verb)]
            return min(named or near, key=lambda kid: abs(kid - verb))
    before = [kid for kid in own if kid < verb]
    return before[-1] if before else own[0]


def _fronted(reading: Reading, verb: int, nouns: Sequence[int]) -> int | None:
    """Of several nouns that may be the subject, the one that stands before the finite verb and can speak:
    `Der Vorsitzende hatte Lenz aufgefordert`, `Die Partei beschuldigte die Regierung`."""
    if not reading.pack.conventions.verb_second or any(reading.words[n].upos == "PRON" for n in nouns):
        return None
    finite = next((p for p in (verb, *auxiliaries(reading, verb)) if is_finite(reading, p)), None)
    first = min(nouns)
    if finite is None or not first < finite < max(nouns) or not can_speak(reading, [first]):
        return None
    return first


def _is_surely(reading: Reading, noun: int, pronoun: int, verb: int) -> bool:
    """Whether a noun is the subject, and the pronoun an object that looks like one: `Weber nannte sie`, `die
    Weber … genannt hatte`."""
    if reading.lower[pronoun] not in reading.pack.words("same_as_object"):
        return False
    if reading.lower[pronoun] in reading.pack.words("relative"):
        return pronoun + 1 == noun < verb and reading.words[noun].upos == "PROPN"
    return noun < verb < pronoun


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
    while high + 1 < end and _goes_on_as_name(reading, high, high + 1):
        high += 1
    named = reading.words[high].upos in ("NOUN", "PROPN")
    while named and high + 1 < end and high + 1 in reading.naming:
        high += 1  # `die Tageszeitung | „Der Bote“`
    while high + 1 < end and (high + 1 in members or (reading.is_punct(high + 1) and high + 2 in members)):
        high += 1
    return trimmed(reading, range(low, high + 1))


def _goes_on_as_name(reading: Reading, head: int, place: int) -> bool:
    """Whether a name that the tree cut goes on at `place`: `Vatikansprecher Navarro-Valls`."""
    if reading.quoted[head] != reading.quoted[place]:
        return False
    if reading.words[place].upos == "PROPN":
        return (
            reading.words[head].upos in ("PROPN", "NOUN")
            and reading.lower[place] not in reading.pack.words("time")
            and reading.words[place].text[0].isupper()
        ) or is_glue(reading, head)
    return (
        reading.words[place].upos == "PUNCT" and is_glue(reading, place) and reading.words[place].text == "-"
    )


def trimmed(reading: Reading, places: Sequence[int]) -> list[int]:
    """Without punctuation, conjunctions and adverbs of time at the edges."""
    chosen = list(places)
    opening = reading.pack.words("as") if not reading.pack.conventions.verb_second else frozenset()
    while chosen and (
        reading.is_punct(chosen[0])
        or reading.words[chosen[0]].upos in ("CCONJ", "SCONJ")
        or (reading.lower[chosen[0]] in opening and len(chosen) > 1)
    ):
        if reading.words[chosen[0]].text in "([@#$" and len(chosen) > 1:
            break
        chosen.pop(0)
    while chosen and (reading.is_punct(chosen[-1]) or reading.words[chosen[-1]].upos in ("CCONJ", "SCONJ")):
        if reading.words[chosen[-1]].text in ")]" and any(reading.words[p].text in "([" for p in chosen):
            break
        if chosen[-1] in reading.naming and any(p in reading.naming for p in chosen[:-1]):
            break
        chosen.pop()
    return chosen


def nominal_run(
    reading: Reading, first: int, end: int, prepositions: frozenset[str] | None = None
) -> list[int]:
    """The first noun phrase in [first, end) by parts of speech alone, for trees that went astray.

    A new article after a noun begins another phrase unless it is a genitive's. prepositions: the only
    ones it may hold, any when None.
    """
    run: list[int] = []
    noun = False  # whether the phrase has its noun, so that an article begins another
    for place in range(first, end):
        word = reading.words[place]
        if place in reading.naming and (run or place == first):
            run.append(place)
            noun = True
        elif run and (is_glue(reading, place) if word.upos == "PUNCT" else is_possessive(reading, place)):
            run.append(place)
            noun = False
        elif reading.lower[place] in reading.pack.words("reflexive"):
            if run:
                break
        elif word.upos in _INSIDE and not (word.upos == "ADP" and not run):
            if word.upos == "ADP" and prepositions is not None and reading.lower[place] not in prepositions:
                break
            if noun and word.upos in ("DET", "PRON") and word.feats.get("Case") != "Gen":
                break
            if noun and reading.pack.conventions.verb_second and _begins_another(reading, place):
                break
            noun = word.upos in NOMINAL or (noun and word.upos == "ADJ")
            run.append(place)
        elif run and any(reading.words[p].upos in NOMINAL for p in run):
            break
        elif run:
            run = []
    while run and run[-1] not in reading.naming:
        if reading.words[run[-1]].upos not in ("ADP", "DET", "ADJ") and not reading.is_punct(run[-1]):
            break
        run.pop()
    return run


def _begins_another(reading: Reading, place: int) -> bool:
    """Whether a number, adjective or common noun right after a noun begins a phrase of its own: it does
    unless it is part of a name (`laut BBC | britische Bürger`, `laut Reuters | 900 Menschen`)."""
    word = reading.words[place]
    if word.upos not in ("NUM", "ADJ", "NOUN"):
        return False
    near = Span(max(0, word.span.start - 60), word.span.end)
    return not any(mention.span.covers(word.span) for mention in reading.mentions_in(near))


def is_asked(reading: Reading, place: int) -> bool:
    """Whether a cue is a past participle without an auxiliary, whose agent is not told: `Asked whether A, …`,
    `when asked whether A`, where a tagger may take it for a past tense."""
    word = reading.words[place]
    if word.feats.get("Tense") != "Past" or auxiliaries(reading, place):
        return False
    if word.feats.get("VerbForm") == "Part" and word.deprel.startswith("advcl"):
        return True
    opens = place == reading.sentences[reading.sentence[place]].start or (
        reading.lower[place - 1] in reading.pack.words("question")
    )
    return opens and lemma_in(reading, place, "addressed") and reading.kid(place, "nsubj") is None


def is_glue(reading: Reading, place: int) -> bool:
    """Whether a mark joins two words without space, as in US-Army, or names what follows in marks."""
    if place in reading.naming:
        return True
    if not 0 < place < len(reading.words) - 1:
        return False
    before, mark, after = reading.words[place - 1], reading.words[place], reading.words[place + 1]
    joined = before.span.end == mark.span.start and mark.span.end == after.span.start
    return joined and mark.text in "-/’'&"


def is_relative(reading: Reading, place: int) -> bool:
    """Whether a word is a relative pronoun (no article that looks like one), perhaps after a preposition."""
    if place >= len(reading.words):
        return False
    if reading.words[place].upos == "ADP" and place + 1 < len(reading.words):
        place += 1
    word = reading.words[place]
    return reading.lower[place] in reading.pack.words("relative") and word.upos == "PRON"
