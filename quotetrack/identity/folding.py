"""Names without what writers vary: case, diacritics, quotation marks, spaces."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"[\"'“”„‟‚‘’‛«»‹›`´]")
_SPACES = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")


def fold(name: str) -> str:
    """A name without case, diacritics, quotation marks, hyphenation and double spaces; ß is ss."""
    text = unicodedata.normalize("NFKD", _MARKS.sub("", name).casefold())
    bare = "".join(ch for ch in text if not unicodedata.combining(ch))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", bare)).strip()
