"""Which person a pronoun means: by gender the text shows, distance, subjecthood and who spoke last."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.cast import Cast, Figure
from quotetrack.types import Person

REACH = 3  # sentences back in which a pronoun looks for its person
KNOWN_GENDER, SPOKE_LAST = 3, 5  # what speaks for a pronoun's person, beside distance: 3 a sentence


def count_pronouns(cast: Cast, quoted: frozenset[int]) -> None:
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
    while index >= 0 and (cast.words.items[index].low in cast.lexicon.titles or cast.roles.at(index)):
        index -= 1
    return index >= 0 and cast.words.items[index].upos == "ADP"


def told(cast: Cast, quoted: frozenset[int]) -> tuple[int, ...]:
    """For each word, how many sentences were told up to it: those that only quote do not count."""
    telling = {w.sentence for i, w in enumerate(cast.words.items) if i not in quoted and not w.mark}
    counts, told, last = [], 0, None
    for word in cast.words.items:
        if word.sentence != last:
            last = word.sentence
            told += word.sentence in telling
        counts.append(told)
    return tuple(counts)


def candidate(
    cast: Cast,
    index: int,
    gender: str,
    quoted: frozenset[int],
    told: Sequence[int],
    voices: Sequence[tuple[int, Person]],
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
            back = told[index] - told[name.start]
            if back > REACH or name.start in quoted:
                continue
            score = 10.0 - 3 * back
            if "nsubj" in subjects(cast, name.start):
                score += 3
            elif governed(cast, name.start):
                score -= 3
            if name.end < len(cast.words.items) and cast.words.items[name.end].low in cast.lexicon.words(
                "possessive_marks"
            ):
                score -= 2
            if figure.gender == gender:
                score += KNOWN_GENDER
            if word.paragraph == here.paragraph:
                score += 1
            scores[figure.number] = max(scores.get(figure.number, 0.0), score)
    for head, figure in cast.descriptions.items():
        word = cast.words.items[head]
        back = told[index] - told[head]
        if head < index and back <= REACH and head not in quoted and figure.gender in ("", gender):
            score = (
                9.0
                - 3 * back
                + 3 * word.deprel.startswith("nsubj")
                + KNOWN_GENDER * (figure.gender == gender)
            )
            scores[figure.number] = max(scores.get(figure.number, 0.0), score)
    if voices:
        start, person = voices[-1]
        figure_spoken = cast.named(person.name) if person.kind == "person" else None
        back = told[index] - told[start]
        if figure_spoken and start < index and back <= REACH + 2 and figure_spoken.gender in ("", gender):
            scores[figure_spoken.number] = scores.get(figure_spoken.number, 8.0 - 2 * back) + max(
                0, SPOKE_LAST - 2 * max(0, back - 1)
            )
    if not scores:
        return None
    return cast.figures[max(scores, key=lambda number: scores[number])]
