from __future__ import annotations

import gzip

import pytest

from quotetrack.ingest.limits import MAX_TEXT
from quotetrack.ingest.text import headline
from quotetrack.types import Article, Failure

from .conftest import ReadBytes

BODY = "„Wir warten nicht“, sagte die erfundene Anna Weber in Köln, „und müssen handeln.“"

TITLES = [
    ("Rat streitet\n\nDer Text.", "Rat streitet"),
    ("# Rat streitet #\n\nDer Text.", "Rat streitet"),
    ("Rat streitet\n===========\n\nDer Text.", "Rat streitet"),
    ("\n\nRat streitet\n   \nDer Text.", "Rat streitet"),
    ("Rat streitet.\n\nDer Text.", None),
    ("„Wir warten“\n\nDer Text.", None),
    ("Rat streitet\nDer Text.", None),
    ("Rat streitet\n\n", None),
    ("Rat streitet", None),
    ("***\n\nDer Text.", None),
    ("x" * 161 + "\n\nDer Text.", None),
]


@pytest.mark.parametrize(("text", "title"), TITLES)
def test_headline(text: str, title: str | None) -> None:
    assert headline(text) == title


HEADS = [
    (
        "Rat streitet\n\nVeröffentlicht: 4. März 2025\nQuelle: Hafenkurier\nVon: Anna Weber\n\nDer Text.",
        {"published": "2025-03-04", "outlet": "Hafenkurier", "title": "Rat streitet"},
    ),
    (
        "Title: Council argues\nPublished: March 4, 2025\nAuthor: Anna Weber\n\nThe text.",
        {"published": "2025-03-04", "author": "Anna Weber", "title": "Council argues"},
    ),
    ("URL: https://post.example/a\n\nThe text.", {"url": "https://post.example/a", "published": None}),
    ("Source: nobody knows\n\nThe text.", {"outlet": None}),
    ("Date: soon\nSource: Post\n\nThe text.", {"outlet": None, "published": None}),
    ("Weber: “We wait.”\nDate: we will see\n\nThe text.", {"published": None}),
    ("A.\n" * 9 + "Published: 2025-03-04\n", {"published": None}),
]


@pytest.mark.parametrize(("text", "expected"), HEADS)
def test_lines_at_the_beginning_say_when_and_where(
    read_bytes: ReadBytes, text: str, expected: dict[str, str | None]
) -> None:
    [found] = read_bytes(text.encode())
    assert isinstance(found, Article)
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.text == text


def test_the_headline_stays_in_the_stored_text(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(b"Rat streitet\r\n\r\nDer Text.")
    assert isinstance(found, Article)
    assert (found.title, found.text) == ("Rat streitet", "Rat streitet\n\nDer Text.")


ENCODED = [
    (BODY.encode(), {}),
    (BODY.encode("utf-8-sig"), {}),
    (BODY.encode("utf-16"), {}),
    (BODY.encode("utf-32"), {}),
    (BODY.encode("utf-16-le"), {"encoding": "utf-16-le"}),
    (BODY.encode("utf-16-be"), {"encoding": "utf-16-be"}),
]


@pytest.mark.parametrize(("data", "extra"), ENCODED)
def test_unicode_in_all_its_encodings(read_bytes: ReadBytes, data: bytes, extra: dict[str, object]) -> None:
    [found] = read_bytes(data, "text.txt")
    assert isinstance(found, Article)
    assert (found.text, dict(found.extra)) == (BODY, extra)


def test_a_guessed_encoding_is_recorded(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(BODY.encode("cp1252"))
    assert isinstance(found, Article)
    assert found.text == BODY
    assert str(found.extra["encoding"]).endswith("(guessed)")


REFUSED = [
    (b"", "empty file"),
    (b" \r\n\t\n", "empty file"),
    (b"\xef\xbb\xbf", "empty file"),
    (bytes(range(256)) * 8, "a binary file"),
    (b"%PDF-1.7 some text", "broken PDF document"),
    (b"PK\x03\x04 docx or zip", "damaged zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xff\xfea", "wrong encoding: marked as utf-16, broken at byte"),
    (b"x" * (MAX_TEXT + 1), f"the limit is {MAX_TEXT:,}"),
    (gzip.compress(b"text" * 99)[:10] + b"\xff" * 99, "damaged gzip file"),
    (gzip.compress(BODY.encode() * 9, 0)[:500], "cut-off gzip file"),
    (gzip.compress(b"a" * 90_000_000), "gzip bomb"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_what_is_no_text_is_refused_by_name(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    [found] = read_bytes(data, "text.txt")
    assert isinstance(found, Failure)
    assert found.origin.endswith("text.txt")
    assert reason in found.reason


def test_a_single_line_up_to_the_limit_is_read(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(("Wort " * (MAX_TEXT // 5)).encode())
    assert isinstance(found, Article)
    assert len(found.text) == MAX_TEXT


def test_control_characters_are_gone_before_the_text_is_stored(read_bytes: ReadBytes) -> None:
    line = "Eine Zeile, die lang genug ist, um nicht als Binärdatei zu gelten, mit viel Text darin und mehr"
    [found] = read_bytes(f"{line}\x00 a\r\nb\rc\x0cd\x0be\u2028f\x1bg\x7fh\n".encode())
    assert isinstance(found, Article)
    assert found.text == f"{line} a\nb\nc\nd\ne\nfgh\n"


def test_mojibake_is_repaired_when_certain_and_recorded(read_bytes: ReadBytes) -> None:
    [broken] = read_bytes("FÃ¼r immer schÃ¶n gewÃ¤hlt, sagte er dem erfundenen Blatt.".encode())
    assert isinstance(broken, Article)
    assert broken.text == "Für immer schön gewählt, sagte er dem erfundenen Blatt."
    assert str(broken.extra["repaired"]).startswith("mojibake")


@pytest.mark.parametrize(
    "text", ["Ein Ã steht allein.", "„Ach“ – naïve Cafés in São Tomé", "Größe: 5 µm ±2 °C"]
)
def test_good_text_is_not_repaired(read_bytes: ReadBytes, text: str) -> None:
    [found] = read_bytes(text.encode())
    assert isinstance(found, Article)
    assert (found.text, dict(found.extra)) == (text, {})


def test_a_cut_last_character_does_not_lose_the_text(read_bytes: ReadBytes) -> None:
    [found] = read_bytes((BODY * 5 + "ü").encode()[:-1])
    assert isinstance(found, Article)
    assert found.text == BODY * 5 + "\ufffd"
    assert "1 broken UTF-8" in str(found.extra["repaired"])


def test_html_handed_in_as_text_is_read_as_html(read_bytes: ReadBytes, page: str) -> None:
    [found] = read_bytes(page.encode(), "page.txt")
    assert isinstance(found, Article)
    assert found.title == "Rat streitet über Brücke"
    [refused] = read_bytes(page.encode(), "page.txt", "text")
    assert isinstance(refused, Failure)
    assert "HTML, not text" in refused.reason


def test_text_handed_in_as_html_is_read_as_text(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(b"A fictional text: 3 < 4 > 2.", "page.html")
    assert isinstance(found, Article)
    assert found.text == "A fictional text: 3 < 4 > 2."
