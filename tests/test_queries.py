"""What users type becomes an FTS5 expression that SQLite takes, and that means what they meant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.queries import (
    Search,
    fts_query,
    month_ranges,
    name_query,
    named_ids,
    organisations_named,
    people_named,
    plain_words,
    published_window,
    read_day,
    search_rows,
    search_window,
    similar_name_query,
    similar_names,
    widened,
)
from quotetrack.queries.filters import MARK
from quotetrack.queries.fts import MAX_TERMS

TEXTS = {
    1: "We will not build the harbour tunnel",
    2: "The bridge is cheaper than the tunnel",
    3: "Tunnelling under the harbour takes years",
    4: "COVID-19 closed the harbour",
    5: "Wir müssen warten",
}


@pytest.fixture(scope="module")
def fts() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    conn.execute(
        "create virtual table words using fts5(text, other, tokenize='unicode61 remove_diacritics 2')"
    )
    conn.execute("create virtual table names using fts5(text, tokenize='trigram')")
    conn.executemany("insert into words(rowid, text) values (?, ?)", TEXTS.items())
    conn.executemany(
        "insert into names(rowid, text) values (?, ?)", [(1, "Tjark Ohlendieck"), (2, "Jan Ó Sé")]
    )
    yield conn
    conn.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("harbour tunnel", {1}),
        ("HARBOUR", {1, 3, 4}),
        ("tunnel*", {1, 2, 3}),
        ('"harbour tunnel"', {1}),
        ('"tunnel harbour"', set()),
        ("„harbour tunnel“", {1}),
        ("«harbour tunnel»", {1}),
        ('"harbour tun"*', {1}),
        ('"harbour', {1, 3, 4}),
        ("harbour -tunnel", {3, 4}),
        ("harbour -tunnel -years", {4}),
        ('harbour -"closed the"', {1, 3}),
        ("harbour NOT tunnel*", {4}),
        ("bridge OR years", {2, 3}),
        ("the bridge OR years", {2, 3}),
        ("bridge OR", {2}),
        ("OR bridge", {2}),
        ("harbour AND tunnel", {1}),
        ("harbour NEAR tunnel", {1}),
        ("bridge NEAR/2 tunnel", set()),
        ("bridge NEAR/5 tunnel", {2}),
        ("NEAR(bridge tunnel, 5)", {2}),
        ("NEAR(bridge tunnel 5)", set()),
        ("covid-19", {4}),
        ("covid -19", set()),
        ("mussen", {5}),
        ("text:harbour", set()),
        ("{text} : harbour", set()),
        ("^we", {1}),
        ("(harbour", {1, 3, 4}),
        ("harbour + tunnel", {1}),
        ("near", set()),
    ],
)
def test_queries_mean_what_was_typed(fts: sqlite3.Connection, typed: str, found: set[int]) -> None:
    rows = fts.execute("select rowid from words where words match ?", [fts_query(typed)]).fetchall()
    assert {rowid for (rowid,) in rows} == found


@pytest.mark.parametrize(
    "typed", ["", " ", '"', '""', "*", "-", "-tunnel", "NOT tunnel", "OR", "()", "\x00", "\ud800", "…“”"]
)
def test_nothing_to_look_for_is_no_query(typed: str) -> None:
    assert fts_query(typed) == ""


_TYPED = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "a",
                "tunnel",
                "NEAR",
                "NEAR(",
                "NEAR/3",
                "OR",
                "NOT",
                "AND",
                '"',
                "“",
                "-",
                "*",
                "(",
                ")",
                ",",
                "^",
                ":",
                "{",
                "}",
                "+",
                "\x00",
                "\ud83d",
                "'",
                "\\",
                "é",
                "日本",
            ]
        )
    ).map(" ".join),
    st.text(alphabet='ab"-*()NEARO/,:^+{}\x00 \ud800'),
)


@settings(max_examples=500, deadline=None)
@given(typed=_TYPED)
def test_sqlite_takes_whatever_is_typed(fts: sqlite3.Connection, typed: str) -> None:
    for table, expression in (
        ("words", fts_query(typed)),
        ("names", name_query(typed)),
        ("names", similar_name_query(typed)),
    ):
        if expression:
            fts.execute(f"select rowid from {table} where {table} match ?", [expression]).fetchall()


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=4), max_size=80))
def test_long_queries_are_cut(words: list[str]) -> None:
    assert fts_query(" ".join(words)).count('"') <= 2 * MAX_TERMS


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Tunnel", ["tunnel"]),
        ("Tunnel tunnel Gebühren", ["tunnel", "gebuhren"]),
        ("der Tunnel", ["tunnel"]),
        ("トンネル 橋梁", ["トンネル", "橋梁"]),
        ('"harbour tunnel"', []),
        ("tunnel*", []),
        ("tunnel -bridge", []),
        ("tunnel OR bridge", []),
        ("", []),
    ],
)
def test_plain_words_are_folded_as_the_index_folds_them(typed: str, words: list[str]) -> None:
    assert plain_words(typed) == words


def test_a_widened_query_takes_longer_words_too(fts: sqlite3.Connection) -> None:
    query = widened("We Tunnel", {"tunnel": ["tunnelling"]})
    assert query == "We Tunnel OR tunnelling"
    query = widened("tunnel years", {"tunnel": ["tunnelling"]})
    rows = fts.execute("select rowid from words where words match ?", [fts_query(query)]).fetchall()
    assert rows == [(3,)]


def test_names_are_found_by_their_parts(fts: sqlite3.Connection) -> None:
    def names(expression: str) -> list[int]:
        return [
            rowid for (rowid,) in fts.execute("select rowid from names where names match ?", [expression])
        ]

    assert names(name_query("ohlen tjark")) == [1]
    assert name_query("Jo of") == ""
    assert names(similar_name_query("Ohlendiek")) == [1]
    assert similar_name_query("ab") == ""


@pytest.fixture(scope="module")
def archive() -> Iterator[sqlite3.Connection]:
    from sqlite_utils import Database

    from quotetrack.store.migrations import migrations

    conn = sqlite3.connect(":memory:")
    migrations.apply(Database(conn))
    yield conn
    conn.close()


@settings(max_examples=200, deadline=None)
@given(typed=_TYPED, number=st.floats(allow_nan=True))
def test_every_search_is_sql(archive: sqlite3.Connection, typed: str, number: float) -> None:
    search = Search(
        q=typed, speaker=typed, organisation=typed, outlet=typed, role=typed, language=typed, since="2025-3",
        until="2025", confidence=number, sort="relevance",
    )  # fmt: skip
    for query in (
        search_window(search),
        search_rows(search, [1, 2]),
        people_named(typed),
        organisations_named(typed),
        similar_names(typed),
    ):
        assert archive.execute(*query).fetchall() == []


@pytest.fixture(scope="module")
def public() -> Iterator[sqlite3.Connection]:
    from quotetrack.store.publish import complete_public, create_public

    conn = sqlite3.connect(":memory:", isolation_level=None)
    create_public(conn)
    complete_public(conn)
    yield conn
    conn.close()


@settings(max_examples=200, deadline=None)
@given(typed=_TYPED, number=st.floats(allow_nan=True), ids=st.lists(st.integers(1, 10**6), max_size=300))
def test_every_search_of_a_public_copy_is_sql(
    public: sqlite3.Connection, typed: str, number: float, ids: list[int]
) -> None:
    for search in (
        Search(q=typed, speaker=typed, organisation=typed, outlet=typed, role=typed, language=typed),
        Search(q=typed, since="2025-3", until="2025", confidence=number, sort="relevance", type="mixed"),
        Search(q=typed, speaker="unknown", language=typed, until="2024"),
    ):
        names = named_ids(search)
        assert (names is None) == (search.speaker in ("", "unknown") and not search.outlet)
        assert names is None or public.execute(*names).fetchall() == []
        named = dict.fromkeys(("speaker", "organisation", "role", "outlet"), ids)
        ((found, best),) = public.execute(*published_window(search, named)).fetchall()
        assert found == "[]"
        assert best in (None, "[]")
    assert public.execute(*month_ranges()).fetchall() == []


def test_nobody_can_type_a_filter() -> None:
    assert fts_query(f"{MARK}speaker1 tunnel") == '"speaker1" AND "tunnel"'
    assert fts_query(f'"{MARK}"') == ""


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", ""),
        (" ", ""),
        ("2025", "2025"),
        ("2025-3", "2025-03"),
        ("2025-03", "2025-03"),
        (" 2025-3-4 ", "2025-03-04"),
        ("2024-02-29", "2024-02-29"),
        ("4.3.2025", "2025-03-04"),
        ("04. 03. 2025", "2025-03-04"),
        ("3.2025", "2025-03"),
    ],
)
def test_a_day_is_normalised(typed: str, day: str) -> None:
    assert read_day(typed) == day
    assert Search(since=typed, until=typed) == Search(since=day, until=day)


@pytest.mark.parametrize(
    "typed",
    [
        "garbage",
        "2025-13",
        "2025-02-29",
        "2025-0",
        "25",
        "4.3.25",
        "31.2.2025",
        "3.4.5.2025",
        "2025-",
        "2025/03",
        "2025-03-04T10",
        "٢٠٢٥",
        "0000",
    ],
)
def test_what_is_no_day_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date: write|in the calendar"):
        read_day(typed)
    with pytest.raises(ValueError, match=r"is not a date: write|in the calendar"):
        Search(until=typed)


@settings(deadline=None)
@given(st.text())
def test_a_day_is_a_prefix_of_moments_or_refused(typed: str) -> None:
    try:
        day = read_day(typed)
    except ValueError:
        return
    assert "2025-12-31T00:00"[: len(day)].translate(str.maketrans("0123456789", "0" * 10)) == day.translate(
        str.maketrans("0123456789", "0" * 10)
    )
