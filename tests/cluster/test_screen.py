from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster.names import read_speaker, relation
from quotetrack.cluster.screen import _RELATIONS, _Columns
from quotetrack.cluster.variants import days_between, gather
from quotetrack.types import Occurrence

DAYS = st.none() | st.integers(0, 30).map(lambda day: (date(2025, 1, 1) + timedelta(day)).isoformat())
NAMES = st.sampled_from(
    [None, "The Minister", "Weber", "Anna Weber", "Bernd Weber", "Anna Keller", "Keller Weber"]
)
TEXTS = st.sampled_from(["No comment.", "We will not finance another ferry terminal.", "Enough is enough."])


@given(st.lists(st.tuples(TEXTS, NAMES, DAYS), min_size=1, max_size=12))
@settings(deadline=None, max_examples=80)
def test_days_and_relations_of_many_pairs_are_those_of_each(rows: list[tuple[str, str, str]]) -> None:
    variants = gather(
        Occurrence(f"{n:02}", text, speaker=name, published=day, language="en")
        for n, (text, name, day) in enumerate(rows)
    )
    columns = _Columns(variants)
    a, b = (side.ravel() for side in np.indices((len(variants), len(variants))))
    pairs = [(variants[i], variants[j]) for i, j in zip(a, b, strict=True)]
    known = [days_between(x, y) for x, y in pairs]
    assert columns.days_between(a, b).tolist() == [-1 if days is None else days for days in known]
    related = [_RELATIONS[place] for place in columns.relations(a, b).tolist()]
    assert related == [relation(x.speaker, y.speaker) for x, y in pairs]
    assert read_speaker("The Minister") is None  # nobody twice is not one speaker
