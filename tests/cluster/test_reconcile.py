import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.cluster import canonical, reconcile
from quotetrack.types import Occurrence

TEXT = "We will invest forty billion euros in the railways because our children deserve trains"


def occurrence(uid, words=14, published="2025-03-04"):
    return Occurrence(uid, " ".join(TEXT.split()[:words]), published=published, language="en")


def test_canonical_is_the_fullest_then_the_earliest():
    members = [
        occurrence("a", 5),
        occurrence("b", 14, "2025-03-06"),
        occurrence("c", 14),
        occurrence("d", 14),
    ]
    assert canonical(members).uid == "c"
    assert canonical(reversed(members)).uid == "c"


def test_canonical_needs_members():
    with pytest.raises(ValueError, match="empty"):
        canonical([])


def test_a_new_group_gets_a_new_uid_and_keeps_it():
    occurrences = {uid: occurrence(uid) for uid in "ab"}
    first = reconcile({}, [("a",)], occurrences).statements[0].uid
    again = reconcile({"a": first}, [("a", "b")], occurrences)
    assert [s.uid for s in again.statements] == [first]
    assert again.redirects == {}


def test_a_merge_keeps_the_older_and_redirects_the_other():
    occurrences = {"a": occurrence("a", 5, "2025-03-01"), "b": occurrence("b", 14, "2025-03-02")}
    merged = reconcile({"a": "old", "b": "young"}, [("a", "b")], occurrences)
    assert [s.uid for s in merged.statements] == ["old"]
    assert merged.redirects == {"young": "old"}
    assert merged.statements[0].canonical == "b"


def test_a_split_leaves_the_uid_with_the_fullest_member():
    occurrences = {"a": occurrence("a", 5, "2025-03-01"), "b": occurrence("b", 14), "c": occurrence("c", 6)}
    split = reconcile(dict.fromkeys("abc", "kept"), [("a", "c"), ("b",)], occurrences)
    assert split.statements[1].uid == "kept"
    assert split.statements[0].uid not in ("kept", "")
    assert split.redirects == {}


def test_a_taken_uid_is_not_given_again():
    occurrences = {"a": occurrence("a")}
    first = reconcile({}, [("a",)], occurrences).statements[0].uid
    second = reconcile({}, [("a",)], occurrences, {first}).statements[0].uid
    assert second != first
    assert reconcile({}, [("a",)], occurrences, {first}).statements[0].uid == second


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=8), st.lists(st.integers(0, 3), min_size=8, max_size=8)
)
def test_reconciling_its_own_result_changes_nothing(old, new):
    occurrences = {f"{n}": occurrence(f"{n}", 3 + n, f"2025-03-{10 - n:02}") for n in range(len(old))}
    previous = {f"{n}": f"s{statement}" for n, statement in enumerate(old)}
    groups = {}
    for n in range(len(old)):
        groups.setdefault(new[n], []).append(f"{n}")
    once = reconcile(previous, groups.values(), occurrences)
    now = {uid: statement.uid for statement in once.statements for uid in statement.members}
    assert len({statement.uid for statement in once.statements}) == len(groups)
    again = reconcile(now, groups.values(), occurrences, set(once.redirects))
    assert again.statements == once.statements
    assert again.redirects == {}
    assert set(previous.values()) <= set(once.redirects) | {s.uid for s in once.statements}


PREFERRED = [
    (
        "verbatim before reported",
        [("Das sei keine Frage des Mutes.", "indirect"), ("Das ist keine Frage des Mutes", "direct")],
        1,
    ),
    (
        "plain before edited",
        [
            ("Er kenne [die Zahlen] des Hafens nicht", "direct"),
            ("Er kenne sie, die Zahlen des Hafens, nicht", "direct"),
        ],
        1,
    ),
    (
        "much fuller before verbatim",
        [("keine Frage", "direct"), ("dies sei keine Frage des Mutes, sondern der Rechnung", "indirect")],
        1,
    ),
]


@pytest.mark.parametrize(
    ("texts", "best"), [case[1:] for case in PREFERRED], ids=[case[0] for case in PREFERRED]
)
def test_the_canonical_wording_is_the_speakers_own_where_nearly_as_full(texts, best):
    members = [Occurrence(f"o{n}", text, type=kind, language="de") for n, (text, kind) in enumerate(texts)]
    assert canonical(members).uid == canonical(members[::-1]).uid == f"o{best}"
