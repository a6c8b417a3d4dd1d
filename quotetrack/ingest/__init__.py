"""The door of the house: bytes from anywhere → Articles, and a Failure for what cannot come in."""

from __future__ import annotations

from quotetrack.ingest.canonical import canonical_url
from quotetrack.ingest.language import identify_language
from quotetrack.ingest.read import read
from quotetrack.ingest.source import Kind
from quotetrack.ingest.trail import Web
from quotetrack.ingest.visits import Visits

__all__ = ["Kind", "Visits", "Web", "canonical_url", "identify_language", "read"]
