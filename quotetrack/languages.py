"""Language packs: what quotetrack knows of a language, as data in `data/languages/*.toml`.

A pack is loaded and checked once; nothing else in the package holds words of a language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from quotetrack.paths import data_path

PartlyQuoted = Literal["mixed", "both"]
Continued = Literal["joined", "apart"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the press of a language, and those who annotate it, count quotes.

    partly_quoted: `said the plan was “absurd”` is one mixed quote ("mixed"), or besides it the quoted
    words are a direct quote of their own ("both").
    continued: `“A,” she said. “B.”` is one quote of two spans ("joined") or two quotes ("apart"); a
    sentence that the cue interrupts is one quote in either case.
    clause_commas: whether a comma sets every clause off, as in German.
    verb_second: whether the finite verb comes second, so that a subject may follow it.
    described_sources: whether a relative clause that describes a source counts to it.
    """

    partly_quoted: PartlyQuoted = "mixed"
    continued: Continued = "joined"
    clause_commas: bool = False
    verb_second: bool = False
    described_sources: bool = True


@dataclass(frozen=True, slots=True)
class Pack:
    """One language's data.

    grammar: whether the pack knows enough for trees: cues by lemma, words, speakers. A pack without holds
    marks, conventions and the forms of verbs of saying (`told`) only.
    marks: opening -> closing quotation marks, one code point each.
    cues: class of cue -> lemmas as Stanza writes them, in lower case, perhaps with a particle or
    preposition ("call for"); the files explain each class (say, clause, noun, preposition, …).
    closed: class of word -> its words in lower case (complementizer, relative, time, …).
    forms: inflected form in lower case -> the cue lemma it belongs to, for taggers that miss it.
    told: forms of verbs of saying as they stand in a text, for reading by marks alone.
    hints: part of speech of a cue (NOUN, ADJ, VERB; ADP for all others) -> the first word of a cue -> what
    has to stand beside it to make one ("call" -> "for"; "" for nothing): such a sentence is worth a tree.
    separable: "mitteilen" -> ("mit", "teilen"), for verbs that are written apart.
    mood: endings and forms of the reported mood (Konjunktiv I); empty where a language has none.
    speakers: class of word -> lemmas or forms (titles, pronouns, roles, …).
    examples: sentences with ⟦content⟧ marked, which a test runs through the finder.
    """

    code: str
    name: str
    grammar: bool
    marks: Mapping[str, tuple[str, ...]]
    cues: Mapping[str, frozenset[str]]
    closed: Mapping[str, frozenset[str]]
    forms: Mapping[str, str]
    told: frozenset[str]
    hints: Mapping[str, Mapping[str, frozenset[str]]]
    separable: Mapping[str, tuple[str, str]]
    mood: Mapping[str, frozenset[str]]
    conventions: Conventions
    speakers: Mapping[str, frozenset[str]]
    examples: tuple[str, ...]

    @property
    def pronouns(self) -> frozenset[str]:
        """Personal pronouns of the third person, in lower case."""
        names = ("pronouns", "pronouns_male", "pronouns_female", "pronouns_neuter", "pronouns_plural")
        return frozenset().union(*(self.speakers.get(name, frozenset()) for name in names))

    @property
    def persons(self) -> frozenset[str]:
        """Pronouns of one person, in lower case."""
        return self.speakers.get("pronouns_male", frozenset()) | self.speakers.get(
            "pronouns_female", frozenset()
        )

    def words(self, name: str) -> frozenset[str]:
        """A class of cues or words; empty where the language has no such class."""
        return self.cues.get(name) or self.closed.get(name, frozenset())


def codes(*, grammar: bool = False) -> list[str]:
    """The languages with a pack, in alphabetical order; with `grammar`, those whose trees it can read."""
    found = sorted(path.stem for path in data_path("languages").glob("*.toml"))
    return [code for code in found if load(code).grammar] if grammar else found


@cache
def load(code: str) -> Pack:
    """The pack of a language. Raises LookupError when there is none, ValueError when it is malformed."""
    if code not in codes():
        raise LookupError(f"no language pack for {code!r}: there are {', '.join(codes())}")
    return parse(data_path("languages", f"{code}.toml"))


def clitics(code: str) -> frozenset[str]:
    """A language's endings behind an apostrophe that are words of their own ("" for the apostrophe alone);
    none where there is no pack."""
    if code not in codes():
        return frozenset()
    speakers = load(code).speakers
    marks = {mark[1:] for mark in speakers.get("possessive_marks", ())}
    return speakers.get("clitics", frozenset()) | marks


def titles(code: str) -> frozenset[str]:
    """A language's abbreviations that stand before a name and so end no sentence (`dr.`, `h. c.`), in lower
    case; none where there is no pack."""
    return load(code).speakers.get("title_abbreviation", frozenset()) if code in codes() else frozenset()


def parse(path: Path) -> Pack:
    """Read and check one pack file. Raises ValueError naming the file and what is wrong."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        cues, separable = _without_bars(_word_lists(raw["cues"]))
        forms = _forms(cues, separable, raw.get("inflection", {}))
        told = cues.pop("told", None)
        return Pack(
            code=raw["code"],
            name=raw["name"],
            grammar=raw.get("grammar", True),
            marks=_marks(raw["marks"]["pairs"]),
            cues=cues,
            forms=forms,
            told=told or frozenset(form for form, lemma in forms.items() if lemma in cues.get("say", ())),
            closed=_word_lists(raw.get("words", {})),
            hints=_hints(cues, separable),
            separable=separable,
            mood=_word_lists(raw.get("mood", {})),
            conventions=_conventions(raw.get("conventions", {})),
            speakers=_word_lists(raw.get("speakers", {})),
            examples=tuple(raw["examples"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ValueError(f"{path}: {problem!r}") from problem


def _marks(pairs: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    marks: dict[str, tuple[str, ...]] = {}
    for opening, closing in pairs:
        if len(opening) != 1 or len(closing) != 1:
            raise ValueError(f"marks are single code points: {opening!r} {closing!r}")
        if closing in marks.get(opening, ()):
            raise ValueError(f"marks: repeated {opening!r} {closing!r}")
        marks[opening] = (*marks.get(opening, ()), closing)
    return marks


def _conventions(table: Mapping[str, Any]) -> Conventions:
    allowed: dict[str, tuple[object, ...]] = {
        "partly_quoted": ("mixed", "both"),
        "continued": ("joined", "apart"),
        "clause_commas": (True, False),
        "verb_second": (True, False),
        "described_sources": (True, False),
    }
    for name, value in table.items():
        if value not in allowed.get(name, ()):
            raise ValueError(f"conventions: {name} = {value!r}")
    return Conventions(**table)


def _word_lists(table: Mapping[str, object]) -> dict[str, frozenset[str]]:
    lists = {}
    for name, words in table.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
            raise ValueError(f"{name}: expected a list of words")
        if len(set(words)) != len(words):
            raise ValueError(f"{name}: repeated {sorted({w for w in words if words.count(w) > 1})}")
        lists[name] = frozenset(words)
    return lists


def _without_bars(
    lists: Mapping[str, frozenset[str]],
) -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, str]]]:
    """Read "mit|teilen" as the separable verb "mitteilen"."""
    separable = {}
    for word in {word for words in lists.values() for word in words if "|" in word}:
        particle, verb = word.split(" ")[0].split("|")
        separable[particle + verb] = (particle, verb)
    return {name: frozenset(w.replace("|", "") for w in words) for name, words in lists.items()}, separable


def _forms(
    cues: Mapping[str, frozenset[str]],
    separable: Mapping[str, tuple[str, str]],
    table: Mapping[str, Any],
) -> dict[str, str]:
    """Forms of the cue verbs by the pack's paradigms: inflected form in lower case -> lemma.

    table: `verbs`, the classes of cues that hold verbs; `endings`, [ending of the lemma, endings of its
    forms] in the order they are tried; `irregular`, lemma -> its other forms; `prefixes`, what a
    participle or an infinitive may take in front ("ge", "zu").
    """
    lemmas = {word.split(" ")[0] for name in table.get("verbs", ()) for word in cues.get(name, ())}
    forms: dict[str, str] = {}
    for lemma in sorted(lemmas):
        particle, verb = separable.get(lemma, ("", lemma))
        simple = set(_inflected(verb, table))
        for form in simple:
            forms.setdefault(particle + form, lemma)
            for prefix in table.get("prefixes", ()):
                forms.setdefault(particle + prefix + form, lemma)
            if particle:
                forms.setdefault(form, verb)
    return forms | {lemma: lemma for lemma in lemmas}


_PARTS = dict.fromkeys(("noun", "infinitive_noun", "utterance"), "NOUN")  # classes of cues that are no verbs
_PARTS |= dict.fromkeys(("adjective", "attitude"), "ADJ")
_PARTS |= dict.fromkeys(("preposition", "postposition", "hence"), "ADP")


def _hints(
    cues: Mapping[str, frozenset[str]], separable: Mapping[str, tuple[str, str]]
) -> dict[str, dict[str, frozenset[str]]]:
    """What tells a cue, by part of speech: "call for" by "call" with "for", "mitteilen" by itself or by
    "teilen" with "mit". `cites` ("nach") and `cited` tell one only together, and are not among them."""
    hints: dict[str, dict[str, set[str]]] = {part: {} for part in ("ADP", "ADJ", "NOUN", "VERB")}
    for name in cues.keys() - {"cites", "cited"}:
        found = hints[_PARTS.get(name, "VERB")]
        for word in cues[name]:
            first, _, beside = word.partition(" ")
            found.setdefault(first, set()).add(beside)
            particle, verb = separable.get(first, ("", ""))
            if particle:
                found.setdefault(verb, set()).add(particle)
    return {
        part: {word: frozenset(beside) for word, beside in found.items()} for part, found in hints.items()
    }


def _inflected(verb: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield verb
    yield from table.get("irregular", {}).get(verb, ())
    for ending, others in table.get("endings", ()):
        if verb.endswith(ending):
            stem = verb.removesuffix(ending)
            for other in others:
                yield stem + other
            return
