"""HTML and XML made safe to walk: parsers without entities and network, and trees → paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html

from quotetrack.ingest.decode import Decoded, decode, tidy
from quotetrack.ingest.limits import HEAD, MAX_ATTRIBUTES, MAX_ELEMENTS, Refused

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,80}encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.I,
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n]+")
_OPENING = re.compile(r"<(?:!--|([a-zA-Z][^\s/>]*+))")
_TAG_REST = re.compile(r"""(?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+""")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_CLOSING = {"script": re.compile("</script", re.IGNORECASE), "style": re.compile("</style", re.IGNORECASE)}
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
    """The root of an HTML document or fragment.

    Raises Refused when there is nothing in it, and for what would take parsers minutes: elements
    beyond MAX_ELEMENTS, attributes of one element beyond MAX_ATTRIBUTES (their cost is quadratic
    in libxml2), nesting beyond 256 levels (libxml2 drops the rest of such a page).
    """
    refuse_attributes(text)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Refused(f"HTML that cannot be parsed: {error}") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Refused("HTML nested deeper than 256 levels")
    if sum(1 for _ in islice(root.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
        raise Refused(f"HTML of more than {MAX_ELEMENTS:,} elements")
    return root


def refuse_attributes(text: str) -> None:
    """Raise Refused for HTML in which one element has more than MAX_ATTRIBUTES attributes."""
    place = 0
    while opening := _OPENING.search(text, place):
        if opening[1] is None:
            end = text.find("-->", opening.end())
        elif opening[1].lower() in ("script", "style"):
            closing = _CLOSING[opening[1].lower()].search(text, opening.end())
            end = closing.start() if closing else -1
        else:
            end = _TAG_REST.match(text, opening.end()).end()  # type: ignore[union-attr]  # matches ""
            long = end - opening.end() > 2 * MAX_ATTRIBUTES
            if (
                long
                and len(_QUOTED.sub("", text[opening.end() : end]).replace("/", " ").split()) > MAX_ATTRIBUTES
            ):
                raise Refused(f"HTML element with more than {MAX_ATTRIBUTES:,} attributes")
        if end < 0:
            return
        place = max(end, opening.end())


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
