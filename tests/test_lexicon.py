"""A lexicon's answers are kept from article to article, for the pack that gave them."""

from __future__ import annotations

from dataclasses import replace

from quotetrack import languages, lexicon
from quotetrack.lexicon import lexicon_of


def test_a_lexicon_remembers_for_its_pack_alone(monkeypatch):
    pack = languages.load("en")
    first = lexicon_of(pack)
    before = first.remembered
    assert first.role("spokeswoman") is not None
    assert first.role("quarrelsome-xyz") is None
    assert lexicon_of(pack) is first
    assert first.remembered > before
    other = replace(pack, speakers={})
    assert lexicon_of(other) is not first
    assert lexicon_of(other).role("spokeswoman") is None
    again = lexicon_of(pack)
    assert again.role("spokeswoman") == first.role("spokeswoman")
    monkeypatch.setattr(lexicon, "MAX_REMEMBERED", 0)
    assert lexicon_of(pack) is not again
