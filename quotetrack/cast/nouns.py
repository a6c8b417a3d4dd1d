"""What single words of an article are: nouns for bodies, places, parties, parts of a name."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.cast.labels import Labels
from quotetrack.cast.words import Word, Words
from quotetrack.lexicon import Lexicon


@dataclass(slots=True)
class Nouns:
    """Judges the words of one article. people: indices of words in persons' names."""

    words: Words
    labels: Labels
    lexicon: Lexicon
    people: frozenset[int]

    @property
    def _names_only(self) -> frozenset[str]:
        """Nouns that make an organisation's name but are common words otherwise ("Times", "Post")."""
        return self.lexicon.words("names_only")

    def word(self, index: int) -> Word | None:
        return self.words.items[index] if 0 <= index < len(self.words.items) else None

    def is_head(self, index: int) -> bool:
        """Whether a word is a noun for a kind of organisation ("ministry", "Umweltverband")."""
        word = self.word(index)
        if word is None or (
            not word.capital and (self.lexicon.nouns_capital or word.low in self._names_only)
        ):
            return False
        if self.lexicon.tail("no_bodies", word.low):
            return False
        return bool(self.lexicon.tail("organisation_heads", word.low))

    def finite(self, index: int) -> bool:
        """Whether a word is a finite verb as far as the tags know."""
        word = self.word(index)
        return (
            word is not None
            and word.upos in ("VERB", "AUX")
            and not (word.capital and word.upos == "VERB" and self.labels.at(index) != "")
            and word.feats.get("VerbForm", "Fin") == "Fin"
        )

    def is_place(self, index: int) -> bool:
        word = self.word(index)
        return word is not None and (
            self.labels.at(index) == "place" or word.text in self.lexicon.words("places")
        )

    def is_party(self, index: int) -> bool:
        word = self.word(index)
        return word is not None and (
            word.text in self.lexicon.words("parties")
            or (word.capital and word.text.rpartition("-")[2] in self.lexicon.words("parties"))
        )

    def nominal(self, index: int) -> bool:
        """Whether a word can stand inside one noun phrase: adjective, noun or name."""
        word = self.word(index)
        if word is None or word.mark or word.low in self.lexicon.breaks:
            return False
        if self.lexicon.nouns_capital and word.text in self.lexicon.words("openers"):
            return False
        if word.upos in ("VERB", "AUX", "ADP", "DET", "PRON", "CCONJ", "SCONJ", "PART"):
            participle = word.upos == "VERB" and word.feats.get("VerbForm", "Fin") != "Fin"
            return (word.capital and self.labels.at(index) in ("organisation", "person")) or (
                participle and (self.lexicon.nouns_capital or self._attributive(index))
            )
        return word.capital or word.upos in ("ADJ", "NOUN", "PROPN", "NUM", "X") or word.low[0].isdigit()

    def _attributive(self, index: int) -> bool:
        """Whether a participle stands between a determiner and a noun: "the shipping line"."""
        before, behind = self.word(index - 1), self.word(index + 1)
        opened = before is not None and before.low in self.lexicon.words("determiners")
        return opened and behind is not None and behind.upos in ("NOUN", "PROPN")

    def run(self, start: int, stop: int) -> int:
        """End of the noun phrase's words that begin at `start`."""
        end = start
        while end < stop and self.nominal(end):
            end += 1
        return end

    # ------------------------------------------------------------------ within a name

    def in_genitive(self, index: int) -> bool:
        """Whether a place stands in the genitive ("Partei Hongkongs")."""
        word = self.words.items[index]
        return word.low.endswith("s") and word.feats.get("Case") == "Gen" and not word.acronym

    def part_of_name(self, index: int) -> bool:
        """Whether a word behind an organisation's noun goes with it, not with the verb."""
        return self.words.items[index].upos != "NOUN" or self.labels.at(index) == "organisation"

    def names_class(self, index: int) -> bool:
        """Whether a word right behind a noun such as "Zeitung" is the name of what the noun says."""
        word = self.words.items[index]
        labelled = self.labels.at(index) == "organisation" and index not in self.people
        return self.names_body(index) or (labelled and word.upos in ("PROPN", "X", "NOUN"))

    def names_body(self, index: int) -> bool:
        word = self.word(index)
        return (
            word is not None
            and word.capital
            and index not in self.people
            and self.nominal(index)
            and (
                self.labels.at(index) == "organisation"
                or word.upos in ("PROPN", "X")
                or word.acronym
                or (word.upos == "ADJ" and not self.is_place(index))
            )
            and (self.labels.at(index) == "organisation" or not self.lexicon.role(word.low))
        )

    def stray_role(self, index: int) -> bool:
        """Whether a role at the end of a label is none of the name ("Hewlett-Packard CEO")."""
        words, before = self.words.items, self.words.items[index - 1]
        governed = before.low in self.lexicon.words("genitive") or before.low in self.lexicon.words(
            "complement"
        )
        return bool(self.lexicon.role(words[index].low)) and not governed and not self.is_head(index)

    def capital_adjective(self, first: int, last: int) -> bool:
        """Whether an adjective with a capital inside a sentence makes a name ("Roten Kreuzes")."""
        word, before = self.words.items[first], self.word(first - 1)
        return (
            self.lexicon.nouns_capital
            and last > first + 1
            and word.upos == "ADJ"
            and not self.is_place(first)
            and before is not None
            and before.sentence == word.sentence
            and not before.mark
        )
