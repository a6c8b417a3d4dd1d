"""Where clauses begin and end: what a cue's content may cover."""

from __future__ import annotations

from quotetrack.extract.phrases import lemma_in
from quotetrack.extract.reading import Reading

def bounds(reading: Reading, place: int) -> range:
    """The words of a word's sentence, without the closing mark and what stands after it.

    A quotation that a sentence border cuts keeps its words together.
    """
    inside = reading.sentences[reading.sentence[place]]
    first, end = inside.start, inside.stop
    while end - 1 > place and reading.is_punct(end - 1) and reading.words[end - 1].text not in ")]%":
        if reading.quoted[end - 1] >= 0 and reading.quoted[end - 1] != reading.quoted[place]:
            break
        end -= 1
    return range(first, end)


def right_edge(reading: Reading, verb: int, start: int, end: int) -> int:
    """Where the content that starts at `start` ends (exclusive), at most `end`.

    It reaches to the end of the cue's own clause, but not over the next cue coordinated with it
    (`said … and added …`) nor over what the tree hangs on the cue after a comma (`, adding that …`).
    """
    stop = end
    below = reading.subtree(verb)
    if reading.heads[verb] >= 0 and reading.words[verb].deprel.split(":")[0] not in ("parataxis",):
        last = max((p for p in below if p < end), default=end - 1) + 1
        if last > start:
            stop = min(stop, last)
    for kid in reading.kids[verb]:
        relation = reading.words[kid].deprel.split(":")[0]
        if kid <= start or relation not in ("conj", "advcl", "parataxis"):
            continue
        edge = (
            min(p for p in reading.subtree(kid) if p > verb)
            if relation != "conj"
            else _coordinated(reading, kid)
        )
        if edge is None or edge <= start + 1:
            continue
        cued = lemma_in(reading, kid, "say", "clause", "infinitive", "object", "sentence")
        if (relation == "conj" and cued) or (relation == "advcl" and cued and reading.is_punct(edge - 1)):
            stop = min(stop, edge)
    tails = reading.pack.words("relative_adverb") | reading.pack.words("tail")
    for place in range(start + 1, stop):
        if _is_break(reading, place - 1) and reading.lower[place] in tails and reading.quoted[place] < 0:
            stop = place - 1
            break
    if not reading.pack.mood:
        stop = next((p for p in range(start, stop) if reading.words[p].text == ";" and reading.quoted[p] < 0), stop)
    return _closed(reading, _back(reading, start, stop))


def _is_break(reading: Reading, place: int) -> bool:
    """Whether a comma, or a closing mark (with the comma inside of it), ends a phrase at `place`."""
    return reading.words[place].text in (",", "–", "—") or (
        reading.quoted[place] >= 0 and reading.quoted[place + 1] != reading.quoted[place]
    )


def _closed(reading: Reading, stop: int) -> int:
    """Where a quotation that `stop` would cut ends: a sentence border inside of marks cuts nothing."""
    number = reading.quoted[stop - 1]
    if number < 0 or stop >= len(reading.words) or reading.quoted[stop] != number:
        return stop
    while stop < len(reading.words) and reading.quoted[stop] == number:
        stop += 1
    return stop


def _coordinated(reading: Reading, kid: int) -> int | None:
    """The first word of a coordinated clause, its conjunction or subject included."""
    below = reading.subtree(kid)
    return min(below) if below else None


def _back(reading: Reading, start: int, stop: int) -> int:
    while stop - 1 > start and (
        (reading.is_punct(stop - 1) and reading.quoted[stop - 1] < 0)
        or reading.words[stop - 1].upos == "CCONJ"
    ):
        stop -= 1
    return stop
