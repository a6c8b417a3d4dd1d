"""Reading the phrases of organisations in an article."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.cast.nouns import Nouns
from quotetrack.cast.words import Words

MAX_MODIFIERS = 4
MAX_BODY_WORDS = 14
QUOTES = "\"'„“”»«‚‘’"


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation's phrase: words [start, end); head: index of its noun; proper: whether it is a name."""

    start: int
    end: int
    head: int
    proper: bool


@dataclass(slots=True)
class Reader(Nouns):
    """Reads organisations off the words of one article."""

    def body_at(self, start: int, stop: int | None = None) -> Body | None:
        """The organisation whose phrase (without determiner) begins at `start`, or None."""
        items = self.words.items
        if start >= len(items):
            return None
        limit = min(len(items), start + MAX_BODY_WORDS)
        while limit > start and items[limit - 1].paragraph != items[start].paragraph:
            limit -= 1
        stop = limit if stop is None else min(stop, limit)
        if quoted := self.quoted(start, stop):
            return quoted
        end = self.run(start, stop)
        for named in self.labels.ends("organisation", start)[:1]:
            end = max(end, min(named, stop))
        if end == start:
            return None
        return self._common(start, end, stop) or self._named(start, end, stop)

    def quoted(self, start: int, stop: int) -> Body | None:
        """A name in quotation marks."""
        items = self.words.items
        if (items[start].text not in QUOTES and items[start].text != "''") or start + 1 >= len(items):
            return None
        if start and items[start - 1].end == items[start].start and not items[start - 1].mark:
            return None  # a closing mark
        if not items[start + 1].capital and items[start + 1].upos in ("ADP", "DET", "PRON", "ADV", "AUX"):
            return None  # words that somebody said
        for end in range(start + 2, min(stop, start + 9)):
            if self.words.items[end].text in QUOTES or self.words.items[end].text == "''":
                return Body(start + 1, end, end - 1, proper=True)
        return None

    def _common(self, start: int, end: int, stop: int) -> Body | None:
        """A phrase with a noun for an organisation, with what follows it as part of the name."""
        if called := self._named_by_class(start, end):
            return called
        heads = [i for i in range(start, end) if self.is_head(i) and i not in self.people]
        if not heads:
            return None
        head = heads[0]
        if not self.lexicon.words("classifiers"):
            while head + 1 in heads or (self.words.items[head].capital and self._head_of_run(head, heads)):
                head = head + 1 if head + 1 in heads else self._head_of_run(head, heads)
        bare = not any(self.words.items[i].capital and self._names(i) for i in range(start, head))
        if bare and self.lexicon.tail("classifiers", self.words.items[head].low):
            name = self.quoted(head + 1, stop) if head + 1 < stop else None
            if name:
                return name
            if head + 1 < stop and self.names_class(head + 1) and not self.in_genitive(head + 1):
                behind = self.run(head + 1, stop)
                if self.words.items[head + 1].upos != "ADJ":
                    return self._named(head + 1, behind, stop) or self._capitals(head + 1, behind)
                end = max(end, behind)  # "Verband Deutscher Brunnenbauer"
                return Body(start, self._complement(end, stop), head, proper=True)
        end = head + 1
        named = bool(self.lexicon.tail("named_bodies", self.words.items[head].low))
        while self.lexicon.nouns_capital and end < stop and self._continues(head, end, named):
            end += 1
        while end < stop and self.words.items[end].low in self.lexicon.words("legal_forms"):
            end += 1
        if not self.lexicon.nouns_capital:
            first = next((i for i in range(start, head) if self.words.items[i].capital), start)
            while first < head and self.words.items[first].low in self.lexicon.words("former"):
                first += 1
            start = first
        return Body(start, self._complement(end, stop), head, proper=self.words.items[head].capital)

    def _names(self, index: int) -> bool:
        """Whether a capitalised word before a noun may be a name: not `US-amerikanische`."""
        return not (
            self.lexicon.nouns_capital
            and self.words.items[index].upos == "ADJ"
            and "-" in self.words.items[index].text
        )

    def _continues(self, head: int, index: int, named: bool) -> bool:
        """Whether a word goes on the name that a noun for an organisation begins.

        named: the noun is one whose names hold any words ("Liste Aufwärts", "Verein Klare Bucht").
        """
        if self.names_body(index) and self.part_of_name(index):
            return True
        word, before = self.words.items[index], self.words.items[index - 1]
        if not named or not word.capital or index in self.people or not self.nominal(index):
            return False
        one = any(s < index < e for s, e, kind in self.labels.ranges if kind != "person")
        adjective = (
            index - 1 > head and (before.upos == "ADJ" or one) and word.upos in ("NOUN", "PROPN")
        )  # "Verein Klare Bucht"; or one name to the name finder
        bent = self.is_place(index) and word.low.endswith("s")  # "Verband Hamburgs"
        alone = index - 1 == head and word.feats.get("Number") != "Plur" and not bent
        return (adjective or alone) and not self.lexicon.role(word.low)

    def _named_by_class(self, start: int, end: int) -> Body | None:
        """The name behind common nouns that say what it names: "the shipping line | Ankerlund"."""
        items = self.words.items
        first = next((i for i in range(start, end) if items[i].capital), end)
        if not start < first < end or items[first - 1].low not in self.lexicon.words("classes"):
            return None
        last = first
        while last < end and items[last].capital and last not in self.people:
            last += 1
        if last == first or self.lexicon.role(items[first].low) or self.is_party(first):
            return None
        return Body(first, last, last - 1, proper=True)

    def possessed(self, start: int, stop: int) -> Body | None:
        """Read somebody's organisation: "Mrs. Clinton's presidential campaign"."""
        index = start
        while index < stop and (index in self.people or self.words.items[index].low in self.lexicon.titles):
            index += 1
        if (
            index == start
            or index >= stop
            or self.words.items[index].low not in self.lexicon.words("possessive_marks")
        ):
            return None
        end = self.run(index + 1, stop)
        head = next((i for i in range(end - 1, index, -1) if self.is_head(i)), None)
        return Body(start, head + 1, head, proper=True) if head is not None else None

    def _head_of_run(self, head: int, heads: list[int]) -> int:
        """A later noun in the same run of capitals ("House Oversight Committee"), 0 when there is none."""
        index = head + 1
        while index < len(self.words.items) and self.words.items[index].capital and self.nominal(index):
            if index in heads:
                return index
            index += 1
        return 0

    def _capitals(self, start: int, end: int) -> Body:
        """The capitalised words from `start` on."""
        last = start
        while last < end and self.words.items[last].capital:
            last += 1
        return Body(start, max(last, start + 1), start, proper=True)

    def _complement(self, end: int, stop: int) -> int:
        """Where the phrase ends that a genitive or "of …" continues."""
        lexicon, items = self.lexicon, self.words.items
        for _ in range(4):
            word = self.word(end)
            if word is None or end >= stop or word.mark:
                break
            if (
                word.capital
                and self.is_place(end)
                and lexicon.words("genitive_marks")
                and word.low.endswith("s")
            ):
                end += 1
                continue
            if word.low in lexicon.words("genitive") and word.feats.get("Case") not in ("Nom", "Acc"):
                inner = end + 1
                if inner < stop and items[inner].low in lexicon.words("definite"):
                    inner += 1
                after = self.run(inner, stop)
                while after > inner and not items[after - 1].capital:
                    after -= 1
                while after < stop and items[after].low in lexicon.words("legal_forms"):
                    after += 1
                if after == inner or any(i in self.people for i in range(inner, after)):
                    break
                joint = self.word(after)
                if (
                    joint
                    and joint.low in lexicon.words("conjunctions")
                    and after + 1 < stop
                    and self.nominal(after + 1)
                ):
                    further = self.run(after + 1, stop)
                    if items[further - 1].capital and not lexicon.words("genitive_marks"):
                        after = further
                end = after
                continue
            agent = items[end - 1].acronym and word.low in lexicon.words("belonging")
            if word.low in lexicon.words("naming_prepositions") and items[end - 1].capital and not agent:
                after = self._joined_run(end + 1, stop)
                if (
                    after > end + 1
                    and items[after - 1].capital
                    and not any(i in self.people for i in range(end, after))
                ):
                    end = after
                    continue
            if word.low in lexicon.words("complement") and word.low not in lexicon.words("genitive"):
                place = end + 1
                if place < stop and self.is_place(place) and word.low in lexicon.words("place_prepositions"):
                    while place < stop and self.is_place(place):
                        place += 1
                    if lexicon.words("genitive_marks"):
                        end = place
                        continue
                run_end = self.run(end + 1, stop)
                if (
                    run_end > end + 1
                    and items[end + 1].capital
                    and items[end - 1].capital
                    and self.labels.at(end + 1) == "organisation"
                    and self.labels.at(end) == "organisation"
                ):
                    end = run_end
                    continue
            break
        return end

    def _joined_run(self, start: int, stop: int) -> int:
        """End of a run of words over a shared second half ("Luft- und Raumfahrt")."""
        items, after = self.words.items, self.run(start, stop)
        if (
            after + 2 < stop
            and items[after].text == "-"
            and items[after + 1].low in self.lexicon.words("conjunctions")
        ):
            return self.run(after + 2, stop)
        return after

    def _named(self, start: int, end: int, stop: int) -> Body | None:
        """A proper name: labelled, a party, an acronym or capitals."""
        items = self.words.items
        first = start
        while first < end and not items[first].capital and self.labels.at(first) != "organisation":
            first += 1
        last = first
        while (
            last < end
            and items[last].capital
            and last not in self.people
            and not self.lexicon.role(items[last].low)
        ):
            last += 1
        for e in self.labels.ends("organisation", first):
            if e <= stop and not self.people.intersection(range(first, e)):
                last = max(last, e)
        while last > first + 1 and self.stray_role(last - 1):
            last -= 1
        while last > first and items[last - 1].low in self.lexicon.words("possessive_marks"):
            last -= 1
        if last <= first:
            return None
        while last < stop and self.words.items[last].low in self.lexicon.words("legal_forms"):
            last += 1
        if all(items[i].low in self.lexicon.words("legal_forms") for i in range(first, last)):
            return None
        known = self.capital_adjective(first, last) or any(
            self.labels.at(i) == "organisation"
            or self.is_party(i)
            or (items[i].acronym and not self.is_place(i))
            or (items[i].capital and items[i].low in self.lexicon.words("media"))
            for i in range(first, last)
        )
        if not known:
            return None
        return Body(first, self._complement(last, stop), last - 1, proper=True)

    def proper_run(self, start: int, stop: int) -> Body | None:
        """Capitalised words that nothing labels, as in "a Platte River Networks engineer"."""
        end = start
        while end < stop and self.words.items[end].capital and self.nominal(end) and end not in self.people:
            end += 1
        if end == start or self.is_place(start):
            return None
        return Body(start, end, end - 1, proper=True)


def printed(words: Words, body: Body) -> str:
    """An organisation's phrase on one line."""
    return " ".join(words.string(body.start, body.end).split())
