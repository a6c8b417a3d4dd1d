"""Reads the hand-written gold of this folder: marked-up text in, evalkit documents out.

Everybody and everything in it is fictional.

A passage begins with `== category`; its text follows, then one line for each quote in order of number:

    == direct/interrupted
    „⟦Diese Straße⟧“, <klagte> {Anwohnerin Lore Beutelsteg}, „⟦ist eine Baustelle.⟧“
    d | Lore Beutelsteg | | Anwohnerin

`⟦content⟧`, `{source}`, `<cue>`. Digits right behind a closing bracket are the numbers of the quotes that
the bracket belongs to (`{sie}12`: to both); without digits it belongs to the first. A bracket used again
with the same number is a further span; brackets may stand inside each other. A quote line is d, i or m
(direct, indirect, mixed), then name, affiliation, role as the passage itself shows them; empty is
unknown. No quote line: nothing in the passage is a quote.

Conventions, those of the news corpora: marks stand outside the content; "dass" and "that" inside; the
source is the whole noun phrase with its apposition and brackets, in English with its relative clause, which
the German annotators leave out; "nach Angaben der Polizei" has the source "Angaben der Polizei"; a separable
verb has two cue spans; a quote that its cue interrupts, also after a full stop, is one quote of several
spans; each further sentence of a chain in the Konjunktiv is a quote of its own with the source of the first;
names as in the shared guide for speakers (fullest proper name in the passage, without titles; none for the
unnamed).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TYPES = {"d": "direct", "i": "indirect", "m": "mixed"}
_OPEN = {"⟦": "content_spans", "{": "speaker_spans", "<": "cue_spans"}
_CLOSE = {"⟧": "⟦", "}": "{", ">": "<"}
_QUOTE_LINE = re.compile(r"[dim]( \|.*)?$")


def load(code: str) -> list[dict[str, Any]]:
    """The gold of one language as evalkit documents (`category` is ours). ValueError on bad markup."""
    source = (HERE / f"{code}.txt").read_text("utf-8")
    passages = re.split(r"^== ", source, flags=re.MULTILINE)[1:]
    return [_document(code, number, passage) for number, passage in enumerate(passages, 1)]


def load_statements() -> list[dict[str, str]]:
    """The pairs of statements.tsv by column name; label is same or different, kind says why."""
    header, *rows = (HERE / "statements.tsv").read_text("utf-8").splitlines()
    columns = header.split("\t")
    return [dict(zip(columns, row.split("\t"), strict=True)) for row in rows]


def _document(code: str, number: int, passage: str) -> dict[str, Any]:
    category, _, rest = passage.partition("\n")
    lines = rest.rstrip().split("\n")
    described: list[list[str | None]] = []
    while lines and _QUOTE_LINE.match(lines[-1]):
        described.insert(0, [part.strip() or None for part in lines.pop().split("|")])
    text, marked = unmark("\n".join(lines).strip())
    if set(marked) - set(range(1, len(described) + 1)):
        raise ValueError(f"{category}: a mark without a quote line")
    quotes = []
    for index, fields in enumerate(described, 1):
        kind, name, affiliation, role = (*fields, None, None, None)[:4]
        spans = marked.get(index, {})
        if "content_spans" not in spans:
            raise ValueError(f"{category}: quote {index} has no content")
        quotes.append(
            {
                "type": TYPES[kind or ""],
                "content_spans": spans["content_spans"],
                "cue_spans": spans.get("cue_spans", []),
                "speaker_spans": spans.get("speaker_spans", []),
                "speaker_name": name,
                "affiliation": affiliation,
                "role": role,
            }
        )
    doc_id = f"{code}/{number:03d} {category.strip()}"
    return {"doc_id": doc_id, "lang": code, "category": category.strip(), "text": text, "quotes": quotes}


def unmark(marked: str) -> tuple[str, dict[int, dict[str, list[list[int]]]]]:
    """The bare text, and for each quote number its spans by kind. Raises ValueError on unbalanced marks."""
    text: list[str] = []
    spans: dict[int, dict[str, list[list[int]]]] = {}
    opened: list[tuple[str, int]] = []
    position = 0
    while position < len(marked):
        sign = marked[position]
        position += 1
        if sign in _OPEN:
            opened.append((sign, len(text)))
        elif sign in _CLOSE:
            if not opened or opened[-1][0] != _CLOSE[sign]:
                raise ValueError(f"unbalanced {sign} in: {marked}")
            kind, start = opened.pop()
            digits = re.compile(r"[1-9]*").match(marked, position)
            numbers = digits[0] if digits else ""
            position += len(numbers)
            for number in map(int, numbers or "1"):
                spans.setdefault(number, {}).setdefault(_OPEN[kind], []).append([start, len(text)])
        else:
            text.append(sign)
    if opened:
        raise ValueError(f"{opened[-1][0]} is never closed in: {marked}")
    for kinds in spans.values():
        for found in kinds.values():
            found.sort()
    return "".join(text), spans
