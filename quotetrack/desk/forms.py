"""A form that an editor sent → the correction it asks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quotetrack.ingest.limits import Refused
from quotetrack.ingest.roster import qid
from quotetrack.store.corrections import (
    Affiliate,
    Correction,
    Identify,
    JoinStatements,
    KeepApart,
    MergePeople,
    PartStatements,
    Reassign,
    Reinstate,
    Rename,
    SplitPerson,
    SplitStatement,
    Withdraw,
)
from quotetrack.types import PersonKind

LONGEST = 1000  # code points of a field
_UID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KINDS: dict[str, PersonKind] = {"person": "person", "organisation": "organisation", "group": "group"}

Form = Mapping[str, Sequence[str]]


class FormError(ValueError):
    """What is missing or wrong in a form, in words for who filled it in."""


def correction_of(form: Form) -> Correction:
    """Of the fields "action" and those that the action needs. Raises FormError."""
    build = _ACTIONS.get(field(form, "action"))
    if build is None:
        raise FormError("no such correction")
    return build(form)


def field(form: Form, name: str, *, needed: str = "") -> str:
    """The first value, without spaces around it. needed: how the form calls it, when it must not be empty."""
    text = (form.get(name) or [""])[0].strip()
    if len(text) > LONGEST:
        raise FormError(f"{name} is longer than {LONGEST} characters")
    if needed and not text:
        raise FormError(f"{needed} is missing")
    return text


def uid(form: Form, name: str, *, needed: str) -> str:
    """A uid, or the address of a page that ends in one."""
    text = field(form, name, needed=needed).split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    if not _UID.fullmatch(text):
        raise FormError(f"{needed} is neither a uid nor the address of a page")
    return text


@dataclass(frozen=True, slots=True)
class Sought:
    """Somebody or something that a form names in words. field: of the form; typed: the words there."""

    kind: Literal["person", "statement"]
    field: str
    typed: str

    @property
    def bare(self) -> bool:
        """Whether it may be a uid as well."""
        return bool(_UID.fullmatch(self.typed))


def sought(form: Form) -> Sought | None:
    """What a form wants the address or uid of and may have in words; None where there is nothing to ask.

    A speaker's name is asked about unless "new" says that nobody of the archive is meant. Raises FormError.
    """
    action = field(form, "action")
    if action in _PAIRS and (typed := field(form, "other")) and "/" not in typed:
        return Sought(_PAIRS[action], "other", typed)
    typed = field(form, "speaker")
    settled = field(form, "unknown") or field(form, "new") or "/person/" in typed
    if action == "reassign" and typed and not settled and field(form, "kind") in ("", "person"):
        return Sought("person", "speaker", typed)
    return None


def _chosen(form: Form) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(form.get("quote") or ()))
    if not found:
        raise FormError("no quote is chosen")
    return found


def _reassign(form: Form) -> Correction:
    quote, whom = uid(form, "uid", needed="the quote"), field(form, "speaker")
    if field(form, "unknown"):
        return Reassign(quote)
    if not whom:
        raise FormError("the speaker is missing; nobody known: tick “unknown”")
    if "/person/" in whom:
        return Reassign(quote, person=uid(form, "speaker", needed="the speaker"))
    return Reassign(quote, name=whom, kind=_KINDS.get(field(form, "kind"), "person"))


def _identify(form: Form) -> Correction:
    try:
        wikidata = qid(field(form, "wikidata"))
    except Refused as refused:
        raise FormError(str(refused)) from refused
    return Identify(uid(form, "uid", needed="the person"), wikidata)


def _affiliate(form: Form) -> Correction:
    organisation, role = field(form, "organisation") or None, field(form, "role") or None
    return Affiliate(uid(form, "uid", needed="the quote"), organisation, role)


_PAIRS: dict[str, Literal["person", "statement"]] = {
    "merge": "person",
    "apart": "person",
    "join": "statement",
    "part": "statement",
}
_ACTIONS: dict[str, Callable[[Form], Correction]] = {
    "withdraw statement": lambda form: Withdraw("statement", uid(form, "uid", needed="the statement")),
    "withdraw quote": lambda form: Withdraw("occurrence", uid(form, "uid", needed="the quote")),
    "reinstate statement": lambda form: Reinstate("statement", uid(form, "uid", needed="the statement")),
    "reinstate quote": lambda form: Reinstate("occurrence", uid(form, "uid", needed="the quote")),
    "reassign": _reassign,
    "affiliate": _affiliate,
    "identify": _identify,
    "rename": lambda form: Rename(
        uid(form, "uid", needed="the person"), field(form, "name", needed="the name")
    ),
    "merge": lambda form: MergePeople(
        uid(form, "uid", needed="the person"), uid(form, "other", needed="the other person")
    ),
    "apart": lambda form: KeepApart(
        uid(form, "uid", needed="the person"), uid(form, "other", needed="the other person")
    ),
    "split person": lambda form: SplitPerson(
        uid(form, "uid", needed="the person"), _chosen(form), field(form, "name", needed="the name")
    ),
    "join": lambda form: JoinStatements(
        uid(form, "uid", needed="the statement"), uid(form, "other", needed="the other statement")
    ),
    "part": lambda form: PartStatements(
        uid(form, "uid", needed="the statement"), uid(form, "other", needed="the other statement")
    ),
    "split": lambda form: SplitStatement(uid(form, "uid", needed="the statement"), _chosen(form)),
}
