"""Reading annotated corpora, and telling whether one is still the same."""

from __future__ import annotations

import json

import pytest

from quotetrack.evaluate import CorpusError, digest, document_of, read_corpus

RECORD = {
    "doc_id": "a",
    "lang": "de",
    "text": "Ja.",
    "quotes": [{"content_spans": [[0, 2]], "speaker_spans": None, "type": "direct", "confidence": 0.5}],
}


def test_a_corpus_is_read_line_by_line(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(RECORD)}\n\n{json.dumps({**RECORD, 'doc_id': 7})}\n", "utf-8")
    first, second = read_corpus(path)
    assert (first.doc_id, first.language, first.quotes[0].content, first.quotes[0].source) == (
        "a",
        "de",
        ((0, 2),),
        (),
    )
    assert second.doc_id == "7"


BROKEN = [
    (b'{"quotes": []}', "1: 'doc_id' is missing"),
    (b"{", "1: not a document"),
    (b"[]", "1: not a document"),
    (b'\n{"doc_id": "a", "quotes": [{"content_spans": [[0]]}]}', "2: not a document"),
    (b'{"doc_id": "a", "quotes": [7]}', "1: not a document"),
    (b"\xff\xfe", "gold.jsonl: "),
]


@pytest.mark.parametrize(("content", "reason"), BROKEN)
def test_what_is_no_corpus_is_named_with_its_line(content, reason, tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=reason):
        read_corpus(path)
    with pytest.raises(CorpusError, match="absent"):
        read_corpus(tmp_path / "absent.jsonl")


def test_the_digest_knows_texts_and_quotes_but_not_their_order():
    a, b = document_of(RECORD), document_of({**RECORD, "doc_id": "b"})
    assert digest([a, b]) == digest([b, a])
    changed = {**RECORD, "quotes": [{"content_spans": [[0, 1]], "type": "direct"}]}
    assert len({digest([a]), digest([b]), digest([document_of(changed)]), digest([])}) == 4
    assert digest([document_of({**RECORD, "text": "Nein."})]) != digest([a])
