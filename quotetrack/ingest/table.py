"""Tables (CSV, TSV and the like) → one Article a row. Columns are known by their names or the user's word."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from quotetrack.ingest.canonical import canonical_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import checked, decode, repair, tidy
from quotetrack.ingest.detect import looks_html, separator
from quotetrack.ingest.ids import Ids
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import MAX_COLUMNS, MAX_LINE, MAX_TEXT, Refused
from quotetrack.ingest.lists import fold_column, lists
from quotetrack.ingest.markup import fragment_text, one_line
from quotetrack.ingest.source import Found, Source, peek
from quotetrack.types import Article, Failure

_LONGEST_FIELD = 4 * MAX_TEXT  # code points: a text in HTML
_MAX_REREAD = 20 * MAX_LINE  # code points read again after broken rows, seconds; each may take MAX_LINE
_LINE_COST = 50  # code points that a line costs besides its own
_GUESSED = " (guessed)"


def read_table(source: Source) -> Found:
    """Read a table row by row; a bad row is a Failure `ORIGIN:LINE` and the rest goes on.

    The first row names the columns (see `columns_of`); what has no field of an Article goes into `extra`.
    A field with HTML gives its paragraphs. Memory: one row.
    """
    try:
        lines = Lines(*opened(source))
        header, _ = lines.row("")
        columns = columns_of(header, source.options.columns)
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))
        return
    ids = Ids(source.options.outlet)
    rows = 0
    while lines.more():
        number = lines.number + 1
        origin = f"{source.origin}:{number}"
        try:
            row, _ = lines.row(origin)
            if any(cell.strip() for cell in row):
                rows += 1
                yield ids.checked(_article(row, header, columns, origin, lines.encoding), number)
        except Refused as refusal:
            rows += 1
            yield Failure(origin, str(refusal))
    if not rows:
        yield Failure(source.origin, "table without rows")


def columns_of(header: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """Which column holds which field of an Article: field -> index.

    named: field -> the column's name, the user's word, which goes before data/reading.toml. Raises Refused
    when no column holds the text, or a named one is not there.
    """
    if len(header) > MAX_COLUMNS:
        raise Refused(f"table of {len(header)} columns, the limit is {MAX_COLUMNS}")
    known = lists().columns
    folded = [fold_column(name) for name in header]
    shown = ", ".join(name.strip()[:40] or "(no name)" for name in header[:12])
    found: dict[str, int] = {}
    for field, name in named.items():
        if field not in known:
            raise Refused(f"no field {field!r}: the fields are {', '.join(known)}")
        if fold_column(name) not in folded:
            raise Refused(f"no column {name!r}: the columns are {shown}")
        found[field] = folded.index(fold_column(name))
    for field, names in known.items():
        places = (folded.index(name) for name in names if name in folded)
        free = next((place for place in places if place not in found.values()), None)
        if field not in found and free is not None:
            found[field] = free
    if "text" not in found:
        raise Refused(f"no column is known to hold the text: name it (text=COLUMN); the columns are {shown}")
    return found


def opened(source: Source) -> tuple[BinaryIO, str]:
    """The table's bytes from the start, and their encoding."""
    head, stream = peek(source.stream)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return stream, "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return stream, "utf-8-sig"
    told = str(decode(head, source.charset).notes.get("encoding") or "utf-8")
    return stream, told.removesuffix(_GUESSED)


class Lines:
    """A table's lines, taken row by row; the lines of a row that fails are given back but for its first."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        self._text = io.TextIOWrapper(stream, encoding, errors, newline="")
        self._waiting: deque[str] = deque()
        self._separator = ","
        self._reread = 0
        self._ended = False
        self.encoding = encoding
        self.number = 0

    def more(self) -> bool:
        """Whether there is another line."""
        if self._ended:
            return False
        if not self._waiting and (line := self._text.readline(MAX_LINE)):
            self._waiting.append(line)
        return bool(self._waiting)

    def row(self, origin: str) -> tuple[list[str], int]:
        """The cells of the next row and its number of lines. Raises Refused when they cannot be told."""
        csv.field_size_limit(_LONGEST_FIELD)
        if not origin and self.more():  # the header
            self._separator = separator(self._waiting[0]) or ","
        taken: list[str] = []
        reader = csv.reader(self._taking(taken), delimiter=self._separator, strict=True)
        try:
            row = next(reader, [])
        except csv.Error as error:
            self._give_back(taken[1:])
            raise Refused(
                f"broken row, perhaps a quotation mark that is not doubled or closed: {error}"
            ) from error
        return row, len(taken)

    def _give_back(self, lines: Sequence[str]) -> None:
        """Read these again, unless so much was read again that quotation marks must be broken throughout."""
        self._reread += sum(map(len, lines)) + _LINE_COST * len(lines)
        if self._reread > _MAX_REREAD:
            self._ended = True
            raise Refused("quotation marks are broken throughout: the rest of the table is left out")
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def _taking(self, taken: list[str]) -> Iterator[str]:
        size = 0
        while self.more():
            line = self._waiting.popleft()
            size += len(line)
            if size > MAX_LINE:
                self._waiting.appendleft(line)
                raise csv.Error(f"a row longer than {MAX_LINE:,} characters")
            self.number += 1
            taken.append(line)
            yield line


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    notes: dict[str, object]


def _article(
    row: Sequence[str], header: Sequence[str], columns: Mapping[str, int], origin: str, encoding: str
) -> Article:
    """The Article of one row; raises Refused when it has no text or too many cells."""
    if any(cell.strip() for cell in row[len(header) :]):
        raise Refused(f"{len(row)} cells where the header has {len(header)}")
    cells = [cell(one) for one in row[: len(header)]] + [_Cell("", {})] * (len(header) - len(row))
    said = {field: one_line(cells[place].text) for field, place in columns.items() if field != "text"}
    body = cells[columns["text"]]
    text, repaired = repair(fragment_text(body.text) if looks_html(body.text) else body.text)
    published = iso_date(said.get("published"))
    extra: dict[str, object] = {
        name.strip(): cells[place].text
        for place, name in enumerate(header)
        if place not in columns.values() and name.strip() and cells[place].text.strip()
    }
    if said.get("published") and published is None:
        extra["published_unreadable"] = said["published"]
    if not encoding.startswith("utf-8"):
        extra["encoding"] = encoding
    extra |= body.notes | ({"repaired": repaired} if repaired else {})
    url = said.get("url")
    return Article(
        origin,
        checked(tidy(text)),
        doc_id=said.get("doc_id"),
        url=url,
        canonical_url=canonical_url(url) if url else None,
        outlet=said.get("outlet"),
        title=said.get("title"),
        published=published,
        author=said.get("author"),
        language=language_code(said.get("lang")),
        extra=extra,
    )


def cell(text: str) -> _Cell:
    """A cell with its bytes that are no UTF-8 decoded as what they seem to be."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        decoded = decode(text.encode("utf-8", "surrogateescape"))
        return _Cell(decoded.text, decoded.notes)
    return _Cell(tidy(text), {})
