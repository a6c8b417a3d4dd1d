"""A statement as a picture of 1200 x 630 pixels: the preview that networks and chats show of its link.

Drawn with Pillow from what the card shows. Without Pillow, or for a text that no font here writes (see
`fonts`), a ready picture of the site stands in (`static/card.png`): a preview without the words, never one
with boxes in their place.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING

from quotetrack.plugin.card import QuoteCard
from quotetrack.plugin.fonts import COVERED, font, from_right, has_font
from quotetrack.plugin.links import asset
from quotetrack.plugin.wording import quotation_marks

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630  # pixels, the size that OpenGraph consumers crop least
FALLBACK = "card.png"
LONGEST = 1500  # characters that are looked at: more than fit
KEPT = 64  # pictures kept in memory, about 40 kB each
_LAYOUT = 2  # of this drawing: counted up when it changes, so that caches ask again
_EDGE, _BAR, _FOOT = 80, 14, 150  # pixels: margins, the bar at the left, the lines below the quote
_SIZES = range(62, 29, -4)  # pixels of the quote's letters: the first in which all of it fits
_LEADING = 1.34  # line height as a multiple of the size
_PAPER, _INK, _SOFT, _ACCENT, _RULE = "#fbfaf7", "#1b1d1f", "#585e66", "#8a1f2b", "#dcd8cf"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")  # controls; marks that turn a line around; what is no character
_JOINERS = "\u200c\u200d"  # which letters of some scripts need between them


@dataclass(frozen=True, slots=True)
class Picture:
    """The words of a picture: the quote, who said it, as what, when and where, a note, the site's name.

    text: with its opening mark; closing: the mark that ends it, also where it is cut.
    """

    text: str
    closing: str = ""
    name: str = ""
    role: str = ""
    source: str = ""
    note: str = ""
    site: str = ""

    @property
    def tag(self) -> str:
        """Changes whenever the drawing does: an ETag that is known before anything is drawn."""
        return hashlib.sha256(repr((_LAYOUT, available(), *astuple(self))).encode()).hexdigest()[:20]


def card_picture(card: QuoteCard, site: str) -> Picture:
    """The picture of a statement's card."""
    reach = card.reach if card.outlets > 1 else ""
    closing = quotation_marks(card.language)[1] if card.quoted else ""
    return Picture(
        text=card.marked(card.text).removesuffix(closing),
        closing=closing,
        name=card.speaker if card.speaker_link else "Speaker unknown",
        role=card.affiliation,
        source=" · ".join(filter(None, (card.day, card.outlet, reach))),
        note="Corrected" if card.corrected else "",
        site=site,
    )


def available() -> bool:
    """Whether pictures can be drawn here: Pillow is an optional library."""
    return find_spec("PIL") is not None


def writable(text: str) -> str | None:
    """The text as a font writes it, signs it lacks left out; None when it lacks one of its letters."""
    composed = "".join(
        char
        for char in " ".join(unicodedata.normalize("NFC", text).split())
        if unicodedata.category(char) not in _UNSEEN or char in _JOINERS
    ).strip()
    known = "".join(
        char for char in composed if char.isalnum() or COVERED.match(char) or _joined(char)
    ).strip()
    if all(map(COVERED.match, known)):
        return known  # rather without a smiley than in another font for its sake
    return next((words for words in (composed, known) if has_font(words)), None)


def _joined(char: str) -> bool:
    """Whether a character is part of the letter before it."""
    return char in _JOINERS or unicodedata.category(char).startswith("M")


def draw(picture: Picture) -> bytes:
    """The picture as PNG; the ready one where it cannot be drawn."""
    if not available() or any(writable(part) is None for part in astuple(picture)):
        return asset(FALLBACK)
    return _drawn(picture)


@lru_cache(maxsize=KEPT)
def _drawn(picture: Picture) -> bytes:
    from PIL import Image
    from PIL.ImageDraw import Draw

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = Draw(image)
    pen.rectangle((0, 0, _BAR, HEIGHT), fill=_ACCENT)
    words = Picture(*((writable(part) or "")[:LONGEST] for part in astuple(picture)))
    width, foot = WIDTH - 2 * _EDGE, HEIGHT - _FOOT
    top, below = _EDGE - 14, foot - 118
    lines, size = fit(
        words.text,
        words.closing,
        width,
        below - top - 14,
        lambda size: font(words.text + words.closing, "serif", size).getlength,
    )
    right = from_right(words.text)
    for line in lines:
        _write(pen, line, (_EDGE, top), font(words.text + words.closing, "serif", size), _INK, width, right)
        top += round(size * _LEADING)
    top = below
    name, role = font(words.name, "sans-bold", 32), font(words.role, "sans", 28)
    for text, letters, ink in ((words.name, name, _INK), (words.role, role, _SOFT)):
        _write(pen, _cut(text, width, letters.getlength), (_EDGE, top), letters, ink, width, right)
        top += 44
    pen.line((_EDGE, foot + 18, WIDTH - _EDGE, foot + 18), fill=_RULE, width=2)
    mark = font(words.site, "serif", 36)
    brand = _cut(words.site, 480, mark.getlength)
    start = WIDTH - _EDGE - mark.getlength(brand)
    pen.text((start, foot + 42), brand, font=mark, fill=_INK)
    pen.text((start - 44, foot + 36), "”", font=font("”", "serif", 76), fill=_ACCENT)
    room = start - 70 - _EDGE
    for text, down, ink in ((words.source, 36, _SOFT), (words.note, 76, _ACCENT)):
        small = font(text, "sans", 25)
        pen.text((_EDGE, foot + down), _cut(text, room, small.getlength), font=small, fill=ink)
    out = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _write(
    pen: ImageDraw,
    text: str,
    at: tuple[int, int],
    letters: FreeTypeFont,
    ink: str,
    width: float,
    right: bool,
) -> None:
    """A line from its left end, or to the right end of `width` pixels beside the words of right-to-left."""
    left, top = at
    if right:
        left += round(width - letters.getlength(text))
    pen.text((left, top), text, font=letters, fill=ink, direction="rtl" if right else None)


Length = Callable[[str], float]


def fit(
    text: str, closing: str, width: float, height: float, measure: Callable[[int], Length]
) -> tuple[list[str], int]:
    """Lines of `text` and the size of its letters, in pixels: the largest of _SIZES in which it fits.

    measure: for a size, the function from a text to its length in pixels. What does not fit in the smallest
    size is cut after a word and marked with an ellipsis before the closing mark.
    """
    for size in _SIZES:
        most = max(int(height // (size * _LEADING)), 1)
        lines = list(islice(wrap(text + closing, width, measure(size)), most + 1))
        if len(lines) <= most:
            return lines, size
    last = _cut(lines[most - 1], width, measure(size), " …" + closing, always=True)
    return [*lines[: most - 1], last], size


def wrap(text: str, width: float, length: Length) -> Iterator[str]:
    """Lines no longer than `width`, broken at spaces, and inside a word that alone is longer."""
    line = ""
    for word in text.split():
        tried = f"{line} {word}" if line else word
        if length(tried) <= width:
            line = tried
            continue
        if line:
            yield line
        while length(word) > width and len(word) > 1:
            cut = max(bisect_right(range(1, len(word)), width, key=lambda n: length(word[:n])), 1)
            yield word[:cut]
            word = word[cut:]  # noqa: PLW2901 - what is left of it
        line = word
    if line:
        yield line


def _cut(text: str, width: float, length: Length, ellipsis: str = " …", *, always: bool = False) -> str:
    """The text, shortened by words until it fits, with an ellipsis. always: also where all of it fits."""
    if not always and length(text) <= width:
        return text
    room = bisect_right(range(1, len(text)), width, key=lambda n: length(text[:n] + ellipsis))
    kept = text[:room]
    if not text[room : room + 1].isspace() and " " in kept:
        kept = kept.rsplit(" ", 1)[0]
    return kept.rstrip(" ,;:–-") + ellipsis
