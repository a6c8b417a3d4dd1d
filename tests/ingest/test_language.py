from __future__ import annotations

import json
from pathlib import Path

import pytest

from quotetrack.ingest import identify_language
from quotetrack.ingest.language import language_code

TEXTS = [
    ("Die erfundene Ministerin sagte am Dienstag, man werde nicht länger warten.", "de"),
    ("The fictional minister said on Tuesday that nobody would wait any longer.", "en"),
    ("La ministre imaginaire a déclaré mardi que personne n'attendrait plus.", "fr"),
    ("架空の大臣は火曜日、これ以上待たないと述べた。", "ja"),
    ("", "und"),
    ("OK", "und"),
    ("12345 67890 !!! ??? 12345", "und"),
    ("\ud800" * 50, "und"),
]


@pytest.mark.parametrize(("text", "code"), TEXTS)
def test_identify_language(text: str, code: str) -> None:
    assert identify_language(text) == code


def test_real_news_is_identified(shared: Path) -> None:
    for name, code in (("german.dev", "de"), ("polnear.dev", "en")):
        rows = (shared / "corpora" / f"{name}.jsonl").read_text("utf-8").splitlines()
        assert {identify_language(json.loads(row)["text"]) for row in rows} == {code}


TAGS = [
    ("de", "de"),
    ("de-AT", "de"),
    ("en_US.UTF-8", "en"),
    ("EN", "en"),
    ("und", None),
    ("", None),
    ("x", None),
]


@pytest.mark.parametrize(("tag", "code"), [*TAGS, (None, None), ("german", None), ("mul", None)])
def test_language_code(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code
