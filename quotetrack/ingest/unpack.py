"""Compressed streams (gzip, bzip2, xz) → their bytes, with bombs, damage and cut ends refused by name."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

from quotetrack.ingest.limits import (
    FREE_ARCHIVE,
    FREE_UNPACKED,
    HEAD,
    MAX_RATIO,
    MAX_STREAM,
    MAX_XZ_MEMORY,
    Refused,
)

Packing = Literal["gzip", "bzip2", "xz"]
GZIP = b"\x1f\x8b"
_MAGIC: dict[bytes, Packing] = {GZIP: "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
_BLOCK_OF_BZIP2 = (b"1AY&SY", b"\x17rE8P\x90")  # what follows "BZh" and one digit: a block, or the end


@dataclass(slots=True)
class Budget:
    """What has come out of one document that the user named, everything packed inside it together.

    packed: bytes that the outermost file gave; unpacked: bytes that its packings gave, each layer
    counted; members: documents found in archives.
    """

    packed: int = 0
    unpacked: int = 0
    members: int = 0

    def spent(self) -> str | None:
        """Why nothing more may be unpacked; None while something may."""
        if self.unpacked > MAX_STREAM:
            return f"unpacks to more than {MAX_STREAM:,} bytes"
        if self.unpacked > FREE_ARCHIVE and self.unpacked > MAX_RATIO * self.packed:
            return (
                f"bomb: over {MAX_RATIO} unpacked bytes per packed byte after {self.unpacked:,} bytes in all"
            )
        return None


@dataclass(slots=True)
class Meter:
    """One packing's bytes, in and out. what: its name in a refusal, e.g. "gzip file"."""

    what: str
    budget: Budget
    packed: int = 0
    unpacked: int = 0

    def count(self, unpacked: int) -> None:
        """Raise Refused when this packing, or all of the document's together, gave too much."""
        self.unpacked += unpacked
        self.budget.unpacked += unpacked
        if self.unpacked > FREE_UNPACKED and self.unpacked > MAX_RATIO * self.packed:
            kind = self.what.removesuffix(" file")
            raise Refused(
                f"{kind} bomb: over {MAX_RATIO} unpacked bytes per packed byte after {self.unpacked:,} bytes"
            )
        if reason := self.budget.spent():
            raise Refused(f"{self.what} {reason}")


class Counted(io.RawIOBase):
    """A stream whose bytes are counted as the packed ones of a budget."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = some(self._stream, len(buffer))
        self._budget.packed += len(part)
        buffer[: len(part)] = part
        return len(part)


def packing_of(head: bytes) -> Packing | None:
    """How a document that begins with `head` is compressed; None when it is not."""
    for magic, packing in _MAGIC.items():
        if head.startswith(magic) and (packing != "bzip2" or head[4:10] in _BLOCK_OF_BZIP2):
            return packing
    return None


def unpack(stream: BinaryIO, packing: Packing = "gzip", budget: Budget | None = None) -> BinaryIO:
    """The unpacked bytes of a compressed stream; reading raises Refused on damage and on bombs."""
    return io.BufferedReader(_Unpacked(stream, packing, budget or Budget()), HEAD)


def some(stream: BinaryIO, size: int) -> bytes:
    """At most `size` bytes, those that one read gives, so that damage behind them cannot swallow them."""
    part: bytes = getattr(stream, "read1", stream.read)(size)
    return part


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Inflate:
    """zlib's decoder with the manners of the other two: it keeps the input that it was not yet asked for."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


def _decoder(packing: Packing) -> _Decoder:
    if packing == "gzip":
        return _Inflate()
    if packing == "bzip2":
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MAX_XZ_MEMORY)


class _Unpacked(io.RawIOBase):
    """A compressed file, several members included, unpacked as it is read."""

    def __init__(self, stream: BinaryIO, packing: Packing, budget: Budget) -> None:
        self._stream = stream
        self._packing: Packing = packing
        self._member = _decoder(packing)
        self._meter = Meter(f"{packing} file", budget)
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = b""
        more = b""
        while not part and not self._ended:
            if self._member.eof:
                more = self._between()
                if not more:
                    self._ended = True
                    return 0
                self._member = _decoder(self._packing)
            part = self._decoded(more, len(buffer))
            if not part and not self._member.eof:
                more = self._more()
                if not more:
                    after = f"after {self._meter.unpacked:,} bytes"
                    raise Refused(f"cut-off {self._packing} file: it ends within its data, {after}")
            else:
                more = b""
        self._meter.count(len(part))
        buffer[: len(part)] = part
        return len(part)

    def _decoded(self, data: bytes, size: int) -> bytes:
        try:
            return self._member.decompress(data, size)
        except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
            raise Refused(
                f"damaged {self._packing} file after {self._meter.unpacked:,} bytes: {error}"
            ) from error

    def _between(self) -> bytes:
        """What follows a whole member without the padding that some tools write; b"" at the end."""
        more = self._member.unused_data.lstrip(b"\0")
        while not more and (more := self._more()):
            more = more.lstrip(b"\0")
        return more

    def _more(self) -> bytes:
        part = some(self._stream, HEAD)
        self._meter.packed += len(part)
        return part
