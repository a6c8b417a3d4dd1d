"""Markdown → one Article: its words without signs, and what the front matter says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from quotetrack.ingest.canonical import canonical_url, web_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import checked, decode, repair
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import HEAD, MAX_TITLE, Refused
from quotetrack.ingest.lists import fields_of
from quotetrack.ingest.markup import fragment_text, one_line
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.ingest.text import headline
from quotetrack.types import Article, Failure

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"([^\W\d][\w -]{0,40}):[ \t]+(\S.*)")
_STAR = re.compile(r"(?<=\w)\*(?=\w)")  # within a word it is one of its letters: Bürger*innen
_GAP = re.compile(r"\n[ \t]*\n")
_NESTED = 100  # levels of quotes and lists in each other; markdown-it drops what lies deeper
_BRACKETS = 20_000_000  # squares of the opening ones of each paragraph: markdown-it takes a second for these


def read_markdown(source: Source) -> Found:
    """Read one Markdown document (CommonMark, tables). Yields one Article, or one Failure that says why not.

    Each paragraph, heading, item and cell of a table is a paragraph of the text, apart by an empty line;
    what front matter says under no known name goes into `extra`.
    """
    try:
        decoded = decode(whole(source.stream), source.charset)
        raw, repaired = repair(checked(decoded.text))
        matter, body, broken = front_matter(raw)
        said, rest = fields_of(matter)
        text, title = plain(body)
        link = web_url(said.get("url")) or web_url(said.get("outlet"))  # clippers write `source: URL`
        url = source.url or link
        published = iso_date(said.get("published"))
        notes = {
            "published_unreadable": said.get("published") if published is None else None,
            "front_matter_broken": broken,
            "repaired": repaired,
        }
        yield Article(
            source.origin,
            checked(text),
            doc_id=said.get("doc_id"),
            url=url,
            canonical_url=canonical_url(url, link) if url else None,
            outlet=None if web_url(said.get("outlet")) else said.get("outlet"),
            title=said.get("title") or title,
            published=published,
            author=said.get("author"),
            language=language_code(said.get("lang")),
            extra=rest | decoded.notes | {name: note for name, note in notes.items() if note},
        )
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def front_matter(text: str) -> tuple[dict[str, str], str, str | None]:
    """The YAML between `---` lines at the start: its entries in words, the text after it, what is broken.

    Broken YAML (`title: Council: no bridge`) is read line by line where that names a known field. Without
    front matter the text comes back whole.
    """
    from yaml import BaseLoader, YAMLError, load

    match = _FRONT.match(text)
    if match is None or len(match[1]) > HEAD:
        return {}, text, None
    broken = None
    try:
        entries = load(match[1], BaseLoader)  # type: ignore[no-untyped-call]  # noqa: S506  (strings, lists, mappings)
    except (YAMLError, RecursionError) as error:
        broken = one_line(str(error)) or type(error).__name__
        entries = {found[1]: found[2] for line in match[1].split("\n") if (found := _LINE.match(line))}
        if not fields_of(entries)[0]:
            return {}, text, broken
    if not isinstance(entries, dict):
        return {}, text, None
    worded = ((one_line(str(name)), one_line(_worded(value))) for name, value in entries.items())
    return {name: value for name, value in worded if name and value}, text[match.end() :], broken


def _worded(value: object) -> str:
    """An entry in words: a list's with commas between them, of a mapping its name."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_worded(one) for one in value if not isinstance(one, list))))
    named = value.get("name") if isinstance(value, dict) else value
    return named if isinstance(named, str) else ""


def plain(text: str) -> tuple[str, str | None]:
    """The words of Markdown, and its title: a heading at its start, else a line that looks like one.

    What nests deeper, or has more brackets, than any article is plain text already and comes back as it is.
    """
    if sum(block.count("[") ** 2 for block in _GAP.split(text)) > _BRACKETS:
        return text, headline(text)
    tokens = _parser().parse(_STAR.sub(r"\\*", text))
    if any(token.level >= _NESTED - 1 for token in tokens):
        return text, headline(text)
    blocks = [block for block in _blocks(tokens) if block]
    words = "\n\n".join(blocks)
    headed = bool(blocks) and tokens[0].type == "heading_open"
    return words, (one_line(blocks[0]) or "")[:MAX_TITLE] if headed else headline(words)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"maxNesting": _NESTED})
    return made.enable(["table", "strikethrough"]).disable("code")  # indented paragraphs are no code here


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """The text of each block. The number of an item stays: *3. März* at a line's start looks like one."""
    number = ""
    for token in tokens:
        if token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline":
            yield number + "".join(map(_words, token.children or ())).strip()
            number = ""
        elif token.type == "fence":
            yield token.content.strip()
        elif token.type == "html_block":
            yield fragment_text(token.content)


def _words(token: Token) -> str:
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    return {"softbreak": " ", "hardbreak": "\n", "image": ""}.get(token.type, token.content)
