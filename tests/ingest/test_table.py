from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.ingest import read, table
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.table import columns_of
from quotetrack.types import Article, Failure

from .conftest import ReadBytes

TABLE = """id,Headline,Article_Text,Publication Date,Source,Byline,URL,Language,Section
7,Rat streitet,"„Wir warten nicht“,
sagte sie.",2025-03-04 10:00,Erfundenes Blatt,Erika Muster,https://blatt.example/1?utm_source=x,de-DE,Lokales
"""


def test_a_row_is_an_article(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(TABLE.encode(), "a.txt")
    assert found == Article(
        found.origin,
        "„Wir warten nicht“,\nsagte sie.",
        doc_id="7",
        url="https://blatt.example/1?utm_source=x",
        canonical_url="https://blatt.example/1",
        outlet="Erfundenes Blatt",
        title="Rat streitet",
        published="2025-03-04T10:00:00",
        author="Erika Muster",
        language="de",
        extra={"Section": "Lokales"},
    )
    assert found.origin.endswith("a.txt:2")


FORMS = [
    ("Titel;Text;Datum\nRat;gut;4.3.2025\n", "2025-03-04"),
    ("Titel\tText\tDatum\nRat\tgut\t20250304\n", "2025-03-04"),
    ("title|body|date\r\nRat|gut|2025-03-04\r\n", "2025-03-04"),
    ('\ufeff"title","content"\r"Rat","gut"\r', None),
    ("headline,text,date\nRat,<p>gut</p>,\n", None),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(("table", "published"), FORMS)
def test_separators_spellings_and_encodings(
    read_bytes: ReadBytes, table: str, published: str | None, encoding: str
) -> None:
    [found] = read_bytes(table.lstrip("\ufeff").encode(encoding) if encoding == "utf-16" else table.encode())
    assert isinstance(found, Article)
    assert (found.title, found.text, found.published) == ("Rat", "gut", published)


def test_the_users_word_goes_first(read_bytes: ReadBytes) -> None:
    table = b"a,text,b\nOne,Summary,The body.\n"
    [found] = read_bytes(table, "a.csv", columns={"text": "B", "title": "a"})
    assert isinstance(found, Article)
    assert (found.title, found.text, dict(found.extra)) == ("One", "The body.", {"text": "Summary"})


HEADERS = [
    (["Text", "Datum"], {}, {"text": 0, "published": 1}),
    (["date", "content", "body"], {}, {"published": 0, "text": 2}),
    (["TITLE", "Full Text", "pub_date"], {}, {"title": 0, "text": 1, "published": 2}),
    (["ÜBERSCHRIFT", "Volltext"], {}, {"title": 0, "text": 1}),
    (["x", "y"], {"text": "y"}, {"text": 1}),
]


@pytest.mark.parametrize(("header", "named", "columns"), HEADERS)
def test_columns(header: list[str], named: dict[str, str], columns: dict[str, int]) -> None:
    assert columns_of(header, named) == columns


NO_COLUMNS = [
    (["a", "b"], {}, r"no column is known to hold the text: name it \(text=COLUMN\); the columns are a, b"),
    (["text"], {"text": "b"}, "no column 'b': the columns are text"),
    (["text"], {"body": "text"}, "no field 'body': the fields are text, title, published"),
    (["x"] * 201, {}, "201 columns"),
]


@pytest.mark.parametrize(("header", "named", "reason"), NO_COLUMNS)
def test_headers_that_are_refused(header: list[str], named: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        columns_of(header, named)


def test_bad_rows_do_not_stop_the_rest(read_bytes: ReadBytes) -> None:
    rows = [
        "one,First.",
        'two,"broken" quote',
        "three,",
        "four,Fourth.,more",
        "five,Fifth.",
        "",
        'six,"open',
        "7,Last.",
    ]
    found = read_bytes("\n".join(["title,text", *rows]).encode(), "a.csv")
    assert [
        (item.origin.rpartition(":")[2], item.text if isinstance(item, Article) else item.reason[:10])
        for item in found
    ] == [
        ("2", "First."),
        ("3", "broken row"),
        ("4", "no text"),
        ("5", "3 cells wh"),
        ("6", "Fifth."),
        ("8", "broken row"),
        ("9", "Last."),
    ]


def test_other_encodings_are_guessed_and_named(read_bytes: ReadBytes) -> None:
    table = "title;text\nRat;Für die Brücke über den Fluß wäre größere Mühe nötig, sagte er.\n".encode(
        "cp1252"
    )
    [found] = read_bytes(table)
    assert isinstance(found, Article)
    assert found.text.startswith("Für die Brücke über den Fluß")
    assert "encoding" in found.extra


def test_a_row_in_another_encoding_than_the_rest(read_bytes: ReadBytes) -> None:
    rows = [f"{n};Für größere Mühe, sagte er, wäre Zeit.".encode() for n in range(3_000)]
    rows[2_900] = "9;Für die Brücke über den Fluß wäre größere Mühe nötig, sagte er.".encode("cp1252")
    found = read_bytes(b"\n".join([b"title;text", *rows]))
    assert len(found) == 3_000
    odd = found[2_900]
    assert isinstance(odd, Article)
    assert odd.text.startswith("Für die Brücke über den Fluß")


def test_an_id_that_stands_twice(read_bytes: ReadBytes) -> None:
    found = read_bytes(b"id,text\n1,One.\n1,One.\n1,Two.\n2,Two.\n", outlet="Blatt")
    assert [type(item) for item in found] == [Article, Article, Failure, Article]
    assert "id '1' stands twice with different texts, first in line 2" in getattr(found[2], "reason", "")
    assert len([item for item in read_bytes(b"id,text\n1,One.\n1,Two.\n") if isinstance(item, Article)]) == 2


def test_tables_without_rows_or_text_column(read_bytes: ReadBytes) -> None:
    for data, reason in ((b"title,text\n", "table without rows"), (b"a,b\n1,2\n", "no column is known")):
        [found] = read_bytes(data, "a.csv")
        assert isinstance(found, Failure)
        assert reason in found.reason


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@given(st.lists(st.text(st.sampled_from('ab",;\t\r\n ä'), min_size=1, max_size=60), min_size=1, max_size=6))
def test_what_python_writes_is_read_again(texts: list[str]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([["text", "title"], *([text, "t"] for text in texts)])
    data = out.getvalue().encode("utf-8", "replace")
    found = [item for item in read(["-"], stdin=io.BytesIO(data), kind="csv") if isinstance(item, Article)]
    assert [item.text.strip() for item in found] == [lines(text) for text in texts if text.strip()]


def test_quotation_marks_broken_throughout_do_not_take_for_ever(
    read_bytes: ReadBytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line closes what the one before opened and opens anew: every row would run to the end."""
    monkeypatch.setattr(table, "_MAX_REREAD", 100_000)
    found = read_bytes(b"text,outlet\ngut,Blatt\n" + b'x","\n' * 1_000, "a.csv")
    assert isinstance(found[0], Article)
    assert len(found) < 10
    assert all(isinstance(each, Failure) for each in found[1:])
    assert "broken throughout: the rest" in found[-1].reason
