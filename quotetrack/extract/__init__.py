"""Who said what: quotes of one annotated article, by rules over trees, marks and a language pack.

Pure functions; nothing here loads a model. `read` lays an annotation out, `frames`, `direct`,
`complements` and `asides` find attributions, `compose` settles what overlaps.
"""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.asides import asides
from quotetrack.extract.blocks import blocks
from quotetrack.extract.chains import chains, mood_clauses
from quotetrack.extract.complements import complements
from quotetrack.extract.compose import quotes_of, settle, without_turns
from quotetrack.extract.dialogue import dashes, dialogue
from quotetrack.extract.direct import direct_quotes
from quotetrack.extract.fragments import fragments
from quotetrack.extract.frames import frame
from quotetrack.extract.inner import inner_quotes
from quotetrack.extract.marked import find_marked
from quotetrack.extract.marks import find_quotations
from quotetrack.extract.objects import objects
from quotetrack.extract.reading import read
from quotetrack.extract.reports import FRAMING, reports
from quotetrack.languages import Pack
from quotetrack.types import Annotation, Mention, Quote, Token

__all__ = ["find_marked", "find_quotations", "find_quotes", "wants_tree"]


def find_quotes(annotation: Annotation, pack: Pack) -> list[Quote]:
    """All quotes of an article, in reading order; those that share a start, the longer first.

    content: without surrounding marks, disjoint from cue and source. source: the whole noun phrase.
    speaker and affiliation stay None. Tolerates unparsed sentences; never raises on odd text.
    """
    reading = read(annotation, pack)
    framed = frame(reading)
    turns = dialogue(reading) + dashes(reading)
    direct = without_turns(reading, direct_quotes(reading, framed), turns) + blocks(reading)
    found = settle(reading, direct, turns + complements(reading) + asides(reading) + objects(reading))
    found += mood_clauses(reading, found)
    found += reports(reading, found)
    found += chains(reading, found)
    if pack.conventions.partly_quoted == "both":
        found += fragments(reading, framed, found)
    found += inner_quotes(reading)
    return quotes_of(reading, [one for one in found if one.rule != FRAMING])


def wants_tree(tokens: Sequence[Token], mentions: Sequence[Mention], pack: Pack) -> bool:
    """Whether a tagged sentence needs a dependency tree: where it names somebody, or holds a quotation
    mark, a word of a cue or a verb in the reported mood. The others cannot hold a quote's cue or source.
    """
    if any(mention.kind in ("person", "organisation") for mention in mentions):
        return True
    return any(_hints(token, pack) for token in tokens)


def _hints(token: Token, pack: Pack) -> bool:
    low = token.text.lower()
    if low in pack.forms or low in pack.hints or token.lemma.lower() in pack.hints:
        return True
    if token.text in pack.marks or token.text in ("''", "``"):
        return True
    return token.upos in ("VERB", "AUX") and low in pack.mood.get("forms", ())
