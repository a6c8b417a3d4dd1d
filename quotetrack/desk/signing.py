"""Who is signed in, and whether a form came from our own pages."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST = 20  # characters of a token: not to be guessed


class TokensError(ValueError):
    """A file of tokens that cannot be used: which line, and why."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """names: token -> who signs with it."""

    names: Mapping[str, str] = field(default_factory=dict)

    def whose(self, token: str) -> str | None:
        """Compared in constant time: how long it takes tells nothing of a token."""
        found = None
        for known, name in self.names.items():
            if hmac.compare_digest(known.encode("utf-8"), token.encode("utf-8", "replace")):
                found = name
        return found


def read_tokens(path: Path) -> Tokens:
    """Lines "NAME TOKEN"; "#" begins a comment. Raises TokensError, OSError."""
    names: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, _, token = text.rpartition(" ")
        if not name.strip():
            raise TokensError(f"{path}:{number}: a line is a name, a space and a token")
        if len(token) < SHORTEST:
            raise TokensError(f"{path}:{number}: a token needs {SHORTEST} characters")
        if token in names:
            raise TokensError(f"{path}:{number}: the token of {names[token]} again")
        names[token] = name.strip()
    if not names:
        raise TokensError(f"{path}: no tokens; a line is a name, a space and a token")
    return Tokens(names)


def foreign(headers: Mapping[str, str]) -> bool:
    """Whether another site made a browser send this. headers: names in lower case."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
