"""Interviews without labels: whose answers they are, and texts that are none. All people are made up."""

from __future__ import annotations

import pytest

from quotetrack import languages
from quotetrack.annotate import Annotator
from quotetrack.extract import find_quotes

DE = languages.load("de")
LEAD = "Kämmerer Uwe Tiedtke über leere Kassen. Ein Gespräch über die Lage in Wendau."
TURNS = """Wie schlimm steht es um die Stadt?
Die Lage ist ernst. Ich habe in all den Jahren nichts Ähnliches gesehen.
Wir müssen jetzt handeln.
Was müsste geschehen?
Ich würde zuerst die Ausgaben prüfen.
Bleibt es dabei?
Ja. Mir ist wichtig, dass wir ehrlich bleiben.
Das Gespräch führte Karla Born."""
FAQ = """Was Mieter wissen müssen
Ein Gespräch mit dem Vermieter hilft.
Wann darf die Miete steigen?
Alle 15 Monate.
Was ist mit der Kaution?
Drei Monatsmieten.
Wer zahlt den Makler?
Der Vermieter."""
SAID = [
    "Die Lage ist ernst. Ich habe in all den Jahren nichts Ähnliches gesehen.\nWir müssen jetzt handeln.",
    "Ich würde zuerst die Ausgaben prüfen.",
    "Ja. Mir ist wichtig, dass wir ehrlich bleiben.",
]


@pytest.mark.parametrize(
    ("lead", "source"),
    [
        (LEAD, ["Uwe Tiedtke"]),
        (
            "Im Interview spricht Kämmerer Uwe Tiedtke über die Kassen. Ministerin Ida Kern schweigt.",
            ["Uwe Tiedtke"],
        ),
        ("Uwe Tiedtke und Ida Kern im Interview über leere Kassen.", []),
    ],
)
def test_answers_are_of_whom_the_lead_names(annotator_de: Annotator, lead: str, source: list[str]) -> None:
    text = f"Die Stadt muss sparen\n{lead}\n{TURNS}"
    quotes = find_quotes(annotator_de.annotate([text])[0], DE)
    found = [quote for quote in quotes if quote.rule == "dialogue/answer"]
    assert ["\n".join(span.of(text) for span in quote.content) for quote in found] == SAID
    assert {quote.type for quote in found} == {"direct"}
    assert all([span.of(text) for span in quote.source] == source for quote in found)
    assert not any("geschehen?" in span.of(text) for quote in quotes for span in quote.content)


def test_a_question_names_whom_it_asks(annotator_de: Annotator) -> None:
    text = f"Sparen\nUwe Tiedtke und Ida Kern im Interview.\nHerr Tiedtke, {TURNS[0].lower()}{TURNS[1:]}"
    found = find_quotes(annotator_de.annotate([text])[0], DE)
    assert {span.of(text) for quote in found for span in quote.source} == {"Uwe Tiedtke"}


@pytest.mark.parametrize(
    "text",
    [
        f"Die Stadt muss sparen\nKämmerer Uwe Tiedtke hat leere Kassen.\n{TURNS.rpartition(chr(10))[0]}",
        FAQ,
    ],
)
def test_questions_and_answers_alone_are_no_interview(annotator_de: Annotator, text: str) -> None:
    found = find_quotes(annotator_de.annotate([text])[0], DE)
    assert not [quote for quote in found if quote.rule == "dialogue/answer"]
