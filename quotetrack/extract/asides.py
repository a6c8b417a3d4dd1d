"""Indirect quotes whose cue stands aside: `…, Weber said`, `wie Weber sagte, …`, `according to Weber, …`."""

from __future__ import annotations

from quotetrack.extract.clauses import bounds
from quotetrack.extract.found import Found
from quotetrack.extract.mood import in_reported_mood, is_main
from quotetrack.extract.openings import skip_circumstances
from quotetrack.extract.phrases import (
    NOMINAL,
    auxiliaries,
    is_finite,
    is_glue,
    is_relative,
    is_verb,
    lemma_in,
    nominal_run,
    noun_phrase,
    subject_of,
    trimmed,
)
from quotetrack.extract.reading import Reading
from quotetrack.extract.sources import source_after, source_before, source_of, subject_before
from quotetrack.types import Span

MAX_ASIDE = 40  # words an aside may have; a longer one is no aside
_DASHES = ("–", "—", "―", "--", "-")


def asides(reading: Reading) -> list[Found]:
    """One attribution for each cue that stands outside of its content's clause."""
    found: list[Found] = []
    for place in range(len(reading.words)):
        if reading.quoted[place] >= 0:
            continue
        one = _citation(reading, place) or _as_clause(reading, place) or _parenthetical(reading, place)
        if one is not None:
            found.append(one)
    return found


def _rest(reading: Reading, inside: range, first: int, end: int) -> tuple[Span, ...]:
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


def _parenthetical(reading: Reading, verb: int) -> Found | None:
    """`A, Weber said(, B)` and `A, sagte Weber(, B)`."""
    listed = "aside" if reading.pack.words("aside") else "clause"
    if not (is_verb(reading, verb) and is_finite(reading, verb) and lemma_in(reading, verb, listed)):
        return None
    inside = bounds(reading, verb)
    before = verb - 1
    while before >= inside.start and reading.words[before].upos in ("AUX", "ADV", "PART"):
        before -= 1
    if before < inside.start:
        return None
    if reading.words[before].text == "," or reading.words[before].text in _DASHES:
        source = source_after(reading, verb, inside.stop)
        first = before
        impersonal = verb + 1 < inside.stop and reading.lower[verb + 1] in reading.pack.words("expletive")
        if not source and not impersonal:
            return None
        if impersonal:
            source = source_of(reading, verb, verb, inside.stop)
    else:
        source = source_before(reading, verb, inside.start)
        if not source or source[0] - 1 < inside.start:
            return None
        mark = reading.words[source[0] - 1].text
        if reading.pack.conventions.clause_commas or (mark != "," and mark not in _DASHES):
            return None
        first = source[0] - 1
    if _is_subordinate(reading, inside.start, first) or _is_own_subject(reading, verb, inside.start, first):
        return None
    end = max([verb, *source]) + 1
    stop = end
    while stop < inside.stop and reading.words[stop].text not in (",", ";", ":", *_DASHES):
        if is_finite(reading, stop) or reading.lower[stop] in reading.pack.words("complementizer"):
            return None
        if stop - end > MAX_ASIDE:
            return None
        stop += 1
    if stop < inside.stop and reading.words[stop].text in (";", ":"):
        return None
    if not reading.pack.conventions.clause_commas:
        if source and reading.lower[source[-1]] in reading.pack.words("relative"):
            return None
        left_over = (
            skip_circumstances(reading, end - 1, stop)
            if end - 1 > verb
            else skip_circumstances(reading, verb, stop)
        )
        if left_over < stop:
            return None
    if stop < inside.stop and (
        is_relative(reading, stop + 1) or reading.lower[stop + 1] in reading.pack.words("clause_opener")
    ):
        return (
            None
            if not any(is_finite(reading, p) for p in range(inside.start, first))
            else _aside(reading, verb, range(inside.start, first), first, inside.stop, source)
        )
    if stop >= inside.stop and not any(is_finite(reading, p) for p in range(inside.start, first)):
        return None
    if stop < inside.stop and _is_tail(reading, verb, source, stop, inside.stop):
        stop = inside.stop
    return _aside(reading, verb, inside, first, stop, source)


def _is_tail(reading: Reading, verb: int, source: list[int], stop: int, end: int) -> bool:
    """Whether what follows an aside belongs to it: an apposition of the source, a participle of the cue."""
    after = stop + 1
    if any(is_finite(reading, p) for p in range(stop, end)):
        return reading.words[after].feats.get("VerbForm") == "Part" and lemma_in(
            reading, after, "say", "clause"
        )
    if source and source[-1] == stop - 1 and source[0] > verb:
        return True  # `said Weber, the mayor`
    if reading.pack.conventions.clause_commas:
        return True
    return lemma_in(reading, after, "say", "clause", "object") or reading.words[after].upos in (
        "SCONJ",
        "CCONJ",
    )


def _is_subordinate(reading: Reading, first: int, end: int) -> bool:
    """Whether all before a comma is one side clause: `Wenn er kommt, droht Streit` quotes nothing."""
    return reading.words[first].upos == "SCONJ" and not any(
        reading.words[p].text == "," for p in range(first, end)
    )


def _is_own_subject(reading: Reading, verb: int, first: int, end: int) -> bool:
    """Whether what stands before a comma is the verb's subject with its apposition (`Weber, der Leiter des
    Amtes, warf der Regierung vor, …`) or only leads up to it (`Auf die Frage, an wen …, antwortete er
    nicht`), in languages where every clause has its comma."""
    if not reading.pack.conventions.clause_commas:
        return False
    if any(is_main(reading, place) for place in range(first, end)):
        return False
    subject = subject_of(reading, verb)
    if subject is not None and first <= subject < end:
        return True
    return reading.words[first].upos == "ADP" and any(is_finite(reading, p) for p in range(first, end))


def _aside(
    reading: Reading, verb: int, inside: range, first: int, stop: int, source: list[int]
) -> Found | None:
    content = _rest(reading, inside, first, stop)
    if not content or any(reading.quoted[p] >= 0 for p in range(first, stop)):
        return None
    cue = tuple(sorted({verb, *(a for a in auxiliaries(reading, verb) if first <= a < stop)}))
    rule = "indirect/trailing" if len(content) == 1 else "indirect/parenthetical"
    return Found(rule, content, cue, tuple(source))


def _as_clause(reading: Reading, place: int) -> Found | None:
    """`Wie Weber mitteilte, A` and `A, wie Weber mitteilte(, B)`."""
    if reading.lower[place] not in reading.pack.words("as"):
        return None
    inside = bounds(reading, place)
    if place > inside.start + 1 and reading.words[place - 1].text not in (",", "(", *_DASHES):
        return None
    verb = None
    stop = place + 1
    while stop < inside.stop and reading.words[stop].text not in (",", ")", ";") and stop - place < MAX_ASIDE:
        if is_verb(reading, stop) and lemma_in(reading, stop, "aside", "bare", "puts"):
            verb = stop
        stop += 1
    if verb is None or (reading.pack.conventions.clause_commas and not _is_final(reading, verb, stop)):
        return None
    if not reading.pack.conventions.clause_commas and (
        stop - verb > 2
        or (stop - verb == 2 and reading.lower[verb + 1] not in reading.pack.words("expletive"))
    ):
        return None
    source = source_before(reading, verb, place + 1)
    content = _rest(reading, inside, place, stop)
    if not content or not source:
        return None
    cue = (place, *sorted({verb, *(a for a in auxiliaries(reading, verb) if place < a < stop)}))
    return Found("indirect/as", content, cue, tuple(p for p in source if p != place))


def _is_final(reading: Reading, verb: int, stop: int) -> bool:
    """Whether a verb ends its clause, but for auxiliaries and particles, as in a German side clause."""
    return all(reading.words[p].upos in ("AUX", "VERB", "ADP", "ADV", "ADJ") for p in range(verb + 1, stop))


def _citation(reading: Reading, place: int) -> Found | None:
    """`laut Weber A`, `nach Angaben von Weber A`, `Weber zufolge A`, `A, so Weber`, `according to A`."""
    pack = reading.pack
    low = reading.lower[place]
    inside = bounds(reading, place)
    for width in (4, 2, 1):
        if " ".join(reading.lower[place : place + width]) in pack.words("preposition"):
            return _cited(reading, "indirect/according-to", tuple(range(place, place + width)), inside)
    if low in pack.words("so") and place > inside.start and reading.words[place - 1].text in (",", *_DASHES):
        return _cited(reading, "indirect/so", (place,), inside)
    if low in pack.words("cites"):
        return _account(reading, place, inside)
    if low in pack.words("postposition"):
        return _postposed(reading, place, inside)
    if low in pack.words("hence") and not _follows_noun(reading, place):
        return _hence(reading, place, inside)
    if low in pack.words("afterwards") and place + 1 < inside.stop and in_reported_mood(reading, place + 1):
        return _hence(reading, place, inside)
    return None


def _follows_noun(reading: Reading, place: int) -> bool:
    return place + 1 < len(reading.words) and reading.words[place + 1].upos in ("ADP", "PUNCT")


def _cited(reading: Reading, rule: str, cue: tuple[int, ...], inside: range) -> Found | None:
    """A citation whose source follows its preposition."""
    start = cue[-1] + 1
    verb_second = reading.pack.conventions.verb_second
    run = nominal_run(reading, start, inside.stop, reading.pack.words("inside_name") if verb_second else None)
    if not run or run[0] != start:
        return None
    head = next((p for p in run if reading.heads[p] not in run and reading.words[p].upos in NOMINAL), run[0])
    if rule == "indirect/so" and reading.words[head].upos in ("PRON", "NUM"):
        return None
    trusted = [p for p in noun_phrase(reading, head, start, inside.stop) if p >= start]
    source = trusted if run[0] in trusted and len(trusted) >= len(run) else run
    if reading.pack.conventions.clause_commas and rule != "indirect/so":
        source = [p for p in source if p <= run[-1]] or run
    if reading.pack.conventions.clause_commas and rule == "indirect/according-to":
        source = _with_apposition(reading, source, inside)
    if rule == "indirect/according-to" and not reading.pack.conventions.clause_commas:
        source = _to_comma(reading, start, inside.stop) or source
    if rule == "indirect/so":
        after = source[-1] + 1
        if after < inside.stop and reading.words[after].text not in (",", *_DASHES):
            source = list(range(start, _next_comma(reading, start, inside.stop)))
    return _around(reading, rule, cue, source, inside)


def _with_apposition(reading: Reading, source: list[int], inside: range) -> list[int]:
    """`Laut Weber, Anwältin der Betriebe, ist …`: the apposition counts to the source."""
    comma = source[-1] + 1
    if source[0] - 1 != inside.start or comma >= inside.stop or reading.words[comma].text != ",":
        return source
    closing = _next_comma(reading, comma + 1, inside.stop)
    verb_follows = closing + 1 < inside.stop and is_finite(reading, closing + 1)
    apart = verb_follows and not any(is_finite(reading, p) for p in range(comma, closing))
    return list(range(source[0], closing)) if apart else source


def _to_comma(reading: Reading, first: int, end: int) -> list[int]:
    """All from `first` to the next comma or the sentence's end, where no verb but a relative clause's
    stands in between; [] where one does."""
    relative = False
    for place in range(first, end):
        if reading.words[place].text in (",", ";", ":", *_DASHES) and not is_glue(reading, place):
            return list(range(first, place))
        relative = relative or reading.lower[place] in reading.pack.words("relative")
        if is_finite(reading, place) and not relative:
            return []
    return list(range(first, end))


def _next_comma(reading: Reading, first: int, end: int) -> int:
    return next((p for p in range(first, end) if reading.words[p].text in (",", ";")), end)


def _account(reading: Reading, place: int, inside: range) -> Found | None:
    """`nach Angaben von Weber` and `Webers Meinung nach`."""
    pack = reading.pack
    run = nominal_run(reading, place + 1, inside.stop, pack.words("of"))
    if run and run[0] == place + 1:
        cited = next((p for p in run if _is_account(reading, p)), None)
        if cited is not None and all(reading.words[p].upos not in NOMINAL for p in run if p < cited):
            return _around(reading, "indirect/by-account", (place,), run, inside)
    before = place - 1
    if before >= inside.start and _is_account(reading, before):
        source = [p for p in noun_phrase(reading, before, inside.start, place) if p >= inside.start]
        return _around(reading, "indirect/by-account", (place,), source, inside)
    return None


def _is_account(reading: Reading, place: int) -> bool:
    """Whether a noun is an account, alone or as the last part of a compound (Medienberichten)."""
    if reading.words[place].upos not in ("NOUN", "PROPN"):
        return False
    low = reading.lower[place]
    return any(low == word or (len(word) > 5 and low.endswith(word)) for word in reading.pack.words("cited"))


def _postposed(reading: Reading, place: int, inside: range) -> Found | None:
    """`Angaben der Polizei zufolge`: the longest noun phrase that ends before the postposition."""
    first = place
    while (
        first - 1 >= inside.start
        and reading.lower[first - 1] not in reading.pack.words("reflexive")
        and (
            reading.words[first - 1].upos in NOMINAL | {"DET", "ADJ"}
            or reading.words[first - 1].feats.get("VerbForm") == "Part"
            or reading.lower[first - 1] in reading.pack.words("of")
            or (
                reading.words[first - 1].upos == "PUNCT"
                and reading.words[first - 1].text not in (",", ";", ":")
            )
        )
    ):
        first -= 1
        opens = reading.words[first].upos == "DET" and reading.words[first].feats.get("Case") == "Dat"
        if opens and (first == inside.start or reading.lower[first - 1] not in reading.pack.words("of")):
            break
    source = trimmed(reading, range(first, place))
    return _around(reading, "indirect/according-to", (place,), source, inside) if source else None


def _hence(reading: Reading, place: int, inside: range) -> Found | None:
    """`Demnach A`, `…, wonach A`: the source stands in the sentence or clause before."""
    if place > inside.start:
        if reading.words[place - 1].text != ",":
            return None
        content = _rest(reading, range(place, _clause_end(reading, place, inside.stop)), place, place + 1)
        source = _last_phrase(reading, inside.start, place - 1)
    else:
        content = _rest(reading, inside, place, place + 1)
        source = list(subject_before(reading, reading.sentence[place]))
    return Found("indirect/hence", content, (place,), tuple(source or (place,))) if content else None


def _last_phrase(reading: Reading, first: int, end: int) -> list[int]:
    """The last noun phrase in [first, end) that is not a preposition's."""
    for place in range(end - 1, first - 1, -1):
        if reading.words[place].upos in ("NOUN", "PROPN") and reading.kid(place, "case") is None:
            top = place
            while reading.heads[top] >= first and reading.words[top].deprel.split(":")[0] in (
                "nmod",
                "flat",
                "appos",
            ):
                top = reading.heads[top]
            return noun_phrase(reading, top, first, end)
    return []


def _around(
    reading: Reading, rule: str, cue: tuple[int, ...], source: list[int], inside: range
) -> Found | None:
    """The citation's clause without the citation."""
    if not source:
        return None
    first = min(cue[0], source[0])
    end = max(cue[-1], source[-1]) + 1
    if end + 1 < inside.stop and reading.words[end].text == "," and is_relative(reading, end + 1):
        end = _clause_end(reading, end + 1, inside.stop)
    content = _rest(reading, _host(reading, first, end, inside), first, end)
    return Found(rule, content, cue, tuple(source)) if content else None


def _host(reading: Reading, first: int, end: int, inside: range) -> range:
    """The clause that a citation speaks of: the whole sentence, or the side clause it stands in."""
    low, high = inside.start, inside.stop
    if not reading.pack.conventions.clause_commas:
        return range(low, high)
    for place in range(first, low, -1):
        if reading.words[place - 1].text == "," and (
            reading.words[place].upos == "SCONJ"
            or reading.lower[place]
            in reading.pack.words("relative_adverb") | reading.pack.words("complementizer")
            or is_relative(reading, place)
        ):
            return range(place, _clause_end(reading, end, high))
    return range(low, high)


def _clause_end(reading: Reading, place: int, high: int) -> int:
    """The end of a side clause: the first comma after its finite verb."""
    seen = False
    for at in range(place, high):
        seen = seen or is_finite(reading, at)
        if seen and reading.words[at].text == ",":
            return at
    return high
