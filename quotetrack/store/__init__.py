"""The archive in SQLite, and the only code that writes it."""

from quotetrack.store.connection import StoreError
from quotetrack.store.record import Recorded
from quotetrack.store.store import Store, open_store

__all__ = ["Recorded", "Store", "StoreError", "open_store"]
