"""A normalised text as bytes, to be kept beside its occurrence: reading it back takes a tenth of the time.

The bytes say which text and which tables they were made from; where either has changed they are of no use.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from struct import Struct, calcsize, pack, unpack_from
from typing import NamedTuple
from zlib import crc32

from quotetrack.cluster.normalise import Form, sums_of
from quotetrack.cluster.words import letters
from quotetrack.paths import data_path
from quotetrack.types import Occurrence

#: To be raised whenever `normalise` or `words` read a text otherwise than before.
VERSION = 1
_HEAD = Struct("<IIHHB2s")  # tables, text, words, gaps, caseless, language
_ORIGIN = Struct("<II")  # its first two
#: Kept texts up to this many bytes are remembered once read: one new quote reads the same ones several times,
#: and an archive shows the same candidates again and again. At most 25 MB.
SHORT_BYTES, REMEMBERED = 1000, 1 << 13


@cache
def _tables() -> int:
    """Stands for all that normalising depends on."""
    found = VERSION
    for path in sorted(data_path("cluster").iterdir()):
        if path.suffix in (".toml", ".txt"):
            found = crc32(path.read_bytes(), found)
    return found


def _origin(occurrence: Occurrence) -> int:
    return crc32(f"{occurrence.language}\x1f{occurrence.text}".encode("utf-8", "surrogatepass"))


def packed(occurrence: Occurrence, form: Form) -> bytes:
    """`form`, which is what the occurrence's text reads as."""
    words, gaps = len(form.words), sorted(form.gaps)
    head = _HEAD.pack(
        _tables(), _origin(occurrence), words, len(gaps), form.caseless, form.language.encode("ascii")
    )
    nats = bytes([round(10 * (after - before)) for before, after in pairwise(form.sums)])
    text = " ".join(form.words).encode("utf-8", "surrogatepass")
    return b"".join((head, form.flags, nats, pack(f"<{len(gaps)}H", *gaps), text))


class Extent(NamedTuple):
    """How much a text says: its nats, its words, and the places where words were left out with a mark."""

    nats: float
    words: int
    gaps: int


def unpacked(occurrence: Occurrence) -> Form | None:
    """The form kept with an occurrence; None where there is none, or one of another text or other tables."""
    held = _held(occurrence)
    if held is None:
        return None
    return (_short if len(held) <= SHORT_BYTES else _form)(held)


def extent(occurrence: Occurrence) -> Extent | None:
    """That of the form kept with an occurrence, without reading its words; None where `unpacked` is."""
    held = _held(occurrence)
    if held is None:
        return None
    _, _, words, gaps, _, _ = _HEAD.unpack_from(held)
    start = _HEAD.size + words
    return Extent(sum(held[start : start + words]) / 10, words, gaps)


def _held(occurrence: Occurrence) -> bytes | None:
    if occurrence.form is None or len(occurrence.form) < _HEAD.size:
        return None
    tables, origin = _ORIGIN.unpack_from(occurrence.form)
    if tables != _tables() or origin != _origin(occurrence):
        return None
    return occurrence.form


def _form(held: bytes) -> Form:
    _, _, count, marked, caseless, language = _HEAD.unpack_from(held)
    start = _HEAD.size
    nats, gaps = start + count, start + 2 * count
    end = gaps + calcsize(f"<{marked}H")
    words = tuple(held[end:].decode("utf-8", "surrogatepass").split(" ")) if count else ()
    return Form(
        language=language.rstrip(b"\0").decode("ascii"),
        words=words,
        signature=letters(words),
        flags=held[start:nats],
        sums=sums_of(held[nats:gaps]),
        gaps=frozenset(unpack_from(f"<{marked}H", held, gaps)),
        caseless=bool(caseless),
    )


_short = lru_cache(maxsize=REMEMBERED)(_form)
