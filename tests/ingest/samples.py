"""Small files of every format, built from invented texts: fictional people, places and papers."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from xml.sax.saxutils import escape

TEXT = "„Wir warten nicht“, sagte Anna Weber, Sprecherin des erfundenen Rates von Musterstadt."
PRINTED = Sequence[tuple[float, float, float, str]]  # x, y, size, words


def pdf(pages: Iterable[PRINTED], info: Mapping[str, str] | None = None, packed: bool = False) -> bytes:
    """A PDF whose pages show lines of Helvetica at points (x, y)."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for page in pages:
        shown = b"".join(
            b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (size, x, y, _string(words))
            for x, y, size, words in page
        )
        data, said = (zlib.compress(shown), b" /Filter /FlateDecode") if packed else (shown, b"")
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), said, data))
        contents = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % contents
        )
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    said = b"".join(b"/%s (%s) " % (key.encode(), _string(value)) for key, value in (info or {}).items())
    objects.append(b"<< %s>>" % said)
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        table,
    )
    return bytes(out)


def _string(words: str) -> bytes:
    data = words.encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def printed(*lines: str, top: float = 700, left: float = 72, leading: float = 14) -> PRINTED:
    """Lines below each other; an empty one leaves a gap."""
    return [(left, top - number * leading, 11, line) for number, line in enumerate(lines) if line]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CORE = (
    '<cp:coreProperties xmlns:cp="x" xmlns:dc="y" xmlns:dcterms="z"><dc:title>{title}</dc:title>'
    "<dc:creator>Erika Muster</dc:creator><dcterms:created>2025-03-04T10:00:00Z</dcterms:created>"
    "</cp:coreProperties>"
)


def docx(body: str | Sequence[str], title: str = "Rat streitet", **members: str) -> bytes:
    """A DOCX of paragraphs, or of a body in WordprocessingML."""
    if not isinstance(body, str):
        body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in body)
    document = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": document.encode(),
            "docProps/core.xml": CORE.format(title=title).encode(),
            **{name: text.encode() for name, text in members.items()},
        }
    )


def odt(body: str) -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = f"<office:document-content {names}><office:body><office:text>{body}"
    content += "</office:text></office:body></office:document-content>"
    return zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()},
        zipfile.ZIP_STORED,
    )


def mail(
    plain: str | None = TEXT,
    rich: str | None = None,
    attached: Mapping[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """A mail; `List_Id="x"` gives the header List-Id."""
    message = EmailMessage()
    said = {
        "From": "Fiktives Tagblatt <brief@tagblatt.example>",
        "To": "leser@leser.example",
        "Date": "Tue, 04 Mar 2025 10:00:00 +0100",
        "Subject": "Rat streitet über Brücke",
        "Message-ID": "<1@tagblatt.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in said.items():
        message[name] = value
    if plain is not None:
        message.set_content(plain)
    if rich is not None:
        (message.add_alternative if plain is not None else message.set_content)(rich, subtype="html")
    for name, data in (attached or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


PACKED = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


FORMATS = [
    pdf([printed("Rat streitet", "", "„Wir warten nicht“, sagte", "Anna Weber.")]),
    docx(["Rat streitet", TEXT]),
    odt("<text:p>Ein erfundener Absatz.</text:p>"),
    mail(rich="<p>Ein erfundener Brief.</p>", attached={"a.zip": zipped({"b.txt": TEXT.encode()})}),
    zipped({"a/b.txt": TEXT.encode(), "c.jsonl": b'{"text": "One."}'}),
    tarred({"a/b.txt": TEXT.encode(), "c.csv": b"title,text\nOne,Two\n"}),
    b'id,title,text,date\n1,One,"Two, three",4.3.2025\n2,Four,Five,\n',
    *(pack(TEXT.encode()) for pack in PACKED.values()),
]
"""One document of each format that stands here alone."""
