"""Which pairs are worth a look: those that share a *blocking key*, a hashed run of words.

Two words in a row together with the speaker's family name; three words in a row where one of the two has no
speaker; a few longer runs where both have one, since quotes of two speakers have to have much in common; and
the whole text. Which keys a text has depends on the text and its speaker alone, never on the archive, so
that the order in which articles arrive cannot change the candidates. Keys shared by many texts are bounded:
then every text is compared to the few longest of them only, so that work grows linearly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, Protocol

from quotetrack.cluster.names import Speaker
from quotetrack.cluster.normalise import Form

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Least nats of three words in a row to be a key, and of two in a row with the speaker.
#: Measured on 20,000 generated quotes: 7 and 5 double the pairs for +.0005 B-cubed F1, 9 and 7 lose .003.
TRIGRAM_NATS = 9.0
BIGRAM_NATS = 5.0
#: Words of a run that quotes of two speakers have to share, and its least nats. Of `RUN_WINDOW` neighbouring
#: ones one is kept (winnowing), so that any two texts with `RUN` + `RUN_WINDOW` - 1 words in common share it.
RUN, RUN_WINDOW, RUN_NATS = 4, 3, 12.0
#: Texts sharing a key up to which all are compared with all; above, with the `HUBS` longest.
GROUP_AT_MOST = 24
HUBS = 6
#: Pairs handed out, keys sorted and texts given keys at a time: what bounds the memory.
CHUNK, KEYS_AT_ONCE, FORMS_AT_ONCE = 100_000, 2_000_000, 20_000
#: Bits of the places over which keys are scattered to tell which a text without a speaker has: 16 MB.
PLACES_AT_MOST = 24

_BIGRAM, _WHOLE, _TWIN, _NAMELESS, _RUN = (
    kind << 60 for kind in (1, 2, 3, 4, 5)
)  # of a key, in its top bits
_MIXER, _ALL_BITS = 0x9E3779B97F4A7C15, (1 << 64) - 1


class Posting(NamedTuple):
    """An indexed occurrence; `rank` is smaller for longer texts (minus its nats, in hundredths)."""

    rank: int
    occurrence: str


class BlockingIndex(Protocol):
    """Where an archive keeps its blocking keys.

    As a table: `blocking_keys(key INTEGER, rank INTEGER, occurrence …, PRIMARY KEY (key, rank, occurrence))
    WITHOUT ROWID`. Keys are below 2**63. `add` is an INSERT OR IGNORE; `groups` runs, for each key,
    `SELECT rank, occurrence FROM blocking_keys WHERE key = ? ORDER BY rank, occurrence LIMIT ?`.
    """

    def add(self, postings: Iterable[tuple[int, Posting]]) -> None:
        """Remember under which keys occurrences are found; known ones are left as they are."""

    def groups(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[Posting]]:
        """The first `limit` postings of each key, in order (rank, occurrence); others are left out."""


class MemoryIndex:
    """A `BlockingIndex` in memory."""

    def __init__(self) -> None:
        self._groups: dict[int, set[Posting]] = {}

    def add(self, postings: Iterable[tuple[int, Posting]]) -> None:
        for key, posting in postings:
            self._groups.setdefault(key, set()).add(posting)

    def groups(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[Posting]]:
        return {key: sorted(self._groups[key])[:limit] for key in keys if key in self._groups}


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 4


def twin_key(form: Form, speaker: Speaker | None, day: int | None) -> int:
    """The key of occurrences that are alike in all that counts: text, speaker and day."""
    return _TWIN | _hash(f"{form.signature}\x1f{speaker}\x1f{day}")


def blocking_keys(form: Form, speaker: Speaker | None) -> list[int]:
    """Keys below 2**63 under which a quote is found; none for a text without words. O(words)."""
    if not form.signature:
        return []
    codes = [ord(letter) for letter in form.signature]
    keys = {_WHOLE | _hash(form.signature)}
    if speaker is None:
        keys.update(_NAMELESS | key for key in _trigrams(codes, form))
        return sorted(keys)
    keys.update(_trigrams(codes, form))
    keys.update(_runs(codes, form))
    family, sums = _BIGRAM | speaker.code, form.sums
    for i in range(len(codes) - 1):
        if sums[i + 2] - sums[i] >= BIGRAM_NATS:
            keys.add(family | codes[i] << 40 | codes[i + 1] << 20)
    return sorted(keys)


def asked_keys(form: Form, speaker: Speaker | None) -> list[int]:
    """Keys under which a quote finds those it may be one statement with: three words in a row are asked for
    among quotes without a speaker, or by one."""
    keys = blocking_keys(form, speaker)
    trigrams = {key & ~_NAMELESS for key in keys if key < _BIGRAM or _NAMELESS <= key < _RUN}
    others = trigrams if speaker is None else {_NAMELESS | key for key in trigrams}
    return sorted(others.union(keys if speaker is None else (key for key in keys if key >= _BIGRAM)))


def _trigrams(codes: Sequence[int], form: Form) -> Iterator[int]:
    sums = form.sums
    for i in range(len(codes) - 2):
        if sums[i + 3] - sums[i] >= TRIGRAM_NATS:
            yield codes[i] << 40 | codes[i + 1] << 20 | codes[i + 2]


def _runs(codes: Sequence[int], form: Form) -> Iterator[int]:
    """The smallest hash of every `RUN_WINDOW` runs, of those that say enough."""
    sums = form.sums
    hashes = []
    for i in range(len(codes) - RUN + 1):
        mixed = 0
        for code in codes[i : i + RUN]:
            mixed = (mixed * _MIXER + code) & _ALL_BITS
        hashes.append((mixed ^ mixed >> 32) >> 4 if sums[i + RUN] - sums[i] >= RUN_NATS else _ALL_BITS)
    for i in range(min(len(hashes), max(1, len(hashes) - RUN_WINDOW + 1))):
        least = min(hashes[i : i + RUN_WINDOW])
        if least != _ALL_BITS:
            yield _RUN | least


def rank(form: Form) -> int:
    return -round(100 * form.nats)


def candidates(index: BlockingIndex, keys: Collection[int]) -> set[str]:
    """The occurrences that share a key; of a key shared by too many, the longest only."""
    return looked_at(index.groups(keys, GROUP_AT_MOST + 1).values())


def looked_at(groups: Iterable[Sequence[Posting]]) -> set[str]:
    """`candidates`, of the first `GROUP_AT_MOST` + 1 postings of each key."""
    found: set[str] = set()
    for group in groups:
        members = group if len(group) <= GROUP_AT_MOST else group[:HUBS]
        found.update(posting.occurrence for posting in members)
    return found


class Keys(NamedTuple):
    """Of many texts at once: keys, beside each the number of the text that has it (of equal keys, in order),
    and of each text whether its pairs have to have one without a speaker; None where any pair counts."""

    keys: NDArray[np.int64]
    owners: NDArray[np.int32]
    nameless: NDArray[np.bool_] | None = None


def keys_of_all(forms: Sequence[Form], speakers: Sequence[Speaker | None]) -> tuple[Keys, Keys]:
    """`blocking_keys` of many at once: those that pair any two, and those of three words in a row."""
    import numpy as np

    starts = range(0, max(1, len(forms)), FORMS_AT_ONCE)
    parts = [_keys_of(forms[n : n + FORMS_AT_ONCE], speakers[n : n + FORMS_AT_ONCE]) for n in starts]
    any_two, trigrams = (
        Keys(
            np.concatenate([part.keys for part in some]),
            np.concatenate([part.owners + np.int32(n) for n, part in zip(starts, some, strict=True)]),
        )
        for some in zip(*parts, strict=True)
    )
    nameless = np.fromiter((speaker is None for speaker in speakers), np.bool_, len(speakers))
    return any_two, trigrams._replace(nameless=nameless)


def _keys_of(forms: Sequence[Form], speakers: Sequence[Speaker | None]) -> tuple[Keys, Keys]:
    import numpy as np

    lengths = np.fromiter((len(form.signature) for form in forms), np.int64, len(forms))
    codes = np.frombuffer("".join([form.signature for form in forms]).encode("utf-32-le"), "<u4")
    codes = codes.astype(np.int64)
    owners = np.repeat(np.arange(len(forms), dtype=np.int32), lengths)
    sums = np.frombuffer(b"".join([form.sums for form in forms]), np.float64)
    at = np.arange(len(codes)) + owners  # every form has one sum more than words
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(codes))  # words from here to the end
    families = np.fromiter((-1 if one is None else one.code for one in speakers), np.int64, len(forms))
    nameless = families < 0

    def telling(words: int, nats: float) -> NDArray[np.int64]:
        enough = np.append(sums, np.full(words, -np.inf))[at + words] - sums[at] >= nats
        found: NDArray[np.int64] = np.flatnonzero((left >= words) & enough)
        return found

    two = telling(2, BIGRAM_NATS)
    two = two[~nameless[owners[two]]]
    runs, first = _runs_of_all(codes, left, telling(RUN, RUN_NATS))
    runs, first = runs[~nameless[owners[first]]], first[~nameless[owners[first]]]
    said = np.flatnonzero(lengths)
    whole = np.fromiter((_WHOLE | _hash(forms[n].signature) for n in said.tolist()), np.int64, len(said))
    family = _BIGRAM | families[owners[two]] | codes[two] << 40 | codes[two + 1] << 20
    any_two = Keys(
        np.concatenate([family, runs, whole]),
        np.concatenate([owners[two], owners[first], said.astype(np.int32)]),
    )
    three = telling(3, TRIGRAM_NATS)
    trigrams = codes[three] << 40 | codes[three + 1] << 20 | codes[three + 2]
    return any_two, Keys(trigrams, owners[three])


def _runs_of_all(
    codes: NDArray[np.int64], left: NDArray[np.int64], telling: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`_runs` of many texts: the keys, and beside each a place in its text.

    telling: where runs begin that say enough; left: words from each place to the end of its text.
    """
    import numpy as np

    none = np.uint64(_ALL_BITS)
    hashes = np.full(len(codes) + RUN_WINDOW, none)
    mixed = np.zeros(len(telling), dtype=np.uint64)
    for n in range(RUN):
        mixed = mixed * np.uint64(_MIXER) + codes[telling + n].astype(np.uint64)
    hashes[telling] = (mixed ^ mixed >> np.uint64(32)) >> np.uint64(4)
    starts = np.flatnonzero(left >= RUN)
    least = hashes[starts]
    for n in range(1, RUN_WINDOW):
        least = np.minimum(least, np.where(left[starts] >= RUN + n, hashes[starts + n], none))
    # a window that the end of the text cuts short is one only where the text has no whole one
    first = (
        np.concatenate(([True], left[starts[1:]] != left[starts[1:] - 1] - 1)) if len(starts) else starts == 0
    )
    kept = (least != none) & ((left[starts] >= RUN + RUN_WINDOW - 1) | first)
    return least[kept].astype(np.int64) | _RUN, starts[kept]


def pairs(*asked: Keys) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """All pairs i < j of items that share a key, each once; of a key shared by too many, item and hub.

    Items are numbered by rank, the fullest first. Comes in chunks of two arrays, i and j. Time is linear in
    the number of keys times `GROUP_AT_MOST`.
    """
    import numpy as np

    count = 1 + max((int(some.owners.max()) for some in asked if len(some.owners)), default=-1)
    if not count:
        return
    noise = np.random.default_rng(1).integers(1, 2**62, size=count, dtype=np.int64)
    found = []
    for some in asked:
        keys, owners, nameless = some
        if nameless is not None:
            bits = min(PLACES_AT_MOST, len(keys).bit_length() + 3)
            wanted = np.zeros(1 << bits, dtype=np.bool_)
            places = _mixed(keys) >> np.uint64(64 - bits)
            wanted[places[nameless[owners]]] = True
            shared = np.flatnonzero(wanted[places])
            keys, owners = keys[shared], owners[shared]
        parts = 1 + len(keys) // KEYS_AT_ONCE
        for part in range(parts):
            own = keys % parts == part if parts > 1 else slice(None)
            found.append(_pairs_among(Keys(keys[own], owners[own], nameless), noise))
    codes = _distinct(np.concatenate(found))
    del found
    for start in range(0, len(codes), CHUNK):
        chunk = codes[start : start + CHUNK]
        yield chunk // count, chunk % count


def _mixed(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash in the upper bits, other for other values."""
    import numpy as np

    mixed: NDArray[np.uint64] = values.view(np.uint64) * np.uint64(_MIXER)
    return mixed


def _in_order(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of all values, those of equal ones beside each other and in order: a third of the time of
    sorting places by value, since what is sorted is numbers."""
    import numpy as np

    bits = np.uint64(len(values).bit_length())
    packed = _mixed(values) >> bits << bits
    packed |= np.arange(len(values), dtype=np.uint64)
    packed.sort()
    order: NDArray[np.int64] = (packed & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64)
    packed >>= bits
    if np.any((packed[1:] == packed[:-1]) & (values[order[1:]] != values[order[:-1]])):
        return np.argsort(values, kind="stable")  # two of one hash, by chance
    return order


def _pairs_among(asked: Keys, noise: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pairs of items that share one of some keys, each as i * len(noise) + j, sorted, each once."""
    import numpy as np

    count = len(noise)
    keys, few, nameless = asked
    if not len(keys):
        return np.empty(0, dtype=np.int64)
    order = _in_order(keys)
    keys, owners = keys[order], few[order].astype(np.int64)
    once = np.concatenate(([True], (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])))
    keys, owners = keys[once], owners[once]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    lengths = np.diff(np.append(starts, len(keys)))
    starts, lengths = starts[lengths > 1], lengths[lengths > 1]
    if not len(starts):
        return np.empty(0, dtype=np.int64)
    # many keys are shared by the very same items: look at each set of items once
    total = np.concatenate(([0], np.cumsum(noise[owners])))
    sets = total[starts + lengths] - total[starts]
    order = _in_order(sets)
    first = order[np.append(True, sets[order[1:]] != sets[order[:-1]])]
    starts, lengths = starts[first], lengths[first]
    found = []
    for length in sorted(set(lengths.tolist())):
        groups = owners[starts[lengths == length][:, None] + np.arange(length)]
        left, right = (_all_with_all if length <= GROUP_AT_MOST else _all_with_hubs)(length)
        one, other = groups[:, left].ravel(), groups[:, right].ravel()
        if nameless is not None:
            wanted = nameless[one] | nameless[other]
            one, other = one[wanted], other[wanted]
        found.append(one * count + other)
    return _distinct(np.concatenate(found))


@cache
def _all_with_all(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    left, right = np.triu_indices(length, 1)
    return left, right


def _all_with_hubs(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    left, right = np.nonzero(np.arange(HUBS)[:, None] < np.arange(length)[None, :])
    return left, right


def _distinct(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sorted, each once; numpy's own `unique` hashes, which takes ten times as long here."""
    import numpy as np

    codes = np.sort(codes)
    return codes[np.concatenate(([True], codes[1:] != codes[:-1]))] if len(codes) else codes
