"""PDF documents with a text layer → one Article, by PDFium. See `layout` for lines → paragraphs."""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING

from quotetrack.ingest.canonical import canonical_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import checked, lone_surrogate, repair, tidy
from quotetrack.ingest.layout import Line, article_text
from quotetrack.ingest.limits import MAX_PAGES, MAX_TEXT, MAX_TITLE, Refused
from quotetrack.ingest.markup import one_line
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.ingest.text import headline
from quotetrack.types import Article, Failure

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

_LINE_FEED, _RETURN, _SPACE = 0x0A, 0x0D, 0x20
_DIVIDED = (0x02, 0xFFFE)  # PDFium's signs for the end of a line that divides a word
_SOFT_HYPHEN = 0xAD
_LETTERS = 20  # letters of all pages together below which there is no text layer worth the name
_PRODUCED = re.compile(
    r"(?i)^(?:microsoft \w+ - |untitled|unbenannt|document\d*$|.*\.(?:docx?|odt|indd|pdf|qxd)$)"
)
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?")


def read_pdf(source: Source) -> Found:
    """Read one PDF document. Yields one Article, or one Failure that says why not.

    Lines are joined to paragraphs, words divided at line ends put together, running headers, footers and
    page numbers left out. The day on which the file was made is kept in `extra["created"]`: it is no day
    of publication.
    """
    try:
        yield _article(source, whole(source.stream))
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def _article(source: Source, data: bytes) -> Article:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused(_explained(str(error))) from error
    with document:
        pages = len(document)
        if pages > MAX_PAGES:
            raise Refused(f"PDF of {pages:,} pages, the limit is {MAX_PAGES:,}")
        lines, unreadable = _pages(document)
        letters = sum(ch.isalpha() for page in lines for line in page for ch in line.text)
        if letters < _LETTERS:
            raise Refused(
                f"PDF without a text layer ({pages} scanned pages?): recognise its text first (OCR)"
            )
        text, repaired = repair(tidy(article_text(lines)))
        said = document.get_metadata_dict()
    title = _said(said.get("Title"))
    extra: dict[str, object] = {"pages": pages}
    if created := _created(said.get("CreationDate")):
        extra["created"] = created
    if repaired:
        extra["repaired"] = repaired
    if unreadable:
        extra["pages_unreadable"] = unreadable
    return Article(
        source.origin,
        checked(text.strip()),
        url=source.url,
        canonical_url=canonical_url(source.url) if source.url else None,
        title=title[:MAX_TITLE] if title and not _PRODUCED.match(title) else headline(text),
        author=_said(said.get("Author")),
        extra=extra,
    )


def _explained(error: str) -> str:
    if "password" in error.lower():
        return "encrypted PDF: save it without its password first"
    return f"broken PDF document: {error}"


def _pages(document: PdfDocument) -> tuple[list[list[Line]], int]:
    """The lines of each page, and how many pages could not be read."""
    import pypdfium2

    pages: list[list[Line]] = []
    unreadable = characters = 0
    for number in range(len(document)):
        try:
            page = document[number]
            shown = page.get_textpage()
        except pypdfium2.PdfiumError:
            unreadable += 1
            continue
        characters += shown.count_chars()
        if characters > MAX_TEXT:
            raise Refused(f"PDF of more than {MAX_TEXT:,} characters: split it")
        pages.append(_lines(shown))
        shown.close()
        page.close()
    return pages, unreadable


def _lines(page: PdfTextPage) -> list[Line]:
    """The lines of a page in PDFium's order of reading."""
    from pypdfium2 import raw

    lines: list[Line] = []
    codes: list[int] = []
    for index in range(page.count_chars() + 1):
        code = raw.FPDFText_GetUnicode(page, index) if index < page.count_chars() else _LINE_FEED
        if code not in (_LINE_FEED, _RETURN, *_DIVIDED):
            codes.append(code)
            continue
        shown = [index - len(codes) + place for place, code in enumerate(codes) if code > _SPACE]
        if shown:
            x, y = _origin(page, shown[0])
            size = raw.FPDFText_GetFontSize(page, shown[0])
            text = _text(codes) + ("-" if code in _DIVIDED else "")
            lines.append(Line(text, x, _right(page, shown[-1], x), y, size))
        codes = []
    return lines


def _text(codes: list[int]) -> str:
    """UTF-16 code units as text on one line."""
    units = b"".join(min(code, 0xFFFD).to_bytes(2, "little") for code in codes if code != _SOFT_HYPHEN)
    return " ".join(units.decode("utf-16-le", "replace").split())


def _origin(page: PdfTextPage, index: int) -> tuple[float, float]:
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(page, index, x, y)
    return x.value, y.value


def _right(page: PdfTextPage, index: int, otherwise: float) -> float:
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = raw.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    return right.value if found else otherwise


def _said(value: object) -> str | None:
    text = one_line(str(value or ""))
    return text if text and lone_surrogate(text) is None else None


def _created(value: str | None) -> str | None:
    """A PDF date ("D:20250304100000+01'00'") in ISO 8601; None when unreadable."""
    match = _DATE.match(value or "")
    if not match:
        return None
    year, month, day, hour, minute, second, utc, zone, minutes = match.groups()
    if hour is None:
        return iso_date(f"{year}-{month}-{day}")
    offset = "Z" if utc else f"{zone}:{minutes or '00'}" if zone else ""
    return iso_date(f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{offset}")
