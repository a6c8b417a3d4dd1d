"""The cast of an article: who is named in it, every mention of them, and how each is introduced."""

from __future__ import annotations

from quotetrack.cast.cast import Cast, read_cast
from quotetrack.cast.fronted import Introduction
from quotetrack.cast.people import Figure
from quotetrack.cast.roles import RolePhrase
from quotetrack.cast.source import Shape, Source
from quotetrack.cast.sources import read_source

__all__ = ["Cast", "Figure", "Introduction", "RolePhrase", "Shape", "Source", "read_cast", "read_source"]
