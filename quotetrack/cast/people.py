"""Grouping the names of an article into people: full names, surnames, given names, initials."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz.distance import Levenshtein

from quotetrack.cast.names import Name
from quotetrack.cast.words import Words
from quotetrack.lexicon import FEMALE, MALE, Lexicon

_NICK_OPENS = frozenset({"„", "“", "”", '"', "«", "»", "‘", "’", "'", "("})
_NICK_CLOSES = frozenset({"“", "”", '"', "«", "»", "‘", "’", "'", ")"})
MISSPELT_FROM = 6  # letters; shorter surnames that differ in a letter are other people
MISSPELT_SHARE = 3  # one wrong letter in so many


@dataclass(slots=True)
class Figure:
    """Somebody in an article: the fullest name, and every place that names them.

    names: in reading order; whole: the mention that gives the fullest name.
    nickname: folded, as the fullest name shows it between marks or brackets ("Robert „Bobby“ Hansen").
    male, female: how many pieces of evidence the text gives for either.
    """

    number: int
    name: str
    tokens: tuple[str, ...]
    whole: Name
    names: list[Name] = field(default_factory=list)
    nickname: str = ""
    male: int = 0
    female: int = 0

    @property
    def gender(self) -> str:
        """What the text shows: "male", "female", or "" where it shows neither or both."""
        if self.male > 2 * self.female:
            return MALE
        return FEMALE if self.female > 2 * self.male else ""


@cache
def fold(word: str) -> str:
    """A word without case and diacritics, for comparison."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'").strip(".")


def group_names(words: Words, names: Sequence[Name], lexicon: Lexicon) -> list[Figure]:
    """Group the person names of a text into people, in order of their first mention."""
    names = _with_nicknames(words, _out_of_headlines(words, names))
    known = {fold(words.items[i].text) for name in names for i in range(name.start, name.end)}
    tokens = {name: _tokens(words, name, known, lexicon) for name in names}
    figures: list[Figure] = []
    forms = set(tokens.values())
    names = [
        Name(name.start + 1, name.end) if _opening(words, name, tuple(forms), tokens[name]) else name
        for name in names
    ]
    tokens = {name: _tokens(words, name, known, lexicon) for name in names}
    for name in sorted(names, key=lambda n: (-len(tokens[n]), n.start)):
        if len(tokens[name]) > 1:
            _seat_full(figures, words, name, tokens[name])
    lasts = {figure.tokens[-1] for figure in figures}
    for name in sorted(
        (n for n in names if len(tokens[n]) == 1), key=lambda n: (tokens[n][0] in lasts, n.start)
    ):
        if len(tokens[name]) == 1:
            _seat_short(figures, words, name, tokens[name][0], lexicon)
    for figure in figures:
        figure.names.sort()
    figures.sort(key=lambda f: f.names[0])
    for number, figure in enumerate(figures):
        figure.number = number
    return figures


def _with_nicknames(words: Words, names: Sequence[Name]) -> list[Name]:
    """Names with the nickname that stands inside of them in one piece: "Robert", "Bobby", "Hansen"."""
    items = words.items
    at = {i: name for name in names for i in range(name.start, name.end)}
    whole: list[Name] = []
    for place in range(1, len(items)):
        if items[place].text not in _NICK_OPENS or not items[place - 1].capital:
            continue
        if items[place - 1].upos != "PROPN" and place - 1 not in at:
            continue
        inner = place
        while inner < len(items) and items[inner].text in _NICK_OPENS:
            inner += 1
        after = inner + 1
        while after < len(items) and items[after].text in _NICK_CLOSES:
            after += 1
        if after == inner + 1 or after >= len(items) or not (items[inner].capital and items[after].capital):
            continue
        if items[after].upos != "PROPN" or items[after].sentence != items[place].sentence:
            continue
        if not {place - 1, inner, after} & at.keys():
            continue
        start = at[place - 1].start if place - 1 in at else place - 1
        whole.append(Name(start, at[after].end if after in at else after + 1))
    apart = [n for n in names if not any(w.start < n.end and n.start < w.end for w in whole)]
    return sorted([*apart, *whole])


def _nickname(words: Words, name: Name) -> range:
    """The places of a nickname in a name, its marks included; empty where there is none."""
    inside = range(name.start + 1, name.end - 1)
    first = next((i for i in inside if words.items[i].text in _NICK_OPENS), name.end)
    last = next((i for i in reversed(inside) if words.items[i].text in _NICK_CLOSES), -1)
    return range(first, last + 1)


def _out_of_headlines(words: Words, names: Sequence[Name]) -> list[Name]:
    """Names without the verbs that a title's capitals join to them ("Ted Cruz Hints Trump")."""
    body = {
        tuple(fold(words.items[i].text) for i in range(n.start, n.end))
        for n in names
        if n.end - n.start > 1 and not words.headline[n.start]
    }
    cleaned = []
    for name in names:
        size = name.end - name.start
        if size > 2 and words.headline[name.start]:
            parts = [
                Name(i, i + n) for n in range(size - 1, 1, -1) for i in range(name.start, name.end - n + 1)
            ]
            fitting = [
                p for p in parts if tuple(fold(words.items[i].text) for i in range(p.start, p.end)) in body
            ]
            cleaned.append(fitting[0] if fitting else name)
        else:
            cleaned.append(name)
    return cleaned


def _tokens(words: Words, name: Name, known: set[str], lexicon: Lexicon) -> tuple[str, ...]:
    nickname = _nickname(words, name)
    folded = [fold(words.items[i].text) for i in range(name.start, name.end) if i not in nickname]
    last = folded[-1]
    for mark in sorted(lexicon.words("genitive_marks"), key=len, reverse=True):
        bare = last[: -len(mark)] if last.endswith(mark) else ""
        if len(bare) > 1 and bare in known:
            folded[-1] = bare
            break
    return tuple(folded)


def _seat_full(figures: list[Figure], words: Words, name: Name, tokens: tuple[str, ...]) -> None:
    fitting = [
        figure
        for figure in figures
        if _same_person(figure.tokens, tokens)
        or (figure.nickname and tokens == (figure.nickname, figure.tokens[-1]))
    ]
    called = "".join(fold(words.items[i].text) for i in _nickname(words, name) if not words.items[i].mark)
    if fitting:
        fitting[0].names.append(name)
        fitting[0].nickname = fitting[0].nickname or called
        return
    figures.append(Figure(0, _display(words, name, tokens), tokens, name, [name], called))


def _opening(words: Words, name: Name, shorter: Sequence[tuple[str, ...]], tokens: tuple[str, ...]) -> bool:
    """Whether a name's first word only opens a sentence in front of a name known without it."""
    first = name.start == 0 or words.items[name.start - 1].sentence != words.items[name.start].sentence
    return first and len(tokens) > 2 and tokens[1:] in shorter


def _same_person(full: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a name of several words can be a form of the fuller name `full`."""
    if full == other:
        return True
    if full[-len(other) :] == other:
        return True
    if full[-1] != other[-1] and not _misspelt(full[-1], other[-1]):
        return False
    rest = list(full[:-1])
    for token in other[:-1]:
        match = next(
            (
                i
                for i, r in enumerate(rest)
                if r == token or (r.startswith(token) and len(token) == 1) or _near(r, token)
            ),
            None,
        )
        if match is None:
            return False
        rest = rest[match + 1 :]
    return True


def _near(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= 4 and Levenshtein.distance(a, b, score_cutoff=1) <= 1


def _misspelt(a: str, b: str) -> bool:
    return (
        min(len(a), len(b)) >= MISSPELT_FROM
        and a[0] == b[0]
        and Levenshtein.distance(a, b) * MISSPELT_SHARE <= min(len(a), len(b))
    )


def _display(words: Words, name: Name, tokens: tuple[str, ...]) -> str:
    string = " ".join(words.string(name.start, name.end).split())
    if nickname := _nickname(words, name):
        parts = words.string(name.start, nickname.start), words.string(nickname.stop, name.end)
        string = " ".join(" ".join(parts).split())
    last = words.items[name.end - 1].text
    surplus = len(fold(last)) - len(tokens[-1])
    return string[: len(string) - surplus] if surplus > 0 else string


def _seat_short(figures: list[Figure], words: Words, name: Name, token: str, lexicon: Lexicon) -> None:
    by_last = [f for f in figures if token in (f.tokens[-1], f.nickname)]
    by_part = [f for f in figures if token in f.tokens[:-1]]
    by_spelling = [f for f in figures if _misspelt(f.tokens[-1], token)]
    for fitting in (by_last, by_part, by_spelling):
        if fitting:
            _likeliest(fitting, words, name, lexicon).names.append(name)
            return
    figures.append(Figure(0, _display(words, name, (token,)), (token,), name, [name]))


def _likeliest(figures: list[Figure], words: Words, name: Name, lexicon: Lexicon) -> Figure:
    """Of several people with one surname, the one a bare surname at this place means."""
    if len(figures) == 1:
        return figures[0]
    title = words.items[name.start - 1].low if name.start else ""
    if title in lexicon.words("titles_female"):
        figures = [f for f in figures if not f.male] or figures
    elif title in lexicon.words("titles_male"):
        figures = [f for f in figures if not f.female] or figures
    full: Counter[str] = Counter()
    for figure in figures:  # who goes by the given name is not who goes by the surname
        earlier = [n for n in figure.names if n.start < name.start]
        full[figure.name] = sum((n.end - n.start > 1) - _is_given(words, n, figure) for n in earlier)
    return max(figures, key=lambda f: (full[f.name], len(f.names), -f.whole.start))


def _is_given(words: Words, name: Name, figure: Figure) -> bool:
    return name.end - name.start == 1 and fold(words.items[name.start].text) == figure.tokens[0]


def read_gender(words: Words, figures: Sequence[Figure], lexicon: Lexicon) -> None:
    """Count what titles and family words right in front of names show; never given names."""
    for figure in figures:
        for name in figure.names:
            word = words.items[name.start - 1] if name.start else None
            if word is None or word.paragraph != words.items[name.start].paragraph:
                continue
            gender = gender_of_word(word.low, lexicon)
            figure.male += gender == MALE
            figure.female += gender == FEMALE


def gender_of_word(word: str, lexicon: Lexicon) -> str:
    """ "male" or "female" where a title, a family word or a gendered role says so, else ""."""
    if word in lexicon.words("titles_male") or word in lexicon.words("kin_male"):
        return MALE
    if word in lexicon.words("titles_female") or word in lexicon.words("kin_female"):
        return FEMALE
    role = lexicon.role(word)
    return role.gender if role and not role.plural else ""
