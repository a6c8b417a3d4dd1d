from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster import blocking
from quotetrack.cluster.blocking import (
    GROUP_AT_MOST,
    HUBS,
    Keys,
    MemoryIndex,
    Posting,
    asked_keys,
    blocking_keys,
    candidates,
    keys_of_all,
    pairs,
    twin_key,
)
from quotetrack.cluster.names import read_speaker
from quotetrack.cluster.normalise import read_form

NAMELESS = 4 << 60
KEYS = st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True), max_size=12)


def found_pairs(keys):
    owners = [n for n, own in enumerate(keys) for _ in own]
    flat = [key for own in keys for key in own]
    chunks = pairs(Keys(np.array(flat, dtype=np.int64), np.array(owners, dtype=np.int32)))
    return [pair for a, b in chunks for pair in zip(a.tolist(), b.tolist(), strict=True)]


@settings(deadline=None)
@given(KEYS)
def test_pairs_are_those_that_share_a_key(keys):
    expected = {(i, j) for j in range(len(keys)) for i in range(j) if not set(keys[i]).isdisjoint(keys[j])}
    found = found_pairs([own * 2 for own in keys])
    assert sorted(found) == sorted(expected)


@settings(deadline=None)
@given(KEYS)
def test_the_index_finds_the_same_candidates(keys):
    index = MemoryIndex()
    for n, own in enumerate(keys):
        index.add((key, Posting(0, f"{n}")) for key in own)
    for n, own in enumerate(keys):
        expected = {f"{i + j - n}" for i, j in found_pairs(keys) if n in (i, j)}
        assert candidates(index, own) - {f"{n}"} == expected


def test_of_a_key_shared_by_many_only_the_longest_are_paired():
    size = GROUP_AT_MOST + 40
    found = set(found_pairs([[7]] * size))
    hubs = set(range(HUBS))
    assert found == {(i, j) for j in range(size) for i in range(j) if {i, j} & hubs}
    index = MemoryIndex()
    index.add((7, Posting(n, f"{n}")) for n in range(size))
    assert candidates(index, [7]) == {f"{n}" for n in hubs}


def test_keys_fit_a_signed_integer_and_do_not_depend_on_the_run():
    form = read_form("We will not wait for the railways any longer", "en")
    keys = [*blocking_keys(form, read_speaker("Anna Weber")), twin_key(form, None, 738000)]
    assert all(0 <= key < 2**63 for key in keys)
    assert len(set(keys)) == len(keys) > 8
    assert keys[-1] == 3586637273949173011


WORDS = st.sampled_from(["we", "will", "not", "wait", "for", "Norway", "40", "railways", "committee"])
NAMES = st.sampled_from(["Anna Weber", "Karl Brandt", None])
QUOTES = st.lists(st.tuples(st.lists(WORDS, max_size=12).map(" ".join), NAMES), max_size=6)


def read(quotes):
    return [read_form(text, "en") for text, _ in quotes], [read_speaker(name) for _, name in quotes]


@settings(deadline=None)
@given(QUOTES)
def test_keys_of_all_are_the_keys_of_each(quotes):
    forms, speakers = read(quotes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "FORMS_AT_ONCE", 2)
        both = keys_of_all(forms, speakers)
    for n, (form, speaker) in enumerate(zip(forms, speakers, strict=True)):
        own = {key for some in both for key in some.keys[some.owners == n].tolist()}
        trigrams = set(both[1].keys[both[1].owners == n].tolist())
        nameless = {asked for asked in asked_keys(form, None) if asked & ~NAMELESS in trigrams} - trigrams
        expected = own if speaker else own - trigrams | nameless
        assert sorted(expected) == blocking_keys(form, speaker)


@settings(deadline=None)
@given(QUOTES)
def test_the_index_finds_what_pairs_of_all_finds(quotes):
    """Whoever comes last, with a speaker or without."""
    forms, speakers = read(quotes)
    found = {
        pair
        for one, other in pairs(*keys_of_all(forms, speakers))
        for pair in zip(one.tolist(), other.tolist(), strict=True)
    }
    for n, (form, speaker) in enumerate(zip(forms, speakers, strict=True)):
        index = MemoryIndex()
        for m in range(len(quotes)):
            if m != n:
                posting = Posting(0, f"{m}")
                index.add((key, posting) for key in blocking_keys(forms[m], speakers[m]))
        expected = {f"{i + j - n}" for i, j in found if n in (i, j)}
        assert candidates(index, asked_keys(form, speaker)) == expected


def test_who_shares_what_is_compared():
    """Two speakers need a longer run than a speaker and nobody."""
    whole = "The harbour committee of Kestria decides in Norway, as we were promised at the lighthouse"
    for name, text, expected in (
        ("Anna Weber", "promised at the lighthouse", True),
        (None, "we were promised at the lighthouse", True),
        (None, "lighthouse", False),
        ("Karl Brandt", "promised at the lighthouse", False),
        ("Karl Brandt", "committee of Kestria decides in Norway, as we", True),
    ):
        index = MemoryIndex()
        posting = Posting(0, "whole")
        index.add((key, posting) for key in blocking_keys(read_form(whole), read_speaker("Anna Weber")))
        found = candidates(index, asked_keys(read_form(text), read_speaker(name)))
        assert found == ({"whole"} if expected else set()), (name, text)


@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(0, 3), max_size=30), st.booleans())
def test_places_in_order_of_value_whatever_hashes_meet(values, meet):
    asked = np.array(values, dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        if meet:
            patch.setattr(blocking, "_mixed", lambda some: np.zeros(len(some), dtype=np.uint64))
        order = blocking._in_order(asked).tolist()
    assert sorted(order) == list(range(len(values)))
    groups = [[place for place in order if values[place] == value] for value in dict.fromkeys(values)]
    assert all(group == sorted(group) for group in groups)
    ends = [values[place] for place in order]
    assert sum(x != y for x, y in pairwise(ends)) == max(0, len(groups) - 1)
