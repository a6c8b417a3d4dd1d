from __future__ import annotations

import pytest

from quotetrack.types import Article, Failure

from .conftest import ReadBytes
from .samples import PRINTED, pdf, printed

HEAD = (72.0, 800.0, 9.0, "Erfundene Stadt: Presseinformation Nr. 12")


def foot(number: int) -> tuple[float, float, float, str]:
    return (72, 30, 9, f"Seite {number} von 3")


PAGES: list[PRINTED] = [
    [
        HEAD,
        (72, 740, 18, "Rat streitet"),
        *printed(
            "Die erfundene Stadtverwal-",
            "tung hat am Dienstag erklärt, sie werde die Ein-",
            "und Ausfuhr prüfen. „Wir warten nicht“, sagte Anna",
            "Weber.",
            "",
            "Ein zweiter Absatz über Covid-",
            "19, der auf dieser Seite anfängt und auf der nächsten",
        ),
        foot(1),
    ],
    [HEAD, *printed("weitergeht.", "", "Ein dritter."), foot(2)],
    [HEAD, *printed("Ein letzter (mit Klammern)."), foot(3)],
]
TEXT = """Rat streitet

Die erfundene Stadtverwaltung hat am Dienstag erklärt, sie werde die Ein- und Ausfuhr prüfen. „Wir warten \
nicht“, sagte Anna Weber.

Ein zweiter Absatz über Covid-19, der auf dieser Seite anfängt und auf der nächsten weitergeht.

Ein dritter.

Ein letzter (mit Klammern)."""


@pytest.mark.parametrize("packed", [False, True])
def test_a_printed_document(read_bytes: ReadBytes, packed: bool) -> None:
    info = {"Title": "Rat streitet", "Author": "Erika Muster", "CreationDate": "D:20250304100000+01'00'"}
    [found] = read_bytes(pdf(PAGES, info, packed), "a.txt")
    assert isinstance(found, Article)
    assert found.text == TEXT
    assert (found.title, found.author) == ("Rat streitet", "Erika Muster")
    assert found.published is None
    assert found.extra == {"pages": 3, "created": "2025-03-04T09:00:00Z"}


@pytest.mark.parametrize("title", ["", "Microsoft Word - brief.docx", "brief.indd", "Untitled"])
def test_a_title_that_a_program_made_up_is_none(read_bytes: ReadBytes, title: str) -> None:
    [found] = read_bytes(pdf(PAGES[:1], {"Title": title}))
    assert isinstance(found, Article)
    assert found.title == "Erfundene Stadt: Presseinformation Nr. 12"  # the first line that is printed


REFUSED = [
    (pdf([[], [], []]), "PDF without a text layer (3 scanned pages?)"),
    (pdf([printed("17")]), "PDF without a text layer (1 scanned pages?)"),
    (b"%PDF-1.7 some text", "broken PDF document"),
    (pdf(PAGES)[:300], "broken PDF document"),
    (
        pdf(PAGES).replace(
            b"/Root 1", b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -1 >> /Root 1"
        ),
        "encrypted PDF",
    ),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_what_is_refused(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    [found] = read_bytes(data, "a.pdf")
    assert isinstance(found, Failure)
    assert reason in found.reason


def test_a_damaged_table_of_objects_is_rebuilt(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(pdf(PAGES).replace(b"startxref\n", b"startxref\n9"))
    assert isinstance(found, Article)
    assert found.text == TEXT


def test_a_mark_behind_the_start_is_seen(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(b"\n" + pdf(PAGES))
    assert isinstance(found, Article)
