"""Who is who across articles: names → keys → candidates → score → decision. Pure, but for its data."""

from quotetrack.identity.folding import fold
from quotetrack.identity.keys import keys_of
from quotetrack.identity.names import PersonName, read_name
from quotetrack.identity.organisations import (
    Catalogue,
    CatalogueError,
    Organisation,
    catalogue_at,
    catalogue_of,
    own_catalogue,
)
from quotetrack.identity.profiles import Judged, Mention, Profile, Resolution, profile_of
from quotetrack.identity.register import Register, resolve_all
from quotetrack.identity.resolve import Archive, parts_of_name, refusal, resolve
from quotetrack.identity.roles import Standing, exclude_each_other, sectors, standing_of

__all__ = [
    "Archive",
    "Catalogue",
    "CatalogueError",
    "Judged",
    "Mention",
    "Organisation",
    "PersonName",
    "Profile",
    "Register",
    "Resolution",
    "Standing",
    "catalogue_at",
    "catalogue_of",
    "exclude_each_other",
    "fold",
    "keys_of",
    "own_catalogue",
    "parts_of_name",
    "profile_of",
    "read_name",
    "refusal",
    "resolve",
    "resolve_all",
    "sectors",
    "standing_of",
]
