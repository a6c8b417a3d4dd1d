"""How an article introduces people: the role and the organisation that stand next to a name.

Patterns of news style, read from words first and from tags where there are any: titles in front
("Außenminister Marco Rubio"), apposition, prepositions ("of the AEI", "von der Staatsanwaltschaft"),
brackets ("(CDU)", "(R-Ohio)"), relative clauses and predicates ("is now the chairman of").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from quotetrack.cast.directory import Directory
from quotetrack.cast.lexicon import Lexicon
from quotetrack.cast.names import Name, titled
from quotetrack.cast.organisations import Reader, printed
from quotetrack.cast.roles import RolePhrase, Roles
from quotetrack.types import Span

REACH = 14  # words between a name and the role that introduces it
BRACKET = 8  # words that brackets after a name may hold


@dataclass(frozen=True, slots=True)
class Introduction:
    """One place that says what somebody is.

    start, end: the words it takes; rule: which pattern found it; phrase: the role, None without one;
    organisation: as written; places: lower-case place words that go with the person.
    """

    start: int
    end: int
    rule: str
    phrase: RolePhrase | None = None
    organisation: str | None = None
    party: bool = False
    places: tuple[str, ...] = ()

    @property
    def role(self) -> str | None:
        return self.phrase.role if self.phrase else None


@dataclass(slots=True)
class Introductions:
    """Reads introductions off one article. inflected: first words of names in the genitive."""

    reader: Reader
    directory: Directory
    roles: Roles
    inflected: frozenset[int]

    @property
    def lexicon(self) -> Lexicon:
        return self.reader.lexicon

    def of(self, name: Name) -> Iterator[Introduction]:
        """Everything next to one mention of a name that says what its bearer is."""
        yield from self._in_front(name)
        yield from self._behind(name)

    def span(self, introduction: Introduction) -> Span:
        """The stretch of text that shows it."""
        return self.reader.words.span(introduction.start, introduction.end)

    def _made(self, phrase: RolePhrase, name: Name, rule: str) -> Introduction:
        if phrase.plural and phrase.role.endswith(tuple(self.lexicon.words("plural_endings"))):
            ending = next(e for e in self.lexicon.words("plural_endings") if phrase.role.endswith(e))
            phrase = replace(phrase, role=phrase.role.removesuffix(ending), plural=False)
        if phrase.reading.head in self.lexicon.words("party_members") and phrase.end == phrase.head + 1:
            party = self.reader.words.items[phrase.head].text
            return Introduction(
                min(phrase.start, name.start), max(phrase.end, name.end), rule, organisation=party, party=True
            )
        start, end = min(phrase.start, name.start), max(phrase.end, name.end)
        return Introduction(start, end, rule, phrase, phrase.organisation, phrase.party, phrase.places)

    # ------------------------------------------------------------------ in front of the name

    def _in_front(self, name: Name) -> Iterator[Introduction]:
        items = self.reader.words.items
        index = name.start - 1
        if index > 0 and items[index].low in self.lexicon.words("possessive_marks"):
            yield from self._possessor(name, index)
            return
        while index >= 0 and (titled(items[index], self.lexicon) and not self.roles.at(index)):
            index -= 1
        comma = index >= 0 and items[index].text in (",", "–", "—") and self._closed(name.end)
        target = index if comma else index + 1
        bracketed = self._bracketed(max(0, index - REACH), index - comma)
        for head in range(index - comma, max(-1, index - REACH), -1):
            if head in bracketed:
                continue
            if self._ends(head, name.start) or (head in self.reader.people and self.roles.at(head) is None):
                if head not in self.reader.people or head == index - comma or not self._owner(head):
                    return
                continue
            if self.roles.at(head) is None:
                continue
            phrase = self.roles.phrase(head, 0, target)
            if phrase and phrase.end == target and (not comma or self._opens(phrase.start)):
                adjacent = head == target - 1 and not comma
                if adjacent and name.start in self.inflected and not self._oblique(head):
                    return
                if adjacent or not phrase.plural or self.lexicon.nouns_capital or self._one_of(phrase.start):
                    yield self._made(phrase, name, "apposition" if comma else "title")
                return
            if phrase and phrase.end < target and not self._filled(phrase.end, target):
                return

    def _bracketed(self, start: int, end: int) -> set[int]:
        """Words of brackets that stand between a role and the name behind it."""
        items = self.reader.words.items
        closes = [i for i in range(start, end + 1) if items[i].text == ")"]
        found: set[int] = set()
        for close in closes:
            opens = next((i for i in range(close, start - 1, -1) if items[i].text == "("), None)
            if opens is not None:
                found.update(range(opens, close + 1))
        return found

    def _possessor(self, name: Name, mark: int) -> Iterator[Introduction]:
        """Read "MSNBC's Chris Matthews"."""
        start = mark
        while start > 0 and self.reader.words.items[start - 1].capital and self.reader.nominal(start - 1):
            start -= 1
        body = self.reader.body_at(start, mark) if start < mark else None
        if body and body.proper and body.end == mark and not self.reader.is_place(mark - 1):
            organisation = printed(self.reader.words, body)
            yield Introduction(body.start, name.end, "possessive", organisation=organisation)

    def _owner(self, index: int) -> bool:
        """Whether the name ending at a word stands in the genitive before a noun."""
        following = self.reader.word(index + 1)
        return following is not None and following.low in self.lexicon.words("possessive_marks")

    def _ends(self, index: int, start: int) -> bool:
        """Whether a word ends the search for a role in front of a name."""
        word = self.reader.words.items[index]
        if word.paragraph != self.reader.words.items[start].paragraph:
            return True
        if word.mark and word.text not in "„“”\"'’‚‘-/":
            return True
        return index in self.reader.people or (self.reader.finite(index) and not self.roles.at(index))

    def _oblique(self, head: int) -> bool:
        """Whether a role itself stands in the genitive, so that its name may too."""
        word, before = self.reader.words.items[head], self.reader.word(head - 1)
        return word.low.endswith("s") or (before is not None and before.low in self.lexicon.words("genitive"))

    def _one_of(self, start: int) -> bool:
        """Whether "one of" stands a few words in front of a plural."""
        words = self.reader.words.items[max(0, start - 6) : start]
        return any(word.low in self.lexicon.words("singular_determiners") for word in words)

    def _filled(self, start: int, end: int) -> bool:
        return all(self.reader.nominal(i) for i in range(start, end))

    def _opens(self, start: int) -> bool:
        """Whether a noun phrase can begin at a word."""
        before = self.reader.word(start - 1)
        return (
            before is None
            or before.mark
            or any(
                before.low in self.lexicon.words(n) for n in ("determiners", "particles", "possessive_marks")
            )
            or before.upos in ("VERB", "AUX", "ADP", "SCONJ", "CCONJ", "ADV", "")
            or before.sentence != self.reader.words.items[start].sentence
        )

    def _closed(self, end: int) -> bool:
        """Whether an apposition that ends in a name ends here."""
        word = self.reader.word(end)
        return (
            word is None
            or word.mark
            or word.upos in ("VERB", "AUX", "ADP", "ADV", "PART", "CCONJ", "SCONJ", "")
            or word.low in self.lexicon.words("complement")
        )

    # ------------------------------------------------------------------ behind the name

    def _behind(self, name: Name) -> Iterator[Introduction]:
        reader, lexicon = self.reader, self.lexicon
        index = name.end
        while bracket := self._bracket(index):
            found, index = bracket
            if found:
                yield replace(found, start=name.start)
        word = reader.word(index)
        if word is None:
            return
        if word.text in (",", "–", "—", "-"):
            yield from self._apposed(name, index + 1)
        elif word.low in lexicon.words("belonging"):
            yield from self._belongs(name, index)
        elif word.upos == "AUX" or word.low in lexicon.words("copulas"):
            yield from self._predicate(name, index + 1)
        elif word.low in lexicon.words("heads_verbs"):
            yield from self._leads(name, index, "predicate")

    def _belongs(self, name: Name, index: int) -> Iterator[Introduction]:
        """Read "of the AEI"; a bare genitive article ("der") belongs to something else."""
        reader, lexicon = self.reader, self.lexicon
        preposition = reader.words.items[index].low
        inner = index + 1
        while (w := reader.word(inner)) and w.low in lexicon.words("determiners"):
            inner += 1
        if reader.is_place(inner):
            place = reader.words.items[inner].low
            yield Introduction(name.start, inner + 1, "place", places=(place,))
            return
        if preposition in lexicon.words("definite") and preposition not in lexicon.words("contracted"):
            return
        body = reader.body_at(inner)
        if body and (body.proper or reader.is_head(body.head)):
            organisation, party = printed(reader.words, body), reader.is_party(body.start)
            yield Introduction(
                name.start, body.end, "preposition", None, self.roles.definite(body) or organisation, party
            )

    def _bracket(self, index: int) -> tuple[Introduction | None, int] | None:
        """Read "(CDU)", "(R-Ohio)", ", R-Ky.," after a name: what they say and where they end."""
        items = self.reader.words.items
        if index + 1 >= len(items):
            return None
        if items[index].text == "(":
            close = next(
                (i for i in range(index + 1, min(len(items), index + BRACKET)) if items[i].text == ")"), None
            )
            return (self._tag(index + 1, close), close + 1) if close else None
        if items[index].text == "," and "-" in items[index + 1].text:
            tag = self._tag(index + 1, index + 2)
            if tag:
                end = index + 2
                while end < len(items) and items[end].text == ".":
                    end += 1
                return tag, end
        return None

    def _tag(self, start: int, end: int) -> Introduction | None:
        """A party, organisation or place that stands alone: in brackets, or before a state ("R-Texas")."""
        if end <= start:
            return None
        words, parties = self.reader.words, self.lexicon.words("parties")
        string = words.string(start, end)
        letter, dash, state = string.partition("-")
        if string in parties:
            return Introduction(start, end, "party", organisation=string, party=True)
        if letter in self.lexicon.words("party_letters") and (not dash or state[:1].isupper()):
            return Introduction(start, end, "party", None, letter, True, (state.casefold(),) if state else ())
        if words.items[start].text in parties:
            return Introduction(start, end, "party", organisation=words.items[start].text, party=True)
        if self.reader.is_place(start):
            return Introduction(start, end, "place", places=(words.items[start].low,))
        if any(i in self.reader.people for i in range(start, end)) or self.roles.at(start):
            return None
        body = self.reader.body_at(start, end)
        if body and body.start == start and body.proper:
            return Introduction(start, end, "bracket", None, printed(words, body), words.items[start].acronym)
        return None

    def _apposed(self, name: Name, index: int) -> Iterator[Introduction]:
        """What stands behind a comma after a name."""
        items, lexicon, reader = self.reader.words.items, self.lexicon, self.reader
        word = reader.word(index)
        if word is None or word.paragraph != items[name.start].paragraph:
            return
        if self.relative(index):
            yield from self._relative(name, index)
            return
        start = index
        while start < len(items) and start < index + 8:
            if items[start].mark and items[start].text not in ("-", "'", "’"):
                break
            owner = reader.word(start + 1)
            if self.roles.at(start) and not (owner and owner.low in lexicon.words("possessive_marks")):
                phrase = self.roles.phrase(start, index)
                while phrase and (further := self._further(phrase)):
                    phrase = further
                if phrase and phrase.end not in reader.people and self._whole(phrase, index):
                    yield self._made(phrase, name, "apposition")
                return
            if reader.finite(start) or (start > index and self.relative(start)):
                return
            if start in reader.people and not (reader.nominal(start + 1) or self._owner(start)):
                return
            start += 1
        party = next((i for i in range(index, start) if reader.is_party(i)), None)
        if party is not None and start < len(items) and items[index].low in lexicon.words("determiners"):
            yield Introduction(name.start, start, "apposition", organisation=items[party].text, party=True)

    def _whole(self, phrase: RolePhrase, index: int) -> bool:
        """Whether an apposition is no new subject: a plural without "one of" names others."""
        return not phrase.plural or self._one_of(phrase.start) or phrase.head == index

    def relative(self, index: int) -> bool:
        """Whether a word opens a relative clause."""
        word, following = self.reader.word(index), self.reader.word(index + 1)
        if word is None or word.low not in self.lexicon.words("pronouns_relative"):
            return False
        if word.low not in self.lexicon.words("definite"):
            return True
        return word.upos == "PRON" or (
            following is not None
            and following.upos in ("ADP", "PRON", "ADV", "AUX", "VERB", "DET")
            and not following.capital
        )

    def _relative(self, name: Name, index: int) -> Iterator[Introduction]:
        follower = self.reader.word(index + 1)
        if follower and (follower.upos == "AUX" or follower.low in self.lexicon.words("copulas")):
            yield from self._predicate(name, index + 2)
        elif follower and follower.low in self.lexicon.words("heads_verbs"):
            yield from self._leads(name, index + 1, "relative clause")
        else:
            yield from self._led(name, index)

    def _led(self, name: Name, index: int) -> Iterator[Introduction]:
        """Read "who …, der das Institut leitet": the verb at the end, its object right before."""
        items = self.reader.words.items
        for verb in range(index + 2, min(len(items), index + REACH)):
            if items[verb].mark:
                return
            if items[verb].low not in self.lexicon.words("heads_verbs"):
                continue
            for start in range(index + 1, verb):
                body = self.reader.body_at(start, verb) if self.reader.nominal(start) else None
                if body and body.end == verb and not self.reader.is_place(body.start):
                    yield Introduction(
                        name.start, verb + 1, "relative clause", None, self.roles.definite(body)
                    )
                    return
            return

    def _further(self, phrase: RolePhrase) -> RolePhrase | None:
        """A role further right in the same noun phrase ("vice president", "staff director")."""
        index = phrase.head + 1
        if self.lexicon.nouns_capital or index < phrase.end or not self.reader.nominal(index):
            return None
        while self.reader.nominal(index) and self.roles.at(index) is None:
            index += 1
        return self.roles.phrase(index, phrase.start) if self.roles.at(index) else None

    def _predicate(self, name: Name, index: int) -> Iterator[Introduction]:
        """Read "is now the chairman of …"."""
        lexicon = self.lexicon
        for start in range(index, min(len(self.reader.words.items), index + 7)):
            here = self.reader.words.items[start]
            if here.mark or (here.upos in ("VERB", "SCONJ", "ADP") and not here.capital):
                return
            if self.roles.at(start):
                phrase = self.roles.phrase(start, index)
                while phrase and (further := self._further(phrase)):
                    phrase = further
                before = self.reader.word(phrase.start - 1) if phrase else None
                if (
                    phrase
                    and before
                    and (before.low in lexicon.words("determiners") or before.upos in ("AUX", "ADV"))
                    and phrase.end not in self.reader.people
                ):
                    yield self._made(phrase, name, "predicate")
                return

    def _leads(self, name: Name, verb: int, rule: str) -> Iterator[Introduction]:
        inner = verb + 1
        while (w := self.reader.word(inner)) and w.low in self.lexicon.words("determiners"):
            inner += 1
        body = self.reader.body_at(inner)
        if body and not self.reader.is_place(body.start):
            yield Introduction(name.start, body.end, rule, None, self.roles.definite(body))
