"""Sentences with names: reading, choosing, and copies that stay true to their tags."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.training import names
from quotetrack.training.finder import span_scores
from quotetrack.training.names import Copies, Source, spans

TAGS = st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-ORG", "I-ORG"]), min_size=1, max_size=12)
TEXT = "Anna\tB-PER\nWeber\tI-PER\nlacht\tO\n.\tO\n\nDer\tO\nHafenrat\tB-ORG\n\n\nNein\tO\n"


def sentence_of(tags: list[str]) -> names.Sentence:
    return [(f"w{place}", tag) for place, tag in enumerate(tags)]


def test_read():
    assert [len(one) for one in names.read(TEXT)] == [4, 2, 1]
    assert [names.kinds(one) for one in names.read(TEXT)] == [{"PER"}, {"ORG"}, set()]


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("B-PER I-PER O B-ORG", {(0, 2, "PER"), (3, 4, "ORG")}),
        ("B-PER B-PER", {(0, 1, "PER"), (1, 2, "PER")}),
        ("S-PER S-PER O B-LOC I-LOC E-LOC", {(0, 1, "PER"), (1, 2, "PER"), (3, 6, "LOC")}),
        ("I-PER I-ORG", {(0, 1, "PER"), (1, 2, "ORG")}),
        ("O O", set()),
    ],
)
def test_spans(tags, found):
    assert spans(tags.split()) == found


@given(tags=TAGS, seed=st.integers(0, 99))
def test_quotation_marks_cut_no_name(tags, seed):
    sentence = sentence_of(tags)
    changed = names.quoted(sentence, ("«", "»"), random.Random(seed))
    kept = [pair for pair in changed if pair[0] not in "«»"]
    assert kept == sentence
    before = [sentence[start:end] for start, end, _ in sorted(spans(tags))]
    after = [changed[start:end] for start, end, _ in sorted(spans([tag for _, tag in changed]))]
    starts = all(tag[0] != "I" or place for place, tag in enumerate(tags))
    if starts and all(
        tag[0] != "I" or tags[place - 1][2:] == tag[2:] for place, tag in enumerate(tags) if place
    ):
        assert before == after


@given(tags=TAGS, seed=st.integers(0, 99))
def test_swapped_names_keep_their_kinds(tags, seed):
    sentence = sentence_of(tags)
    others = {"PER": [["Mira", "Holt"]], "ORG": [["Deichbund"]]}
    changed = names.swapped(sentence, others, 1.0, random.Random(seed))
    assert [kind for _, _, kind in sorted(spans([tag for _, tag in changed]))] == [
        kind for _, _, kind in sorted(spans(tags))
    ]
    assert [token for token, tag in changed if tag == "O"] == [token for token, tag in sentence if tag == "O"]


def test_straight_marks_in_pairs_become_others():
    sentence = [('"', "O"), ("Ja", "O"), ('"', "O"), ("!", "O")]
    seen = {
        tuple(token for token, _ in names.marked(sentence, [("„", "“")], random.Random(seed)))
        for seed in range(9)
    }
    assert seen == {('"', "Ja", '"', "!"), ("„", "Ja", "“", "!")}
    assert names.marked(sentence[:2], [("„", "“")], random.Random(1)) == sentence[:2]


def test_how_often_sentences_come():
    sentences = names.read(TEXT)
    source = Source("x", 0, 3, named=2, organised=3, plain=0)
    nothing = Copies(upper=0, lower=0, title=0, quoted=0, swapped=0)
    found = list(names.sampled([(source, sentences)], nothing, {}, random.Random(1)))
    assert found == [sentences[0]] * 2 + [sentences[1]] * 3


def test_copies_change_case():
    (upper,) = {
        tuple(token for token, _ in names.changed([("Anna", "B-PER")], copies, {}, random.Random(1)))
        for copies in [Copies(upper=100, swapped=0)]
    }
    assert upper == ("ANNA",)


def test_usable_and_lexicon():
    sentences = names.read(TEXT)
    assert names.usable(sentences, 3, 40) == sentences[1:]
    assert names.usable(sentences, 9, 5) == [sentences[0], sentences[2]]
    assert names.lexicon(sentences) == {"PER": [["Anna", "Weber"]], "ORG": [["Hafenrat"]]}


def test_span_scores():
    gold = [["B-PER", "I-PER", "O", "B-ORG"]]
    found = [["B-PER", "E-PER", "O", "S-LOC"]]
    assert span_scores(gold, found) == {"all": 0.5, "PER": 1.0, "ORG": 0.0, "LOC": 0.0}
