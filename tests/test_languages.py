"""Language packs are well-formed, and a malformed one says where and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quotetrack import languages
from quotetrack.paths import data_path

CODES = languages.codes()
SMALL = """
code = "xx"
name = "Test"
examples = []
[marks]
pairs = [["“", "”"]]
[cues]
say = ["say", "mit|teilen", "call for"]
[words]
time = ["monday"]
[inflection]
verbs = ["say"]
prefixes = ["ge"]
endings = [["en", ["te", "t"]], ["", ["s"]]]
[inflection.irregular]
say = ["said"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "xx.toml"
    path.write_text(text, "utf-8")
    return path


def test_there_are_packs_for_german_and_english() -> None:
    assert languages.codes(grammar=True) == ["de", "en"]


def test_fifteen_languages_have_a_pack_most_of_them_for_marks_alone() -> None:
    assert {"cs", "da", "de", "en", "es", "fr", "hu", "it", "nl", "pl", "pt", "ru", "sv", "tr", "uk"} <= {
        *CODES
    }


@pytest.mark.parametrize("code", CODES)
def test_a_pack_is_loaded_and_knows_its_code(code: str) -> None:
    pack = languages.load(code)
    assert pack.code == code
    assert pack.marks
    assert pack.told
    assert bool(pack.words("say")) == pack.grammar
    assert pack.examples
    assert all(len(mark) == 1 for opening, closings in pack.marks.items() for mark in (opening, *closings))


@pytest.mark.parametrize("code", CODES)
def test_every_word_of_a_pack_is_in_lower_case(code: str) -> None:
    pack = languages.load(code)
    for words in (*pack.cues.values(), *pack.closed.values(), *pack.mood.values()):
        assert [word for word in words if word != word.lower() or word != word.strip()] == []


@pytest.mark.parametrize("code", CODES)
def test_no_class_of_words_is_unused(code: str) -> None:
    sources = "".join(path.read_text("utf-8") for path in data_path().parent.glob("quotetrack/extract/*.py"))
    named = set(re.findall(r'"([a-z_]+)"', sources))
    pack = languages.load(code)
    assert sorted((set(pack.cues) | set(pack.closed)) - named) == []


def test_forms_of_verbs_lead_to_their_lemma() -> None:
    german, english = languages.load("de"), languages.load("en")
    for form, lemma in (
        ("mitgeteilt", "mitteilen"),
        ("teilte", "teilen"),
        ("sagte", "sagen"),
        ("schrieb", "schreiben"),
    ):
        assert german.forms[form] == lemma
    for form, lemma in (("said", "say"), ("argues", "argue"), ("denied", "deny"), ("told", "tell")):
        assert english.forms[form] == lemma
    assert german.separable["mitteilen"] == ("mit", "teilen")


def test_an_unknown_language_is_refused_with_what_there_is() -> None:
    with pytest.raises(LookupError, match=r"no language pack for 'tlh': there are .*de, en"):
        languages.load("tlh")
    with pytest.raises(LookupError):
        languages.load("../secrets")


def test_a_small_pack_is_read(tmp_path: Path) -> None:
    pack = languages.parse(written(tmp_path, SMALL))
    assert pack.words("say") == {"say", "mitteilen", "call for"}
    assert pack.words("time") == {"monday"}
    assert pack.words("no such class") == frozenset()
    assert pack.forms == {
        "say": "say",
        "says": "say",
        "said": "say",
        "gesay": "say",
        "gesays": "say",
        "gesaid": "say",
        "call": "call",
        "calls": "call",
        "gecall": "call",
        "gecalls": "call",
        "mitteilen": "mitteilen",
        "mitteilte": "mitteilen",
        "mitteilt": "mitteilen",
        "teilt": "teilen",
        "mitgeteilt": "mitteilen",
        "mitgeteilte": "mitteilen",
        "mitgeteilen": "mitteilen",
        "teilte": "teilen",
        "teilen": "teilen",
    }
    assert pack.conventions == languages.Conventions()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('[["“", "”"]]', '[["“„", "”"]]', "single code points"),
        ('[["“", "”"]]', '[["“", "”"], ["“", "”"]]', "repeated"),
        ('["monday"]', '["monday", "monday"]', "repeated"),
        ('["monday"]', '"monday"', "list of words"),
        ('["monday"]', '["monday", ""]', "list of words"),
        ("[words]", '[conventions]\npartly_quoted = "never"\n[words]', "partly_quoted"),
        ("[words]", "[conventions]\nverb_third = true\n[words]", "verb_third"),
        ('code = "xx"', "", "code"),
        ('code = "xx"', "code = xx", "Invalid value"),
    ],
)
def test_a_malformed_pack_names_its_file_and_what_is_wrong(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    path = written(tmp_path, SMALL.replace(old, new))
    with pytest.raises(ValueError, match=re.escape(str(path))) as caught:
        languages.parse(path)
    assert reason in str(caught.value)
