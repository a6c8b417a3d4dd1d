from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.ingest.paragraphs import languages_of
from quotetrack.types import Span

DE = """Die erfundene Stadt Musterstadt will ihre Brücke erneuern, sagte Anna Weber am Dienstag. Der Rat
habe dafür lange gestritten, und am Ende sei eine Mehrheit zustande gekommen, mit der kaum jemand gerechnet
hatte.""".replace("\n", " ")
EN = """The invented city of Sampletown wants to renew its bridge, Jo Invented said on Tuesday. The council
had argued for a long time, and in the end there was a majority that hardly anybody had expected before.
Nobody knows what will happen next.""".replace("\n", " ")
FR = """La ville imaginaire de Modèleville veut rénover son pont, a déclaré mardi Jeanne Exemple. Le conseil
avait longtemps débattu, et une majorité s'est finalement dégagée, à laquelle presque personne ne croyait
avant ce jour-là.""".replace("\n", " ")
SHORT = "„We will not wait“, hieß es."

MIXED = [
    ([DE, DE], ["de"]),
    ([DE, DE, EN, EN], ["de", "en"]),
    ([EN, EN, EN, DE, DE, EN], ["en", "de", "en"]),
    ([DE, DE, DE, EN, SHORT, EN, DE], ["de", "en", "de"]),
    ([DE, DE, EN, EN, FR, FR, DE, DE], ["de", "en", "fr", "de"]),
    ([DE, "The quick brown fox jumps over the lazy dog and nobody minds at all.", DE], ["de"]),
    ([DE, SHORT, SHORT, SHORT], ["de"]),
    ([DE], ["de"]),
    (["OK"], ["und"]),
    (["", " "], []),
]


@pytest.mark.parametrize(("paragraphs", "codes"), MIXED)
def test_stretches_by_language(paragraphs: list[str], codes: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    found = languages_of(text)
    assert [code for _, code in found] == codes
    for span, code in found:
        if len(codes) > 1:
            said = {"de": DE, "en": EN, "fr": FR}[code]
            assert said in span.of(text)
            assert not any(other in span.of(text) for other in {DE, EN, FR} - {said})


@given(st.lists(st.sampled_from([DE, EN, FR, SHORT, "", "12 %", "\t"]), max_size=7))
@settings(max_examples=60, deadline=None)
def test_spans_cover_the_text(paragraphs: list[str]) -> None:
    text = "\n".join(paragraphs)
    found = languages_of(text)
    assert bool(found) == bool(text.strip())
    if found:
        assert (found[0][0].start, found[-1][0].end) == (0, len(text))
        assert all(before[0].end == after[0].start for before, after in pairwise(found))
        assert all(before[1] != after[1] for before, after in pairwise(found))


def test_no_annotated_article_is_called_mixed(shared: Path) -> None:
    for name, code in (("german.dev", "de"), ("polnear.dev", "en")):
        for row in (shared / "corpora" / f"{name}.jsonl").read_text("utf-8").splitlines():
            text = json.loads(row)["text"]
            assert languages_of(text) == [(Span(0, len(text)), code)]
