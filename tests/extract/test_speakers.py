"""Who can say something: told by the head of a noun phrase."""

from __future__ import annotations

import pytest

from quotetrack import languages
from quotetrack.annotate import Annotator
from quotetrack.extract.reading import read
from quotetrack.extract.speakers import can_speak

DE = languages.load("de")


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("Hedda Lüttke lehnte den Bau ab.", "Hedda Lüttke", True),
        ("Die Hafenmeisterin lehnte den Bau ab.", "Die Hafenmeisterin", True),
        ("Das Hafenamt lehnte den Bau ab.", "Das Hafenamt", True),
        ("Der Jahresbericht nennt Zahlen.", "Der Jahresbericht", True),
        ("Sie lehnte den Bau ab.", "Sie", True),
        ("Der Zugang zum Hafen ist schmal.", "Der Zugang zum Hafen", False),
        ("Das Feuerwerk begann um neun.", "Das Feuerwerk", False),
        ("Es regnete lange.", "Es", False),
        ("Dies bleibt so.", "Dies", False),
        ("Man wartet ab.", "Man", False),
        ("Die Lehrerverbände lehnten den Bau ab.", "Die Lehrerverbände", True),
        (
            "Die Industriegewerkschaft Bauen-Wald-Umwelt klagt.",
            "Die Industriegewerkschaft Bauen-Wald-Umwelt",
            True,
        ),
        ("Starke Überschwemmungen zogen auf.", "Starke Überschwemmungen", False),
    ],
)
def test_german(annotator_de: Annotator, text: str, phrase: str, expected: bool) -> None:
    reading = read(annotator_de.annotate([text])[0], DE)
    words = [place for place, word in enumerate(reading.words) if word.span.end <= len(phrase)]
    assert can_speak(reading, words) is expected


def test_no_phrase_says_nothing(annotator_de: Annotator) -> None:
    assert not can_speak(read(annotator_de.annotate(["Es regnet."])[0], DE), ())
