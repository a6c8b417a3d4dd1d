"""The pure parts: addresses, passages, differences, dates, charts, snippets."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack.cluster.tables import table
from quotetrack.plugin.charts import MAX_BARS, month_chart, small_multiples, stretches
from quotetrack.plugin.citations import json_in_html
from quotetrack.plugin.differences import Change, same_words, word_differences
from quotetrack.plugin.edits import changed_meaning, wordlist
from quotetrack.plugin.links import asset, text_fragment, web_url
from quotetrack.plugin.passage import pieces, read_spans
from quotetrack.plugin.people import concentration
from quotetrack.plugin.posts import posts
from quotetrack.plugin.search import marked_snippet
from quotetrack.plugin.wording import (
    clock,
    day,
    language_code,
    language_name,
    language_tag,
    later,
    shorten,
    year_range,
)
from quotetrack.plugin.wordings import Variant
from quotetrack.queries import MARK_END, MARK_START


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y#z", True),
        ("HTTP://A.example", True),
        ("https://a.example:8080/", True),
        ("https://bücher.example/ä", True),
        (None, False),
        ("", False),
        ("javascript:alert(1)", False),
        ("//a.example", False),
        ("https://", False),
        ("https://a.example/\n", False),
        ("https:\\\\a.example", False),
        ("http://[::1", False),
    ],
)
def test_only_absolute_web_addresses_are_links(url: str | None, safe: bool) -> None:
    assert (web_url(url) is not None) == safe


@pytest.mark.parametrize(
    ("content", "before", "after", "fragment"),
    [
        ("We will not build it now", "", "", "We%20will%20not%20build%20it%20now"),
        (
            "absurd",
            "called the plan “",
            "” on Tuesday",
            "the%20plan%20%E2%80%9C-,absurd,-%E2%80%9D%20on%20Tuesday",
        ),
        ("well-known, even & so", "", "", "well%2Dknown%2C%20even%20%26%20so"),
        (" ".join("abcdefghijkl"), "", "", "a%20b%20c%20d%20e,h%20i%20j%20k%20l"),
        ("one two", "line one\nline two", "three\nfour", "line%20two-,one%20two,-three"),
    ],
)
def test_text_fragments_lead_to_the_words(content: str, before: str, after: str, fragment: str) -> None:
    assert (
        text_fragment("https://a.example/x", content, before, after)
        == f"https://a.example/x#:~:text={fragment}"
    )


def test_a_text_fragment_joins_a_fragment_that_is_there() -> None:
    assert text_fragment("https://a.example/#top", "so it is") == "https://a.example/#top:~:text=so%20it%20is"


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_text_fragments_are_printable_addresses(content: str, before: str, after: str) -> None:
    url = text_fragment("https://a.example/", content, before, after)
    assert web_url(url) == url
    assert url.isascii()


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("We will wait", "We will wait", ["=We will wait"]),
        ("We will not wait", "We will wait", ["=We will", "- not", "= wait"]),
        ("We wait", "We must wait", ["=We", "+ must", "= wait"]),
        ("costs 840 million", "costs 480 million", ["=costs", "- 840", "+ 480", "= million"]),
        ("costs 840 million in May", "costs in May", ["=costs", "- 840 million", "= in May"]),
        ("So we wait", "we wait", ["-So", "= we wait"]),
        ("So we wait", "Yes we wait", ["-So", "+ Yes", "= we wait"]),
        ("“We wait”", "„We wait“", ["=„We wait“"]),
        ("[W]e wait", "We wait", ["-[W]e", "+ We", "= wait"]),
    ],
)
def test_differences_are_marked_word_by_word(old: str, new: str, changes: list[str]) -> None:
    signs = {"same": "=", "added": "+", "removed": "-"}
    found = word_differences(old, new)
    assert [signs[change.kind] + change.text for change in found.changes] == changes


# old, new, language, the kinds of edit that change what was said
EDITS: list[tuple[str, str, str, str]] = [
    ("We will not wait for it", "We will wait for it", "en", "negation"),
    ("We won't wait for it", "We will wait for it", "en", "negation"),
    ("We will wait for it", "We will never wait for it", "en", "negation"),
    ("Nobody knew it then", "Everybody knew it then", "en", "negation"),
    ("It is not impossible, not now", "It is not impossible", "en", ""),  # a shorter quote
    ("It is not impossible, not now.", "It is not impossible.", "en", ""),
    ("No, we will wait for it", "we will wait for it", "en", ""),
    ("Wir warten nicht auf sie", "Wir warten auf sie", "de", "negation"),
    ("Wir haben keinen Plan B", "Wir haben einen Plan B", "de", "negation"),
    ("It costs 840 million crowns", "It costs 480 million crowns", "en", "number"),
    ("It costs 840 million crowns", "It costs 840 billion crowns", "en", "number"),
    ("It took two years", "It took three years", "en", "number"),
    ("It costs 840 million in May", "It costs a lot in May", "en", ""),  # left out, not another one
    ("In May it was 840, in June 7", "In June it was 7, in May 840", "en", ""),  # in another order
    ("Es kostet zwei Millionen", "Es kostet zwei Milliarden", "de", "number"),
    ("We trusted Weber until May", "We trusted Lindqvist until May", "en", "name"),
    ("We trusted Weber until May", "We trusted Anna Weber until May", "en", ""),
    ("Wir glauben an Weber", "Wir glauben an Lindqvist", "de", "name"),  # a name of the archive
    ("Wir glauben an Wunder", "Wir glauben an Zauber", "de", ""),  # nouns have capitals
    ("We must build it now", "We may build it now", "en", "modality"),
    ("We must build it now", "We should build it now", "en", "modality"),
    ("We must build it now", "We build it now", "en", "modality"),
    ("Wir können es bauen", "Wir könnten es bauen", "de", ""),
    ("We may build it now", "We might build it now", "en", ""),
    ("Wir müssen es bauen", "Wir können es bauen", "de", "modality"),
    ("Das ist vielleicht wahr", "Das ist wahr", "de", "modality"),
    ("We can build it now", "He could build it now", "en", "tense"),
    ("The plan is dead today", "The plan was dead today", "en", "tense"),
    ("They want it back", "They wanted it back", "en", "modality tense"),
    ("They call it back", "They called it back", "en", "tense"),
    ("Der Plan ist tot", "Der Plan war tot", "de", "tense"),
    ("It was good, he said", "It was nice, he said", "en", ""),
    ("We wait", "Wir warten", "xx", ""),
    ("[W]e will wait", "We will wait", "en", ""),
    (
        "He said that it rains and rains and that it will not stop",
        "He is sure about all of the rain",
        "en",
        "",
    ),
]


@pytest.mark.parametrize(("old", "new", "language", "kinds"), EDITS)
def test_edits_that_change_what_was_said_are_told(old: str, new: str, language: str, kinds: str) -> None:
    names = frozenset({"weber", "lindqvist"})
    found = changed_meaning(word_differences(old, new).changes, language, verbatim=True, names=names)
    assert " ".join(found) == kinds


def test_indirect_speech_moves_tense_without_saying_anything_else() -> None:
    for old, new, language in (
        ("The plan is dead today", "The plan was dead today", "en"),
        ("We can tell you where it will be", "They could tell them where it would be", "en"),
        ("Wir können und wollen es bauen", "Sie könnten und wollten es bauen", "de"),
        ("Wer behauptet, er kenne sie nicht, der hat seine Post nicht geöffnet",
         "er habe „seine Post nicht geöffnet“", "de"),
    ):  # fmt: skip
        assert changed_meaning(word_differences(old, new).changes, language, verbatim=False) == ()


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["en", "de", "", "xx-YY"]))
def test_what_is_not_edited_means_the_same(text: str, language: str) -> None:
    assert changed_meaning(word_differences(text, text).changes, language, verbatim=True) == ()


@pytest.mark.parametrize("code", ["en", "de"])
def test_warnings_and_clustering_know_the_same_negations(code: str) -> None:
    """Two rooms that may not read each other's data: this holds their lists together."""
    written = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    assert {word.translate(written) for word in wordlist(code).negations} == set(table(code).negations)


@settings(deadline=None)
@given(st.text(alphabet="ab .,“7", max_size=40), st.text(alphabet="ab .,“7", max_size=40))
def test_differences_hold_both_wordings(old: str, new: str) -> None:
    def words(text: str) -> str:
        return "".join(text.split())

    def side(kind: str) -> str:
        return words("".join(change.text for change in changes if change.kind in ("same", kind)))

    changes: tuple[Change, ...] = word_differences(old, new).changes
    assert side("added") == words(new)
    assert len(side("removed")) == len(words(old))  # marks of another style count as the same


@pytest.mark.parametrize(
    ("canonical", "text", "excerpt"),
    [
        ("We will not build it, not now", "not now", True),
        ("We will not build it, not now", "not later", False),
        ("We will not build it, not now", "We will not build it", False),
        ("We will", "We will", False),
    ],
)
def test_a_small_piece_of_a_statement_is_an_excerpt(canonical: str, text: str, excerpt: bool) -> None:
    assert Variant(text, word_differences(canonical, text)).excerpt == excerpt


def test_punctuation_alone_makes_no_other_wording() -> None:
    assert same_words("“We wait,”") == same_words("We wait.") != same_words("We wait 7 days")


def row(**columns: object) -> dict[str, object]:
    start, content = 10, "We wait until May"
    spans = {"content": [[start, start + len(content)]], "source": [[0, 3]], "cue": [[4, 8]]}
    return {
        "spans": json.dumps(spans),
        "content": content,
        "quoted": content,
        "passage_before": "She said: ",
        "passage_after": " and left",
    } | columns


@pytest.mark.parametrize(
    ("columns", "marked"),
    [
        ({}, "[source:She] [cue:said]: [content:We wait until May] and left"),
        ({"passage_before": "said: "}, "[cue:said]: [content:We wait until May] and left"),
        ({"spans": "{}"}, "She said: [content:We wait until May] and left"),
        ({"spans": "not json"}, "She said: [content:We wait until May] and left"),
        (
            {"spans": '{"content": [[9, 2], ["a", 1], [true]]}'},
            "She said: [content:We wait until May] and left",
        ),
        ({"quoted": "other"}, "She said: [content:We wait until May] and left"),
        (
            {"spans": '{"content": [[10, 12], [18, 27]], "cue": [[13, 17]]}'},
            "She said: [content:We] [cue:wait] [content:until May] and left",
        ),
        (
            {
                "content": "We wait\n \nuntil May",
                "quoted": "We wait\n \nuntil May",
                "spans": '{"content": [[10, 29]]}',
            },
            "She said: [content:We wait]\n \n[content:until May] and left",
        ),
    ],
)
def test_passages_are_cut_at_their_parts(columns: dict[str, object], marked: str) -> None:
    found = pieces(row(**columns))
    assert "".join(f"[{p.part}:{p.text}]" if p.part else p.text for p in found) == marked


@settings(deadline=None)
@given(st.text())
def test_spans_that_are_malformed_are_left_out(text: str) -> None:
    assert all(span.start < span.end for span in read_spans(text).content)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2025-03-04T10:30:00Z", "4 March 2025"),
        ("2025-03-04", "4 March 2025"),
        ("2025-03", "March 2025"),
        ("2025", "2025"),
        ("2025-13-01", "2025"),
        ("", "undated"),
        (None, "undated"),
        ("soon", "undated"),
    ],
)
def test_days_are_written_as_people_do(moment: str | None, written: str) -> None:
    assert day(moment) == written


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2025-03-04T10:30:00Z", "10:30 UTC"),
        ("2025-03-04T10:30+02:00", "10:30 +02:00"),
        ("2025-03-04 10:30", "10:30"),
        ("2025-03-04", ""),
    ],
)
def test_times_keep_their_zone(moment: str, written: str) -> None:
    assert clock(moment) == written


@pytest.mark.parametrize(
    ("first", "then", "written"),
    [
        ("2025-03-04T10:00:00Z", "2025-03-04T10:00:30Z", "at the same time"),
        ("2025-03-04T10:00:00Z", "2025-03-04T10:05:00Z", "5 minutes later"),
        ("2025-03-04T10:00:00Z", "2025-03-04T13:00:00+02:00", "1 hour later"),
        ("2025-03-04T10:00:00Z", "2025-03-09T10:00:00Z", "5 days later"),
        ("2025-03-04T10:00:00Z", "2025-03-05", "1 day later"),
        ("2025-03-04", "2025-03-04T10:00:00Z", "the same day"),
        ("2025-03-05", "2025-03-04", ""),
        (None, "2025-03-04", ""),
        ("soon", "later", ""),
    ],
)
def test_how_much_later(first: str | None, then: str, written: str) -> None:
    assert later(first, then) == written


def test_months_between_the_first_and_last_are_drawn() -> None:
    chart = month_chart([("2025-03", 4), ("2024-12", 1), ("nonsense", 9), ("2025-99", 9)], "statements")
    assert chart is not None
    assert [(bar.period, bar.count) for bar in chart.bars] == [
        ("2024-12", 1),
        ("2025-01", 0),
        ("2025-02", 0),
        ("2025-03", 4),
    ]
    assert chart.label == "Statements by month, December 2024 to March 2025; most in March 2025: 4"
    assert chart.svg.count("<path") == 2  # the two empty months are room between them
    assert '<path d="M31 ' in chart.svg


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.from_regex("(19|20)[0-9]{2}-(0[1-9]|1[0-2])", fullmatch=True), st.integers(1, 10**6))
    )
)
def test_a_chart_never_grows_wide(months: list[tuple[str, int]]) -> None:
    chart = month_chart(months, "quotes")
    assert (chart is None) == (not months)
    assert chart is None or (
        len(chart.bars) <= MAX_BARS and sum(b.count for b in chart.bars) <= sum(n for _, n in months)
    )


def test_small_multiples_share_one_time_and_one_height() -> None:
    rows = [("1", "Ledger", "2025-03", 4), ("1", "Ledger", "2025-05", 1), ("2", "Dispatch", "2025-01", 2)]
    drawn = small_multiples(rows, "quotes")
    ledger, dispatch = drawn.charts
    assert [bar.count for bar in ledger.chart.bars] == [0, 0, 4, 0, 1]
    assert [bar.count for bar in dispatch.chart.bars] == [2, 0, 0, 0, 0]
    assert ledger.chart.most == dispatch.chart.most == 4
    assert (ledger.chart.total, dispatch.chart.total) == (5, 2)
    assert (
        dispatch.chart.label == "Quotes, Dispatch by month, January 2025 to May 2025; most in January 2025: 2"
    )
    assert '"M1 60v-30h8v30z"' in dispatch.chart.plain_svg
    assert drawn.rows == [("January 2025", [0, 2]), ("March 2025", [4, 0]), ("May 2025", [1, 0])]
    assert small_multiples([("1", "Ledger", "undated", 4)], "quotes") is None


def test_the_table_of_a_long_time_gives_the_years() -> None:
    rows = [("1", "Ledger", f"{2021 + n // 12}-{n % 12 + 1:02d}", 2) for n in range(30) if n < 12 or n > 23]
    assert small_multiples(rows, "quotes").rows == [("2021", [24]), ("2023", [12])]


@pytest.mark.parametrize(
    ("times", "bars"),
    [
        ([("2025-01-01", "2025-07-02"), ("2025-07-02", "2025-12-31")], [(0, 0.5), (0.5, 1)]),
        ([("2025-01-01", "2025-12-31"), (None, None)], [(0, 1), None]),
        ([("2025", "2025-12-31"), ("2025-12-31", None)], [(0, 1), (1, 1)]),
        ([("soon", "later"), ("2025-01-01", "2025-12-31")], [None, (0, 1)]),
        ([("2025-01-01", "2025-01-20")], [None]),
        ([], []),
    ],
)
def test_affiliations_are_bars_on_one_time(
    times: list[tuple[str | None, str | None]], bars: list[tuple[float, float] | None]
) -> None:
    found = stretches(times)
    assert [bar and (round(bar.start, 2), round(bar.end, 2)) for bar in found] == bars
    assert all('width="12"' in bar.svg for bar in found if bar and bar.start == bar.end)  # still to be seen


@pytest.mark.parametrize(
    ("counts", "share", "index", "equals"),
    [
        ([5] * 20, 50, 0.05, 20),
        ([100], 100, 1.0, 1),
        ([60, 20, 20], 100, 0.44, 2),
        ([10, 9], None, None, None),  # too few to say anything
        ([], None, None, None),
    ],
)
def test_how_concentrated_sources_are(
    counts: list[int], share: int | None, index: float | None, equals: int | None
) -> None:
    more = {"total": sum(counts), "speakers": len(counts), "squares": sum(n * n for n in counts)}
    found = concentration([{"n": n, **more} for n in counts])
    if found is None:
        assert share is None
    else:
        assert (found.share, round(found.index, 2), found.equals) == (share, index, equals)


@settings(deadline=None)
@given(st.text(alphabet=f"ab<>&\"'{MARK_START}{MARK_END}"))
def test_a_snippet_holds_no_markup_but_marks(text: str) -> None:
    shown = str(marked_snippet(text)).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in shown
    assert MARK_START not in shown


@settings(deadline=None)
@given(st.text())
def test_json_in_html_is_json_and_closes_nothing(text: str) -> None:
    written = str(json_in_html({"text": text}))
    assert json.loads(written) == {"text": text}
    assert not set("<>&") & set(written)


@pytest.mark.parametrize(
    ("code", "tag"),
    [("de", "de"), ("pt-BR", "pt-BR"), ('de" x="', ""), ("", ""), (None, ""), ("english", "")],
)
def test_language_tags(code: str | None, tag: str) -> None:
    assert language_tag(code) == tag


def test_long_texts_are_cut_between_words() -> None:
    assert shorten("one two, three", 9) == "one two …"
    assert shorten("one", 9) == "one"
    assert year_range("2025-03-04", "2025-03-09") == "March 2025"
    assert year_range("2025-03-04", "2026-01-09") == "March 2025 – January 2026"


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * c for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sheet", ["site.css", "card.css"])
def test_colours_are_told_apart_by_weak_eyes(sheet: str, dark: bool) -> None:
    """WCAG 2.2 AA: text has 4.5 : 1 against what it stands on, borders of inputs and focus marks 3 : 1."""
    css = asset(sheet).decode("utf-8")
    light, _, rest = css.partition("@media (prefers-color-scheme")
    colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", light))
    if dark:
        colours |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", rest))
    grounds = {
        "paper": ("ink", "soft", "accent", "link", "cue", "source"),
        "sheet": ("ink", "soft", "accent", "link"),
    }
    grounds |= {"mark": ("mark-ink",), "add": ("add-ink",), "del": ("del-ink",), "warn": ("ink",)}
    pairs = [
        (text, ground)
        for ground, texts in grounds.items()
        for text in texts
        if {text, ground} <= set(colours)
    ]
    assert len(pairs) >= 3
    for text, ground in pairs:
        high, low = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


def post(
    role: str | None, organisation: str | None, first: str | None, last: str | None
) -> dict[str, object]:
    return {"role": role, "organisation": organisation, "first_seen": first, "last_seen": last or first}


@pytest.mark.parametrize(
    ("affiliations", "grouped"),
    [
        (
            [
                ("former transport minister", None, "2026-02-04"),
                ("Berater bei Ankerlund", None, "2026-02-03"),
                ("transport minister", None, "2025-03-04", "2025-09-09"),
                ("Verkehrsminister", None, "2025-06-25"),
                ("Norlands Verkehrsminister", None, "2025-03-06"),
                ("minister", None, "2025-03-05"),
                ("norländische Verkehrsminister", "Küstenbund", "2025-03-04"),
            ],
            [
                {"former transport minister"},
                {"Berater bei Ankerlund"},
                {
                    "transport minister", "Verkehrsminister", "Norlands Verkehrsminister", "minister",
                    "norländische Verkehrsminister",
                },
            ],
        ),
        ([("foreign minister", None, "2025-03-04"), ("transport minister", None, "2025-03-04")],
         [{"foreign minister"}, {"transport minister"}]),
        ([("minister", None, "2025-03-04"), ("minister", None, "2010-03-04")], [{"minister"}, {"minister"}]),
        ([("director", "Institute", "2025-03-04"), ("director", "Museum", "2025-03-04")],
         [{"director"}, {"director"}]),
        ([("deputy mayor", None, "2025-03-04"), ("mayor", None, "2025-03-04")],
         [{"deputy mayor"}, {"mayor"}]),
        ([(None, "Institute", None), ("director", "Institute", "2025-03-04")], [{"director"}, {None}]),
    ],
)  # fmt: skip
def test_wordings_of_one_post_are_put_together(
    affiliations: list[tuple[str | None, ...]], grouped: list[set[str | None]]
) -> None:
    rows = [post(*each, *[None] * (4 - len(each))) for each in affiliations]
    found = posts(rows)
    assert [{row["role"] for row in each.rows} for each in found] == grouped
    if len(rows) == 7:
        minister = found[-1]
        assert minister.lead["role"] == "transport minister"
        assert minister.organisation == rows[-1]
        assert (minister.first_seen, minister.last_seen) == ("2025-03-04", "2025-09-09")
        assert "minister" in minister.others


@pytest.mark.parametrize(
    ("code", "name"), [("de", "German"), ("en", "English"), ("xx", "xx"), ("<b>", "<b>")]
)
def test_languages_have_names(code: str, name: str) -> None:
    assert language_name(code) == name
    assert language_code(f" {name.upper()}") == code
