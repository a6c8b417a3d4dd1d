import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.cluster.normalise import WORDS_AT_MOST, read_form, read_forms

SAME = [
    ("en", "We won't wait.", "“We will not wait”"),
    ("en", "[W]e are ready — now", "we're ready – now,"),
    ("en", "Organised labour favours the centre", "Organized labor favors the center"),
    ("en", "Twenty-five per cent of 1,000", "25 percent of 1000"),
    ("en", "I’m not sure", "Iâ€™m not sure"),
    ("en", 'They don"t care', "They don't care"),
    ("en", "Well, you know, it really is time", "It is time"),
    ("en", "no\u200b com\u00adment\x00", "No comment"),
    ("en", "the who1e wor1d", "the whole world"),
    ("en", "it is impor- tant", "It is important"),
    ("de", "Größer daß Straße", "groesser dass Strasse"),
    ("de", "Zwölf Prozent", "12 %"),
    ("de", "einunddreißig Jahre", "31 Jahre"),
    ("de", "Das geht's, natürlich, an", "Das geht es an"),
    ("fr", "L'État, c’est moi", "L’Etat c'est moi"),
]


@pytest.mark.parametrize(("language", "a", "b"), SAME)
def test_spellings_of_one_text_have_one_signature(language, a, b):
    assert read_form(a, language).words == read_form(b, language).words
    assert read_form(a, language).signature == read_form(b, language).signature


DIFFERENT = [
    ("en", "We will wait", "We will not wait"),
    ("en", "20 people", "25 people"),
    ("en", "1.5 million", "15 million"),
    ("de", "Wir warten", "Wir warten nicht"),
]


@pytest.mark.parametrize(("language", "a", "b"), DIFFERENT)
def test_what_differs_stays_different(language, a, b):
    assert read_form(a, language).signature != read_form(b, language).signature


@pytest.mark.parametrize("mark", ["…", "...", "[...]", "(…)", ". . .", "[…]"])
def test_marks_of_omission_are_gaps_not_words(mark):
    form = read_form(f"We will act {mark} and we will win", "en")
    assert form.words == ("we", "will", "act", "and", "we", "will", "win")
    assert form.gaps == {3}


def test_language_is_told_by_function_words():
    assert read_form("Wir werden das nicht hinnehmen, und zwar nie").language == "de"
    assert read_form("We will not accept that, and that is it").language == "en"
    assert read_form("我们不会等待").language == ""


@pytest.mark.parametrize(("text", "count"), [("我们不会等待", 6), ("ประเทศไทย", 9), ("हिन्दी में बात।", 3)])
def test_scripts_without_spaces_are_read_by_character(text, count):
    assert len(read_form(text).words) == count


def test_long_texts_are_bounded():
    assert len(read_form("word " * (WORDS_AT_MOST + 500), "en").words) == WORDS_AT_MOST


PIECES = ["word", "[", "] ", "… ", "Norway ", "I ", " twenty ", "five ", "3 ", "thousand ", ". ", "you know "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.text(max_size=300), st.sampled_from([None, "de", "en", "fr"]))
def test_any_text_has_a_form(text, language):
    form = read_form(text, language)
    assert len(form.words) == len(form.signature) == len(form.flags) == len(form.sums) - 1
    assert all(0 < gap < len(form.words) for gap in form.gaps)
    assert list(form.sums) == sorted(form.sums)


def test_fillers_alone_are_kept():
    assert read_form("Well, well.", "en").words == ("well", "well")


def test_lone_surrogates_are_read():
    assert read_form("we \ud800 are here", "en").words == ("we", "are", "here")


@given(
    st.lists(st.tuples(st.text(max_size=60) | TEXTS, st.sampled_from([None, "de", "en", "fr"])), max_size=6)
)
def test_many_read_at_once_are_what_each_is(texts):
    assert read_forms(texts) == [read_form(*text) for text in texts]
