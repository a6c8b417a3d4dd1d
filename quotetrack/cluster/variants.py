"""Occurrences alike in all that counts, gathered: what is compared is a variant, not an occurrence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from quotetrack.cluster.decide import reach
from quotetrack.cluster.names import Speaker, read_speaker
from quotetrack.cluster.normalise import Form, read_form
from quotetrack.types import Occurrence

#: Dates outside are taken for unknown.
FIRST_YEAR, LAST_YEAR = 1600, 2200
#: Texts up to this length are remembered once read: an archive shows the same candidates again and again.
SHORT_LETTERS = 1000

_read_short = lru_cache(maxsize=1 << 14)(read_form)


@dataclass(frozen=True, slots=True)
class Variant:
    """One text by one speaker in one stretch of time.

    days: proleptic Gregorian ordinals, sorted, each once; empty where no date is known.
    members: uids of its occurrences, sorted.
    """

    form: Form
    speaker: Speaker | None
    days: tuple[int, ...]
    members: tuple[str, ...]


def repeats(variant: Variant) -> bool:
    """Whether its text said again, by the same speaker on the same day, is the same statement."""
    return bool(variant.form.signature) and _days_of_one_statement(variant.form, variant.speaker) >= 0


def _days_of_one_statement(form: Form, speaker: Speaker | None) -> int:
    return reach(form.nats, "unknown" if speaker is None else "same")


def day_of(published: str | None) -> int | None:
    """The ordinal of an ISO 8601 date or moment; None where it is absent, unreadable or absurd."""
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return None
    return day.toordinal() if FIRST_YEAR <= day.year <= LAST_YEAR else None


def days_between(a: Variant, b: Variant) -> int | None:
    """The fewest days between two variants; None where one has no date."""
    few, many = (a.days, b.days) if len(a.days) <= len(b.days) else (b.days, a.days)
    if not few:
        return None
    if len(many) == 1:
        return abs(few[0] - many[0])
    closest = 1 << 30
    for day in few:
        at = bisect_left(many, day)
        if at < len(many):
            closest = min(closest, many[at] - day)
        if at:
            closest = min(closest, day - many[at - 1])
    return closest


def gather(occurrences: Iterable[Occurrence], alone: frozenset[str] = frozenset()) -> list[Variant]:
    """The variants of some occurrences, in an order that does not depend on theirs.

    alone: occurrences a person has told apart from others; each stays a variant of its own.
    A text of few nats is cut into several variants where days lie between that are too far apart.
    """
    forms: dict[tuple[str, str | None], Form] = {}
    alike: dict[tuple[str, Speaker | None, str], list[tuple[int | None, str]]] = {}
    form_of: dict[str, Form] = {}
    for occurrence in occurrences:
        source = (occurrence.text, occurrence.language)
        form = forms.get(source)
        if form is None:
            read = _read_short if len(occurrence.text) <= SHORT_LETTERS else read_form
            form = forms[source] = read(occurrence.text, occurrence.language)
        known = form_of.setdefault(form.signature, form)
        if _telling(form) > _telling(known):
            form_of[form.signature] = form
        own = occurrence.uid if occurrence.uid in alone or not form.signature else ""
        key = (form.signature, read_speaker(occurrence.speaker), own)
        alike.setdefault(key, []).append((day_of(occurrence.published), occurrence.uid))
    variants: list[Variant] = []
    for (signature, speaker, _), dated in alike.items():
        form = form_of[signature]
        variants.extend(Variant(form, speaker, *stretch) for stretch in _stretches(form, speaker, dated))
    return sorted(variants, key=lambda variant: variant.members)


def _telling(form: Form) -> tuple[bool, bytes, str, list[int]]:
    """Of texts that differ in case and marks only, the one in which names can be seen stands for all."""
    return not form.caseless, form.flags, form.language, sorted(form.gaps)


def _stretches(
    form: Form, speaker: Speaker | None, dated: list[tuple[int | None, str]]
) -> Iterable[tuple[tuple[int, ...], tuple[str, ...]]]:
    apart = _days_of_one_statement(form, speaker)
    undated = sorted(uid for day, uid in dated if day is None)
    if undated and apart < 0:
        yield from (((), (uid,)) for uid in undated)
    elif undated:
        yield (), tuple(undated)
    days: list[int] = []
    members: list[str] = []
    for day, uid in sorted((day, uid) for day, uid in dated if day is not None):
        if days and day - days[-1] > apart:
            yield tuple(days), tuple(sorted(members))
            days, members = [], []
        if not days or day != days[-1]:
            days.append(day)
        members.append(uid)
    if members:
        yield tuple(days), tuple(sorted(members))
