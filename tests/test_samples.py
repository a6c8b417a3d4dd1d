"""The demo corpus keeps what its README announces: fictional, well-formed, every feature present."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
NOTICE = "Fictional sample article of the quotetrack demo."
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
JSONL = sorted(SAMPLES.glob("*.jsonl"))
PAGES = sorted((SAMPLES / "html").glob("*.html"))
TEXTS = sorted((SAMPLES / "text").glob("*.txt"))
FEEDS = sorted((SAMPLES / "feed").glob("*.rss"))


def articles() -> list[dict[str, Any]]:
    return [json.loads(line) for path in JSONL for line in path.read_text("utf-8").splitlines()]


def feed_items() -> list[ElementTree.Element]:
    return [item for path in FEEDS for item in ElementTree.parse(path).getroot().iter("item")]


def json_ld(page: Path) -> str:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.read_text("utf-8"), re.S)
    assert found, f"{page.name} has no JSON-LD"
    return found[1]


def everything() -> dict[str, str]:
    """Every sample by name, with its text (pages and feed items with their markup)."""
    texts = {article["doc_id"]: article["text"] for article in articles()}
    texts |= {path.name: path.read_text("utf-8") for path in PAGES + TEXTS}
    texts |= {item.findtext("link", ""): item.findtext(CONTENT, "") for item in feed_items()}
    return texts


def outlets_with(pattern: str) -> set[str]:
    return {article["outlet"] for article in articles() if re.search(pattern, article["text"])}


def test_there_are_at_least_thirty_six_articles_about_half_of_them_german() -> None:
    languages = Counter(article["lang"] for article in articles())
    assert set(languages) == {"de", "en"}
    assert abs(languages["de"] - languages["en"]) <= 4
    assert len(everything()) >= 36


@pytest.mark.parametrize("article", articles(), ids=lambda article: article["doc_id"])
def test_every_jsonl_article_is_complete_and_labelled_fictional(article: dict[str, Any]) -> None:
    assert article["note"] == "fictional"
    assert 150 <= len(article["text"].split()) <= 450
    assert all(article[key].strip() for key in ("doc_id", "lang", "url", "outlet", "title", "published"))
    assert 2024 <= datetime.fromisoformat(article["published"].replace("Z", "+00:00")).year <= 2026
    assert "\n\n" in article["text"]
    assert "@" not in article["text"]


@pytest.mark.parametrize("path", PAGES + TEXTS, ids=lambda path: path.name)
def test_every_page_and_text_ends_with_the_notice(path: Path) -> None:
    visible = re.sub(r"<[^>]+>", "", path.read_text("utf-8"))
    assert visible.rstrip().endswith(NOTICE)


def test_every_feed_item_carries_its_full_text_and_the_notice() -> None:
    items = feed_items()
    assert len(items) >= 3
    for item in items:
        text = re.sub(r"<[^>]+>", " ", item.findtext(CONTENT, ""))
        assert len(text.split()) >= 150
        assert text.rstrip().endswith(NOTICE)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_page_has_the_metadata_of_a_real_content_system(page: Path) -> None:
    markup = page.read_text("utf-8")
    assert json.loads(json_ld(page))["@context"] == "https://schema.org"
    for key in ("og:site_name", "og:title", "article:published_time"):
        assert f'property="{key}"' in markup
    assert '<link rel="canonical"' in markup


def test_doc_ids_and_urls_are_unique_and_every_address_is_reserved() -> None:
    ids = [article["doc_id"] for article in articles()]
    urls = [article["url"] for article in articles()] + [item.findtext("link", "") for item in feed_items()]
    urls += [re.findall(r'rel="canonical" href="([^"]+)"', page.read_text("utf-8"))[0] for page in PAGES]
    assert len(set(ids)) == len(ids)
    assert len(set(urls)) == len(urls)
    assert {urlsplit(url).scheme for url in urls} == {"https"}
    assert all(urlsplit(url).hostname.endswith(".example") for url in urls)
    elsewhere = {"schema.org", "purl.org", "www.w3.org"}
    for path in PAGES + FEEDS:
        for host in re.findall(r"https?://([^/\"<>\s]+)", path.read_text("utf-8")):
            assert host.endswith(".example") or host in elsewhere, f"{path.name}: {host}"


def test_several_outlets_publish_over_three_years_and_some_on_the_same_day() -> None:
    assert len({article["outlet"] for article in articles()}) >= 12
    days = Counter(article["published"][:10] for article in articles())
    assert {day[:4] for day in days} == {"2024", "2025", "2026"}
    assert max(days.values()) >= 4


def test_the_readme_names_only_files_and_articles_that_exist() -> None:
    readme = (SAMPLES.parent / "README.md").read_text("utf-8")
    assert "fictional" in readme
    assert "CC0" in readme
    for path in re.findall(r"`((?:html|text|feed)/[\w.-]+\.\w+|[\w.]+\.jsonl)`", readme):
        assert (SAMPLES / path).is_file(), path
    ids = {article["doc_id"] for article in articles()}
    for doc_id in re.findall(r"`([a-z]+(?:-en)?-\d{4}-[\w-]+)`", readme):
        assert doc_id in ids


@pytest.mark.parametrize("wire", ["nwa-2025-03-04-hafentunnel", "nwa-en-2025-11-22-storm-flood"])
def test_wire_copy_is_reprinted_with_cuts_in_three_more_outlets(wire: str) -> None:
    by_id = {article["doc_id"]: article for article in articles()}
    paragraphs = by_id[wire]["text"].split("\n\n")
    assert "(nwa)" in paragraphs[0]
    reprints = {
        article["outlet"]: article["text"]
        for article in by_id.values()
        if article["outlet"] != by_id[wire]["outlet"] and paragraphs[0] in article["text"]
    }
    assert len(reprints) >= 3
    for text in reprints.values():
        kept = [paragraph in text for paragraph in paragraphs]
        assert sum(kept) >= 3
        assert not all(kept)
        assert re.search(r"\(nwa(/\w+)?\)$", text)


# feature, pattern, in how many samples at least
FEATURES = [
    ("German marks", r"„[^“”„]+“", 10),
    ("guillemets, inward", r"»[^»«]+«", 3),
    ("guillemets, Swiss", r"«[^»«]+»", 2),
    ("single guillemets inside", r"‹[^›]+›", 1),
    ("German single marks", r"‚[^‚‘]+‘", 3),
    ("English double marks", r"“[^“”„]+”", 8),
    ("English single marks", r"‘[^‘’]+", 2),
    ("typewriter marks", r'"[^"]+"', 4),
    ("typewriter single marks", r"(?m)(?<=\s)'[^'\n]+,' ", 1),
    ("teletype marks", r"``[^`]+''", 1),
    ("ellipsis in brackets", r"\[…\]", 1),
    ("ellipsis", r"\w …", 1),
    ("bracketed noun", r"\[(the minister|die Zahlen)\]", 3),
    ("Konjunktiv I", r"\b(habe|sei|werde|könne|wolle)\b", 15),
    ("reported with that", r"\b(said|insisted|believes|denied|argued) that\b", 8),
    ("laut", r"\b[Ll]aut [A-Z]|\blaut einer\b", 3),
    ("zufolge", r"\bzufolge\b", 3),
    ("nach Angaben", r"\b[Nn]ach (ihren )?Angaben\b", 3),
    ("according to", r"\b[Aa]ccording to\b", 6),
    ("in the words of", r"\bIn the words of\b", 1),
    ("nobody named", r"\bofficials said|on condition of anonymity|[Pp]eople (close to|familiar with)", 3),
    ("a spokesman", r"\b(spokesman|spokeswoman) (for|said)|\b(Sprecher|Sprecherin)\b", 8),
    ("declined to comment", r"declined to|wollte sich|lehnte eine Stellungnahme ab", 4),
    ("no comment", r"No comment|Kein Kommentar", 3),
    ("we will look into it", r"We will look into it|Wir prüfen das", 4),
    ("the slogan", r"keinen Ort im Regen stehen|no town out in the rain", 5),
    ("the quote in full", r"Wir werden den Hafentunnel nicht bauen, solange mir niemand", 5),
    ("the quote in indirect speech", r"man werde den Hafentunnel nicht bauen, solange ihm niemand", 1),
    ("the quote translated", r"We will not build the harbour tunnel as long as nobody", 1),
    ("a number misquoted", r"480 Millionen Kronen", 1),
    ("a negation lost", r"We will build the harbour tunnel as long as nobody", 1),
    ("two acronyms for one body", r"\((SMO|FMO)\)", 3),
    ("an acronym used later", r"\bNIDC\)(.|\n)*\bNIDC\b(?!\))", 1),
    ("a cue inside the quote", r"[„»«][^“«»]+[“«»],? (sagte|so|fügte) [^„»«“]{2,40}, [„»«]", 5),
    ("an interview, questions named", r"(?m)^Frage: (.|\n)*^Vanderlied: ", 1),
    ("an interview, initials", r"(?m)^Q: (.|\n)*^A: ", 1),
    ("a dash dialogue", r"(?m)^– .+\n– ", 1),
    ("paragraphs that reopen, German", r"[^“]\n\n„(.|\n)*[^“]\n\n„", 1),
    ("paragraphs that reopen, English", r"[^”]\n\n“(.|\n)*[^”]\n\n“", 1),
    ("a missing closing mark, German", r"„[^“\"”\n]+, sagte ", 1),
    ("a missing closing mark, English", r"\"[^\"\n]+basket, said ", 1),
    ("marks the wrong way round", r"”But|“unglücklichen Lage„", 2),
    ("empty marks", r"“”", 2),
    ("a press-release footer", r"Der Artikel wird von einem Drittanbieter bereitgestellt", 1),
    ("a title of a work", r"„Der letzte Leuchtturm“|“The Price of Water”", 2),
    ("a former role", r"(?i)\b(frühere|former|bis Januar|until January)\b", 4),
]


@pytest.mark.parametrize(
    ("feature", "pattern", "least"), FEATURES, ids=[feature for feature, _, _ in FEATURES]
)
def test_every_announced_feature_is_on_screen(feature: str, pattern: str, least: int) -> None:
    found = [name for name, text in everything().items() if re.search(pattern, text)]
    assert len(found) >= least, f"{feature}: only {found}"


def test_two_people_of_one_name_and_one_person_in_two_posts() -> None:
    assert outlets_with(r"Jonas Wiebrecht, Virologe")
    assert outlets_with(r"Trainer Jonas Wiebrecht")
    assert outlets_with(r"Verkehrsminister Tjark Ohlendieck")
    assert outlets_with(r"Berater bei Ankerlund")
    assert outlets_with(
        r"Ohlendieck has joined the shipping line Ankerlund as an adviser|as an adviser to its board"
    )
