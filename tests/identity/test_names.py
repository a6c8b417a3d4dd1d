"""Reading and comparing names. All bearers are fictional."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.identity import keys_of, parts_of_name, read_name, refusal
from quotetrack.identity.match import compare, prior

READ = [  # written, language, given, family
    ("Sergej Wiktorowitsch Lawrenkow", "", "sergej wiktorowitsch", "lawrenkow"),
    ("Ottilie von der Leuthen", "", "ottilie", "leuthen"),
    ("Behrad Ben Talebian", "", "behrad", "talebian"),
    ("Ben Harrowgate", "", "ben", "harrowgate"),
    ("خالد بن سلماوي", "ar", "khld", "slmwy"),
    ("Abdelfattah Al Sisawi", "", "abd fattah", "sisawi"),
    ("李海鹏", "zh", "hai peng", "li"),
    ("김종숙", "ko", "jong sug", "gim"),
    ("田中裕子", "ja", "yuko", "tanaka"),
    ("Orbóczy Viktor", "hu", "viktor", "orboczy"),
    ("WEBERLING, Maria", "", "maria", "weberling"),
    ("Dr. Anna Weber-Lund", "", "anna", "weber lund"),
    ("Anna Weber geb. Lund", "", "anna", "weber"),
    ("Seán O'Brannigan", "", "sean", "brannigan"),
    ("Fiona Mac Dallan", "", "fiona", "macdallan"),
    ("George Hartleigh Jr.", "", "george", "hartleigh"),
]


@pytest.mark.parametrize(("written", "language", "given", "family"), READ)
def test_given_and_family_names(written: str, language: str, given: str, family: str) -> None:
    reading = read_name(written, language).readings[0]
    assert " ".join(part.text for part in reading.given) == given
    assert " ".join(part.text for part in reading.family) == family


@pytest.mark.parametrize(
    "written", ["Weberling", "Dr. Weberling", "von der Leuthen", "", "…", "(", "' '", "李"]
)
def test_what_is_no_full_name(written: str) -> None:
    assert not read_name(written).full
    assert keys_of(read_name(written)) == ()


SAME = [  # two ways to write one name; the liberty that is taken
    ("Sergej Lawrenkow", "Sergey Lavrenkov", "spelling"),
    ("Sergey Lavrenkov", "Сергей Лавренков", None),
    ("Michail Chruschtschenko", "Mikhail Khrushchenko", "spelling"),
    ("Wolodymyr Selenkiw", "Volodymyr Zelenkiv", None),
    ("Jürgen Schwärzler", "Juergen Schwaerzler", "writing"),
    ("Jürgen Schwärzler", "Jurgen Schwarzler", None),
    ("Øystein Bjørnestrand", "Oystein Bjornestrand", None),
    ("Łukasz Wójcikowski", "Lukasz Wojcikowski", None),
    ("Mohammed Qardahi", "محمد القرضاحي", "script"),
    ("Youssef Qardahi", "Yusuf al-Qardahi", None),
    ("Li Haipeng", "Haipeng Li", "order"),
    ("Li Haipeng", "李海鹏", "script"),
    ("Kim Jong-suk", "Kim Jong Suk", None),
    ("Shinji Abe", "Abe Shinji", "order"),
    ("Viktor Orbóczy", "Orbóczy Viktor", "order"),
    ("Bill Harrowgate", "William Harrowgate", "short form"),
    ('William "Bill" Harrowgate', "Bill Harrowgate", None),
    ("Karl-Heinz Dünnwald", "Karlheinz Dünnwald", None),
    ("Karim Ben Yaroussi", "Karim Benyaroussi", "writing"),
    ("Anna Weber-Lund", "Anna Lund", "double name"),
    ("Anna Weber geb. Lundholm", "Anna Lundholm", "double name"),
    ("John A. Smith", "John Smith", "middle name"),
    ("J. Smithfield", "Jane Smithfield", "initial"),
    ("Wouter van den Hoogenkamp", "Wouter Hoogenkamp", None),
]


@pytest.mark.parametrize(("one", "other", "liberty"), SAME)
def test_ways_to_write_one_name(one: str, other: str, liberty: str | None) -> None:
    a, b = read_name(one), read_name(other)
    match = compare(a, b, prior)
    assert match is not None
    assert match.nats > 6
    assert set(keys_of(a)) & set(keys_of(b)), "they would never be compared"
    if liberty is not None:
        assert any(liberty in taken for taken in match.liberties)


DIFFERENT = [
    ("Anna Schmidtke", "Anja Schmidtke"),
    ("Maria Weberling", "Mario Weberling"),
    ("Michael Oberhausner", "Michaela Oberhausner"),
    ("John A. Smith", "John B. Smith"),
    ("George Hartleigh Sr.", "George Hartleigh Jr."),
    ("Peter Müller", "Peter Miller"),
    ("Anna Weber", "Anna Huber"),
    ("Martin Thomas", "Thomas Martin"),
    ("Kim Jong-suk", "Kim Jong-min"),
    ("Anna Weber-Lund", "Anna Weber-Stein"),
    ("Anna Meier", "Anna Meyer"),
    ("Igor Golowanow", "Igor Golowanowa"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_two_people(one: str, other: str) -> None:
    assert compare(read_name(one), read_name(other), prior) is None


REFUSED = {
    "Weberling und Harrowgate": "two people",
    "Anna Weber and Otto Lang": "two people",
    "Außenminister": "a title or role",
    "Herr Dr.": "a title or role",
    "Karl von und zu Tessel": "",
    "Anna Weber": "",
    "Dr. Anna Weber": "",
}


@pytest.mark.parametrize("name", REFUSED)
def test_names_of_nobody(name: str) -> None:
    assert refusal(name).startswith(REFUSED[name])
    assert bool(refusal(name)) is bool(REFUSED[name])


@given(st.text(max_size=40), st.sampled_from(["", "de", "ja", "hu", "ar"]))
def test_any_text_is_read_and_is_itself(text: str, language: str) -> None:
    name = read_name(text, language)
    keys = keys_of(name)
    assert len(keys) <= 200
    parts_of_name(text, language)
    refusal(text)
    match = compare(name, name, prior)
    assert match is not None if name.full else not keys


@given(st.sampled_from(SAME + [(*pair, None) for pair in DIFFERENT]))
def test_comparing_has_no_direction(pair: tuple[str, str, str | None]) -> None:
    a, b = read_name(pair[0]), read_name(pair[1])
    there, back = compare(a, b, prior), compare(b, a, prior)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there.nats == pytest.approx(back.nats)
