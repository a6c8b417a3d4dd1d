"""What people corrected: values, how they are written down, and what holds when all are read in order.

`corrections` only ever grows; an undo is a row of its own. Everything a correction changes in other
tables is derived from the `Book` that the rows in force add up to, so that it survives whatever is
ingested, clustered or undone later. Pure, but for reading and appending rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from quotetrack.types import Edge, Judgement, PersonKind

# --------------------------------------------------------------------- what can be corrected


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Show a statement or an occurrence no longer. The correction's reason is what readers are told."""

    kind: Literal["statement", "occurrence"]
    uid: str


@dataclass(frozen=True, slots=True)
class Reinstate:
    """Show it again."""

    kind: Literal["statement", "occurrence"]
    uid: str


@dataclass(frozen=True, slots=True)
class Reassign:
    """Somebody else said this: a person of the archive (uid), else whoever bears the name; else unknown."""

    occurrence: str
    person: str | None = None
    name: str | None = None
    kind: PersonKind = "person"


@dataclass(frozen=True, slots=True)
class Rename:
    person: str
    name: str


@dataclass(frozen=True, slots=True)
class MergePeople:
    """`person` is `into`: its quotes and names move there, its uid redirects."""

    person: str
    into: str


@dataclass(frozen=True, slots=True)
class SplitPerson:
    """These occurrences are by somebody else of that name: a new person gets them."""

    person: str
    occurrences: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class KeepApart:
    """`person` is not `other`, however alike: nobody needs to ask again."""

    person: str
    other: str


@dataclass(frozen=True, slots=True)
class Identify:
    """`person` is this item of Wikidata ("Q42"), or none that is there (""); goes before any roster."""

    person: str
    wikidata: str


@dataclass(frozen=True, slots=True)
class Affiliate:
    """Who said this spoke for this organisation in this role, whatever the article was read to say."""

    occurrence: str
    organisation: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class PartStatements:
    """`statement` is not `other`, however alike: nobody needs to ask again."""

    statement: str
    other: str


@dataclass(frozen=True, slots=True)
class JoinStatements:
    statement: str
    other: str


@dataclass(frozen=True, slots=True)
class SplitStatement:
    """These occurrences belong together, but not with the rest of the statement."""

    statement: str
    occurrences: tuple[str, ...]


Correction = (
    Withdraw
    | Reinstate
    | Reassign
    | Rename
    | MergePeople
    | SplitPerson
    | KeepApart
    | Identify
    | Affiliate
    | PartStatements
    | JoinStatements
    | SplitStatement
)
Detail = Mapping[str, object]

# --------------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. subject: uid; detail: what the action needs besides, as it was resolved at that time."""

    id: int
    action: str
    subject: str
    detail: Mapping[str, object]
    author: str
    reason: str
    when: str
    undoes: int | None = None


def entries(conn: sqlite3.Connection) -> list[Entry]:
    """All rows, in order."""
    rows = conn.execute(
        'select id, action, subject, detail, author, reason, "when", undoes from corrections order by id'
    )
    return [
        Entry(row, action, subject, json.loads(detail), author, reason, when, undoes)
        for row, action, subject, detail, author, reason, when, undoes in rows
    ]


def append(conn: sqlite3.Connection, entry: Entry) -> None:
    conn.execute(
        'insert into corrections(id, action, subject, detail, author, reason, "when", undoes)'
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            entry.id,
            entry.action,
            entry.subject,
            json.dumps(dict(entry.detail), ensure_ascii=False),
            entry.author,
            entry.reason,
            entry.when,
            entry.undoes,
        ],
    )


def in_force(rows: Sequence[Entry]) -> list[Entry]:
    """Those that hold, in order: corrections and undos that were not undone."""
    dead: set[int] = set()
    standing = []
    for entry in reversed(rows):
        if entry.id in dead:
            continue
        if entry.undoes is not None:
            dead.add(entry.undoes)
        standing.append(entry)
    return standing[::-1]


# --------------------------------------------------------------------- what holds


@dataclass(frozen=True, slots=True)
class Assigned:
    """The speaker a person named. uid is None for "unknown"; identity: of a person not there yet."""

    uid: str | None
    name: str = ""
    kind: PersonKind = "person"
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """All corrections in force, added up.

    withdrawn: uid of a statement or occurrence -> public reason; statements: which are statements;
    speakers: occurrence -> speaker; names: person -> name; merged: person -> whom it is now;
    targets: whom others were merged into, as they were; rejoined: who was split off, and is no longer -> of
    whom; apart: pairs of people, the first uid smaller;
    wikidata: person -> id, "" for none; affiliations: occurrence -> organisation and role;
    told: pairs of occurrences that people judged, the first uid smaller.
    """

    withdrawn: dict[str, str] = field(default_factory=dict)
    statements: set[str] = field(default_factory=set)
    speakers: dict[str, Assigned] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    targets: dict[str, Assigned] = field(default_factory=dict)
    rejoined: dict[str, str] = field(default_factory=dict)
    apart: dict[tuple[str, str], Entry] = field(default_factory=dict)
    wikidata: dict[str, str] = field(default_factory=dict)
    affiliations: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    told: dict[tuple[str, str], Edge] = field(default_factory=dict)

    def person(self, uid: str) -> str:
        """Follow merges, and splits that were taken back."""
        seen = {uid}
        while (uid := self.merged.get(uid) or self.rejoined.get(uid, uid)) not in seen:
            seen.add(uid)
        return uid


def read_book(rows: Sequence[Entry]) -> Book:
    book = Book()
    standing = {entry.id for entry in in_force(rows)}
    for entry in rows:
        if entry.undoes is None and entry.id in standing:
            _enter(book, entry)
        elif entry.action == "split person":
            book.rejoined[str(_assigned(entry.detail).uid)] = entry.subject
    return book


def _enter(book: Book, entry: Entry) -> None:
    subject, detail = entry.subject, entry.detail
    match entry.action:
        case "withdraw":
            book.withdrawn[subject] = entry.reason
            if detail["kind"] == "statement":
                book.statements.add(subject)
        case "reinstate":
            book.withdrawn.pop(subject, None)
        case "reassign":
            book.speakers[subject] = _assigned(detail)
        case "rename":
            book.names[subject] = str(detail["name"])
        case "merge people":
            book.merged.pop(str(detail["into"]), None)
            book.merged[subject] = into = str(detail["into"])
            if detail.get("speaker"):  # not in merges made before 2026-11-23
                book.targets[into] = _assigned(detail)
        case "split person":
            book.speakers.update(dict.fromkeys(_strings(detail["occurrences"]), _assigned(detail)))
        case "keep apart":
            a, b = sorted((subject, str(detail["other"])))
            book.apart[a, b] = entry
        case "identify":
            book.wikidata[subject] = str(detail["wikidata"])
            if entry_of_roster := detail.get("entry"):
                book.merged[str(entry_of_roster)] = subject
        case "affiliate":
            book.affiliations[subject] = (_text(detail["organisation"]), _text(detail["role"]))
        case "join statements" | "part statements" | "split statement":
            for a, b in pairs(detail["overrides"]):
                book.told.pop((a, b), None)
            for edge in told(entry):
                book.told[edge.a, edge.b] = edge
        case unknown:
            raise ValueError(f"a correction of an unknown kind: {unknown!r}")


def told(entry: Entry) -> Iterator[Edge]:
    """The judgements on pairs of occurrences that a correction of statements comes to.

    A split keeps every occurrence that moves apart from the fullest that stays, and each side together.
    """
    if entry.action in ("join statements", "part statements"):
        judgement: Judgement = "same" if entry.action == "join statements" else "different"
        yield _edge(entry, judgement, *_strings(entry.detail["pair"]))
        return
    (first, *moved), (hub, *rest) = _strings(entry.detail["moved"]), _strings(entry.detail["rest"])
    for occurrence in (first, *moved):
        yield _edge(entry, "different", occurrence, hub)
    for occurrence in moved:
        yield _edge(entry, "same", first, occurrence)
    for occurrence in rest:
        yield _edge(entry, "same", hub, occurrence)


def pairs(value: object) -> list[tuple[str, str]]:
    """JSON's lists of two uids → pairs."""
    assert isinstance(value, list)
    return [(str(a), str(b)) for a, b in value]


def _edge(entry: Entry, judgement: Judgement, a: str, b: str) -> Edge:
    similarity = 1.0 if judgement == "same" else 0.0
    return Edge(min(a, b), max(a, b), similarity, judgement, entry.author, entry.reason)


def _assigned(detail: Detail) -> Assigned:
    speaker = detail["speaker"]
    return Assigned(None) if speaker is None else Assigned(**speaker)  # type: ignore[arg-type]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _strings(value: object) -> list[str]:
    assert isinstance(value, Iterable)
    return [str(item) for item in value]
