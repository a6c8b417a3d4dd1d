"""Words in marks inside of a sentence that is not a quotation: whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.beside import Cue, citation
from quotetrack.extract.found import Found
from quotetrack.extract.frames import Framed
from quotetrack.extract.phrases import is_finite, is_verb, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of, subject_run

MIN_WORDS = 3  # words of a fragment without cue that may be somebody's
MAX_NEAR = 4  # words around a cue among which its generic subject stands


def fragments(reading: Reading, framed: Sequence[Framed], found: Sequence[Found]) -> list[Found]:
    """Quotes of their own for fragments, in languages that count them so.

    A fragment inside of an attributed content has its source; else that of the cue in its sentence; words
    that are no name and say something (`„mit Vorsicht zu genießen“`) the person its sentence speaks of.
    """
    taken = {number for one in found for number in one.quotations}
    result: list[Found] = []
    for one in framed:
        if one.number in taken or _is_labelled(reading, one):
            continue
        if all(reading.words[p].upos in ("PROPN", "X", "NUM") for p in _inside(reading, one)):
            continue  # a name or a title in another language
        inner = reading.quotations[one.number].inner
        holders = [f for f in found if any(span.covers(inner) for span in f.content)]
        cue = _cue_in_sentence(reading, one)
        if one.first in reading.slogans and _is_long(reading, one):
            words = reading.sentences[reading.sentence[one.first]]
            verb = _verb_before(reading, one) if cue is None else cue
            source = source_of(reading, verb, words.start, words.stop) if verb is not None else []
            if result and result[-1].rule == "direct/slogan" and _is_joined(reading, one):
                source = list(result[-1].source)
            found_cue = (cue,) if cue is not None else ()
            result.append(Found("direct/slogan", (inner,), found_cue, tuple(source), (one.number,)))
            continue
        if holders and cue is None and not (_is_long(reading, one) or _is_coined(reading, one)):
            continue
        if holders:
            closest = min(holders, key=lambda f: sum(map(len, f.content)))
            result.append(Found("direct/nested", (inner,), closest.cue, closest.source, (one.number,)))
        elif cue is not None:
            words = reading.sentences[reading.sentence[cue]]
            source = [
                p for p in source_of(reading, cue, words.start, words.stop) if reading.quoted[p] != one.number
            ]
            if not _defines(reading, one, cue, source):
                result.append(Found("direct/fragment", (inner,), (cue,), tuple(source), (one.number,)))
        elif _says_something(reading, one):
            said = (
                _cited_after(reading, one)
                or _cited_before(reading, one)
                or Cue("", (), _told_of(reading, one))
            )
            result.append(Found("direct/words", (inner,), said.words, said.source, (one.number,)))
    return result


def _cited_after(reading: Reading, one: Framed) -> Cue | None:
    """Whose words a sentence says at its end that they are: `„…“ …, so die Polizei`."""
    for place in range(one.right.first, one.right.end) if one.right else ():
        if reading.words[place].text == ",":
            cited = citation(reading, place + 1, one.right.end) if one.right else None
            if cited is not None:
                return cited
    return None


def _cited_before(reading: Reading, one: Framed) -> Cue | None:
    """Whose words the words before a fragment say they are: `…, laut Weber „…“`."""
    if one.left is None:
        return None
    for place in range(one.left.end - 1, one.left.first - 1, -1):
        cited = citation(reading, place, one.left.end)
        if cited is not None and cited.source:
            return cited if cited.source[-1] == one.left.end - 1 else None
    return None


def _is_labelled(reading: Reading, one: Framed) -> bool:
    """Whether a title stands behind its label and a colon: `Motto: „…“`."""
    if one.left is None or reading.words[one.left.end - 1].text != ":":
        return False
    return any(reading.lemmas[p] in reading.pack.words("label") for p in range(one.left.first, one.left.end))


def _is_long(reading: Reading, one: Framed) -> bool:
    return len(reading.quotations[one.number].inner.of(reading.text).split()) > 1


def _inside(reading: Reading, one: Framed) -> list[int]:
    return [p for p in range(one.first, one.end) if not reading.is_punct(p)]


def _is_coined(reading: Reading, one: Framed) -> bool:
    """Whether a single word describes: an adjective or adverb, or a common noun that something is said to be
    (`sei ein „Papiertiger“`), none that may be a name."""
    inside = _inside(reading, one)
    if all(reading.words[p].upos in ("ADJ", "ADV") for p in inside):
        return True
    article = reading.lower[one.first - 1] if one.left is not None else ""
    described = article in reading.pack.words("indefinite")
    return described and all(reading.words[p].upos == "NOUN" for p in inside)


def _is_joined(reading: Reading, one: Framed) -> bool:
    """Whether no more than a conjunction stands between a quotation and the one before it."""
    if one.left is None or one.left.before < 0:
        return False
    return all(reading.words[p].upos in ("CCONJ", "PUNCT") for p in range(one.left.first, one.left.end))


def _verb_before(reading: Reading, one: Framed) -> int | None:
    """The main verb of what stands before a fragment in its sentence."""
    words = range(one.left.first, one.left.end) if one.left else range(0)
    verbs = [p for p in words if reading.words[p].upos == "VERB"]
    return next((p for p in verbs if reading.heads[p] < 0), verbs[0] if verbs else None)


def _defines(reading: Reading, one: Framed, cue: int, source: Sequence[int]) -> bool:
    """Whether a sentence only says what something is called: `Dies nennt man einen „Aktiensplit“`."""
    if any(reading.lower[p] in reading.pack.words("generic") for p in source):
        return True
    around = range(max(0, cue - MAX_NEAR), min(len(reading.words), cue + MAX_NEAR))
    if not source and any(reading.lower[p] in reading.pack.words("generic") for p in around):
        return True
    if one.left is not None and reading.words[one.left.end - 1].text == "(" and not _is_long(reading, one):
        return True
    nouns = all(reading.words[p].upos in ("NOUN", "PROPN", "DET", "X") for p in _inside(reading, one))
    return nouns and not source and not _is_long(reading, one)


def _says_something(reading: Reading, one: Framed) -> bool:
    """Whether a fragment without cue is somebody's words: MIN_WORDS or more, a verb, adjective or adverb in
    small letters among them, no foreign words."""
    words = [reading.words[p] for p in _inside(reading, one)]
    if len(words) < MIN_WORDS or one.left is None:
        return False
    foreign = sum(1 for word in words if word.upos in ("PROPN", "X"))
    telling = any(
        word.upos in ("VERB", "ADJ", "ADV", "AUX") and word.text[0].islower() and word.text.isalpha()
        for word in words
    )
    return telling and 3 * foreign <= len(words)


def _told_of(reading: Reading, one: Framed) -> tuple[int, ...]:
    """Whose words a fragment may be that no verb of saying leads to: the person or organisation that is the
    subject of its sentence, or by whom something happens (`von Weber mit „…“ begleitet`)."""
    assert one.left is not None
    for place in range(one.left.end - 1, one.left.first - 1, -1):
        if not is_finite(reading, place):
            continue
        after = place + 1
        if after < one.left.end and _is_he(reading, after):
            return (after,)
        source = subject_run(reading, place, reading.sentences[reading.sentence[place]].start)
        if source and _names_somebody(reading, source):
            return tuple(source)
        if len(source) == 1 and _is_he(reading, source[0]):
            return (source[0],)
        top = reading.heads[place] if reading.words[place].upos == "AUX" else place
        words = reading.sentences[reading.sentence[place]]
        source = source_of(reading, top if top >= 0 else place, words.start, words.stop)
        return tuple(source) if source and _names_somebody(reading, source) else ()
    return ()


def _names_somebody(reading: Reading, places: Sequence[int]) -> bool:
    """Whether words outside of quotations name a person or an organisation."""
    if any(reading.quoted[place] >= 0 for place in places):
        return False
    span = reading.span(places)
    named = ("person", "organisation")
    return any(m.kind in named and span.covers(m.span) for m in reading.mentions_in(span))


def _is_he(reading: Reading, place: int) -> bool:
    """Whether a word is a personal pronoun of the third person that may be a subject."""
    word = reading.words[place]
    if word.upos != "PRON" or reading.lower[place] in reading.pack.words("expletive"):
        return False
    return word.feats.get("Case") == "Nom" and word.feats.get("PronType", "Prs") == "Prs"


def _cue_in_sentence(reading: Reading, one: Framed) -> int | None:
    """The nearest verb of saying in the frames of a fragment, the one before it first."""
    before = range(one.left.end - 1, one.left.first - 1, -1) if one.left else ()
    after = range(one.right.first, one.right.end) if one.right else ()
    single = len(reading.quotations[one.number].inner.of(reading.text).split()) == 1
    verbs = [
        place
        for place in (*before, *after)
        if is_verb(reading, place) and lemma_in(reading, place, "judging" if single else "says_words")
    ]
    main = [
        place for place in verbs if reading.words[place].deprel.split(":")[0] not in ("acl", "advcl", "amod")
    ]
    return main[0] if main else None
