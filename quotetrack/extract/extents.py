"""How far a source reaches: its noun phrase, mended where a tree cuts it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from quotetrack.extract.openings import skip_times
from quotetrack.extract.phrases import (
    NOMINAL,
    auxiliaries,
    is_glue,
    is_possessive,
    nominal_run,
    noun_phrase,
    trimmed,
)
from quotetrack.extract.reading import Reading
from quotetrack.lexicon import lexicon_of
from quotetrack.types import Span

MAX_PART = 4  # words of a compound's first part in marks


def source_phrase(reading: Reading, subject: int, verb: int, first: int, end: int) -> list[int]:
    """The noun phrase around a verb's subject within [first, end)."""
    if subject < verb:
        limit = min([verb, *[a for a in auxiliaries(reading, verb) if subject < a < verb]])
        phrase = noun_phrase(reading, subject, first, limit)
        if reading.pack.conventions.verb_second or not phrase:
            return whole_name(reading, phrase, first)
        if reading.words[subject].upos == "PRON":
            return [p for p in phrase if p <= subject] if len(phrase) < 4 else [subject]
        start = widened(reading, phrase[0], first, verb)
        end = _without_circumstance(reading, phrase)
        return list(range(start, _lengthened(reading, end, limit)))
    return with_name(reading, noun_phrase(reading, subject, verb + 1, end), end)


def with_name(reading: Reading, phrase: list[int], end: int) -> list[int]:
    """A noun phrase with the name between commas behind it that a tree left out: `gab die Leiterin |, Anna
    Weber,| bekannt`."""
    comma = phrase[-1] + 1 if phrase else end
    if comma + 2 >= end or reading.words[comma].text != "," or names_somebody(reading, phrase, ("person",)):
        return phrase
    if not any(lexicon_of(reading.pack).role(reading.lower[place]) for place in phrase):
        return phrase
    start = reading.words[comma + 1].span.start
    for mention in reading.mentions_in(Span(start, start + 1)):
        after = reading.within(mention.span).stop
        if mention.kind == "person" and (after >= end or reading.is_punct(after)):
            return [*phrase, *range(comma, after)]
    return phrase


def widened(reading: Reading, start: int, first: int, verb: int) -> int:
    """Where a noun phrase really begins that a tree cut: before `of Breitbart`, `-year-old Weber`,
    `, a former candidate`."""
    while start > first:
        before = start - 1
        word = reading.words[before]
        if reading.quoted[before] != reading.quoted[start]:
            return start
        if (is_glue(reading, before) and before not in reading.naming) or is_possessive(reading, before):
            start = before - 1
        elif reading.lower[before] in reading.pack.words("relative") | reading.pack.words("question"):
            return start
        elif (
            (word.upos in NOMINAL | {"ADJ", "DET"} or (word.upos == "VERB" and word.deprel == "amod"))
            and reading.lower[before] not in reading.pack.words("time")
        ) or (word.upos == "ADV" and reading.lower[before] in reading.pack.words("quantifier")):
            start = before
        elif (
            (
                word.upos == "ADP"
                and before > first
                and reading.words[before - 1].upos in NOMINAL - {"PRON"}
                and reading.lower[before - 1] not in reading.pack.words("time")
            )
            or (
                word.upos == "CCONJ"
                and before > first
                and reading.words[before - 1].upos in NOMINAL - {"PRON"}
                and reading.words[verb].feats.get("Number") == "Plur"
                and reading.words[start].feats.get("Number") == "Sing"
            )
            or (
                word.text == ","
                and before > first
                and (
                    reading.words[start].upos in ("DET", "NOUN", "ADJ", "NUM")
                    or len(reading.words[start].text) <= 2
                )
                and reading.words[before - 1].upos == "PROPN"
                and reading.lower[before - 1] not in reading.pack.words("time")
                and not _is_fronted(reading, before - 1, first)
            )
        ):
            start = before - 1
        else:
            return start
    return start


def _is_fronted(reading: Reading, place: int, first: int) -> bool:
    """Whether a name ends a circumstance that opens a clause: `In Tannsee, | the candidate said`."""
    while place > first and reading.words[place].upos in NOMINAL | {"DET", "ADJ"}:
        place -= 1
    opens = place == first or reading.words[place - 1].upos not in NOMINAL
    return opens and reading.words[place].upos in ("ADP", "SCONJ")


def whole_name(reading: Reading, phrase: list[int], first: int) -> list[int]:
    """A noun phrase with all of a name that it cuts at its beginning (`Von der Leyen`)."""
    if not phrase:
        return phrase
    phrase = [*range(_compound_start(reading, phrase[0], first), phrase[0]), *phrase]
    start = reading.words[phrase[0]].span.start
    if phrase[0] > first and reading.words[phrase[0] - 1].upos == "ADP":  # `Von der Leyen` where it is one
        name = reading.text[reading.words[phrase[0] - 1].span.start : reading.words[phrase[-1]].span.end]
        if any(
            m.kind == "person" and m.span.of(reading.text).lower().endswith(f" {name.lower()}")
            for m in reading.mentions
        ):
            return [phrase[0] - 1, *phrase]
    for mention in reading.mentions_in(Span(max(0, start - 40), start + 1)):
        if mention.kind == "person" and mention.span.start < start < mention.span.end:
            begin = reading.within(mention.span).start
            if begin >= first:
                phrase = list(range(begin, phrase[-1] + 1))
                break
    return [phrase[0] - 1, *phrase] if _has_title(reading, phrase, first) else phrase


def _has_title(reading: Reading, phrase: Sequence[int], first: int) -> bool:
    """Whether the office of who is named stands right before the name that opens a clause, where a tree took
    that for a word of its own: `Landrat | Weber sagte`."""
    title = phrase[0] - 1
    if (
        not reading.pack.conventions.verb_second
        or title != first
        or reading.words[title].upos not in ("NOUN", "PROPN")
    ):
        return False
    known = lexicon_of(reading.pack).role(reading.lower[title]) is not None
    return known and names_somebody(reading, phrase, ("person",))


def _compound_start(reading: Reading, start: int, first: int) -> int:
    """Where a compound begins whose first part stands in marks, with its article: `die „Bild“-Zeitung`."""
    mark = start - 2
    if (
        mark - 2 < first
        or not is_glue(reading, start - 1)
        or reading.words[mark].text not in reading.pack.marks
    ):
        return start
    for place in range(mark - 1, max(first, mark - MAX_PART) - 1, -1):
        if reading.words[place].text in reading.pack.marks:
            return place - 1 if place > first and reading.words[place - 1].upos == "DET" else place
    return start


def _without_circumstance(reading: Reading, phrase: Sequence[int]) -> int:
    """Where a noun phrase ends that a tree goes on with what only tells when or in what it was said: `Weber
    |, later that day`, `Weber |, in a statement on Monday`."""
    end = phrase[-1] + 1
    for comma in phrase:
        if reading.words[comma].text == "," and _behind_medium(reading, comma + 1, end) == end:
            return comma
    return end


def _behind_medium(reading: Reading, first: int, end: int) -> int:
    """The first word from `first` on that tells neither when nor in what document something was said."""
    place = _behind_time(reading, first, end)
    if place < end and reading.lower[place] in reading.pack.words("circumstance"):
        run = nominal_run(reading, place + 1, end, frozenset())
        if run and run[0] == place + 1 and lexicon_of(reading.pack).tail("documents", reading.lower[run[-1]]):
            return _behind_time(reading, run[-1] + 1, end)
    return place


def _lengthened(reading: Reading, end: int, verb: int) -> int:
    """Where a noun phrase really ends before its verb: after `, a former candidate` or `, who was
    elected in 2010`, where nothing else stands before the verb."""
    after = end
    while after < verb and reading.words[verb - 1].upos in ("ADV", "AUX", "PART"):
        verb -= 1
    if after + 1 >= verb or reading.words[after].text not in (",", "("):
        return end
    opener = reading.words[after + 1]
    relative = reading.lower[after + 1] in reading.pack.words("relative")
    described = opener.upos in ("DET", "NOUN", "ADJ", "NUM", "PROPN")
    if not relative and not described and not _is_office_since(reading, after + 1, verb):
        return end
    if reading.lower[after + 1] in reading.pack.words("time"):
        return end
    for place in range(after + 1, verb):
        relative = relative or reading.lower[place] in reading.pack.words("relative")
        if reading.words[place].upos in ("VERB", "AUX") and not relative:
            return end
        if reading.words[place].text in ";:–—" or reading.quoted[place] != reading.quoted[after]:
            return end
    kept = trimmed(reading, range(after, verb))
    return kept[-1] + 1 if kept else end


def _is_office_since(reading: Reading, first: int, verb: int) -> bool:
    """Whether words between a name and a comma before its verb say what somebody was or is at a time:
    `Weber, until June a fellow at the school, said`, `Weber, now the mayor, said`."""
    place = _behind_time(reading, first, verb)
    if place == first or reading.words[verb - 1].text != ",":
        return False
    phrase = takewhile(lambda p: reading.words[p].upos in NOMINAL | {"DET", "ADJ"}, range(place, verb))
    return any(lexicon_of(reading.pack).role(reading.lower[p]) is not None for p in phrase)


def _behind_time(reading: Reading, place: int, end: int) -> int:
    """The first word from `place` on that does not tell when: no `until June`, `since 2010`, `now`."""
    while place < end:
        after = skip_times(reading, place, end)
        if after == place and reading.words[place].upos == "ADV":
            after = place + 1
        elif after == place and place + 1 < end and reading.words[place].upos == "ADP":
            after = place + 2 * reading.words[place + 1].text.isdigit()
        if after == place:
            break
        place = after
    return place


def with_office(reading: Reading, source: list[int], verb: int, first: int) -> list[int]:
    """A name between commas with the office in front that a tree left out: `…, the chair, Weber, said`."""
    name = source[0] if source else first
    if reading.pack.conventions.verb_second or name - 2 < first or reading.words[name - 1].text != ",":
        return source
    if reading.words[verb - 1].text != "," or not names_somebody(reading, source, ("person",)):
        return source
    start = name - 2
    while start > first and reading.words[start].upos in NOMINAL | {"ADJ"}:
        start -= 1
    opens = start == first or reading.words[start - 1].text == ","
    return [*range(start, name), *source] if opens and reading.words[start].upos == "DET" else source


def names_somebody(
    reading: Reading, places: Sequence[int], kinds: tuple[str, ...] = ("person", "organisation")
) -> bool:
    """Whether some words name a person or an organisation."""
    if not places:
        return False
    span = reading.span(places)
    return any(mention.kind in kinds and span.covers(mention.span) for mention in reading.mentions_in(span))
