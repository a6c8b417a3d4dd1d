import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster.blocking import (
    GROUP_AT_MOST,
    HUBS,
    MemoryIndex,
    Posting,
    blocking_keys,
    candidates,
    keys_of_all,
    pairs,
    twin_key,
)
from quotetrack.cluster.names import read_speaker
from quotetrack.cluster.normalise import read_form

KEYS = st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True), max_size=12)


def found_pairs(keys):
    owners = [n for n, own in enumerate(keys) for _ in own]
    flat = [key for own in keys for key in own]
    chunks = pairs(np.array(flat, dtype=np.int64), np.array(owners, dtype=np.int32))
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
QUOTES = st.tuples(st.lists(WORDS, max_size=8).map(" ".join), st.sampled_from(["Anna Weber", None]))


@settings(deadline=None)
@given(st.lists(QUOTES, max_size=6))
def test_keys_of_all_are_the_keys_of_each(quotes):
    forms = [read_form(text, "en") for text, _ in quotes]
    speakers = [read_speaker(name) for _, name in quotes]
    keys, owners = keys_of_all(forms, speakers)
    for n, (form, speaker) in enumerate(zip(forms, speakers, strict=True)):
        assert sorted(set(keys[owners == n].tolist())) == blocking_keys(form, speaker)
