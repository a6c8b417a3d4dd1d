"""Who speaks: from the source of each quote to a person or an organisation of the article.

Names, surnames, titles, acronyms, definite descriptions and pronouns are followed inside one article.
What the text leaves open stays open: no speaker is better than a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotetrack.cast import Cast, Figure, Source, read_cast, read_source
from quotetrack.cast.lexicon import FEMALE, MALE
from quotetrack.cast.organisations import stem_of
from quotetrack.cast.sources import name_of
from quotetrack.languages import Pack
from quotetrack.types import Annotation, Person, Quote

REACH = 3  # sentences back in which a pronoun looks for its person


def resolve(annotation: Annotation, quotes: Sequence[Quote], pack: Pack) -> list[Quote]:
    """Fill in the speaker of every quote, in the order given.

    quotes: with spans of `annotation.text`; their `source` spans say where the speaker is named.
    A speaker that the text does not name ("ein Sprecher", "officials") stays None.
    """
    cast = read_cast(annotation, pack, [span for quote in quotes for span in quote.source])
    story = _Story(cast, quotes)
    return [replace(quote, speaker=story.speaker(index)) for index, quote in enumerate(quotes)]


class _Story:
    """The quotes of one article, read in the order of their sources, with who spoke last."""

    def __init__(self, cast: Cast, quotes: Sequence[Quote]) -> None:
        self.cast = cast
        self.quotes = quotes
        self.quoted = _quoted_words(cast, quotes)
        self.speakers: dict[int, Person | None] = {}
        self.voices: list[tuple[int, Person]] = []  # word of the source, who spoke there
        _count_pronouns(cast, self.quoted)
        order = sorted(range(len(quotes)), key=lambda i: _place(quotes[i]))
        for index in order:
            self.speakers[index] = self._resolve(quotes[index])

    def speaker(self, index: int) -> Person | None:
        return self.speakers[index]

    def _resolve(self, quote: Quote) -> Person | None:
        source = read_source(self.cast, quote.source)
        if source is None:
            return None
        speaker = self._read(source)
        if speaker:
            self.voices.append((source.start, speaker))
        return speaker

    def _read(self, source: Source) -> Person | None:
        if source.shape == "person" and source.figure:
            return self._person(source.figure, source.start, "name")
        if source.shape == "organisation" and source.body:
            return self._organisation(source)
        if source.shape == "role" and source.definite and source.phrase and not source.phrase.plural:
            return self._described(source)
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
            rule = "full name" if name.end - name.start == len(figure.tokens) else "short name"
        return Person(figure.name, "person", self.cast.words.span(figure.whole.start, figure.whole.end), rule)

    def _organisation(self, source: Source) -> Person:
        cast, body = self.cast, source.body
        assert body is not None
        name = name_of(cast, body)
        head = cast.words.items[body.head].low
        if body.end == body.start + 1 and not source.indefinite and cast.reader.is_head(body.head):
            name = cast.directory.antecedent(head, body.start) or self._meant(head, body.start) or name
        return Person(name, "organisation", cast.words.span(body.start, body.end), "organisation")

    def _meant(self, head: str, start: int) -> str | None:
        """The organisation that a bare class noun ("der Konzern") means: the one last named."""
        if not self.cast.lexicon.tail("anaphors", head):
            return None
        return self.cast.intros.nearest(start)

    def _described(self, source: Source) -> Person | None:
        """The person whose introductions fit a definite description ("der Minister")."""
        cast, phrase = self.cast, source.phrase
        assert phrase is not None
        asked = set(self._modifiers(phrase.role))
        best: tuple[tuple[int, int], Figure] | None = None
        for figure in cast.figures:
            for intro in cast.introductions[figure.number]:
                if intro.head < 0 or (role := cast.intros.role_at(intro.head)) is None:
                    continue
                same = cast.lexicon.same_role(role.stem, phrase.reading.stem)
                given = set(self._modifiers(intro.role or ""))
                shared = len(asked & given)
                if same and asked and given and not shared:
                    continue
                if phrase.organisation and intro.organisation:
                    shared += cast.directory.full(phrase.organisation) == cast.directory.full(
                        intro.organisation
                    )
                if not (same or shared):
                    continue
                distance = source.start - max(
                    (n.start for n in figure.names if n.start < source.start), default=-10000
                )
                key = (2 * same + shared, -distance)
                if best is None or key > best[0]:
                    best = (key, figure)
        if best and best[0][0] >= 1:
            return self._person(best[1], best[1].whole.start, "description")
        return None

    def _modifiers(self, role: str) -> list[str]:
        """The words that tell one role from another of its kind, without inflection."""
        lexicon = self.cast.lexicon
        return [
            stem_of(word)
            for part in role.casefold().split()
            if len(word := part.strip(".,")) > 3
            and not lexicon.role(part)
            and word not in lexicon.words("former")
            and word not in lexicon.words("role_modifiers")
            and word not in lexicon.words("complement")
        ]

    def _pronoun(self, source: Source) -> Person | None:
        lexicon = self.cast.lexicon
        word = self.cast.words.items[source.start]
        gender = ""
        if source.pronoun in lexicon.words("pronouns_male") or source.pronoun in lexicon.words(
            "possessives_male"
        ):
            gender = MALE
        elif source.pronoun in lexicon.words("pronouns_female") or source.pronoun in lexicon.words(
            "possessives_female"
        ):
            gender = FEMALE
        if not gender or self._plural(source.start):
            return None
        figure = self._nearest(source.start, gender)
        del word
        return self._person(figure, figure.whole.start, "pronoun") if figure else None

    def _plural(self, index: int) -> bool:
        """Whether an ambiguous pronoun ("sie") stands with a plural verb."""
        word = self.cast.words.items[index]
        if word.low not in self.cast.lexicon.words("pronouns_plural"):
            return False
        for near in (index + 1, index - 1, index + 2, index - 2):
            verb = self.cast.reader.word(near)
            if verb and verb.upos in ("VERB", "AUX") and "Number" in verb.feats:
                return verb.feats["Number"] == "Plur"
        return word.feats.get("Number") == "Plur"

    def _nearest(self, index: int, gender: str) -> Figure | None:
        return _candidate(self.cast, index, gender, self.quoted, self.voices)

    def _antecedent(self, source: Source) -> Person | None:
        """The name right before "who"."""
        index = source.start - 1
        cast = self.cast
        while index >= 0 and (cast.words.items[index].mark or cast.words.items[index].upos == "ADP"):
            index -= 1
        figure = cast.at.get(index)
        if figure:
            return self._person(figure, index, "relative")
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
        earlier = [person for start, person in self.voices if start < index]
        return replace(earlier[-1], rule="echo") if earlier else None


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


def _count_pronouns(cast: Cast, quoted: frozenset[int]) -> None:
    """Let pronouns with one possible person show that person's gender."""
    lexicon = cast.lexicon
    for index, word in enumerate(cast.words.items):
        male = word.low in lexicon.words("pronouns_male") or word.low in lexicon.words("possessives_male")
        female = word.low in lexicon.words("pronouns_female") and word.low not in lexicon.words(
            "pronouns_plural"
        )
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


def _candidate(
    cast: Cast, index: int, gender: str, quoted: frozenset[int], voices: Sequence[tuple[int, Person]]
) -> Figure | None:
    """The likeliest person for a pronoun: near, a subject, already speaking, of fitting gender."""
    here = cast.words.items[index]
    scores: dict[int, float] = {}
    for figure in cast.figures:
        if figure.gender and figure.gender != gender:
            continue
        for name in figure.names:
            if name.start >= index:
                break
            word = cast.words.items[name.start]
            back = here.sentence - word.sentence
            if back > REACH or name.start in quoted:
                continue
            score = 10.0 - 3 * back
            if any(cast.words.items[i].deprel.startswith("nsubj") for i in range(name.start, name.end)):
                score += 3
            if name.end < len(cast.words.items) and cast.words.items[name.end].low in cast.lexicon.words(
                "possessive_marks"
            ):
                score -= 2
            if figure.gender == gender:
                score += 2
            if word.paragraph == here.paragraph:
                score += 1
            scores[figure.number] = max(scores.get(figure.number, 0.0), score)
    if voices:
        start, person = voices[-1]
        figure_spoken = cast.named(person.name) if person.kind == "person" else None
        back = here.sentence - cast.words.items[start].sentence
        if figure_spoken and start < index and back <= REACH + 2 and figure_spoken.gender in ("", gender):
            scores[figure_spoken.number] = scores.get(figure_spoken.number, 8.0 - 2 * back) + 4
    if not scores:
        return None
    return cast.figures[max(scores, key=lambda number: scores[number])]
