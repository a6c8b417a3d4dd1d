"""Reading the source of a quote: a name, an organisation, a role, a pronoun, a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from quotetrack.cast.introductions import RolePhrase
from quotetrack.cast.organisations import Body, printed
from quotetrack.cast.people import Figure, fold
from quotetrack.types import Span

if TYPE_CHECKING:
    from quotetrack.cast.cast import Cast

Shape = Literal[
    "person", "organisation", "role", "members", "pronoun", "relative", "echo", "several", "unknown"
]


@dataclass(frozen=True, slots=True)
class Source:
    """What a source says. start: word where its core begins; the fields that its shape does not use are None.

    shape: "person" (figure), "organisation" (body), "role" (phrase; definite: "the minister"),
    "members" of a party, nameless (party), "pronoun" (pronoun), "relative" ("who"),
    "echo" ("demnach", "own"), "several" (members), "unknown".
    """

    shape: Shape
    start: int
    figure: Figure | None = None
    body: Body | None = None
    phrase: RolePhrase | None = None
    definite: bool = False
    indefinite: bool = False
    party: str = ""
    pronoun: str = ""
    members: tuple[Figure, ...] = ()


def read_source(cast: Cast, spans: Sequence[Span]) -> Source | None:
    """Read the words of a source; None when it has none."""
    ranges = [found for span in spans if len(found := cast.words.within(span))]
    if not ranges:
        return None
    found = ranges[0]
    return _read(cast, found.start, found.stop)


def _read(cast: Cast, start: int, stop: int) -> Source:
    words, lexicon = cast.words.items, cast.lexicon
    begin = start
    while start < stop and (words[start].mark or words[start].low in lexicon.words("fillers")):
        start += 1
    if start >= stop:
        return Source("unknown", begin)
    if single := _single(cast, start, stop):
        return single
    start, possessor = _unwrap(cast, start, stop)
    if possessor:
        return possessor
    if start >= stop:
        return Source("unknown", begin)
    return _person(cast, start, stop) or _unnamed(cast, start, stop)


def _single(cast: Cast, start: int, stop: int) -> Source | None:
    """A source of one word that is not a name."""
    lexicon, word = cast.lexicon, cast.words.items[start]
    core = [i for i in range(start, stop) if not cast.words.items[i].mark]
    if len(core) != 1 and not (len(core) == 2 and cast.words.items[core[1]].low in lexicon.words("emphasis")):
        return None
    if start in cast.at:
        return None
    if word.low in lexicon.words("echoes"):
        return Source("echo", start)
    if word.low in lexicon.words("pronouns_relative") and not (
        word.capital and word.low in lexicon.words("definite")
    ):
        return Source("relative", start)
    for name in (
        "pronouns_male",
        "pronouns_female",
        "pronouns_plural",
        "possessives_male",
        "possessives_female",
    ):
        if word.low in lexicon.words(name):
            return Source("pronoun", start, pronoun=word.low)
    if word.low in lexicon.words("pronouns_demonstrative"):
        return Source("pronoun", start, pronoun=word.low)
    if word.low in lexicon.words("pronouns_first"):
        return Source("unknown", start)
    return None


def _unwrap(cast: Cast, start: int, stop: int) -> tuple[int, Source | None]:
    """Step from a document to who speaks in it ("Angaben des Roten Kreuzes"); own words by pronoun."""
    words, lexicon = cast.words.items, cast.lexicon
    for _ in range(3):
        head = _document(cast, start, stop)
        if head is None:
            break
        inside = words[start : head + 1]
        if any(word.low in lexicon.words("reflexive") for word in inside):
            return start, Source("echo", start)
        for word in inside[:2]:
            for name in ("possessives_male", "possessives_female"):
                if word.low in lexicon.words(name):
                    return start, Source("pronoun", start, pronoun=word.low)
        owner = next((i for i in range(start, head + 1) if i in cast.at), None)
        if owner is not None:
            return start, Source("person", owner, figure=cast.at[owner])
        body = next(
            (
                b
                for i in range(start, head)
                if cast.reader.nominal(i) and (b := cast.reader.body_at(i, head)) and b.proper
            ),
            None,
        )
        if body:
            return start, Source("organisation", body.start, body=body)
        after = head + 1
        while after < stop and (
            words[after].low in lexicon.words("genitive")
            or words[after].low in lexicon.words("belonging")
            or words[after].low in lexicon.words("by")
        ):
            after += 1
        if after == head + 1 and after < stop and not words[after].capital:
            return start, Source("unknown", start)
        if after >= stop or words[after].mark:
            return start, Source("unknown", start)
        start = after
    return start, None


def _document(cast: Cast, start: int, stop: int) -> int | None:
    """The document noun that heads the noun phrase at `start`, or None."""
    words, lexicon = cast.words.items, cast.lexicon
    index = start
    while index < stop and index < start + 8:
        word = words[index]
        if lexicon.tail("documents", word.low) and index not in cast.at and not lexicon.role(word.low):
            if index + 1 < stop and cast.reader.nominal(index + 1) and not lexicon.words("genitive_marks"):
                index += 1
                continue
            if cast.reader.is_head(index) and word.capital and not lexicon.words("genitive_marks"):
                return None
            return index
        possessive = word.low in lexicon.words("possessive_marks")
        if not (
            cast.reader.nominal(index)
            or word.low in lexicon.words("determiners")
            or possessive
            or word.text in "“”\"’'"
        ):
            return None
        if (
            lexicon.words("genitive_marks")
            and (cast.reader.is_head(index) or lexicon.role(word.low))
            and word.capital
        ):
            return None
        index += 1
    return None


def _person(cast: Cast, start: int, stop: int) -> Source | None:
    """A source whose head is a person's name."""
    words, lexicon = cast.words.items, cast.lexicon
    index = start
    while index < stop:
        figure = cast.at.get(index)
        if figure is None:
            index += 1
            continue
        name = next(n for n in figure.names if n.start <= index < n.end)
        if _heads_phrase(cast, start, name.start, name.end, stop):
            others = _joined(cast, name.end, stop)
            if others:
                return Source("several", start, members=(figure, *others))
            return Source("person", name.start, figure=figure)
        index = name.end
    del words, lexicon
    return None


def _heads_phrase(cast: Cast, start: int, name_start: int, name_end: int, stop: int) -> bool:
    """Whether a name is what its phrase is about, not a possessor or a complement."""
    words, lexicon = cast.words.items, cast.lexicon
    if name_end < len(words) and name_end < stop and words[name_end].low in lexicon.words("possessive_marks"):
        return False
    if name_end < stop and cast.reader.nominal(name_end) and name_end not in cast.at:
        if not words[name_end].mark and not cast.lexicon.words("genitive_marks"):
            return False  # "Clinton campaign spokesman", "Stein spokeswoman"
    figure, last = cast.at[name_start], words[name_end - 1]
    inflected = len(fold(last.text)) > len(figure.tokens[-1]) and fold(last.text).startswith(
        figure.tokens[-1]
    )
    if inflected and name_start > start and words[name_start - 1].upos == "NOUN":
        return False
    front = name_start
    while front > start and any(
        words[front - 1].low in lexicon.words(t) for t in ("titles", "titles_male", "titles_female")
    ):
        front -= 1
    if front <= start:
        return True
    for introduction in cast.introductions[cast.at[name_start].number]:
        if (
            introduction.start < name_start
            and introduction.end == name_end
            and introduction.rule in ("title", "apposition")
        ):
            return introduction.start <= start or _plain(cast, start, introduction.start)
    if words[front - 1].text == ",":
        return _joins_apposition(cast, start, front - 1) or _plain(cast, start, front - 1)
    return _plain(cast, start, front)


def _plain(cast: Cast, start: int, end: int) -> bool:
    """Whether only determiners and modifiers stand in words [start, end)."""
    words, lexicon = cast.words.items, cast.lexicon
    for i in range(start, end):
        word = words[i]
        if word.low in lexicon.words("possessive_marks") and word.low not in ("'", "’"):
            continue
        if i in cast.at and i + 1 < end:
            continue
        if not (
            cast.reader.nominal(i)
            or word.low in lexicon.words("determiners")
            or word.low in lexicon.words("conjunctions")
            or word.text in '„“"-/'
        ):
            return False
    if not cast.lexicon.words("genitive_marks"):
        return True
    nouns = [
        i for i in range(start, end) if words[i].capital and not words[i].mark and words[i].upos == "NOUN"
    ]
    return (
        not any(words[i].upos == "NOUN" and not lexicon.role(words[i].low) for i in nouns[-1:])
        or len(nouns) == 0
    )


def _joins_apposition(cast: Cast, start: int, comma: int) -> bool:
    """Whether a role phrase reaches from `start` to the comma before a name."""
    return any(cast.intros.role_at(head) for head in range(comma - 1, start - 1, -1))


def _joined(cast: Cast, end: int, stop: int) -> tuple[Figure, ...]:
    """The people that "and" adds to a name."""
    words, lexicon = cast.words.items, cast.lexicon
    found: list[Figure] = []
    for index in range(end, stop):
        word = words[index]
        if word.upos in ("VERB", "AUX") or (word.low in lexicon.words("pronouns_relative") and index > end):
            before = words[index - 1]
            if before.mark or word.upos in ("VERB", "AUX"):
                break
        if word.low in lexicon.words("conjunctions"):
            after = index + 1
            while (
                after < stop
                and after not in cast.at
                and (
                    cast.reader.nominal(after)
                    or words[after].low in lexicon.words("determiners")
                    or words[after].low.endswith(".")
                )
            ):
                after += 1
            if after < stop and after in cast.at:
                follower = next(n.end for n in cast.at[after].names if n.start <= after < n.end)
                if not (follower < len(words) and words[follower].low in lexicon.words("possessive_marks")):
                    found.append(cast.at[after])
    return tuple(found)


def _unnamed(cast: Cast, start: int, stop: int) -> Source:
    """A source without a person's name: a role, an organisation, or nobody in particular."""
    words, lexicon = cast.words.items, cast.lexicon
    first = start
    while (
        first < stop and words[first].low in lexicon.words("determiners") and not cast.reader.nominal(first)
    ):
        first += 1
    front = start - 1 if start and words[start - 1].low in lexicon.words("definite") else start
    definite = any(words[i].low in lexicon.words("definite") for i in range(front, first))
    indefinite = first > start and not definite
    end = first
    while end < stop and (cast.reader.nominal(end) or words[end].low in lexicon.words("possessive_marks")):
        end += 1
    if (members := _party_members(cast, first, end)) is not None:
        return members
    heads = [i for i in range(first, end) if cast.intros.role_at(i)]
    if heads and not _is_body(cast, end, heads[-1]):
        head = heads[0] if lexicon.words("genitive_marks") else heads[-1]
        phrase = cast.intros.phrase_at(head, first)
        if phrase:
            return Source("role", head, phrase=phrase, definite=definite)
    body = cast.reader.body_at(first, stop)
    head_word = words[end - 1].low if end > first else ""
    if head_word in lexicon.words("anonymous") and not (body and body.head == end - 1):
        return Source("unknown", first)
    if body and (body.start - first <= 4 or _plain(cast, first, body.start)):
        if _other_body(cast, body.end, stop):
            return Source("several", first)
        return Source("organisation", body.start, body=body, indefinite=indefinite)
    if end > first and all(cast.reader.is_place(i) for i in range(first, end)) and words[end - 1].capital:
        return Source("organisation", first, body=Body(first, end, end - 1, proper=True))
    return Source("unknown", first)


def _party_members(cast: Cast, first: int, end: int) -> Source | None:
    """A source that is nobody but of a party: "Republicans", "a GOP source"."""
    words, lexicon = cast.words.items, cast.lexicon
    if end <= first:
        return None
    last = words[end - 1]
    if last.low in lexicon.words("party_members"):
        return Source("members", first, party=cast.words.string(_capital(cast, first, end), end))
    parties = [i for i in range(first, end) if cast.reader.is_party(i)]
    if parties and last.low in lexicon.words("anonymous"):
        return Source("members", first, party=words[parties[0]].text)
    return None


def _capital(cast: Cast, first: int, end: int) -> int:
    while first < end - 1 and not cast.words.items[first].capital:
        first += 1
    return first


def _other_body(cast: Cast, end: int, stop: int) -> bool:
    """Whether "and" adds another organisation."""
    if end + 1 >= stop or cast.words.items[end].low not in cast.lexicon.words("conjunctions"):
        return False
    after = end + 1
    while after < stop and cast.words.items[after].low in cast.lexicon.words("determiners"):
        after += 1
    return after < stop and cast.words.items[after].capital


def _is_body(cast: Cast, end: int, head: int) -> bool:
    """Whether a role word only modifies an organisation ("Obama administration")."""
    return any(cast.reader.is_head(i) for i in range(head + 1, end))


def name_of(cast: Cast, body: Body) -> str:
    """An organisation's fullest form in the article."""
    return cast.directory.full(printed(cast.words, body))
