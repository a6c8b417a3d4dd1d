"""What stands in front of a name: titles, appositions, "MSNBC's"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from quotetrack.cast.directory import Directory
from quotetrack.cast.names import Name, titled
from quotetrack.cast.organisations import Reader, printed
from quotetrack.cast.roles import RolePhrase, Roles
from quotetrack.lexicon import Lexicon
from quotetrack.types import Span

REACH = 14  # words between a name and the role that introduces it


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
class Fronted:
    """Reads what stands in front of names in one article. inflected: first words of names in the genitive."""

    reader: Reader
    directory: Directory
    roles: Roles
    inflected: frozenset[int]

    @property
    def lexicon(self) -> Lexicon:
        return self.reader.lexicon

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

    def in_front(self, name: Name) -> Iterator[Introduction]:
        """Everything in front of a name that says what its bearer is."""
        items = self.reader.words.items
        index = name.start - 1
        if index > 0 and items[index].low in self.lexicon.words("possessive_marks"):
            yield from self._possessor(name, index)
            return
        while index >= 0 and (titled(items[index], self.lexicon) and not self.roles.at(index)):
            index -= 1
        comma = index >= 0 and items[index].text in (",", "–", "—") and self._closed(name.end)
        index = self._past_body(index) if comma else index
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
                if adjacent or not phrase.plural or self.lexicon.nouns_capital or self.one_of(phrase.start):
                    yield self._made(phrase, name, "apposition" if comma else "title")
                    if adjacent and (joined := self._joined(phrase, name)):
                        yield self._made(joined, name, "title")
                return
            if phrase and phrase.end < target and not self._filled(phrase.end, target):
                return

    def _past_body(self, comma: int) -> int:
        """Past what a role's body is besides: "Chef der Gewerkschaft Ost | , Erbin der West, | Weber"."""
        items = self.reader.words.items
        for before in range(comma - 2, max(-1, comma - REACH), -1):
            if items[before].text == "," and items[before].sentence == items[comma].sentence:
                start = before + 1
                while items[start].low in self.lexicon.words("determiners"):
                    start += 1
                body = self.reader.body_at(start, comma)
                whole = body and body.end == comma and not any(self.roles.at(i) for i in range(start, comma))
                return before if whole else comma
        return comma

    def _joined(self, phrase: RolePhrase, name: Name) -> RolePhrase | None:
        """The role that "and" puts before the one at a name ("senator | and author Amy Lund")."""
        conjunction, verb = self.reader.word(phrase.start - 1), None
        if conjunction is None or conjunction.low not in self.lexicon.words("conjunctions"):
            return None
        for index in range(name.end, name.end + 4):
            word = self.reader.word(index)
            verb = verb or (word if word and word.upos in ("VERB", "AUX") else None)
        first = self.roles.phrase(phrase.start - 2, 0, phrase.start - 1)
        if first is None or first.plural or first.end != phrase.start - 1:
            return None
        items = self.reader.words.items
        several = items[first.head].capital != items[phrase.head].capital  # "the president and Senator Lund"
        return None if several or (verb and verb.feats.get("Number") == "Plur") else first

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

    def one_of(self, start: int) -> bool:
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
