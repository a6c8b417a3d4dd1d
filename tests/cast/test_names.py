"""Whose name a run of words is when the name finder errs. All people and bodies are invented."""

# ruff: noqa: E501 - tables
from __future__ import annotations

from dataclasses import replace

import pytest

from quotetrack import languages
from quotetrack.annotate import Annotator
from quotetrack.cast.cast import read_cast
from quotetrack.types import Mention, Span

BODY = "organisation"
# text, what the name finder says of which words -> the people in it
MISLABELLED = [
    ("Behrend Tal Vanderlied, Senior Fellow bei der Stiftung Ufer, kam.", "Behrend Tal Vanderlied", BODY, ["Behrend Tal Vanderlied"]),
    ("Es kam Verbandschefin Hedda Lüttkemöller.", "Hedda", BODY, ["Hedda Lüttkemöller"]),
    ("Es kam Frau Lüttkemöller.", "Lüttkemöller", BODY, ["Lüttkemöller"]),
    ("Es kam Sprecherin Klimahilfe.", "Klimahilfe", BODY, []),
    ("Es kam Netzbetreiber Norder Strom.", "Norder Strom", BODY, []),
    ("Stena Lund, Betreiber der Fähre, kam.", "Stena Lund", BODY, []),
    ("Norder Wasserwerke, Sprecherin Uta Velten, schwiegen.", "Norder Wasserwerke", BODY, ["Uta Velten"]),
    ("Kranich Ferien, der Veranstalter, kam.", "Kranich Ferien", BODY, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "kind", "people"), MISLABELLED)
def test_one_persons_function_beside_a_name_makes_it_a_persons(
    annotator_de: Annotator, text: str, words: str, kind: str, people: list[str]
) -> None:
    (annotation,) = annotator_de.annotate([text])
    start = text.index(words)
    told = [m for m in annotation.mentions if m.span.start >= start + len(words) or m.span.end <= start]
    wrong = replace(annotation, mentions=(Mention(Span(start, start + len(words)), kind), *told))
    cast = read_cast(wrong, languages.load("de"), [Span(0, text.index("."))])
    assert [figure.name for figure in cast.figures] == people
