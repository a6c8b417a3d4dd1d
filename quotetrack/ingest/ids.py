"""Ids that stand twice in one file: the second text is not taken for a change of the first."""

from __future__ import annotations

from quotetrack.ingest.limits import MAX_IDS, Refused
from quotetrack.types import Article


class Ids:
    """The ids of a file's articles so far, at most MAX_IDS of them.

    outlet: the publisher that the user named for all of them, if any.
    """

    def __init__(self, outlet: str | None) -> None:
        self._outlet = outlet
        self._seen: dict[int, tuple[int, int]] = {}

    def checked(self, article: Article, number: int) -> Article:
        """`article`, the file's `number`th line; raises Refused when its outlet's id stood there before with
        another text.

        An article with an address goes by that, and one without an outlet by its text, so their ids may
        stand twice.
        """
        outlet = self._outlet or article.outlet
        if not article.doc_id or not outlet or article.canonical_url or article.url:
            return article
        key, text = hash((outlet, article.doc_id)), hash(article.text)
        first, known = self._seen.get(key, (number, text))
        if known != text:
            raise Refused(f"id {article.doc_id!r} stands twice with different texts, first in line {first}")
        if len(self._seen) < MAX_IDS:
            self._seen.setdefault(key, (number, text))
        return article
