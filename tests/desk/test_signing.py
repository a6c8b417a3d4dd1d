from __future__ import annotations

from pathlib import Path

import pytest

from quotetrack.desk.signing import TokensError, foreign, read_tokens

TOKEN = "correct-horse-battery-staple"


def test_tokens_have_names(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text(f"# the desk\n\nJo Doe {TOKEN}\n", "utf-8")
    tokens = read_tokens(path)
    assert tokens.whose(TOKEN) == "Jo Doe"
    assert [tokens.whose(wrong) for wrong in ("", TOKEN[:-1], TOKEN + " ", "\udcff")] == [None] * 4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no tokens"),
        (TOKEN, ":1: a line is a name"),
        ("Jo short", ":1: a token needs 20 characters"),
        (f"Jo {TOKEN}\nAnn {TOKEN}", ":2: the token of Jo again"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "tokens"
    path.write_text(text, "utf-8")
    with pytest.raises(TokensError, match=reason):
        read_tokens(path)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"host": "a.example"}, False),
        ({"host": "a.example", "origin": "http://a.example"}, False),
        (
            {"host": "a.example:8001", "origin": "http://a.example:8001", "sec-fetch-site": "same-origin"},
            False,
        ),
        ({"host": "a.example", "origin": "https://b.example"}, True),
        ({"host": "a.example", "origin": "null"}, True),
        ({"host": "a.example", "origin": "http://a.example:9"}, True),
        ({"host": "a.example", "sec-fetch-site": "cross-site"}, True),
        ({"host": "a.example", "sec-fetch-site": "same-site"}, True),
    ],
)
def test_forms_of_other_sites(headers: dict[str, str], expected: bool) -> None:
    assert foreign(headers) is expected
