"""What the name finder says, word by word, and where it contradicts itself."""

from __future__ import annotations

import pytest

from quotetrack import languages
from quotetrack.cast.labels import label
from quotetrack.cast.words import cut_words
from quotetrack.lexicon import lexicon_of
from quotetrack.types import Annotation, Mention, MentionKind, Sentence, Span, Token

TEXT = "Al Imbach kam. Al Imbach sprach. Al Imbach ging. Norderhafen wartet."
NAME = [(0, 9), (15, 24), (33, 42)]
PLACE = (49, 60)


def annotation(kinds: list[MentionKind], place: MentionKind = "place") -> Annotation:
    tokens = []
    start = 0
    for word in TEXT.replace(".", " .").split():
        start = TEXT.index(word, start)
        tokens.append(Token(Span(start, start + len(word)), word))
        start += len(word)
    mentions = [Mention(Span(*span), kind) for span, kind in zip(NAME, kinds, strict=True)]
    return Annotation(
        TEXT,
        "de",
        (Sentence(Span(0, len(TEXT)), tuple(tokens)),),
        (*mentions, Mention(Span(*PLACE), place)),
        "test",
    )


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["organisation", "person", "person"], ["person"] * 3),
        (["organisation", "organisation", "person"], ["organisation"] * 3),
        (["organisation", "person", "place"], ["organisation", "person", "place"]),
    ],
)
def test_a_name_is_what_it_was_taken_for_most_often(kinds: list[MentionKind], expected: list[str]) -> None:
    found = annotation(kinds)
    labels = label(cut_words(found, ()), found.mentions, lexicon_of(languages.load("de")))
    assert [kind for _, _, kind in labels.ranges] == [*expected, "place"]


def kind_of(name: str, code: str, found_as: MentionKind) -> str:
    """What a name that is a text of its own is, where the name finder takes all of it for one thing."""
    tokens = tuple(Token(Span(name.index(part), name.index(part) + len(part)), part) for part in name.split())
    whole = Span(0, len(name))
    found = Annotation(name, code, (Sentence(whole, tokens),), (Mention(whole, found_as),), "test")
    ((_, _, kind),) = label(cut_words(found, ()), found.mentions, lexicon_of(languages.load(code))).ranges
    return kind


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("Rolf Imbach-Institut", "de", "organisation"),
        ("Rolf-Imbach-Stiftung", "de", "organisation"),
        ("Hedda Lund-Burbank", "de", "person"),
        ("Hedda Lund", "de", "person"),
        ("Hedda Lund-Church", "en", "person"),
    ],
)
def test_a_body_called_after_somebody_is_told_by_its_noun(name: str, code: str, expected: str) -> None:
    assert kind_of(name, code, "person") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tannsee Harbour Lines", "organisation"),
        ("Tannsee Airlines", "organisation"),
        ("Tannsee Harbour", "place"),
        ("Lines", "place"),
    ],
)
def test_a_place_that_does_business_is_a_body(name: str, expected: str) -> None:
    assert kind_of(name, "en", "place") == expected
