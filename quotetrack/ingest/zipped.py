"""Zip files opened with bounded memory: their directory, and one member's bytes at a time."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from quotetrack.ingest.limits import HEAD, MAX_ARCHIVE, MAX_DIRECTORY, Refused
from quotetrack.ingest.source import Source
from quotetrack.ingest.unpack import Budget, Meter, some

_IN_MEMORY = 8_000_000  # bytes of a streamed archive up to which no temporary file is needed
_ENCRYPTED = 0x1  # of a member's flags
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the ones that Python unpacks in bounded memory
_END = struct.Struct("<4s4H2LH")
_LOCATOR_64 = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_COMMENT = 65_535  # bytes at the most
_NO_ZIP = "damaged zip archive: it has no directory, so it is cut off or no zip"
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError),
    *(struct.error, OverflowError, LookupError),
)


@contextmanager
def open_zip(source: Source) -> Iterator[zipfile.ZipFile]:
    """The archive of a document, whose stream is put aside first when it cannot be read in any order.

    Raises Refused when it is none, or its directory exceeds MAX_DIRECTORY.
    """
    with _seekable(source) as file:
        _refuse_large_directory(file)
        try:
            archive = zipfile.ZipFile(file)
        except _DAMAGE as error:
            raise Refused(f"damaged zip archive: {error}") from error
        with archive:
            yield archive


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> BinaryIO:
    """One member's bytes. Raises Refused, here or while it is read: encrypted, bomb, damaged."""
    if info.flag_bits & _ENCRYPTED:
        raise Refused("encrypted: unpack it with its password first")
    if info.compress_type not in _METHODS:
        raise Refused(f"packed by zip method {info.compress_type}, which is not read: unpack it first")
    try:
        stream = cast(BinaryIO, archive.open(info))
    except _DAMAGE as error:
        raise Refused(f"damaged in its zip archive: {error}") from error
    meter = Meter("zip", budget, packed=info.compress_size)
    return io.BufferedReader(_MemberStream(stream, meter), HEAD)


class _MemberStream(io.RawIOBase):
    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            part = some(self._stream, len(buffer))
        except _DAMAGE as error:
            raise Refused(f"damaged in its zip archive: {error or type(error).__name__}") from error
        self._meter.count(len(part))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def _seekable(source: Source) -> Iterator[BinaryIO]:
    """The document where it can be read in any order: its own file, or a temporary copy."""
    if source.file is not None:
        size = source.file.seek(0, io.SEEK_END)
        source.budget.packed = max(source.budget.packed, size)
        yield source.file
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        size = 0
        while part := some(source.stream, HEAD):
            size += len(part)
            if size > MAX_ARCHIVE:
                raise Refused(f"zip archive larger than the limit of {MAX_ARCHIVE:,} bytes for a stream")
            copy.write(part)
        yield cast(BinaryIO, copy)


def _refuse_large_directory(file: BinaryIO) -> None:
    """Raise Refused for an archive whose end record announces a directory beyond MAX_DIRECTORY."""
    size = file.seek(0, io.SEEK_END)
    tail_at = max(0, size - _COMMENT - _END.size)
    file.seek(tail_at)
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise Refused(_NO_ZIP)
    directory = _END.unpack_from(tail, place)[5]
    locator_at = tail_at + place - _LOCATOR_64.size
    if locator_at >= 0:
        file.seek(locator_at)
        magic, _, end_at, _ = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
        if magic == b"PK\x06\x07":
            # zipfile itself looks for the record right before its locator, whatever the locator says
            for at in {end_at, locator_at - _END_64.size}:
                if 0 <= at <= size - _END_64.size:
                    file.seek(at)
                    fields = _END_64.unpack(file.read(_END_64.size))
                    directory = (
                        max(directory % 0xFFFFFFFF, fields[8]) if fields[0] == b"PK\x06\x06" else directory
                    )
    if directory > min(MAX_DIRECTORY, size):
        raise Refused(f"zip archive with a directory of more than {MAX_DIRECTORY:,} bytes: split it")
    file.seek(0)
