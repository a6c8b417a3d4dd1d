"""Mails (EML, and mailboxes as mbox) → one Article a mail, and the documents attached to it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from lxml import html

from quotetrack.ingest.archive import member
from quotetrack.ingest.canonical import host_of
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import checked, decode, repair, tidy
from quotetrack.ingest.limits import HEAD, MAX_DEPTH, MAX_DOCUMENT, MAX_ITEMS, Refused
from quotetrack.ingest.markup import decode_markup, one_line, paragraphs, parse_html
from quotetrack.ingest.source import Held, Source
from quotetrack.types import Article, Failure

_MAX_PARTS = 500  # parts of one mail
_LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID")
_PASSED_OVER = re.compile(
    r"(?:image|audio|video|font)/|text/(?:calendar|css|x-amp-html|directory|vcard)|multipart/"
    r"|application/(?:pgp-signature|(?:x-)?pkcs7-signature|ics|ms-tnef|javascript)"
    r"|message/(?:delivery-status|disposition-notification|external-body)"
)
_WIDTH = range(50, 81)  # code points of a line that a mail program wrapped
_SECRET = (
    "multipart/encrypted",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
    "application/pgp-encrypted",
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\u00a0\u00ad\u034f\u061c\u115f\u180e\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\s]+"
)
_LONGEST_HEADER = 2_000  # characters of one header field that are looked at


def read_mail(source: Source) -> Held:
    """Yield the Article of a mail (of each mail in a mailbox), then what is attached, as Members.

    The HTML part goes before the plain one. Mailing lists and newsletters are outlets by the name they
    send under; a person's mail names its author, and its outlet by the host of the address. Pictures,
    signatures and calendar entries are passed over; a forwarded mail is a mail of its own.
    """
    try:
        for number, data in enumerate(_mails(source), 1):
            if number > MAX_ITEMS:
                raise Refused(f"more than {MAX_ITEMS:,} mails: the rest is left out")
            origin = (
                source.origin
                if number == 1 and not data.startswith(b"From ")
                else f"{source.origin}#{number}"
            )
            yield from _mail(data, replace(source, origin=origin))
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def _mails(source: Source) -> Iterator[bytes]:
    """The bytes of each mail: the whole document, or the pieces of a mailbox, cut at its "From " lines."""
    data = bytearray()
    box = blank = False
    while line := source.stream.readline(HEAD):
        if not data and not box:
            box = line.startswith(b"From ")
        elif box and blank and line.startswith(b"From "):
            yield bytes(data)
            data.clear()
        data += line[1:] if box and line.startswith(b">From ") else line
        blank = not line.strip()
        if len(data) > MAX_DOCUMENT:
            raise Refused(f"larger than the limit of {MAX_DOCUMENT:,} bytes for one document")
    if not data.strip():
        raise Refused("empty file")
    yield bytes(data)


def _mail(data: bytes, source: Source) -> Held:
    try:
        message: Message = message_from_bytes(data.partition(b"\n")[2] if data.startswith(b"From ") else data)
    except (RecursionError, MessageError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise Refused(f"broken mail: {type(error).__name__}: {error}") from error
    yield from _message(message, source)


def _message(message: Message, source: Source) -> Held:
    """The Article of one mail and what is attached to it."""
    origin = source.origin
    if source.depth > MAX_DEPTH:
        yield Failure(origin, f"mail forwarded or packed more than {MAX_DEPTH} times over")
        return
    if message.get_content_type() in _SECRET:
        yield Failure(origin, "encrypted mail: save it decrypted first")
        return
    headers = _headers(message)
    said = _said(headers, origin)
    try:
        shown = _Shown()
        bodies, attached = _parts(message, shown)
        text, notes = _text(bodies, shown)
    except Refused as refusal:
        yield Failure(origin, str(refusal))
        return
    if text.strip():
        text, repaired = repair(text)
        extra = notes | ({"repaired": repaired} if repaired else {})
        try:
            yield replace(said, text=checked(text), extra=extra)
        except Refused as refusal:
            yield Failure(origin, str(refusal))
    elif not attached:
        yield Failure(origin, "mail without text")
    hint = Article(origin, "", outlet=said.outlet, published=said.published)
    for number, part in enumerate(attached, 1):
        name = _name(part) or f"part {number}"
        inner = _forwarded(part)
        if inner is not None:
            yield from _message(inner, replace(source, origin=f"{origin}#{name}", depth=source.depth + 1))
        else:
            yield member(source, io.BytesIO(_payload(part)), name, hint)


def _said(headers: dict[str, str], origin: str) -> Article:
    """What a mail's headers say of it, as an Article without text."""
    name, address = parseaddr(headers.get("from", ""))
    host = host_of(f"https://{address.rpartition('@')[2]}/") if "@" in address else None
    listed = any(key.lower() in headers for key in _LISTS)
    sender = one_line(name)
    return Article(
        origin,
        "",
        doc_id=(one_line(headers.get("message-id")) or "").strip("<>") or None,
        outlet=one_line(headers.get("organization")) or (sender if listed else None) or host,
        title=one_line(headers.get("subject")),
        published=iso_date(headers.get("date", "").partition("(")[0]),
        author=None if listed else sender,
    )


def _headers(message: Message) -> dict[str, str]:
    """The header fields by name in lower case, encoded words decoded; the first of each name."""
    found: dict[str, str] = {}
    for name, raw in message.raw_items():
        if name.lower() not in found:
            found[name.lower()] = _decoded(str(raw)[:_LONGEST_HEADER])
    return found


def _decoded(raw: str) -> str:
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(raw, None)]
    text = ""
    for piece, charset in pieces:
        data = piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
        try:
            text += decode(data, charset).text
        except Refused:
            text += data.decode("ascii", "replace")
    return text


# --------------------------------------------------------------------- parts


class _Shown(dict[int, tuple[str, dict[str, object]]]):
    """The text of parts and what was guessed to read them, each parsed once however alternatives nest."""

    def of(self, part: Message) -> tuple[str, dict[str, object]]:
        if id(part) not in self:
            self[id(part)] = _shown_text(part)
        return self[id(part)]


def _parts(message: Message, shown: _Shown) -> tuple[list[Message], list[Message]]:
    """The parts that are a mail's text, and those attached to it. Raises Refused for too many parts."""
    bodies: list[Message] = []
    attached: list[Message] = []
    waiting = [message]
    count = 0
    while waiting:
        part = waiting.pop(0)
        count += 1
        if count > _MAX_PARTS:
            raise Refused(f"mail of more than {_MAX_PARTS} parts")
        kind = part.get_content_type()
        inside = part.get_payload()
        if kind in _SECRET:
            raise Refused("encrypted mail: save it decrypted first")
        if kind == "message/rfc822":
            attached.append(part)
        elif isinstance(inside, list):
            inner = [each for each in inside if isinstance(each, Message)]
            waiting[:0] = _best(inner, shown) if kind == "multipart/alternative" else inner
        elif _PASSED_OVER.match(kind):
            continue
        elif kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            bodies.append(part)
        else:
            attached.append(part)
    return bodies, attached


def _best(parts: list[Message], shown: _Shown) -> list[Message]:
    """Of alternatives the one with HTML, else the last; the plain one behind it for an HTML without text."""
    rich = [part for part in parts if part.get_content_type() != "text/plain"]
    holds = [part for part in rich if any(each.get_content_type() == "text/html" for each in part.walk())]
    return (holds or parts)[-1:] if _worded(holds[-1:], shown) else parts[:1]


def _worded(parts: list[Message], shown: _Shown) -> bool:
    """Whether an alternative's HTML shows any text."""
    for part in parts:
        for each in part.walk():
            if each.get_content_type() == "text/html" and shown.of(each)[0].strip():
                return True
    return False


def _text(bodies: list[Message], shown: _Shown) -> tuple[str, dict[str, object]]:
    """The text of a mail's parts in their order, and what had to be guessed to read them."""
    texts: list[str] = []
    notes: dict[str, object] = {}
    for part in bodies:
        text, said = shown.of(part)
        notes |= said
        if text.strip():
            texts.append(text.strip())
    return "\n\n".join(texts), notes


def _shown_text(part: Message) -> tuple[str, dict[str, object]]:
    data, charset = _payload(part), _charset(part)
    if not data.strip():
        return "", {}
    if part.get_content_type() == "text/html":
        decoded = decode_markup(data, charset)
        try:
            root = parse_html(decoded.text)
        except Refused:
            return "", decoded.notes
        blocks = paragraphs(_visible(root)).split("\n\n")
        return "\n\n".join(block for block in blocks if _INVISIBLE.sub("", block)), decoded.notes
    decoded = decode(data, charset)
    return unwrapped(decoded.text), decoded.notes


def _visible(root: html.HtmlElement) -> html.HtmlElement:
    """The tree without what a mail hides: the preview line that newsletters put before their text."""
    for element in root.xpath("//*[@hidden or @style]"):
        if element is not root and (
            element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "")
        ):
            element.drop_tree()
    return root


def unwrapped(text: str) -> str:
    """Plain text whose lines were wrapped by a mail program, each paragraph on one line again.

    Only where that is plain to see: every line of a paragraph but its last is of a wrapped line's length.
    """
    paragraphs = []
    for block in re.split(r"\n[ \t]*\n", tidy(text)):
        lines = [line.rstrip() for line in block.split("\n")]
        wrapped = len(lines) > 1 and all(len(line) in _WIDTH for line in lines[:-1])
        paragraphs.append(" ".join(lines) if wrapped else "\n".join(lines))
    return "\n\n".join(paragraphs)


def _forwarded(part: Message) -> Message | None:
    inside = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(inside, list) and inside:
        return inside[0] if isinstance(inside[0], Message) else None
    return None


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, AttributeError):
        data = None
    return data if isinstance(data, bytes) else b""


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, UnicodeError):
        return None


def _name(part: Message) -> str | None:
    try:
        inner = _forwarded(part)
        name = _headers(inner).get("subject") if inner is not None else part.get_filename()
    except (LookupError, ValueError, UnicodeError, TypeError):
        return None
    return one_line(_decoded(str(name))) if name else None
