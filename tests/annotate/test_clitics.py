"""Contractions that no list holds are cut before their clitic; everything else stays as it is."""

from __future__ import annotations

import pytest

from quotetrack.annotate.clitics import cut_clitics
from quotetrack.annotate.drafts import Draft, Piece

CLITICS = frozenset({"s", "ll", ""})
TOKENS = ["Tove", "Reetbach", "’s", "lawyer", "and", "Harbek", "'s", "mayor", "said", "no", "."]
CASES = [  # a line, its tokens (contractions marked with *), its words
    ("Reetbach’s plan", "Reetbach’s* plan", "Reetbach ’s plan"),
    ("O’Hale's plan", "O’Hale's* plan", "O’Hale 's plan"),
    ("Anna’LL wait", "Anna’LL* wait", "Anna ’LL wait"),
    ("Reetbach’s plan", "Reetbach’s plan", "Reetbach’s plan"),
    ("the Harbeks’ plan", "the Harbeks’* plan", "the Harbeks ’ plan"),
    ("the dog’ plan", "the dog’* plan", "the dog’ plan"),
    ("five o’clock", "five o’clock*", "five o’clock"),
    ("’s plan", "’s* plan", "’s plan"),
]


@pytest.mark.parametrize(("line", "tokens", "words"), CASES)
def test_clitics_are_words(line, tokens, words):
    pieces, at = [], 0
    for token in tokens.split():
        form = token.rstrip("*")
        start = line.index(form, at)
        at = start + len(form)
        pieces.append(Piece(start, at, token.endswith("*")))
    forms = [line[piece.start : piece.end] for piece in pieces]
    draft = Draft(pieces, forms, forms, [(piece.start, piece.end) for piece in pieces])
    cut_clitics([draft], CLITICS)
    assert draft.words == words.split()
    assert [line[start:end] for start, end in draft.spans] == draft.words
    assert draft.forms == forms


def test_names_keep_no_clitic(annotator_en):
    (annotation,) = annotator_en.annotate(["Tove Reetbach’s lawyer and Harbek's mayor said no."])
    assert [token.text for token in annotation.sentences[0].tokens] == TOKENS
