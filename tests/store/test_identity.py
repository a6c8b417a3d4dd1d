from __future__ import annotations

import pytest

from quotetrack.store.identity import body_identity, fold, is_bare, organisation_identity

# name -> whether it alone names no body in particular
NAMES = {
    "Ministerium": True,
    "Innenministerium": True,
    "Partei": True,
    "Fraktion": True,
    "Stadt": True,
    "ministry": True,
    "interior ministry": True,
    "court": True,
    "government": True,
    "Police": True,
    "Umweltministerium Norland": False,
    "Norland Police": False,
    "Reederei Ankerlund": False,
    "Kreml": False,
    "White House": False,
    "ndr.de": False,
    "": False,
}


@pytest.mark.parametrize("name", NAMES)
def test_bare_names(name: str) -> None:
    assert is_bare(name, fold(name)) is NAMES[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name])
def test_bare_names_stay_within_their_article(name: str) -> None:
    one, other = (body_identity(name, "organisation", article) for article in ("a", "b"))
    assert (one != other) is NAMES[name]
    assert (organisation_identity(name, (), "a") != organisation_identity(name, (), "b")) is NAMES[name]


def test_a_leading_article_makes_no_other_body() -> None:
    same = {organisation_identity(name, {"the"}, "a") for name in ("The ministry", "ministry")}
    assert same == {"ministry@a"}
