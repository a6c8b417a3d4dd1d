from __future__ import annotations

import pytest

from quotetrack.types import Article, Failure

from .conftest import ReadBytes

NITF = """<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE nitf SYSTEM "http://127.0.0.1:1/nitf.dtd">
<nitf xml:lang="de"><head><title>T</title><docdata>
<doc-id id-string="n1"/><date.issue norm="20250304T100000+0100"/>
</docdata><pubdata name="Erfundene Agentur"/></head><body>
<body.head><hedline><hl1>Der <em>Kopf</em></hl1></hedline>
<byline>Von <person>Jo Muster</person></byline></body.head><body.content>
<block><p>„Wir <em>warten</em> nicht“,
sagte Weber.</p><p>Zwei.</p></block><p>Drei.</p></body.content></body></nitf>"""


def test_every_field(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(NITF.encode("iso-8859-1", "xmlcharrefreplace"))
    assert found == Article(
        found.origin,
        "„Wir warten nicht“, sagte Weber.\n\nZwei.\n\nDrei.",
        doc_id="n1",
        outlet="Erfundene Agentur",
        title="Der Kopf",
        published="2025-03-04T09:00:00Z",
        author="Von Jo Muster",
        language="de",
    )


BROKEN = [
    (NITF[:-30], "broken XML"),
    ("<nitf/>", "NITF without <body.content>"),
    ("<nitf><body><body.content><p> </p></body.content></body></nitf>", "no text"),
    ('<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf>&x;</nitf>', "declares entities"),
    ('<!DOCTYPE nitf [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><nitf/>', "declares entities"),
    ("<nitf>" + "<p>" * 10_000, "broken XML"),
    ("<html><body/></html>", "the root is <html>, not <nitf>"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_broken_documents(read_bytes: ReadBytes, text: str, reason: str) -> None:
    [found] = read_bytes(text.encode("iso-8859-1", "xmlcharrefreplace"), "n.xml", "nitf")
    assert isinstance(found, Failure)
    assert reason in found.reason
