"""Blocking: under which keys a name is kept, so that every name it may be compared with shares one."""

from __future__ import annotations

from functools import lru_cache

from quotetrack.identity.names import PersonName
from quotetrack.identity.parts import Part, alternatives, loose, part_of
from quotetrack.identity.tables import spelling


@lru_cache(maxsize=1 << 16)
def keys_of(name: PersonName) -> tuple[str, ...]:
    """The keys of a full name, the most telling first; a dozen as a rule, none for a name without readings.

    "=": all parts in any order; "~": both names without vowels and half-vowels, for scripts that write
    none; the others: a family name's consonants and how a given name begins.
    """
    found: dict[str, None] = {}
    for reading in name.readings:
        parts = (*reading.given, *reading.family)
        found["=" + " ".join(sorted(part.text for part in parts))] = None
    for reading in name.readings:
        families = (*reading.family, *reading.given[1:], *name.maiden)
        for family in families:
            if family.initial:
                continue
            for skeleton in _skeletons(family):
                for given in sorted(loose(s) for s in reading.given[0].skeletons):
                    found[f"~{loose(skeleton)}:{given}"] = None
    for reading in name.readings:
        beginnings = sorted({b for given in (reading.given[0], *name.called) for b in _beginnings(given)})
        for family in (*reading.family, *reading.given[1:], *name.maiden):
            if family.initial:
                continue
            for skeleton in _skeletons(family):
                found.update(dict.fromkeys(f"{skeleton}:{beginning}" for beginning in beginnings))
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _skeletons(family: Part) -> tuple[str, ...]:
    """Of a family name; of a character also those of the ways in which its bearers write it (이: Lee, Yi)."""
    texts = alternatives(family) if family.syllable else ()
    others = [family, *(part for text in texts if (part := part_of(text)))]
    return tuple(sorted({skeleton for part in others for skeleton in part.skeletons}))


@lru_cache(maxsize=1 << 14)
def _beginnings(given: Part) -> frozenset[str]:
    """Classes of first sounds of a given name and of every name its bearer may be called by."""
    texts = {given.text} if given.initial else set(alternatives(given))
    others = [given, *(part for text in texts if (part := part_of(text)))]
    return frozenset(beginning for part in others for beginning in _firsts(part))


def _firsts(part: Part) -> frozenset[str]:
    return frozenset(begin(sound) for sound in (*part.sounds, part.text))


def begin(text: str) -> str:
    """The class of a first letter: vowels and half-vowels are one, exchanged consonants another."""
    first = text[:1]
    return "a" if first in spelling().vowels or first == "j" else first.translate(spelling().consonants)
