import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.cluster.names import read_speaker, relation


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Anna Weber", "Weber", "same"),
        ("Anna Weber", "Ms. Weber", "same"),
        ("Außenministerin Anna Weber", "A. Weber", "same"),
        ("WEBER, Anna", "Anna Weber", "same"),
        ("Anna Weber, Mayor of Kolstadt", "Mayor Weber", "same"),
        ("John Q. Kolman Jr.", "Kolman", "same"),
        ("José Olidis", "Jose Olidis", "same"),
        ("Xi Jinping", "Xi", "same"),
        ("Anna Weber", "Bernd Weber", "different"),
        ("Anna Weber", "Anna Lang", "different"),
        ("Anna Weber", None, "unknown"),
        ("Anna Weber", "The President", "unknown"),
        ("Anna Weber", "123", "unknown"),
    ],
)
def test_relation(a, b, expected):
    assert relation(read_speaker(a), read_speaker(b)) == expected
    assert relation(read_speaker(b), read_speaker(a)) == expected


@given(st.text(max_size=60))
def test_any_string_is_read(name):
    speaker = read_speaker(name)
    assert speaker is None or speaker.family
