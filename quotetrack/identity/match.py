"""Comparing two names: how much they have in common, in nats, by which liberties, and what speaks against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import ratio

from quotetrack.identity.keys import begin
from quotetrack.identity.names import PersonName, Reading
from quotetrack.identity.parts import Part, alternatives, loose
from quotetrack.identity.tables import prior_nats, spelling

Rarity = Callable[[Part], float]  # what a part says, in nats

#: Share of a part's nats that is left after a liberty; set by the dev half of tests/gold/people.tsv.
SHARES = {
    "": 1.0,
    "writing": 0.95,
    "spelling": 0.85,
    "short form": 0.8,
    "script": 0.8,
    "vowels": 0.6,
    "typing error": 0.5,
}
#: Liberties that two different names can take as well.
WEAK = ("vowels", "typing error")
#: Nats of a given name of which only the initial is known (some eighteen initials, unevenly used).
INITIAL_NATS = 2.0
#: Least likeness (0 to 1) of vowelled spellings whose consonants agree.
LIKE = 0.7
#: Letters from which on one wrong letter may be a typing error, and nats that the part has to say.
TYPED, TYPED_NATS = 7, 8.0
#: What is missing on one side or stands the other way round, in nats.
MISSING, TURNED, GUESSED_ORDER, DOUBLE, GENERATION = 0.3, 0.3, 2.0, 1.0, 1.0
#: What second given names say that agree, and that differ where there are more than two, in nats.
SAME_MIDDLE, OTHER_MIDDLE = 1.5, 1.0


@dataclass(frozen=True, slots=True)
class NameMatch:
    """nats: information in common less what is missing; liberties: why it is not letter by letter.

    weak: whether the names alone cannot show one person, however rare (an initial, a typing error).
    contradicted: whether middle names tell them apart.
    """

    nats: float
    liberties: tuple[str, ...] = ()
    weak: bool = False
    contradicted: bool = False


def compare(a: PersonName, b: PersonName, rarity: Rarity) -> NameMatch | None:
    """None where the names exclude each other. The best of all ways to read both."""
    if a.generation and b.generation and a.generation != b.generation:
        return None
    found = [
        match
        for one in a.readings
        for other in b.readings
        if (match := _readings(one, other, a, b, rarity)) is not None and not match.contradicted
    ]
    if not found:
        return None
    best = max(found, key=lambda match: (match.nats, not match.weak))
    if a.generation == b.generation:
        return best
    return NameMatch(best.nats - GENERATION, (*best.liberties, "Jr. or Sr. on one side"), best.weak)


@lru_cache(maxsize=1 << 14)
def contradict(a: PersonName, b: PersonName) -> bool:
    """Whether two names are alike, but of two people: John A. and John B., father and son."""
    found = [_readings(one, other, a, b, prior) for one in a.readings for other in b.readings]
    alike = [match for match in found if match is not None]
    sons = bool(a.generation and b.generation and a.generation != b.generation)
    return bool(alike) and (sons or all(match.contradicted for match in alike))


def prior(part: Part) -> float:
    """What a part says before any archive is known, in nats."""
    unlisted, listed = prior_nats()
    return min((listed[form] for form in alternatives(part) if form in listed), default=unlisted)


def _readings(x: Reading, y: Reading, a: PersonName, b: PersonName, rarity: Rarity) -> NameMatch | None:
    given = _given(x, y, a, b, rarity)
    family = _family(x, y, a, b, rarity)
    middle = _middle(x, y)
    if given is None or family is None:
        return None
    if middle is None:
        return NameMatch(0.0, contradicted=True)
    nats = given[0] + family[0] + middle[0]
    liberties = [given[1], family[1], middle[1]]
    weak = given[2] or family[2]
    if x.turned != y.turned:
        plain = bool({p.text for p in (*x.given, *x.family)} & {p.text for p in (*y.given, *y.family)})
        certain = len(a.readings) > 1 or len(b.readings) > 1 or a.readings[0].turned or b.readings[0].turned
        nats -= TURNED if certain or not plain else GUESSED_ORDER
        liberties.append("order")
    return NameMatch(nats, tuple(dict.fromkeys(filter(None, liberties))), weak)


_Found = tuple[float, str, bool]  # nats, liberty, weak


def _given(x: Reading, y: Reading, a: PersonName, b: PersonName, rarity: Rarity) -> _Found | None:
    found = [
        one
        for p in (x.given[0], *a.called)
        for q in (y.given[0], *b.called)
        if (one := _part(p, q, rarity, given=True)) is not None
    ]
    # "J. Edgar": the name in use may be the second one.
    if x.given[0].initial != y.given[0].initial:
        short, long = (x, y) if x.given[0].initial else (y, x)
        second = (
            _part(part, long.given[0], rarity, given=True) for part in short.given[1:] if not part.initial
        )
        found.extend((one[0] - MISSING, "middle name in use", True) for one in second if one is not None)
    return max(found, key=lambda one: (not one[2], one[0]), default=None)


def _family(x: Reading, y: Reading, a: PersonName, b: PersonName, rarity: Rarity) -> _Found | None:
    if len(x.family) == len(y.family):
        pairs = [_part(p, q, rarity) for p, q in zip(x.family, y.family, strict=True)]
        if all(pair is not None for pair in pairs):
            found = [pair for pair in pairs if pair is not None]
            liberty = next((pair[1] for pair in found if pair[1]), "")
            return sum(pair[0] for pair in found), liberty, any(pair[2] for pair in found)
    # One of two family names, a former one, or the first of two that the other text leaves out.
    whole = [(*x.family, *a.maiden, *_further(x)), (*y.family, *b.maiden, *_further(y))]
    doubled = [
        (one[0] - DOUBLE, "double name" if not one[1] else f"double name, {one[1]}", one[2])
        for p in whole[0]
        for q in whole[1]
        if (p in x.family or q in y.family)
        and not (len(x.family) == len(y.family) > 1 and p in x.family and q in y.family)
        and (one := _part(p, q, rarity)) is not None
    ]
    return max(doubled, default=None)


def _further(reading: Reading) -> tuple[Part, ...]:
    return tuple(part for part in reading.given[1:] if not part.initial)


def _middle(x: Reading, y: Reading) -> tuple[float, str] | None:
    """Middle names may be missing, not contradict: John A. is not John B."""
    if len(x.given) == 1 or len(y.given) == 1:
        one_sided = len(x.given) != len(y.given)
        return (-MISSING, "middle name") if one_sided else (0.0, "")
    p, q = x.given[1], y.given[1]
    if _part(p, q, prior, given=True) is not None:
        return SAME_MIDDLE, ""
    both_alone = len(x.given) == len(y.given) == 2
    return None if both_alone or (p.initial and q.initial) else (-OTHER_MIDDLE, "middle name")


@lru_cache(maxsize=1 << 15)
def _liberty(p: Part, q: Part, given: bool) -> str | None:
    """By which liberty two parts are one; None where they are not."""
    if p.text == q.text:
        return "script" if p.syllable != q.syllable else ""
    if p.initial or q.initial:
        return "initial" if given and _initials_agree(p, q) else None
    if p.forms & q.forms:
        return "writing"
    if p.unvowelled or q.unvowelled:
        agree = {loose(s) for s in p.skeletons} & {loose(s) for s in q.skeletons}
        return "script" if agree else None
    if alternatives(p) & q.forms or alternatives(q) & p.forms:
        return "short form"
    if _both_listed(p, q):
        return None
    if p.sounds & q.sounds:
        return "spelling"
    alike = max(ratio(s, t) for s in p.sounds for t in q.sounds) / 100
    if any(len(s) >= 3 for s in p.skeletons & q.skeletons) and alike >= LIKE:
        return None if _other_ending(p, q) else "vowels"
    near = DamerauLevenshtein.distance(p.text, q.text, score_cutoff=1) <= 1
    if near and min(len(p.text), len(q.text)) >= TYPED and min(prior(p), prior(q)) >= TYPED_NATS:
        return "typing error"
    return None


def _part(p: Part, q: Part, rarity: Rarity, *, given: bool = False) -> _Found | None:
    liberty = _liberty(p, q, given)
    if liberty is None:
        return None
    if liberty == "initial":
        return (0.3 if p.initial and q.initial else 0.0) + INITIAL_NATS, "initial", True
    return min(rarity(p), rarity(q)) * SHARES[liberty], liberty, liberty in WEAK


def _initials_agree(p: Part, q: Part) -> bool:
    return p.text[0] == q.text[0] or bool({begin(s) for s in p.sounds} & {begin(s) for s in q.sounds})


def _both_listed(p: Part, q: Part) -> bool:
    """Two parts that registers know are two names, however alike (Anja, Anna; Meier, Meyer)."""
    _, listed = prior_nats()
    return any(form in listed for form in p.forms) and any(form in listed for form in q.forms)


def _other_ending(p: Part, q: Part) -> bool:
    """Whether vowels at the end differ, as they do between women and men (Mario, Maria)."""
    vowels = spelling().vowels
    for s in p.sounds:
        for t in q.sounds:
            short, long = sorted((s, t), key=len)
            if long[:-1] in (short, short[:-1]) and long[-1] in vowels:
                return True
    return False
