"""Organisations inside compound roles: "FDD-Experte", "Human Rights Watch-Sprecher", "Bahnsprecher"."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.cast.directory import Directory
from quotetrack.cast.organisations import Reader
from quotetrack.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Held:
    """An organisation that a role names: as written, and whether it is a party or a mere committee."""

    name: str
    party: bool = False
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Compounds:
    """Reads compound roles of one article."""

    reader: Reader
    directory: Directory

    @property
    def lexicon(self) -> Lexicon:
        return self.reader.lexicon

    def read(self, head: int) -> tuple[Held | None, str | None]:
        """Organisation inside a compound ("FDD-Experte", "Bahnsprecher") and the role that is left."""
        items = self.reader.words.items
        word = items[head].text
        if "-" in word:
            return self._hyphened(head, word)
        reading = self.lexicon.role(items[head].low)
        if reading and reading.prefix in self.lexicon.words("bodies"):
            return Held(self._noun_inside(reading.prefix, head)), None
        return None, None

    def _hyphened(self, head: int, word: str) -> tuple[Held | None, str | None]:
        items, labels = self.reader.words.items, self.reader.labels
        prefix, _, tail = word.rpartition("-")
        parts = [p for p in prefix.split("-") if p and p not in self.lexicon.words("places")]
        if not parts or not self.lexicon.role(tail.casefold()) or not parts[0][0].isupper():
            return None, None
        joined = "-".join(parts)
        outer = head
        while (
            outer > 0
            and items[outer - 1].capital
            and not items[outer - 1].mark
            and items[outer - 1].sentence == items[head].sentence
            and items[outer - 1].low not in self.lexicon.words("determiners")
            and (items[outer - 1].upos in ("PROPN", "X") or labels.at(outer - 1) == "organisation")
        ):
            outer -= 1
        if outer < head:
            return Held(f"{self.reader.words.string(outer, head)} {joined}"), tail
        known = (
            labels.at(head) == "organisation"
            or (joined.isupper() and labels.at(head) != "place")
            or self.lexicon.tail("organisation_heads", joined.casefold())
            or joined in self.lexicon.words("parties")
            or self.directory.knows(joined)
        )
        return (Held(joined, joined in self.lexicon.words("parties")), tail) if known else (None, None)

    def _noun_inside(self, prefix: str, head: int) -> str:
        """The organisation that a compound's first part means ("Konzern" of "Konzernchef")."""
        nouns = [h[1:] for h in self.lexicon.words("organisation_heads") if h.startswith("-")]
        fitting = [
            noun for noun in nouns for form in (prefix, prefix.removesuffix("s")) if form.endswith(noun)
        ]
        noun = max(fitting, key=len, default=prefix.removesuffix("s"))
        noun = noun.removesuffix("s") if noun.removesuffix("s") in nouns else noun
        full = self.directory.antecedent(noun, head)
        if full is None and self.lexicon.tail("anaphors", noun):
            full = self.directory.nearest(head, plain=True)
        return full or noun.capitalize()
