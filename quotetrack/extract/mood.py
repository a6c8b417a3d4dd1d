"""The reported mood (Konjunktiv I), told by a verb's form."""

from __future__ import annotations

from quotetrack.extract.phrases import is_finite
from quotetrack.extract.reading import Reading


def in_reported_mood(reading: Reading, place: int) -> bool:
    """Whether a verb's form is one that only the reported mood has."""
    mood = reading.pack.mood
    low = reading.lower[place]
    if low in mood.get("forms", ()):
        return reading.words[place].upos in ("AUX", "VERB")
    word = reading.words[place]
    if word.upos not in ("VERB", "AUX") or not is_finite(reading, place):
        return False
    if low in mood.get("irrealis", ()):
        return True
    if word.feats.get("Tense") == "Past" and word.feats.get("Mood") != "Sub":
        return False
    if word.feats.get("Number") == "Plur" or word.feats.get("Person") == "1" or word.text[0].isupper():
        return False
    return low.endswith(tuple(mood.get("endings", ()))) and not low.endswith(tuple(mood.get("not_endings", ())))
