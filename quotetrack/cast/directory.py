"""The organisations of one article: which forms name the same, what "the company" means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from quotetrack.cast.nominative import nominative
from quotetrack.cast.organisations import QUOTES, Body, Reader, printed
from quotetrack.cast.people import fold
from quotetrack.lexicon import Lexicon

NEAR = 80  # words within which a spokesman without a body speaks for the one named last
KINDRED = 7  # first letters that two compounds for one body share
KEYS = 20_000  # names and words whose keys and stems are remembered
STEM_ENDINGS = ("es", "en", "er", "em", "ns", "e", "s", "n")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One mention of an organisation: words [start, end), its name, the nouns that say what it is.

    proper: whether it carries a name rather than only "the company"; media: a newspaper, an agency …;
    plain: whether the name itself does not say what it names; sentence: its number; subject: of its verb.
    """

    start: int
    end: int
    name: str
    nouns: tuple[str, ...]
    proper: bool
    media: bool = False
    plain: bool = False
    sentence: int = 0
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """The organisations of one article, by the forms that name them.

    phrases: every organisation phrase in reading order; aliases: key of a short form -> full form;
    kept: forms that stand as they are (party words); businesses: stems of the nouns that any business
    may be called by ("das Unternehmen" for a "Reederei"); nominatives: inflected name -> its nominative;
    party_nouns: what any party word may be called by.
    """

    phrases: tuple[Phrase, ...]
    aliases: dict[str, str]
    kept: frozenset[str] = frozenset()
    businesses: tuple[str, ...] = ()
    nominatives: Mapping[str, str] = field(default_factory=dict)
    party_nouns: frozenset[str] = frozenset()

    def full(self, name: str) -> str:
        """The fullest form the article has of an organisation's name, in the nominative."""
        form = self._fullest(name)
        return self.nominatives.get(form, form)

    def _fullest(self, name: str) -> str:
        if name in self.kept:
            return name
        form = self.aliases.get(_key(name), name)
        key = _key(form)
        if not key or not form[:1].isupper():
            return form
        alone = " " not in key
        fuller = [
            phrase.name
            for phrase in self.phrases
            if _key(phrase.name).startswith(f"{key} ")
            and phrase.name[0].isupper()
            and not (alone and fold(phrase.name.split()[0]) != fold(form) and phrase.plain)
        ]
        return min(fuller, key=len) if fuller else form

    def extends(self, name: str) -> bool:
        """Whether a longer name of a body, not of a medium, begins with this word ("Oversight")."""
        key = f"{_key(name)} "
        return any(
            _key(p.name).startswith(key) and p.name[0].isupper() and p.nouns and not p.media
            for p in self.phrases
        )

    def knows(self, name: str) -> bool:
        """Whether the article has an organisation of this name elsewhere."""
        key = _key(name)
        return key in self.aliases or any(key == _key(phrase.name) for phrase in self.phrases)

    def nearest(self, index: int, plain: bool = False) -> str | None:
        """The organisation named last before word `index`, by its fullest name; None when none was.

        Media are passed over: they report. Far ones are none. plain: the article's only name that does
        not say what it names.
        """
        if plain:
            only = {self.full(p.name) for p in self.phrases if p.plain and p.proper and not p.media}
            return next(iter(only)) if len(only) == 1 else None
        near = [p for p in self.phrases if index - NEAR <= p.start < index and not p.media]
        last = near[-1].sentence if near else -1
        near.sort(key=lambda p: (p.sentence, p.subject and p.sentence == last, p.start))
        for phrase in reversed(near):
            if phrase.proper:
                return self.full(phrase.name)
            if phrase.nouns and len(phrase.name.split()) == 1:
                return self.antecedent(phrase.name.casefold(), phrase.start)
        return None

    def only(self, index: int, first: int, last: int) -> Phrase | None:
        """The one organisation named before word `index` in sentences `first` to `last`, if just one is."""
        near = [p for p in self.phrases if p.start < index and first <= p.sentence <= last]
        near = [p for p in near if p.name.split()[0][:1].isalpha()]
        return near[-1] if near and len({self.full(p.name) for p in near}) == 1 else None

    def antecedent(self, noun: str, before: int) -> str | None:
        """The organisation that "the ministry" or "der Konzern" at word `before` means.

        The nearest fuller phrase in front that ends in or is called by that noun (lower case), else
        the nearest after it; None when the article has none.
        """
        wanted = stem_of(fold(noun))
        if noun in self.party_nouns and (party := self._party(before)):
            return party
        kinds = self.businesses if wanted in self.businesses else (wanted,)
        fitting = [
            phrase
            for phrase in self.phrases
            if any(n.endswith(kind) for n in phrase.nouns for kind in kinds)
            and (len(phrase.nouns) > 1 or len(phrase.name) > len(noun) + 2 or phrase.name.casefold() != noun)
            and stem_of(fold(phrase.name)) != wanted
        ]
        earlier = [phrase for phrase in fitting if phrase.start < before]
        if earlier:
            return self.full(earlier[-1].name)
        if fitting:
            return self.full(fitting[0].name)
        return self._kindred(fold(noun), before)

    def _party(self, before: int) -> str | None:
        """The party that "the party" at word `before` means: the subject or only one of those last named."""
        parties = [p for p in self.phrases if p.start < before and (p.name in self.kept or self._is_party(p))]
        last = [p for p in parties if p.sentence == parties[-1].sentence]
        named = {self.full(p.name) for p in last if p.subject} or {self.full(p.name) for p in last}
        return next(iter(named)) if len(named) == 1 else None

    def _is_party(self, phrase: Phrase) -> bool:
        nouns = {stem_of(fold(noun)) for noun in self.party_nouns}
        return phrase.proper and any(n != noun and n.endswith(noun) for n in phrase.nouns for noun in nouns)

    def _kindred(self, noun: str, before: int) -> str | None:
        """For a long compound ("Abfallfirma"), the earlier name that begins alike ("Abfall-Gesellschaft")."""
        if len(noun) < 2 * KINDRED:
            return None
        for phrase in reversed(self.phrases):
            begins = any(fold(word).startswith(noun[:KINDRED]) for word in phrase.name.split())
            if phrase.start < before and begins and fold(phrase.name) != noun and phrase.nouns:
                return self.full(phrase.name)
        return None


def list_organisations(reader: Reader) -> Directory:
    """Read every organisation of an article, and which acronym stands for which."""
    phrases: list[Phrase] = []
    aliases: dict[str, str] = {}
    nominatives: dict[str, str] = {}
    subjects: dict[str, str] = {}
    index, items = 0, reader.words.items
    while index < len(items):
        word = items[index]
        body = None
        owned = index in reader.people and not reader.lexicon.nouns_capital
        if reader.nominal(index) and not word.mark and (owned or index not in reader.people):
            body = reader.body_at(index)
        if body is None or any(i in reader.people for i in range(body.start + owned, body.end)):
            index += 1
            continue
        end = body.end
        while end > body.start + 1 and end < len(items) and _of_role(reader, end):
            end -= 1  # "White House | Press Secretary"
        body = Body(body.start, end, min(body.head, end - 1), body.proper)
        name = printed(reader.words, body)
        if name not in reader.lexicon.words("parties") and (plain_form := nominative(reader, body)) != name:
            nominatives.setdefault(name, plain_form)
        if reader.words.items[body.head].feats.get("Case") == "Nom":
            subjects.setdefault(_key(name), name)
        nouns = {stem_of(fold(items[i].text)) for i in (body.head, index) if reader.is_head(i)}
        nouns |= {
            stem_of(fold(items[i].text))
            for i in range(min(index, body.start), body.end)
            if reader.is_head(i) and i <= body.head
        }
        media = any(
            reader.lexicon.tail("media", items[i].low) for i in range(min(index, body.start), body.end)
        )
        proper = body.proper and _has_name(reader, body)
        plain = not any(reader.is_head(i) for i in range(body.start, body.end))
        subject = any(items[i].deprel.startswith("nsubj") for i in range(body.start, body.end))
        phrases.append(
            Phrase(
                body.start,
                body.end,
                name,
                tuple(sorted(nouns)),
                proper,
                media,
                plain,
                items[body.start].sentence,
                subject,
            )
        )
        if reader.is_head(body.start) and body.end == body.start + 2 and not reader.is_place(body.end - 1):
            aliases.setdefault(
                _key(items[body.end - 1].text), name
            )  # "Reederei Ankerlund", later "Ankerlund"
        short = _bracketed(reader, body.end)
        if short and len(short) < len(name):
            aliases.setdefault(_key(short), _spelt_out(short, name, reader.lexicon))
        index = max(body.end, index + 1)
    for phrase in phrases:
        if len(phrase.name.split()) > 1 and (initials := _initials(phrase.name, reader.lexicon)):
            aliases.setdefault(initials, phrase.name)
    for phrase in phrases if reader.lexicon.nouns_capital else ():
        nominatives.setdefault(phrase.name, subjects.get(_key(phrase.name), phrase.name))
    keys = {_key(phrase.name): phrase.name for phrase in phrases}
    for pair in reader.lexicon.words("acronyms"):
        short, _, long = pair.partition("=")
        if _key(long) in keys:
            aliases.setdefault(_key(short), keys[_key(long)])
    businesses = sorted({stem_of(fold(n.lstrip("-"))) for n in reader.lexicon.words("businesses")})
    words = reader.lexicon.words
    return Directory(
        tuple(phrases), aliases, words("parties"), tuple(businesses), nominatives, words("party_nouns")
    )


def _of_role(reader: Reader, end: int) -> bool:
    """Whether the word before `end` modifies a role that stands at `end`."""
    items, lexicon = reader.words.items, reader.lexicon
    last, following = items[end - 1], items[end]
    role = lexicon.role(following.low) or following.low in lexicon.words("role_modifiers")
    return bool(role) and last.capital and last.low in lexicon.words("role_modifiers")


def _has_name(reader: Reader, body: Body) -> bool:
    """Whether an organisation's phrase has more than common nouns in it."""
    return any(
        reader.labels.at(i) == "organisation"
        or reader.is_party(i)
        or reader.words.items[i].acronym
        or reader.words.items[i].upos in ("PROPN", "X")
        for i in range(body.start, body.end)
    )


@lru_cache(maxsize=KEYS)
def _key(name: str) -> str:
    return " ".join(stem_of(fold(part)) for part in name.replace(".", "").split())


@lru_cache(maxsize=KEYS)
def stem_of(word: str) -> str:
    """A folded word without the endings that inflection gives it."""
    if len(word) <= 4:
        return word
    endings = ("es", "en", "er", "em", "ns", "e", "n") if word.endswith("ss") else STEM_ENDINGS
    return next((word[: -len(e)] for e in endings if word.endswith(e)), word)


def _bracketed(reader: Reader, index: int) -> str:
    """The short form that brackets right after an organisation give, "" when they give none."""
    items = reader.words.items
    while index < len(items) and items[index].text in QUOTES:
        index += 1
    if index + 2 >= len(items) or items[index].text != "(":
        return ""
    close = next((i for i in range(index + 1, min(len(items), index + 8)) if items[i].text == ")"), None)
    if close is None:
        return ""
    inside = [items[i] for i in range(index + 1, close) if not items[i].mark]
    while inside and not inside[0].capital:
        inside = inside[1:]
    if not inside or len(inside) > 3 or not all(word.capital or word.acronym for word in inside):
        return ""
    short = " ".join(word.text for word in inside)
    return (
        ""
        if short in reader.lexicon.words("parties") and len(inside) == 1 and not inside[0].acronym
        else short
    )


def _spelt_out(short: str, name: str, lexicon: Lexicon) -> str:
    """The last part of a name that an acronym abbreviates: "Aufsichtsrat der Agentur für Arbeit (AA)"."""
    words = name.split()
    if _initials(name, lexicon) != fold(short):
        for start in range(1, len(words)):
            if words[start][0].isupper() and _initials(rest := " ".join(words[start:]), lexicon) == fold(
                short
            ):
                return rest
    return name


def _initials(name: str, lexicon: Lexicon) -> str:
    parts = [p for word in name.split() for p in word.split("-") if p]
    letters = "".join(p[0] for p in parts if p[0].isupper() and fold(p) not in lexicon.words("particles"))
    return fold(letters) if len(letters) > 1 else ""
