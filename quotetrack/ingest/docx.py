"""Office documents (DOCX, ODT) → one Article: their paragraphs, read straight from the XML inside the zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from lxml import etree

from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import checked, decode, tidy
from quotetrack.ingest.limits import MAX_TITLE, Refused
from quotetrack.ingest.markup import local_name, one_line, parse_xml
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.ingest.text import headline
from quotetrack.ingest.zipped import open_member, open_zip
from quotetrack.types import Article, Failure

_BODIES = {  # the member that makes a zip an office document -> what it is
    "word/document.xml": "docx",
    "content.xml": "odt",
    "xl/workbook.xml": "a spreadsheet: save it as CSV",
    "xl/workbook.bin": "a spreadsheet: save it as CSV",
    "ppt/presentation.xml": "a presentation: save it as PDF",
    "META-INF/container.xml": "an e-book (EPUB): unpack it first",
}
_PROPERTIES = {"docx": "docProps/core.xml", "odt": "meta.xml"}
_PARAGRAPHS = frozenset("ph")  # w:p in DOCX, text:p and text:h in ODT
_UNREAD = frozenset(
    (*("deltext", "instrtext", "fallback", "tracked-changes", "annotation", "note-citation"),)
)
_BREAKS = {"br": "\n", "cr": "\n", "line-break": "\n", "tab": "\t", "s": " ", "nobreakhyphen": "-"}


def read_docx(source: Source) -> Found:
    """Read one DOCX or ODT file. Yields one Article, or one Failure that says why not.

    Text that was deleted under tracked changes, comments, headers, footers and footnotes are left out;
    tables are read cell by cell.
    """
    try:
        with open_zip(source) as archive:
            yield from read_package(source, archive)
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def office_kind(archive: zipfile.ZipFile) -> str | None:
    """What sort of office document a zip is; None when it is just a zip."""
    names = archive.NameToInfo
    for body, kind in _BODIES.items():
        if body in names and (body != "content.xml" or "mimetype" in names):
            return kind
    return None


def read_package(source: Source, archive: zipfile.ZipFile) -> Found:
    """The Article of an office document whose zip is open; raises Refused for what holds none."""
    kind = office_kind(archive)
    if kind is None:
        raise Refused("a zip archive, not an office document")
    if kind not in _PROPERTIES:
        raise Refused(kind)
    body = next(name for name, found in _BODIES.items() if found == kind)
    text = tidy("\n\n".join(_paragraphs(_part(archive, body, source)))).strip()
    said = _properties(archive, _PROPERTIES[kind], source)
    title = (said.get("title") or "")[:MAX_TITLE] or headline(text)
    created = iso_date(said.get("created") or said.get("creation-date"))
    yield Article(
        source.origin,
        checked(text),
        url=source.url,
        title=title,
        author=said.get("creator") or said.get("initial-creator"),
        extra={"created": created} if created else {},
    )


def _part(archive: zipfile.ZipFile, name: str, source: Source) -> etree._Element:
    with open_member(archive, archive.getinfo(name), source.budget) as stream:
        return parse_xml(decode(whole(stream)).text)


def _properties(archive: zipfile.ZipFile, name: str, source: Source) -> dict[str, str]:
    """Title, creator and date of creation; nothing where the file does not say or is broken."""
    if name not in archive.NameToInfo:
        return {}
    try:
        root = _part(archive, name, source)
    except Refused:
        return {}  # the text is what counts
    found: dict[str, str] = {}
    for element in root.iter():
        if value := one_line(element.text):
            found.setdefault(local_name(element), value)
    return found


def _paragraphs(root: etree._Element) -> Iterator[str]:
    """The text of each paragraph that has any, in reading order."""
    pieces: list[str] = []
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        if event == "start":
            unread += name in _UNREAD
            if unread:
                continue
            if name in _PARAGRAPHS and (text := _folded(pieces)):
                yield text  # a text box inside a paragraph
                pieces = []
            if name in _BREAKS:
                pieces.append(_BREAKS[name])
            elif name == "t" or _flows(element):
                pieces.append(element.text or "")
        else:
            unread -= name in _UNREAD
            if name in _PARAGRAPHS and not unread:
                if text := _folded(pieces):
                    yield text
                pieces = []
            parent = element.getparent()
            if not unread and element.tail and parent is not None and _flows(parent):
                pieces.append(element.tail)


def _flows(element: etree._Element) -> bool:
    """Whether an element's own text is text of the document: ODT's paragraphs, spans and links."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return "opendocument" in tag and local_name(element) in ("p", "h", "span", "a")


def _folded(pieces: list[str]) -> str:
    lines = "".join(pieces).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()
