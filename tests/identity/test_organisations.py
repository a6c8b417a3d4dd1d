from __future__ import annotations

from pathlib import Path

import pytest

from quotetrack.identity import (
    CatalogueError,
    Organisation,
    catalogue_at,
    catalogue_of,
    fold,
    own_catalogue,
    sectors,
)
from quotetrack.identity.organisations import read_organisations
from quotetrack.paths import data_path

OWN = read_organisations(data_path("organisations.toml"))

ONE = [  # names of one organisation
    ("FDD", "Foundation for Defense of Democracies"),
    ("Auswärtiges Amt", "German Foreign Office", "German Foreign Ministry", "Bundesaußenministerium"),
    ("WHO", "Weltgesundheitsorganisation", "World Health Organization"),
    ("EZB", "ECB", "Europäische Zentralbank", "European Central Bank"),
    ("Vereinte Nationen", "United Nations", "UNO", "ООН", "联合国"),
]


@pytest.mark.parametrize("names", ONE)
def test_names_of_one_organisation(names: tuple[str, ...]) -> None:
    assert len({own_catalogue().find(name) for name in names} - {None}) == 1
    assert all(own_catalogue().find(name) for name in names)


def test_the_table_that_ships() -> None:
    assert len(OWN) >= 150
    owners: dict[str, str] = {}
    for entry in OWN:
        assert entry.kind in sectors(), entry.name
        for name in {fold(name) for name in (entry.name, *entry.names)}:
            assert owners.setdefault(name, entry.name) == entry.name, f"{name}: two organisations"
    assert None not in own_catalogue().acronyms.values(), "an acronym of two"


def test_acronyms_are_compared_letter_by_letter() -> None:
    assert own_catalogue().find("BUND") is not None
    assert own_catalogue().find("Bund") is None


def test_an_acronym_of_two_means_neither() -> None:
    two = catalogue_of(
        [Organisation("Dock Union", acronyms=("DU",)), Organisation("Dune Union", acronyms=("DU",))]
    )
    assert two.find("DU") is None


def test_a_file_of_ones_own_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "news.organisations.toml"
    path.write_text(
        'organisation = [{name = "Fictional Dock Department", acronyms = ["FDD"], kind = "government"}]'
    )
    found = catalogue_at(path)
    assert found.find("FDD") == Organisation("Fictional Dock Department", (), ("FDD",), "government")
    assert found.find("World Health Organization") is not None


REFUSED = {
    "organisation = 3": "expected a list",
    "organisation = [{}]": "organisation 1: has no name",
    'organisation = [{name = "A", alias = "B"}]': "organisation 1 (A): unknown alias",
    'organisation = [{name = "A", names = "B"}]': "names is no list",
    'organisation = [{name = "A", kind = "circus"}]': "'circus' is none of",
    'organisation = [{name = "A", wikidata = "458"}]': "no QID such as Q458",
    "organisation = [": "Invalid",
}


@pytest.mark.parametrize("text", REFUSED)
def test_broken_tables_are_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "organisations.toml"
    path.write_text(text)
    with pytest.raises(CatalogueError) as refused:
        catalogue_at(path)
    assert REFUSED[text] in str(refused.value)
    assert str(path) in str(refused.value)
