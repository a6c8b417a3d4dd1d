from __future__ import annotations

import pytest

from quotetrack.types import Article, Failure

from .conftest import ReadBytes

META = """<itemMeta><itemClass qcode="ninat:text"/>
<provider qcode="nprov:ERF"><name>Erfundene Agentur</name></provider>
<versionCreated>2025-03-05T10:00:00Z</versionCreated>
<pubStatus qcode="stat:{status}"/></itemMeta><contentMeta>
<contentCreated>2025-03-04T10:00:00+01:00</contentCreated><headline>Der Kopf</headline><by>Jo Muster</by>
<language tag="de-AT"/></contentMeta>"""
XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
<head><title>no</title>
</head><body><p>Eins.</p><p>Zwei <b>halb</b>.</p></body></html></inlineXML>"""
NITF = """<inlineXML><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.content><p>Eins.</p><p>Zwei.</p>
</body.content></body></nitf></inlineXML>"""


def item(content: str, status: str = "usable", guid: str = "urn:x:1") -> str:
    meta = META.format(status=status)
    return f'<newsItem guid="{guid}" version="2">{meta}<contentSet>{content}</contentSet></newsItem>'


def document(*items: str) -> bytes:
    body = "".join(items)
    return f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{body}</itemSet></newsMessage>'.encode()


def test_every_field(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(document(item(XHTML)))
    assert found == Article(
        found.origin,
        "Eins.\n\nZwei halb.",
        doc_id="urn:x:1",
        outlet="Erfundene Agentur",
        title="Der Kopf",
        published="2025-03-04T09:00:00Z",
        author="Jo Muster",
        language="de",
        extra={"version": "2"},
    )
    assert found.origin.endswith("#urn:x:1")


CONTENTS = [
    (NITF, "Eins.\n\nZwei."),
    ('<inlineData contenttype="text/plain">Eins.\r\n\r\nZwei.</inlineData>', "Eins.\n\nZwei."),
    (
        '<inlineData contenttype="text/html">&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.</inlineData>',
        "Eins.\n\nZwei.",
    ),
    ('<remoteContent href="a.jpg"/>' + XHTML, "Eins.\n\nZwei halb."),
]


@pytest.mark.parametrize(("content", "text"), CONTENTS)
def test_contents(read_bytes: ReadBytes, content: str, text: str) -> None:
    [found] = read_bytes(document(item(content)))
    assert isinstance(found, Article)
    assert found.text == text


def test_a_lone_item_and_items_side_by_side(read_bytes: ReadBytes) -> None:
    assert [type(found) for found in read_bytes(item(XHTML).encode())] == [Article]
    found = read_bytes(
        document(item(XHTML), item("<remoteContent/>", guid="p"), "<packageItem/>", item(NITF))
    )
    assert [type(each) for each in found] == [Article, Failure, Article]
    assert "its content set holds remotecontent" in str(found[1])


BROKEN = [
    (document(item(XHTML, "canceled")), "the agency marks this item as canceled"),
    (document("<newsItem/>"), "without <contentSet>"),
    (document("<packageItem/>"), "without a news item"),
    (document(item(XHTML))[:-9], "broken XML"),
    (b'<!DOCTYPE x [<!ENTITY a "b">]>' + document(item(XHTML)), "declares entities"),
    (b"<NewsML/>", "NewsML 1 is not read"),
    (b"<?xml version='1.0'?><unknown/>", "XML of an unknown kind: its root is <unknown>"),
]


@pytest.mark.parametrize(("data", "reason"), BROKEN)
def test_broken_documents(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    [found] = read_bytes(data)
    assert isinstance(found, Failure)
    assert reason in found.reason
