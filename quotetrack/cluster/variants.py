"""Occurrences alike in all that counts, gathered: what is compared is a variant, not an occurrence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from quotetrack.cluster.decide import reach
from quotetrack.cluster.names import Speaker, read_speaker
from quotetrack.cluster.normalise import Form, read_form, read_forms
from quotetrack.cluster.packing import Extent, extent, packed, unpacked
from quotetrack.types import Occurrence

#: Dates outside are taken for unknown.
FIRST_YEAR, LAST_YEAR = 1600, 2200
#: Texts up to this length are remembered once read: an archive shows the same candidates again and again.
SHORT_LETTERS = 1000
#: Quotes up to which what was read before is remembered: as many as are grouped anew for a new one.
FEW = 500

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


def form_of(occurrence: Occurrence) -> Form:
    """Its words, normalised: as they were kept with it, or read; those of short texts are remembered."""
    kept = unpacked(occurrence)
    if kept is not None:
        return kept
    read = _read_short if len(occurrence.text) <= SHORT_LETTERS else read_form
    return read(occurrence.text, occurrence.language)


def extent_of(occurrence: Occurrence) -> Extent:
    """How much `form_of` says."""
    kept = extent(occurrence)
    if kept is not None:
        return kept
    form = form_of(occurrence)
    return Extent(form.nats, len(form.words), len(form.gaps))


def packed_form(occurrence: Occurrence) -> bytes:
    """What `form_of` gives, to be kept with the occurrence as `Occurrence.form`."""
    return packed(occurrence, form_of(occurrence))


def variant_of(occurrence: Occurrence) -> Variant:
    """What `gather` makes of one occurrence."""
    return _variant(
        read_speaker(occurrence.speaker),
        [(day_of(occurrence.published), occurrence.uid, form_of(occurrence))],
    )


def gather(occurrences: Iterable[Occurrence], alone: frozenset[str] = frozenset()) -> list[Variant]:
    """The variants of some occurrences, in an order that does not depend on theirs.

    alone: occurrences a person has told apart from others; each stays a variant of its own.
    A text of few nats is cut into several variants where days lie between that are too far apart.
    """
    occurrences = list(occurrences)
    forms = _forms_of_all(occurrences)
    alike: dict[tuple[str, Speaker | None, str], list[_Dated]] = {}
    for occurrence in occurrences:
        form = forms[occurrence.text, occurrence.language]
        own = occurrence.uid if occurrence.uid in alone or not form.signature else ""
        key = (form.signature, read_speaker(occurrence.speaker), own)
        alike.setdefault(key, []).append((day_of(occurrence.published), occurrence.uid, form))
    variants = [variant for (_, speaker, _), dated in alike.items() for variant in _stretches(speaker, dated)]
    return sorted(variants, key=_content)


def _forms_of_all(occurrences: Sequence[Occurrence]) -> dict[tuple[str, str | None], Form]:
    """`form_of` of many, by text and language; equal ones are one object."""
    distinct = {(one.text, one.language): one for one in occurrences}
    if len(occurrences) <= FEW:
        forms = {source: form_of(one) for source, one in distinct.items()}
    else:
        kept = {source: unpacked(one) for source, one in distinct.items()}
        unread = [source for source, form in kept.items() if form is None]
        forms = dict(zip(unread, read_forms(unread), strict=True))
        forms |= {source: form for source, form in kept.items() if form is not None}
    equal: dict[tuple[object, ...], Form] = {}
    return {source: equal.setdefault((form.signature, *_looks(form)), form) for source, form in forms.items()}


_Dated = tuple[int | None, str, Form]  # day, uid, form


def _content(variant: Variant) -> tuple[object, ...]:
    """Fullest first, then what a variant says, who and when; its members decide only where nothing else
    differs, since which of many twins has the smallest uid must not decide what a tie does."""
    speaker = variant.speaker
    who = ("",) if speaker is None else (speaker.family, *speaker.given)
    return -variant.form.nats, variant.form.signature, who, variant.days, variant.members


def _looks(form: Form) -> tuple[bool, bytes, str, frozenset[int]]:
    """What may differ between texts of one signature."""
    return not form.caseless, form.flags, form.language, form.gaps


def telling(form: Form) -> tuple[bool, bytes, str, list[int]]:
    """Of texts that differ in case and marks only, the one in which names can be seen stands for all."""
    cased, flags, language, gaps = _looks(form)
    return cased, flags, language, sorted(gaps)


def _stretches(speaker: Speaker | None, dated: Sequence[_Dated]) -> Iterator[Variant]:
    """The occurrences of one text by one speaker, cut where more days lie between than one statement has."""
    if len(dated) == 1:
        yield _variant(speaker, dated)
        return
    apart = _days_of_one_statement(dated[0][2], speaker)
    undated = [one for one in dated if one[0] is None]
    if undated and apart < 0:
        yield from (_variant(speaker, [one]) for one in undated)
    elif undated:
        yield _variant(speaker, undated)
    stretch: list[_Dated] = []
    last = 0
    for day, one in sorted((one[0], k) for k, one in enumerate(dated) if one[0] is not None):
        if stretch and day - last > apart:
            yield _variant(speaker, stretch)
            stretch = []
        stretch.append(dated[one])
        last = day
    if stretch:
        yield _variant(speaker, stretch)


def _variant(speaker: Speaker | None, alike: Sequence[_Dated]) -> Variant:
    if len(alike) == 1:
        ((day, uid, form),) = alike
        return Variant(form, speaker, () if day is None else (day,), (uid,))
    days = sorted({day for day, _, _ in alike if day is not None})
    form = max((form for _, _, form in alike), key=telling)
    return Variant(form, speaker, tuple(days), tuple(sorted(uid for _, uid, _ in alike)))
