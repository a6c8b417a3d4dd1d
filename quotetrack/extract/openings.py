"""Where the clause that a cue governs begins, and of what kind it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quotetrack.extract.mood import in_reported_mood, is_main
from quotetrack.extract.phrases import (
    NOMINAL,
    is_finite,
    is_passive,
    is_possessive,
    is_relative,
    lemma_in,
    nominal_run,
)
from quotetrack.extract.reading import Reading

Kind = Literal["that", "question", "infinitive", "bare"]

MAX_SKIP = 14  # words that may stand between a cue and its clause: whom it told, when and where
MAX_TO_VERB = 30  # words that may stand between the beginning of a clause and its verb


@dataclass(frozen=True, slots=True)
class Opening:
    """The first word of a complement clause and its kind."""

    start: int
    kind: Kind


def opening_of(reading: Reading, verb: int, end: int) -> Opening | None:
    """The clause after a cue, before `end`; None where the cue has none."""
    if reading.pack.conventions.clause_commas:
        return _after_comma(reading, verb, end)
    return _after_cue(reading, verb, end)


# ------------------------------------------------------- languages that set every clause off by a comma


def _after_comma(reading: Reading, verb: int, end: int) -> Opening | None:
    pack = reading.pack
    following = verb + 1
    if (
        following < end
        and reading.lower[following] in pack.words("to")
        and _is_infinitive(reading, following, end)
    ):
        return Opening(following, "infinitive")
    commas = 0
    for place in range(verb + 1, min(end, verb + 1 + 2 * MAX_SKIP)):
        text = reading.words[place].text
        if text in ":;" or reading.quoted[place] >= 0:
            return None
        if text == ",":
            if _is_particle(reading, verb, place + 1):
                continue
            commas += 1
            clause = clause_at(reading, verb, place + 1, end)
            pointed = reading.lower[place - 1] in pack.words("correlate")
            if clause is not None and (commas == 1 or pointed or clause.kind in ("that", "bare")):
                return clause
        if commas and is_main(reading, place) and lemma_in(reading, place, "clause"):
            return None  # the clause is another cue's: `wird gelobt, Weber bezweifelt aber, dass`
        if reading.lower[place] in pack.words("complementizer"):
            circumstance = reading.lower[place - 1] in pack.words("before_complementizer")  # `so dass`
            return None if circumstance else Opening(place, "that")
    return None


def _is_particle(reading: Reading, verb: int, place: int) -> bool:
    """Whether a word is no more than the cue's own particle before a comma: `gab Weber, die Leiterin, |
    bekannt, dass`."""
    alone = place + 1 < len(reading.words) and reading.words[place + 1].text == ","
    lemma = reading.lemmas[verb]
    return alone and lemma in reading.pack.separable and lemma.startswith(reading.lower[place])


def clause_at(reading: Reading, verb: int, first: int, end: int) -> Opening | None:
    """A clause right after a comma: `dass er komme`, `ob …`, `er komme`, `bald zu kommen`; None elsewhere."""
    pack = reading.pack
    if first >= end:
        return None
    low = reading.lower[first]
    if low in pack.words("complementizer"):
        return Opening(first, "that")
    if low in pack.words("question"):
        return Opening(first, "question")
    blocked = (
        reading.words[first].upos == "CCONJ"
        or low in pack.words("relative_adverb")
        or low in pack.words("causal")
    )
    if blocked or is_relative(reading, first):
        return None
    for place in range(first, min(end, first + MAX_TO_VERB)):
        if reading.words[place].text in ",:;" and place > first + 1:
            break
        if reading.lower[place] in pack.words("to") and _is_infinitive(reading, place, end):
            return Opening(first, "infinitive")
        if _holds_to(reading, place):
            return Opening(first, "infinitive")
        if is_finite(reading, place):
            known = in_reported_mood(reading, place) or lemma_in(reading, verb, "bare")
            return Opening(first, "bare") if known else None
    return None


def _holds_to(reading: Reading, place: int) -> bool:
    """Whether a word is an infinitive with its particle inside of it (`aufzubauen`)."""
    word = reading.words[place]
    infix = any(to in reading.lower[place][2:-2] for to in reading.pack.words("to"))
    return word.upos == "VERB" and infix and word.feats.get("VerbForm") != "Fin" and word.text[-1] == "n"


def _is_infinitive(reading: Reading, place: int, end: int) -> bool:
    """Whether a particle (`zu`) has an infinitive after it, known as one or as the particle's verb."""
    if place + 1 >= end:
        return False
    after = reading.words[place + 1]
    told = reading.words[place].upos == "PART" and after.upos == "VERB"
    return told or after.feats.get("VerbForm") == "Inf"


# --------------------------------------------------------------------------------- languages that do not


def _after_cue(reading: Reading, verb: int, end: int) -> Opening | None:
    pack = reading.pack
    place = (
        _that_ahead(reading, verb, end)
        or _behind_object(reading, verb, end)
        or skip_circumstances(reading, verb, end)
    )
    if place >= end or reading.words[place].text in ",:;.?!)" or reading.words[place].upos == "CCONJ":
        return None
    low = reading.lower[place]
    if low in pack.words("complementizer"):
        if _is_determined_object(reading, verb, place):
            return None
        if reading.words[place].upos == "SCONJ" or _finite_at(reading, place + 1, end) is not None:
            return Opening(place, "that")
        return None
    if low in pack.words("question"):
        feats = reading.words[place + 1].feats if place + 1 < end else {}
        asked = place + 1 < end and lemma_in(reading, place + 1, "addressed")
        if feats.get("Tense") == "Past" and (feats.get("VerbForm") == "Part" or asked):
            return None  # `said when asked about it`
        negated = any(reading.lower[kid] in pack.words("negation") for kid in reading.kids[verb])
        return Opening(place, "question") if lemma_in(reading, verb, "asking") and not negated else None
    if low in pack.words("to"):
        return Opening(place, "infinitive") if reading.words[place].upos == "PART" else None
    if reading.words[place].upos in ("ADV", "PART") and low in pack.words("negation"):
        after = place + 1
        if after < end and reading.lower[after] in pack.words("to"):
            return Opening(place, "infinitive")
    if low in pack.words("contracted") and lemma_in(reading, verb, "bare"):
        return Opening(place, "bare")  # `says she’ll wait` in one word
    if (
        not lemma_in(reading, verb, "bare")
        or reading.words[place].upos == "SCONJ"
        or is_passive(reading, verb)
    ):
        return None
    finite = _finite_at(reading, place, end)
    if finite is None or finite == place:
        return None
    if not any(
        reading.words[p].upos in NOMINAL | {"DET"} or reading.words[p].deprel.startswith("nsubj")
        for p in range(place, finite)
    ):
        return None
    return Opening(place, "bare")


def _is_determined_object(reading: Reading, verb: int, place: int) -> bool:
    """Whether a `that` is the article of the cue's object: `described that figure as optimistic`."""
    noun = reading.heads[place]
    if reading.words[place].deprel != "det" or noun < 0:
        return False
    clause = any(kid > noun and reading.words[kid].deprel == "ccomp" for kid in reading.kids[verb])
    return reading.heads[noun] == verb and reading.words[noun].deprel == "obj" and not clause


def _that_ahead(reading: Reading, verb: int, end: int) -> int | None:
    """A complementizer further on, with no finite verb, mark or noun of saying between it and the cue."""
    pack = reading.pack
    for place in range(verb + 1, min(end, verb + 1 + 2 * MAX_SKIP)):
        word = reading.words[place]
        if is_finite(reading, place) or word.text in ";:—–" or reading.quoted[place] >= 0:
            return None
        if reading.lower[place] in pack.words("to_infinitive") and place > verb + 1 and word.upos == "PART":
            return None
        if reading.lower[place] in pack.words("complementizer"):
            near = place == verb + 1 or reading.words[place - 1].text == "," or lemma_in(reading, verb, "say")
            noun = reading.lemmas[place - 1] in pack.words("noun")
            subject = reading.words[place].upos == "DET" or (
                place + 1 < end and is_finite(reading, place + 1) and place > verb + 1
            )
            return place if near and not noun and not subject else None
    return None


def _behind_object(reading: Reading, verb: int, end: int) -> int:
    """Where an infinitive begins whose subject is the cue's object: `expects Weber | to agree`, `called on
    the others | to agree`; 0 without one."""
    phrase = verb + 1
    listed = reading.pack.words("object_infinitive")
    if phrase < end and f"{reading.lemmas[verb]} {reading.lower[phrase]}" in listed:
        phrase += 1
    elif reading.lemmas[verb] not in listed:
        return 0
    after = _addressee(reading, phrase, end)
    if not after or after >= end or reading.words[after].upos != "PART":
        return 0
    return after if reading.lower[after] in reading.pack.words("to") else 0


def skip_circumstances(reading: Reading, verb: int, end: int) -> int:
    """The first word after a cue that is not its particle, an adverb, a time, an addressee or a
    circumstance (`in a statement`, `to reporters`)."""
    pack = reading.pack
    place = verb + 1
    addressed = lemma_in(reading, verb, "addressed")
    limit = min(end, verb + 1 + MAX_SKIP)
    while place < limit:
        word = reading.words[place]
        low = reading.lower[place]
        if (
            low in pack.words("complementizer")
            or low in pack.words("question")
            or low in pack.words("to_infinitive")
            or low in pack.words("contracted")
        ):
            break
        if word.deprel == "compound:prt" and reading.heads[place] == verb:
            place += 1
        elif _is_time(reading, place, end):
            place = _is_time(reading, place, end)
        elif word.upos == "ADV" and word.deprel == "advmod" and _stands_alone(reading, place, end):
            place += 1
        elif (
            low in pack.words("circumstance")
            or (low in pack.words("agent") and place == verb + 1 and is_passive(reading, verb))
        ) and (after := _circumstance(reading, place, end)):
            place = after
        elif addressed and place == verb + 1 and (after := _addressee(reading, place, end)):
            place = after
            addressed = False
        elif word.text == "," and (after := _between_commas(reading, place, end)):
            place = after
        else:
            break
    return place


def _stands_alone(reading: Reading, place: int, end: int) -> bool:
    """Whether an adverb modifies the cue before it and not a number or phrase after it."""
    after = place + 1
    if after >= end:
        return True
    return reading.words[after].upos not in ("NUM", "ADP", "ADJ", "ADV") and reading.lower[place] not in (
        reading.pack.words("quantifier")
    )


def _is_time(reading: Reading, place: int, end: int) -> int:
    """The end of an expression of time at `place` (`on Monday`, `last week`); 0 without one."""
    time = reading.pack.words("time")
    for width in (1, 2, 3, 4):
        last = place + width - 1
        if last >= end:
            return 0
        if reading.lower[last] in time:
            if last + 1 < end and is_possessive(reading, last + 1):
                return 0  # `praised Thursday's protests`
            while last + 1 < end and (
                reading.lower[last + 1] in time or reading.words[last + 1].text.isdigit()
            ):
                last += 1
            return last + 1
        if (
            reading.words[last].upos not in ("ADP", "ADJ", "DET", "NUM")
            and not reading.words[last].text[0].isdigit()
        ):
            return 0
    return 0


def skip_times(reading: Reading, place: int, end: int) -> int:
    """The first word from `place` on that is not an expression of time."""
    while place < end and (after := _is_time(reading, place, end)):
        place = after
    return place


def _circumstance(reading: Reading, place: int, end: int) -> int:
    """The end of a prepositional phrase that belongs to the cue; 0 where it belongs to what follows."""
    run = nominal_run(reading, place + 1, end)
    if not run or run[0] != place + 1:
        return 0
    after = run[-1] + 1
    if after < end and is_finite(reading, after):
        return 0
    return after


def _addressee(reading: Reading, place: int, end: int) -> int:
    """The end of the noun phrase that says whom one told; 0 where the phrase is a clause's subject."""
    run = nominal_run(reading, place, end)
    if not run or run[0] != place:
        return 0
    after = run[-1] + 1
    return 0 if after < end and is_finite(reading, after) else after


def _between_commas(reading: Reading, place: int, end: int) -> int:
    """The end of a short phrase between commas right after a cue: `said, in a statement, that`."""
    for after in range(place + 2, min(end, place + MAX_SKIP)):
        if is_finite(reading, after) or reading.quoted[after] >= 0:
            return 0
        if reading.words[after].text == ",":
            low = reading.lower[after + 1] if after + 1 < end else ""
            return after + 1 if low in reading.pack.words("complementizer") else 0
    return 0


def _finite_at(reading: Reading, first: int, end: int) -> int | None:
    """The first finite verb in [first, end) that no relative clause before it could claim."""
    for place in range(first, min(end, first + MAX_TO_VERB)):
        if is_finite(reading, place):
            return place
        if reading.words[place].text in ";:":
            return None
    return None
