"""Citations without a verb: `laut Weber A`, `nach Angaben von Weber A`, `A, so Weber`, `according to A`."""

from __future__ import annotations

from quotetrack.extract.clauses import DASHES, bounds, clause_end, rest_of
from quotetrack.extract.found import Found
from quotetrack.extract.mood import in_reported_mood
from quotetrack.extract.phrases import (
    NOMINAL,
    is_finite,
    is_glue,
    is_relative,
    is_verb,
    nominal_run,
    noun_phrase,
    trimmed,
)
from quotetrack.extract.reach import reached
from quotetrack.extract.reading import Reading

MAX_SURVEY = 12  # words of a survey's name and when it was
MAX_UNTAGGED = 3  # words between `according to` and its comma that are a source whatever their tags


def citation(reading: Reading, place: int) -> Found | None:
    """`laut Weber A`, `nach Angaben von Weber A`, `Weber zufolge A`, `A, so Weber`, `according to A`."""
    pack = reading.pack
    low = reading.lower[place]
    if not (
        low in pack.hints["ADP"]
        or low in pack.words("surveyed")
        or low in pack.words("so")
        or low in pack.words("cites")
        or low in pack.words("afterwards")
    ):
        return None
    inside = bounds(reading, place)
    for width in (4, 3, 2, 1):
        if " ".join(reading.lower[place : place + width]) in pack.words("preposition"):
            return _cited(reading, "indirect/according-to", tuple(range(place, place + width)), inside)
    if low in pack.words("surveyed") and place == inside.start:
        return _survey(reading, place, inside)
    if low in pack.words("so") and place > inside.start and reading.words[place - 1].text in (",", *DASHES):
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


def _survey(reading: Reading, place: int, inside: range) -> Found | None:
    """`In a poll by Weber last month, A`: a survey says so."""
    source = _to_comma(reading, place + 1, inside.stop)
    if not 0 < len(source) <= MAX_SURVEY or reading.words[source[-1] + 1].text != ",":
        return None
    if not any(reading.lemmas[p] in reading.pack.words("survey") for p in source):
        return None
    if not any(is_finite(reading, p) for p in range(source[-1], inside.stop)):
        return None
    return _around(reading, "indirect/according-to", (place,), source, inside)


def _follows_noun(reading: Reading, place: int) -> bool:
    return place + 1 < len(reading.words) and reading.words[place + 1].upos in ("ADP", "PUNCT")


def _cited(reading: Reading, rule: str, cue: tuple[int, ...], inside: range) -> Found | None:
    """A citation whose source follows its preposition."""
    start = cue[-1] + 1
    verb_second = reading.pack.conventions.verb_second
    run = nominal_run(reading, start, inside.stop, reading.pack.words("inside_name") if verb_second else None)
    if not run or run[0] != start:
        told = _to_verb(reading, start, inside) if verb_second else _to_comma(reading, start, inside.stop)
        if verb_second:
            return _around(reading, rule, cue, told, inside) if told else None
        return _around(reading, rule, cue, told, inside) if 0 < len(told) <= MAX_UNTAGGED else None
    head = next((p for p in run if reading.heads[p] not in run and reading.words[p].upos in NOMINAL), run[0])
    if rule == "indirect/so" and reading.words[head].upos in ("PRON", "NUM"):
        return None
    trusted = [p for p in noun_phrase(reading, head, start, inside.stop) if p >= start]
    source = trusted if run[0] in trusted and len(trusted) >= len(run) else run
    if reading.pack.conventions.clause_commas and rule != "indirect/so":
        source = [p for p in source if p <= run[-1]] or run
    if rule == "indirect/according-to" and not reading.pack.conventions.clause_commas:
        source = _to_comma(reading, start, inside.stop) or source
    if rule == "indirect/so":
        after = source[-1] + 1
        if after < inside.stop and reading.words[after].text not in (",", *DASHES):
            source = list(range(start, _next_comma(reading, start, inside.stop)))
    return _around(reading, rule, cue, source, inside)


def _to_comma(reading: Reading, first: int, end: int) -> list[int]:
    """All from `first` to the next comma or the sentence's end, where no verb but a relative clause's
    stands in between; [] where one does."""
    relative = False
    for place in range(first, end):
        if reading.words[place].text in (",", ";", ":", *DASHES) and not is_glue(reading, place):
            return list(range(first, place))
        relative = relative or reading.lower[place] in reading.pack.words("relative")
        if is_finite(reading, place) and not relative:
            return []
    return list(range(first, end))


def _to_verb(reading: Reading, first: int, inside: range) -> list[int]:
    """All from `first` to the verb that stands second, where the citation begins its sentence (`Laut einer
    am Montag verbreiteten Mitteilung | wurde …`); [] where a comma stands before it."""
    if first > inside.start + 2:
        return []
    for place in range(first, inside.stop):
        if reading.words[place].text in (",", ";", ":", *DASHES) and not is_glue(reading, place):
            return []
        if is_finite(reading, place):
            return list(range(first, place))
    return []


def _next_comma(reading: Reading, first: int, end: int) -> int:
    return next((p for p in range(first, end) if reading.words[p].text in (",", ";")), end)


def _account(reading: Reading, place: int, inside: range) -> Found | None:
    """`nach Angaben von Weber` and `Webers Meinung nach`."""
    pack = reading.pack
    start = place + 1
    while start < inside.stop and reading.words[start].upos == "ADV":
        start += 1  # `nach bisher unbestätigten Berichten`
    run = nominal_run(reading, start, inside.stop, pack.words("of"))
    if run and run[0] == start:
        run = [*range(place + 1, start), *run]
        cited = next((p for p in run if _is_account(reading, p)), None)
        if cited is not None and all(_is_owner(reading, p) for p in run if p < cited):
            return _around(reading, "indirect/by-account", (place,), run, inside)
    before = place - 1
    if before >= inside.start and _is_account(reading, before) and not _governs(reading, place):
        if _is_told_of(reading, before, inside.start):
            return None
        source = [p for p in noun_phrase(reading, before, inside.start, place) if p >= inside.start]
        return _around(reading, "indirect/by-account", (place,), source, inside)
    return None


def _is_told_of(reading: Reading, account: int, first: int) -> bool:
    """Whether an account is that of who is spoken of already, in what somebody says: `Weber sagte, der Plan
    sei | seiner Meinung nach | falsch`."""
    own = reading.words[account - 1]
    if account == first or own.upos not in ("DET", "PRON") or own.feats.get("Person") != "3":
        return False
    comma = next((p for p in range(account, first, -1) if reading.words[p].text == ","), first)
    if is_relative(reading, comma + 1):
        return False
    return any(is_finite(reading, place) for place in range(first, comma))


def _governs(reading: Reading, place: int) -> bool:
    """Whether `nach` has a dative after it that is its own: `der Wunsch nach einem Neubeginn`."""
    after = reading.words[place + 1] if place + 1 < len(reading.words) else None
    return after is not None and after.upos == "DET" and after.feats.get("Case") == "Dat"


def _is_owner(reading: Reading, place: int) -> bool:
    """Whether a word before an account is no noun, or says whose it is: `nach Webers Angaben`."""
    if reading.words[place].upos not in NOMINAL:
        return True
    own = reading.lower[place] in reading.pack.words("possessive_relative")
    return own or (reading.words[place].upos == "PROPN" and reading.lower[place][-1] in "s'’")


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
    """`Demnach A`, `…, wonach A`: the source is the noun before or, in a new sentence, the word itself:
    whose it takes up is told with the whole story."""
    if place > inside.start:
        if reading.words[place - 1].text != ",":
            return None
        content = rest_of(reading, range(place, clause_end(reading, place, inside.stop)), place, place + 1)
        source = _last_phrase(reading, inside.start, place - 1)
    else:
        content = rest_of(reading, inside, place, place + 1)
        source = []
    return Found("indirect/hence", content, (place,), tuple(source or (place,))) if content else None


def _last_phrase(reading: Reading, first: int, end: int) -> list[int]:
    """The last noun phrase in [first, end) that is not a preposition's."""
    for place in range(end - 1, first - 1, -1):
        if reading.lower[place] in reading.pack.words("time"):
            continue
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
    first, end = min(cue[0], source[0]), max(cue[-1], source[-1]) + 1
    if rule != "indirect/so":
        source, end = reached(reading, source, cue, inside)
    if end + 1 < inside.stop and reading.words[end].text == "," and is_relative(reading, end + 1):
        end = clause_end(reading, end + 1, inside.stop)
    content = rest_of(reading, _host(reading, first, end, inside), first, end)
    return Found(rule, content, cue, tuple(source)) if content else None


def _host(reading: Reading, first: int, end: int, inside: range) -> range:
    """The clause that a citation speaks of: the whole sentence, or the side clause it stands in."""
    low, high = inside.start, inside.stop
    if not reading.pack.conventions.clause_commas:
        return range(low, high)
    if reading.lower[low] in reading.pack.words(
        "as"
    ):  # `Wie Weber mitteilte, | ist A nach Ansicht des Rats B`
        opening = clause_end(reading, low, first)
        low = opening + 1 if opening < first else low
    for place in range(first, low, -1):
        if _is_told(reading, place, first, end, high):
            break
        if reading.words[place - 1].text == "," and (
            reading.words[place].upos == "SCONJ"
            or reading.lower[place]
            in reading.pack.words("relative_adverb") | reading.pack.words("complementizer")
            or is_relative(reading, place)
        ):
            return range(place, clause_end(reading, end, high))
    return range(low, high)


def _is_told(reading: Reading, place: int, first: int, end: int, high: int) -> bool:
    """Whether the side clause from `place` is over where a citation ends the sentence: `A, um B zu sagen, |
    so Weber` cites all of it, not B alone."""
    if end < high or first - place < 2 or reading.words[first - 1].text != ",":
        return False
    return reading.words[place].upos == "SCONJ" and is_verb(reading, first - 2)
