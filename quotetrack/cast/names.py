"""Finding the names of persons in an article: the name finder's mentions, made whole and cleaned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotetrack.cast.labels import Labels
from quotetrack.cast.words import Word, Words
from quotetrack.lexicon import Lexicon
from quotetrack.types import Span

MAX_NAME_WORDS = 6
OPENING = ("„", "“", "”", '"', "»", "«", "''", "‚", "‘")


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """Words [start, end) that name somebody."""

    start: int
    end: int


def find_person_names(
    words: Words, labels: Labels, lexicon: Lexicon, sources: Iterable[Span] = ()
) -> list[Name]:
    """The person names of a text in reading order, without titles, none overlapping another.

    sources: spans that are known to name who speaks; unlabelled names in them count.
    """
    candidates = [
        name
        for start, end, kind in labels.ranges
        if kind == "person" and (name := _whole(words, labels, lexicon, start, end))
    ]
    candidates += _titled(words, labels, lexicon)
    for span in sources:
        candidates += _spoken(words, labels, lexicon, words.within(span))
        candidates += _introducing(words, labels, lexicon, words.within(span))
    candidates += _opening(words, labels, lexicon)
    quoted = _quoted_bodies(words, lexicon)
    places = _places(words, labels)
    candidates = [n for n in candidates if n.start not in quoted and not _is_place(words, n, places, lexicon)]
    candidates = [n for n in candidates if not _classed(words, n, lexicon) and not _is_plural(words, n)]
    taken: list[Name] = []
    covered: set[int] = set()
    for name in sorted(candidates, key=lambda n: (n.start - n.end, n.start)):
        if not covered.intersection(range(name.start, name.end)):
            taken.append(name)
            covered.update(range(name.start, name.end))
    return sorted(taken + _repeated(words, labels, lexicon, taken, covered))


def _places(words: Words, labels: Labels) -> dict[str, int]:
    """How often each word is labelled a place rather than a person."""
    votes: dict[str, int] = {}
    for index, word in enumerate(words.items):
        if labels.at(index) in ("place", "person", "organisation"):
            alone = labels.at(index - 1) != "person" and labels.at(index + 1) != "person"
            vote = 1 if labels.at(index) != "person" else -1 if alone else -2
            votes[word.low] = votes.get(word.low, 0) + vote
        prefix, hyphen, _ = word.text.partition("-")
        if hyphen and labels.at(index) == "organisation":
            votes[prefix.casefold()] = votes.get(prefix.casefold(), 0) + 1
    return votes


def _is_place(words: Words, name: Name, places: dict[str, int], lexicon: Lexicon) -> bool:
    """Whether a name of one word is more often a place, or one that the language pack knows; none is that a
    title stands in front of."""
    if name.end - name.start > 1 or (name.start and words.items[name.start - 1].low in lexicon.titles):
        return False
    word = words.items[name.start]
    forms = {word.low, *(word.low.removesuffix(mark) for mark in lexicon.words("genitive_marks"))}
    before = words.items[name.start - 1].low if name.start else ""
    located = before in lexicon.words("place_prepositions") and places.get(word.low, -1) >= -1
    return located or any(places.get(form, -1) >= 0 for form in forms)


def _quoted_bodies(words: Words, lexicon: Lexicon) -> set[int]:
    """Words in quotation marks right behind a noun for an organisation: its name, nobody's."""
    found: set[int] = set()
    for index, word in enumerate(words.items[:-1]):
        if not word.mark and lexicon.tail("classifiers", word.low) and words.items[index + 1].text in OPENING:
            inside = index + 2
            while inside < len(words.items) and inside < index + 10 and not words.items[inside].mark:
                found.add(inside)
                inside += 1
    return found


def _is_plural(words: Words, name: Name) -> bool:
    """Whether a name of one word is a plural noun that opens its sentence ("Hauliers fear the worst"): its
    verb right behind it is one for several."""
    items = words.items
    if name.end - name.start > 1 or name.end >= len(items):
        return False
    word, verb = items[name.start], items[name.end]
    opens = name.start == 0 or items[name.start - 1].sentence != word.sentence
    several = word.feats.get("Number") == "Plur" and verb.feats.get("Number") == "Plur"
    return opens and several and verb.upos in ("VERB", "AUX")


def _classed(words: Words, name: Name, lexicon: Lexicon) -> bool:
    """Whether a noun in front says that a name is no person's ("the line Ankerlund", "Bankhaus Lamm")."""
    before = words.items[name.start - 1] if name.start else None
    if before is None or lexicon.role(before.low):
        return False
    houses = lexicon.tail("houses", before.low)
    return bool(houses) or (name.end - name.start == 1 and before.low in lexicon.words("classes"))


def nameable(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word can be part of a person's name by its looks."""
    return (
        word.capital
        and not word.mark
        and word.text not in lexicon.words("not_names")
        and word.text not in lexicon.words("parties")
        and word.text not in lexicon.words("places")
        and word.text.partition("-")[0] not in lexicon.words("party_letters")
        and word.low not in lexicon.words("media")
        and not (lexicon.nouns_capital and word.low in lexicon.words("role_modifiers"))
        and not (word.feats.get("Number") == "Plur" and word.low in lexicon.words("anonymous"))
        and not lexicon.role(word.low)
        and not lexicon.tail("organisation_heads", word.low)
        and not lexicon.tail("businesses", word.low)
        and not lexicon.tail("documents", word.low)
        and not titled(word, lexicon)
        and not ("-" in word.text and lexicon.role(word.low.rpartition("-")[2]))
    )


def titled(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word is a title such as "Mr." or "Frau"."""
    return word.low in lexicon.titles


def _whole(words: Words, labels: Labels, lexicon: Lexicon, start: int, end: int) -> Name | None:
    """A name finder's mention, widened to the whole name and trimmed of titles, or None."""
    items = words.items
    while start < end and not _fits(items[start], lexicon):
        start += 1
    while (
        start < end
        and not _fits(items[end - 1], lexicon)
        and not _surname(words, labels, lexicon, start, end - 1)
    ):
        end -= 1
    for index in range(start, end):
        if lexicon.role(items[index].low) or items[index].mark:
            start = index + 1 if index < end - 1 else start
    if start >= end:
        return None
    while start > 0 and end - start < MAX_NAME_WORDS and _joins(words, labels, lexicon, start - 1, start):
        start -= 1
    while end < len(items) and end - start < MAX_NAME_WORDS and _joins(words, labels, lexicon, end, end - 1):
        end += 1
    if end - start == 1 and end < len(items) and _expects_more(words, labels, lexicon, start):
        end += 1
    while start < end and items[start].low in lexicon.words("particles") and not items[start].capital:
        start += 1
    start += _of_office(words, lexicon, start, end)
    if start >= end or end - start > MAX_NAME_WORDS:
        return None
    if end - start == 1 and items[start].acronym and len(items[start].text) > 2:
        return None
    return Name(start, end)


def _of_office(words: Words, lexicon: Lexicon, start: int, end: int) -> bool:
    """Whether a run of capitals begins with what an office is of ("Supervisor of Elections Susan Bucher")."""
    items = words.items
    governed = start > 1 and items[start - 1].low in lexicon.words("genitive")
    return bool(
        governed and end - start > 2 and lexicon.role(items[start - 2].low) and not lexicon.nouns_capital
    )


def _surname(words: Words, labels: Labels, lexicon: Lexicon, start: int, last: int) -> bool:
    """Whether a word that reads as a role is a surname behind a first name ("Joschka Fischer")."""
    word = words.items[last]
    named = labels.at(last) == labels.at(last - 1) == "person" and word.capital
    return last > start and named and word.low in lexicon.words("surnames")


def _expects_more(words: Words, labels: Labels, lexicon: Lexicon, start: int) -> bool:
    """Whether a lone first name at the head of a phrase runs on in a word that looks like a noun."""
    before, after = words.items[start - 1] if start else None, words.items[start + 1]
    opens = (
        before is None
        or before.mark
        or before.sentence != words.items[start].sentence
        or before.low in lexicon.titles
        or bool(lexicon.role(before.low))
    )
    return (
        opens
        and after.capital
        and not after.mark
        and after.paragraph == words.items[start].paragraph
        and after.upos in ("NOUN", "ADV", "ADJ", "PROPN")
        and labels.at(start + 1) == ""
        and not lexicon.role(after.low)
        and not lexicon.tail("organisation_heads", after.low)
        and words.items[start].upos == "PROPN"
    )


def _fits(word: Word, lexicon: Lexicon) -> bool:
    return nameable(word, lexicon) or (word.low in lexicon.words("particles") and word.capital)


def _joins(words: Words, labels: Labels, lexicon: Lexicon, index: int, neighbour: int) -> bool:
    """Whether the word at `index`, next to a name, belongs to it."""
    word, other = words.items[index], words.items[neighbour]
    if word.paragraph != other.paragraph or word.mark or other.mark:
        return False
    if index > neighbour and words.items[neighbour].low.endswith(("'s", "’s")):
        return False
    if labels.at(index) in ("place", "organisation"):
        return False
    if index < neighbour and index and words.items[index - 1].low in lexicon.words("complement"):
        return False  # "Secretary of State Hillary Clinton"
    if labels.at(index) != "person" and index < len(words.headline) and words.headline[index]:
        return False
    if word.low in lexicon.words("particles") and not word.capital:
        beyond = index + 1 if index > neighbour else index - 1
        return (
            word.low not in lexicon.words("conjunctions")
            and word.low not in lexicon.words("complement")
            and 0 <= beyond < len(words.items)
            and labels.at(beyond) == "person"
        ) or (word.low in lexicon.words("particles") and labels.at(index) == "person")
    if not nameable(word, lexicon):
        return False
    if labels.at(index) == "person":
        return True
    first = index == 0 or words.items[index - 1].sentence != word.sentence
    if first and index < neighbour:
        return False
    named = index < neighbour and labels.at(neighbour) == "person" and lexicon.nouns_capital
    role = lexicon.role(words.items[index - 1].low) if named else None  # "Archäologin | Klippa | Sanz"
    return word.upos == "PROPN" or (role is not None and not role.plural)


def _titled(words: Words, labels: Labels, lexicon: Lexicon) -> list[Name]:
    """Names that a title or a role in front gives away ("Mr. Alexander", "Sprecher Malinowski")."""
    found = []
    for index in range(1, len(words.items)):
        before, word = words.items[index - 1], words.items[index]
        role = lexicon.role(before.low)
        gives_away = titled(before, lexicon) and before.low not in lexicon.words("determiners")
        if not gives_away and not (
            role and not role.plural and before.capital and word.upos in ("PROPN", "X")
        ):
            continue
        if labels.at(index) == "place" or not nameable(word, lexicon):
            continue
        if labels.at(index) == "organisation" and not gives_away and not _fills(words, lexicon, index):
            continue
        if word.paragraph == before.paragraph and not word.acronym:
            name = _whole(words, labels, lexicon, index, index + 1)
            if name:
                found.append(name)
    return found


def _fills(words: Words, lexicon: Lexicon, index: int) -> bool:
    """Whether what is labelled an organisation is who fills the function right in front: a role that only
    people have and that names what it is of ("Verbandschefin Hedda Lund"), behind it two words of a name."""
    role, behind = lexicon.role(words.items[index - 1].low), index + 1
    if role is None or not role.prefix or lexicon.tail("bodies_roles", role.stem):
        return False
    whole = behind < len(words.items) and words.items[behind].sentence == words.items[index].sentence
    return whole and nameable(words.items[behind], lexicon) and words.items[behind].upos in ("PROPN", "NOUN")


def _spoken(words: Words, labels: Labels, lexicon: Lexicon, found: range) -> list[Name]:
    """Runs of proper names in a source that the name finder did not label."""
    names: list[Name] = []
    index = found.start
    while index < found.stop:
        end = index
        if _introduced(words, lexicon, found, index):
            end = _run(words, labels, lexicon, range(index, found.stop), ("", "person", "organisation"))
            if end < found.stop and labels.at(end) == "organisation":
                end = index  # the rest of it is no part of a person's name
        if end - index < 2:
            end = _run(words, labels, lexicon, range(index, found.stop), ("", "person"))
        whole = index == found.start and end == found.stop
        follows_role = index > 0 and bool(lexicon.role(words.items[index - 1].low))
        lone = end - index == 1 and (words.items[index].acronym or not (whole or follows_role))
        compound = end < len(words.items) and "-" in words.items[end].text and words.items[end].capital
        if 0 < end - index <= MAX_NAME_WORDS and not lone and not compound:
            names.append(Name(index + _of_office(words, lexicon, index, end), end))
        index = max(end, index + 1)
    return names


def _introducing(words: Words, labels: Labels, lexicon: Lexicon, found: range) -> list[Name]:
    """The name that opens a source and is explained: "X Y, Senior Fellow", "X Y von der ABC"."""
    end, items = found.start, words.items
    while end < found.stop and nameable(items[end], lexicon):
        end += 1
    name = range(found.start, end)
    if not 2 <= len(name) <= MAX_NAME_WORDS or end + 1 >= found.stop:
        return []
    following = range(end + 1, min(found.stop, end + 6))
    if any(labels.at(i) == "organisation" for i in name):
        return [Name(name.start, end)] if _functions(words, lexicon, name, found.stop) else []
    if items[end].text == "," and any(lexicon.role(items[i].low) for i in following):
        return [Name(found.start, end)]
    belongs = items[end].low in lexicon.words("belonging")
    if belongs and any(labels.at(i) == "organisation" or items[i].acronym for i in following):
        return [Name(found.start, end)]
    return []


def _functions(words: Words, lexicon: Lexicon, name: range, stop: int) -> bool:
    """Whether what is labelled an organisation has one person's function right behind a comma, and nobody
    follows who has it: "X Y, Senior Fellow bei …", but not "X Y, Sprecherin Z" or "X Y, der Hersteller"."""
    items = words.items
    if items[name.stop].text != "," or any(items[i].acronym for i in name):
        return False
    for index in range(name.stop + 1, min(stop, name.stop + 4)):
        role = lexicon.role(items[index].low)
        if items[index].mark or items[index].low in lexicon.words("determiners"):
            return False
        if role:
            after = index + 1
            named = after < len(items) and nameable(items[after], lexicon) and items[after].upos == "PROPN"
            return not (role.plural or named or lexicon.tail("bodies_roles", role.stem))
    return False


def _opening(words: Words, labels: Labels, lexicon: Lexicon) -> list[Name]:
    """Names that open a sentence and are explained by a role right behind a comma, unlabelled ones too."""
    items, found = words.items, []
    for index, word in enumerate(items):
        if word.mark or (index and items[index - 1].sentence == word.sentence):
            continue
        name = next(iter(_introducing(words, labels, lexicon, range(index, len(items)))), None)
        if name and any(items[i].upos == "PROPN" for i in range(name.start, name.end)):
            behind = range(name.end + 1, min(len(items), name.end + 4))
            if any(lexicon.role(items[i].low) and not items[i].mark for i in behind):
                found.append(name)
    return found


def _run(words: Words, labels: Labels, lexicon: Lexicon, found: range, kinds: tuple[str, ...]) -> int:
    """End of a run of name-like words that a proper name opens; later ones may look like nouns."""
    end = found.start
    while end < found.stop and labels.at(end) in kinds:
        word = words.items[end]
        if not (
            _proper(word, lexicon) or (end > found.start and nameable(word, lexicon) and word.upos != "ADP")
        ):
            break
        end += 1
    return end


def _introduced(words: Words, lexicon: Lexicon, found: range, index: int) -> bool:
    """Whether a role and a comma stand before a word of a source, so that a person's name must follow."""
    if index == found.start or words.items[index - 1].text not in (",", "–", "—"):
        return False
    return any(lexicon.role(words.items[i].low) for i in range(found.start, index))


def _proper(word: Word, lexicon: Lexicon) -> bool:
    return nameable(word, lexicon) and word.upos in ("PROPN", "X", "")


def _repeated(
    words: Words, labels: Labels, lexicon: Lexicon, names: Sequence[Name], covered: set[int]
) -> list[Name]:
    """Later mentions of the last words of names already found."""
    known = {words.items[name.end - 1].low for name in names}
    firsts = {words.items[name.start].low for name in names if name.end - name.start > 1}
    found = []
    for index, word in enumerate(words.items):
        if index in covered or not word.capital or word.mark:
            continue
        if labels.at(index) == "organisation" and labels.at(index + 1) == "organisation":
            continue
        base = base_form(word.low, known, lexicon)
        if base in known or (word.low in firsts and word.upos == "PROPN" and nameable(word, lexicon)):
            found.append(Name(index, index + 1))
    return found


def base_form(word: str, known: Iterable[str], lexicon: Lexicon) -> str:
    """A name's word without a genitive ending, when the article has the bare form too."""
    if word in known:
        return word
    for mark in sorted(lexicon.words("genitive_marks"), key=len, reverse=True):
        if word.endswith(mark) and word[: -len(mark)] in known:
            return word[: -len(mark)]
    return word
