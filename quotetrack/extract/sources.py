"""Sources: whose words they are. The tree says it first; word order next to the cue where the tree fails."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.agents import agent, document, medium
from quotetrack.extract.borrowed import blamed, goes_on, shared, told_later
from quotetrack.extract.extents import (
    names_somebody,
    source_phrase,
    whole_name,
    widened,
    with_name,
    with_office,
)
from quotetrack.extract.mood import resumed
from quotetrack.extract.phrases import (
    NOMINAL,
    auxiliaries,
    is_finite,
    is_passive,
    nominal_run,
    noun_phrase,
    subject_of,
    trimmed,
)
from quotetrack.extract.quoters import quoted_by
from quotetrack.extract.reading import Reading
from quotetrack.extract.speakers import can_speak
from quotetrack.lexicon import lexicon_of

MAX_BRACKET = 8  # words of a bracket behind a name that say more of it
MAX_TITLE_WORDS = 4  # words among which a noun phrase that begins with a title names its person


def source_of(reading: Reading, verb: int, first: int, end: int) -> list[int]:
    """The words of a verb's source within [first, end), its subject; [] where there is none to see.

    An inverted subject (`“…”, sagte der Sprecher`) is found by its place after the verb.
    """
    above = resumed(reading, verb)
    if above is not None:
        return source_of(reading, above, first, verb)
    quoted = quoted_by(reading, verb, first, end)
    if quoted:
        return quoted
    if is_passive(reading, verb) and not is_finite(reading, verb):
        return agent(reading, verb, first, end) or document(reading, verb, first, end)
    if reading.lemmas[verb] in reading.pack.words("impersonal"):
        written = medium(reading, verb, first, end)
        if written:
            return written
    taken = blamed(reading, verb, first)
    if taken:
        return taken
    if _is_aside_participle(reading, verb):
        main = _clause_subject(reading, verb, first)
        if main:
            return main
    inverted = _inverted(reading, verb, first, end) or _behind_circumstance(reading, verb, first, end)
    if inverted:
        return inverted
    ahead = _ahead(reading, verb, first) or _reaching(reading, verb, first)
    if ahead:
        return ahead
    if goes_on(reading, verb, first):
        return source_of(reading, reading.heads[verb], first, verb)
    subject = subject_of(reading, verb)
    if (
        subject is not None
        and first <= subject < end
        and reading.words[subject].upos in NOMINAL | {"DET", "ADJ"}
    ):
        if reading.lower[subject] in reading.pack.words("expletive") and not _is_teller(
            reading, verb, subject
        ):
            return _behind_expletive(reading, verb, subject, end)
        return with_office(reading, source_phrase(reading, subject, verb, first, end), verb, first)
    joined = shared(reading, verb, first)
    if joined:
        return joined
    named = _named_run(reading, verb, first)
    if named:
        return with_office(reading, named, verb, first)
    before = _nominal_before(reading, verb, first) or _surveyed_before(reading, verb, first)
    if before:
        return before
    return source_after(reading, verb, end) or told_later(reading, verb)


def _behind_expletive(reading: Reading, verb: int, expletive: int, end: int) -> list[int]:
    """`Nach der Wahl hält es | der Präsident | für möglich, dass`: the subject behind a verb and its `es`."""
    if not reading.pack.conventions.verb_second or expletive != verb + 1:
        return []
    run = nominal_run(reading, expletive + 1, end, reading.pack.words("of"))
    if not run or run[0] != expletive + 1 or not _is_nominative(reading, run):
        return []
    return run if can_speak(reading, run) else []


def _is_teller(reading: Reading, verb: int, pronoun: int) -> bool:
    """Whether a neuter pronoun stands for a company or a text that says something: `It said A`."""
    if reading.pack.conventions.verb_second or not is_finite(reading, verb):
        return False
    told = reading.lemmas[verb] in reading.pack.words("adjacent")
    return told and reading.words[pronoun].deprel == "nsubj" and not auxiliaries(reading, verb)


def _surveyed_before(reading: Reading, verb: int, first: int) -> list[int]:
    """`those surveyed said`: a participle right before the verb that stands for people."""
    if verb - 2 < first or reading.pack.conventions.verb_second:
        return []
    word, opener = reading.words[verb - 1], reading.words[verb - 2]
    return (
        [verb - 2, verb - 1]
        if word.feats.get("VerbForm") == "Part" and opener.upos in ("DET", "PRON")
        else []
    )


def is_writer(reading: Reading, source: Sequence[int]) -> bool:
    """Whether a source outside of marks is who writes or who reads: `you may want to sit down`."""
    return len(source) == 1 and reading.words[source[0]].feats.get("Person") in ("1", "2")


def _named_run(reading: Reading, verb: int, first: int) -> list[int]:
    """The noun phrase before a verb that begins with somebody's name, what describes them included: `Weber,
    a historian who attended the session, recalled`."""
    if reading.pack.conventions.verb_second:
        return []
    starts = [first, *(p + 1 for p in range(first, verb) if reading.words[p].text == ",")]
    for after in starts:
        start = after
        while start < verb and reading.words[start].upos in ("SCONJ", "ADP", "ADV", "PUNCT"):
            start += 1
        run = subject_run(reading, verb, start)
        if len(run) > 1 and names_somebody(reading, run[:MAX_TITLE_WORDS], ("person",)):
            return run
    return []


def _is_aside_participle(reading: Reading, verb: int) -> bool:
    """Whether a verb is a participle after a comma or dash: `…, calling him a liar`."""
    if verb == 0 or reading.words[verb].feats.get("VerbForm") != "Part":
        return False
    before = verb - 1
    while before > 0 and (reading.words[before].upos == "ADV" or _closes(reading, before)):
        before -= 1
    past = reading.words[verb].feats.get("Tense") == "Past"
    return not past and reading.words[before].text in (",", "–", "—", "―", "and", "but")


def _closes(reading: Reading, place: int) -> bool:
    """Whether a word is a quotation's closing mark."""
    return reading.quoted[place] >= 0 and reading.is_punct(place) and reading.words[place].text != ","


def _clause_subject(reading: Reading, verb: int, first: int) -> list[int]:
    """The subject of the main verb that stands before a participle in its sentence."""
    finite = [p for p in range(first, verb) if is_finite(reading, p) and reading.quoted[p] < 0]
    own = [p for p in finite if not reading.words[p].deprel.startswith("acl")] or finite
    finite = [p for p in own if reading.words[p].upos == "VERB"] or own
    ranked = sorted(
        finite, key=lambda p: (reading.heads[p] >= 0, reading.words[p].deprel.startswith("acl"), p)
    )
    for place in ranked:
        top = reading.heads[place] if reading.words[place].deprel.split(":")[0] in ("aux", "cop") else place
        subject = subject_of(reading, top) if top >= 0 else None
        if subject is not None and first <= subject < verb:
            return source_phrase(reading, subject, place if subject < place else top, first, verb)
        run = subject_run(reading, place, first)
        if run:
            return run
    return []


def _inverted(reading: Reading, verb: int, first: int, end: int) -> list[int]:
    """A person named right after a finite verb of telling, where what stands before it names none: `Der
    Zeitung sagte Anna Weber`. Such a verb takes no person as its object."""
    if not reading.pack.conventions.verb_second or not is_finite(reading, verb) or verb + 1 >= end:
        return []
    fronted = _disagrees(reading, verb) or _is_thing(reading, verb)
    if not fronted and reading.lemmas[verb] not in reading.pack.words("adjacent"):
        return []
    run = nominal_run(reading, verb + 1, end, reading.pack.words("of"))
    if not run or run[0] != verb + 1 or not names_somebody(reading, run, ("person",)):
        return []
    before = range(first, verb)
    if not fronted and names_somebody(reading, before, ("person",)):
        return []
    if any(reading.words[p].upos == "PRON" for p in before):
        return []
    head = next((p for p in run if reading.heads[p] not in run and reading.words[p].upos in NOMINAL), run[-1])
    phrase = noun_phrase(reading, head, verb + 1, end)
    return phrase if len(phrase) >= len(run) else run


def _behind_circumstance(reading: Reading, verb: int, first: int, end: int) -> list[int]:
    """`Um 11 Uhr MEZ meldet | die Agentur`: who stands behind a finite verb in second place with no more than
    a prepositional phrase before it, where a tree takes that phrase's noun for the subject."""
    start = max(first, reading.sentences[reading.sentence[verb]].start)
    if not reading.pack.conventions.verb_second or not is_finite(reading, verb) or verb + 1 >= end:
        return []
    if reading.words[start].upos not in ("ADP", "SCONJ") or is_passive(reading, verb):
        return []
    before = range(start, verb)
    if any(reading.words[p].upos in ("PRON", "VERB", "AUX") or reading.words[p].text == "," for p in before):
        return []
    run = nominal_run(reading, verb + 1, end, reading.pack.words("of"))
    if not run or run[0] != verb + 1 or not can_speak(reading, run):
        return []
    opener = reading.words[run[0]].upos
    if opener not in ("DET", "PROPN", "NOUN") or reading.lower[run[0]] in reading.pack.words(
        "object_article"
    ):
        return []
    subject = subject_of(reading, verb)
    if subject is None or subject < verb:
        return run
    named = with_name(reading, run, end)
    return named if len(named) > len(run) and subject in run else []


def _disagrees(reading: Reading, verb: int) -> bool:
    """Whether what a tree takes for a verb's subject is of another number: `Die Kosten nannte Weber hoch`."""
    subject = subject_of(reading, verb)
    if subject is None or subject > verb or reading.words[subject].upos != "NOUN":
        return False
    numbers = {reading.words[place].feats.get("Number") for place in (subject, verb)}
    return numbers == {"Sing", "Plur"}


def _is_thing(reading: Reading, verb: int) -> bool:
    """Whether a tree takes what can say nothing for the subject: `Die Verschiebung nannte Weber falsch`."""
    subject = subject_of(reading, verb)
    if subject is None or subject > verb or reading.words[subject].upos != "NOUN":
        return False
    return not can_speak(reading, [subject])


def _ahead(reading: Reading, verb: int, first: int) -> list[int]:
    """All before a finite verb that stands second, where it is somebody in the nominative whom a tree cuts
    or makes an object: `Der Vorsitzende, Weber, würdigte Kern`, `Weber, eine Ärztin vom Bund, rät`.
    """
    if not reading.pack.conventions.verb_second or not is_finite(reading, verb):
        return []
    start = max(first, reading.sentences[reading.sentence[verb]].start)
    if any(reading.quoted[place] >= 0 for place in range(start, verb)):
        return []
    run = subject_run(reading, verb, start)
    if len(run) < 2 or run[0] != start or not _is_nominative(reading, run):
        return []
    subject = subject_of(reading, verb)
    if subject is None or (subject > verb and reading.words[subject].upos == "PRON"):
        return []
    commas = [place for place in run if reading.words[place].text == ","]
    parted = any(subject > place for place in commas) and reading.words[start].upos == "PROPN"
    closed = reading.words[verb - 1].text == ","
    if not ((subject > verb and closed) or (start < subject < verb and parted)):
        return []
    return run if names_somebody(reading, run, ("person",)) else []


def _reaching(reading: Reading, verb: int, first: int) -> list[int]:
    """All from a sentence's first words to its verb, where a tree takes a noun of what describes them for the
    subject: `The engineer who inspected the dyke told`, `Weber, now an adviser to the list, said`.
    """
    if reading.pack.conventions.verb_second:
        return []
    start = max(first, reading.sentences[reading.sentence[verb]].start)
    closed = reading.words[verb - 1].text == ","
    found = subject_of(reading, verb)
    subject = verb - 1 if found is None else found
    if not start < subject < verb:
        return []
    if not is_finite(reading, verb) and (found is not None or not _may_be_past(reading, verb)):
        return []
    run = subject_run(reading, verb, start)
    if not run or run[0] != start or any(reading.quoted[place] >= 0 for place in run):
        return []
    relatives = reading.pack.words("relative")
    end = next((p for p in run if reading.words[p].text == "," or reading.lower[p] in relatives), verb)
    if subject <= end:
        return []
    comma = reading.words[end].text == ","
    described = reading.lower[end + comma] in relatives
    told = described and any(reading.words[place].upos in ("VERB", "AUX") for place in range(end, subject))
    named = comma and closed and names_somebody(reading, range(start, end), ("person",))
    return run if told or named else []


def _may_be_past(reading: Reading, verb: int) -> bool:
    """Whether a participle without an auxiliary may be a past tense to a tagger that errs (`said`)."""
    return reading.words[verb].feats.get("Tense") == "Past" and not auxiliaries(reading, verb)


def _is_nominative(reading: Reading, run: Sequence[int]) -> bool:
    """Whether a noun phrase may be a subject by its first word."""
    word = reading.words[run[0]]
    return word.upos in ("DET", "PROPN", "NOUN") and word.feats.get("Case", "Nom") == "Nom"


def subject_run(reading: Reading, verb: int, first: int) -> list[int]:
    """All between `first` and a verb, where it begins like a noun phrase and holds no verb of its own
    but a relative clause's: `Weber, the mayor, who was elected in 2010, said`."""
    end = verb
    own = set(auxiliaries(reading, verb))
    while end > first and (reading.words[end - 1].upos in ("AUX", "ADV", "PART", "PUNCT") or end - 1 in own):
        if reading.words[end - 1].text in ")]":
            break
        end -= 1
    while first < end and (reading.is_punct(first) or reading.words[first].upos in ("CCONJ", "ADV")):
        first += 1
    if first >= end or reading.words[first].upos not in NOMINAL | {"DET", "ADJ"}:
        return []
    relative = False
    for place in range(first, end):
        if reading.words[place].text in ";:":
            return []
        relative = relative or reading.lower[place] in reading.pack.words("relative")
        if is_finite(reading, place) and not relative:
            return []
    return trimmed(reading, range(first, end))


def source_before(reading: Reading, verb: int, first: int) -> list[int]:
    """The noun phrase that ends at the verb or its auxiliaries, as in `Weber, the mayor, said`."""
    subject = subject_of(reading, verb)
    if subject is not None and first <= subject < verb:
        return source_phrase(reading, subject, verb, first, verb)
    return _nominal_before(reading, verb, first)


def source_after(reading: Reading, verb: int, end: int) -> list[int]:
    """The noun phrase right after the verb, as in `said Weber, the mayor`."""
    place = verb + 1
    while place < end and reading.words[place].upos in ("ADV", "AUX", "PART", "PUNCT"):
        if reading.words[place].text in ",:;":
            return []
        place += 1
    if place + 1 < end and _is_told(reading, place):
        place += 1
    run = nominal_run(reading, place, end)
    if not run or run[0] != place:
        return []
    alone = len(run) == 1 or reading.words[run[1]].upos == "ADP"
    if reading.lower[run[0]] in reading.pack.words("expletive") and alone:
        return medium(reading, verb, place, end)
    head = next((p for p in run if reading.heads[p] not in run and reading.words[p].upos in NOMINAL), run[-1])
    if run[-1] < reading.heads[head] < end and reading.words[head].upos == "NUM":
        head = reading.heads[head]  # `said | one unaligned strategist`
    own = [
        kid
        for kid in reading.kids[verb]
        if verb < kid < end and reading.words[kid].deprel.split(":")[0] == "nsubj" and kid <= run[-1]
    ]
    if own:
        head = own[0]
    phrase = noun_phrase(reading, head, verb + 1, end)
    return phrase or run


def _is_told(reading: Reading, place: int) -> bool:
    """Whether a pronoun right after a verb is whom somebody told: `sagte | ihm | seine Mutter`, `erzählt |
    ihr | Jan Kern`, not `sagte | ihr Sprecher`."""
    if reading.lower[place] not in reading.pack.words("hearer"):
        return False
    own = reading.words[place].upos == "DET"
    after = reading.words[place + 1]
    return after.upos in ("PROPN", "DET") or (not own and after.upos in NOMINAL | {"ADJ"})


def _nominal_before(reading: Reading, verb: int, first: int) -> list[int]:
    """The noun phrase right before a verb by parts of speech, adverbs and auxiliaries skipped."""
    place = verb - 1
    while place >= first and (
        reading.words[place].upos in ("ADV", "AUX", "PART", "PUNCT")
        or reading.lower[place] in reading.pack.words("time")
    ):
        if reading.words[place].text == ")":
            return _before_bracket(reading, place, first)
        place -= 1
    opener = reading.words[place + 1]
    if opener.upos == "ADV" and reading.lower[place + 1] in reading.pack.words("quantity"):
        return [place + 1]  # `Most believe`
    if place < first or reading.words[place].upos not in NOMINAL:
        return []
    stop = place
    while place >= first and (reading.words[place].upos in NOMINAL | {"DET", "ADJ"}):
        place -= 1
    start = place + 1
    if place >= first and reading.lower[place] in lexicon_of(reading.pack).words("place_prepositions"):
        return []  # `wie die Behörde in Bern mitteilte`
    if not reading.pack.conventions.verb_second and start <= stop:
        start = widened(reading, start, first, verb)
    return whole_name(reading, trimmed(reading, range(start, stop + 1)), first)


def _before_bracket(reading: Reading, closing: int, first: int) -> list[int]:
    """The noun phrase before a bracket that closes before a verb, with it: `Mayor Anna Weber (D) said`."""
    for opening in range(closing - 1, max(first, closing - MAX_BRACKET), -1):
        if reading.words[opening].text == "(":
            named = _nominal_before(reading, opening, first)
            return [*named, *range(opening, closing + 1)] if named and named[-1] == opening - 1 else []
    return []
