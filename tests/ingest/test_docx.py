from __future__ import annotations

import pytest

from quotetrack.types import Article, Failure

from .conftest import ReadBytes
from .samples import TEXT, docx, odt, zipped

BODY = """<w:p><w:r><w:t>„Wir </w:t></w:r><w:del><w:r><w:delText>nie</w:delText></w:r></w:del>
<w:r><w:t xml:space="preserve">warten</w:t><w:tab/><w:t>nicht“,</w:t><w:br/><w:t>sagte sie.</w:t></w:r></w:p>
<w:p/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Zelle</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"""


def test_a_document(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(docx(BODY), "a.bin")
    assert isinstance(found, Article)
    assert found.text == "„Wir warten nicht“,\nsagte sie.\n\nZelle"
    assert (found.title, found.author, found.published) == ("Rat streitet", "Erika Muster", None)
    assert found.extra == {"created": "2025-03-04T10:00:00Z"}


def test_an_open_document(read_bytes: ReadBytes) -> None:
    body = "<text:h>Rat streitet</text:h><text:p>„Wir <text:span>warten</text:span><text:s/>nicht“,"
    body += "<text:line-break/>sagte sie.<text:note-citation>1</text:note-citation></text:p>"
    [found] = read_bytes(odt(body))
    assert isinstance(found, Article)
    assert (found.text, found.title) == ("Rat streitet\n\n„Wir warten nicht“,\nsagte sie.", "Rat streitet")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
REFUSED = [
    (docx([]), "no text"),
    (zipped({"word/document.xml": f"{BOMB}<w:p>&b;</w:p>".encode()}), "declares entities"),
    (zipped({"word/document.xml": b"<w:p"}), "broken XML"),
    (zipped({"word/document.xml": b" " * 21_000_000}), "bomb"),
    (zipped({"xl/workbook.xml": b"<x/>"}), "a spreadsheet: save it as CSV"),
    (zipped({"ppt/presentation.xml": b"<x/>"}), "a presentation"),
    (zipped({"META-INF/container.xml": b"<x/>"}), "an e-book"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_what_is_refused(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    found = read_bytes(data, "a.docx")
    assert all(isinstance(each, Failure) for each in found)
    assert any(reason in getattr(each, "reason", "") for each in found)


def test_properties_that_are_broken_do_not_lose_the_text(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(docx([TEXT], **{"docProps/core.xml": "<broken"}))
    assert isinstance(found, Article)
    assert (found.text, found.author) == (TEXT, None)


def test_a_plain_zip_is_no_office_document(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(zipped({"a.txt": TEXT.encode()}), kind="docx")
    assert isinstance(found, Failure | Article)
