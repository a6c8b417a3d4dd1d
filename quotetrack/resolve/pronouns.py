"""Which person a pronoun means: by gender the text shows, distance, subjecthood and who spoke last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from quotetrack.cast import Cast, Figure
from quotetrack.cast.names import Name
from quotetrack.lexicon import FEMALE, MALE
from quotetrack.types import Person

REACH = 3  # sentences back in which a pronoun looks for its person
FRONTED, FRONTED_REACH = 12.0, 14  # what speaks for a subject behind a pronoun, and how many words behind
KNOWN_GENDER, SPOKE_LAST = 3, 5  # what speaks for a pronoun's person, beside distance: 3 a sentence


def count_pronouns(cast: Cast, quoted: frozenset[int]) -> None:
    """Let pronouns with one possible person show that person's gender."""
    lexicon = cast.lexicon
    of_men = lexicon.words("pronouns_male") | lexicon.words("possessives_male")
    of_women = lexicon.words("pronouns_female") - lexicon.words("pronouns_plural")
    for index, word in enumerate(cast.words.items):
        male, female = word.low in of_men, word.low in of_women
        if not (male or female) or index in quoted:
            continue
        near = _around(cast, index, quoted)
        if len(near) == 1:
            near[0].male += male
            near[0].female += female


def _around(cast: Cast, index: int, quoted: frozenset[int]) -> list[Figure]:
    """The people named in front of a word in its sentence and the one before."""
    found: dict[int, Figure] = {}
    sentence = cast.words.items[index].sentence
    for i in range(index - 1, -1, -1):
        if cast.words.items[i].sentence < sentence - 1:
            break
        if i not in quoted and (figure := cast.at.get(i)):
            found[figure.number] = figure
    return list(found.values())


def subjects(cast: Cast, start: int) -> set[str]:
    """The relations of a name's words and of the role that introduces it, without subtypes."""
    name = cast.name_at(start)
    first = min(
        (
            i.start
            for i in cast.introductions[cast.at[start].number]
            if i.start <= start < i.end and i.rule in ("title", "apposition")
        ),
        default=name.start,
    )
    return {cast.words.items[i].deprel.partition(":")[0] for i in range(first, name.end)}


def governed(cast: Cast, start: int) -> bool:
    """Whether a preposition stands right before a name or its title."""
    index = start - 1
    determiners = cast.lexicon.words("determiners") - cast.lexicon.words("contracted")
    while index >= 0 and (
        cast.words.items[index].low in cast.lexicon.titles | determiners or cast.roles.at(index)
    ):
        index -= 1
    return index >= 0 and cast.words.items[index].upos == "ADP"


def told(cast: Cast, quoted: frozenset[int]) -> tuple[int, ...]:
    """For each word, how many sentences were told up to it: those that only quote do not count.

    A sentence whose first verb is in the reported mood ("Das Geld reiche …") goes on with what was said.
    """
    telling = {w.sentence for i, w in enumerate(cast.words.items) if i not in quoted and not w.mark}
    first: dict[int, str] = {}
    for index, word in enumerate(cast.words.items):
        if word.sentence not in first and cast.reader.finite(index):
            first[word.sentence] = word.low
    reported = cast.lexicon.pack.mood.get("forms", ())
    telling -= {sentence for sentence, verb in first.items() if verb in reported}
    counts, told, last = [], 0, None
    for word in cast.words.items:
        if word.sentence != last:
            last = word.sentence
            told += word.sentence in telling
        counts.append(told)
    return tuple(counts)


@dataclass(slots=True)
class Pronouns:
    """Follows the singular pronouns of one article to the people they mean.

    quoted: words that are said, not told; told: as `told` counts; voices: who spoke so far, and where.
    """

    cast: Cast
    quoted: frozenset[int]
    voices: Sequence[tuple[int, Person]]
    told: Sequence[int] = ()
    unnamed: Sequence[int] = ()  # heads of roles that nobody in the article is named to have
    known: dict[int, Figure | None] = field(default_factory=dict)  # pronouns that have been followed

    def __post_init__(self) -> None:
        count_pronouns(self.cast, self.quoted)
        self.told = told(self.cast, self.quoted)
        self.unnamed = _unnamed(self.cast)

    def meaning(self, index: int, gender: str) -> Figure | None:
        """The likeliest person for the pronoun at a word: near, a subject, speaking, of fitting gender."""
        for earlier in range(index):
            if earlier in self.known or self.told[index] - self.told[earlier] > REACH:
                continue
            if earlier not in self.quoted and (other := self._told_of(earlier)):
                self.known[earlier] = self._likeliest(earlier, other, speaking=False)
        self.known[index] = self._likeliest(index, gender)
        return self.known[index]

    def plural(self, index: int) -> bool:
        """Whether an ambiguous pronoun ("sie") stands with a plural verb."""
        word, reader = self.cast.words.items[index], self.cast.reader
        if word.low not in self.cast.lexicon.words("pronouns_plural"):
            return False
        for near in (index + 1, index - 1, index + 2, index - 2):
            verb = reader.word(near)
            if verb and verb.upos in ("VERB", "AUX") and "Number" in verb.feats:
                return verb.feats["Number"] == "Plur"
        return word.feats.get("Number") == "Plur"

    def _told_of(self, index: int) -> str:
        """The gender of a singular pronoun that is its sentence's subject, else ""."""
        word, lexicon = self.cast.words.items[index], self.cast.lexicon
        if not word.deprel.startswith("nsubj") or self.plural(index):
            return ""
        if word.low in lexicon.words("pronouns_male"):
            return MALE
        return FEMALE if word.low in lexicon.words("pronouns_female") else ""

    def _likeliest(self, index: int, gender: str, speaking: bool = True) -> Figure | None:
        scores: dict[int, float] = {}
        for figure in self.cast.figures:
            if figure.gender in ("", gender):
                marks = [self._named(index, name) for name in figure.names]
                score = max((mark for mark in marks if mark is not None), default=None)
                if score is not None:
                    scores[figure.number] = score + KNOWN_GENDER * (figure.gender == gender)
        for head, figure in self.cast.descriptions.items():
            if self._reachable(index, head) and figure.gender in ("", gender):
                score = self._placed(index, head) - 1 + KNOWN_GENDER * (figure.gender == gender)
                scores[figure.number] = max(scores.get(figure.number, 0.0), score)
        for earlier, meant in self.known.items():
            if meant and earlier < index and meant.gender in ("", gender) and self._reachable(index, earlier):
                score = self._placed(index, earlier) - 1 + KNOWN_GENDER * (meant.gender == gender)
                scores[meant.number] = max(scores.get(meant.number, 0.0), score)
        if self.voices and speaking:
            self._add_voice(index, gender, scores)
        if not scores:
            return None
        best = max(scores, key=lambda number: scores[number])
        if self._outdone(index, gender, scores[best]):
            return None
        return self.cast.figures[best]

    def _reachable(self, index: int, other: int) -> bool:
        return other < index and self.told[index] - self.told[other] <= REACH and other not in self.quoted

    def _placed(self, index: int, other: int) -> float:
        """What place and function of a word say for its being what the pronoun at `index` takes up."""
        items = self.cast.words.items
        near = 10.0 - 3 * (self.told[index] - self.told[other])
        subject = 3 * items[other].deprel.startswith("nsubj")
        return near + subject + (items[other].paragraph == items[index].paragraph)

    def _named(self, index: int, name: Name) -> float | None:
        """The same for a name; None where it cannot be."""
        if name.start > index:
            return self._fronted(index, name)
        if not self._reachable(index, name.start) or self._beside(index, name):
            return None
        items = self.cast.words.items
        score = self._placed(index, name.start) - 3 * items[name.start].deprel.startswith("nsubj")
        if "nsubj" in subjects(self.cast, name.start):
            score += 3
        elif governed(self.cast, name.start):
            score -= 3
        owned = name.end < len(items) and items[name.end].low in self.cast.lexicon.words("possessive_marks")
        return score - 2 * owned

    def _beside(self, index: int, name: Name) -> bool:
        """Whether a name is another part of the clause whose subject the pronoun is ("Mit Weber flog er")."""
        items, reader = self.cast.words.items, self.cast.reader
        if items[name.start].sentence != items[index].sentence or not reader.finite(index - 1):
            return False
        if "nsubj" in subjects(self.cast, name.start):
            return False
        between = range(name.end, index - 1)
        return not any(reader.finite(i) or (items[i].mark and items[i].text not in "()") for i in between)

    def _fronted(self, index: int, name: Name) -> float | None:
        """What speaks for a subject behind a pronoun that opens its sentence ("In her speech, Lund said")."""
        cast, items = self.cast, self.cast.words.items
        here = items[index].sentence
        if items[name.start].sentence != here or "nsubj" not in subjects(cast, name.start):
            return None
        first = index
        while first > 0 and items[first - 1].sentence == here:
            first -= 1
        opens = items[first].upos in ("ADP", "SCONJ") and not any(i in cast.at for i in range(first, index))
        bound = items[index].deprel.partition(":")[0] != "nsubj"
        return FRONTED if opens and bound and name.start - index <= FRONTED_REACH else None

    def _add_voice(self, index: int, gender: str, scores: dict[int, float]) -> None:
        start, person = self.voices[-1]
        spoken = self.cast.named(person.name) if person.kind == "person" else None
        back = self.told[index] - self.told[start]
        if spoken and start < index and back <= REACH + 2 and spoken.gender in ("", gender):
            fresh = max(0, SPOKE_LAST - 2 * max(0, back - 1))
            scores[spoken.number] = scores.get(spoken.number, 8.0 - 2 * back) + fresh

    def _outdone(self, index: int, gender: str, score: float) -> bool:
        """Whether somebody without a name is likelier: "Der Arzt Webers … Er"."""
        roles, last = self.cast.roles, self.voices[-1][0] if self.voices else -1
        for head in self.unnamed:
            role = roles.at(head)
            if head <= last or role is None or role.gender not in ("", gender):
                continue
            if not self._reachable(index, head):
                continue
            if self._placed(index, head) + KNOWN_GENDER * (role.gender == gender) > score:
                return True
        return False


def _unnamed(cast: Cast) -> tuple[int, ...]:
    """Heads of singular roles that are subjects and nobody's who is named: "ein Richter", "Webers Arzt".

    A definite role ("the governor") is left out: it means somebody whom the article names as a rule.
    """
    lexicon, reader = cast.lexicon, cast.reader
    taken = {i for intros in cast.introductions for intro in intros for i in range(intro.start, intro.end)}
    found = []
    for head, word in enumerate(cast.words.items):
        role = cast.roles.at(head) if word.deprel.startswith("nsubj") and head not in taken else None
        if role is None or head in cast.descriptions or lexicon.tail("vague_roles", role.stem):
            continue
        phrase = cast.roles.phrase(head)
        if phrase is None or phrase.plural:
            continue
        before, after = reader.word(phrase.start - 1), reader.word(phrase.end)
        indefinite = before is not None and before.low in lexicon.words("singular_determiners")
        of_somebody = head + 1 in cast.intros.inflected
        copula = after is not None and after.low in lexicon.words("copulas")
        if (of_somebody or (indefinite and head + 1 not in cast.at)) and not copula:
            found.append(head)
    return tuple(found)
