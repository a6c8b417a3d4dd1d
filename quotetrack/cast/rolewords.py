"""What single words in and around a role say of it: what belongs to it, whose it is, of what it can be."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.cast.directory import Directory
from quotetrack.cast.names import titled
from quotetrack.cast.organisations import Reader
from quotetrack.lexicon import FEMALE, Lexicon, Role


@dataclass(slots=True)
class RoleWords:
    """Judges the words of one article as parts of roles."""

    reader: Reader
    directory: Directory

    @property
    def lexicon(self) -> Lexicon:
        return self.reader.lexicon

    def at(self, index: int) -> Role | None:
        """The role a word names; None for names, verbs and party words that modify a noun."""
        word = self.reader.word(index)
        if word is None or word.mark or index in self.reader.people:
            return None
        if not word.capital and (self.lexicon.nouns_capital or word.upos in ("VERB", "AUX", "ADV")):
            return None
        role = self.lexicon.role(word.low)
        if (
            role is not None
            and self.reader.is_party(index)
            and self.reader.nominal(index + 1)
            and index + 1 not in self.reader.people
        ):
            return None
        return role

    def extends(self, index: int, head: int) -> bool:
        """Whether the word at `index` can belong to the role at `head` or to its organisation."""
        items, word = self.reader.words.items, self.reader.words.items[index]
        if not self.lexicon.nouns_capital:
            other = self.at(index)
            if other and (other.plural or items[head].text.endswith(".")):
                return False
            loose = (
                word.upos == "NOUN"
                and not word.capital
                and word.low not in self.lexicon.words("role_modifiers")
            )
            return not (loose and items[head].capital and not self.reader.is_head(index))
        return (
            word.upos in ("ADJ", "VERB", "NUM", "")
            or word.low in self.lexicon.words("role_modifiers")
            or self.lexicon.of_place(word.low)
            or not word.capital
            or word.acronym
            or word.low.endswith("s")
            or self.reader.labels.at(index) == "organisation"
            or "-" in items[head].text
        )

    def owned(self, start: int) -> bool:
        """Whether a possessive stands before the phrase ("his spokesman", "Clinton's adviser")."""
        before = self.reader.word(start - 1)
        return before is not None and any(
            before.low in self.lexicon.words(name)
            for name in (
                "possessive_marks",
                "possessives_male",
                "possessives_female",
                "possessives_plural",
                "possessives_of_bodies",
            )
        )

    def participle(self, index: int) -> bool:
        """Whether a participle modifies a role ("managing director")."""
        word = self.reader.words.items[index]
        bound = word.feats.get("VerbForm") in ("Ger", "Part")
        return bound and word.low in self.lexicon.words("role_modifiers")

    def of_some_body(self, start: int) -> bool:
        """Whether the possessive before a phrase may be a body's ("its director", "deren Vorsitzende")."""
        before = self.reader.word(start - 1)
        return before is not None and before.low in self.lexicon.words("possessives_of_bodies")

    def plural(self, head: int, reading: Role) -> bool:
        word = self.reader.words.items[head]
        before = self.reader.word(head - 1)
        if before is not None and before.low in self.lexicon.words("singular_determiners"):
            return False
        if reading.gender == FEMALE and self.lexicon.words("female_endings"):
            return reading.plural
        return word.feats.get("Number") == "Plur" or (not word.feats and reading.plural)

    def before_party(self, index: int) -> bool:
        """Whether a capitalised adjective stands before a party word ("Presumptive Democratic …")."""
        word = self.reader.words.items[index]
        plain = word.upos == "ADJ" and self.reader.labels.at(index) == "" and not self.reader.is_party(index)
        return plain and self.reader.is_party(index + 1)

    def speaks_for(self, head: int, noun: str) -> bool:
        """Whether a common noun in front of a role is whom it speaks for ("a government spokesman")."""
        reading = self.lexicon.role(self.reader.words.items[head].low)
        if noun in self.lexicon.words("anaphors"):
            return True
        return reading is not None and bool(self.lexicon.tail("own_heads", reading.stem))

    def modifies(self, index: int) -> bool:
        """Whether a word in front of a role belongs to the role itself ("Press Secretary")."""
        word = self.reader.words.items[index]
        if index in self.reader.people or self.reader.is_party(index):
            return False
        if word.low in self.lexicon.words("role_modifiers"):
            return True
        before = self.reader.word(index - 1)
        opens = before is None or before.sentence != word.sentence
        if word.capital and not (opens and word.upos == "ADJ" and not self.reader.labels.at(index)):
            return bool(self.lexicon.role(word.low))
        return not self.reader.is_head(index)

    def bodily(self, index: int) -> bool:
        """Whether one capitalised word before a role is an organisation, not a sentence's first word."""
        word, before = self.reader.words.items[index], self.reader.word(index - 1)
        first = before is None or before.sentence != word.sentence or before.mark
        return (
            self.reader.labels.at(index) == "organisation"
            or (word.acronym and not self.reader.is_place(index))
            or self.reader.is_party(index)
            or self.reader.is_head(index)
            or self.directory.extends(word.text)
            or (not first and self.reader.labels.at(index) == "" and word.upos == "PROPN")
        )

    def of_place(self, head: int) -> bool:
        """Whether a role is of a place as a rule ("mayor", "Gouverneur")."""
        reading = self.lexicon.role(self.reader.words.items[head].low)
        return reading is not None and bool(self.lexicon.tail("of_places", reading.stem))

    def of_body(self, head: int, preposition: str) -> bool:
        """Whether what follows a role like "spokesman" must be an organisation."""
        reading = self.lexicon.role(self.reader.words.items[head].low)
        return (
            reading is not None
            and bool(self.lexicon.tail("speaks_for", reading.stem))
            and (
                preposition in self.lexicon.words("genitive")
                or preposition in self.lexicon.words("belonging")
            )
        )

    def leads_to_person(self, index: int) -> bool:
        """Whether a title or role that leads to a person's name stands here."""
        for i in range(index, index + 4):
            if i in self.reader.people:
                return True
            word = self.reader.word(i)
            if word is None or not (
                titled(word, self.lexicon) or self.lexicon.role(word.low) or self.reader.is_place(i)
            ):
                return False
        return False
