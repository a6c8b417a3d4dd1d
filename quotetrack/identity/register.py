"""People in memory: what `resolve` asks of an archive, without a database."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from quotetrack.identity.keys import keys_of
from quotetrack.identity.names import read_name
from quotetrack.identity.profiles import Mention, Profile, Resolution, profile_of
from quotetrack.identity.resolve import parts_of_name, resolve

#: Newest mentions that a profile is made of.
REMEMBERED = 40


class Register:
    """Grows with every mention it is given; a person's uid is the number of their first mention."""

    def __init__(self) -> None:
        self._keys: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        self._mentions: dict[str, deque[Mention]] = {}
        self._names: dict[str, dict[str, None]] = defaultdict(dict)
        self._profiles: dict[str, Profile] = {}
        self._bearers: Counter[str] = Counter()

    def named(self, key: str, limit: int) -> Sequence[tuple[str, str]]:
        found = self._keys.get(key, {})
        return [entry for entry, _ in zip(found, range(limit), strict=False)]

    def profiles(self, people: Collection[str]) -> Sequence[Profile]:
        for person in people:
            if person not in self._profiles:
                self._profiles[person] = profile_of(
                    person, tuple(self._names[person]), self._mentions[person]
                )
        return [self._profiles[person] for person in people]

    def bearers(self, parts: Collection[str]) -> Mapping[str, int]:
        return {part: self._bearers[part] for part in (*parts, "")}

    def add(self, mention: Mention, person: str) -> None:
        """File a mention under a person, new or known."""
        if person not in self._mentions:
            self._mentions[person] = deque(maxlen=REMEMBERED)
            self._bearers.update({"", *parts_of_name(mention.name, mention.language)})
        self._mentions[person].append(mention)
        self._profiles.pop(person, None)
        if mention.name not in self._names[person]:
            self._names[person][mention.name] = None
            for key in keys_of(read_name(mention.name, mention.language)):
                self._keys[key][person, mention.name] = None


def resolve_all(mentions: Iterable[Mention]) -> Iterator[tuple[str, Resolution]]:
    """(person, decision) of each mention, in order; those of one article and name are one person."""
    register = Register()
    known: dict[tuple[str, str], tuple[str, Resolution]] = {}
    for number, mention in enumerate(mentions):
        at = (mention.article, mention.name)
        if at not in known:
            decision = resolve(mention, register)
            person = decision.person or str(number)
            if decision.settled:
                register.add(mention, person)
            known[at] = (person, decision)
        yield known[at]
