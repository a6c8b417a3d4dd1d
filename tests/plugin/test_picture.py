"""The picture of a statement: its size, its lines, what it does where it cannot be drawn."""

from __future__ import annotations

import struct
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.plugin import fonts, picture
from quotetrack.plugin.links import asset
from quotetrack.plugin.picture import FALLBACK, HEIGHT, WIDTH, Picture, draw, fit, wrap, writable

from .archive import BUILD, MERGED, TUNNEL, WITHDRAWN
from .conftest import Get


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(
    "words",
    [
        Picture("„Größe – Straße“", name="Jürgen Weiß", role="Präsident", source="4 March 2025", site="x"),
        Picture("«Мы не будем строить туннель»", name="Мария Ковальчук"),
        Picture("“Žádná łódź, ñandú, Ελλάδα, İstanbul", closing="”"),
        Picture("word " * 1000, name="n" * 500, role="r " * 500, source="s " * 500, site="t" * 500),
        Picture("x" * 5000),
        Picture(""),
        Picture("smile \U0001f600 and go on"),
        Picture("<script>alert(1)</script>"),
    ],
)
def test_pictures_are_drawn(words: Picture) -> None:
    png = draw(words)
    assert size(png) == (WIDTH, HEIGHT)
    assert png != asset(FALLBACK)
    assert len(png) < 150_000


SCRIPTS = ["日本語の引用", "اقتباس", "ציטוט", "สวัสดี", "हम सुरंग", "mixed 日本"]


@pytest.mark.parametrize("text", SCRIPTS)
def test_what_no_font_can_write_has_the_ready_picture(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_system", lambda characters, face: None)
    assert draw(Picture(text)) == draw(Picture("We wait", name=text)) == asset(FALLBACK)


@pytest.mark.parametrize("text", SCRIPTS)
def test_what_the_system_has_a_font_for_is_drawn(text: str) -> None:
    if not fonts.has_font(text):
        pytest.skip(f"no font here for {text}: install one, with fontconfig, to run this test")
    png = draw(Picture(text, name="We wait", role=text))
    assert size(png) == (WIDTH, HEIGHT)
    assert png != asset(FALLBACK)
    letters = fonts.font(text, "sans", 30)
    missing = bytes(letters.getmask("\U0010fffd"))
    assert all(bytes(letters.getmask(char)) != missing for char in text if char.isalpha())


def test_our_own_fonts_come_first() -> None:
    assert fonts._foreign("“Größe” – Ελλάδα, Мария") == ""
    assert writable("smile \U0001f600 and go on") == "smile  and go on"
    assert fonts._foreign("a 日") == " a日"  # one font for all of a line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("اقتباس", True),
        ("“ציטוט” 12", True),
        ("12 – we wait اق", False),
        ("日本", False),
        ("12", False),
        ("", False),
    ],
)
def test_lines_begin_where_their_script_does(text: str, expected: bool) -> None:
    assert fonts.from_right(text) is expected


def test_the_font_most_like_ours_is_chosen() -> None:
    bold = ["/a/Sans-Bold.ttf", "0", "200", "0", "", "100"]
    plain = ["/a/Sans.ttf", "0", "80", "0", "", "100"]
    mono = ["/a/Mono.ttf", "0", "80", "0", "100", "100"]
    varied = ["/a/Serif[wght].ttf", "65536", "[100 900]", "0", "", "100"]
    for face, weight, best in (("sans", 80, plain), ("sans-bold", 200, bold), ("serif", 80, varied)):
        ranked = sorted([mono, bold, varied, plain], key=lambda each: fonts._unlike(each, weight, face))
        assert ranked[0] == best
        assert ranked[-1] == mono


def test_without_pillow_the_ready_picture_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with_pillow = Picture("We wait").tag
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    assert draw(Picture("We wait")) == asset(FALLBACK)
    assert Picture("We wait").tag != with_pillow  # nobody keeps the ready one when Pillow comes
    assert size(asset(FALLBACK)) == (WIDTH, HEIGHT)


@pytest.mark.parametrize("name", ["serif", "sans", "sans-bold"])
def test_the_fonts_have_every_sign_that_is_said_to_be_covered(name: fonts.Face) -> None:
    font = fonts._own(name, 20)
    missing = bytes(font.getmask("\U0010fffd"))
    signs = [chr(code) for code in range(0x21, 0x3000) if fonts.COVERED.match(chr(code))]
    assert len(signs) > 1300
    drawn = [c for c in signs if unicodedata.category(c)[0] not in "ZCM" and unicodedata.category(c) != "Cn"]
    assert [c for c in drawn if bytes(font.getmask(c)) == missing] == []


def length(text: str) -> float:
    return 10.0 * len(text)


@settings(deadline=None)
@given(st.text(alphabet="ab -„", max_size=300), st.integers(20, 400))
def test_lines_hold_every_word_and_are_never_too_long(text: str, width: int) -> None:
    lines = list(wrap(text, width, length))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(length(line) <= width for line in lines)


@settings(deadline=None)
@given(st.text(alphabet="ab ,", max_size=2000))
def test_long_quotes_are_cut_with_an_ellipsis_and_closed(text: str) -> None:
    lines, pixels = fit(text, "”", 600, 200, lambda size: lambda words: size * 0.5 * len(words))
    assert len(lines) * pixels * 1.3 <= 200
    whole = "".join("".join(lines).split())
    assert whole == "".join((text + "”").split()) or lines[-1].endswith(" …”")


def test_letters_are_written_composed() -> None:
    assert writable("Gru\u0308n \n und\tso") == "Grün und so"
    assert writable("a\u202eb") == "ab"  # nothing turns a line around


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=400), st.text(max_size=80))
def test_any_words_make_a_picture(text: str, name: str) -> None:
    assert size(draw(Picture(text, name=name))) == (WIDTH, HEIGHT)


async def test_a_statement_has_a_picture_that_its_page_names(get: Get) -> None:
    page = (await get(f"/s/{TUNNEL}")).text
    assert f'<meta property="og:image" content="http://localhost/s/{TUNNEL}.png">' in page
    answer = await get(f"/s/{TUNNEL}.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert size(answer.content) == (WIDTH, HEIGHT)
    again = await get(f"/s/{TUNNEL}.png", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await get(f"/s/{BUILD}.png")
    assert other.headers["etag"] != answer.headers["etag"]
    assert other.content != answer.content


async def test_merged_and_withdrawn_pictures_say_so(get: Get) -> None:
    moved = await get(f"/s/{MERGED}.png")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/s/{TUNNEL}.png")
    gone = await get(f"/s/{WITHDRAWN}.png")
    assert gone.status_code == 410
    assert gone.content == draw(
        Picture(
            "This statement was withdrawn",
            role="Withdrawn: the <b>recording</b> was forged",
            site="quotetrack",
        )
    )
    assert (await get("/s/none.png")).status_code == 404
