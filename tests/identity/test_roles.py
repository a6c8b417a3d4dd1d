from __future__ import annotations

import pytest

from quotetrack.identity import exclude_each_other, sectors, standing_of

STANDINGS = [  # role, organisation, sector, former
    ("Trainer", None, "sport", False),
    ("Cheftrainerin", None, "sport", False),
    ("head coach", None, "sport", False),
    ("Virologe", None, "research", False),
    ("norländische Verkehrsminister", None, "government", False),
    ("Sen.", None, "parliament", False),
    ("ehemaliger Trainer", None, "sport", True),
    ("former head coach", None, "sport", True),
    ("Finanzminister a.D.", None, "government", True),
    ("Ex-Ministerin", None, "government", True),
    ("Sprecherin", None, None, False),
    ("Sprecherin", "Polizei Hohenbruck", "police", False),
    ("spokesman", "Brinewater University Hospital", "research", False),
    ("Kapitän", None, None, False),
    ("Schiedsrichter", None, None, False),
    ("Richterin", None, "court", False),
    ("CEO", "Red Cross", "NGO", False),
    ("CEO", "Hansung", "company", False),
    ("secretary general", None, None, False),
    ("attorney general", None, "court", False),
    ("senior fellow", "Foundation for Coastal Studies", "think tank", False),
    ("resident", None, "citizen", False),
    ("", "运河部", None, False),
    (None, None, None, False),
]


@pytest.mark.parametrize(("role", "organisation", "sector", "former"), STANDINGS)
def test_sectors_of_roles(role, organisation, sector, former) -> None:
    found = standing_of(role, organisation)
    assert (found.sector, found.former) == (sector, former)


def test_a_known_kind_decides_where_the_role_says_nothing() -> None:
    assert standing_of("Sprecher", "Kreml", "government").sector == "government"
    assert standing_of("Trainer", "Kreml", "government").sector == "sport"


def test_what_excludes() -> None:
    assert exclude_each_other({"sport"}, {"research", "party"}) == ("sport", "research")
    assert exclude_each_other({"sport"}, {"media"}) is None
    assert {
        "government",
        "party",
        "military",
        "company",
        "research",
        "think tank",
        "NGO",
        "media",
        "citizen",
    } <= set(sectors())
