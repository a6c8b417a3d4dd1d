"""Where a text says that somebody said nothing: `declined to comment`, `did not say whether …`. No quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quotetrack.extract.clauses import bounds
from quotetrack.extract.found import Found
from quotetrack.extract.phrases import is_passive, is_verb, noun_phrase
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of
from quotetrack.types import Span

MAX_HIDDEN = 6  # words that say no more than that a name is not given
MAX_REACH = 12  # words between what is refused and the verb that refuses it
_ASKED = ("indirect/question", "indirect/object", "indirect/infinitive", "indirect/predication")


def silences(reading: Reading) -> list[Found]:
    """One for each verb or phrase that tells it, without a content; none within marks.

    silence/declined: a verb of refusing (`declined to comment`); silence/negated: a negated verb of saying
    (`did not say whether A`); silence/no-comment: `had no comment`; silence/unreached: `could not be reached
    for comment`. What a speaker says of himself is none.
    """
    if not reading.pack.words("silent"):
        return []
    found = []
    unreached = reading.pack.words("unreached")
    for place in range(len(reading.words)):
        if reading.quoted[place] < 0 and (is_verb(reading, place) or reading.lemmas[place] in unreached):
            one = _declined(reading, place) or _negated(reading, place) or _unreached(reading, place)
            if one is not None:
                found.append(one)
    return found


def without_silent(reading: Reading, found: Iterable[Found], silent: Iterable[Found]) -> list[Found]:
    """Attributions without those whose content is only what somebody did not speak of, or that nobody is to
    know who speaks (`declined to give her name`, `asked not to be identified`)."""
    cues = {place for one in silent for place in one.cue}
    return [
        one
        for one in found
        if one.rule not in _ASKED or (cues.isdisjoint(one.cue) and not _hides_name(reading, one))
    ]


def _hides_name(reading: Reading, one: Found) -> bool:
    """Whether a content is no more than that somebody's own name is, or is not, given."""
    if one.rule != "indirect/infinitive":
        return False
    words = [place for span in one.content for place in reading.within(span) if not reading.is_punct(place)]
    if len(words) > MAX_HIDDEN:
        return False
    passive = any(
        reading.lemmas[place] in reading.pack.words("identifying") and is_passive(reading, place)
        for place in words
    )
    own = any(
        reading.lemmas[place] in reading.pack.words("own_name")
        and any(reading.words[kid].upos in ("PRON", "DET") for kid in reading.kids[place])
        for place in words
    )
    return passive or own


def _declined(reading: Reading, verb: int) -> Found | None:
    if not is_verb(reading, verb) or reading.lemmas[verb] not in reading.pack.words("declining"):
        return None
    refused = _refused(reading, verb, reading.pack.words("saying_nothing") | reading.pack.words("comment"))
    return None if refused is None else _found(reading, "silence/declined", verb, range(verb, refused + 1))


def _refused(reading: Reading, verb: int, words: frozenset[str]) -> int | None:
    """The first of some words near below a verb: its object, or the infinitive that hangs on it."""
    for place in reading.subtree(verb):
        if verb < place <= verb + MAX_REACH and reading.quoted[place] < 0 and reading.lemmas[place] in words:
            between = range(verb, place)
            deep = sum(1 for above in reading.up(place) if above in between and is_verb(reading, above))
            return place if deep <= 1 else None
    return None


def _negated(reading: Reading, verb: int) -> Found | None:
    """`did not say`, `said nothing`, `machte keine Angaben`, `had no comment`."""
    if not is_verb(reading, verb):
        return None
    negation = reading.pack.words("negation")
    silent = reading.lemmas[verb] in reading.pack.words("silent")
    for kid in reading.kids[verb]:
        if reading.quoted[kid] >= 0:
            continue
        relation = reading.words[kid].deprel.split(":")[0]
        if silent:
            nothing = relation == "obj" and reading.lower[kid] in reading.pack.words("nothing")
            if nothing or (relation in ("advmod", "obj") and reading.lower[kid] in negation):
                return _found(reading, "silence/negated", verb, (verb, kid))
        if relation in ("obj", "nsubj") and reading.lemmas[kid] in reading.pack.words("comment"):
            denied = [k for k in reading.kids[kid] if reading.lower[k] in negation]
            if denied:
                return _found(reading, "silence/no-comment", verb, (verb, *denied, kid))
    return None


def _unreached(reading: Reading, place: int) -> Found | None:
    """`could not be reached for comment`, `war für eine Stellungnahme nicht zu erreichen`."""
    if reading.lemmas[place] not in reading.pack.words("unreached"):
        return None
    if not any(reading.lower[kid] in reading.pack.words("negation") for kid in reading.kids[place]):
        return None
    asked = [kid for kid in reading.kids[place] if reading.lemmas[kid] in reading.pack.words("comment")]
    if not asked:
        return None
    return _found(reading, "silence/unreached", place, range(min(place, *asked), max(place, *asked) + 1))


def _found(reading: Reading, rule: str, verb: int, cue: Sequence[int]) -> Found | None:
    """A silence with its source; None where nobody is named, or where somebody speaks of himself."""
    inside = bounds(reading, verb)
    subject = reading.kid(verb, "nsubj")
    source = (
        noun_phrase(reading, subject, inside.start, verb)
        if subject is not None and reading.words[subject].deprel == "nsubj:pass" and subject < verb
        else source_of(reading, verb, inside.start, inside.stop)
    )
    if not source or any(reading.words[place].feats.get("Person") in ("1", "2") for place in source[:1]):
        return None
    helping = [
        kid
        for kid in reading.kids[verb]
        if reading.words[kid].deprel.split(":")[0] in ("aux", "cop")
        or reading.words[kid].deprel == "compound:prt"
        or reading.lower[kid] in reading.pack.words("negation")
    ]
    words = tuple(sorted({verb, *cue, *helping} - set(source)))
    return Found(
        rule, (Span(reading.words[verb].span.start, reading.words[verb].span.end),), words, tuple(source)
    )
