"""The hand-written gold is well-formed, and its reader computes the right offsets."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from gold.load import load, load_statements, unmark

CODES = ("de", "en")
PASSAGES = [passage for code in CODES for passage in load(code)]
KINDS = ("content_spans", "cue_spans", "speaker_spans")


def spans_of(passage: dict[str, Any]) -> list[tuple[int, int]]:
    return [tuple(span) for quote in passage["quotes"] for kind in KINDS for span in quote[kind]]


@pytest.mark.parametrize("code", CODES)
def test_the_gold_of_a_language_is_large_and_covers_every_kind(code: str) -> None:
    passages = load(code)
    kinds = Counter(passage["category"].partition("/")[0] for passage in passages)
    types = Counter(quote["type"] for passage in passages for quote in passage["quotes"])
    assert len(passages) >= 70
    assert set(kinds) == {"direct", "indirect", "mixed", "nested", "speaker", "not"}
    assert kinds["not"] >= 12
    assert types["direct"] >= 30
    assert types["indirect"] >= 25
    assert types["mixed"] >= 3


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["doc_id"])
def test_spans_fit_the_text_and_names_stand_in_it(passage: dict[str, Any]) -> None:
    text = passage["text"]
    assert text.strip() == text
    assert text
    assert not re.search(r"[⟦⟧{}<>]", text)
    for start, end in spans_of(passage):
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        assert not text[start - 1 : start + 1].isalnum() or start == 0, "a span that begins inside a word"
        assert not text[end - 1 : end + 1].isalnum() or end == len(text), "a span that ends inside a word"
    for quote in passage["quotes"]:
        for key in ("speaker_name", "affiliation", "role"):
            assert quote[key] is None or quote[key] in text
        assert quote["content_spans"] == sorted(quote["content_spans"])


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["doc_id"])
def test_a_category_says_whether_there_is_a_quote(passage: dict[str, Any]) -> None:
    kind = passage["category"].partition("/")[0]
    assert bool(passage["quotes"]) == (kind != "not")
    if kind in ("direct", "indirect", "mixed"):
        assert {quote["type"] for quote in passage["quotes"]} == {kind}


def test_doc_ids_are_unique_and_no_passage_stands_twice() -> None:
    assert len({passage["doc_id"] for passage in PASSAGES}) == len(PASSAGES)
    assert len({passage["text"] for passage in PASSAGES}) == len(PASSAGES)


def test_unmark_counts_spans_in_the_bare_text() -> None:
    text, spans = unmark("„⟦A ⟦b⟧2 c⟧“, <sagt> {sie}12, „⟦d⟧“.")
    assert text == "„A b c“, sagt sie, „d“."
    assert spans == {
        1: {"content_spans": [[1, 6], [20, 21]], "cue_spans": [[9, 13]], "speaker_spans": [[14, 17]]},
        2: {"content_spans": [[3, 4]], "speaker_spans": [[14, 17]]},
    }


@pytest.mark.parametrize("marked", ["⟦a", "a⟧", "⟦a}", "{a ⟦b} c⟧"])
def test_unmark_refuses_unbalanced_marks(marked: str) -> None:
    with pytest.raises(ValueError, match=r"unbalanced|never closed"):
        unmark(marked)


def test_pairs_of_statements_are_complete_and_both_labels_are_frequent() -> None:
    pairs = load_statements()
    assert len(pairs) >= 60
    labels = Counter(pair["label"] for pair in pairs)
    assert set(labels) == {"same", "different"}
    assert min(labels.values()) >= 30
    assert len({(pair["a"], pair["b"], pair["date_a"], pair["date_b"]) for pair in pairs}) == len(pairs)
    assert {(pair["lang_a"], pair["lang_b"]) for pair in pairs} >= {("de", "de"), ("en", "en"), ("de", "en")}
    for pair in pairs:
        assert all(pair[key] for key in ("a", "b", "kind", "outlet_a", "outlet_b"))
        assert 2024 <= date.fromisoformat(pair["date_a"]).year <= 2026
        assert 2024 <= date.fromisoformat(pair["date_b"]).year <= 2026
