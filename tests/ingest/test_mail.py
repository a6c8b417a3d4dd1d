from __future__ import annotations

from email.message import EmailMessage

import pytest

from quotetrack.ingest import mail as reader
from quotetrack.ingest.mail import unwrapped
from quotetrack.types import Article, Failure

from .conftest import ReadBytes
from .samples import TEXT, docx, mail, pdf, printed, zipped

RICH = """<html><head><title>x</title></head><body><div style="display:none;">Vorschauzeile</div>
<div>\u200c&nbsp;\u200c&nbsp;</div><table><tr><td><h1>Rat streitet</h1><p>„Wir warten nicht“,
sagte Weber.</p></td></tr></table></body></html>"""


def test_a_newsletter(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(mail(rich=RICH, List_Id="<brief.tagblatt.example>"), "a.txt")
    assert found == Article(
        found.origin,
        "Rat streitet\n\n„Wir warten nicht“, sagte Weber.",
        doc_id="1@tagblatt.example",
        outlet="Fiktives Tagblatt",
        title="Rat streitet über Brücke",
        published="2025-03-04T09:00:00Z",
    )


def test_a_persons_mail_names_its_author(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(mail(From="Erika Müller <erika@www.blatt.example>"))
    assert isinstance(found, Article)
    assert (found.text.strip(), found.author, found.outlet) == (TEXT, "Erika Müller", "blatt.example")


def test_html_without_words_gives_way_to_the_plain_part(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(mail(rich='<html><body><img src="x"></body></html>'))
    assert isinstance(found, Article)
    assert found.text == TEXT


def test_what_is_attached_is_read_too(read_bytes: ReadBytes) -> None:
    attached = {
        "a.pdf": pdf([printed(TEXT)]),
        "b.docx": docx([TEXT]),
        "c.zip": zipped({"d/e.txt": TEXT.encode()}),
        "bild.bin": b"\x89PNG\r\n\x1a\n",
    }
    letter, *found = read_bytes(mail(attached=attached), "a.eml")
    assert isinstance(letter, Article)
    assert [item.origin.partition("#")[2] for item in found] == [
        "a.pdf",
        "b.docx",
        "c.zip#d/e.txt",
        "bild.bin",
    ]
    for item in found[:3]:
        assert isinstance(item, Article)
        assert (item.text, item.published, item.outlet) == (TEXT, "2025-03-04T09:00:00Z", "tagblatt.example")
    assert getattr(found[3], "reason", "") == "a PNG image"


def test_a_forwarded_mail_is_a_mail_of_its_own(read_bytes: ReadBytes) -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"], outer["Message-ID"] = "jo@leser.example", "Fwd", "<2@leser.example>"
    outer["MIME-Version"] = "1.0"
    outer.set_content("Siehe unten.")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Anna Weber <anna@rat.example>", "Erklärung"
    inner["Date"] = "Tue, 04 Mar 2025 10:00:00 +0100"
    inner.set_content(TEXT)
    outer.add_attachment(inner)
    first, second = read_bytes(bytes(outer), "a.eml")
    assert isinstance(first, Article)
    assert first.text.strip() == "Siehe unten."
    assert isinstance(second, Article)
    assert second.origin.endswith("a.eml#Erklärung")
    assert (second.text.strip(), second.author, second.published) == (
        TEXT,
        "Anna Weber",
        "2025-03-04T09:00:00Z",
    )


def test_a_mailbox(read_bytes: ReadBytes) -> None:
    mails = [
        b"From x@y.example Tue Mar  4 10:00:00 2025\n" + mail(f"{TEXT} {n}\n>From hier.") + b"\n"
        for n in (1, 2)
    ]
    found = read_bytes(b"\n".join(mails))
    assert [item.origin.rpartition("#")[2] for item in found] == ["1", "2"]
    assert isinstance(found[1], Article)
    assert found[1].text.strip() == f"{TEXT} 2\nFrom hier."


ENCODED = [
    (b"Subject: =?utf-8?q?Rat_=C3=BCber?= =?iso-8859-1?q?_Br=FCcke?=", "Rat über Brücke"),
    ("Subject: Rat über Brücke".encode(), "Rat über Brücke"),
    (b"Subject: =?no-such?q?Rat?=", "Rat"),
    (b"Subject: =?utf-8?b?!!!?=", None),
    (b"Subject:", None),
]


@pytest.mark.parametrize(("subject", "title"), ENCODED)
def test_subjects(read_bytes: ReadBytes, subject: bytes, title: str | None) -> None:
    data = b"Message-ID: <1@x>\nMIME-Version: 1.0\nFrom: a@b.example\n" + subject + b"\n\nEin Text."
    [found] = read_bytes(data)
    assert isinstance(found, Article)
    assert title is None or found.title == title


REFUSED = [
    (mail(plain=" "), "mail without text"),
    (mail().replace(b"text/plain", b"application/pkcs7-mime"), "encrypted mail"),
    (mail().replace(b"text/plain", b"multipart/encrypted"), "encrypted mail"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_what_is_refused(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    [found] = read_bytes(data, kind="eml")
    assert isinstance(found, Failure)
    assert reason in found.reason


WRAPPED = [
    ("a" * 60 + "\n" + "b" * 70 + "\nshort", "a" * 60 + " " + "b" * 70 + " short"),
    ("a" * 60 + "\nb\nc", "a" * 60 + "\nb\nc"),
    ("One\nTwo", "One\nTwo"),
    ("One\n\nTwo", "One\n\nTwo"),
]


@pytest.mark.parametrize(("text", "expected"), WRAPPED)
def test_unwrapped(text: str, expected: str) -> None:
    assert unwrapped(text) == expected


def test_the_html_of_nested_alternatives_is_parsed_once(
    read_bytes: ReadBytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    parse = reader.parse_html
    monkeypatch.setattr(reader, "parse_html", lambda text: parsed.append(text) or parse(text))
    data = b"Content-Type: text/html\n\n<p> </p>\n"
    for edge in (b"edge%d" % number for number in range(20)):
        kind = b"Content-Type: multipart/alternative; boundary=" + edge
        data = kind + b"\n\n--" + edge + b"\n" + data + b"\n--" + edge + b"--\n"
    top = b"From: a@b.example\nTo: c@d.example\nSubject: x\nMessage-ID: <1@b>\nMIME-Version: 1.0\n"
    [found] = read_bytes(top + data, kind="eml")
    assert isinstance(found, Failure)
    assert len(parsed) == 1
