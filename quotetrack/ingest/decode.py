"""Bytes → clean text: encodings, control characters, line ends, mojibake.

Offsets count code points of the stored text, so all of this happens before anything is stored.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from quotetrack.ingest.limits import HEAD, MAX_TEXT, Refused

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document: convert it to text first"),
    (b"{\\rtf", "a rich text document (RTF): convert it to text first"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"Rar!\x1a", "a RAR archive: unpack it first"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"OggS", "an Ogg recording"),
    (b"ID3", "an MP3 recording"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_STRAY = 2  # control bytes that a text may have, however short it is
_BINARY_SHARE = 0.01  # control bytes per byte; a text has none, an image or a program 5 to 15 %

# Labels are read as browsers read them (WHATWG Encoding): the wider set wins.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "big5": "big5hkscs",
}
_GUESSED = [
    *("cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949"),
]

_LINE_END = re.compile("[\r\v\f\u2028\u2029]")
_REMOVED = re.compile("\r(?=\n)|[\x00-\x08\x0e-\x1f\x7f]|\\A\ufeff")
_SURROGATE = re.compile("[\ud800-\udfff]")

_MIN_SIGNS = 2  # unlikely pairs of characters; a single one may be meant


@dataclass(frozen=True, slots=True)
class Decoded:
    """text: as it is stored. notes: what had to be guessed or repaired (for `Article.extra`)."""

    text: str
    notes: dict[str, object]


def binary(head: bytes) -> str | None:
    """What a document that is no text seems to be; None for text. `head`: its first bytes."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if any(head.startswith(bom) for bom, _ in _BOMS) or _wide(head):
        return None
    controls = len(head) - len(head.translate(None, _CONTROL))
    if controls > max(_STRAY, _BINARY_SHARE * len(head)):
        return f"a binary file: {controls} control bytes in the first {len(head)}"
    return None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a document: byte-order mark, UTF-8, the declared encoding, then a guess from the bytes.

    UTF-8 goes before a declaration, since bytes that are valid UTF-8 are it by all likelihood,
    whatever a server claims. Raises Refused for what is no text, naming what it seems to be.
    """
    if what := binary(data[:HEAD]):
        raise Refused(what)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, {})
    if wide := _wide(data[:HEAD]):
        return _strict(data, wide, {"encoding": wide})
    known = _codec(declared)
    if known and b"\x1b" in data and (known.startswith("iso2022") or known == "hz"):
        return _strict(data, known, {"encoding": known})
    try:
        return Decoded(tidy(data.decode("utf-8")), {})
    except UnicodeDecodeError as error:
        first = error
    if known and known not in ("utf-8", "utf-16", "utf-32"):
        try:
            return Decoded(tidy(data.decode(known)), {"encoding": known})
        except (UnicodeDecodeError, LookupError):
            known = None
    if repaired := _nearly_utf8(data):
        return repaired
    return _guessed(data, declared, first)


def tidy(text: str) -> str:
    """Line ends as one line feed each, C0 control characters and a byte-order mark removed.

    C1 controls stay: they are what is left of letters in mojibake, which offsets and repair need.
    """
    return _LINE_END.sub("\n", _REMOVED.sub("", text))


def moves(text: str) -> list[int]:
    """Where `tidy` removes a character: offsets into `text`, ascending. See `moved`."""
    return [match.start() for match in _REMOVED.finditer(text)]


def moved(offset: int, removed: list[int]) -> int:
    """The offset into `tidy(text)` for one into `text`; `removed` comes from `moves(text)`."""
    return offset - bisect_left(removed, offset)


def lone_surrogate(text: str) -> int | None:
    """Offset of the first half of a broken surrogate pair, which no encoding can store; or None."""
    match = _SURROGATE.search(text)
    return match.start() if match else None


def checked(text: str) -> str:
    """`text` itself when an article may hold it; raises Refused when empty, too long or not storable."""
    if not text.strip():
        raise Refused("no text")
    if len(text) > MAX_TEXT:
        raise Refused(f"text of {len(text):,} characters, the limit is {MAX_TEXT:,}: split it")
    if (offset := lone_surrogate(text)) is not None:
        raise Refused(f"lone surrogate at offset {offset}")
    return text


def repair(text: str) -> tuple[str, str | None]:
    """Undo mojibake ("fÃ¼r" → "für") where that is certain; returns the text and what was done.

    Certain: there are several signs of it, and ftfy finds a chain of decodings that leaves none
    and loses no character.
    """
    from ftfy import fix_encoding_and_explain
    from ftfy.badness import badness

    if text.isascii() or not _pairs().search(text) or badness(text) < _MIN_SIGNS:
        return text, None
    fixed, steps = fix_encoding_and_explain(text)
    if fixed == text or badness(fixed) or fixed.count("\ufffd") > text.count("\ufffd"):
        return text, None
    return tidy(fixed), "mojibake: " + ", ".join(f"{step.action} {step.parameter}" for step in steps or ())


@cache
def _pairs() -> re.Pattern[str]:
    """What mojibake must hold: a first and a following byte of UTF-8, both read in one of ftfy's encodings.

    Also the C1 controls, which are what Latin-1 makes of Windows letters. ftfy's own signs take ten times
    as long to look for, and most texts have no such pair.
    """
    from ftfy.chardata import CHARMAP_ENCODINGS

    firsts: set[str] = set()
    pairs: list[str] = []
    for encoding in CHARMAP_ENCODINGS:
        first, following = (
            bytes(range(*places)).decode(encoding, "ignore") for places in ((0xC2, 0xF5), (0x80, 0xC0))
        )
        firsts.update(first)
        pairs.append(f"(?<=[{re.escape(first)}])[{re.escape(following)}]")
    return re.compile(f"[{re.escape(''.join(sorted(firsts)))}](?:{'|'.join(pairs)})|[\x80-\x9f]")


def repaired(text: str) -> tuple[str, dict[str, object]]:
    """`text` as `repair` and `checked` leave it, and the note for `Article.extra` where it was repaired."""
    fixed, done = repair(checked(text))
    return checked(fixed), {"repaired": done} if done else {}


def _strict(data: bytes, encoding: str, notes: dict[str, object]) -> Decoded:
    try:
        return Decoded(tidy(data.decode(encoding)), notes)
    except UnicodeDecodeError as error:
        raise Refused(
            f"wrong encoding: marked as {encoding.removesuffix('-sig')}, "
            f"broken at byte {error.start}: {error.reason}"
        ) from error


def _codec(label: str | None) -> str | None:
    """Python's name of a declared encoding, widened as browsers do; None when unknown."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a byte-order mark: nearly every other byte is NUL in Latin text."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0) / pairs, head[1 : 2 * pairs : 2].count(0) / pairs
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else None


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with few broken bytes, or a cut last character: kept, the breaks marked with U+FFFD."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    cut = text.endswith("\ufffd")
    right = sum(ch > "\x7f" for ch in text) - broken
    if right < 10 * broken and not (broken == 1 and cut):
        return None
    return Decoded(tidy(text), {"repaired": f"{broken} broken UTF-8 sequences replaced by U+FFFD"})


def _guessed(data: bytes, declared: str | None, first: UnicodeDecodeError) -> Decoded:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:HEAD], cp_isolation=_GUESSED, enable_fallback=False).best()
    if best is not None:
        with suppress(UnicodeDecodeError):  # only the head fitted: refused below
            return Decoded(tidy(data.decode(best.encoding)), {"encoding": f"{best.encoding} (guessed)"})
    said = f"declared as {declared}, " if declared else ""
    raise Refused(
        f"wrong encoding: {said}not UTF-8 (byte 0x{data[first.start]:02x} at {first.start}) "
        "and no other encoding fits: save it as UTF-8"
    )
