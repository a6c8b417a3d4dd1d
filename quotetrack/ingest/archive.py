"""Archives (zip, tar) → the documents inside them, one after the other. Names inside are labels only."""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from quotetrack.ingest.decode import tidy
from quotetrack.ingest.docx import office_kind, read_package
from quotetrack.ingest.limits import HEAD, MAX_NAME, Refused
from quotetrack.ingest.source import Held, Member, Source
from quotetrack.ingest.unpack import some
from quotetrack.ingest.zipped import open_member, open_zip
from quotetrack.types import Article, Failure

_BLOCK = 512  # bytes of a tar header; files are filled up to a multiple of it
_HEADERS = 1_000_000  # bytes of one extension header of a tar
_REGULAR = frozenset((tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE))
_WITHOUT_DATA = frozenset(
    (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE)
)
_EXTENSIONS = frozenset(
    (
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    )
)
_PAX_RECORD = re.compile(rb"(\d{1,8}) ([^=\n]{1,200})=")


def read_zip(source: Source) -> Held:
    """Yield the documents of a zip archive; of one that is an office document, its text.

    Members that are encrypted, damaged, bombs or packed by odd methods are Failures `ARCHIVE#NAME`.
    """
    try:
        with open_zip(source) as archive:
            if office_kind(archive):
                yield from read_package(source, archive)
                return
            empty = True
            for info in archive.infolist():
                if info.is_dir() or _passed_over(info.filename):
                    continue
                empty = False
                origin = member_origin(source, info.filename)
                try:
                    with open_member(archive, info, source.budget) as stream:
                        yield member(source, stream, info.filename)
                except Refused as refusal:
                    yield Failure(origin, str(refusal))
            if empty:
                yield Failure(source.origin, "zip archive without files")
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def read_tar(source: Source) -> Held:
    """Yield the documents of a tar archive as a stream; nothing is unpacked to disk.

    Links, devices and sparse files are Failures. An archive that is cut off or damaged gives what lies
    before the damage, and one Failure that says after which file.
    """
    last = "its start"
    empty = True
    try:
        for entry in _entries(source.stream):
            if entry.type == tarfile.DIRTYPE or _passed_over(entry.name):
                continue
            empty = False
            if entry.type not in _REGULAR:
                yield Failure(member_origin(source, entry.name), "not a regular file of the archive")
            elif entry.size == 0:
                yield Failure(member_origin(source, entry.name), "empty file")
            else:
                yield member(source, entry.stream, entry.name)
            last = _label(entry.name)
    except Refused as refusal:
        yield Failure(source.origin, f"tar archive ends after {last}: {refusal}")
    else:
        if empty:
            yield Failure(source.origin, "tar archive without files")


def member(source: Source, stream: BinaryIO, name: str, hint: Article | None = None) -> Member:
    """The document called `name` inside `source`."""
    inside = Source(
        member_origin(source, name),
        stream,
        name,
        options=source.options,
        depth=source.depth + 1,
        budget=source.budget,
    )
    return Member(inside, hint)


def member_origin(source: Source, name: str) -> str:
    return f"{source.origin}#{_label(name)}"


def _label(name: str) -> str:
    """A name inside an archive as it can be printed and stored."""
    return tidy(name.encode("utf-8", "replace").decode("utf-8"))[:MAX_NAME].replace("\n", " ")


def _passed_over(name: str) -> bool:
    """Hidden files and what macOS packs along, left out as in folders."""
    return any((part.startswith(".") and part.strip("./")) or part == "__MACOSX" for part in name.split("/"))


# --------------------------------------------------------------------- tar


@dataclass(slots=True)
class _Entry:
    name: str
    type: bytes
    size: int
    stream: BinaryIO


class _Slice(io.RawIOBase):
    """The next `size` bytes of a stream."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = some(self._stream, min(len(buffer), self.left))
        if not part and self.left and len(buffer):
            raise Refused(f"cut off: {self.left:,} bytes are missing")
        self.left -= len(part)
        buffer[: len(part)] = part
        return len(part)


def _entries(stream: BinaryIO) -> Iterator[_Entry]:
    """The entries of a tar in its order, with the long names of GNU and pax. Raises Refused on damage.

    tarfile's own stream takes a damaged header for the end and holds headers of any size in memory.
    """
    said: dict[str, str] = {}
    while (block := _block(stream)) and block.strip(b"\0"):
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError) as error:
            raise Refused(f"damaged header: {error}") from error
        extended = info.type == tarfile.GNUTYPE_SPARSE and block[482]
        while extended:
            extended = (_block(stream) or bytes(_BLOCK))[504]
        size = info.size if info.type not in _WITHOUT_DATA else 0
        if info.type in _EXTENSIONS:
            said |= _extension(info.type, _exactly(stream, size))
        else:
            size = _number(said.get("size"), size)
            entry = _Entry(
                said.get("path") or info.name, info.type, size, cast(BinaryIO, _Slice(stream, size))
            )
            yield entry
            while some(entry.stream, HEAD):  # what its reader left
                pass
            said = {}
        _exactly(stream, -size % _BLOCK)


def _extension(kind: bytes, data: bytes) -> dict[str, str]:
    """What an extension header says of the entry behind it: `path` and `size`, where it does."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return {"path": data.rstrip(b"\0").decode("utf-8", "surrogateescape")}
    if kind not in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
        return {}
    said = {}
    while match := _PAX_RECORD.match(data):
        length = int(match[1])
        if length <= match.end():
            break
        value = data[match.end() : length].rstrip(b"\n").decode("utf-8", "surrogateescape")
        if match[2] in (b"path", b"size"):
            said[match[2].decode()] = value
        data = data[length:]
    return said


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 20 else otherwise


def _block(stream: BinaryIO) -> bytes:
    """The next header block; b"" where the stream ends."""
    first = some(stream, _BLOCK)
    return first + _exactly(stream, _BLOCK - len(first)) if first else b""


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """The next `size` bytes, at most _HEADERS. Raises Refused when there are fewer."""
    if size > _HEADERS:
        raise Refused(f"header of more than {_HEADERS:,} bytes")
    data = b""
    while len(data) < size:
        part = some(stream, size - len(data))
        if not part:
            raise Refused("cut off within a header")
        data += part
    return data
