"""Reading the source of a quote: a name, an organisation, a role, a pronoun, a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from quotetrack.cast.documents import step_into
from quotetrack.cast.organisations import Body, printed
from quotetrack.cast.parties import is_partisan, party_members
from quotetrack.cast.people import Figure
from quotetrack.cast.source import Source
from quotetrack.cast.words import Word
from quotetrack.types import Span

if TYPE_CHECKING:
    from quotetrack.cast.cast import Cast

PRONOUNS = (
    "pronouns_male",
    "pronouns_female",
    "pronouns_plural",
    "pronouns_neuter",
    "possessives_male",
    "possessives_female",
    "pronouns_demonstrative",
)
MAX_LEAD = 4  # modifiers and nouns in front of an organisation's own name


def read_source(cast: Cast, spans: Sequence[Span]) -> Source | None:
    """Read the words of a source; None when it has none."""
    ranges = [found for span in spans if len(found := cast.words.within(span))]
    if not ranges:
        return None
    source = _read(cast, ranges[0].start, ranges[0].stop)
    if source.shape == "unknown" and (named := _named_behind(cast, ranges[0].stop)):
        return Source("organisation", named.start, body=named)
    return source


def _named_behind(cast: Cast, stop: int) -> Body | None:
    """The name in marks right behind a source that is but a noun: "der Website | „kuestenblick.de“"."""
    words = cast.words.items
    if stop >= len(words) or not cast.lexicon.tail("classifiers", words[stop - 1].low):
        return None
    return cast.reader.quoted(stop, len(words))


def name_of(cast: Cast, body: Body) -> str:
    """An organisation's fullest form in the article."""
    return cast.directory.full(printed(cast.words, body))


def _read(cast: Cast, start: int, stop: int) -> Source:
    words, lexicon = cast.words.items, cast.lexicon
    begin = start
    while start < stop and (
        words[start].mark
        or words[start].low in lexicon.words("fillers")
        or (
            words[start].upos == "ADP"
            and words[start].low in lexicon.words("complement")
            and start + 1 < stop
        )
    ):
        start += 1
    start = _past_place(cast, _past_label(cast, start, stop), stop)
    if start >= stop:
        return Source("unknown", begin)
    if start > begin and (quoted := cast.reader.quoted(start - 1, stop)) and quoted.end + 1 >= stop:
        return Source("organisation", quoted.start, body=quoted)
    if single := _single(cast, start, stop):
        return single
    start, found = step_into(cast, start, stop)
    return found or _person(cast, start, stop) or _unnamed(cast, start, stop)


def _past_label(cast: Cast, start: int, stop: int) -> int:
    """Past whose turn it is, at the head of a paragraph ("Frage: Minister Lund sagt …", "Q: …")."""
    words = cast.words.items
    if start + 2 >= stop or words[start + 1].text != ":":
        return start
    opens = start == 0 or words[start - 1].paragraph != words[start].paragraph
    return start + 2 if opens else start


def _past_place(cast: Cast, start: int, stop: int) -> int:
    """Past a place and comma that a source carries along ("… Saudi Arabia, Senator X")."""
    index = start
    while index < stop and cast.reader.is_place(index) and index not in cast.at:
        index += 1
    further = index + 1 < stop and any(i in cast.at for i in range(index, stop))
    return index + 1 if index > start and further and cast.words.items[index].text == "," else start


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
    if word.low in lexicon.words("pronouns_first"):
        return Source("unknown", start)
    if any(word.low in lexicon.words(name) for name in PRONOUNS):
        return Source("pronoun", start, pronoun=word.low)
    return None


# ---------------------------------------------------------------------- people


def _person(cast: Cast, start: int, stop: int) -> Source | None:
    """A source whose head is a person's name."""
    index = start
    while index < stop:
        if index not in cast.at:
            index += 1
            continue
        name = cast.name_at(index)
        if _heads_phrase(cast, start, name.start, name.end, stop):
            others = _joined(cast, name.end, stop)
            if others:
                return Source("several", start, members=(cast.at[index], *others))
            return Source("person", name.start, figure=cast.at[index])
        index = name.end
    return None


def _heads_phrase(cast: Cast, start: int, name_start: int, name_end: int, stop: int) -> bool:
    """Whether a name is what its phrase is about, not a possessor or a complement."""
    words, lexicon = cast.words.items, cast.lexicon
    while name_end < stop and words[name_end].capital and words[name_end].low in lexicon.titles:
        name_end += 1  # "Anna Weber III"
    if name_end < stop:
        if words[name_end].low in lexicon.words("possessive_marks") and name_end + 1 < stop:
            return False
        if lexicon.nouns_capital and name_end - name_start == 1 and cast.roles.at(name_end):
            return False  # "Kestriens Außenministerin"
        if not lexicon.nouns_capital and cast.reader.nominal(name_end) and name_end not in cast.at:
            return False  # "Clinton campaign spokesman", "Stein spokeswoman"
    if name_start in cast.intros.inflected:
        owned = name_end < stop and cast.reader.nominal(name_end)
        if owned or (name_start > start and words[name_start - 1].upos == "NOUN"):
            return False
    front = name_start
    while front > start and words[front - 1].low in lexicon.titles:
        front -= 1
    if front <= start:
        return True
    for introduction in cast.introductions[cast.at[name_start].number]:
        before = introduction.start < name_start and introduction.end == name_end
        if before and introduction.rule in ("title", "apposition"):
            return introduction.start <= start or _plain_parts(cast, start, introduction.start)
    if words[front - 1].text in (",", "–", "—"):
        roles = any(cast.roles.at(head) for head in range(start, front - 1))
        return roles or _plain(cast, start, front - 1)
    return _plain(cast, start, front)


def _plain_parts(cast: Cast, start: int, end: int) -> bool:
    """Whether words [start, end) are plain, or two plain parts ("Seine Anwältin, die Juristin")."""
    comma = next((i for i in range(end - 1, start, -1) if cast.words.items[i].text == ","), None)
    if comma is None:
        return _plain(cast, start, end)
    return _plain(cast, start, comma) and _plain(cast, comma + 1, end)


def _plain(cast: Cast, start: int, end: int) -> bool:
    """Whether only determiners and modifiers stand in words [start, end)."""
    words, lexicon = cast.words.items, cast.lexicon
    for index in range(start, end):
        word = words[index]
        if index in cast.at and index + 1 < end:
            continue
        if not (
            cast.reader.nominal(index)
            or word.feats.get("VerbForm") == "Part"
            or any(word.low in lexicon.words(n) for n in ("determiners", "conjunctions", "possessive_marks"))
            or word.low in lexicon.words("possessives_of_bodies")
            or word.text in '„“"-/'
        ):
            return False
    if not lexicon.nouns_capital:
        return True
    nouns = [i for i in range(start, end) if words[i].upos == "NOUN" and words[i].capital]
    last = words[nouns[-1]].low if nouns else ""
    return not nouns or bool(lexicon.role(last)) or lexicon.of_place(last) or _describes(cast, nouns[-1], end)


def _describes(cast: Cast, noun: int, index: int) -> bool:
    """Whether a noun that no list knows says who the full name right behind it is: no body, document or
    affair ("Der Tüftler Jonas Reiher", "Ihr Sohn Jonas Reiher", but "die Regierung Jonas Reiher")."""
    if noun + 1 != index or index not in cast.at:
        return False
    name = cast.name_at(index)
    if name.start != index or name.end - name.start < 2:
        return False
    low = cast.words.items[noun].low
    return not any(
        cast.lexicon.tail(listed, low) for listed in ("organisation_heads", "documents", "affairs")
    )


def _joined(cast: Cast, end: int, stop: int) -> tuple[Figure, ...]:
    """The people that "and" adds to a name."""
    words, lexicon = cast.words.items, cast.lexicon
    found: list[Figure] = []
    for index in range(end, stop):
        if cast.reader.finite(index) or words[index].text in '„“”"':
            break
        if index > end and cast.intros.relative(index) and words[index - 1].mark:
            break
        if (
            words[index].text == ","
            and words[index + 1 : index + 2]
            and words[index + 1].upos in ("ADP", "SCONJ")
        ):
            break  # "Lund, as a backer of …"
        if words[index].text == "," and (listed := _listed(cast, index + 1, stop)):
            found.append(listed)
        if words[index].low not in lexicon.words("conjunctions"):
            continue
        after = index + 1
        while (
            after < stop
            and after not in cast.at
            and (
                cast.reader.nominal(after)
                or any(words[after].low in lexicon.words(n) for n in ("determiners", "possessive_marks"))
                or words[after].low in lexicon.titles
            )
        ):
            after += 1
        if after < stop and after in cast.at and not _attributive(cast, cast.name_at(after).end):
            found.append(cast.at[after])
    return tuple(found)


def _attributive(cast: Cast, end: int) -> bool:
    """Whether a name that ends here only modifies or possesses: "the Lund | plan", "Lund | 's aides"."""
    words, lexicon = cast.words.items, cast.lexicon
    if end >= len(words):
        return False
    loose = not lexicon.nouns_capital and cast.reader.nominal(end) and end not in cast.at
    return loose or words[end].low in lexicon.words("possessive_marks") or words[end].text == "-"


def _listed(cast: Cast, index: int, stop: int) -> Figure | None:
    """The next person of a list behind a comma, not one that only possesses something."""
    words = cast.words.items
    while index < stop and words[index].low in cast.lexicon.titles:
        index += 1
    if index >= stop or index not in cast.at:
        return None
    follower = cast.name_at(index).end
    if follower < len(words) and words[follower].low in cast.lexicon.words("possessive_marks"):
        return None
    return cast.at[index] if follower >= stop or words[follower].mark else None


# ---------------------------------------------------------------------- sources without a person's name


def _unnamed(cast: Cast, start: int, stop: int) -> Source:
    """A source without a person's name: a role, an organisation, or nobody in particular."""
    words, lexicon = cast.words.items, cast.lexicon
    first = start
    while first < stop and words[first].low in lexicon.words("determiners"):
        first += 1
    if first >= stop:
        return Source("unknown", start)
    front = start - 1 if start and words[start - 1].low in lexicon.words("determiners") else start
    definite = any(words[i].low in lexicon.words("definite") for i in range(front, first))
    owners = ("possessives_male", "possessives_female", "possessives_plural")
    owned = any(words[i].low in lexicon.words(name) for i in range(front, first) for name in owners)
    indefinite = first > front and not definite and not owned
    end = first
    while end < stop and (
        cast.reader.nominal(end) or words[end].low in lexicon.words("possessive_marks") or end in cast.at
    ):
        end += 1
    if definite and is_partisan(cast, end - 1, stop):
        return Source("pronoun", end - 1, pronoun=words[end - 1].low, party=words[end - 1].text)
    if (members := party_members(cast, first, end)) is not None:
        return members
    if words[end - 1].low in lexicon.words("party_members"):
        return Source("unknown", first)
    possessed = _possessed(cast, first, stop)
    if possessed and not any(cast.roles.at(i) for i in range(possessed.end, end)):
        return Source("organisation", possessed.start, body=possessed, definite=definite)
    if classed := _classed(cast, first, end, stop):
        return Source("organisation", classed.start, body=classed, definite=definite, indefinite=indefinite)
    if apposed := _apposed(cast, end, stop):
        return Source("organisation", apposed.start, body=apposed, definite=definite)
    heads = [i for i in range(first, end) if cast.roles.at(i) and not _owns(cast, i, end)]
    if heads and not any(cast.reader.is_head(i) for i in range(heads[-1] + 1, end)):
        head = heads[0] if lexicon.nouns_capital else heads[-1]
        phrase = cast.roles.phrase(head, first, stop)
        if phrase and words[start].low in lexicon.words("singular_definite"):
            phrase = replace(phrase, plural=False)
        if phrase:
            return Source("role", head, phrase=phrase, definite=definite)
    last = end - 1 if end > first else first
    described = [i for i in range(first, end) if lexicon.tail("vague", words[i].low)]
    vague = next((i for i in described if words[i].low not in lexicon.words("party_members")), None)
    if definite and vague is not None:
        return Source("pronoun", vague, pronoun=words[vague].low)
    body = cast.reader.body_at(first, stop)
    territory = next((i for i in range(first, end) if words[i].low in lexicon.words("territories")), None)
    if territory is not None and body is None:
        return Source("organisation", first, body=Body(first, end, territory, proper=end > first + 1))
    placed = end > first and words[last].capital and all(cast.reader.is_place(i) for i in range(first, end))
    if words[last].low in lexicon.words("anonymous") and not placed:
        return Source("unknown", first)
    if body and (body.start - first <= MAX_LEAD or _plain(cast, first, body.start)):
        if words[body.head].low in lexicon.words("groups") and not body.proper:
            return Source("unknown", first)
        thing = body.end < end and words[end - 1].upos == "NOUN" and not words[end - 1].capital
        if thing and not lexicon.nouns_capital:
            return Source("unknown", first)  # "a Trump campaign hat"
        if _other_body(cast, body.end, stop):
            return Source("several", first)
        return Source("organisation", body.start, body=body, definite=definite, indefinite=indefinite)
    several = first > start and words[last].feats.get("Number") == "Plur"  # "the Europeans"
    lone = not several and 0 < end - first <= 2 and all(_lone_name(words[i]) for i in range(first, end))
    if placed or lone or _web_address(words[first].text):
        last, end = (last, end) if placed or lone else (first, first + 1)
        if _other_body(cast, end, stop):
            return Source("several", first)
        return Source("organisation", first, body=Body(first, end, last, proper=True))
    return Source("unknown", first)


def _lone_name(word: Word) -> bool:
    """Whether a word is a proper name that nothing says is a person's: an organisation's at best."""
    return word.capital and not word.mark and len(word.text) > 1 and word.upos in ("PROPN", "X")


def _web_address(string: str) -> bool:
    """Whether a word is a web site's address ("ndr.de")."""
    name, dot, domain = string.rpartition(".")
    return bool(dot) and len(name) > 1 and 2 <= len(domain) <= 4 and domain.isalpha() and domain.islower()


def _possessed(cast: Cast, first: int, stop: int) -> Body | None:
    """Somebody's organisation: "President Obama's White House", "Clinton's campaign"."""
    index = first
    while index < stop and cast.roles.at(index):
        index += 1
    return cast.reader.possessed(index, stop) if index < stop else None


def _classed(cast: Cast, first: int, end: int, stop: int) -> Body | None:
    """A name behind a noun for its kind, even if the name reads as a role ("Ärzte ohne Grenzen")."""
    for index in range(first, end - 1):
        if cast.lexicon.tail("classifiers", cast.words.items[index].low):
            body = cast.reader.body_at(first, stop)
            return body if body and body.start > index else None
    return None


def _apposed(cast: Cast, end: int, stop: int) -> Body | None:
    """The body that a comma adds to what it does ("The operator, Seebrück Harbour Lines")."""
    words = cast.words.items
    if end + 1 >= stop or words[end].text != "," or words[end - 1].low not in cast.lexicon.words("classes"):
        return None
    labelled = all(cast.labels.at(i) == "organisation" for i in range(end + 1, stop) if not words[i].mark)
    return Body(end + 1, stop, stop - 1, proper=True) if labelled and words[stop - 1].capital else None


def _owns(cast: Cast, index: int, end: int) -> bool:
    """Whether a possessive follows a word ("the president's aides")."""
    return index + 1 < end and cast.words.items[index + 1].low in cast.lexicon.words("possessive_marks")


def _other_body(cast: Cast, end: int, stop: int) -> bool:
    """Whether "and" or a comma adds another organisation."""
    words, lexicon = cast.words.items, cast.lexicon
    listed = end + 1 < stop and words[end].text == "," and words[end + 1].capital
    if listed and any(
        words[i].low in lexicon.words("conjunctions") for i in range(end + 1, min(stop, end + 6))
    ):
        return True
    if end + 1 >= stop or words[end].low not in lexicon.words("conjunctions"):
        return False
    after = end + 1
    while after < stop and words[after].low in lexicon.words("determiners"):
        after += 1
    return after < stop and words[after].capital
