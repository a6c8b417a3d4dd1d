"""Words in marks inside of a sentence that is not a quotation: whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.found import Found
from quotetrack.extract.frames import Framed
from quotetrack.extract.phrases import is_verb, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_of


def fragments(reading: Reading, framed: Sequence[Framed], found: Sequence[Found]) -> list[Found]:
    """Quotes of their own for fragments, in languages that count them so.

    A fragment inside of an attributed content has its source; else that of the cue in its sentence.
    Without either it is nobody's words.
    """
    taken = {number for one in found for number in one.quotations}
    result = []
    for one in framed:
        if one.number in taken:
            continue
        inner = reading.quotations[one.number].inner
        holders = [f for f in found if any(span.covers(inner) for span in f.content)]
        if holders and len(inner.of(reading.text).split()) == 1 and not _is_judged(reading, one):
            continue
        if holders:
            closest = min(holders, key=lambda f: sum(map(len, f.content)))
            result.append(Found("direct/nested", (inner,), closest.cue, closest.source, (one.number,)))
            continue
        cue = _cue_in_sentence(reading, one)
        if cue is not None:
            words = reading.sentences[reading.sentence[cue]]
            source = source_of(reading, cue, words.start, words.stop)
            result.append(Found("direct/fragment", (inner,), (cue,), tuple(source), (one.number,)))
    return result


def _is_judged(reading: Reading, one: Framed) -> bool:
    return _cue_in_sentence(reading, one) is not None


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
