"""Every cap of the door, with its unit, and the one exception that carries a refusal to it."""

from __future__ import annotations

MAX_TEXT = 2_000_000
"""Code points of one article. The longest novels stay below it; a news article has some 5,000."""

MAX_TITLE = 160
"""Code points of a first line that may still be a headline."""

MAX_DOCUMENT = 20_000_000
"""Bytes of one unpacked text, feed or XML document."""

MAX_LINE = 32_000_000
"""Bytes of one JSONL line: MAX_TEXT in JSON's longest escapes, and room for its quotes."""

MAX_URL = 4_096
"""Code points of a URL."""

MAX_STREAM = 64_000_000_000
"""Bytes that one compressed file may unpack to when it is read record by record."""

MAX_RATIO = 250
"""Unpacked bytes per packed byte, once FREE_UNPACKED is passed. Text packs at 3 to 20."""

FREE_UNPACKED = 8_000_000
"""Unpacked bytes of one file that MAX_RATIO does not judge."""

FREE_ARCHIVE = 64_000_000
"""Unpacked bytes of all packings of one named document together that MAX_RATIO does not judge."""

MAX_DEPTH = 4
"""Packings and archives that a document may lie in, e.g. mail → zip → tar → gzip."""

MAX_MEMBERS = 1_000_000
"""Documents in the archives of one named document."""

MAX_DIRECTORY = 16_000_000
"""Bytes of a zip archive's directory: some 150,000 files. zipfile holds it in 15 times as much memory."""

MAX_ARCHIVE = 4_000_000_000
"""Bytes of a zip archive that comes as a stream and is put into a temporary file."""

MAX_XZ_MEMORY = 128 << 20
"""Bytes of memory that unpacking xz may take; `xz -9` asks for 65 MiB."""

MAX_NAME = 300
"""Code points of a file's name inside an archive, in origins."""

MAX_PAGES = 2_000
"""Pages of one PDF document."""

MAX_COLUMNS = 200
"""Columns of a table."""

MAX_IDS = 1_000_000
"""Ids of one JSONL file or table that are remembered to find those that stand twice: some 150 MB."""

MAX_PAGE = 5_000_000
"""Bytes of one unpacked HTML page. News pages have 50,000 to 2,000,000."""

MAX_FEED = 5_000_000
"""Bytes of one feed. feedparser takes some 5 s for each million."""

MAX_ELEMENTS = 50_000
"""Elements of one HTML page. News pages have 500 to 10,000; trafilatura takes some 100 µs for each."""

MAX_ATTRIBUTES = 1_000
"""Attributes of one HTML element."""

MAX_HOPS = 4
"""Links from what the user named to an article, e.g. site map index → site map → page."""

MAX_LINKS = 100_000
"""Links followed for one source that the user named."""

MAX_ITEMS = 10_000
"""Items of one feed, or of one NewsML message."""

HEAD = 65_536
"""Bytes looked at to tell one format from another."""


class Refused(Exception):  # noqa: N818  (a refusal is what it is)
    """A document that cannot be taken in; the message is the reason of its Failure."""
