"""Who can say something: a noun phrase that names somebody, a body of people or a document; not a thing."""

from __future__ import annotations

from collections.abc import Sequence, Set

from quotetrack.extract.reading import Reading
from quotetrack.lexicon import lexicon_of
from quotetrack.types import Span

_KNOWN = ("kin_female", "kin_male", "anonymous", "bodies_of_people", "documents")
MAX_NAME = 80  # characters of a name before its head
_NOUNS = ("NOUN", "PROPN", "PRON")
_SOMEBODY = ("person", "organisation")


def can_speak(reading: Reading, phrase: Sequence[int]) -> bool:
    """Whether a noun phrase can be a source, told by its head: a name, a pronoun of people, or a noun that
    the pack knows as a role, a body or a document. `Der Zugang zum Osten` cannot."""
    inside = set(phrase)
    heads = [place for place in phrase if reading.heads[place] not in inside]
    if not heads:
        return False
    head = next((place for place in heads if reading.words[place].upos in _NOUNS), heads[0])
    return any(_is_somebody(reading, place) for place in _renamed(reading, head, inside))


def _renamed(reading: Reading, head: int, inside: Set[int]) -> list[int]:
    """A phrase's head and what it is called besides: `Regierender | Bürgermeister | Weber`."""
    found = [head]
    for place in found:
        found += [
            kid
            for kid in reading.kids[place]
            if kid in inside and reading.words[kid].deprel.split(":")[0] in ("appos", "flat")
        ]
    return found


def _is_somebody(reading: Reading, place: int) -> bool:
    word, low = reading.words[place], reading.lower[place]
    if word.upos == "PRON":
        return not any(low in reading.pack.words(name) for name in ("expletive", "demonstrative", "generic"))
    if word.upos == "PROPN" or any(
        mention.kind in _SOMEBODY and mention.span.start <= word.span.start < mention.span.end
        for mention in reading.mentions_in(Span(max(0, word.span.start - MAX_NAME), word.span.end))
    ):
        return True
    lexicon = lexicon_of(reading.pack)
    if lexicon.tail("organisation_heads", low) and not lexicon.tail("no_bodies", low):
        return True
    return lexicon.role(low) is not None or any(lexicon.tail(name, low) for name in _KNOWN)
