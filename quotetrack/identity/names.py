"""Reading a person's name: given and family parts in any script and order, and what makes it no name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from anyascii import anyascii

from quotetrack.identity.parts import Part, part_of, script_of, syllable_of, together
from quotetrack.identity.tables import family_first, family_first_languages, readings, spelling

_CALLED = re.compile(r"[(\"“„«»‚‘]\s*([^)\"”“«»’‘]+?)\s*[)\"”“«»’‘]")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´‘](?=\w)")
_SPACE = re.compile(r"[\s\u00a0·・•]+")
_HYPHENS = re.compile(r"[-‐‑–]+")
_MOST_WORDS = 12  # of a name; what is longer is no name


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name. given: in order, middle names included; family: parts of a double name apart.

    turned: whether the family name stands first.
    """

    given: tuple[Part, ...]
    family: tuple[Part, ...]
    turned: bool = False


@dataclass(frozen=True, slots=True)
class PersonName:
    """readings: the likeliest first; none for a single word. called, maiden: parts in brackets, after "née".

    generation: 1 for Sr., 2 for Jr., 3 …; 0 unsaid.
    """

    written: str
    readings: tuple[Reading, ...]
    called: tuple[Part, ...] = ()
    maiden: tuple[Part, ...] = ()
    generation: int = 0

    @property
    def full(self) -> bool:
        """Whether it has a given and a family name."""
        return bool(self.readings)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    parts: tuple[Part, ...]  # more than one where hyphens join them

    @property
    def bare(self) -> str:
        return "".join(part.text for part in self.parts)


@lru_cache(maxsize=1 << 16)
def read_name(written: str, language: str = "") -> PersonName:
    """Read a name as news writes it. language: of the article, a code; "" is unknown.

    A name of one part, of titles alone or without letters has no readings. Never raises.
    """
    called = tuple(part for inside in _CALLED.findall(written) if (part := part_of(inside)))
    text = _in_order(_CALLED.sub(" ", written))
    if script_of(text) in ("HAN", "HANGUL", "HIRAGANA") and (found := _characters(text)):
        return PersonName(written, (found,), called)
    words = [word for chunk in _SPACE.split(text)[:_MOST_WORDS] if (word := _word(chunk))]
    words, maiden = _without_maiden(words)
    words, generation = _without_generation(words)
    while (
        len(words) > 1 and words[0].bare in spelling().titles and words[0].text.casefold().strip(".") != "o"
    ):
        words = words[1:]
    words = _joined(words)
    if sum(len(word.parts) for word in words) < 2 or len(words) < 2:
        return PersonName(written, (), called, maiden, generation)
    return PersonName(written, tuple(_readings(words, language)), called, maiden, generation)


def two_people(written: str) -> bool:
    """Whether two people are named in one ("Merkel und Scholz"), not "Karl von und zu Tessel"."""
    words = [word.strip(".,;").casefold() for word in _SPACE.split(written.strip())]
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if word in spelling().conjunctions and not {before, after} & spelling().particles:
            return True
    return " & " in written


def only_titles(written: str) -> bool:
    """Whether nothing is left of a name without its titles ("Herr Dr.")."""
    found = [part.text for chunk in _SPACE.split(written) if (part := part_of(chunk))]
    return all(text in spelling().titles or text in spelling().particles for text in found)


def _in_order(text: str) -> str:
    """ "Weber, Anna" → "Anna Weber"; what follows a comma as a title or a generation goes to the end."""
    before, comma, after = text.partition(",")
    if not comma:
        return text
    first = part_of(after.split()[0]) if after.split() else None
    if first is None or first.text in spelling().titles or first.text in spelling().generations:
        return f"{before} {after if first and first.text in spelling().generations else ''}"
    return f"{after} {before}"


def _word(chunk: str) -> _Word | None:
    prefix, _, rest = _APOSTROPHE.sub("'", chunk).partition("'")
    if rest and len(prefix) <= 2:  # O'Brannigan, d'Avril
        chunk = rest
    parts = tuple(part for piece in _HYPHENS.split(chunk) if (part := part_of(piece)))
    if len(parts) > 1:
        kept = tuple(part for part in parts if part.text not in spelling().particles) or parts
        parts = (together(*parts),) if len(kept) == 1 else kept
    return _Word(chunk, parts) if parts else None


def _without_maiden(words: list[_Word]) -> tuple[list[_Word], tuple[Part, ...]]:
    for index, word in enumerate(words):
        if index >= 1 and word.bare in spelling().maiden and index + 1 < len(words):
            return words[:index], tuple(part for later in words[index + 1 :] for part in later.parts)
    return words, ()


def _without_generation(words: list[_Word]) -> tuple[list[_Word], int]:
    generation = spelling().generations.get(words[-1].bare, 0) if len(words) > 2 else 0
    return (words[:-1], generation) if generation else (words, 0)


def _joined(words: Sequence[_Word]) -> list[_Word]:
    """Particles go to the word behind them, as a spelling of it; first halves become one word with it."""
    found: list[_Word] = []
    pending: list[Part] = []
    for index, word in enumerate(words):
        last, lower = index == len(words) - 1, word.text[:1].islower()
        if word.bare in spelling().joining and not last:
            follower = words[index + 1]
            pending = [*word.parts]
            if len(follower.parts) == 1 and (whole := part_of(word.bare + follower.bare)):
                found.append(_Word(word.text, (whole,)))
                pending = []
                found.extend(_joined(words[index + 2 :]))
                return found
        elif word.bare in spelling().particles and not last and (index or lower) and not _is_initial(word):
            pending = [*word.parts]
        else:
            parts = _prefix_apart(word)
            if pending:
                parts = (together(*pending, parts[0]), *parts[1:])
            found.append(_Word(word.text, parts))
            pending = []
    return found


def _is_initial(word: _Word) -> bool:
    return word.text.endswith(".") or (len(word.bare) == 1 and word.text.isupper() and word.bare != "o")


def _prefix_apart(word: _Word) -> tuple[Part, ...]:
    """Abdelfattah, Abdel Fattah and Abd al-Fattah are one."""
    for prefix in spelling().prefixes:
        if word.bare == prefix:
            found = part_of("abd")
            return (found,) if found else word.parts
        if word.bare.startswith(prefix) and len(word.bare) - len(prefix) >= 4 and prefix != "abd":
            first, rest = part_of("abd"), part_of(word.bare.removeprefix(prefix))
            if first and rest:
                return (first, rest)
    return word.parts


def _readings(words: Sequence[_Word], language: str) -> list[Reading]:
    straight = Reading(_given(words[:-1]), words[-1].parts)
    turned = Reading(_given(words[1:]), words[0].parts, turned=True)
    if language in family_first_languages():
        return [turned, straight]
    lists = family_first()
    first, last = words[0].bare, words[-1].bare
    if words[0].parts[0].initial:
        return [straight]
    listed = any(first in names for kind, names in lists.items() if kind not in ("given_last", "double"))
    if listed or (last in lists["given_last"] and len(words) == 2):
        return [straight, turned]
    return [straight]


def _given(words: Sequence[_Word]) -> tuple[Part, ...]:
    return _together([part for word in words for part in word.parts])


def _together(parts: list[Part]) -> tuple[Part, ...]:
    """Each part apart; the first may also be written in one with the second (Karlheinz)."""
    if len(parts) > 1 and not parts[0].initial and not parts[1].initial:
        whole = together(parts[0], parts[1])  # what of it is the second's alone is no spelling of the first
        first, second = parts[0], parts[1]
        parts[0] = replace(
            first,
            forms=first.forms | (whole.forms - second.forms),
            sounds=first.sounds | (whole.sounds - second.sounds),
            skeletons=first.skeletons | (whole.skeletons - second.skeletons),
        )
    return tuple(parts)


def _characters(text: str) -> Reading | None:
    """Family name first: by Japanese readings where they apply, else one syllable a character."""
    bare = _SPACE.sub("", text)
    lists = readings()
    for length in (3, 2):
        front, rest = bare[:length], bare[length:]
        if rest and front in lists["family"]:
            read = lists["given"].get(rest) or (anyascii(rest) if script_of(rest) == "HIRAGANA" else "")
            parts = [part for piece in (lists["family"][front], read) if (part := part_of(piece))]
            if len(parts) == 2:
                return Reading((parts[1],), (parts[0],), turned=True)
            return None
    if len(bare) > 6 or any(script_of(ch) not in ("HAN", "HANGUL") for ch in bare):
        return None
    length = 2 if bare[:2] in family_first()["double"] and len(bare) > 2 else 1
    family = part_of(anyascii(bare[:length])) if length > 1 else syllable_of(bare[0])
    given = [part for ch in bare[length:] if (part := syllable_of(ch))]
    return Reading(_together(given), (family,), turned=True) if family and given else None
