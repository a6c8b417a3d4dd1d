"""Sources that are no subject: the agent of a passive, the document or medium that words stand in."""

from __future__ import annotations

from quotetrack.extract.phrases import noun_phrase
from quotetrack.extract.reading import Reading
from quotetrack.extract.speakers import can_speak
from quotetrack.lexicon import lexicon_of


def agent(reading: Reading, verb: int, first: int, end: int) -> list[int]:
    """`was told by Weber`: the agent of a passive, also one that a tree hangs on the subject: `wurde die
    Stadt vom Hafenamt aufgefordert`."""
    for kid in reading.kids[verb]:
        relation = reading.words[kid].deprel
        if first <= kid < end and relation in ("obl:agent", "obl", "nmod"):
            case = _by(reading, kid)
            if case is not None:
                return _behind(reading, case, noun_phrase(reading, kid, first, end))
    subject = reading.kid(verb, "nsubj:pass")
    if subject is None or reading.lemmas[subject] in reading.pack.words("noun"):
        return []
    for kid in reading.kids[subject]:
        case = _by(reading, kid)
        if case is not None and first <= kid == verb - 1 and can_speak(reading, [kid]):
            return _behind(reading, case, noun_phrase(reading, kid, first, end))
    return []


def _by(reading: Reading, noun: int) -> int | None:
    """The preposition that makes a noun an agent; no number stands before it: `27 | von 35 Stimmen`."""
    case = reading.kid(noun, "case")
    if case is None or reading.lower[case] not in reading.pack.words("agent"):
        return None
    return None if case and reading.words[case - 1].upos == "NUM" else case


def document(reading: Reading, verb: int, first: int, end: int) -> list[int]:
    """`In dem Bericht wird gefordert`: the document that a passive names in place of its author."""
    lexicon = lexicon_of(reading.pack)
    for kid in reading.kids[verb]:
        case = reading.kid(kid, "case")
        if case is None or not first <= kid < end or not lexicon.tail("documents", reading.lower[kid]):
            continue
        if reading.lower[case] in lexicon.words("place_prepositions"):
            return _behind(reading, case, noun_phrase(reading, kid, first, end))
    return []


def _behind(reading: Reading, preposition: int, phrase: list[int]) -> list[int]:
    """A noun phrase without its preposition, which may be two words (`vom`, `im`)."""
    end = reading.words[preposition].span.end
    return [place for place in phrase if reading.words[place].span.start >= end]


def medium(reading: Reading, verb: int, first: int, end: int) -> list[int]:
    """`In dem Bericht heißt es`: the text that says so, without its preposition."""
    if not any(
        reading.lower[p] in reading.pack.words("expletive")
        for p in range(max(first, verb - 2), min(end, verb + 3))
    ):
        return []
    for kid in sorted(reading.kids[verb], key=lambda k: abs(k - verb)):
        case = reading.kid(kid, "case")
        if (
            first <= kid < end
            and case is not None
            and reading.lower[case] not in reading.pack.words("as_what")
            and reading.words[kid].deprel.split(":")[0] in ("obl", "nmod")
        ):
            return [
                p for p in noun_phrase(reading, kid, first, end) if reading.words[p].upos != "ADP" or p > kid
            ]
    return []
