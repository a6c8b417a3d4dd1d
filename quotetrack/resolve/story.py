"""The quotes of one article, followed in reading order from source to speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from quotetrack.cast import Cast, Figure, Source, read_source
from quotetrack.cast.sources import name_of
from quotetrack.lexicon import FEMALE, MALE
from quotetrack.resolve.pronouns import REACH, Pronouns, subjects
from quotetrack.types import Person, Quote

_AGE = re.compile(r"(\d{1,3})\D")
MAX_AGE = 2  # words from a name to the age beside it
SAME_SENTENCE = 60  # words before a description among which a name makes it doubtful whom it means
LEAD = 2  # paragraphs, counted from 0, in which somebody may speak before being named


class Story:
    """The quotes of one article, read in the order of their sources, with who spoke last."""

    def __init__(self, cast: Cast, quotes: Sequence[Quote]) -> None:
        self.cast = cast
        self.quotes = quotes
        self.quoted = _quoted_words(cast, quotes)
        self.speakers: dict[int, Person | None] = {}
        self.voices: list[tuple[int, Person]] = []  # word of the source, who spoke there
        self.pronouns = Pronouns(cast, self.quoted, self.voices)
        order = sorted(range(len(quotes)), key=lambda i: _place(quotes[i]))
        for index in order:
            self.speakers[index] = self._resolve(quotes[index])
        for index in order:
            self.speakers[index] = self.speakers[index] or self._within(quotes[index])

    def speaker(self, index: int) -> Person | None:
        return self.speakers[index]

    def _resolve(self, quote: Quote) -> Person | None:
        source = read_source(self.cast, quote.source)
        if source is None:
            return self._unsaid(quote)
        speaker = self._read(source)
        if speaker:
            self.voices.append((source.start, speaker))
        return speaker

    def _within(self, quote: Quote) -> Person | None:
        """For "I" inside of a quotation, whoever is quoted; the innermost where several stand around it."""
        cast = self.cast
        words = cast.words.within(quote.source[0]) if quote.source else ()
        if len(words) != 1 or cast.words.items[words[0]].low not in cast.lexicon.words("pronouns_own"):
            return None
        around = [
            (len(span), self.speakers[index])
            for index, other in enumerate(self.quotes)
            for span in other.content
            if other is not quote and span.covers(quote.source[0])
        ]
        speaker = min(around, key=lambda found: found[0])[1] if around else None
        return replace(speaker, rule="own words") if speaker else None

    def _unsaid(self, quote: Quote) -> Person | None:
        """The speaker of a quote whose source is not marked: the subject of its cue's own sentence."""
        if not quote.cue:
            return None
        cast, items = self.cast, self.cast.words.items
        cue = cast.words.within(quote.cue[0])
        content = {i for span in quote.content for i in cast.words.within(span)}
        if len(cue) == 0 or not any(items[i].upos == "VERB" for i in cue) or self._passive(cue):
            return None
        reach = [
            i
            for i in range(max(0, cue.start - 40), cue.start)
            if items[i].sentence == items[cue.start].sentence
        ]
        reach = [i for i in reach if i not in content]
        for i in reversed(reach):
            if i in cast.at and "nsubj" in subjects(cast, i):
                return self._person(cast.at[i], i, "subject")
            if items[i].deprel == "nsubj" and (items[i].upos == "PRON"):
                return self._read(Source("pronoun", i, pronoun=items[i].low))
        after = cue.stop
        while after < len(items) and (
            items[after].low in cast.lexicon.words("determiners") or cast.reader.nominal(after)
        ):
            if after in cast.at and after not in content:
                return self._person(cast.at[after], after, "subject")
            after += 1
        if not reach or any(
            items[i].deprel == "aux:pass" for i in range(reach[0], min(len(items), cue.stop + 12))
        ):
            return None
        opening = read_source(cast, [cast.words.span(reach[0], reach[-1] + 1)])
        if opening and opening.shape == "person" and opening.figure:
            return self._person(opening.figure, opening.start, "subject")
        return None

    def _passive(self, cue: range) -> bool:
        """Whether the verb of a cue is in the passive: nobody's words then."""
        items, lexicon = self.cast.words.items, self.cast.lexicon
        if any(
            items[i].feats.get("Tense") == "Pres" and items[i].feats.get("VerbForm") != "Fin" for i in cue
        ):
            return False
        near = items[max(0, cue.start - 3) : cue.stop + 3]
        if any(word.deprel in ("aux:pass", "nsubj:pass") for word in near):
            return True
        participle = any(items[i].feats.get("VerbForm") == "Part" for i in cue)
        close = items[max(0, cue.start - 2) : cue.stop + 1]
        return participle and any(word.low in lexicon.words("passive") for word in close)

    def _read(self, source: Source) -> Person | None:
        if source.shape == "person" and source.figure:
            return self._person(source.figure, source.start, "name")
        if source.shape == "organisation" and source.body:
            return self._organisation(source)
        if source.shape == "role" and source.phrase and not source.phrase.plural:
            return self._described(source) if source.definite else self._announced(source)
        if source.shape == "pronoun":
            return self._pronoun(source)
        if source.shape == "relative":
            return self._antecedent(source)
        if source.shape == "echo":
            return self._before(source.start)
        return None

    # ------------------------------------------------------------------ the shapes

    def _person(self, figure: Figure, start: int, rule: str) -> Person:
        name = next((n for n in figure.names if n.start <= start < n.end), figure.whole)
        if rule == "name":
            full = name == figure.whole or name.end - name.start == len(figure.tokens)
            rule = "full name" if full and (name == figure.whole or not figure.nickname) else "short name"
        return Person(figure.name, "person", self.cast.words.span(figure.whole.start, figure.whole.end), rule)

    def _organisation(self, source: Source) -> Person:
        cast, body = self.cast, source.body
        assert body is not None
        name = name_of(cast, body)
        head = cast.words.items[body.head].low
        bare = all(
            i == body.head or cast.words.items[i].low in cast.lexicon.words("same")
            for i in range(body.start, body.end)
        )
        if bare and not source.indefinite and cast.reader.is_head(body.head):
            name = cast.directory.antecedent(head, body.start) or self._meant(head, body.start) or name
        return Person(name, "organisation", cast.words.span(body.start, body.end), "organisation")

    def _meant(self, head: str, start: int) -> str | None:
        """The organisation that a bare class noun ("der Konzern") means: the one last named."""
        if self.cast.lexicon.tail("anaphors", head) != head:
            return None
        return self.cast.directory.nearest(start, plain=True)

    def _described(self, source: Source) -> Person | None:
        """The person a definite description ("der Minister") means, or who spoke last if it is vague."""
        phrase = source.phrase
        assert phrase is not None
        figure = self.cast.descriptions.get(phrase.head) or self.cast.meant(phrase)
        if figure:
            return self._person(figure, figure.whole.start, "description")
        if self.cast.lexicon.tail("vague_roles", phrase.reading.stem):
            gender = phrase.reading.gender
            return self._last_voice(source.start, gender) or self._only_person(source.start, gender)
        return None

    def _announced(self, source: Source) -> Person | None:
        """The person whom a lead announces by function alone ("a former DNC chairman") and names later."""
        phrase, cast = source.phrase, self.cast
        if phrase is None or not phrase.organisation or cast.words.items[source.start].paragraph > LEAD:
            return None
        body = cast.directory.full(phrase.organisation)
        for figure in cast.figures:
            if figure.names[0].start < source.start:
                continue
            for intro in cast.introductions[figure.number]:
                fits = intro.organisation and cast.directory.full(intro.organisation) == body
                if fits and (
                    intro.phrase is None
                    or cast.lexicon.same_role(intro.phrase.reading.stem, phrase.reading.stem)
                ):
                    return self._person(figure, figure.whole.start, "announced")
        return None

    def _last_voice(self, index: int, gender: str) -> Person | None:
        """The person who spoke last, shortly before a word, unless of another gender."""
        earlier = [(start, person) for start, person in self.voices if start < index]
        if not earlier or earlier[-1][1].kind != "person":
            return None
        start, person = earlier[-1]
        told = self._told_of(start, index)
        if self._is_beside(index):
            return None
        if told and told.name != person.name:
            return self._person(told, told.whole.start, "description") if _fits(told, gender) else None
        items, figure = self.cast.words.items, self.cast.named(person.name)
        if items[index].sentence - items[start].sentence > REACH or figure is None:
            return None
        return self._person(figure, figure.whole.start, "description") if _fits(figure, gender) else None

    def _told_of(self, first: int, index: int) -> Figure | None:
        """The first person whom the sentence before a word, told after `first`, has as a subject."""
        cast, items = self.cast, self.cast.words.items
        before = items[index].sentence - 1
        named = (i for i in range(first + 1, index) if i in cast.at and items[i].sentence == before)
        told = next((i for i in named if i not in self.quoted and "nsubj" in subjects(cast, i)), None)
        return None if told is None else cast.at[told]

    def _is_beside(self, index: int) -> bool:
        """Whether the sentence of a description names somebody before it, whom it may mean or not."""
        cast, items = self.cast, self.cast.words.items
        return any(
            i in cast.at and i not in self.quoted
            for i in range(max(0, index - SAME_SENTENCE), index)
            if items[i].sentence == items[index].sentence
        )

    def _only_person(self, index: int, gender: str) -> Person | None:
        """The one person named in the last sentences before a word, unless of another gender."""
        near = {
            figure.number: figure
            for i, figure in self.cast.at.items()
            if i < index
            and i not in self.quoted
            and self.pronouns.told[index] - self.pronouns.told[i] < REACH
        }
        figure = next(iter(near.values())) if len(near) == 1 else None
        if figure is None or not _fits(figure, gender):
            return None
        return self._person(figure, figure.whole.start, "description")

    def _aged(self, index: int) -> Person | None:
        """The one person beside whose name an age stands: "Weber, 54, …" for "the 54-year-old"."""
        items = self.cast.words.items
        age = _AGE.match(items[index].text)
        if age is None:
            return None
        aged = {
            figure.number: figure
            for figure in self.cast.figures
            for name in figure.names
            if any(word.text == age[1] for word in items[name.end : name.end + MAX_AGE])
            or any(
                (before := _AGE.match(word.text)) and before[1] == age[1]
                for word in items[max(0, name.start - MAX_AGE) : name.start]
            )
        }
        if len(aged) != 1:
            return None
        figure = next(iter(aged.values()))
        return self._person(figure, figure.whole.start, "age")

    def _only_body(self, index: int) -> Person | None:
        """The one organisation that the nearest sentence with any names: whom "it" means when it speaks."""
        cast, here = self.cast, self.cast.words.items[index].sentence
        for back in range(LEAD + 1):
            near = [p for p in cast.directory.phrases if p.start < index and p.sentence == here - back]
            if near:
                phrase = cast.directory.only(index, here - back, here)
                if phrase is None or phrase.media:
                    return None
                span = cast.words.span(phrase.start, phrase.end)
                return Person(cast.directory.full(phrase.name), "organisation", span, "pronoun")
        return None

    def _pronoun(self, source: Source) -> Person | None:
        lexicon = self.cast.lexicon
        gender = ""
        if source.pronoun in lexicon.words("pronouns_neuter"):
            return self._only_body(source.start)
        if lexicon.tail("vague", source.pronoun):
            if aged := self._aged(source.start):
                return aged
            return self._last_voice(source.start, "") or self._only_person(source.start, "")
        if source.pronoun in lexicon.words("pronouns_male") or source.pronoun in lexicon.words(
            "possessives_male"
        ):
            gender = MALE
        elif source.pronoun in lexicon.words("pronouns_female") or source.pronoun in lexicon.words(
            "possessives_female"
        ):
            gender = FEMALE
        if not gender or self.pronouns.plural(source.start):
            return None
        figure = self.pronouns.meaning(source.start, gender)
        if figure and not figure.gender:
            figure.male += gender == MALE
            figure.female += gender == FEMALE
        return self._person(figure, figure.whole.start, "pronoun") if figure else None

    def _antecedent(self, source: Source) -> Person | None:
        """The name right before "who"."""
        index = source.start - 1
        cast = self.cast
        while index >= 0 and (cast.words.items[index].mark or cast.words.items[index].upos == "ADP"):
            index -= 1
        figure = cast.at.get(index)
        if figure:
            return self._person(figure, index, "relative")
        personal = cast.words.items[source.start].low in cast.lexicon.words("pronouns_personal_relative")
        for phrase in () if personal else cast.directory.phrases:
            if phrase.end == index + 1 and (phrase.proper or " " in phrase.name):
                name = cast.directory.full(phrase.name)
                return Person(name, "organisation", cast.words.span(phrase.start, phrase.end), "relative")
        floor = max(0, index - 12)
        for i in range(index, floor, -1):
            if cast.words.items[i].sentence != cast.words.items[source.start].sentence:
                break
            if (figure := cast.at.get(i)) and any(
                intro.start <= i and intro.end >= index for intro in cast.introductions[figure.number]
            ):
                return self._person(figure, i, "relative")
        return None

    def _before(self, index: int) -> Person | None:
        """Who spoke last before this word."""
        here = self.cast.words.items[index]
        if here.low not in self.cast.lexicon.words("echoes") and (subject := self._subject(index)):
            return subject
        earlier = [person for start, person in self.voices if start < index]
        return replace(earlier[-1], rule="echo") if earlier else None

    def _subject(self, index: int) -> Person | None:
        """Whom a sentence speaks of in front of its own "nach eigenen Angaben"."""
        cast, items = self.cast, self.cast.words.items
        for i in range(index - 1, -1, -1):
            if items[i].sentence != items[index].sentence:
                break
            if i in cast.at and "nsubj" in subjects(cast, i):
                return self._person(cast.at[i], i, "subject")
        first = next((i for i in range(len(items)) if items[i].sentence == items[index].sentence), index)
        for i in range(first, index):
            if i in cast.at:
                return self._person(cast.at[i], i, "subject")
            phrase = next((p for p in cast.directory.phrases if p.start == i), None)
            prefix = items[i].text.partition("-")[0]
            if phrase is None and prefix != items[i].text and cast.directory.knows(prefix):
                return Person(
                    cast.directory.full(prefix), "organisation", cast.words.span(i, i + 1), "subject"
                )
            if phrase:
                name = cast.directory.full(phrase.name)
                return Person(name, "organisation", cast.words.span(phrase.start, phrase.end), "subject")
        return None


def _fits(figure: Figure, gender: str) -> bool:
    """Whether a person may be of a gender; unknown ones fit."""
    return not gender or not figure.gender or figure.gender == gender


def _place(quote: Quote) -> int:
    return min(span.start for span in (quote.source or quote.cue or quote.content))


def _quoted_words(cast: Cast, quotes: Sequence[Quote]) -> frozenset[int]:
    """Words inside quotation marks: what is said there names others, and "he" is not the narrator's."""
    found: set[int] = set()
    for quote in quotes:
        if quote.type == "direct":
            for span in quote.content:
                found.update(cast.words.within(span))
    return frozenset(found)
