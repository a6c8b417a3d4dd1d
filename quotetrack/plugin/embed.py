"""Statements on other people's pages: the card in a frame, and oEmbed, which hands it out."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

from datasette.utils.asgi import Response
from markupsafe import Markup

from quotetrack.plugin.card import EMBED_HEIGHT, EMBED_WIDTH, QuoteCard, quote_card
from quotetrack.plugin.links import STATEMENT_TARGET, asset
from quotetrack.plugin.page import Visit, clean, redirect
from quotetrack.queries import pages

THEMES = ("light", "dark", "auto")
OPTIONS = ("theme", "accent")  # of a card, in its address
_COLOUR = re.compile(r"#?(?P<digits>[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
CACHE_AGE = 3600  # seconds a consumer may keep an oEmbed answer


@lru_cache(maxsize=64)
def _inline(name: str, more: str = "") -> tuple[Markup, str]:
    """A static file and more of its kind for inlining, and the CSP hash that allows exactly this text."""
    text = asset(name).decode("utf-8") + more
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(text), f"'sha256-{digest}'"  # noqa: S704 - our own file and a colour


def accent_rule(typed: str) -> str:
    """The style that gives a card's edge the colour asked for ("c00", "#cc0000"); "" for anything else.

    Only the edge: letters keep colours that are known to be told apart from what they stand on.
    """
    match = _COLOUR.fullmatch(typed.strip())
    return f":root{{--edge:#{match['digits'].lower()}}}" if match else ""


async def embed_page(visit: Visit) -> Response:
    """`/embed/UID`: the card alone, in the theme asked for; the only page other sites may frame."""
    uid = visit.variables["uid"]
    style, style_hash = _inline("card.css", accent_rule(visit.argument("accent")))
    script, script_hash = _inline("card.js")
    policy = {
        "content-security-policy": f"default-src 'none'; style-src {style_hash}; script-src {script_hash};"
        " base-uri 'none'; form-action 'none'; frame-ancestors *"
    }
    theme = visit.argument("theme")
    shown: dict[str, object] = {
        "style": style,
        "script": script,
        "theme": theme if theme in THEMES else "auto",
        "card": None,
    }
    row = await visit.archive.row(pages.statement(uid))
    if row is None:
        if moved := await visit.moved(uid, "statement", visit.links.embed):
            return moved
        context = {**shown, "title": "No such statement", "reason": "This quote is not in the archive."}
        return await visit.page("embed.html", context, status=404, headers=policy)
    if row["withdrawn"] is not None:
        context = {**shown, "title": "This statement was withdrawn", "reason": row["withdrawn"]}
        return await visit.page("embed.html", context, status=410, headers=policy)
    card = quote_card(row, visit.links, corrected=bool(await visit.corrections(uid)))
    return await visit.page("embed.html", {**shown, "card": card}, headers=policy)


async def oembed(visit: Visit) -> Response:
    """`/-/oembed?url=&format=json|xml`: a rich embed, blockquote then frame, as WordPress expects it.

    400 without a url, 404 for addresses that are not statements of this site, 501 for other formats.
    """
    form = visit.argument("format") or "json"
    if form not in ("json", "xml"):
        return visit.data("format is json or xml\n", "text/plain", status=501)
    url = visit.argument("url")
    if not url:
        return visit.data("url is missing: the address of a statement\n", "text/plain", status=400)
    uid = _target(visit, url)
    if uid is None:
        return visit.data("not the address of a statement on this site\n", "text/plain", status=404)
    row = await visit.archive.row(pages.statement(uid))
    if row is None:
        if new := await visit.merged_into(uid, "statement"):
            sides = {name: visit.argument(name) for name in ("maxwidth", "maxheight")}
            return redirect(visit.links.oembed(new, form, urlsplit(url).query, **sides))
        return visit.data("no such statement\n", "text/plain", status=404)
    if row["withdrawn"] is not None:
        return visit.data(f"withdrawn: {row['withdrawn']}\n", "text/plain", status=410)
    card = quote_card(row, visit.links, corrected=bool(await visit.corrections(uid)))
    answer = _answer(visit, replace(card, embed_url=_dressed(visit, uid, url)))
    if form == "json":
        return visit.json(answer)
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = clean(str(value))
    body = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return visit.data(body + ElementTree.tostring(root, encoding="unicode"), "text/xml")


def _target(visit: Visit, url: str) -> str | None:
    """The uid in an address of this site; None for any other host or page."""
    try:
        target = urlsplit(url)
        here = urlsplit(visit.links.absolute(visit.links.home()))
        same = (target.hostname, target.port) == (here.hostname, here.port)
    except ValueError:
        return None
    if target.scheme not in ("http", "https") or not same or "@" in target.netloc:
        return None
    path = unquote(target.path)
    base = here.path.rstrip("/")
    if not path.startswith(base + "/"):
        return None
    match = STATEMENT_TARGET.fullmatch(path[len(base) :])
    return match["uid"] if match else None


def _dressed(visit: Visit, uid: str, url: str) -> str:
    """The card's address with the theme and accent that the address asked about carries."""
    asked = parse_qs(urlsplit(url).query)
    options = {name: clean(asked[name][0]) for name in OPTIONS if name in asked}
    if options.get("theme") not in THEMES:
        options.pop("theme", None)
    if not accent_rule(options.get("accent", "")):
        options.pop("accent", None)
    return visit.links.absolute(visit.links.embed(uid, **options))


def _answer(visit: Visit, card: QuoteCard) -> dict[str, Any]:
    width = min(EMBED_WIDTH, _side(visit.argument("maxwidth"), EMBED_WIDTH))
    height = min(EMBED_HEIGHT, _side(visit.argument("maxheight"), EMBED_HEIGHT))
    links = visit.links
    author = links.absolute(card.speaker_link) if card.speaker_link else card.url
    return {
        "version": "1.0",
        "type": "rich",
        "title": card.title,
        "author_name": card.speaker,
        "author_url": author,
        "provider_name": visit.site,
        "provider_url": links.absolute(links.home()),
        "cache_age": CACHE_AGE,
        "html": f"{card.blockquote}\n{card.iframe(width, height)}",
        "width": width,
        "height": height,
    }


def _side(text: str, default: int) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else default
