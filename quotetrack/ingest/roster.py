"""Rosters (CSV in any spelling, or JSONL) → one RosterEntry a row: people a newsroom knows, with ids."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from quotetrack.identity import refusal
from quotetrack.ingest.limits import MAX_COLUMNS, MAX_LINE, Refused
from quotetrack.ingest.lists import fold_column
from quotetrack.ingest.markup import one_line
from quotetrack.ingest.source import Source, peek
from quotetrack.ingest.table import Lines, cell, opened
from quotetrack.paths import data_path
from quotetrack.types import Failure, PersonKind, RosterEntry

#: Code points of a name or an affiliation, and names of one person: more is no roster.
LONGEST, MOST_NAMES = 300, 200
_QID = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|wd:|wikidata:)?(Q[1-9][0-9]{0,11})",
    re.IGNORECASE,
)
_UID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAME = re.compile(r"(?:\\[;|\\]|[^;|])+")  # up to a separator that is not escaped
_KINDS: dict[str, PersonKind] = {"person": "person", "organisation": "organisation", "group": "group"}


@dataclass(frozen=True, slots=True)
class _Words:
    """columns: field -> names of its column, folded; kinds: as written, folded -> kind."""

    columns: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, PersonKind]


@cache
def _words() -> _Words:
    raw = tomllib.loads(data_path("roster.toml").read_text("utf-8"))
    columns = {field: tuple(map(fold_column, names)) for field, names in raw["columns"].items()}
    kinds = {word.casefold(): _KINDS[kind] for kind, words in raw["kinds"].items() for word in words}
    return _Words(columns, kinds)


def read_roster(stream: BinaryIO, origin: str) -> Iterator[RosterEntry | Failure]:
    """Row by row; a bad row is a Failure `ORIGIN:LINE` and the rest goes on.

    CSV: encoding and separator by its content, columns by data/roster.toml. Aliases stand between ";" or
    "|". JSONL: one object a line with the same names as keys. An id that stands twice is refused the second
    time. Memory: one row, and the ids.
    """
    head, stream = peek(stream)
    if not head.strip():
        yield Failure(origin, "empty file")
        return
    ours = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    seen: dict[str, str] = {}
    for where, said in (_objects if ours else _rows)(stream, origin):
        if isinstance(said, str):
            yield Failure(where, said)
            continue
        try:
            entry = _entry(where, said)
            for name, value in (("Wikidata id", entry.wikidata), ("uid", entry.uid)):
                if value and (first := seen.setdefault(f"{name} {value}", where)) != where:
                    raise Refused(f"the {name} {value} stands in {first} already")
        except Refused as refused:
            yield Failure(where, str(refused))
        else:
            yield entry


def split_names(text: str) -> list[str]:
    r"""Names between ";" or "|"; a "\" before one of them makes it part of a name."""
    return [re.sub(r"\\([;|\\])", r"\1", name).strip() for name in _NAME.findall(text)]


def qid(text: str) -> str:
    """ "Q42" of "q42", "wd:Q42", or an address on wikidata.org; "" of nothing. Raises Refused."""
    if not (text := text.strip()):
        return ""
    if not (found := _QID.fullmatch(text)):
        raise Refused(f"{text[:60]!r} is no Wikidata id, which looks like Q42")
    return found[1].upper()


_Said = Mapping[str, object]


def _rows(stream: BinaryIO, origin: str) -> Iterator[tuple[str, _Said | str]]:
    """(origin of a row, what it says or why it cannot be told)."""
    try:
        lines = Lines(*opened(Source(origin, stream)))
        header, _ = lines.row("")
        columns = _columns(header)
    except Refused as refused:
        yield origin, str(refused)
        return
    while lines.more():
        where = f"{origin}:{lines.number + 1}"
        try:
            row, _ = lines.row(where)
        except Refused as refused:
            yield where, str(refused)
            continue
        if not any(one.strip() for one in row):
            continue
        if any(one.strip() for one in row[len(header) :]):
            yield where, f"{len(row)} cells where the header has {len(header)}"
            continue
        yield where, {field: cell(row[place]).text for field, place in columns.items() if place < len(row)}


def _objects(stream: BinaryIO, origin: str) -> Iterator[tuple[str, _Said | str]]:
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        where = f"{origin}:{number}"
        if not line.removeprefix(b"\xef\xbb\xbf").strip():
            continue
        try:
            found = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            yield where, f"no JSON: {error}"
            continue
        if not isinstance(found, dict):
            yield where, "no JSON object"
            continue
        columns = _columns_of(list(found))
        keys = list(found)
        yield where, {field: found[keys[place]] for field, place in columns.items()}


def _columns(header: Sequence[str]) -> dict[str, int]:
    if len(header) > MAX_COLUMNS:
        raise Refused(f"table of {len(header)} columns, the limit is {MAX_COLUMNS}")
    found = _columns_of(header)
    if "name" not in found:
        shown = ", ".join(name.strip()[:40] or "(no name)" for name in header[:12])
        raise Refused(f"no column is known to hold the name: call it “name”; the columns are {shown}")
    return found


def _columns_of(header: Sequence[str]) -> dict[str, int]:
    folded = [fold_column(name) for name in header]
    found: dict[str, int] = {}
    for field, names in _words().columns.items():
        place = next((folded.index(name) for name in names if name in folded), None)
        if place is not None:
            found[field] = place
    return found


def _entry(origin: str, said: _Said) -> RosterEntry:
    """Raises Refused for what is nobody's row."""
    name = _text(said, "name")
    if not name:
        raise Refused("a row without a name")
    kind = _kind(_text(said, "kind"))
    if kind == "person" and (refused := refusal(name)):
        raise Refused(refused)
    given = said.get("aliases")
    listed = given if isinstance(given, list) else split_names(_text(said, "aliases", MAX_LINE))
    aliases = tuple(
        alias
        for alias in dict.fromkeys(_text({"alias": one}, "alias") for one in listed)
        if alias and alias != name
    )
    if len(aliases) > MOST_NAMES:
        raise Refused(f"{len(aliases)} names of one person, the limit is {MOST_NAMES}")
    if kind == "person" and (why := next(filter(None, map(refusal, aliases)), None)):
        raise Refused(f"among the aliases, {why}")
    uid = _text(said, "uid")
    if uid and not _UID.fullmatch(uid):
        raise Refused(f"{uid[:60]!r} is no uid of quotetrack")
    ids = (qid(_text(said, "wikidata")), _text(said, "affiliation"), _text(said, "role"), uid)
    return RosterEntry(origin, name, aliases, kind, *ids)


def _kind(written: str) -> PersonKind:
    if not written:
        return "person"
    if (kind := _words().kinds.get(written.casefold())) is None:
        raise Refused(f"{written[:60]!r} is no kind: person, organisation or group")
    return kind


def _text(said: _Said, field: str, longest: int = LONGEST) -> str:
    value = said.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"{field} is no text")
    text = one_line(value.encode("utf-8", "replace").decode("utf-8")) or ""
    if len(text) > longest:
        raise Refused(f"{field} of {len(text):,} characters, the limit is {longest}")
    return text


def read_roster_file(path: Path) -> Iterator[RosterEntry | Failure]:
    """`read_roster` of a file, which is named as it was given."""
    with path.open("rb") as stream:
        yield from read_roster(stream, str(path))
