"""A statement as others cite it: plain, CSL-JSON, BibTeX, Wikipedia, JSON-LD, W3C Web Annotation.

What is cited is the article that published the statement first; the permalink stands beside it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from quotetrack.plugin.archive import Row
from quotetrack.plugin.card import QuoteCard
from quotetrack.plugin.links import web_url
from quotetrack.plugin.passage import read_spans
from quotetrack.plugin.wording import language_tag, quotation_marks, words

_BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_WIKI = {c: f"&#{ord(c)};" for c in "|{}[]<>'~="}


@dataclass(frozen=True, slots=True)
class Citation:
    """A card, the occurrence row that published it first (None when all are gone), the day it was read.

    readers: the language (of `cited`) in which `plain` and `wiki` are worded; the others need none.
    """

    card: QuoteCard
    first: Row | None
    accessed: date
    readers: str = "en"

    @property
    def _words(self) -> dict[str, Any]:
        known = words()["citations"]
        return dict(known.get(self.readers) or known["en"])

    @property
    def name(self) -> str:
        """The language it is worded in, by its English name."""
        return str(self._words["name"])

    def _day(self, moment: str) -> str:
        match = re.match(r"(\d{4})-(\d\d)-(\d\d)", moment, re.ASCII)
        if not match or not 1 <= int(match[2]) <= 12:
            return moment[:10] or str(self._words["undated"])
        month = self._words["months"][int(match[2]) - 1]
        return str(self._words["date"]).format(day=int(match[3]), month=month, year=match[1])

    @property
    def _article_url(self) -> str:
        return (web_url(self.first["url"]) if self.first else None) or ""

    def _article(self, column: str) -> str:
        value = self.first[column] if self.first else None
        return " ".join(str(value).split()) if value else ""

    @property
    def plain(self) -> str:
        """One line a newspaper can print."""
        card, said = self.card, self._words
        opening, closing = quotation_marks(self.readers)
        who = (
            card.attribution
            if card.speaker_link
            else ", ".join(filter(None, (said["unknown"], card.affiliation)))
        )
        title = self._article("title")
        titled = f"{opening}{title}{closing}" if title else ""
        where = ", ".join(filter(None, (titled, self._article("outlet"), self._day(card.published or ""))))
        read = f"{said['archived']}: {card.url} ({said['read']} {self._day(self.accessed.isoformat())})"
        parts = [f"{who}: {card.marked(card.text)}", where, self._article_url, read]
        return " ".join(
            part if part == self._article_url or re.search(r"[.?!][”“»]?$", part) else part + "."
            for part in parts
            if part
        )

    @property
    def csl(self) -> list[dict[str, Any]]:
        """CSL-JSON, one item: what Zotero, Citavi and citeproc read."""
        card = self.card
        item: dict[str, Any] = {
            "id": f"quotetrack-{card.uid}",
            "type": "article-newspaper",
            "title": self._article("title") or card.title,
            "container-title": self._article("outlet"),
            "URL": self._article_url or card.url,
            "accessed": {"date-parts": [[self.accessed.year, self.accessed.month, self.accessed.day]]},
            "language": card.language,
            "note": f"Statement by {card.attribution}: {card.text} ({card.url})",
        }
        if author := self._article("author"):
            item["author"] = [{"literal": author}]
        if parts := [int(part) for part in re.findall(r"\d+", (card.published or "")[:10])]:
            item["issued"] = {"date-parts": [parts]}
        return [{key: value for key, value in item.items() if value}]

    @property
    def bibtex(self) -> str:
        card = self.card
        fields = {
            "author": self._article("author") or self._article("outlet"),
            "title": self._article("title") or card.title,
            "journal": self._article("outlet"),
            "date": (card.published or "")[:10],
            "urldate": self.accessed.isoformat(),
            "langid": card.language,
            "note": f"Statement by {card.attribution}: {card.text}",
        }
        lines = [f"  {name} = {{{_bibtex(value)}}}," for name, value in fields.items() if value]
        for name, url in (("url", self._article_url or card.url), ("addendum", f"Archived: {card.url}")):
            safe = url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
            lines.append(f"  {name} = {{{safe}}},")
        return f"@online{{quotetrack-{card.uid},\n" + "\n".join(lines) + "\n}\n"

    @property
    def wiki(self) -> str:
        """A citation template as the Wikipedia of its readers' language takes it."""
        card, template = self.card, self._words["template"]
        fields = {
            "author": self._article("author"),
            "title": self._article("title") or card.title,
            "outlet": self._article("outlet"),
            "date": (card.published or "")[:10],
            "language": card.language,
            "read": self.accessed.isoformat(),
            "quote": card.text,
        }
        written = [f"|{template[name]}={_wiki(value)}" for name, value in fields.items() if value]
        url = (self._article_url or card.url).translate({ord(c): f"%{ord(c):02X}" for c in "|{}[]<>'"})
        return (
            f"<ref>{{{{{template['name']} " + " ".join([f"|{template['url']}={url}", *written]) + "}}</ref>\n"
        )


def cited() -> tuple[str, ...]:
    """The languages of readers for whom a citation is worded."""
    return tuple(words()["citations"])


def _bibtex(text: str) -> str:
    return "".join(_BIBTEX.get(c, c) for c in " ".join(text.split()))


def _wiki(text: str) -> str:
    return "".join(_WIKI.get(c, c) for c in " ".join(text.split()))


def quotation(card: QuoteCard, occurrences: list[Row], author_url: str | None = None) -> dict[str, Any]:
    """schema.org Quotation: the statement, who made it, and the articles it stands in."""
    creator: dict[str, Any] = {"@type": "Person", "name": card.speaker, "url": author_url}
    if card.organisation:
        creator["affiliation"] = {"@type": "Organization", "name": card.organisation}
    if card.role:
        creator["jobTitle"] = card.role
    based_on = [
        {
            "@type": "NewsArticle",
            "url": url,
            "headline": row["title"],
            "datePublished": row["published"],
            "publisher": {"@type": "Organization", "name": row["outlet"]} if row["outlet"] else None,
        }
        for row in occurrences[:20]
        if (url := web_url(row["url"]))
    ]
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "Quotation",
            "@id": card.url,
            "url": card.url,
            "text": card.text,
            "inLanguage": card.language,
            "dateCreated": card.published,
            "creator": _filled(creator) if card.speaker_link else None,
            "isBasedOn": [_filled(article) for article in based_on],
        }
    )


def annotation(row: Row, url: str, statement_url: str | None) -> dict[str, Any]:
    """The occurrence as a W3C Web Annotation of the article: quote and position selectors."""
    spans = read_spans(row["spans"]).content
    selectors: list[dict[str, Any]] = [
        {
            "type": "TextQuoteSelector",
            "exact": row["quoted"],
            "prefix": (row["passage_before"] or "")[-64:],
            "suffix": (row["passage_after"] or "")[:64],
        }
    ]
    if spans:
        selectors.append({"type": "TextPositionSelector", "start": spans[0].start, "end": spans[-1].end})
    body = {
        "type": "TextualBody",
        "purpose": "identifying",
        "value": row["speaker"] or "unknown",
        "language": language_tag(row["language"]),
    }
    return _filled(
        {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": url,
            "type": "Annotation",
            "motivation": "identifying",
            "body": [_filled(body), statement_url] if statement_url else [_filled(body)],
            "target": _filled({"source": web_url(row["url"]), "selector": selectors}),
        }
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def json_in_html(value: object) -> Markup:
    """JSON that may stand inside a script element: no character of it can close the element."""
    text = json.dumps(value, ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - every character that HTML reads was replaced above
