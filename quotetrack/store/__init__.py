"""The archive in SQLite, and the only code that writes it."""

from quotetrack.store.clustering import Clusterer, ClusterReport
from quotetrack.store.connection import BusyError, StoreError
from quotetrack.store.export import export
from quotetrack.store.record import Recorded
from quotetrack.store.redirects import Resolved
from quotetrack.store.store import Store, open_store

__all__ = [
    "BusyError",
    "ClusterReport",
    "Clusterer",
    "Recorded",
    "Resolved",
    "Store",
    "StoreError",
    "export",
    "open_store",
]
