"""quotetrack: who said what, where, and since when."""

__version__ = "0.1.0"
