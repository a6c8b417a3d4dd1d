"""Sources from elsewhere: a participle's, a coordinated verb's, the subject of the sentence before."""

from __future__ import annotations

from quotetrack.extract.extents import source_phrase
from quotetrack.extract.phrases import NOMINAL, is_finite, nominal_run, noun_phrase, subject_of
from quotetrack.extract.reading import Reading

_BESIDE = ("advcl", "csubj")  # relations of a participle's clause before the main one, as trees have it


def told_later(reading: Reading, verb: int) -> list[int]:
    """For a participle before its main clause (`Claiming A, Weber left`): that clause's subject."""
    main = reading.heads[verb]
    if reading.pack.conventions.verb_second or reading.words[verb].deprel.split(":")[0] not in _BESIDE:
        return []
    if main < verb or reading.words[verb].feats.get("Tense") != "Pres" or is_finite(reading, verb):
        return []
    subject = subject_of(reading, main)
    if subject is None or subject < verb or reading.lower[subject] in reading.pack.words("expletive"):
        return []
    inside = reading.sentences[reading.sentence[verb]]
    return source_phrase(reading, subject, main, verb + 1, inside.stop)


def blamed(reading: Reading, verb: int, first: int) -> list[int]:
    """For a participle that says what for (`held Weber in contempt for refusing`, `Weber was fined for saying
    A`): whom its main verb takes as its object, if anybody."""
    mark, main = reading.kid(verb, "mark", "case"), reading.heads[verb]
    if mark is None or mark != verb - 1 or reading.lower[mark] not in reading.pack.words("blaming"):
        return []
    if reading.words[verb].feats.get("VerbForm") not in ("Part", "Ger") or not first <= main < mark:
        return []
    told = next(
        (k for k in reading.kids[main] if reading.words[k].deprel in ("obj", "nsubj:pass") and k < mark), None
    )
    if told is None or told < first or reading.words[told].upos not in ("PROPN", "PRON", "NOUN"):
        return []
    return noun_phrase(reading, told, first, mark)


def shared(reading: Reading, verb: int, first: int) -> list[int]:
    """For a finite verb right after a conjunction (`met survivors of the fire on Friday and said`): the
    subject of the last verb of its tense before it, where a tree joins it to something else."""
    before = verb - 1
    while before > first and reading.words[before].upos in ("ADV", "AUX", "PART"):
        before -= 1
    low = reading.lower[before + 1] if before + 1 < verb else ""
    joined = reading.words[before].upos == "CCONJ" or (
        reading.words[before].text == "," and low in reading.pack.words("adverb_conjunction")
    )
    if reading.pack.conventions.verb_second or not joined or not is_finite(reading, verb):
        return []
    tense = reading.words[verb].feats.get("Tense")
    for place in range(before - 1, first - 1, -1):
        if not is_finite(reading, place) or reading.words[place].feats.get("Tense") != tense:
            continue
        top = place if reading.words[place].upos == "VERB" else reading.heads[place]
        subject = subject_of(reading, top) if top >= 0 else None
        if subject is not None and first <= subject < place:
            return source_phrase(reading, subject, place, first, verb)
    return []


def goes_on(reading: Reading, verb: int, first: int) -> bool:
    """Whether a verb without a subject of its own goes on beside one in second place, whose source it has,
    whatever stands before that: `Die Äußerungen nannte Weber richtig und glaubt, dass`."""
    head = reading.heads[verb]
    beside = reading.words[verb].deprel == "conj" and first < head < verb and is_finite(reading, head)
    return reading.pack.conventions.verb_second and beside and reading.kid(verb, "nsubj") is None


def subject_before(reading: Reading, number: int) -> tuple[int, ...]:
    """The subject of the sentence before, in the same paragraph."""
    if number == 0:
        return ()
    before = reading.sentences[number - 1]
    first = reading.sentences[number].start
    if reading.paragraph[before.start] < reading.paragraph[first] - 1:
        return ()
    if not any(reading.words[p].deprel for p in before):  # no tree: the first noun phrase
        return tuple(nominal_run(reading, before.start, before.stop))
    root = next((p for p in before if reading.heads[p] < 0), None)
    if root is None:
        return ()
    subject = subject_of(reading, root)
    if subject is None or reading.words[subject].upos not in NOMINAL:
        return ()
    return tuple(noun_phrase(reading, subject, before.start, before.stop))
