"""Articles to quotes: nothing that one article does keeps another from being read."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotetrack import languages, pipeline, reading
from quotetrack.reading import Extractor, Settings, batches, extract
from quotetrack.store import open_store
from quotetrack.types import Article, Failure, Quote, Span

TEXT = "„Wir warten nicht“, sagte Anna Weber am Montag in Seebrück."
POISON = "POISON"


def articles(*texts: str) -> list[Article]:
    return [
        Article(f"a{number}", text, doc_id=str(number), language="de") for number, text in enumerate(texts)
    ]


def test_batches_begin_small_and_hold_everything_in_order() -> None:
    items = articles(*("x" * 3_000 for _ in range(100)))
    cut = list(batches(items))
    assert [item for batch in cut for item in batch] == items
    sizes = [sum(len(item.text) for item in batch if isinstance(item, Article)) for batch in cut]
    assert sizes[0] == reading.FIRST_BATCH
    assert max(sizes) == reading.BATCH
    failures = [Failure(str(n), "bad") for n in range(2 * reading.BATCH_ITEMS)]
    assert [len(batch) for batch in batches(failures)] == [reading.BATCH_ITEMS] * 2


def test_failures_pass_through_in_order_and_languages_mix() -> None:
    german, unknown = articles(TEXT)[0], Article("k", "Habari ya leo ni nzuri sana.", language="sw")
    english = Article("e", "“We wait,” said Mara Lindqvist.", language="en")
    given = Failure("broken.txt", "empty")
    results = Extractor(Settings()).read([given, german, unknown, english])
    assert results[0] is given
    assert isinstance(results[1], reading.Read)
    assert results[1].quotes[0].content[0].of(TEXT) == "Wir warten nicht"
    assert results[2] == Failure("k", f"no language pack for 'sw': there are {', '.join(languages.codes())}")
    assert isinstance(results[3], reading.Read)
    assert results[3].language == "en"


def test_a_language_without_models_is_read_by_its_marks() -> None:
    text = "« Nous partons », a dit Anna Weber. Puis : « Personne ne reste », a répété Weber, a dit Kern."
    result = Extractor(Settings()).read([Article("f", text, language="fr")])[0]
    assert isinstance(result, reading.Read)
    assert result.models == reading.MARKS_ALONE
    assert next((quote.rule, quote.speaker and quote.speaker.name) for quote in result.quotes) == (
        "direct/marks",
        "Anna Weber",
    )


def test_a_text_that_breaks_the_rules_is_that_articles_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    find = reading.find_quotes

    def fussy(annotation, *given):
        if POISON in annotation.text:
            raise IndexError("off the end")
        return find(annotation, *given)

    monkeypatch.setattr(reading, "find_quotes", fussy)
    first, bad, last = Extractor(Settings()).read(articles(TEXT, f"{POISON} {TEXT}", TEXT))
    assert isinstance(first, reading.Read)
    assert bad == Failure("a1", "could not be read: IndexError: off the end")
    assert isinstance(last, reading.Read)


def deadly(batch, settings):
    """A worker that dies of one article."""
    for item in batch:
        if isinstance(item, Article) and POISON in item.text:
            os.kill(os.getpid(), signal.SIGKILL)
    return [reading.Read(item, "de", ()) for item in batch]


def test_a_worker_that_dies_takes_one_article_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_read", deadly)
    items = articles(TEXT, POISON, TEXT, *(["x" * 7_000] * 6))
    results = list(extract(items, Settings(), workers=2))
    failed = [result for result in results if isinstance(result, Failure)]
    assert [failure.origin for failure in failed] == ["a1"]
    assert "died" in failed[0].reason
    read = [result.article.origin for result in results if isinstance(result, reading.Read)]
    assert read == [item.origin for item in items if item.origin != "a1"]


def test_an_article_the_store_refuses_is_recorded_and_the_rest_goes_on(tmp_path: Path) -> None:
    outside = Quote("direct", (Span(900, 910),))
    bad = Article("bad", TEXT, doc_id="bad", language="de", quotes=(outside,))
    good = Article("good", TEXT, doc_id="good", language="de", quotes=(Quote("direct", (Span(1, 17),)),))
    with open_store(tmp_path / "news.db") as store:
        report = pipeline.add([bad, good], store, Settings(given=True))
    assert (report.added, [failure.origin for failure in report.failures]) == (1, ["bad"])
    with sqlite3.connect(tmp_path / "news.db") as conn:
        assert conn.execute("select origin from failures").fetchall() == [("bad",)]


def test_two_versions_in_one_source_settle(tmp_path: Path) -> None:
    def source() -> Iterator[Article]:
        for text in (TEXT, TEXT.replace("Montag", "Dienstag")):
            yield Article(
                "feed", text, url="https://tide.example/1", canonical_url="https://tide.example/1", quotes=()
            )

    with open_store(tmp_path / "news.db") as store:
        first = pipeline.add(source(), store, Settings(given=True, language="de"))
        again = pipeline.add(source(), store, Settings(given=True, language="de"))
    assert (first.added, first.changed) == (1, 1)
    assert (again.added, again.changed, again.known) == (0, 0, 2)


def test_an_outlet_that_goes_back_to_an_earlier_text(tmp_path: Path) -> None:
    settings = Settings(given=True, language="de")
    other = TEXT.replace("Montag", "Dienstag")
    with open_store(tmp_path / "news.db") as store:
        for text in (TEXT, other, TEXT):
            page = Article("page", text, url="https://tide.example/1", quotes=())
            report = pipeline.add([page], store, settings)
        assert (report.added, report.changed, report.known) == (0, 1, 0)
        assert store.conn.execute("select text from articles").fetchall() == [(TEXT,)]


def test_the_newest_of_three_versions_stands(tmp_path: Path) -> None:
    settings = Settings(given=True, language="de")
    versions = [TEXT, TEXT.replace("Montag", "Dienstag"), TEXT.replace("Montag", "Mittwoch")]
    pages = [Article("page", text, url="https://tide.example/1", quotes=()) for text in versions]
    with open_store(tmp_path / "news.db") as store:
        for some in (pages[:2], [pages[0], pages[2]], pages, pages):
            pipeline.add(some, store, settings)
        assert store.conn.execute("select text from articles").fetchall() == [(versions[2],)]


def test_what_is_part_of_a_quote_of_the_same_source_is_counted_once() -> None:
    source, other = (Span(90, 95),), (Span(70, 75),)
    whole = Quote("mixed", (Span(0, 60),), source=source)
    part = Quote("direct", (Span(10, 20),), source=source)
    nested = Quote("direct", (Span(30, 40),), source=other)
    beside = Quote("direct", (Span(50, 66),), source=source)
    assert pipeline.outermost([whole, part, nested, beside]) == [whole, nested, beside]
    assert pipeline.outermost([part, part]) == [part, part]


def test_given_quotes_are_all_kept(tmp_path: Path) -> None:
    whole, part = Quote("direct", (Span(1, 17),)), Quote("direct", (Span(5, 11),))
    article = Article("a", TEXT, doc_id="a", language="de", quotes=(whole, part))
    with open_store(tmp_path / "news.db") as store:
        assert pipeline.add([article], store, Settings(given=True)).quotes == 2
        assert store.conn.execute("select count(*) from occurrences").fetchone() == (2,)


def test_an_interrupted_run_is_finished_by_the_next(tmp_path: Path) -> None:
    items = [
        Article(
            f"a{n}",
            f"„Satz {n} bleibt“, sagte sie.",
            doc_id=f"{n}",
            quotes=(Quote("direct", (Span(1, 13),)),),
        )
        for n in range(5)
    ]

    def interrupted() -> Iterator[Article]:
        yield from items[:3]
        raise KeyboardInterrupt

    settings = Settings(given=True, language="de")
    with open_store(tmp_path / "cut.db") as store, pytest.raises(KeyboardInterrupt):
        pipeline.add(interrupted(), store, settings)
    for name in ("cut.db", "whole.db"):
        with open_store(tmp_path / name) as store:
            pipeline.add(items, store, settings)
    rows = (
        "select o.uid, s.uid, o.content from occurrences o"
        " join statements s on s.id = o.statement order by o.uid"
    )
    with sqlite3.connect(tmp_path / "cut.db") as cut, sqlite3.connect(tmp_path / "whole.db") as whole:
        assert cut.execute(rows).fetchall() == whole.execute(rows).fetchall()
        assert len(cut.execute(rows).fetchall()) == 5


GERMAN = (
    "Der Rat von Seebrück hat am Montag über die neue Brücke beraten und die Entscheidung vertagt. "
    "„Wir warten nicht länger auf den Bund“, sagte Anna Weber, die Sprecherin des Rates, nach der Sitzung."
)
FRENCH = (
    "Le conseil de la ville imaginaire de Seebrück a débattu lundi du nouveau pont et a reporté sa décision. "
    "« Nous n’attendrons plus personne », a déclaré Jeanne Morel, la porte-parole du conseil. Le pont est "
    "fermé depuis l’hiver, et le bac qui le remplace ne circule que lorsque le temps le permet."
)
NOTICE = (
    "Der Artikel wird von einem Drittanbieter bereitgestellt: „Alle Rechte vorbehalten“, sagte der Verlag."
)


def test_each_paragraph_is_read_in_its_language() -> None:
    text = f"{GERMAN}\n\n{FRENCH}\n\n{GERMAN.replace('Montag', 'Dienstag')}"
    (read,) = Extractor(Settings()).read([Article("a", text)])
    assert isinstance(read, reading.Read)
    assert read.language == "de"
    found = [(quote.content[0].of(text), quote.language) for quote in read.quotes]
    assert ("Nous n’attendrons plus personne", "fr") in found
    assert found.count(("Wir warten nicht länger auf den Bund", None)) == 2
    assert [quote.content[0].start for quote in read.quotes] == sorted(
        q.content[0].start for q in read.quotes
    )
    (as_asked,) = Extractor(Settings(language="de")).read([Article("a", text)])
    assert isinstance(as_asked, reading.Read)
    assert {quote.language for quote in as_asked.quotes} == {None}


def test_notices_are_not_searched_and_move_nothing() -> None:
    text = f"{GERMAN}\n{NOTICE}\n{GERMAN}"
    (read,) = Extractor(Settings()).read([Article("a", text)])
    assert isinstance(read, reading.Read)
    found = [quote.content[0].of(text) for quote in read.quotes]
    assert found == ["Wir warten nicht länger auf den Bund"] * 2
