"""How an article introduces people: the role and the organisation that stand next to a name.

Patterns of news style, read from words first and from tags where there are any: titles in front
("Außenminister Marco Rubio"), apposition, prepositions ("of the AEI", "von der Staatsanwaltschaft"),
brackets ("(CDU)", "(R-Ohio)"), relative clauses and predicates ("is now the chairman of").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from quotetrack.cast.fronted import REACH, Fronted, Introduction
from quotetrack.cast.names import Name
from quotetrack.cast.organisations import printed
from quotetrack.cast.roles import RolePhrase

BRACKET = 8  # words that brackets after a name may hold


@dataclass(slots=True)
class Introductions(Fronted):
    """Reads introductions off one article."""

    def of(self, name: Name) -> Iterator[Introduction]:
        """Everything next to one mention of a name that says what its bearer is."""
        yield from self.in_front(name)
        yield from self._behind(name)

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
        elif served := self._served(name, index + 1):
            yield served

    def _belongs(self, name: Name, index: int) -> Iterator[Introduction]:
        """Read "of the AEI"; a bare genitive article ("der") belongs to something else."""
        reader, lexicon = self.reader, self.lexicon
        preposition = reader.words.items[index].low
        if preposition in lexicon.words("beside"):
            return
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
                phrase = self._furthest(self.roles.phrase(start, index))
                if phrase and phrase.end not in reader.people and self._whole(phrase, index):
                    past = any(w.low in lexicon.words("past") for w in items[index : phrase.start])
                    yield self._made(phrase, name, "served" if past else "apposition")
                    if past and (present := self._present(phrase.end)):
                        yield self._made(present, name, "apposition")
                return
            if reader.finite(start) or (start > index and self.relative(start)):
                return
            if start in reader.people and not (reader.nominal(start + 1) or self._owner(start)):
                return
            start += 1
        party = next((i for i in range(index, start) if reader.is_party(i)), None)
        if party is not None and start < len(items) and items[index].low in lexicon.words("determiners"):
            yield Introduction(name.start, start, "apposition", organisation=items[party].text, party=True)

    def _present(self, index: int) -> RolePhrase | None:
        """The role that is told to hold now, behind one that is over ("until May a fellow at A and now | an
        adviser to B")."""
        items, lexicon = self.reader.words.items, self.lexicon
        reach = range(index, min(len(items), index + REACH))
        now = next((i for i in reach if items[i].low in lexicon.words("present") or items[i].mark), None)
        if now is None or items[now].mark:
            return None
        for head in range(now + 1, min(len(items), now + BRACKET)):
            if items[head].mark or self.reader.finite(head):
                return None
            if self.roles.at(head) and not self._owner(head):
                return self._furthest(self.roles.phrase(head, now + 1))
        return None

    def _whole(self, phrase: RolePhrase, index: int) -> bool:
        """Whether an apposition is no new subject: a plural without "one of" names others."""
        return not phrase.plural or self.one_of(phrase.start) or phrase.head == index

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
        elif served := self._served(name, index + 2):
            yield served
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

    def _furthest(self, phrase: RolePhrase | None) -> RolePhrase | None:
        """The last role of a noun phrase, given its first."""
        while phrase and (further := self._further(phrase)):
            phrase = further
        return phrase

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
                phrase = self._furthest(self.roles.phrase(start, index))
                before = self.reader.word(phrase.start - 1) if phrase else None
                if (
                    phrase
                    and before
                    and (before.low in lexicon.words("determiners") or before.upos in ("AUX", "ADV"))
                    and phrase.end not in self.reader.people
                ):
                    yield self._made(phrase, name, "predicate")
                return

    def _served(self, name: Name, index: int) -> Introduction | None:
        """Read "served | as the foundation's director": a function behind "as", right after a verb."""
        word, verb = self.reader.word(index), self.reader.word(index - 1)
        if (
            word is None
            or verb is None
            or verb.upos != "VERB"
            or word.low not in self.lexicon.words("capacity")
        ):
            return None
        for head in range(index + 1, min(len(self.reader.words.items), index + 8)):
            if self.reader.words.items[head].mark and self.reader.words.items[head].text not in "'’":
                return None
            if self.roles.at(head) and not self._owner(head):
                phrase = self._furthest(self.roles.phrase(head, index + 1))
                past = verb.feats.get("Tense") == "Past"
                return (
                    self._made(phrase, name, "served" if past else "predicate")
                    if phrase and not phrase.plural
                    else None
                )
        return None

    def _leads(self, name: Name, verb: int, rule: str) -> Iterator[Introduction]:
        inner = verb + 1
        while (w := self.reader.word(inner)) and w.low in self.lexicon.words("determiners"):
            inner += 1
        body = self.reader.body_at(inner)
        if body and not self.reader.is_place(body.start):
            yield Introduction(name.start, body.end, rule, None, self.roles.definite(body))
