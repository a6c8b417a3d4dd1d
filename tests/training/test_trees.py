"""Trees as trained on, and how the tokeniser's text is laid out."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from quotetrack.training import treebank
from quotetrack.training.arcs import batches_of, guessed, lonely
from quotetrack.training.splitter import (
    INSIDE,
    MULTIWORD,
    SENTENCE,
    TOKEN,
    Print,
    labelled,
    paragraphs,
    printed,
    stretches,
    unclosed,
)
from quotetrack.training.treebank import FEATS, FORM, LEMMA, MISC, UPOS, XPOS
from tests.training import fiction

TEXT = fiction.conllu(fiction.everything())
TREES = treebank.read(TEXT)


def test_read_and_write_again():
    assert len(TREES) == 40
    assert TREES[1].text == "Anna Weber leitet den Fährverband im Hafen Ankerlund."
    assert TREES[0].text == 'Anna Weber leitet den "Fährverband" im Hafen Nordmoor.'
    assert TREES[0].begins
    assert not TREES[1].begins
    assert treebank.read(treebank.write(TREES)) == TREES


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\t0\troot", "\t1\troot"),  # no root
        lambda text: text.replace("\t_\n", "\n"),  # too few columns
        lambda text: "",
    ],
)
def test_what_is_no_tree_is_left_out(change):
    assert treebank.read(change(TEXT.split("\n\n")[1])) == []


def test_empty_nodes_and_other_columns_are_dropped():
    block = TEXT.split("\n\n")[1].replace("\t_\tSpaceAfter=No", "\t1:x\tA=b|SpaceAfter=No")
    first, *rest = block.split("\n")
    (tree,) = treebank.read("\n".join([first, "0.1\tx\tx\tX\t_\t_\t_\t_\t_\t_", *rest]))
    assert tree.text == TREES[1].text
    assert {row[MISC] for row in tree.rows} == {"_", "SpaceAfter=No"}


def test_slim_short_marked():
    slim = treebank.slim(TREES, frozenset({"Case"}))
    assert {row[XPOS] for tree in slim for row in tree.rows} == {"_"}
    assert {row[FEATS] for tree in slim for row in tree.rows} == {"_", "Case=Nom", "Case=Acc", "Case=Dat"}
    assert len(treebank.short(TREES, 10, 40)) == 30
    assert treebank.short(TREES, 99, 3) == []
    copies = list(treebank.marked(TREES, [("„", "“"), ("»", "«")]))
    assert len(copies) == 10
    assert copies[0].text == "Anna Weber leitet den „Fährverband“ im Hafen Nordmoor."
    assert "»Hafenrat«" in copies[1].text


def test_guesses_replace_tags_and_lemmas():
    (changed,) = guessed(TREES[:1], [[["X"]] * len(TREES[0].words)], lambda row, tag: row[FORM] + tag)
    assert {row[UPOS] for row in changed.words} == {"X"}
    assert changed.words[0][LEMMA] == "AnnaX"
    assert changed.text == TREES[0].text
    assert lonely(TREES) == frozenset()
    assert ("anna", "PROPN") in lonely(TREES[:1])


def test_batches_hold_every_sentence_once():
    lengths = [random.Random(place).randint(1, 40) for place in range(500)]
    batches = batches_of(lengths, 100, random.Random(1))
    assert sorted(place for batch in batches for place in batch) == list(range(500))
    assert max(sum(lengths[place] for place in batch) for batch in batches) < 140


# ------------------------------------------------------------------------------ the tokeniser's text


def written(sentence: list[tuple[str, int]]) -> str:
    return "".join(character for character, _ in sentence)


def test_labels_follow_tokens():
    sentence = labelled(TREES[1])
    assert written(sentence) == TREES[1].text
    ends = [(written(sentence)[: place + 1].split()[-1], label) for place, (_, label) in enumerate(sentence)]
    assert ("im", MULTIWORD) in ends
    assert ("Hafen", TOKEN) in ends
    assert sentence[-1] == (".", SENTENCE)
    assert all(label == INSIDE for character, label in sentence if character == " ")


def test_unclosed_lines_end_with_their_last_word():
    open_ended = unclosed(labelled(TREES[1]))
    assert written(open_ended) == TREES[1].text[:-1]
    assert open_ended[-1] == ("d", SENTENCE)
    assert unclosed(open_ended) == open_ended
    quoted = labelled(replace(TREES[0], rows=TREES[0].rows[:7]))  # ends in a mark that closes no sentence
    assert unclosed(quoted) == quoted


def test_paragraphs_lose_nothing():
    documents = [[labelled(tree) for tree in TREES[:9]], [labelled(tree) for tree in TREES[9:]]]
    plain = Print(headline=0, line=0, upper=0, marks=())
    found = paragraphs(documents, plain, 150, random.Random(3))
    assert " ".join(written(one) for one in found) == " ".join(tree.text for tree in TREES)
    assert sum(label == SENTENCE for one in found for _, label in one) == 40
    assert max(map(len, found)) < 150 + 80


def test_marks_are_put_in_pairs():
    layout = Print(headline=0, line=0, upper=0, marks=(("«", "»"),))
    seen = {written(printed(labelled(TREES[0]), layout, random.Random(seed))) for seed in range(9)}
    assert seen == {TREES[0].text, TREES[0].text.replace('"Fährverband"', "«Fährverband»")}


def test_stretches():
    tokens, sentences = stretches([0, 1, 0, 3, 2, 0, 4])
    assert tokens == {(0, 1), (2, 3), (4, 4), (5, 6)}
    assert sentences == {(0, 4), (5, 6)}
