"""Who said what: quotes of one annotated article, by rules over trees, marks and a language pack.

Pure functions; nothing here loads a model. `read` lays an annotation out, `frames`, `direct`,
`complements` and `asides` find attributions, `compose` settles what overlaps.
"""

from __future__ import annotations

from collections.abc import Iterable

from quotetrack.extract.asides import asides
from quotetrack.extract.blocks import blocks
from quotetrack.extract.chains import chains, hearsay, mood_clauses, rejoined
from quotetrack.extract.complements import complements
from quotetrack.extract.compose import quotes_of, runs, settle, tidied, without_turns
from quotetrack.extract.dialogue import dashes, dialogue
from quotetrack.extract.direct import direct_quotes
from quotetrack.extract.fragments import fragments
from quotetrack.extract.frames import frame
from quotetrack.extract.inner import inner_quotes
from quotetrack.extract.interviews import answers
from quotetrack.extract.marked import find_marked
from quotetrack.extract.marks import find_quotations
from quotetrack.extract.objects import objects
from quotetrack.extract.pointing import pointed
from quotetrack.extract.reading import Reading, read
from quotetrack.extract.reports import FRAMING, reports
from quotetrack.extract.silences import silences, without_silent
from quotetrack.extract.sparse import without_doubtful
from quotetrack.extract.topics import topics
from quotetrack.extract.wanted import want_trees
from quotetrack.languages import Pack
from quotetrack.types import Annotation, Quote, Silence

__all__ = ["find_marked", "find_quotations", "find_quotes", "find_silences", "read", "want_trees"]


def find_quotes(annotation: Annotation, pack: Pack, reading: Reading | None = None) -> list[Quote]:
    """All quotes of an article, in reading order; those that share a start, the longer first.

    content: without surrounding marks, disjoint from cue and source. source: the whole noun phrase.
    speaker and affiliation stay None. Tolerates unparsed sentences; never raises on odd text.
    reading: what `read` made of both, where it is there already.
    """
    reading = reading or read(annotation, pack)
    framed = frame(reading)
    turns = dialogue(reading)
    turns += dashes(reading) + ([] if turns else answers(reading))
    direct = without_turns(reading, direct_quotes(reading, framed), turns) + blocks(reading)
    indirect = without_silent(
        reading,
        complements(reading) + asides(reading) + objects(reading) + topics(reading),
        silences(reading),
    )
    found = without_doubtful(reading, settle(reading, direct, turns + indirect))
    found += mood_clauses(reading, found)
    found += pointed(reading, found)
    found += reports(reading, found)
    found = rejoined(reading, found + chains(reading, found))
    found += hearsay(reading, found)
    if pack.conventions.partly_quoted == "both":
        found += fragments(reading, framed, found)
    found += inner_quotes(reading)
    return quotes_of(reading, [one for one in found if one.rule != FRAMING])


def find_silences(
    annotation: Annotation, pack: Pack, quotes: Iterable[Quote], reading: Reading | None = None
) -> list[Silence]:
    """Who is told to have said nothing, in reading order: where a negated or refusing cue announces no quote.

    quotes: those of the same annotation; a cue of theirs tells no silence. reading: as for `find_quotes`.
    """
    reading = reading or read(annotation, pack)
    cued = [span for quote in quotes for span in (*quote.cue, *quote.content)]
    found = []
    for one in silences(reading):
        cue = runs(reading, one.cue)
        if any(span.overlaps(other) for span in one.content for other in cued):
            continue
        span = reading.span(one.source)
        found.append(Silence(cue, (tidied(reading, span) or span,), one.rule))
    return found
