import random

from hypothesis import given
from hypothesis import strategies as st

from quotetrack.cluster import article_keys, containment, is_reprint

CHANCE = random.Random(3)
WORDS = [f"{a}{b}" for a in "bcdfghklmnprstvw" for b in ("ado", "emi", "ilu", "opa", "une", "arch", "est")]


def paragraph(count):
    return " ".join(CHANCE.choices(WORDS, k=count)) + "."


WIRE = [paragraph(60) for _ in range(10)]
QUOTE = " “We will not wait for anyone to give us permission to build what our children need,” she said. "


def test_cuts_and_additions_stay_reprints():
    whole = article_keys("\n\n".join(WIRE))
    assert is_reprint(whole, article_keys("\n\n".join(WIRE[:5])))
    assert is_reprint(whole, article_keys("\n\n".join([paragraph(40), *WIRE[:4], *WIRE[6:]]).upper()))
    assert is_reprint(article_keys("\n\n".join([*WIRE[:8], paragraph(80)])), whole)


def test_another_report_with_the_same_quotes_is_no_reprint():
    one, other = paragraph(200) + QUOTE + paragraph(100), paragraph(150) + QUOTE + paragraph(200)
    assert 0 < containment(article_keys(one), article_keys(other)) < 0.2
    assert not is_reprint(article_keys(one), article_keys(other))


def test_texts_too_short_to_tell_are_none():
    assert not is_reprint(article_keys("We will not wait."), article_keys("We will not wait."))
    assert article_keys("") == frozenset()


@given(st.text(max_size=400), st.text(max_size=400))
def test_containment_is_symmetric_and_bounded(a, b):
    keys = article_keys(a), article_keys(b)
    assert containment(*keys) == containment(*reversed(keys))
    assert 0 <= containment(*keys) <= 1
    assert all(0 <= key < 2**63 for key in keys[0])
