"""How an article introduces people: the role and the organisation that stand next to a name.

Patterns of news style, read from words first and from tags where there are any: titles in front
("Außenminister Marco Rubio"), apposition, prepositions ("of the AEI", "von der Staatsanwaltschaft"),
brackets ("(CDU)", "(R-Ohio)"), relative clauses and predicates ("is now the chairman of").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from quotetrack.cast.lexicon import Lexicon, Role
from quotetrack.cast.names import Name, titled
from quotetrack.cast.organisations import Body, Directory, Reader, printed
from quotetrack.types import Span

REACH = 14  # words between a name and the role that introduces it


@dataclass(frozen=True, slots=True)
class Introduction:
    """One place that says what somebody is.

    head: index of the role's noun, -1 without one; role: as written, without organisation and name.
    organisation: as written; start, end: the words it takes; rule: which pattern found it.
    """

    start: int
    end: int
    rule: str
    head: int = -1
    role: str | None = None
    organisation: str | None = None
    party: bool = False
    implied: bool = False  # a role that belongs to a body the phrase leaves out ("der Sprecher")


@dataclass(frozen=True, slots=True)
class RolePhrase:
    """A role with what belongs to it: words [start, end), head noun, organisation when it names one."""

    start: int
    end: int
    head: int
    reading: Role
    role: str
    organisation: str | None
    party: bool
    implied: bool
    plural: bool


@dataclass(slots=True)
class Introductions:
    """Reads roles and introductions off one article."""

    reader: Reader
    directory: Directory

    @property
    def lexicon(self) -> Lexicon:
        return self.reader.lexicon

    # ------------------------------------------------------------------ roles

    def role_at(self, index: int) -> Role | None:
        """The role a word names; None also inside an organisation's name and for lower-case look-alikes."""
        word = self.reader.word(index)
        if word is None or word.mark or index in self.reader.people:
            return None
        if self.lexicon.words("genitive_marks") and not word.capital:
            return None
        if word.upos in ("VERB", "AUX", "ADV") and not word.capital:
            return None
        return self.lexicon.role(word.low)

    def phrase_at(self, head: int, floor: int = 0, ceiling: int | None = None) -> RolePhrase | None:
        """Read the role phrase around the role word `head`, not before word `floor`."""
        reading = self.role_at(head)
        if reading is None:
            return None
        items = self.reader.words.items
        ceiling = len(items) if ceiling is None else ceiling
        start = head
        while start > floor and self.reader.nominal(start - 1) and not titled(items[start - 1], self.lexicon):
            if items[start - 1].paragraph != items[head].paragraph:
                break
            start -= 1
        modifiers = start
        organisation, party, role_start = self._before(start, head)
        own, prefix_role = self._compound(head)
        if own is not None:
            organisation, party = own, own in self.lexicon.words("parties")
        elif prefix_role is None and organisation is None:
            pass
        end, inner, inner_party, extra = self._after(head, ceiling, organisation is not None)
        if organisation is None and inner is not None:
            organisation, party = inner, inner_party
        if (
            modifiers == role_start == start
            and organisation is None
            and start > floor
            and items[start - 1].low in self.lexicon.words("possessive_marks")
        ):
            organisation, start = self._possessor(start - 1, floor)
            party = False
        role = self._text(role_start, head, prefix_role)
        if role_start > start and items[start].low in self.lexicon.words("former") and organisation != role:
            role = f"{items[start].text} {role}"
        if extra > head + 1:
            role = f"{role} {self.reader.words.string(head + 1, extra)}"
        implied = organisation is None and bool(self.lexicon.tail("own_heads", reading.stem))
        return RolePhrase(
            start, end, head, reading, role, organisation, party, implied, self._plural(head, reading)
        )

    def _plural(self, head: int, reading: Role) -> bool:
        word = self.reader.words.items[head]
        before = self.reader.word(head - 1)
        if before is not None and before.low in self.lexicon.words("singular_determiners"):
            return False
        return word.feats.get("Number") == "Plur" or (not word.feats and reading.plural)

    def _text(self, start: int, head: int, printed_head: str | None) -> str:
        last = printed_head or self.reader.words.items[head].text
        before = self.reader.words.string(start, head)
        return f"{before} {last}" if before else last

    def _before(self, start: int, head: int) -> tuple[str | None, bool, int]:
        """Organisation in the words before a role, whether a party, and where the role's own words begin."""
        items, reader = self.reader.words.items, self.reader
        if self.lexicon.words("genitive_marks"):  # modifiers agree with the noun: adjectives are the role's
            first = start
            while first < head and first in reader.people:
                first += 1
            return None, False, first
        role_start = head
        while role_start > start and self._modifies(role_start - 1):
            role_start -= 1
        inner = start
        while inner < role_start and not items[inner].capital:
            inner += 1
        while inner < role_start and items[inner].low in self.lexicon.words("former"):
            inner += 1
        if inner == role_start:
            common = next((i for i in range(start, head) if reader.is_head(i) and not items[i].capital), None)
            if common is not None and items[common].low in self.lexicon.words("anaphors"):
                return items[common].text, False, start
            return None, False, start
        if inner in reader.people and not any(reader.is_head(i) for i in range(inner, role_start)):
            return None, False, role_start
        body = reader.body_at(inner, head)
        if body is None or (body.end < role_start and reader.is_place(inner)):
            while inner < role_start and (
                reader.is_place(inner) or items[inner].low in self.lexicon.words("former")
            ):
                inner += 1
            body = reader.body_at(inner, role_start) if inner < role_start else None
        if inner >= role_start:
            return None, False, role_start
        if body is None:
            body = reader.proper_run(inner, role_start)
        if body is None:
            return None, False, role_start
        if body.end == body.start + 1 and not self._bodily(body.start, start):
            return None, False, role_start
        name = printed(reader.words, body)
        party = name in self.lexicon.words("parties") or name.split()[0] in self.lexicon.words("parties")
        return name, party, min(role_start, body.end)

    def _bodily(self, index: int, start: int) -> bool:
        """Whether a single capitalised word before a role is an organisation, not a sentence's first word."""
        word = self.reader.words.items[index]
        before = self.reader.word(index - 1)
        first = before is None or before.sentence != word.sentence or before.mark
        return (
            self.reader.labels.at(index) == "organisation"
            or word.acronym
            or self.reader.is_party(index)
            or self.reader.is_head(index)
            or (
                not first
                and index > start - 1
                and self.reader.labels.at(index) == ""
                and word.upos == "PROPN"
            )
        )

    def _modifies(self, index: int) -> bool:
        word = self.reader.words.items[index]
        if index in self.reader.people or (self.reader.is_head(index) and word.capital):
            return False
        if word.capital:
            return word.low in self.lexicon.words("role_modifiers") or bool(self.lexicon.role(word.low))
        return not self.reader.is_head(index) or word.low in self.lexicon.words("role_modifiers")

    def _compound(self, head: int) -> tuple[str | None, str | None]:
        """Organisation inside a compound ("FDD-Experte", "Bahnsprecher") and the role that is left."""
        items = self.reader.words.items
        word = items[head].text
        if "-" in word:
            prefix, _, tail = word.rpartition("-")
            if not self.lexicon.role(tail.casefold()):
                return None, None
            parts = [p for p in prefix.split("-") if p not in self.lexicon.words("places")]
            if not parts or self.reader.labels.at(head) == "place" or not parts[0][0].isupper():
                return None, None
            outer = head
            while (
                outer > 0
                and items[outer - 1].capital
                and items[outer - 1].sentence == items[head].sentence
                and items[outer - 1].low not in self.lexicon.words("determiners")
                and (
                    items[outer - 1].upos in ("PROPN", "X")
                    or self.reader.labels.at(outer - 1) == "organisation"
                )
            ):
                outer -= 1
            name = self.reader.words.string(outer, head)
            joined = "-".join(parts)
            if name:
                return f"{name} {joined}", tail
            known = (
                self.reader.labels.at(head) == "organisation"
                or joined.isupper()
                or self.lexicon.tail("organisation_heads", joined.casefold())
                or joined in self.lexicon.words("parties")
                or self.directory.knows(joined)
            )
            if not known:
                return None, None
            return joined, tail
        reading = self.lexicon.role(items[head].low)
        if reading and reading.prefix in self.lexicon.words("bodies"):
            return self._body_inside(reading.prefix, head), None
        return None, None

    def _body_inside(self, prefix: str, head: int) -> str:
        nouns = [h.lstrip("-") for h in self.lexicon.words("organisation_heads")]
        fitting = [
            noun for noun in nouns for form in (prefix, prefix.removesuffix("s")) if form.endswith(noun)
        ]
        noun = max(fitting, key=len, default=prefix.removesuffix("s"))
        full = self.directory.antecedent(noun, head)
        if full is None and self.lexicon.tail("anaphors", noun):
            full = self.nearest(head)
        return full or noun.capitalize()

    def nearest(self, index: int) -> str | None:
        """The organisation named last before a word."""
        earlier = [phrase.name for phrase in self.directory.phrases if phrase.start < index and phrase.proper]
        return self.directory.full(earlier[-1]) if earlier else None

    def definite(self, body: Body) -> str:
        """An organisation's name, or for "the company" the one that was named before."""
        name = printed(self.reader.words, body)
        noun = self.reader.words.items[body.head].low
        before = self.reader.word(body.start - 1)
        if body.end == body.start + 1 and before and before.low in self.lexicon.words("definite"):
            found = self.directory.antecedent(noun, body.start)
            if found is None and self.lexicon.tail("anaphors", noun):
                found = self.nearest(body.start)
            return found or name
        return name

    def _after(self, head: int, ceiling: int, has: bool) -> tuple[int, str | None, bool, int]:
        """What follows a role: end of the phrase, an organisation, whether a party, end of the role text."""
        items, lexicon, reader = self.reader.words.items, self.lexicon, self.reader
        end, extra = head + 1, head + 1
        for _ in range(3):
            word = reader.word(end)
            if word is None or end >= ceiling or word.mark or word.paragraph != items[head].paragraph:
                break
            if (
                lexicon.words("genitive_marks")
                and word.capital
                and reader.is_place(end)
                and word.low.endswith("s")
            ):
                end, extra = end + 1, (end + 1 if extra == end else extra)
                continue
            if word.capital and lexicon.words("genitive_marks") and end not in reader.people and not has:
                body = reader.body_at(end, ceiling)
                if body and body.start == end and body.proper:
                    return body.end, printed(reader.words, body), reader.is_party(body.start), extra
                break
            if word.low not in lexicon.words("complement"):
                break
            inner = end + 1
            while inner < ceiling and (w := reader.word(inner)) and w.low in lexicon.words("determiners"):
                inner += 1
            if (
                inner >= ceiling
                or reader.word(inner) is None
                or inner in reader.people
                or self._names_person(inner)
            ):
                break
            body = reader.body_at(inner, ceiling)
            if body and reader.is_place(body.start) and not body.proper:
                body = None
            if body and not self._roles_within(body):
                if has:
                    return body.end, None, False, extra
                return body.end, self.definite(body), reader.is_party(body.start), extra
            if reader.is_place(inner):
                after = inner
                while after < ceiling and reader.is_place(after):
                    after += 1
            else:
                after = reader.run(inner, ceiling)
                joint = reader.word(after)
                if joint and joint.low in lexicon.words("conjunctions") and reader.nominal(after + 1):
                    nxt = reader.word(after + 1)
                    if nxt and not nxt.capital:
                        after = reader.run(after + 1, ceiling)
            if after <= inner or any(i in reader.people for i in range(inner, after)):
                break
            if extra == end:
                extra = after
            end = after
        return end, None, False, extra

    def _names_person(self, index: int) -> bool:
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

    def _roles_within(self, body: Body) -> bool:
        return (
            any(i != body.head and self.role_at(i) for i in range(body.start, body.end)) and not body.proper
        )

    def _possessor(self, mark: int, floor: int) -> tuple[str | None, int]:
        """The organisation before "'s" at `mark`, and where its phrase begins."""
        start = mark
        while start > floor and self.reader.nominal(start - 1):
            start -= 1
        if start == mark or any(i in self.reader.people for i in range(start, mark)):
            return None, mark + 1
        body = self.reader.body_at(start, mark)
        if body is None or body.end != mark:
            return None, mark + 1
        return printed(self.reader.words, body), start

    # ------------------------------------------------------------------ introductions of a name

    def of(self, name: Name) -> Iterator[Introduction]:
        """Everything next to one mention of a name that says what its bearer is."""
        yield from self._in_front(name)
        yield from self._behind(name)

    def _in_front(self, name: Name) -> Iterator[Introduction]:
        items = self.reader.words.items
        index = name.start - 1
        while index >= 0 and (
            (titled(items[index], self.lexicon) and not self.role_at(index))
            or items[index].text in ("„", "“")
        ):
            index -= 1
        stop = max(-1, index - REACH)
        comma = index >= 0 and items[index].text == "," and self._closed(name.end)
        target = index if comma else index + 1
        for head in range(index - (1 if comma else 0), stop, -1):
            if items[head].paragraph != items[name.start].paragraph or items[head].text in ".!?;:()[]":
                return
            if items[head].text == "," and head != index:
                return
            if head in self.reader.people and head != index:
                return
            if items[head].upos in ("VERB", "AUX") and not items[head].capital and not self.role_at(head):
                return
            if self.role_at(head) is None:
                continue
            phrase = self.phrase_at(head, 0, target)
            if phrase and phrase.end == target and (not comma or self._opens(phrase.start)):
                if not phrase.plural or self._one_of(phrase.start):
                    yield self._made(phrase, name, "apposition" if comma else "title")
                return
            if phrase and phrase.end < target and not self._only_filler(phrase.end, target):
                return

    def _one_of(self, start: int) -> bool:
        """Whether "one of" stands a few words in front of a plural."""
        words = self.reader.words.items[max(0, start - 6) : start]
        return any(word.low in self.lexicon.words("singular_determiners") for word in words)

    def _only_filler(self, start: int, end: int) -> bool:
        return all(self.reader.nominal(i) for i in range(start, end))

    def _opens(self, start: int) -> bool:
        before = self.reader.word(start - 1)
        return (
            before is None
            or before.mark
            or before.low in self.lexicon.words("determiners")
            or before.low in self.lexicon.words("particles")
            or before.low in self.lexicon.words("possessive_marks")
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

    def _behind(self, name: Name) -> Iterator[Introduction]:
        items, reader, lexicon = self.reader.words.items, self.reader, self.lexicon
        index = name.end
        if bracket := self._bracket(index):
            found, index = bracket
            if found:
                yield replace(found, start=name.start)
        word = reader.word(index)
        if word is None:
            return
        if word.text in ",–—-" or word.text == "(":
            yield from self._apposed(name, index + 1)
            return
        if word.low in lexicon.words("belonging"):
            inner = index + 1
            while (w := reader.word(inner)) and w.low in lexicon.words("determiners"):
                inner += 1
            body = reader.body_at(inner)
            if body and not reader.is_place(body.start) and self._own(index) and self._holds(body, word.low):
                yield Introduction(
                    name.start,
                    body.end,
                    "preposition",
                    organisation=printed(reader.words, body),
                    party=reader.is_party(body.start),
                )
            return
        if word.upos == "AUX" or word.low in lexicon.words("copulas"):
            yield from self._predicate(name, index + 1)
        elif word.low in lexicon.words("heads_verbs"):
            yield from self._leads(name, index, "predicate")
        del items

    def _own(self, index: int) -> bool:
        word = self.reader.words.items[index]
        return not (word.low in self.lexicon.words("genitive") and word.low in self.lexicon.words("definite"))

    def _holds(self, body: Body, preposition: str) -> bool:
        """Whether a body after a bare preposition is one that people belong to."""
        del preposition
        return body.proper or self.reader.is_head(body.head)

    def _bracket(self, index: int) -> tuple[Introduction | None, int] | None:
        """Read "(CDU)", "(R-Ohio)", ", R-Ky.," after a name: what they say and where they end."""
        items, reader = self.reader.words.items, self.reader
        if index >= len(items):
            return None
        if items[index].text == "(":
            close = next(
                (i for i in range(index + 1, min(len(items), index + 9)) if items[i].text == ")"), None
            )
            if close is None:
                return None
            return self._tag(index + 1, close), close + 1
        if items[index].text == "," and index + 1 < len(items):
            tag = self._tag(index + 1, index + 2)
            if tag and "-" in items[index + 1].text:
                end = index + 2
                while end < len(items) and items[end].text in (".",):
                    end += 1
                return tag, end
        del reader
        return None

    def _tag(self, start: int, end: int) -> Introduction | None:
        """A party or organisation that stands alone: in brackets, or before a state ("R-Texas")."""
        if end <= start:
            return None
        words = self.reader.words
        string = words.string(start, end)
        party, dash, state = string.partition("-")
        if string in self.lexicon.words("parties"):
            return Introduction(start, end, "party", organisation=string, party=True)
        if party in self.lexicon.words("party_letters") and (not dash or state[:1].isupper()):
            return Introduction(start, end, "party", organisation=party, party=True)
        if words.items[start].text in self.lexicon.words("parties"):
            return Introduction(start, end, "party", organisation=words.items[start].text, party=True)
        body = self.reader.body_at(start, end)
        if (
            body
            and body.start == start
            and body.proper
            and not self.reader.is_place(start)
            and not self.role_at(start)
        ) and all(i not in self.reader.people for i in range(start, end)):
            return Introduction(start, end, "bracket", organisation=printed(words, body))
        return None

    def _apposed(self, name: Name, index: int) -> Iterator[Introduction]:
        """What stands behind a comma after a name."""
        items, lexicon, reader = self.reader.words.items, self.lexicon, self.reader
        word = reader.word(index)
        if word is None or word.paragraph != items[name.start].paragraph:
            return
        if word.low in lexicon.words("pronouns_relative"):
            follower = reader.word(index + 1)
            if follower and (follower.upos == "AUX" or follower.low in lexicon.words("copulas")):
                yield from self._predicate(name, index + 2)
                return
            if follower and follower.low in lexicon.words("heads_verbs"):
                yield from self._leads(name, index + 1, "relative clause")
                return
        start = index
        while start < len(items) and start < index + 8:
            here = items[start]
            if here.mark and here.text != "-":
                break
            owner = reader.word(start + 1)
            if self.role_at(start) and not (owner and owner.low in lexicon.words("possessive_marks")):
                phrase = self.phrase_at(start, index)
                while phrase and (further := self._same_run(phrase)):
                    phrase = further
                if phrase and self._unnamed(phrase.end):
                    yield self._made(phrase, name, "apposition")
                return
            if here.low in lexicon.words("pronouns_relative") and start > index:
                return
            if here.upos in ("VERB", "AUX") and not here.capital:
                return
            start += 1
        party = next((i for i in range(index, start) if reader.is_party(i)), None)
        if party is not None:
            yield Introduction(name.start, start, "apposition", organisation=items[party].text, party=True)

    def _same_run(self, phrase: RolePhrase) -> RolePhrase | None:
        """A role further right in the same noun phrase ("vice president", "staff director")."""
        index = phrase.head + 1
        if index < phrase.end or not self.reader.nominal(index) or self.role_at(index) is None:
            return None
        if self.lexicon.words("genitive_marks"):
            return None
        return self.phrase_at(index, phrase.start)

    def _unnamed(self, end: int) -> bool:
        """Whether no other name follows at once, which would take the role."""
        return end not in self.reader.people

    def _predicate(self, name: Name, index: int) -> Iterator[Introduction]:
        """Read "is now the chairman of …"."""
        items, lexicon = self.reader.words.items, self.lexicon
        for start in range(index, min(len(items), index + 7)):
            here = items[start]
            if here.mark or (here.upos in ("VERB", "SCONJ") and not here.capital):
                return
            if self.role_at(start):
                phrase = self.phrase_at(start, index)
                before = self.reader.word(phrase.start - 1) if phrase else None
                if (
                    phrase
                    and before
                    and (
                        before.low in lexicon.words("determiners")
                        or before.low in lexicon.words("former")
                        or before.upos in ("AUX", "ADV")
                    )
                ):
                    yield self._made(phrase, name, "predicate")
                return

    def _leads(self, name: Name, verb: int, rule: str) -> Iterator[Introduction]:
        inner = verb + 1
        while (w := self.reader.word(inner)) and w.low in self.lexicon.words("determiners"):
            inner += 1
        body = self.reader.body_at(inner)
        if body and not self.reader.is_place(body.start):
            yield Introduction(name.start, body.end, rule, organisation=printed(self.reader.words, body))

    def _made(self, phrase: RolePhrase, name: Name, rule: str) -> Introduction:
        return Introduction(
            min(phrase.start, name.start),
            max(phrase.end, name.end),
            rule,
            phrase.head,
            phrase.role,
            phrase.organisation,
            phrase.party,
            phrase.implied,
        )

    def span(self, introduction: Introduction) -> Span:
        return self.reader.words.span(introduction.start, introduction.end)
