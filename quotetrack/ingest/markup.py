"""HTML and XML made safe to walk: parsers without entities and network, and trees → paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from quotetrack.ingest.decode import Decoded, decode, tidy
from quotetrack.ingest.limits import HEAD, MAX_DEPTH, Refused

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,80}encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.I,
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)([^<>]*)>")
_BLOCKS = frozenset(
    [
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
        ),
        *(
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "main",
            "nav",
        ),
        *("ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
        *("block", "hl1", "hl2", "media", "note"),  # NITF
    ]
)
_UNREAD = frozenset(
    [
        *("script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object", "button"),
        *("select", "textarea"),
    ]
)
_VOID = frozenset(
    [
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"),
        *("track", "wbr", "p", "li", "td", "tr", "th", "option", "dt", "dd"),  # these may stay open
    ]
)


def decode_markup(data: bytes, charset: str | None = None) -> Decoded:
    """Decode HTML or XML: the transport's encoding, else the one that the document declares."""
    match = _DECLARED.search(data[:HEAD])
    inside = (match[1] or match[2]).decode("ascii") if match else None
    return decode(data, charset or inside)


def parse_xml(text: str) -> etree._Element:
    """The root of an XML document. Raises Refused for entity declarations and broken documents.

    No entity is expanded beyond the five of XML, no DTD or other file is loaded, no network used.
    """
    refuse_entities(text)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", text).strip().encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        raise Refused(f"broken XML: {error}") from error
    return root


def refuse_entities(text: str) -> None:
    """Raise Refused for an XML document that declares entities of its own: bombs and file readers do."""
    if _ENTITY.search(text):
        raise Refused("XML that declares entities is refused (entity bombs, external entities)")


def parse_html(text: str) -> html.HtmlElement:
    """The root of an HTML document or fragment; raises Refused when there is nothing in it."""
    if depth(text) > MAX_DEPTH * 2:
        raise Refused(f"HTML nested deeper than {MAX_DEPTH * 2} levels")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Refused(f"HTML that cannot be parsed: {error}") from error
    return root


def depth(text: str) -> int:
    """Levels to which the elements of an HTML text are nested, unclosed ones counted."""
    deepest = level = 0
    for match in _TAG.finditer(text):
        if match[2].lower() in _VOID or match[3].endswith("/"):
            continue
        level = max(0, level - 1) if match[1] else level + 1
        deepest = max(deepest, level)
    return deepest


def fragment_text(markup: str) -> str:
    """The paragraphs of a piece of HTML (a feed's item, a wire's body), apart by an empty line."""
    if "<" not in markup and "&" not in markup:
        return tidy(markup).strip()
    return paragraphs(parse_html(f"<div>{markup}</div>"))


def paragraphs(root: etree._Element) -> str:
    """The text of a tree: each block a paragraph with its spaces folded, apart by an empty line."""
    blocks: list[str] = [""]
    for piece in _pieces(root):
        if piece is None:
            blocks.append("")
        else:
            blocks[-1] += piece
    folded = (
        "\n".join(_SPACES.sub(" ", line).strip() for line in block.split("\v")).strip() for block in blocks
    )
    return tidy("\n\n".join(block for block in folded if block))


def one_line(text: str | None) -> str | None:
    """A short text with its spaces folded; None when it says nothing."""
    return " ".join(tidy(text or "").split()) or None


def local_name(element: etree._Element) -> str:
    """The lower-case tag without its namespace; "" for comments, entities and instructions."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _pieces(root: etree._Element) -> Iterator[str | None]:
    """Text in reading order, None where a block begins or ends, a vertical tab for a line break."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        if event == "start":
            if name in _UNREAD or not name:
                continue
            if name in _BLOCKS:
                yield None
            elif name == "br":
                yield "\v"
            if element.text and not _hidden(element):
                yield element.text.replace("\v", " ")
        else:
            if name in _BLOCKS:
                yield None
            if element is not root and element.tail and not _hidden(element.getparent()):
                yield element.tail.replace("\v", " ")


def _hidden(element: etree._Element | None) -> bool:
    while element is not None:
        if local_name(element) in _UNREAD:
            return True
        element = element.getparent()
    return False
