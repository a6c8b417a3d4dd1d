"""Every entry of the language tables can match: it is written the way texts are folded."""

import pytest

from quotetrack.cluster.normalise import fold, read_form
from quotetrack.cluster.tables import codes, guess_language, table


@pytest.mark.parametrize("code", codes())
def test_words_are_folded(code):
    language = table(code)
    words = [
        *language.nats, *language.fillers, *language.negations, *language.negative_prefixes, *language.shifts,
        *language.modalities, *language.cues, *language.titles, *language.name_suffixes, *language.numbers,
    ]  # fmt: skip
    assert [word for word in words if word != fold(word).casefold() or " " in word] == []


@pytest.mark.parametrize("code", codes())
def test_negations_survive_normalisation(code):
    language = table(code)
    for word in language.negations:
        assert any(flag & 1 for flag in read_form(f"{word} xyz", code).flags), word


@pytest.mark.parametrize("code", codes())
def test_spellings_and_phrases_are_settled(code):
    language = table(code)
    for target in {word for words in language.phrases.values() for word in words}:
        assert language.respell(target) == target
        assert target not in language.fillers


@pytest.mark.parametrize("code", codes())
def test_nats_are_in_range_and_some_words_are_common(code):
    nats = table(code).nats
    assert all(0 <= value <= 9 for value in nats.values())
    assert sum(value <= 3.5 for value in nats.values()) > 50


def test_unknown_language_has_an_empty_table():
    assert table("xx").code == ""
    assert not table("xx").nats


def test_guess_language():
    assert guess_language(["wir", "werden", "das", "nicht", "tun"]) == "de"
    assert guess_language(["we", "will", "not", "do", "that"]) == "en"
    assert guess_language([]) == ""
    assert guess_language(["quux", "frob"]) == ""
