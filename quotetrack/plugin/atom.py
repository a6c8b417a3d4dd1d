"""Atom feeds: RFC 4287."""

from __future__ import annotations

import re
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"


def new_feed(title: str, here: str, page: str, updated: str | None) -> ElementTree.Element:
    """An empty feed. here: its own address, which is its id; page: the same for readers."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    element(root, "title", title)
    element(root, "id", here)
    element(root, "updated", moment(updated))
    element(root, "link", rel="self", href=here, type="application/atom+xml")
    element(root, "link", rel="alternate", href=page, type="text/html")
    return root


def element(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def written(feed: ElementTree.Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode")


def moment(published: str | None) -> str:
    """RFC 3339, as Atom wants it: a date alone is its midnight."""
    text = published or "1970-01-01"
    match = re.match(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?", text)
    if not match:
        return "1970-01-01T00:00:00Z"
    time = match[2] or "00:00:00"
    zone = re.search(r"(Z|[+-]\d\d:\d\d)$", text[16:])
    return f"{match[1]}T{time if len(time) == 8 else time + ':00'}{zone[1] if zone else 'Z'}"
