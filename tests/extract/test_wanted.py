"""Which sentences are worth a tree: those that can hold a cue, who speaks, or reported mood."""

from __future__ import annotations

import pytest

from quotetrack import languages
from quotetrack.annotate import Annotator
from quotetrack.extract import want_trees


def wanted(annotator: Annotator, text: str) -> list[bool]:
    """For each line, a sentence of its own, whether it is parsed."""
    pack = languages.load(annotator.language)
    annotation = annotator.annotate([text], lambda text, ours: want_trees(text, ours, pack))[0]
    return [sentence.parsed for sentence in annotation.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Weber kam.", [False]),
        ("Anna Weber kam.\nSie sagte, es regnet.", [True, True]),  # whom “sie” means
        ("Anna Weber kam.\n„So geht es nicht.“", [True, False]),
        ("Das sei so.", [True]),
        ("„So geht es nicht, sagte er.“", [False]),  # a cue that is quoted
        ("„So geht es nicht“, sagte Weber.", [False]),
        ("„So geht es nicht“, sagte eine Sprecherin.", [True]),
        ("Die Vorwürfe wies er als „haltlos“ zurück.", [True]),
        ("„Sie sagt: ‚Nein‘ und geht.“", [True]),  # somebody quotes somebody
        ("Die Behörde sagte, es regnet.", [True]),
        ("Die Behörde fordert mehr Geld.", [True]),  # the whole sentence tells a speech act
        ("Nach Angaben der Behörde regnet es.", [True]),
        ("Medienberichten zufolge regnet es.", [True]),
        ("Die Behörde teilt mit, es regnet.", [True]),
        ("Die Straße ist nass.\nDemnach regnet es.", [True, True]),  # the one before may say whose words
        ("Die Straße ist nass.\nEs könne regnen.", [True, True]),
        ("Es regnet.\nDas teilte die Behörde mit.", [False, True]),  # says who said what stands before
        ("Es regnet.", [False]),
        ("Nach der Pause regnet es.", [False]),  # "nach" without an account
        ("Das Dorf liegt nach einem Bericht im Tal.", [True]),
        ("Es gibt Regen, der bleibt.", [False]),  # "geben" without its particle
        ("Die Behörde findet einen Schirm.", [False]),  # no second clause
    ],
)
def test_a_german_sentence_is_parsed_where_it_may_quote(
    text: str, expected: list[bool], annotator_de: Annotator
) -> None:
    assert wanted(annotator_de, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Weber came.", [False]),
        ("Anna Weber came.\nShe said it rains.", [True, True]),  # whom "she" means
        ("“Not so fast, they said.”", [False]),  # a cue that is quoted
        ("“Not so fast or else,” Anna Weber said.", [False]),
        ("“Not so fast or else,” a clerk said.", [True]),
        ("Anna Weber on the rain: “Not so fast or else.”", [True]),
        ("The agency said it rains.", [True]),
        ("The agency called for more money.", [True]),
        ("The claim that it rains is old.", [True]),
        ("It was late, in the words of the clerk.", [True]),
        ("The street lies in the valley.", [False]),  # "in" alone is no "in the words of"
        ("They went home.", [False]),  # "go" without "on"
        ("The state is large.", [False]),  # a noun, no form of "to state"
    ],
)
def test_an_english_sentence_is_parsed_where_it_may_quote(
    text: str, expected: list[bool], annotator_en: Annotator
) -> None:
    assert wanted(annotator_en, text) == expected


def test_a_text_without_a_word_has_no_sentence_to_parse(annotator_de: Annotator) -> None:
    assert wanted(annotator_de, "   \n ") == []
    assert want_trees("", [], languages.load("de")) == []
