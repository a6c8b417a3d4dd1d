from __future__ import annotations

import json
from pathlib import Path

import pytest

from quotetrack.ingest import read
from quotetrack.types import Affiliation, Article, Failure, Person, Quote, Span

from .conftest import ReadBytes

TEXT = "„Wir warten nicht“, sagte Anna Weber."
RECORD: dict[str, object] = {
    "doc_id": 7,
    "lang": "de-AT",
    "text": TEXT,
    "url": "https://www.blatt.example/1?utm_source=x",
    "outlet": "Erfundenes Blatt",
    "title": "Rat",
    "published": "2025-03-04T10:00:00+01:00",
    "author": "Erika Muster",
    "quotes": [
        {
            "type": "direct",
            "content_spans": [[1, 17]],
            "cue_spans": [[20, 25]],
            "speaker_spans": [[26, 36]],
            "speaker_name": "Anna Weber",
            "affiliation": "Rat",
            "role": "Sprecherin",
            "confidence": 0.5,
            "rule": "direct/inverted",
        }
    ],
    "corpus": {"name": "none", "n": [1, 2]},
}


def line(**changes: object) -> bytes:
    return json.dumps({"text": TEXT, **changes}).encode() + b"\n"


def test_every_key_of_the_contract(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(json.dumps(RECORD).encode(), "a.jsonl")
    assert isinstance(found, Article)
    assert found.origin.endswith("a.jsonl:1")
    assert found == Article(
        found.origin,
        TEXT,
        doc_id="7",
        url="https://www.blatt.example/1?utm_source=x",
        canonical_url="https://blatt.example/1",
        outlet="Erfundenes Blatt",
        title="Rat",
        published="2025-03-04T09:00:00Z",
        author="Erika Muster",
        language="de",
        quotes=(
            Quote(
                "direct",
                (Span(1, 17),),
                (Span(20, 25),),
                (Span(26, 36),),
                confidence=0.5,
                rule="direct/inverted",
                speaker=Person("Anna Weber", rule="given"),
                affiliation=Affiliation("Rat", "Sprecherin", rule="given"),
            ),
        ),
        extra={"corpus": {"name": "none", "n": [1, 2]}},
    )


def test_no_quotes_and_no_word_of_quotes_differ(read_bytes: ReadBytes) -> None:
    silent, none, null = read_bytes(line() + line(quotes=[]) + line(quotes=None), "a.jsonl")
    assert isinstance(silent, Article) and isinstance(none, Article) and isinstance(null, Article)  # noqa: PT018
    assert (silent.quotes, none.quotes, null.quotes) == (None, (), None)


def test_spans_move_with_what_is_removed_before_them(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(line(text="\ufeffa\x00\r\n„bcd“", quotes=[{"content_spans": [[6, 9]]}]), "a.jsonl")
    assert isinstance(found, Article)
    assert found.quotes is not None
    assert found.text == "a\n„bcd“"
    assert found.quotes[0].content[0].of(found.text) == "bcd"


def test_types_of_other_schemes_are_indirect_and_named(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(line(quotes=[{"type": "free_indirect", "content_spans": [[1, 5]]}]), "a.jsonl")
    assert isinstance(found, Article)
    assert found.quotes == (Quote("indirect", (Span(1, 5),), rule="given/free_indirect"),)


def test_an_unreadable_date_is_kept_apart(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(line(published="last Tuesday"), "a.jsonl")
    assert isinstance(found, Article)
    assert (found.published, found.extra["published_unreadable"]) == (None, "last Tuesday")


BAD = [
    (b"not json\n", "not JSON"),
    (b"[1]\n", "not a JSON object but a list"),
    (b'"x"\n', "not a JSON object but a string"),
    (b"{}\n", 'no "text"'),
    (line(text=""), "no text"),
    (line(text=" \n"), "no text"),
    (line(text=None), 'no "text"'),
    (line(text=3), '"text" is a number, not a string'),
    (line(title=["x"]), '"title" is a list, not a string'),
    (line(published=20250304), '"published" is a number'),
    (b'{"text": "a\\ud800b"}\n', "lone surrogate at offset 1"),
    (b'{"text": "ab", "title": "xy\\udc00"}\n', 'lone surrogate at offset 2 of "title"'),
    (b'{"text": "ab", "more": {"x": ["\\udc00"]}}\n', 'of "more"'),
    (b'{"text": "ab", "\\udc00": 1}\n', "lone surrogate in the key"),
    (b'{"text": "ab", "x": NaN}\n', "NaN is no JSON value"),
    (b'{"text": "a\xff"}\n', "not UTF-8 at byte 11 of the line"),
    (b'{"text": "ab", "n": ' + b"9" * 5000 + b"}\n", "not JSON that can be read"),
    (b'{"text": "ab", "n": ' + b"[" * 100_000 + b"}\n", "not JSON"),
    (line(quotes={}), '"quotes" is an object, not a list'),
    (line(quotes=["x"]), "quote 1 is a string, not an object"),
    (line(quotes=[{"type": "direct"}]), "quote 1: no content_spans"),
    (line(quotes=[{"type": 1, "content_spans": [[0, 2]]}]), "quote 1: type is a number"),
    (
        line(quotes=[{"content_spans": [[0, 2]]}, {"content_spans": [[5, 99]]}]),
        "quote 2: content_spans: [5, 99] lies",
    ),
    (line(quotes=[{"content_spans": [[2, 2]]}]), "[2, 2] lies outside"),
    (line(quotes=[{"content_spans": [[-1, 2]]}]), "[-1, 2] lies outside"),
    (line(quotes=[{"content_spans": [[0.5, 2]]}]), "is not [start, end]"),
    (line(quotes=[{"content_spans": [[True, 2]]}]), "is not [start, end]"),
    (line(quotes=[{"content_spans": "0-2"}]), "not a list of [start, end]"),
    (line(quotes=[{"content_spans": [[0, 2]], "confidence": 2}]), "confidence 2 is no number from 0 to 1"),
    (line(quotes=[{"content_spans": [[0, 2]], "speaker_name": 5}]), 'quote 1: "speaker_name" is a number'),
    (line(text="ab\x00c", quotes=[{"content_spans": [[2, 3]]}]), "control characters only"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_line_is_named_and_the_rest_goes_on(read_bytes: ReadBytes, bad: bytes, reason: str) -> None:
    first, second, third = read_bytes(line() + bad + line(), "a.jsonl")
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(second, Failure)
    assert second.origin.endswith("a.jsonl:2")
    assert reason in second.reason


def test_blank_lines_and_a_byte_order_mark_do_not_count(read_bytes: ReadBytes) -> None:
    found = read_bytes(b"\xef\xbb\xbf" + line() + b"\r\n\n" + line(), "a.jsonl")
    assert [item.origin.rpartition(":")[2] for item in found] == ["1", "4"]
    assert all(isinstance(item, Article) for item in found)


@pytest.mark.parametrize("value", [RECORD, [RECORD, RECORD], [RECORD, 3]])
def test_one_json_document_over_many_lines(read_bytes: ReadBytes, value: list[object]) -> None:
    found = read_bytes(json.dumps(value, indent=1).encode(), "a.json")
    kinds = [type(item) for item in found]
    assert kinds == ([Article] if isinstance(value, dict) else [Article, Failure if 3 in value else Article])


def test_too_long_a_line_is_passed_over(read_bytes: ReadBytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotetrack.ingest.jsonl.MAX_LINE", 200)
    first, second, third = read_bytes(line() + line(pad="x" * 700) + line(), "a.jsonl")
    assert (type(first), type(third)) == (Article, Article)
    assert isinstance(second, Failure)
    assert "longer than the limit of 200 bytes" in second.reason


def test_utf_16_is_named(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(line().decode().encode("utf-16"), "a.jsonl", "jsonl")
    assert isinstance(found, Failure)
    assert "UTF-16" in found.reason


def test_real_corpora_come_in_whole(shared: Path) -> None:
    for name in ("german.dev.jsonl", "polnear.dev.jsonl", "gum.dev.jsonl"):
        path = shared / "corpora" / name
        records = [json.loads(row) for row in path.read_text("utf-8").splitlines()]
        for record, found in zip(records, read([str(path)]), strict=True):
            assert isinstance(found, Article), found
            assert found.text == record["text"]
            given = [[tuple(span) for span in quote["content_spans"]] for quote in record["quotes"]]
            assert [[(s.start, s.end) for s in quote.content] for quote in found.quotes or ()] == given
