"""Which edits of a wording change what was said: negation, number, name, modality, tense.

For a reader's warning, not for clustering: it looks at the words that one wording has where the other has
different ones, and at nothing but words; the words of a language are in `data/words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from quotetrack.plugin.differences import Change
from quotetrack.plugin.wording import words

KINDS = ("negation", "number", "name", "modality", "tense")  # in the order in which a reader is told
#: Words of an edit up to which it is read word by word; a longer one is another sentence.
LONGEST = 4
_WORD = re.compile(r"\w[\w'’.,:-]*\w|\w")


@dataclass(frozen=True, slots=True)
class Wordlist:
    """Words of one language, in small letters, that change what was said.

    modals: word -> the rows of modal verbs and adverbs it stands in; present, past: a verb's form -> its row;
    endings: what makes a past of a present ("ed"); nouns: whether nouns have capitals.
    """

    negations: frozenset[str]
    numbers: frozenset[str]
    modals: Mapping[str, frozenset[int]]
    present: Mapping[str, int]
    past: Mapping[str, int]
    endings: tuple[str, ...]
    nouns: bool


@cache
def wordlist(language: str) -> Wordlist:
    """The words of a language (a tag); none where it has no list."""
    raw = words()["edits"].get(language.split("-", maxsplit=1)[0].lower(), {})
    rows, tenses = raw.get("modals", []), raw.get("tenses", [])
    return Wordlist(
        negations=frozenset(raw.get("negations", ())),
        numbers=frozenset(raw.get("numbers", ())),
        modals={
            word: frozenset(row for row, modals in enumerate(rows) if word in modals)
            for word in {word for modals in rows for word in modals}
        },
        present={word: row for row, (present, _) in enumerate(tenses) for word in present},
        past={word: row for row, (_, past) in enumerate(tenses) for word in past},
        endings=tuple(raw.get("past_endings", ())),
        nouns=bool(raw.get("nouns_have_capitals", False)),
    )


def changed_meaning(
    changes: Sequence[Change], language: str, *, verbatim: bool, names: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The kinds of edit (of KINDS) that lie between two wordings and change what was said.

    changes: from one wording to the other, as `word_differences` gives them. verbatim: both are in quotation
    marks: indirect speech moves tense ("will" becomes "would") without saying anything else. names: words, in
    small letters, that are known to be names; without them, words with a capital inside a sentence are, in
    languages whose nouns have none. What is left out at an end is a shorter quote and no edit.
    """
    known, found = wordlist(language), set()
    edits = list(_edits(changes))
    numbers = [_numbers([word for edit in edits for word in edit.sides[n]], known) for n in (0, 1)]
    if numbers[1] and numbers[0] != numbers[1]:  # one that is left out makes a shorter quote
        found.add("number")
    named = [{word for edit in edits for word in edit.named(n, known, names)} for n in (0, 1)]
    for edit in edits:
        old, new = edit.small
        if max(len(old), len(new)) > LONGEST:
            continue
        if _count(old, known.negations) % 2 != _count(new, known.negations) % 2:
            found.add("negation")
        elif _modality(*edit.modals(known), max(len(old), len(new))):
            found.add("modality")
        gone, come = edit.named(0, known, names) - named[1], edit.named(1, known, names) - named[0]
        if gone and come and not _inside(old, new):
            found.add("name")
        if verbatim and (_earlier(old, new, known) or _earlier(new, old, known)):
            found.add("tense")
    return tuple(kind for kind in KINDS if kind in found)


def capitalised(changes: Iterable[Change]) -> set[str]:
    """Words of an edit that may be names, in small letters."""
    texts = [change.text for change in changes if change.kind != "same"]
    return {word.casefold() for text in texts for word in _words(text) if word[0].isupper()}


@dataclass(frozen=True, slots=True)
class _Edit:
    """The words at one place: those removed, those added. opens: a sentence begins with them."""

    sides: tuple[list[str], list[str]]
    opens: bool

    @property
    def small(self) -> tuple[list[str], list[str]]:
        removed, added = ([word.casefold() for word in side] for side in self.sides)
        return removed, added

    def named(self, side: int, known: Wordlist, names: frozenset[str]) -> set[str]:
        """The names on one side; a sentence's first word has its capital from there."""
        return {
            word
            for at, word in enumerate(self.sides[side])
            if word[0].isupper()
            and (word.casefold() in names or not (known.nouns or (self.opens and at == 0)))
        }

    def modals(self, known: Wordlist) -> tuple[set[int], set[int]]:
        """The rows of modal words on either side; a month of May is none."""
        removed, added = (
            {
                row
                for at, word in enumerate(side)
                if word.islower() or (self.opens and at == 0)
                for row in known.modals.get(word.casefold(), ())
            }
            for side in self.sides
        )
        return removed, added


def _edits(changes: Sequence[Change]) -> Iterable[_Edit]:
    """What was removed and added, place by place; removals at either end are left out."""
    kept = [n for n, change in enumerate(changes) if change.kind == "same" and _words(change.text)]
    at = 0
    while at < len(changes):
        if changes[at].kind == "same":
            at += 1
            continue
        start, sides = at, {"removed": "", "added": ""}
        while at < len(changes) and changes[at].kind != "same":
            sides[changes[at].kind] += " " + changes[at].text
            at += 1
        if _words(sides["added"]) or (kept and kept[0] < start < kept[-1]):
            opens = start == 0 or changes[start - 1].text.rstrip()[-1:] in tuple(".!?:")
            yield _Edit((_words(sides["removed"]), _words(sides["added"])), opens)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("[", "").replace("]", ""))


def _count(small: Sequence[str], negations: frozenset[str]) -> int:
    return sum(word in negations or word.endswith(("n't", "n’t")) for word in small)


def _numbers(edited: Sequence[str], known: Wordlist) -> list[str]:
    return sorted(w for w in edited if any(c.isdigit() for c in w) or w.casefold() in known.numbers)


def _inside(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one side's words are among the other's, or part of them: "Merkel" and "Angela Merkel"."""
    a, b = " ".join(one), " ".join(other)
    return a in b or b in a


def _modality(old: set[int], new: set[int], longest: int) -> bool:
    """Whether other modals stand there, or one came or went alone: "must wait", "wait"."""
    return old.isdisjoint(new) and (bool(old and new) or (bool(old or new) and longest == 1))


def _earlier(now: Sequence[str], then: Sequence[str], known: Wordlist) -> bool:
    """Whether `then` has in the past what `now` has in the present."""
    present = {known.present[word] for word in now if word in known.present}
    if present & {known.past[word] for word in then if word in known.past}:
        return True
    return any(word + ending in then for word in now if len(word) > 2 for ending in known.endings)
