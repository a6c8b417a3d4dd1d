"""What the source of a quote says, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quotetrack.cast.organisations import Body
from quotetrack.cast.people import Figure
from quotetrack.cast.roles import RolePhrase

Shape = Literal[
    "person", "organisation", "role", "members", "pronoun", "relative", "echo", "several", "unknown"
]


@dataclass(frozen=True, slots=True)
class Source:
    """What a source says. start: word where its core begins; the fields that its shape does not use are None.

    shape: "person" (figure), "organisation" (body), "role" (phrase; definite: "the minister"),
    "members" of a party, nameless (party), "pronoun" (pronoun; party of "the Norland Republican"),
    "relative" ("who"), "echo" ("demnach", "own"), "several" (members), "unknown".
    """

    shape: Shape
    start: int
    figure: Figure | None = None
    body: Body | None = None
    phrase: RolePhrase | None = None
    definite: bool = False
    indefinite: bool = False
    party: str = ""
    pronoun: str = ""
    members: tuple[Figure, ...] = ()
