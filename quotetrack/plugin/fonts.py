"""Which font writes a text: the plugin's own for Latin, Greek and Cyrillic, else one that the system has.

The system's are asked of fontconfig (`fc-list`), which knows the characters of each; where it is missing, or
no font has all of a text's characters, there is none. Scripts whose letters join, stack or run from right to
left need Raqm too, which Pillow's packages bring along.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Face = Literal["serif", "sans", "sans-bold"]
REGULAR, BOLD = 80, 200  # weights, as fontconfig counts them
PATIENCE = 5.0  # seconds for fontconfig, which reads all fonts of the system when it is asked first
_FORMAT = "%{file}\t%{index}\t%{weight}\t%{slant}\t%{spacing}\t%{width}\n"
#: What our fonts can write: Latin, Greek and Cyrillic with their marks, punctuation, currencies.
COVERED = re.compile(
    "[ -~\u00a0-\u024f\u0259\u02bb\u02bc\u02c6-\u02dd\u0300-\u0328\u0370-\u0377\u037a-\u037f\u0384-\u038a"
    "\u038c\u038e-\u03a1\u03a3-\u03e1\u03f0-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2116\u2122"
    "\u2212]"
)


def from_right(text: str) -> bool:
    """Whether a text runs from right to left: by its first letter that has a direction."""
    for char in text:
        if (direction := unicodedata.bidirectional(char)) in ("L", "R", "AL"):
            return direction != "L"
    return False


def has_font(text: str, face: Face = "sans") -> bool:
    """Whether some font writes every character of a text."""
    foreign = _foreign(text)
    return not foreign or _system(foreign, face) is not None


def font(text: str, face: Face, size: int) -> FreeTypeFont:
    """The font for a text that `has_font`, with letters of `size` pixels."""
    found = _system(foreign, face) if (foreign := _foreign(text)) else None
    return _own(face, size) if found is None else _loaded(*found, size)


def _foreign(text: str) -> str:
    """All characters of a text, once and in order, if our fonts lack one of them; else ""."""
    return "" if all(map(COVERED.match, text)) else "".join(sorted(set(text)))


@lru_cache(maxsize=256)
def _system(characters: str, face: Face) -> tuple[str, int] | None:
    """File and index of the system's font that has all of these characters and is most like `face`."""
    from PIL import features

    program = shutil.which("fc-list")
    if program is None or not features.check("raqm"):
        return None
    codes = " ".join(f"{ord(char):x}" for char in characters)
    try:
        listed = subprocess.run(  # noqa: S603 - numbers of characters are all that goes in
            [program, "--format", _FORMAT, f":charset={codes}:scalable=true"],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        ).stdout
    except subprocess.TimeoutExpired:
        return None
    weight = BOLD if face == "sans-bold" else REGULAR
    fonts = [line.split("\t") for line in listed.splitlines() if line.count("\t") == 5]
    if not fonts:
        return None
    file, index, *_ = min(fonts, key=lambda each: (*_unlike(each, weight, face), each))
    return file, int(index or 0) & 0xFFFF  # higher bits name an instance of a variable font


def _unlike(listed: list[str], weight: int, face: Face) -> tuple[float, ...]:
    """How far a font is from upright, of normal width, of the weight, and with or without serifs."""
    file, _, heavy, slant, spacing, width = listed
    return (
        _number(slant, 0),
        _number(spacing, 0),
        abs(_number(width, 100) - 100),
        abs(_number(heavy, REGULAR) - weight),
        ("serif" in file.lower()) != (face == "serif"),
    )


def _number(text: str, default: float) -> float:
    """A number of fontconfig's; the first of the range of a variable font ("[100 900]" has any in it)."""
    try:
        return float(text) if text else default
    except ValueError:
        return default


@lru_cache(maxsize=32)
def _own(face: Face, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    with as_file(files("quotetrack.plugin").joinpath("data", "fonts", f"{face}.ttf")) as path:
        return ImageFont.truetype(io.BytesIO(path.read_bytes()), size)


@lru_cache(maxsize=32)
def _loaded(file: str, index: int, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(file, size, index=index)
