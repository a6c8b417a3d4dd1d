"""Quotation marks: where quotations begin and end, in one line of text or in a whole article.

One pass with a stack. What a mark does is decided by its form (a pack's pairs), by what is open, and by
its neighbours: nothing can open before a space, nothing can close after one. Odd marks never raise.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotetrack.types import Span

MAX_DEPTH = 8  # quotations within each other; what opens deeper is stray
MAX_OPEN = 8  # lines after the one that opens a quotation in which it is closed
MAX_SHORT = 3  # letters of a word in small letters that a name may hold: `of`, `und`
MAX_SINGLE = 1_000  # characters between two single marks; beyond it the first one is an apostrophe
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_DOUBLED = re.compile(r"``|''|’’|‘‘|,,")  # typewriters' and TeX's double marks
_SINGLE = "'‘’‚‛‹›`"
_DASH_OR_BRACKET = "([{–—-/"


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between two marks.

    inner: without the marks; outer: with them; depth: 0 for an outermost one.
    closed: False where the closing mark is missing and the line's end stands for it.
    single: in single marks.
    """

    inner: Span
    outer: Span
    depth: int = 0
    closed: bool = True
    single: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    form: str


def find_quotations(text: str, marks: Mapping[str, Sequence[str]], nested: bool = False) -> list[Span]:
    """Find the outermost quotations of one paragraph, in reading order (with `nested`, all of them).

    marks: opening -> closing marks, one code point each (a pack's); `''` and ``` `` ``` count as `"`.
    Returns code-point spans of `text`, without the marks. Never raises on odd marks: an unclosed
    quotation runs to the end of the paragraph, since news style leaves it open when the next paragraph
    continues it. A quotation without a word between its marks is none.
    """
    found = [q for q in quotations(text, marks) if nested or q.depth == 0]
    return [q.inner for q in found]


def quotations(text: str, marks: Mapping[str, Sequence[str]]) -> list[Quotation]:
    """All quotations of a text, paragraph by paragraph, in reading order; inner ones after their outer.

    What a line leaves open and a later one closes without opening it again is one quotation for each line.
    """
    found: list[Quotation] = []
    lines = [(line.start(), line.end()) for line in _LINE.finditer(text)]
    begun = 0  # up to where a line is the end of a quotation of the lines before it
    for at, (start, end) in enumerate(lines):
        if end <= begun:
            continue
        here = _of_line(text, max(start, begun), end, marks)
        found += here
        open_one = next((q for q in here if q.depth == 0 and not q.closed), None)
        if open_one is not None:
            onward = _closed_later(text, open_one, lines[at + 1 : at + 1 + MAX_OPEN], marks)
            found += onward
            begun = onward[-1].outer.end if onward else begun
    found.sort(key=lambda q: (q.outer.start, -q.outer.end))
    return found


def _closed_later(
    text: str, one: Quotation, lines: Sequence[tuple[int, int]], marks: Mapping[str, Sequence[str]]
) -> list[Quotation]:
    """The lines that an open quotation goes on through, up to the one that closes it; none where another
    quotation opens before that, or where that one only names somebody."""
    opening = next(_marks_of(text, one.outer.start, len(text), marks)).form
    found = []
    for start, end in lines:
        every = (mark for mark in _marks_of(text, start, end, marks) if mark.form not in _SINGLE)
        mark = next(every, None)
        if mark is not None:
            faces = mark.start > start and not text[mark.start - 1].isspace()
            after = text[mark.end] if mark.end < end else " "
            if mark.form not in marks.get(opening, ()) or not faces or after.isalnum():
                return []
        inner = text[start : mark.start if mark else end]
        if not any(character.isalnum() for character in inner):
            return []
        left, right = len(inner) - len(inner.lstrip()), len(inner.rstrip())
        outer = Span(start, mark.end if mark else end)
        found.append(Quotation(Span(start + left, start + right), outer, 0, mark is not None))
        if mark is not None:
            return [] if _is_signature(inner) else found
    return []


def _is_signature(line: str) -> bool:
    """Whether a line has no more than names and short words: whom the line before it cites."""
    return not any(word[0].islower() and len(word) > MAX_SHORT for word in line.split())


def _marks_of(text: str, start: int, end: int, marks: Mapping[str, Sequence[str]]) -> Iterator[_Mark]:
    forms = set(marks) | {closing for closings in marks.values() for closing in closings}
    wanted = re.compile("|".join([_DOUBLED.pattern, "[" + "".join(map(re.escape, sorted(forms))) + "]"]))
    for match in wanted.finditer(text, start, end):
        form = match.group()
        if form == ",,":
            if match.end() < end and text[match.end()].isalnum() and "„" in marks:
                yield _Mark(match.start(), match.end(), "„")
        elif len(form) == 2:
            yield _Mark(match.start(), match.end(), '"')
        else:
            yield _Mark(match.start(), match.end(), form)


def _of_line(text: str, start: int, end: int, marks: Mapping[str, Sequence[str]]) -> list[Quotation]:
    found: list[Quotation] = []
    stack: list[_Mark] = []
    every = list(_marks_of(text, start, end, marks))
    doubles = [mark.start for mark in every if mark.form not in _SINGLE]
    singles = _single_pairs(text, start, end, every, doubles, marks)

    def close(at: _Mark | None, stop: int) -> None:
        opening = stack.pop()
        inner_end = at.start if at else stop
        outer_end = at.end if at else stop
        _keep(found, text, opening, inner_end, outer_end, len(stack), at is not None)

    for mark in every:
        if mark.form in _SINGLE:
            continue
        before = text[mark.start - 1] if mark.start > start else " "
        after = text[mark.end] if mark.end < end else " "
        can_open = mark.form in marks and not after.isspace()
        faces = after.isalnum() and (before.isspace() or before in _DASH_OR_BRACKET)
        only_opens = can_open and faces
        level = next(
            (d for d in range(len(stack) - 1, -1, -1) if mark.form in marks.get(stack[d].form, ())), None
        )
        if level == 0 and only_opens and before == " " and mark.form == stack[0].form == '"':
            del stack[1:]
            close(None, mark.start)  # `"A, said Weber. "B."`: the first one was never closed
            stack.append(mark)
        elif level is not None and not (
            only_opens and mark.form != stack[level].form and _turned(mark.form, marks)
        ):
            del stack[level + 1 :]
            close(mark, mark.end)
        elif mark.form in marks and (can_open or not stack) and len(stack) < MAX_DEPTH:
            if not (before.isalnum() and not can_open):
                stack.append(mark)
        elif faces and not stack:  # a closing mark that faces the wrong way
            stack.append(_Mark(mark.start, mark.end, _opener_for(mark.form, marks)))
    if stack:
        del stack[1:]
        close(None, end)
    for opening, closing in singles:
        depth = sum(1 for q in found if q.outer.start < opening.start and closing.end <= q.outer.end)
        _keep(found, text, opening, closing.start, closing.end, depth, True, single=True)
    return found


def _turned(form: str, marks: Mapping[str, Sequence[str]]) -> bool:
    """Whether a closing mark also opens quotations of its own."""
    return form in marks


def _opener_for(form: str, marks: Mapping[str, Sequence[str]]) -> str:
    return next((opening for opening, closings in marks.items() if form in closings), form)


def _keep(
    found: list[Quotation],
    text: str,
    opening: _Mark,
    inner_end: int,
    outer_end: int,
    depth: int,
    closed: bool,
    single: bool = False,
) -> None:
    inner = text[opening.end : inner_end]
    if not any(character.isalnum() for character in inner):
        return  # empty marks quote nothing
    left = len(inner) - len(inner.lstrip())
    right = len(inner.rstrip())
    found.append(
        Quotation(
            Span(opening.end + left, opening.end + right),
            Span(opening.start, outer_end),
            depth,
            closed,
            single,
        )
    )


def _single_pairs(
    text: str,
    start: int,
    end: int,
    every: list[_Mark],
    doubles: list[int],
    marks: Mapping[str, Sequence[str]],
) -> list[tuple[_Mark, _Mark]]:
    """Pairs of single marks: an opening one stands before a word and not after one, a closing one after a
    word and not before one; after an s it may be a genitive's, then a later one is taken if there is any."""
    singles = [mark for mark in every if mark.form in _SINGLE]
    closers = []
    for mark in singles:
        before = text[mark.start - 1] if mark.start > start else " "
        after = text[mark.end] if mark.end < end else " "
        if not before.isspace() and not after.isalnum():
            closers.append((mark, before in "sSzZx"))
    starts = [mark.start for mark, _ in closers]
    pairs = []
    busy_until = -1
    for mark in singles:
        if mark.start < busy_until or mark.form not in marks:
            continue
        before = text[mark.start - 1] if mark.start > start else " "
        after = text[mark.end] if mark.end < end else " "
        if before.isalnum() or after.isspace() or not (after.isalnum() or after in "[(…."):
            continue
        at_double = bisect_left(doubles, mark.end)
        limit = min(doubles[at_double] if at_double < len(doubles) else end, mark.end + MAX_SINGLE)
        maybe: _Mark | None = None
        chosen: _Mark | None = None
        place = bisect_left(starts, mark.end + 1)
        while place < len(closers) and starts[place] <= limit:
            closer, genitive = closers[place]
            if closer.form in marks[mark.form]:
                if not genitive:
                    chosen = closer
                    break
                maybe = maybe or closer
            place += 1
        chosen = chosen or maybe
        if chosen:
            pairs.append((mark, chosen))
            busy_until = chosen.end
    return pairs
