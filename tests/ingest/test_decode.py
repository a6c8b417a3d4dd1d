from __future__ import annotations

import re
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.ingest.decode import decode, moved, moves, repair, tidy
from quotetrack.ingest.limits import Refused

decoding = sys.modules["quotetrack.ingest.decode"]

ODD = st.text(st.sampled_from("ab\r\n\t\x00\x1b\x7f\x80\x85\u2028\ufeff“é"), max_size=60)


@given(ODD)
def test_offsets_move_with_the_text(text: str) -> None:
    clean, removed = tidy(text), moves(text)
    assert len(clean) == len(text) - len(removed)
    for offset, character in enumerate(text):
        if offset not in removed and character not in "\r\u2028":
            assert clean[moved(offset, removed)] == character


@given(ODD)
def test_tidy_leaves_nothing_to_tidy(text: str) -> None:
    once = tidy(text).lstrip("\ufeff")
    assert tidy(once) == once


SAID = [
    "Für größere Mühe, schön gewählt",
    "„Wir warten nicht“, sagte er – so",
    "Été à la façon d’hier",
    "святой день",
]


@pytest.mark.parametrize("text", SAID)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1250", "cp1251", "mac_roman", "cp437"])
def test_the_short_look_for_mojibake_misses_none(
    text: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = text.encode().decode(encoding, "ignore")
    found = repair(broken)
    monkeypatch.setattr(decoding, "_pairs", lambda: re.compile(""))
    assert found == repair(broken)


DECLARED = [
    ("Ärger", "iso-8859-1", "iso-8859-1"),
    ("„Ärger“", "cp1252", "latin-1"),
    ("Ärger", "utf-8", "iso-8859-1"),
    ("святой", "koi8-r", "koi8-r"),
    ("日本の大臣", "iso2022_jp", "iso-2022-jp"),
    ("部长", "gb18030", "gb2312"),
    ("大臣は述べた", "shift_jis", "Shift_JIS"),
]


@pytest.mark.parametrize(("text", "encoding", "declared"), DECLARED)
def test_declared_encodings(text: str, encoding: str, declared: str) -> None:
    assert decode(text.encode(encoding), declared).text == text


@pytest.mark.parametrize("declared", ["no-such-charset", "undefined", "", "idna", "base64", "utf-7", "x\0y"])
def test_a_nonsensical_declaration_does_no_harm(declared: str) -> None:
    assert decode("Ärger".encode(), declared).text == "Ärger"


def test_a_declaration_that_does_not_fit_is_named() -> None:
    with pytest.raises(Refused, match=r"wrong encoding: declared as shift_jis, not UTF-8 \(byte 0x81 at 0\)"):
        decode(b"\x81\xff\x81\xff\xfd\xa0\x90\x8f\x9d", "shift_jis")


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "cp1252", "euc-jp", "rot13", "hex", "utf-16", "punycode"]),
)
def test_any_bytes_are_text_or_refused(data: bytes, declared: str | None) -> None:
    with suppress(Refused):
        text = decode(data, declared).text
        assert not any(ch < " " and ch not in "\t\n" for ch in text)
