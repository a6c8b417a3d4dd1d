"""Direct quotes by marks and the words beside them alone, for languages without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quotetrack.extract.marks import Quotation, quotations
from quotetrack.languages import Pack
from quotetrack.types import Quote, Span

MIN_MARKED = 4  # words a quotation needs to count as somebody's words where no cue stands next to it
MAX_BESIDE = 90  # characters beside a quotation in which its cue and source are looked for
MAX_BETWEEN = 3  # words in small letters between a cue and its name: `dijo ayer la ministra Weber`
MAX_NAME = 5  # words of a name
# Share of quotes that were right on joint soft, with and without a source, when the dev sets of German,
# PolNeAR and GUM were read by marks alone, November 2026 (244 of 335, 6 of 526).
SOURCED, UNSOURCED = 0.73, 0.01
MAX_CUE = 3  # words of a cue: `a-t-il ajouté`
_WORD = re.compile(r"[^\W\d_]\.(?=\s\w)|[^\W\d_](?:\w|[.'’‑-](?=\w))*")
_GAP_AFTER = re.compile(r"[\s,.;!?…]*(?:[–—―-]+\s*)?")  # between a closing mark and what says whose it is
_INSIDE = re.compile(r"[,.!?…]\s*[–—―]\s+(?P<aside>[^–—―\n]{3,80}?)[,.]\s*[–—―]\s+")
_GAP_BETWEEN = re.compile(r"[ \u00a0\u202f]+")


@dataclass(frozen=True, slots=True)
class _Said:
    """A cue beside a quotation and whom it names, if anybody."""

    cue: Span
    source: Span | None = None


def find_marked(text: str, pack: Pack) -> list[Quote]:
    """Direct quotes by marks alone, in reading order, rule `direct/marks`.

    source: the name or pronoun that a cue beside a quotation gives (`« … », a dit Anna Weber`, `Weber: „…“`),
    else empty. A quotation of fewer than MIN_MARKED words counts only with a cue. What its line leaves open
    and the next line reopens is one quote, as is what stands on both sides of one cue. Odd marks never raise.
    """
    found: list[Quote] = []
    last: Quotation | None = None  # the quotation found last; the next one may go on with it
    marked = [quotation for quotation in quotations(text, pack.marks) if quotation.depth == 0]
    for at, quotation in enumerate(marked):
        if last is not None and _goes_on(text, last, quotation, found[-1], pack):
            found[-1] = replace(found[-1], content=(*found[-1].content, quotation.inner))
            last = quotation
            continue
        begin = marked[at - 1].outer.end if at else 0
        end = marked[at + 1].outer.start if at + 1 < len(marked) else len(text)
        aside = _aside(text, quotation, pack)
        said = aside[0] if aside else _said(text, quotation, begin, end, pack)
        if said is None and len(quotation.inner.of(text).split()) < MIN_MARKED:
            continue
        source = (said.source,) if said and said.source else ()
        confidence = SOURCED if source else UNSOURCED
        cue = (said.cue,) if said else ()
        found.append(
            Quote(
                "direct", aside[1] if aside else (quotation.inner,), cue, source, confidence, "direct/marks"
            )
        )
        last = quotation
    return found


def _aside(text: str, quotation: Quotation, pack: Pack) -> tuple[_Said, tuple[Span, Span]] | None:
    """A cue between dashes inside of the marks (`«Мы, — сказал Керн, — не придём»`) and the words around."""
    inner = quotation.inner
    for match in _INSIDE.finditer(text, inner.start, inner.end):
        words = _words(text, *match.span("aside"))
        said = _after(text, words, pack) if words else None
        if said is not None and match.start() > inner.start and match.end() < inner.end:
            return said, (Span(inner.start, match.start()), Span(match.end(), inner.end))
    return None


def _goes_on(text: str, last: Quotation, one: Quotation, before: Quote, pack: Pack) -> bool:
    """Whether a quotation goes on with the one before it: reopened by the next line, or behind the cue that
    interrupts it (`“We,” said Weber, “wait”`; where such quotes are joined, a new sentence too)."""
    between = text[last.outer.end : one.outer.start]
    if not last.closed:
        return not between.strip()
    if not before.cue or "\n" in between or not last.outer.end <= before.cue[0].start < one.outer.start:
        return False
    named = before.source[0].end if before.source else 0
    tail = text[max(before.cue[0].end, named) : one.outer.start].strip()
    return set(tail) <= set(",–—― -") or (
        pack.conventions.continued == "joined" and tail in (".", ". –", ". —")
    )


def _said(text: str, quotation: Quotation, begin: int, end: int, pack: Pack) -> _Said | None:
    """The cue beside a quotation, looked for up to the quotations around it and the ends of its line."""
    start, stop = quotation.outer.start, quotation.outer.end
    line = text.find("\n", stop)
    after = _words(text, stop, min(end, stop + MAX_BESIDE, line if line >= 0 else len(text)))
    before = _words(text, max(begin, start - MAX_BESIDE, text.rfind("\n", 0, start) + 1), start)
    near = bool(after) and _GAP_AFTER.fullmatch(text, stop, after[0].start) is not None
    bare: _Said | None = None
    parted = _parts(text, quotation) or text[:start].rstrip().endswith(",")
    if near and (parted or len(quotation.inner.of(text).split()) >= MIN_MARKED):
        said = _after(text, after, pack)
        if said is not None and said.source is not None:
            return said
        bare = said
    leads = _before(text, before, start, pack)
    if leads is None:
        return bare
    if leads.cue.of(text) == ",":  # `Weber, “…” dedi`
        return _Said(bare.cue, leads.source) if bare else None
    return leads


def _parts(text: str, quotation: Quotation) -> bool:
    """Whether a comma, a dash or the end of a sentence parts a quotation from what follows it."""
    ends = quotation.inner.of(text)[-1] in ",.!?…"
    return ends or text[quotation.outer.end : quotation.outer.end + 3].lstrip()[:1] in tuple(",–—―-")


def _words(text: str, start: int, end: int) -> list[Span]:
    return [Span(*match.span()) for match in _WORD.finditer(text, start, max(start, end))]


def _after(text: str, words: Sequence[Span], pack: Pack) -> _Said | None:
    """`said Weber`, `dijo ayer Weber`, `Weber said` right after a quotation."""
    cue = _cue_at(text, words, 0, pack)
    if cue:
        for first in range(cue, min(cue + MAX_BETWEEN + 1, len(words))):
            if not _adjoin(text, words, first):
                break
            name = _name_at(text, words, first, pack)
            if name:
                return _Said(_over(words, 0, cue), _over(words, first, name))
        return _Said(_over(words, 0, cue))
    name = _name_at(text, words, 0, pack)
    if name:
        for first in range(name, min(name + MAX_BETWEEN, len(words))):
            if not _adjoin(text, words, first):
                break
            cue = _cue_at(text, words, first, pack)
            if cue:
                return _Said(_over(words, first, cue), _over(words, 0, name))
    return None


def _before(text: str, words: Sequence[Span], start: int, pack: Pack) -> _Said | None:
    """`Weber said: “`, `said Weber: “`, `Weber: “` at a line's beginning, `Weber, “` (no cue yet)."""
    if not words:
        return None
    gap = text[words[-1].end : start].strip()
    if gap not in (":", ",", ": –", ": —"):
        return None
    for first in range(max(0, len(words) - MAX_CUE - MAX_NAME - MAX_BETWEEN), len(words)):
        name = _name_at(text, words, first, pack)
        if not name or (first and _is_capital(text, words[first - 1]) and _adjoin(text, words, first)):
            continue
        for place in range(name, len(words)):
            cue = _cue_at(text, words, place, pack)
            if (
                cue
                and len(words) - cue <= MAX_BETWEEN
                and all(_adjoin(text, words, p) for p in range(first + 1, len(words)))
            ):
                return _Said(_over(words, place, cue), _over(words, first, name))
        led = next(
            (p for p in range(max(0, first - MAX_CUE), first) if _cue_at(text, words, p, pack) == first), None
        )
        if name == len(words) and led is not None and gap.startswith(":"):
            return _Said(_over(words, led, first), _over(words, first, name))
        if name == len(words) and gap.startswith((":", ",")) and _opens_line(text, words[first].start):
            return _Said(Span(words[-1].end, words[-1].end + 1), _over(words, first, name))
    cues = [
        p
        for p in range(max(0, len(words) - MAX_CUE), len(words))
        if _cue_at(text, words, p, pack) == len(words)
    ]
    return _Said(_over(words, cues[0], len(words))) if cues else None


def _opens_line(text: str, start: int) -> bool:
    """Whether nothing but the end of a sentence or a dash stands before a place in its line."""
    before = text[:start].rpartition("\n")[2].rstrip()
    return not before or before[-1] in ".!?…–—―-”“»«\"'*"


def _adjoin(text: str, words: Sequence[Span], place: int) -> bool:
    """Whether nothing but space stands before a word, so that it belongs to the words before it."""
    return _GAP_BETWEEN.fullmatch(text, words[place - 1].end, words[place].start) is not None


def _is_capital(text: str, word: Span) -> bool:
    return text[word.start].isupper()


def _name_at(text: str, words: Sequence[Span], first: int, pack: Pack) -> int:
    """The end of the name or pronoun that begins at a word; 0 where none does."""
    if first >= len(words):
        return 0
    if words[first].of(text).lower() in pack.pronouns:
        return first + 1
    if not _is_capital(text, words[first]):
        return 0
    end = first + 1
    particles = pack.speakers.get("particles", frozenset())
    while end < len(words) and end - first < MAX_NAME and _adjoin(text, words, end):
        onward = end
        while (
            onward < len(words)
            and words[onward].of(text).lower() in particles
            and _adjoin(text, words, onward)
        ):
            onward += 1
        if onward >= len(words) or not _is_capital(text, words[onward]) or not _adjoin(text, words, onward):
            break
        end = onward + 1
    return end


def _cue_at(text: str, words: Sequence[Span], first: int, pack: Pack) -> int:
    """The end of the cue that begins at a word, the longest there is; 0 where none does."""
    for end in range(min(len(words), first + MAX_CUE), first, -1):
        said = " ".join(text[words[first].start : words[end - 1].end].lower().split())
        if said in pack.told:
            return end
    return 0


def _over(words: Sequence[Span], first: int, end: int) -> Span:
    return Span(words[first].start, words[end - 1].end)
