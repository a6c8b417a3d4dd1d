"""The wrapper around Stanza: offsets always right, odd text bounded, sentences whole."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack.annotate import Annotator, batches
from quotetrack.annotate.tokens import MAX_WORDS
from quotetrack.paths import data_path
from quotetrack.types import Annotation

SLOW = 60.0  # CPU seconds; the slowest of these takes some 8 on an idle core


def check(annotation: Annotation, text: str) -> None:
    """What holds for any text: spans in order and inside, the tokens' texts, trees that are trees."""
    assert annotation.text == text
    last = 0
    for sentence in annotation.sentences:
        assert last <= sentence.span.start < sentence.span.end <= len(text)
        last = sentence.span.end
        assert len(sentence.tokens) > 0
        places = [token.span.start for token in sentence.tokens]
        assert places == sorted(places)
        for index, token in enumerate(sentence.tokens):
            assert token.span.of(text) == token.text
            assert sentence.span.covers(token.span)
            assert -1 <= token.head < len(sentence.tokens)
            assert token.head != index
        roots = sum(token.head == -1 for token in sentence.tokens)
        assert roots == (1 if sentence.parsed else len(sentence.tokens))
    for mention in annotation.mentions:
        assert 0 <= mention.span.start < mention.span.end <= len(text)
        assert any(sentence.span.covers(mention.span) for sentence in annotation.sentences)


PIECES = st.sampled_from(
    [
        "„Wir warten nicht“, sagte Anna Weber. ",
        "“Don't!” she said. ",
        "zum Beispiel am",
        "\n",
        "\r\n",
        "\n\n\n",
        "\t",
        " ",
        "\u00a0",
        "\u200b",
        "\u2028",
        "\x00",
        "\x07",
        "\x85",
        "\x1c",
        "\ufeff",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "e\u0301",
        "\ud800",
        "\udfff!",
        "مرحبا",
        "东京表示",
        "שלום",
        "...",
        "----",
        "''",
        "``",
        "«»",
        "(",
        "don't",
        "im",
        "U.S.",
        "z.B.",
        "http://a.example/b?c=d&e",
        "1,000.5%",
        "\u00ad",
        "ﬁ",
        "İ",
        "ß",
        "<PAD>",
        "\\n",
        "| a=b |",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS, max_size=3))
def test_every_token_is_where_it_says(texts, annotator_de, annotator_en):
    for annotator in (annotator_de, annotator_en):
        for annotation, text in zip(annotator.annotate(texts), texts, strict=True):
            check(annotation, text)


ODD = {
    "a sentence of 5,000 tokens": "Sie sagte , dass " * 1_250 + "es reicht .",
    "200,000 characters without a space": "Fährehafen" * 20_000,
    "10,000 blank lines": "Anfang.\n" + "\n" * 10_000 + "Ende.",
    "10,000 lines of spaces": " \t\n" * 10_000,
    "only marks": "“”„‚’»«\"'" * 2_000,
    "addresses that do not end": "http://a.b-" * 5_000 + "a@" * 10_000,
    "5,000 quotations in a line": "„ja“ " * 5_000,
    "only emoji": "👩‍👩‍👧‍👦🇩🇪" * 2_000,
    "control characters": "\x00\x01Anna\x02 Weber\x7f sagte\x85 nichts.\u202e" * 50,
    "lone surrogates": "Anna \ud800Weber\udfff sagte: „Ja\udc00“. " * 50,
    "mixed scripts": "Anna сказала 东京 مرحبا שלום Καλημέρα . " * 50,
    "combining marks": "e" + "\u0301" * 3_000,
    "": "",
    " ": " ",
    "one letter": "x",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_odd_texts_are_bounded(name, annotator_de):
    text = ODD[name]
    started = time.process_time()
    (annotation,) = annotator_de.annotate([text])
    assert time.process_time() - started < SLOW
    check(annotation, text)
    assert all(len(sentence.tokens) <= 2 * MAX_WORDS for sentence in annotation.sentences)
    if any(char.isalnum() for char in text):
        assert annotation.sentences


def test_an_odd_text_does_not_change_its_neighbours(annotator_de):
    text = "„Wir warten nicht“, sagte Anna Weber vom Fährverband Nordmoor.\nEr lacht."
    (alone,) = annotator_de.annotate([text])
    among = annotator_de.annotate([ODD["lone surrogates"], text, "\x00", "", "x " * 400])
    assert [
        [(token.span, token.upos, token.lemma) for token in sentence.tokens]
        for sentence in among[1].sentences
    ] == [
        [(token.span, token.upos, token.lemma) for token in sentence.tokens] for sentence in alone.sentences
    ]
    assert among[1].mentions == alone.mentions
    assert among[3].sentences == ()


WHOLE = [
    # a headline ends with its line; a name, an abbreviation or a mark inside a line ends nothing
    ("Hafen gesperrt\nAnna Weber wartet.", ["Hafen gesperrt", "Anna Weber wartet."]),
    ("Er kam. Sie ging.", ["Er kam.", "Sie ging."]),
    ("„Ich komme.“ Sie ging.", ["„Ich komme.“", "Sie ging."]),
    ("„Ich komme!“, sagte sie.", ["„Ich komme!“, sagte sie."]),
    ("Laut Prof. Dr. med. Jan Kern nein. Er geht.", ["Laut Prof. Dr. med. Jan Kern nein.", "Er geht."]),
    ("Es war Dr. h. c. Jan Kern.", ["Es war Dr. h. c. Jan Kern."]),
]


@pytest.mark.parametrize(("text", "sentences"), WHOLE)
def test_where_sentences_end(text, sentences, annotator_de):
    (annotation,) = annotator_de.annotate([text])
    assert [sentence.span.of(text) for sentence in annotation.sentences] == sentences


def test_words_of_a_contraction_share_their_span(annotator_de, annotator_en):
    for annotator, text, form in (
        (annotator_de, "Sie ging zum Hafen.", "zum"),
        (annotator_en, "They don't know.", "don't"),
    ):
        (annotation,) = annotator.annotate([text])
        tokens = annotation.sentences[0].tokens
        at = text.index(form)
        inside = [token for token in tokens if at <= token.span.start < at + len(form)]
        assert len(inside) == 2
        check(annotation, text)


def test_only_wanted_sentences_are_parsed(annotator_de):
    text = "Der Hafen ruht. Anna Weber sagte, es regne."
    (annotation,) = annotator_de.annotate(
        [text],
        lambda _, sentences: [
            any(token.lemma == "sagen" for token in tokens) and bool(mentions)
            for tokens, mentions in sentences
        ],
    )
    assert [sentence.parsed for sentence in annotation.sentences] == [False, True]
    check(annotation, text)
    unparsed, parsed = annotation.sentences
    assert {token.deprel for token in unparsed.tokens} == {""}
    assert [token.upos for token in unparsed.tokens] == ["DET", "NOUN", "VERB", "PUNCT"]
    assert [token.text for token in parsed.tokens if token.deprel == "nsubj"][:1] == ["Anna"]
    (full,) = annotator_de.annotate([text])
    assert [(token.head, token.deprel) for token in full.sentences[1].tokens] == [
        (token.head, token.deprel) for token in parsed.tokens
    ]


def test_names_have_kinds_and_places(annotator_en):
    text = "Anna Weber spoke in Berlin for the Green Party."
    (annotation,) = annotator_en.annotate([text])
    assert [(mention.kind, mention.span.of(text)) for mention in annotation.mentions] == [
        ("person", "Anna Weber"),
        ("place", "Berlin"),
        ("organisation", "Green Party"),
    ]


def test_no_texts_no_annotations(annotator_de):
    assert annotator_de.annotate([]) == []


@pytest.mark.parametrize("sizes", [[], [0], [70_000], [30_000] * 5, [1, 59_999, 1, 60_000]])
def test_batches_keep_order_and_lose_nothing(sizes):
    texts = ["x" * size for size in sizes]
    found = list(batches(texts))
    assert [text for batch in found for text in batch] == texts
    assert all(sum(map(len, batch[:-1])) < 60_000 for batch in found)


def test_a_missing_language_is_named():
    with pytest.raises(FileNotFoundError, match="'fr'"):
        Annotator(data_path("models"), "fr")


# -------------------------------------------------------- official models differ in tags and parts


@pytest.fixture
def variant(tmp_path: Path) -> Path:
    """A folder with the bundled English models, for a test to change."""
    for file in sorted(data_path("models", "en").rglob("*.pt")):
        target = tmp_path / "en" / file.parent.name / file.name
        target.parent.mkdir(parents=True)
        target.symlink_to(file)
    shutil.copy(data_path("models", "resources.json"), tmp_path)
    return tmp_path


def test_models_without_contractions(variant):
    resources = json.loads((variant / "resources.json").read_text("utf-8"))
    del resources["en"]["mwt"], resources["en"]["packages"]["default"]["mwt"]
    (variant / "resources.json").write_text(json.dumps(resources))
    text = "They don't know Anna Weber."
    (annotation,) = Annotator(variant, "en").annotate([text])
    check(annotation, text)
    assert [token.text for token in annotation.sentences[0].tokens] == [
        "They",
        "don't",
        "know",
        "Anna",
        "Weber",
        ".",
    ]


LABELS = [  # label sets: OntoNotes has 18 classes, CoNLL four
    {"PER": "PERSON", "LOC": "GPE", "ORG": "ORG"},
    {"PER": "PER", "LOC": "LOC", "ORG": "MISC"},
]


@pytest.mark.parametrize("names", LABELS)
def test_label_sets_of_other_models(names, variant):
    import torch

    file = variant / "en/ner/quotetrack.pt"
    saved = torch.load(file, weights_only=True)
    tags = saved["vocab"]["tag"]
    for column, units in tags["_id2unit"].items():
        renamed = [unit[:2] + names[unit[2:]] if unit[2:] in names else unit for unit in units]
        tags["_id2unit"][column] = renamed
        tags["_unit2id"][column] = {unit: at for at, unit in enumerate(renamed)}
    file.unlink()
    torch.save(saved, file)
    text = "Anna Weber spoke in Berlin for the Green Party."
    (annotation,) = Annotator(variant, "en").annotate([text])
    assert [mention.kind for mention in annotation.mentions] == [
        "person",
        "place",
        "organisation" if names["ORG"] == "ORG" else "other",
    ]
