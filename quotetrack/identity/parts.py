"""Parts of names: from any script to Latin letters, from many spellings to one that can be compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from anyascii import anyascii

from quotetrack.identity.tables import spelling, variants

_NOT_LETTERS = re.compile(r"[^a-z]+")
_REPEATED = re.compile(r"(.)\1+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"})
_SCRIPTS = ("HAN", "CJK", "HANGUL", "HIRAGANA", "KATAKANA", "ARABIC", "HEBREW")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name. text: Latin letters a to z, in lower case; forms: other ways to write them.

    sounds: the spelling that conventions have in common (Lawrow, Lavrov → lavrov), with every reading of an
    ambiguous letter; skeletons: the same without vowels; unvowelled: whether its script leaves vowels out;
    syllable: whether it is a character of a script of syllables, so that a single letter is no initial.
    """

    text: str
    forms: frozenset[str]
    sounds: frozenset[str]
    skeletons: frozenset[str]
    unvowelled: bool = False
    syllable: bool = False

    @property
    def initial(self) -> bool:
        return len(self.text) == 1 and not self.unvowelled and not self.syllable


def script_of(text: str) -> str:
    """HAN, HANGUL, HIRAGANA, KATAKANA, ARABIC or HEBREW by the first letter of these scripts; else ""."""
    for ch in text:
        name = unicodedata.name(ch, "") if ord(ch) > 0x2FF else ""
        for script in _SCRIPTS:
            if name.startswith(script):
                return "HAN" if script == "CJK" else script
    return ""


@lru_cache(maxsize=1 << 16)
def part_of(word: str) -> Part | None:
    """None for a word without a letter. word: in any script; Han characters are read in Chinese."""
    unvowelled = script_of(word) in ("ARABIC", "HEBREW")
    article = spelling().arabic_article
    if unvowelled and word.startswith(article) and len(word) > len(article) + 2:
        word = word.removeprefix(article)
    folded = unicodedata.normalize("NFC", word).casefold()
    texts = dict.fromkeys(
        text
        for form in (folded, folded.translate(_UMLAUTS))
        if (text := _NOT_LETTERS.sub("", anyascii(form).lower()))
    )
    if not texts:
        return None
    first = next(iter(texts))
    forms = frozenset(texts)
    sounds = frozenset(sound for text in forms for sound in _sounds(text))
    skeletons = frozenset(skeleton(sound) for sound in sounds)
    return Part(first, forms, sounds, skeletons, unvowelled)


@lru_cache(maxsize=1 << 14)
def syllable_of(character: str) -> Part | None:
    """A Han or Hangul character, read in Chinese or Korean."""
    part = part_of(character)
    return replace(part, syllable=True) if part else None


def together(*parts: Part) -> Part:
    """The last part, which may also be written in one word with those before it (Benyaroussi)."""
    whole, last = part_of("".join(part.text for part in parts)), parts[-1]
    assert whole is not None
    return Part(
        last.text,
        last.forms | whole.forms,
        last.sounds | whole.sounds,
        last.skeletons | whole.skeletons,
        last.unvowelled,
    )


def alternatives(part: Part) -> frozenset[str]:
    """Texts of given names that its bearer may be called by as well."""
    found = frozenset(part.forms)
    for form in part.forms:
        found |= variants().get(form, frozenset())
    return found


def _sounds(text: str) -> frozenset[str]:
    table = spelling()
    found = text
    for rule, new in table.rules:
        found = rule.sub(new, found)
    readings = [{found}]
    for letter, *sounds in table.ambiguous:
        readings.append({one.replace(letter, sound) for one, sound in product(readings[-1], sounds)})
    return frozenset(_REPEATED.sub(r"\1", one) for one in readings[-1])


def skeleton(sound: str) -> str:
    table = spelling()
    bare = "".join(ch for ch in sound if ch not in table.vowels)
    return _REPEATED.sub(r"\1", bare.translate(table.consonants)) or sound[:1]


def loose(skeleton: str) -> str:
    """A skeleton without what scripts without vowels use for vowels: the same for يوسف and Youssef."""
    return skeleton.replace("v", "").replace("h", "") or skeleton[:1]
