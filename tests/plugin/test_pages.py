"""Every route and format, on a working archive and on its public copy."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import lxml.html
import pytest
from datasette.app import Datasette

from quotetrack.queries import Search, search_window

from .archive import (
    BUILD,
    FIRST,
    GONE,
    MERGED,
    MERGED_TWICE,
    MINISTRY,
    OHLENDIECK,
    OLD_OHLENDIECK,
    REPRINTED,
    SECOND,
    TUNNEL,
    UNKNOWN,
    WITHDRAWN,
    Builder,
)
from .conftest import Get, site

PAGES = [
    ("/", "Who said what"),
    ("/-/search", "3 statements"),
    ("/-/search?q=harbour+tunnel", "2 statements"),
    ("/-/search?q=nothingatall", "No statement matches"),
    ("/-/search?q=-tunnel", "Nothing to search for"),
    ("/-/search?speaker=unknown", "Wir haben lange"),
    (f"/s/{TUNNEL}", "We will not build the harbour tunnel"),
    (f"/s/{UNKNOWN}", "unknown speaker"),
    (f"/s/{BUILD}", "We will build"),
    (f"/o/{FIRST}", "How we know"),
    ("/o/occgermanabc", "Die Frau am Kai"),
    (f"/person/{OHLENDIECK}", "transport minister"),
    (f"/organisation/{MINISTRY}", "Statements by Ministry of Transport itself"),
    ("/outlet/1", "first with"),
    (f"/embed/{TUNNEL}", "Tjark Ohlendieck"),
]


@pytest.mark.parametrize(("path", "shows"), PAGES)
async def test_every_page_answers_with_its_content(get: Get, path: str, shows: str) -> None:
    response = await get(path)
    assert response.status_code == 200
    assert shows in lxml.html.fromstring(response.text).text_content()
    assert len(response.content) < 60_000


@pytest.mark.parametrize(("path", "shows"), PAGES)
async def test_every_page_is_a_document_that_assistive_software_can_walk(
    ask: Get, path: str, shows: str
) -> None:
    page = lxml.html.fromstring((await ask(path)).text)
    assert page.get("lang") == "en"
    assert page.findtext(".//title")
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    assert not [c for c in page.xpath("//input|//select") if not page.xpath(f"//label[@for='{c.get('id')}']")]
    if path.startswith("/embed"):
        return
    assert len(page.xpath("//main")) == len(page.xpath("//h1")) == 1
    assert page.xpath("//body/*[1]/@href") == ["#main"]
    for image in page.xpath("//*[local-name()='svg']"):
        assert image.get("aria-label")


async def test_the_statement_page_shows_wordings_and_provenance(get: Get) -> None:
    page = lxml.html.fromstring((await get(f"/s/{TUNNEL}")).text)
    text = " ".join(page.text_content().split())
    assert "840" in page.xpath("string(//ol[@class='variants']//del[contains(., '840')])")
    assert "480" in page.xpath("string(//ol[@class='variants']//ins[contains(., '480')])")
    assert "A number differs between wordings" in text
    assert (
        "Outlets disagree about the speaker: Tjark Ohlendieck (The Norland Ledger, Osthafen Dispatch),"
        " Maraike Quellbrunn (Osthafen Dispatch)"
    ) in text
    assert page.xpath("//p[@class='warning']/a/@href") == ["#wording-2", f"/s/{BUILD}", "#near"]
    assert "23 hours later" in text
    assert "reprint of The Norland Ledger" in text
    assert "1 occurrence no longer shown" in text
    assert "9 rare words" in text
    assert "direct/colon" not in text  # on the occurrence's page, with the rest of how we know
    assert "attributed to Maraike Quellbrunn" in text
    assert "transport minister, Ministry of Transport (at that time)" in text
    originals = page.xpath("//ol[@class='timeline']//a[contains(@href, ':~:text=')]/@href")
    assert (
        originals[0]
        == "https://ledger1.example/news/ledger1#:~:text=We%20will%20not%20build%20the,the%20840%20million%20crowns%20are"
    )


async def test_reprints_are_folded_under_their_original(get: Get) -> None:
    page = lxml.html.fromstring((await get(f"/s/{TUNNEL}")).text)
    told = page.xpath("//ol[@class='timeline']/li")
    assert len(told) == 2  # the second says other words, so it stands for itself though it is a reprint
    (folded,) = told[0].xpath("./details")
    assert not told[1].xpath("./details")
    assert folded.findtext("summary") == "Reprinted by Osthafen Dispatch"
    assert folded.xpath(f".//a[@href='/o/{REPRINTED}']")
    assert not folded.xpath(".//p[@class='passage']")
    assert page.xpath("//em[@class='uncertain']/ancestor::details")


async def test_a_timeline_says_where_the_speaker_is_not_named(tmp_path: Path) -> None:
    b = Builder(tmp_path / "small.db")
    with closing(b):
        person = b.person("someoneabcde", "Tjark Ohlendieck")
        statement = b.statement("statementabc", "We wait", person, occurrence_count=2)
        for number, speaker in enumerate((person, None)):
            article = b.article(f"article{number}", b.outlet(f"Outlet {number}"), "2025-03-04")
            b.occurrence(f"occurrence{number}", article, statement, "We wait", person=speaker)
    text = (await site(tmp_path / "small.db").client.get("/s/statementabc")).text
    assert "speaker not named here" in text
    assert "attributed to" not in text


async def test_the_front_page_opens_with_verbatim_statements(tmp_path: Path) -> None:
    b = Builder(tmp_path / "front.db")
    with closing(b):
        outlet = b.outlet("The Norland Ledger")
        article = b.article("articleabcde", outlet, "2025-03-04")
        for number, (text, columns) in enumerate(
            [
                ("We will wait until the day ends", {}),
                ("We will wait until the week ends", {"type": "mixed"}),
                ("We will wait until the year ends", {}),  # the third of one article
                ("too short to say", {}),
                ("that the boats had not been seen", {"type": "indirect"}),
                ("Nobody is sure who said these words", {"confidence": 0.5}),
            ]
        ):
            statement = b.statement(f"statement{number}", text, first_published=f"2025-03-0{number + 1}")
            b.occurrence(f"occurrence{number}", article, statement, text, **columns)
        other = b.article("otherarticle", outlet, "2025-03-02")
        statement = b.statement("statement9", "Another article says it all", first_published="2025-03-02")
        b.occurrence("occurrence9", other, statement, "Another article says it all")
    page = lxml.html.fromstring((await site(tmp_path / "front.db").client.get("/")).text)
    assert page.findtext(".//h2[@id='newest']") == "Newest statements, quoted verbatim"
    shown = page.xpath("//article[@class='statement']//a[starts-with(@href, '/s/')]/@href")
    assert shown == ["/s/statement9", "/s/statement1", "/s/statement0"]
    assert page.xpath("//p[@class='more']/a/@href") == ["/-/search"]


async def test_a_front_page_of_few_verbatim_statements_shows_whatever_is_newest(tmp_path: Path) -> None:
    b = Builder(tmp_path / "reported.db")
    with closing(b):
        article = b.article("articleabcde", b.outlet("The Norland Ledger"), "2025-03-04")
        for number in range(4):
            text = f"that it would take {number} years to build"
            statement = b.statement(f"statement{number}", text, first_published="2025-03-04")
            b.occurrence(f"occurrence{number}", article, statement, text, type="indirect")
    page = lxml.html.fromstring((await site(tmp_path / "reported.db").client.get("/")).text)
    assert page.findtext(".//h2[@id='newest']") == "Newest statements"
    assert len(page.xpath("//article[@class='statement']")) == 4


async def test_pages_of_people_and_outlets_show_time(tmp_path: Path) -> None:
    b = Builder(tmp_path / "time.db")
    with closing(b):
        ledger, dispatch = b.outlet("The Norland Ledger"), b.outlet("Osthafen Dispatch")
        ministry = b.organisation(MINISTRY, "Ministry of Transport")
        minister, mayor = (
            b.person(OHLENDIECK, "Tjark Ohlendieck"),
            b.person("quellbrunnab", "Maraike Quellbrunn"),
        )
        role = b.affiliation(minister, ministry, "minister", "2025-01-01", last_seen="2025-06-30")
        b.affiliation(minister, None, "leader of the Upward List", "2025-07-01", last_seen="2026-01-31")
        for number in range(24):
            day = f"2025-{number % 6 + 1:02d}-04"
            outlet = ledger if number % 3 else dispatch
            article = b.article(f"article{number}", outlet, day)
            text = f"It will take {number} years"
            statement = b.statement(
                f"statement{number}", text, minister, first_published=day, first_outlet=outlet, outlet_count=2
            )
            b.occurrence(f"mine{number}", article, statement, text, person=minister, affiliation=role)
            if number % 2:
                b.occurrence(f"hers{number}", article, None, "No", person=mayor)
    client = site(tmp_path / "time.db").client
    page = lxml.html.fromstring((await client.get(f"/person/{OHLENDIECK}")).text)
    assert page.xpath("//svg[@class='stretch']/@aria-label") == [
        "July 2025 – January 2026", "January 2025 – June 2025",
    ]  # fmt: skip
    outlets = page.xpath("//ul[@class='multiples']/li")
    assert [(each.findtext("a"), each.findtext("span")) for each in outlets] == [
        ("The Norland Ledger", "16"), ("Osthafen Dispatch", "8"),
    ]  # fmt: skip
    rows = page.xpath("//div[@class='scroll']//tbody/tr")
    assert [cell.text_content() for cell in rows[0]] == ["January 2025", "0", "4"]
    organisation = lxml.html.fromstring((await client.get(f"/organisation/{MINISTRY}")).text)
    assert organisation.xpath("//section[@aria-labelledby='beside']//a/text()") == ["Maraike Quellbrunn"]
    assert len(organisation.xpath("//ul[@class='multiples']/li")) == 2
    assert organisation.xpath("//section[@aria-labelledby='repeated']//article")
    outlet = lxml.html.fromstring((await client.get(f"/outlet/{ledger}")).text)
    spread = " ".join(outlet.xpath("//section[@aria-labelledby='spread']")[0].text_content().split())
    assert "They are spread as if 2 sources of 2 were quoted, each equally often." in spread
    assert "Herfindahl-Hirschman index (0.556)" in spread
    assert [each.findtext("a") for each in outlet.xpath("//ul[@class='multiples']/li")] == [
        "Tjark Ohlendieck", "Maraike Quellbrunn",
    ]  # fmt: skip


async def test_pages_stay_light_however_much_there_is_to_show(tmp_path: Path) -> None:
    """60 kB: a second on a line of 0.5 Mbit/s."""
    b = Builder(tmp_path / "heavy.db")
    words = [
        "we",
        "will",
        "not",
        "build",
        "the",
        "harbour",
        "tunnel",
        "as",
        "long",
        "as",
        "nobody",
        "can",
        "say",
        "what",
        "it",
        "costs",
    ]
    with closing(b):
        outlets = [b.outlet(f"The Norland Ledger, edition {n}") for n in range(30)]
        ministry = b.organisation(MINISTRY, "Ministry of Transport")
        minister = b.person(OHLENDIECK, "Tjark Ohlendieck")
        roles = [
            b.affiliation(minister, ministry, f"speaker of committee {n}", f"{2010 + n % 12}-01-01")
            for n in range(100)
        ]
        statement = b.statement(
            TUNNEL, " ".join(words) * 3, minister, first_published="2010-01-01", first_outlet=outlets[0],
            occurrence_count=240, outlet_count=30,
        )  # fmt: skip
        found = []
        for n in range(240):
            article = b.article(f"article{n}", outlets[n % 30], f"{2010 + n // 20}-{n % 12 + 1:02d}-04")
            text = " ".join([*words[: 10 + n % 6], str(n)]) * 3
            more: dict[str, object] = {"passage_before": "before " * 30, "passage_after": " after" * 30}
            found.append(
                b.occurrence(
                    f"o{n}", article, statement, text, person=minister, affiliation=roles[n % 100], **more
                )
            )
            b.statement(
                f"s{n}",
                text,
                minister,
                first_published=f"{2010 + n // 20}-{n % 12 + 1:02d}-04",
                outlet_count=2,
            )
            other = b.person(f"other{n}", f"Maraike Quellbrunn the {n}th")
            b.occurrence(f"p{n}", article, None, "No", person=other)
        why = "100% of the shorter (31 of 16 nats); same speaker; 3 days apart; negation: not / never"
        for n in range(239):
            edge = {"a": found[n], "b": found[n + 1], "similarity": 0.9, "judgement": "same", "why": why}
            b.db["edges"].insert(edge | {"by": "quotetrack"})
    client = site(tmp_path / "heavy.db").client
    for path in (
        f"/s/{TUNNEL}", f"/person/{OHLENDIECK}", f"/organisation/{MINISTRY}", "/outlet/1", "/", "/-/search",
        f"/embed/{TUNNEL}",
    ):  # fmt: skip
        response = await client.get(path)
        assert response.status_code == 200
        assert len(response.content) < 60_000, path
    page = lxml.html.fromstring((await client.get(f"/s/{TUNNEL}")).text)
    assert "of 240 occurrences" in page.text_content()


async def test_statements_kept_apart_are_shown_with_the_reason(ask: Get) -> None:
    text = (await ask(f"/s/{TUNNEL}")).text
    assert "Close, but kept apart" in text
    assert f"/s/{BUILD}" in text
    page = lxml.html.fromstring(text)
    assert page.xpath("//section[@aria-labelledby='near']//del/text()") == [" not"]
    assert "Almost the same words say something else (negation)" in " ".join(page.text_content().split())


async def test_a_correction_is_shown_on_page_and_card(ask: Get) -> None:
    assert "wrong speaker" in (await ask(f"/s/{BUILD}")).text
    assert "Corrected since" in (await ask(f"/embed/{BUILD}")).text


async def test_the_parts_of_an_interrupted_quote_are_marked(get: Get) -> None:
    page = lxml.html.fromstring((await get("/o/occgermanabc")).text)
    passage = page.xpath("//p[@class='passage']")[0]
    assert passage.get("lang") == "de"
    assert passage.xpath(".//mark/text()") == ["Wir haben lange", "genug gewartet"]
    assert passage.xpath(".//span[@class='cue']/text()") == ["sagte"]
    assert passage.xpath(".//span[@class='source']/text()") == ["sie"]
    assert passage.text_content() == "Die Frau am Kai: „Wir haben lange“, sagte sie, „genug gewartet“."


FOUND: list[tuple[str, set[str]]] = [
    ("q=tunnel", {TUNNEL, BUILD}),
    ("q=tunnel+-not", {BUILD}),
    ("q=480", {TUNNEL}),  # only another wording has it
    ("q=%22harbour+tunnel%22", {TUNNEL, BUILD}),
    ("q=harb*", {TUNNEL, BUILD}),
    ("q=gewartet+OR+harbour", {TUNNEL, BUILD, UNKNOWN}),
    ("q=Ohlendieck", {TUNNEL, BUILD}),
    (f"speaker={OHLENDIECK}", {TUNNEL, BUILD}),
    ("speaker=ohlendieck", {TUNNEL, BUILD}),
    ("speaker=unknown", {UNKNOWN}),
    ("organisation=mot", {TUNNEL}),
    ("organisation=Transport", {TUNNEL}),
    ("role=minister", {TUNNEL}),
    ("outlet=Osthafen+Dispatch", {TUNNEL, BUILD, UNKNOWN}),
    ("outlet=the+norland+ledger", {TUNNEL}),
    ("language=de", {UNKNOWN}),
    ("language=German", {UNKNOWN}),
    ("type=mixed", {UNKNOWN}),
    ("type=nonsense", {TUNNEL, BUILD, UNKNOWN}),
    ("since=2025-03-05", {BUILD, UNKNOWN}),
    ("until=2025-03-05", {TUNNEL, BUILD}),
    ("until=2025-03", {TUNNEL, BUILD, UNKNOWN}),
    ("since=2025-03-04&until=2025-03-04", {TUNNEL}),
    ("since=2025-3-5", {BUILD, UNKNOWN}),
    ("since=yesterday", {TUNNEL, BUILD, UNKNOWN}),
    ("confidence=0.95", set()),
    ("confidence=nan", {TUNNEL, BUILD, UNKNOWN}),
    ("q=tunnel&sort=relevance", {TUNNEL, BUILD}),
    ("q=never", set()),  # withdrawn
    (f"q=harbour&speaker={OHLENDIECK}&outlet=the+norland+ledger", {TUNNEL}),
    ("q=harbour&organisation=mot&outlet=Osthafen+Dispatch", {TUNNEL}),
    ("q=harbour&role=minister&speaker=unknown", set()),
    ("q=harbour&outlet=Osthafen+Dispatch&since=2025-03-05&type=direct", {BUILD}),
    ("q=tunnel&outlet=Osthafen+Dispatch&sort=relevance", {TUNNEL, BUILD}),
]


@pytest.mark.parametrize(("query", "uids"), FOUND)
async def test_search_finds(get: Get, query: str, uids: set[str]) -> None:
    answer = (await get(f"/-/search.json?{query}")).json()
    assert {statement["uid"] for statement in answer["statements"]} == uids
    assert answer["count"] == len(uids)
    assert not answer["more_than_count"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("since", "yesterday"), ("until", "2025-02-30"), ("type", "nonsense"), ("confidence", "nan")],
)
async def test_a_mistake_is_shown_beside_its_filter(get: Get, field: str, typed: str) -> None:
    page = lxml.html.fromstring((await get(f"/-/search?q=tunnel&{field}={typed}")).text)
    (control,) = page.xpath(f"//*[@id='{field}']")
    assert control.get("aria-invalid") == "true"
    assert typed in page.xpath(f"string(//*[@id='{control.get('aria-describedby')}'])")
    assert page.xpath("//details[@class='filters']/@open")
    assert "Searched without" in page.xpath("string(//p[@class='warning'])")
    assert len(page.xpath("//article[@class='statement']")) == 2
    answer = (await get(f"/-/search.json?q=tunnel&{field}={typed}")).json()
    assert list(answer["not_asked"]) == [field]


@pytest.mark.parametrize(
    ("typed", "word", "uids"),
    [
        ("bour", "harbour", [BUILD, TUNNEL]),
        ("warte", "gewartet", [UNKNOWN]),
        ("Tunnel bour", "harbour", [BUILD, TUNNEL]),
    ],
)
async def test_words_that_contain_the_typed_one_are_offered(
    get: Get, typed: str, word: str, uids: list[str]
) -> None:
    page = lxml.html.fromstring((await get(f"/-/search?q={typed}")).text)
    assert "No statement matches" in page.text_content()
    (section,) = page.xpath("//section[@class='wider']")
    assert word in section.xpath(".//p[@class='mean']/a/text()")
    assert section.xpath(".//article//blockquote//a/@href") == [f"/s/{uid}" for uid in uids]
    assert word in [mark.casefold() for mark in section.xpath(".//mark/text()")]
    (everything,) = section.xpath(".//p[@class='more']/a/@href")
    answer = (await get(everything.replace("/-/search", "/-/search.json"))).json()
    assert [statement["uid"] for statement in answer["statements"]] == uids


@pytest.mark.parametrize("typed", ["tun", "bour*", '"bour"', "-bour", "zzzzzz", "harbour"])
async def test_nothing_is_widened_without_need(get: Get, typed: str) -> None:
    assert 'class="wider"' not in (await get("/-/search", params={"q": typed})).text


@pytest.mark.parametrize(("few", "widened"), [(2, False), (3, True)])
async def test_common_words_that_a_filter_leaves_few_of_are_not_widened(
    get: Get, monkeypatch: pytest.MonkeyPatch, few: int, widened: bool
) -> None:
    async def containing(*_: object) -> list[tuple[str, int]]:
        return [("gewartet", 1)]

    monkeypatch.setattr("quotetrack.plugin.words.Vocabulary.containing", containing)
    monkeypatch.setattr("quotetrack.plugin.search.FEW", few)  # two statements hold the word, one of that day
    assert ('class="wider"' in (await get("/-/search?q=harbour&since=2025-03-05")).text) == widened


async def test_search_is_newest_first_and_goes_on_by_pages(get: Get) -> None:
    first = (await get("/-/search.json?size=2")).json()
    assert [statement["uid"] for statement in first["statements"]] == [UNKNOWN, BUILD]
    rest = (await get(first["next"].removeprefix("http://localhost"))).json()
    assert [statement["uid"] for statement in rest["statements"]] == [TUNNEL]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("asked", "sizes"), [("size=100000", 3), ("size=many", 3), ("size=2", 2), ("size=2&page=9999999", 1)]
)
async def test_a_size_or_page_beyond_all_is_the_largest_there_is(get: Get, asked: str, sizes: int) -> None:
    assert len((await get(f"/-/search.json?{asked}")).json()["statements"]) == sizes


async def test_search_marks_matches_and_counts_facets(get: Get) -> None:
    page = lxml.html.fromstring((await get("/-/search?q=harbour")).text)
    assert page.xpath("//article[@class='statement']//mark/text()") == ["harbour", "harbour"]
    rows = {" ".join(li.text_content().split()) for li in page.xpath("//aside//ul[@class='ranked']/li")}
    assert {
        "Tjark Ohlendieck 2",
        "Ministry of Transport 1",
        "Osthafen Dispatch 2",
        "direct 2",
        "English 2",
    } <= rows
    named = lxml.html.fromstring((await get("/-/search?q=ohlendieck")).text)
    assert set(named.xpath("//a[@class='who']/mark/text()")) == {"Ohlendieck"}
    variant = (await get("/-/search?q=480")).text
    assert "in another wording" in variant
    assert "<mark>480</mark>" in variant


async def test_a_search_that_finds_more_than_the_window_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archives: dict[str, Path]
) -> None:
    monkeypatch.setattr("quotetrack.queries.search.WINDOW", 2)
    monkeypatch.setattr("quotetrack.queries.published.WINDOW", 2)
    monkeypatch.setattr("quotetrack.plugin.search.WINDOW", 2)
    monkeypatch.setattr("quotetrack.plugin.finding.WINDOW", 2)
    client = site(archives["working"]).client
    assert "what follows is of the newest 2 matches" in (await client.get("/-/search")).text
    words = "harbour+OR+gewartet"
    assert "is of the last added 2 matches" in (await client.get(f"/-/search?q={words}")).text
    public = site(archives["public"]).client  # whose ids follow the dates
    assert "Counts are of the newest 2 matches" in (await public.get(f"/-/search?q={words}")).text
    answer = (await client.get("/-/search.json")).json()
    assert (answer["count"], answer["more_than_count"]) == (2, True)


async def test_facets_of_many_matches_say_how_many_they_count(
    monkeypatch: pytest.MonkeyPatch, archives: dict[str, Path]
) -> None:
    monkeypatch.setattr("quotetrack.plugin.search.FACETED", 1)
    client = site(archives["working"]).client
    page = lxml.html.fromstring((await client.get("/-/search?q=harbour")).text)
    assert "Counts are of the newest 1 matches" in page.text_content().replace("last added", "newest")
    assert page.xpath("//aside//ul[@class='ranked']/li//span[@class='n']/text()") == ["1"] * 4
    assert "best 1 matches" in (await client.get("/-/search?q=harbour&sort=relevance")).text


@pytest.mark.parametrize(
    ("few", "listed"),
    [(500, 20_000), (-1, 20_000), (500, 0), (-1, 0)],
    ids=["as set", "list", "each", "both"],
)
@pytest.mark.parametrize(("query", "uids"), [found for found in FOUND if "German" not in found[0]])
def test_both_ways_of_searching_find_the_same(
    archives: dict[str, Path],
    query: str,
    uids: set[str],
    few: int,
    listed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quotetrack.queries.search.FEW_MATCHES", few)
    monkeypatch.setattr("quotetrack.queries.search.MAX_LISTED", listed)
    asked = {name: value for name, value in parse_qsl(query) if value not in ("nonsense", "yesterday", "nan")}
    confidence = float(asked.pop("confidence", 0))
    for words in {asked.get("q", ""), asked.get("q") or "harbour OR gewartet"}:
        search = Search(**{**asked, "q": words}, confidence=confidence)  # type: ignore[arg-type]
        with closing(sqlite3.connect(archives["public"])) as conn:
            ids = [row[0] for row in conn.execute(*search_window(search))]
            marks = ", ".join("?" * len(ids))
            found = conn.execute(f"select uid from statements where id in ({marks})", ids).fetchall()
        assert {uid for (uid,) in found} == uids
        assert len(ids) == len(uids)


@pytest.mark.parametrize(("query", "uids"), FOUND)
async def test_names_of_many_are_asked_of_each_match(
    sites: dict[str, Datasette], query: str, uids: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotetrack.queries.published.MAX_NAMED", 0)
    answer = (await sites["public"].client.get(f"/-/search.json?{query}")).json()
    assert {statement["uid"] for statement in answer["statements"]} == uids


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("speaker=Ohlendiek", "Tjark Ohlendieck"),
        ("q=Quelbrunn", "Maraike Quellbrunn"),
        ("organisation=Transprot", "Ministry of Transport"),
    ],
)
async def test_a_misspelt_name_is_suggested(get: Get, query: str, name: str) -> None:
    page = lxml.html.fromstring((await get(f"/-/search?{query}")).text)
    suggested = page.xpath("//p[@class='mean'][contains(., 'Did you mean')]/a")
    assert name in [link.text for link in suggested]


@pytest.mark.parametrize(
    "query",
    [
        "speaker=Groessl",
        "speaker=grossl",
        "speaker=Oeztuerk",
        "speaker=ozturk",
        "speaker=Ozturc",
        "q=oeztuerk",
    ],
)
async def test_a_name_typed_without_umlauts_or_by_half_is_suggested(tmp_path: Path, query: str) -> None:
    builder = Builder(tmp_path / "names.db")
    mayor = builder.person("mayorabc2345", "Käthe Größl-Öztürk")
    said = builder.statement("saidabc23456", "Das Bad bleibt offen.", mayor)
    article = builder.article("art1", builder.outlet("Süddorfer Bote"), "2025-06-10T05:00:00Z")
    builder.occurrence("occabc234567", article, said, "Das Bad bleibt offen.", person=mayor)
    builder.close()
    page = lxml.html.fromstring((await site(tmp_path / "names.db").client.get(f"/-/search?{query}")).text)
    suggested = page.xpath("//p[@class='mean'][contains(., 'Did you mean')]/a")
    assert [link.text for link in suggested] == ["Käthe Größl-Öztürk"]


async def test_a_statement_of_one_wording_is_not_shown_twice(get: Get) -> None:
    page = lxml.html.fromstring((await get(f"/s/{BUILD}")).text)
    assert not page.xpath("//*[@id='wordings']")
    assert page.xpath("//*[@id='where']")


async def test_search_as_csv(get: Get) -> None:
    response = await get("/-/search.csv?q=tunnel")
    lines = response.text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("uid,text,type,language,speaker")
    assert len(lines) == 3
    assert "attachment" in response.headers["content-disposition"]


@pytest.mark.parametrize("path", ["/-/feed.atom?q=tunnel", "/-/search.atom?q=tunnel"])
async def test_a_saved_search_is_a_feed(get: Get, path: str) -> None:
    response = await get(path)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.text)
    name = "{http://www.w3.org/2005/Atom}"
    assert feed.findtext(f"{name}updated") == "2025-03-05T09:45:00Z"
    assert [entry.findtext(f"{name}id") for entry in feed.iter(f"{name}entry")] == [
        f"http://localhost/s/{BUILD}",
        f"http://localhost/s/{TUNNEL}",
    ]


async def test_a_statement_as_data(get: Get) -> None:
    data = (await get(f"/s/{TUNNEL}.json")).json()
    assert data["speaker"] == "Tjark Ohlendieck"
    assert data["organisation"] == "Ministry of Transport"
    assert [each["uid"] for each in data["occurrences"]] == [FIRST, SECOND, REPRINTED]
    assert data["occurrences"][0]["content_spans"] == [[100, 199]]
    assert data["url"] == f"http://localhost/s/{TUNNEL}"


async def test_citations(get: Get) -> None:
    (item,) = (await get(f"/s/{TUNNEL}.csl.json")).json()
    assert item["container-title"] == "The Norland Ledger"
    assert item["issued"] == {"date-parts": [[2025, 3, 4]]}
    bibtex = (await get(f"/s/{TUNNEL}.bib")).text
    assert bibtex.startswith(f"@online{{quotetrack-{TUNNEL},")
    assert "  author = {I. Tarrowby}," in bibtex
    wiki = (await get(f"/s/{TUNNEL}.wiki")).text
    assert wiki.startswith("<ref>{{cite news |url=https://ledger1.example/news/ledger1 |author=I. Tarrowby")
    plain = (await get(f"/s/{TUNNEL}.txt")).text
    assert plain.startswith("Tjark Ohlendieck, transport minister, Ministry of Transport: “We will not")
    assert f"Archived: http://localhost/s/{TUNNEL}" in plain
    assert "“Minister halts tunnel”, The Norland Ledger, 4 March 2025." in plain


async def test_citations_are_worded_for_german_readers_too(get: Get) -> None:
    plain = (await get(f"/s/{TUNNEL}.txt?lang=de")).text
    assert plain.startswith("Tjark Ohlendieck, transport minister, Ministry of Transport: “We will not build")
    assert "„Minister halts tunnel“, The Norland Ledger, 4. März 2025." in plain
    assert f"Archiviert: http://localhost/s/{TUNNEL} (abgerufen " in plain
    wiki = (await get(f"/s/{TUNNEL}.wiki?lang=de")).text
    assert wiki.startswith(
        "<ref>{{Internetquelle |url=https://ledger1.example/news/ledger1 |autor=I. Tarrowby"
    )
    assert "|zitat=We will not build" in wiki
    assert (await get(f"/s/{TUNNEL}.txt?lang=xx")).text == (await get(f"/s/{TUNNEL}.txt")).text
    unnamed = (await get(f"/s/{UNKNOWN}.txt?lang=de")).text
    assert unnamed.startswith("unbekannt: ")
    page = lxml.html.fromstring((await get(f"/s/{TUNNEL}")).text)
    labels = page.xpath("//*[@class='copy' or @class='copy code']/@aria-label")
    assert labels == [
        "Citation", "Permalink", "English citation", "Wikipedia template, English", "German citation",
        "Wikipedia template, German", "BibTeX", "Embed code",
    ]  # fmt: skip


async def test_a_known_copy_is_linked_and_others_are_looked_for(get: Get) -> None:
    page = lxml.html.fromstring((await get(f"/s/{TUNNEL}")).text)
    assert page.xpath("//a[.='Archived copy']/@href") == ["https://archive.example/ledger1"]
    assert page.xpath("//ol[@class='timeline']//a[starts-with(., 'Look for a copy')]/@href") == [
        "https://web.archive.org/web/20250305/https://dispatch3.example/news/dispatch3",
        "https://web.archive.org/web/20250305/https://dispatch1.example/news/dispatch1",
    ]


async def test_what_an_outlet_changed_afterwards_is_shown(get: Get) -> None:
    page = lxml.html.fromstring((await get(f"/s/{TUNNEL}")).text)
    (revised,) = page.xpath("//section[@aria-labelledby='revised']//li")
    text = " ".join(revised.text_content().split())
    assert "Osthafen Dispatch changed it in Tunnel row, seen 6 March 2025" in text
    assert "how certain or binding it is differs" in text
    assert revised.xpath(".//del/text()") == [" may"]
    assert revised.xpath(".//ins/text()") == [" will"]


async def test_statements_that_hang_together_are_linked(tmp_path: Path) -> None:
    b = Builder(tmp_path / "linked.db")
    with closing(b):
        outlet = b.outlet("The Norland Ledger")
        told = []
        for number, (text, language) in enumerate(
            [("The tunnel will never be built", "en"), ("The tunnel will never be built", "en"),
             ("Der Tunnel wird nie gebaut", "de")]
        ):  # fmt: skip
            day = f"2025-03-0{number + 1}"
            article = b.article(f"article{number}", outlet, day)
            statement = b.statement(f"statement{number}", text, first_published=day, language=language)
            told.append(b.occurrence(f"occurrence{number}", article, statement, text))
        for a, c, kind in ((0, 1, "said before"), (1, 2, "translation")):
            edge = {"a": told[a], "b": told[c], "similarity": 0.9, "judgement": "different", "why": "words"}
            edge |= {"kind": kind}
            b.db["edges"].insert(edge | {"by": "quotetrack"})
    client = site(tmp_path / "linked.db").client
    for uid, linked in (
        ("statement0", {"said-again": "statement1"}),
        ("statement1", {"said-before": "statement0", "translation": "statement2"}),
        ("statement2", {"translation": "statement1"}),
    ):
        page = lxml.html.fromstring((await client.get(f"/s/{uid}")).text)
        sections = {s.get("aria-labelledby"): s.xpath(".//a/@href") for s in page.xpath("//main//section")}
        for kind in ("said-before", "said-again", "translation", "near"):
            assert sections.get(kind) == ([f"/s/{linked[kind]}"] if kind in linked else None)


async def test_the_statement_page_describes_itself_to_machines(get: Get) -> None:
    page = lxml.html.fromstring((await get(f"/s/{TUNNEL}")).text)
    (script,) = page.xpath("//script")
    quotation = json.loads(script.text)
    assert script.get("type") == "application/ld+json"
    assert quotation["@type"] == "Quotation"
    assert quotation["creator"]["name"] == "Tjark Ohlendieck"
    assert quotation["isBasedOn"][0]["url"] == "https://ledger1.example/news/ledger1"
    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://localhost/s/{TUNNEL}"]
    assert page.xpath("//meta[@property='og:url']/@content") == [f"http://localhost/s/{TUNNEL}"]
    for kind in ("application/json+oembed", "text/xml+oembed"):
        (href,) = page.xpath(f"//link[@type='{kind}']/@href")
        assert (await get(href.removeprefix("http://localhost"))).status_code == 200


async def test_an_occurrence_is_a_web_annotation(get: Get) -> None:
    note = (await get(f"/o/{FIRST}.json")).json()
    assert note["type"] == "Annotation"
    quote, position = note["target"]["selector"]
    assert quote["exact"].startswith("We will not build")
    assert quote["prefix"] == "The minister said: “"
    assert position == {"type": "TextPositionSelector", "start": 100, "end": 199}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"/s/{MERGED}", f"/s/{TUNNEL}"),
        (f"/s/{MERGED_TWICE}", f"/s/{TUNNEL}"),
        (f"/s/{MERGED}.csl.json", f"/s/{TUNNEL}.csl.json"),
        (f"/s/{MERGED}?a=b", f"/s/{TUNNEL}?a=b"),
        (f"/s/{MERGED}.png", f"/s/{TUNNEL}.png"),
        (f"/embed/{MERGED}?theme=dark", f"/embed/{TUNNEL}?theme=dark"),
        (f"/person/{OLD_OHLENDIECK}", f"/person/{OHLENDIECK}"),
        (
            f"/-/oembed?url=http://localhost/s/{MERGED}&format=xml",
            f"/-/oembed?url=http%3A%2F%2Flocalhost%2Fs%2F{TUNNEL}&format=xml",
        ),
        (
            f"/-/oembed?url=http://localhost/s/{MERGED}%3Ftheme=dark&maxwidth=300",
            f"/-/oembed?url=http%3A%2F%2Flocalhost%2Fs%2F{TUNNEL}%3Ftheme%3Ddark&format=json&maxwidth=300",
        ),
    ],
)
async def test_a_merged_uid_leads_on_for_good(get: Get, old: str, new: str) -> None:
    response = await get(old)
    assert (response.status_code, response.headers["location"]) == (301, new)
    assert response.headers["cache-control"] == "public, max-age=3600"  # a merge can be undone


@pytest.mark.parametrize(
    "path",
    [
        f"/s/{WITHDRAWN}",
        f"/s/{WITHDRAWN}.json",
        f"/s/{WITHDRAWN}.bib",
        f"/embed/{WITHDRAWN}",
        f"/-/oembed?url=http://localhost/s/{WITHDRAWN}",
    ],
)
async def test_a_withdrawn_statement_is_gone_with_the_reason(get: Get, path: str) -> None:
    response = await get(path)
    assert response.status_code == 410
    assert "recording" in response.text
    assert "I never said that" not in response.text


async def test_an_occurrence_that_left_its_article_is_gone(get: Get) -> None:
    response = await get(f"/o/{GONE}")
    assert response.status_code == 410
    assert "no longer in the article" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/s/none",
        "/s/none.json",
        "/o/none",
        "/person/none",
        "/organisation/none",
        "/outlet/99",
        "/embed/none",
        "/s/loopaaaaaaaa",
    ],
)
async def test_what_never_was_is_not_found(get: Get, path: str) -> None:
    assert (await get(path)).status_code == 404


async def test_plain_datasette_stays_underneath(ask: Get) -> None:
    tables = await ask("/working")
    assert tables.status_code == 200
    assert "Integer ids only join tables" in tables.text  # metadata.yml's, under any name
    assert "First to quote" in tables.text
    rows = (await ask("/working/statements.json?_shape=objects")).json()["rows"]
    assert len(rows) == 4
    assert f'href="/s/{TUNNEL}"' in (await ask("/working/statements")).text
    assert (await ask("/.json")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "most_quoted",
        "first_to_quote",
        "changed_statements",
        "sources_of_one_outlet",
        "changed_affiliations",
        "unattributed",
    ],
)
async def test_canned_queries_run(archives: dict[str, Path], query: str) -> None:
    for name, path in archives.items():
        answer = (await site(path).client.get(f"/{name}/{query}.json?month=2025-03&_shape=objects")).json()
        assert answer["ok"], answer
        if query == "most_quoted":
            assert answer["rows"][0]["name"] == "Tjark Ohlendieck"


async def test_without_an_archive_every_page_says_so(tmp_path: Path) -> None:
    for datasette in (Datasette([]), Datasette(memory=True)):
        for path in ("/", "/-/search", "/s/abc", "/embed/abc"):
            response = await datasette.client.get(path)
            assert response.status_code == 404
            assert "No archive here" in response.text


async def test_the_archive_is_found_among_other_databases(tmp_path: Path, archives: dict[str, Path]) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as conn:
        conn.execute("create table statements (id integer)")
    datasette = Datasette([str(other), str(archives["working"])])
    assert (await datasette.client.get(f"/s/{TUNNEL}")).status_code == 200


async def test_links_respect_the_base_url(archives: dict[str, Path]) -> None:
    client = site(archives["working"], base_url="/quotes/").client
    page = lxml.html.fromstring((await client.get(f"/s/{TUNNEL}")).text)
    own = [href for href in page.xpath("//@href|//@action|//@src") if href.startswith("/")]
    assert own
    assert all(href.startswith("/quotes/") for href in own)
    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://localhost/quotes/s/{TUNNEL}"]
    for path, status in ((f"/quotes/s/{TUNNEL}", 200), (f"/s/{TUNNEL}", 404)):
        assert (await client.get(f"/-/oembed?url=http://localhost{path}")).status_code == status
    assert "frame-ancestors *" in (await client.get(f"/embed/{TUNNEL}")).headers["content-security-policy"]


async def test_the_database_may_be_private(archives: dict[str, Path]) -> None:
    metadata = {"databases": {"working": {"allow": {"id": "editor"}}}}
    datasette = Datasette([str(archives["working"])], metadata=metadata)
    for path in (
        "/",
        "/-/search.json",
        f"/s/{TUNNEL}",
        f"/embed/{TUNNEL}",
        f"/-/oembed?url=http://localhost/s/{TUNNEL}",
    ):
        assert (await datasette.client.get(path)).status_code == 403
