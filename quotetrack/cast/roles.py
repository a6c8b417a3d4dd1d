"""Reading a role with what belongs to it: modifiers, a body inside the word, complements."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.cast.complements import (
    MAX_COMPLEMENTS,
    bracket_end,
    joint_run,
    placed,
    precedes,
    surely,
    trailing_end,
)
from quotetrack.cast.compounds import Compounds, Held
from quotetrack.cast.names import titled
from quotetrack.cast.organisations import Body, printed
from quotetrack.cast.rolewords import RoleWords
from quotetrack.lexicon import Role


@dataclass(frozen=True, slots=True)
class RolePhrase:
    """A role with what belongs to it: words [start, end), head noun, organisation when it names one.

    role: as written, without the organisation; implied: it belongs to a body that the phrase leaves
    out ("der Sprecher"); owned: by a body or somebody named before ("its director"); places: the place words
    in it, lower case.
    """

    start: int
    end: int
    head: int
    reading: Role
    role: str
    organisation: str | None = None
    party: bool = False
    minor: bool = False
    implied: bool = False
    plural: bool = False
    owned: bool = False
    places: tuple[str, ...] = ()


@dataclass(slots=True)
class Roles(RoleWords):
    """Reads role phrases off one article."""

    def phrase(self, head: int, floor: int = 0, ceiling: int | None = None) -> RolePhrase | None:
        """Read the role phrase around the role word `head`, between words `floor` and `ceiling`."""
        reading = self.at(head)
        if reading is None:
            return None
        items = self.reader.words.items
        ceiling = len(items) if ceiling is None else ceiling
        start = head
        while (
            start > floor
            and (self.reader.nominal(start - 1) or self.participle(start - 1))
            and not titled(items[start - 1], self.lexicon)
            and items[start - 1].sentence == items[head].sentence
            and items[start - 1].paragraph == items[head].paragraph
            and self.extends(start - 1, head)
        ):
            start -= 1
        held, role_start = self._in_front(start, head)
        inside, tail = Compounds(self.reader, self.directory).read(head)
        if inside and tail:
            held = inside
            role_start = max(role_start, head if len(inside.name.split()) > 1 else role_start)
        end, behind, extra = self._behind(head, ceiling, held is not None)
        held = held or behind or inside
        end = (
            trailing_end(self.reader, end, ceiling)
            if behind or held is None
            else bracket_end(self.reader, end, ceiling)
        )
        owned = self.owned(start)
        if held is None and owned and start > floor:
            held, start = self._owner(start - 1, floor, start)
        while role_start < head and self.lexicon.tail("measures", items[role_start].low):
            role_start += 1
        role = self._text(start, role_start, head, tail, extra)
        if held and held.minor and extra == head + 1:
            extra = end
            role = self._text(start, role_start, head, tail, extra)
        alone = held is None and not owned and not any(self.at(i) for i in range(head + 1, extra))
        implied = alone and bool(self.lexicon.tail("own_heads", reading.stem))
        if implied and any(i in self.reader.people for i in range(start, head)):
            implied = False
        return RolePhrase(
            start,
            end,
            head,
            reading,
            role,
            held.name if held else None,
            bool(held and held.party),
            bool(held and held.minor),
            implied,
            self.plural(head, reading),
            owned and self.of_some_body(start),
            tuple(items[i].low for i in range(start, end) if self.reader.is_place(i)),
        )

    # ------------------------------------------------------------------ parts

    def _text(self, start: int, role_start: int, head: int, tail: str | None, extra: int) -> str:
        """The role as written: modifiers, head without a body's name, complement."""
        items = self.reader.words.items
        parts = []
        if role_start > start and items[start].low in self.lexicon.words("former"):
            parts.append(items[start].text)
        parts += [item.text for item in items[role_start:head]]
        parts.append(tail or items[head].text)
        if extra > head + 1:
            parts.append(" ".join(self.reader.words.string(head + 1, extra).split()))
        return " ".join(parts)

    def _held(self, body: Body, name: str | None = None) -> Held:
        name = name or printed(self.reader.words, body)
        prefix, hyphen, rest = name.partition("-")
        if hyphen and rest and prefix.casefold() in self.lexicon.words("former"):
            name = rest  # "Ex-CIA chief"
        parties = self.lexicon.words("parties")
        minor = bool(self.lexicon.tail("minor_bodies", self.reader.words.items[body.head].low))
        return Held(name, name in parties or name.split()[0] in parties, minor)

    def _in_front(self, start: int, head: int) -> tuple[Held | None, int]:
        """Organisation in the words before a role, and where the role's own words begin."""
        items, reader = self.reader.words.items, self.reader
        if (
            self.lexicon.nouns_capital
        ):  # what stands before the noun agrees with it: adjectives are the role's
            first = start
            while first < head and first in reader.people:
                first += 1
            return None, first
        role_start = head
        if self._possessor(start):
            return self._possessed(start, head)
        while role_start > start and self.modifies(role_start - 1):
            role_start -= 1
        inner = start
        while inner < head and (not items[inner].capital or items[inner].low in self.lexicon.words("former")):
            inner += 1
        if inner >= role_start and inner < head and items[inner].low in self.lexicon.words("role_modifiers"):
            inner = head
        if inner == head:
            common = next((i for i in range(start, head) if reader.is_head(i) and not items[i].capital), None)
            if common is not None and self.speaks_for(head, items[common].low):
                return Held(items[common].text), min(role_start, common)
            return None, role_start
        if inner in reader.people and not any(reader.is_head(i) for i in range(inner, head)):
            return None, role_start
        body = reader.body_at(inner, head)
        if reader.is_party(inner) and inner + 1 < role_start and reader.is_place(inner + 1):
            inner, body = inner + 1, None
        if body is None or (body.end < role_start and reader.is_place(inner)):
            while inner < role_start and reader.is_place(inner):
                inner += 1
            body = reader.body_at(inner, head) if inner < role_start else None
        if inner >= role_start and body is None:
            return None, role_start
        body = body or reader.proper_run(inner, role_start)
        if body and self.before_party(body.start) and body.start + 1 < body.end:
            body = Body(body.start + 1, body.end, body.head, body.proper)
        if body is None or (body.end == body.start + 1 and not self.bodily(body.start)):
            return None, role_start
        end = body.end
        while end > body.start + 1 and end > role_start and items[end - 1].capital:
            end -= 1
        body = Body(body.start, end, min(body.head, end - 1), body.proper)
        return self._held(body), min(
            role_start, max(body.end, role_start)
        ) if body.end <= role_start else role_start

    def _possessor(self, start: int) -> bool:
        """Whether a person's possessive stands before a phrase: "Lund's | top adviser"."""
        before = self.reader.word(start - 1)
        marked = before is not None and before.low in self.lexicon.words("possessive_marks")
        return marked and start - 2 in self.reader.people

    def _possessed(self, start: int, head: int) -> tuple[Held | None, int]:
        """What somebody's role is of: "Lund's | campaign | manager"; all of it is the role where none is."""
        first = start - 1
        while first > 0 and first - 1 in self.reader.people:
            first -= 1
        body = self.reader.possessed(first, head)
        return (self._held(body), body.end) if body and body.end <= head else (None, start)

    def _behind(self, head: int, ceiling: int, has: bool) -> tuple[int, Held | None, int]:
        """What follows a role: end of the phrase, an organisation, end of the role's own text."""
        items, lexicon, reader = self.reader.words.items, self.lexicon, self.reader
        end = extra = head + 1
        for _ in range(MAX_COMPLEMENTS):
            word = reader.word(end)
            if word is None or end >= ceiling or word.mark or word.paragraph != items[head].paragraph:
                break
            if lexicon.nouns_capital and word.capital and reader.is_place(end) and word.low.endswith("s"):
                extra = end + 1 if extra == end else extra
                end += 1
                continue
            if word.capital and lexicon.nouns_capital and end not in reader.people and not has:
                body = reader.body_at(end, ceiling)
                if body and body.start == end and body.proper:
                    return body.end, self._held(body), extra
                break
            if word.low not in lexicon.words("complement") or (
                word.low in lexicon.words("genitive") and word.feats.get("Case") in ("Nom", "Acc")
            ):
                break
            inner = end + 1
            while inner < ceiling and (w := reader.word(inner)) and precedes(reader, w):
                inner += 1
            if inner >= ceiling or reader.word(inner) is None:
                break
            if possessed := reader.possessed(inner, ceiling):
                return possessed.end, None if has else self._held(possessed), extra
            if inner in reader.people or self.leads_to_person(inner):
                break
            body = reader.body_at(inner, ceiling)
            loose = word.low not in lexicon.words("genitive") and word.low not in lexicon.words("belonging")
            if body and loose and lexicon.nouns_capital and not surely(reader, body):
                body = None
            if body and self.of_place(head) and not surely(reader, body):
                body = None
            if body and inner == end + 1 and not any(items[i].capital for i in range(body.start, body.end)):
                body = None  # "candidate for office"
            if body and not (reader.is_place(body.start) and not body.proper):
                return body.end, None if has else self._held(body, self.definite(body)), extra
            after = inner
            while after < ceiling and reader.is_place(after):
                after += 1
            if after == inner:
                after = joint_run(reader, inner, ceiling)
                close = word.low in lexicon.words("genitive") or word.low in lexicon.words("belonging")
                known = after > inner and close and self.directory.knows(reader.words.string(inner, after))
                known = known and not (self.of_place(head) and placed(reader, inner))
                named = known or self.of_body(head, word.low) or (close and self._proper(head, inner, after))
                if after > inner and named and items[after - 1].capital and not has:
                    return after, Held(" ".join(reader.words.string(inner, after).split())), extra
            if after <= inner or any(i in reader.people for i in range(inner, after)):
                break
            bare = inner == end + 1 or word.low in lexicon.words("genitive") or reader.is_place(inner)
            where = reader.is_place(inner) and word.low in lexicon.words("place_prepositions")
            where = where or (not lexicon.nouns_capital and self.of_place(head) and placed(reader, inner))
            if extra == end and not where and (bare or not lexicon.nouns_capital):
                extra = after
            elif extra == end and not where:
                break
            end = after
        return end, None, extra

    def _proper(self, head: int, start: int, end: int) -> bool:
        """Whether a role that is of no place belongs to a name that no list and no label knows ("der
        Gentechnik-Experte von | Greenpeace")."""
        if not self.lexicon.nouns_capital or self.of_place(head) or end > start + MAX_COMPLEMENTS:
            return False
        items = self.reader.words.items
        return all(items[i].upos == "PROPN" and not placed(self.reader, i) for i in range(start, end))

    def _owner(self, mark: int, floor: int, start: int) -> tuple[Held | None, int]:
        """The organisation before "'s" at `mark`, and where the whole phrase begins."""
        if self.reader.words.items[mark].low not in self.lexicon.words("possessive_marks"):
            return None, start
        first = mark
        while first > floor and self.reader.nominal(first - 1):
            first -= 1
        if first == mark or any(i in self.reader.people for i in range(first, mark)):
            return None, start
        body = self.reader.body_at(first, mark)
        if body is None or body.end != mark or self.reader.is_place(body.start):
            return None, start
        return self._held(body), first

    def definite(self, body: Body) -> str:
        """An organisation's name, or for "the company" the one that was named before."""
        name = printed(self.reader.words, body)
        noun = self.reader.words.items[body.head].low
        before = self.reader.word(body.start - 1)
        if body.end == body.start + 1 and before and before.low in self.lexicon.words("definite"):
            found = self.directory.antecedent(noun, body.start)
            if found is None and noun == self.lexicon.tail("anaphors", noun):
                found = self.directory.nearest(body.start, plain=True)
            return found or name
        return name
