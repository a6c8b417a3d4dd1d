from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.markdown import plain
from quotetrack.types import Article, Failure

from .conftest import ReadBytes

WORDS = [
    ("**Fett** und *schräg*, `so`, ~~weg~~.", "Fett und schräg, so, weg."),
    ("# Rat streitet\nDer Text.", "Rat streitet\n\nDer Text."),
    ("Rat streitet\n===\n\nDer Text.", "Rat streitet\n\nDer Text."),
    ("> „Wir warten“,\n> sagte sie.\n>\n> „Gut.“", "„Wir warten“, sagte sie.\n\n„Gut.“"),
    ("- „Ja“\n- „Nein“\n  - „Doch“", "„Ja“\n\n„Nein“\n\n„Doch“"),
    ("3. März: Der Rat tagt.", "3. März: Der Rat tagt."),
    ("Der [Rat](https://rat.example 'x') sagt <https://a.example>.", "Der Rat sagt https://a.example."),
    ("Der [Rat][1] sagt ja.\n\n[1]: https://rat.example", "Der Rat sagt ja."),
    ("![Bild](b.png)\n\nEin Text.", "Ein Text."),
    ("Eine Zeile  \nnoch eine\nund weiter", "Eine Zeile\nnoch eine und weiter"),
    ("Bürger*innen und Kolleg*innen, *alle*", "Bürger*innen und Kolleg*innen, alle"),
    ("2 \\* 3 &amp; 4 < 5", "2 * 3 & 4 < 5"),
    ("    Eingerückt *und* lesbar.", "Eingerückt und lesbar."),
    ("Eins<br>zwei <b>drei</b>.\n\n<div>Vier <i>fünf</i>.</div>", "Eins\nzwei drei.\n\nVier fünf."),
    ("<!-- nichts -->\n\nEin Text.", "Ein Text."),
    ("| Wer | Was |\n|---|---|\n| Rat | *ja* |", "Wer\n\nWas\n\nRat\n\nja"),
    ("```\nwortlaut *so*\n```", "wortlaut *so*"),
    ("Eins.\n\n---\n\nZwei.", "Eins.\n\nZwei."),
    ("[" * 5_000 + "\n\n*Text*", "[" * 5_000 + "\n\n*Text*"),
    (">" * 300 + " *Text*", ">" * 300 + " *Text*"),
]


@pytest.mark.parametrize(("markdown", "words"), WORDS)
def test_the_words_stay_without_the_signs(markdown: str, words: str) -> None:
    assert plain(markdown)[0] == words


@given(st.text("ab *_`[]()<>#-+|!\\\n&;1.~", max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_letter_is_lost_where_nothing_hides_it(noise: str) -> None:
    assert (
        "ein letzter Absatz" in plain(f"{noise.replace('<', '').replace('`', '')}\n\nein letzter Absatz")[0]
    )


TITLES = [
    ("# „Wir warten.“\n\nDer Text.", "„Wir warten.“"),
    ("**Rat streitet**\n\nDer Text.", "Rat streitet"),
    ("Der Rat streitet.\n\nDer Text.", None),
]


@pytest.mark.parametrize(("markdown", "title"), TITLES)
def test_title(markdown: str, title: str | None) -> None:
    assert plain(markdown)[1] == title


FULL = Article(
    "",
    "Der Rat wartet.",
    url="https://tagblatt.example/a?utm_source=x",
    canonical_url="https://tagblatt.example/a",
    outlet="Fiktives Tagblatt",
    title="Rat: Streit",
    published="2026-02-03",
    author="Erika Muster, Max Beispiel",
    language="de",
    extra={"tags": "rat, brücke"},
)
MATTER = [
    (
        (
            'title: "Rat: Streit"\nauthors:\n  - Erika Muster\n  - name: Max Beispiel\ndate: 2026-02-03\n'
            "publication: Fiktives Tagblatt\nlink: https://tagblatt.example/a?utm_source=x\nlang: de-AT\n"
            "tags: [rat, brücke]"
        ),
        FULL,
    ),
    (
        "title: Rat\npublished: 3.2.2026 10:00\nsource: https://tagblatt.example/a",
        Article(
            "",
            FULL.text,
            url="https://tagblatt.example/a",
            canonical_url="https://tagblatt.example/a",
            outlet="tagblatt.example",
            title="Rat",
            published="2026-02-03T10:00:00",
        ),
    ),
    ("date: neulich", Article("", FULL.text, extra={"published_unreadable": "neulich"})),
    ("a: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]", Article("", FULL.text, extra={"a": "x, x"})),
    ("", Article("", FULL.text)),
]


@pytest.mark.parametrize(("matter", "wanted"), MATTER)
def test_front_matter_says_what_an_article_is(read_bytes: ReadBytes, matter: str, wanted: Article) -> None:
    [found] = read_bytes(f"---\n{matter}\n---\n\nDer Rat *wartet*.\n".encode(), "rat.md")
    assert isinstance(found, Article)
    for name in ("text", "url", "canonical_url", "outlet", "title", "published", "author", "language"):
        assert (name, getattr(found, name)) == (name, getattr(wanted, name))
    assert dict(found.extra) == dict(wanted.extra)


def test_broken_front_matter_is_read_by_lines_and_recorded(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(b"---\ntitle: Council: no bridge\nauthor: Sam Example\n---\nText.", "a.markdown")
    assert isinstance(found, Article)
    assert (found.text, found.title, found.author) == ("Text.", "Council: no bridge", "Sam Example")
    assert "mapping values" in str(found.extra["front_matter_broken"])


@pytest.mark.parametrize(
    "start", ["---\nJust a line.\n---\n", "---\n\tWeber: “we: wait”\n---\n", "---\nopen: "]
)
def test_what_is_no_front_matter_stays_in_the_text(read_bytes: ReadBytes, start: str) -> None:
    [found] = read_bytes(f"{start}\n\nThe text.".encode(), "a.md")
    assert isinstance(found, Article)
    assert found.text.endswith("The text.")
    assert start.split()[1] in found.text


def test_front_matter_alone_is_no_article(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(b"---\ntitle: Council\n---\n", "a.md")
    assert isinstance(found, Failure)
    assert found.reason == "no text"


def test_the_name_or_the_user_says_that_it_is_markdown(read_bytes: ReadBytes) -> None:
    texts = [
        [found.text for found in read_bytes(b"a<br>*b*<br>c<br>", name, kind) if isinstance(found, Article)]
        for name, kind in (("a.md", "auto"), ("a.txt", "markdown"), ("a.md", "text"))
    ]
    assert texts == [["a\nb\nc"], ["a\nb\nc"], []]  # the last is refused: HTML, not text
