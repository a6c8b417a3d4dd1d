from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.ingest.dates import iso_date

CASES = [
    ("2025-03-04", "2025-03-04"),
    ("20250304", "2025-03-04"),
    ("2025-03-04T10:00:00Z", "2025-03-04T10:00:00Z"),
    ("2025-03-04T10:00:00.123+01:00", "2025-03-04T09:00:00Z"),
    ("2025-03-04 10:00", "2025-03-04T10:00:00"),
    ("Tue, 04 Mar 2025 10:00:00 +0100", "2025-03-04T09:00:00Z"),
    ("20250304T100000+0100", "2025-03-04T09:00:00Z"),
    ("20250304T1000Z", "2025-03-04T10:00:00Z"),
    (" 2025-03-04 ", "2025-03-04"),
    ("04.03.2025", "2025-03-04"),
    ("4. 3. 2025", "2025-03-04"),
    ("4.3.2025, 9:05", "2025-03-04T09:05:00"),
    ("4. März 2025", "2025-03-04"),
    ("Dienstag, 4. März 2025", "2025-03-04"),
    ("4. März 2025 um 10:30 Uhr", "2025-03-04T10:30:00"),
    ("March 4, 2025", "2025-03-04"),
    ("Mar. 4, 2025 at 1:05 pm", "2025-03-04T13:05:00"),
    ("4 mars 2025", "2025-03-04"),
    ("32. März 2025", None),
    ("4 Harbours 2025", None),
    ("31.2.2025", None),
    ("4.3.25", None),
    ("2025-02-30", None),
    ("0001-01-01T00:00:00+14:00", None),
    ("yesterday", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("value", "iso"), CASES)
def test_iso_date(value: str | None, iso: str | None) -> None:
    assert iso_date(value) == iso


@given(st.text(st.sampled_from("0123456789-:TZ+. ,MarTue"), max_size=40) | st.text(max_size=70))
def test_never_raises_and_is_stable(value: str) -> None:
    iso = iso_date(value)
    assert iso is None or iso_date(iso) == iso
