"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNDECIDED = "und"
"""ISO 639-3 code for a language that was not determined."""

MIN_LETTERS = 20
"""Letters below which a text is too short to decide upon (alphabets; one of CJK counts fourfold)."""

MIN_CONFIDENCE = 0.5
"""Probability (0 to 1) that the best language needs among all that the model knows."""

SAMPLE = 5_000
"""Code points that are looked at."""

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: LanguageIdentifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)  # type: ignore[no-untyped-call]
    return identifier


def identify_language(text: str) -> str:
    """ISO 639-1 code of the language of `text` (py3langid, 97 languages), "und" when undecidable.

    The model is loaded on the first call. Never raises.
    """
    code, confidence = language_share(text)
    return code if confidence >= MIN_CONFIDENCE else UNDECIDED


def language_share(text: str) -> tuple[str, float]:
    """The most probable language of `text` and its probability (0 to 1) among all that the model knows.

    ("und", 0.0) for a text too short to decide upon. Never raises.
    """
    sample = text[:SAMPLE].encode("utf-8", "replace").decode("utf-8")
    letters = sum(map(str.isalpha, sample))
    if letters + 3 * len(_WIDE.findall(sample)) < MIN_LETTERS:
        return UNDECIDED, 0.0
    code, confidence = _identifier().classify(sample)  # type: ignore[no-untyped-call]
    return str(code), float(confidence)


def language_code(tag: str | None) -> str | None:
    """The language of a BCP 47 tag or a locale ("de-AT", "en_US") as an ISO code; None when it says none."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_.].*)?\s*\Z", tag or "")
    code = match.group(1).lower() if match else UNDECIDED
    return None if code in (UNDECIDED, "mul", "zxx", "mis") else code
