"""Which pairs are worth a look: those that share a *blocking key*, a hashed run of words.

Three words in a row that are not all function words; two in a row together with the speaker's family name;
and the whole text. Which keys a text has depends on the text and its speaker alone, never on the archive, so
that the order in which articles arrive cannot change the candidates. Keys shared by many texts are bounded:
then every text is compared to the few longest of them only, so that work grows linearly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
#: Texts sharing a key up to which all are compared with all; above, with the `HUBS` longest.
GROUP_AT_MOST = 40
HUBS = 6
#: Pairs handed out at a time, and keys sorted at a time: what bounds the memory.
CHUNK, KEYS_AT_ONCE = 100_000, 2_000_000

_BIGRAM, _WHOLE, _TWIN = 1 << 60, 1 << 61, 3 << 60


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
    """Keys below 2**62 under which a quote is found; none for a text without words. O(words)."""
    if not form.signature:
        return []
    sums, codes = form.sums, [ord(letter) for letter in form.signature]
    keys = {_WHOLE | _hash(form.signature)}
    for i in range(len(codes) - 2):
        if sums[i + 3] - sums[i] >= TRIGRAM_NATS:
            keys.add(codes[i] << 40 | codes[i + 1] << 20 | codes[i + 2])
    if speaker is not None:
        family = _BIGRAM | speaker.code
        for i in range(len(codes) - 1):
            if sums[i + 2] - sums[i] >= BIGRAM_NATS:
                keys.add(family | codes[i] << 40 | codes[i + 1] << 20)
    return sorted(keys)


def rank(form: Form) -> int:
    return -round(100 * form.nats)


def candidates(index: BlockingIndex, keys: Collection[int]) -> set[str]:
    """The occurrences that share a key; of a key shared by too many, the longest only."""
    found: set[str] = set()
    for group in index.groups(keys, GROUP_AT_MOST + 1).values():
        members = group if len(group) <= GROUP_AT_MOST else group[:HUBS]
        found.update(posting.occurrence for posting in members)
    return found


def keys_of_all(
    forms: Sequence[Form], speakers: Sequence[Speaker | None]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """`blocking_keys` of many at once: the keys, and beside each the number of the form that has it."""
    import numpy as np

    lengths = np.fromiter((len(form.signature) for form in forms), np.int64, len(forms))
    codes = np.frombuffer("".join([form.signature for form in forms]).encode("utf-32-le"), "<u4")
    codes = codes.astype(np.int64)
    owners = np.repeat(np.arange(len(forms), dtype=np.int32), lengths)
    sums = np.frombuffer(b"".join([form.sums for form in forms]), np.float64)
    at = np.arange(len(codes)) + owners  # every form has one sum more than words
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(codes))  # words from here to the end
    families = np.fromiter((-1 if one is None else one.code for one in speakers), np.int64, len(forms))
    three = np.flatnonzero(left >= 3)
    three = three[sums[at[three] + 3] - sums[at[three]] >= TRIGRAM_NATS]
    two = np.flatnonzero((left >= 2) & (families[owners] >= 0))
    two = two[sums[at[two] + 2] - sums[at[two]] >= BIGRAM_NATS]
    said = np.flatnonzero(lengths)
    whole = np.fromiter((_WHOLE | _hash(forms[n].signature) for n in said.tolist()), np.int64, len(said))
    keys = [
        codes[three] << 40 | codes[three + 1] << 20 | codes[three + 2],
        _BIGRAM | families[owners[two]] | codes[two] << 40 | codes[two + 1] << 20,
        whole,
    ]
    return np.concatenate(keys), np.concatenate([owners[three], owners[two], said.astype(np.int32)])


def pairs(
    keys: NDArray[np.int64], owners: NDArray[np.int32]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """All pairs i < j of items that share a key, each once; of a key shared by too many, item and hub.

    owners: the item that has each key; items are numbered by rank, the fullest first. Comes in chunks of two
    arrays, i and j. Time is linear in the number of keys times `GROUP_AT_MOST`.
    """
    import numpy as np

    if not len(keys):
        return
    count = int(owners.max()) + 1
    noise = np.random.default_rng(1).integers(1, 2**62, size=count, dtype=np.int64)
    parts = 1 + len(keys) // KEYS_AT_ONCE
    found = []
    for part in range(parts):
        some = keys % parts == part if parts > 1 else slice(None)
        found.append(_pairs_among(keys[some], owners[some], noise))
    codes = _distinct(np.concatenate(found))
    del found
    for start in range(0, len(codes), CHUNK):
        chunk = codes[start : start + CHUNK]
        yield chunk // count, chunk % count


def _pairs_among(
    keys: NDArray[np.int64], owners: NDArray[np.int32], noise: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The pairs of items that share one of some keys, each as i * len(noise) + j, sorted, each once."""
    import numpy as np

    count = len(noise)
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order].astype(np.int64)
    once = np.concatenate(([True], (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])))
    keys, owners = keys[once], owners[once]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    lengths = np.diff(np.append(starts, len(keys)))
    starts, lengths = starts[lengths > 1], lengths[lengths > 1]
    # many keys are shared by the very same items: look at each set of items once
    total = np.concatenate(([0], np.cumsum(noise[owners])))
    _, first = np.unique(total[starts + lengths] - total[starts], return_index=True)
    starts, lengths = starts[first], lengths[first]
    found = [np.empty(0, dtype=np.int64)]
    for length in sorted(set(lengths.tolist())):
        groups = owners[starts[lengths == length][:, None] + np.arange(length)]
        if length <= GROUP_AT_MOST:
            left, right = np.triu_indices(length, 1)
        else:
            left, right = np.nonzero(np.arange(HUBS)[:, None] < np.arange(length)[None, :])
        found.append((groups[:, left] * count + groups[:, right]).ravel())
    return _distinct(np.concatenate(found))


def _distinct(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sorted, each once; numpy's own `unique` hashes, which takes ten times as long here."""
    import numpy as np

    codes = np.sort(codes)
    return codes[np.concatenate(([True], codes[1:] != codes[:-1]))] if len(codes) else codes
