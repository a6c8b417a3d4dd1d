from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster.statements import Partition

PAIRS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=25)


@settings(deadline=None)
@given(PAIRS, PAIRS)
def test_forbidden_pairs_never_meet_and_others_join(forbidden, joined):
    sets = Partition(12)
    kept = [(a, b) for a, b in forbidden if a != b]
    for a, b in kept:
        assert sets.forbid(a, b)
    for a, b in joined:
        assert sets.join(a, b) == (sets.root(a) == sets.root(b))
    assert all(sets.root(a) != sets.root(b) for a, b in kept)
    assert sorted(item for group in sets.groups() for item in group) == list(range(12))


@settings(deadline=None)
@given(PAIRS)
def test_without_forbidden_pairs_groups_are_connected_components(joined):
    sets = Partition(12)
    reach = {n: {n} for n in range(12)}
    for a, b in joined:
        sets.join(a, b)
        union = reach[a] | reach[b]
        for n in union:
            reach[n] = union
    assert {frozenset(group) for group in sets.groups()} == {frozenset(group) for group in reach.values()}
