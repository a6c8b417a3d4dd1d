"""Where clauses begin and end: what a cue's content may cover."""

from __future__ import annotations

from quotetrack.extract.mood import in_reported_mood, resumed
from quotetrack.extract.phrases import auxiliaries, is_finite, lemma_in, subject_of
from quotetrack.extract.reading import Reading
from quotetrack.types import Span

DASHES = ("–", "—", "―", "--", "-")
MAX_RELATIVE = 7  # words of a relative clause among which its cue stands


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


def rest_of(reading: Reading, inside: range, first: int, end: int) -> tuple[Span, ...]:
    """What a sentence has outside of [first, end), trimmed: one or two spans. Without what links it to
    the sentence before (`Still, …`), and without a clause coordinated after it (`…, but …`)."""
    parts = []
    start = inside.start + _connective(reading, inside)
    for places in (range(min(start, first), first), range(end, inside.stop)):
        kept = list(places)
        if places.start == end and _is_coordinated(reading, end, inside.stop):
            continue
        while kept and reading.is_punct(kept[0]) and reading.quoted[kept[0]] < 0:
            kept.pop(0)
        while kept and reading.is_punct(kept[-1]) and reading.quoted[kept[-1]] < 0:
            kept.pop()
        if len(kept) == 1 and reading.words[kept[0]].upos == "CCONJ":
            continue
        if kept and any(not reading.is_punct(p) for p in kept):
            parts.append(reading.span(kept))
    return tuple(parts)


def _connective(reading: Reading, inside: range) -> int:
    """How many words at a sentence's beginning only link it to the one before (`Even so,`)."""
    for width in (1, 2):
        comma = inside.start + width
        words = " ".join(reading.lower[inside.start : comma])
        if (
            comma < inside.stop
            and reading.words[comma].text == ","
            and words in reading.pack.words("connective")
        ):
            return width + 1
    return 0


def _is_coordinated(reading: Reading, end: int, stop: int) -> bool:
    """Whether a clause of its own follows a comma and a conjunction at `end`."""
    if reading.pack.conventions.clause_commas or end + 1 >= stop or reading.words[end].text != ",":
        return False
    return reading.words[end + 1].upos == "CCONJ" and any(is_finite(reading, p) for p in range(end, stop))


def clause_end(reading: Reading, place: int, high: int) -> int:
    """The end of a side clause: the first comma after its finite verb."""
    seen = False
    for at in range(place, high):
        seen = seen or is_finite(reading, at)
        if seen and reading.words[at].text == ",":
            return at
    return high


def right_edge(reading: Reading, verb: int, start: int, end: int) -> int:
    """Where the content that starts at `start` ends (exclusive), at most `end`.

    The content of a main clause's cue reaches to the end of the sentence, but not over the next cue
    coordinated with it (`said … and added …`) nor over what hangs on the cue after a comma
    (`, adding that …`); that of a side clause's cue no further than its clause.
    """
    stop = end
    if not _is_matrix(reading, verb):
        last = max((p for p in reading.subtree(verb) if p < end), default=end - 1) + 1
        if last > start:
            stop = min(stop, last)
        outer = _outer_verb(reading, verb, start, stop)
        if outer is not None:
            stop = outer
    if not reading.pack.conventions.clause_commas:
        stop = min(stop, _before_main(reading, verb, start, stop))
    for kid in reading.kids[verb]:
        relation = reading.words[kid].deprel.split(":")[0]
        if kid <= start or relation not in ("conj", "advcl", "parataxis"):
            continue
        edge = min((p for p in reading.subtree(kid) if p > verb), default=kid)
        if edge <= start + 1:
            continue
        cued = lemma_in(reading, kid, "say", "clause", "infinitive", "object", "sentence")
        if relation == "parataxis" and _is_last(reading, kid, edge, end):
            relation = "conj"
        if (relation == "conj" and cued and _is_beside(reading, verb, kid, edge)) or (
            relation == "advcl" and cued and reading.is_punct(edge - 1)
        ):
            stop = min(stop, edge)
    tails = reading.pack.words("relative_adverb") | reading.pack.words("tail")
    for place in range(start + 1, stop):
        if reading.quoted[place] >= 0:
            continue
        if reading.words[place].text == ":" and place + 1 < stop and reading.quoted[place + 1] >= 0:
            stop = place
            break
        after_break = _is_break(reading, place - 1)
        if (after_break and reading.lower[place] in tails) or reading.words[place].text == "[":
            stop = place - 1 if after_break else place
            break
        if reading.words[place].upos == "CCONJ" and (
            _next_cue(reading, verb, place, stop) or _resumes(reading, verb, place, stop)
        ):
            stop = place
            break
        if after_break and (_hangs_on_cue(reading, place) or _is_told_apart(reading, place, stop)):
            stop = place
            break
    if not reading.pack.mood:
        stop = next(
            (p for p in range(start, stop) if reading.words[p].text == ";" and reading.quoted[p] < 0), stop
        )
    return _closed(reading, _back(reading, start, stop))


def _before_main(reading: Reading, verb: int, start: int, stop: int) -> int:
    """For a cue in a side clause before its main clause (`After Weber announced A, B`): the comma before B;
    `stop` elsewhere."""
    main = reading.heads[verb]
    if reading.words[verb].deprel.split(":")[0] != "advcl" or not start < main < stop:
        return stop
    subject = subject_of(reading, main)
    edge = min(reading.subtree(subject)) if subject is not None and start < subject < main else main
    commas = [p for p in range(start + 1, edge) if reading.words[p].text == "," and reading.quoted[p] < 0]
    return commas[-1] if commas else stop


def _is_last(reading: Reading, verb: int, edge: int, end: int) -> bool:
    """Whether an aside after a comma closes its sentence: `told them that A, | the source added`."""
    comma = reading.words[edge].text == "," or reading.words[edge - 1].text == ","
    finite = is_finite(reading, verb) and lemma_in(reading, verb, "aside")
    return comma and finite and verb + 1 == end and not reading.pack.conventions.clause_commas


def _is_beside(reading: Reading, verb: int, other: int, edge: int) -> bool:
    """Whether a verb that the tree coordinates with a cue really stands beside it, not within what was said
    (`says he would sit down and tell them B`, `said that A and that B`, `said A and he feels B`)."""
    if reading.pack.conventions.clause_commas:  # `meldete, A habe B bestätigt`
        return not any(in_reported_mood(reading, place) for place in (other, *auxiliaries(reading, other)))
    first = edge
    while first < other and (reading.is_punct(first) or reading.words[first].upos == "CCONJ"):
        first += 1
    if reading.lower[first] in reading.pack.words("complementizer"):
        return False
    subject = reading.kid(other, "nsubj")
    if subject is not None and reading.words[subject].upos == "PRON" and reading.words[edge].text != ",":
        return reading.words[edge - 1].text == ","
    return _is_inflected(reading, other) or not _is_inflected(reading, verb)


def _is_inflected(reading: Reading, verb: int) -> bool:
    """Whether a verb's form differs from its lemma: `tells`, but not `tell`."""
    return reading.lower[verb] != reading.words[verb].lemma.lower()


def _is_matrix(reading: Reading, verb: int) -> bool:
    """Whether a cue stands in a main clause: nothing from the last comma up to it opens a side clause."""
    if reading.heads[verb] < 0:
        return True
    if reading.words[verb].feats.get("VerbForm") != "Fin" and not any(
        reading.words[kid].deprel.split(":")[0] == "aux" and kid < verb for kid in reading.kids[verb]
    ):
        return False
    first = reading.sentences[reading.sentence[verb]].start
    pack = reading.pack
    for place in range(verb - 1, first - 1, -1):
        word = reading.words[place]
        if word.text in (",", ";", ":", "–", "—") and reading.quoted[place] < 0:
            return True
        opening = reading.lower[place] in pack.words("relative") | pack.words("complementizer") | pack.words(
            "question"
        )
        if word.upos == "SCONJ" or (opening and word.upos in ("PRON", "SCONJ", "ADV")):
            return False
        if is_finite(reading, place) and place not in reading.kids[verb]:
            return reading.words[place].deprel.split(":")[0] in ("root", "conj") or reading.heads[place] < 0
    return True


def _outer_verb(reading: Reading, verb: int, start: int, stop: int) -> int | None:
    """For a cue in a subject's relative clause (`those who said A voted B`): where the outer verb comes."""
    if reading.words[verb].deprel.split(":")[0] != "acl":
        return None
    noun = reading.heads[verb]
    outer = reading.heads[noun] if noun >= 0 else -1
    return outer if start + 1 < outer < stop and reading.words[outer].upos in ("VERB", "AUX") else None


def _next_cue(reading: Reading, verb: int, place: int, stop: int) -> bool:
    """Whether a conjunction leads to another cue beside this one: `says A and tells B` (both in the
    present), `said A, and most said B`."""
    tense = reading.words[verb].feats.get("Tense")
    if reading.pack.conventions.clause_commas or tense is None:
        return False
    after = place + 1
    while after < stop and reading.words[after].upos == "ADV":
        after += 1
    if after >= stop:
        return False
    if _is_same_cue(reading, after, tense, "say", "object", "predicating"):
        if tense == "Pres":
            return _is_inflected(reading, after) or not _is_inflected(reading, verb)
        return reading.words[place - 1].text == "," or _is_of_another_time(reading, verb, place)
    if reading.words[place - 1].text != ",":
        return False
    for other in range(after, min(stop, after + 10)):
        if reading.words[other].text in (",", ";", ":") or reading.quoted[other] >= 0:
            return False
        if is_finite(reading, other):
            return _is_same_cue(reading, other, tense, "aside") and reading.words[after].upos != "PRON"
    return False


def _resumes(reading: Reading, verb: int, place: int, stop: int) -> bool:
    """Whether a conjunction leads from reported words back to the cue: `sagte, A sei B, und warnte`."""
    after = next((p for p in range(place + 1, stop) if is_finite(reading, p)), None)
    return after is not None and resumed(reading, after) == verb


def _is_of_another_time(reading: Reading, verb: int, place: int) -> bool:
    """Whether the last finite verb before `place` is no past form nor a perfect's auxiliary, so that a past
    form after it goes on with the cue: `said he would resign and called …`."""
    last = next((p for p in range(place - 1, verb, -1) if is_finite(reading, p)), None)
    if last is None or reading.lemmas[last] in ("have", "be"):
        return False
    return reading.words[last].upos == "AUX" or reading.words[last].feats.get("Tense") == "Pres"


def _is_same_cue(reading: Reading, place: int, tense: str, *classes: str) -> bool:
    word = reading.words[place]
    return (
        word.upos == "VERB"
        and word.feats.get("Tense") == tense
        and is_finite(reading, place)
        and lemma_in(reading, place, *classes)
    )


def _hangs_on_cue(reading: Reading, place: int) -> bool:
    """Whether a participle of saying after a comma goes on with the cue: `said A, adding that B`."""
    word = reading.words[place]
    return (
        not reading.pack.conventions.clause_commas
        and word.upos == "VERB"
        and word.feats.get("VerbForm") == "Part"
        and word.feats.get("Tense") == "Pres"
        and lemma_in(reading, place, "say", "predicating")
    )


def _is_told_apart(reading: Reading, place: int, stop: int) -> bool:
    """Whether a relative clause after a comma has a cue of its own: `said A, which he described as B`."""
    if reading.pack.conventions.clause_commas or reading.lower[place] not in reading.pack.words("relative"):
        return False
    for verb in range(place + 1, min(stop, place + MAX_RELATIVE)):
        if reading.quoted[verb] >= 0:
            return False
        if reading.words[verb].upos == "VERB":
            return is_finite(reading, verb) and lemma_in(reading, verb, "say", "predicating", "object")
    return False


def _is_break(reading: Reading, place: int) -> bool:
    """Whether a comma, or a closing mark (with the comma inside of it), ends a phrase at `place`."""
    if reading.quoted[place] >= 0 and reading.quoted[place + 1] != reading.quoted[place]:
        return reading.quotations[reading.quoted[place]].inner.of(reading.text).endswith(",")
    return reading.words[place].text in (",", "–", "—")


def _closed(reading: Reading, stop: int) -> int:
    """Where a quotation that `stop` would cut ends: a sentence border inside of marks cuts nothing."""
    number = reading.quoted[stop - 1]
    if number < 0 or stop >= len(reading.words) or reading.quoted[stop] != number:
        return stop
    while stop < len(reading.words) and reading.quoted[stop] == number:
        stop += 1
    return stop


def _back(reading: Reading, start: int, stop: int) -> int:
    while stop - 1 > start and (
        (reading.is_punct(stop - 1) and reading.quoted[stop - 1] < 0)
        or reading.words[stop - 1].upos == "CCONJ"
    ):
        stop -= 1
    return stop
