"""Where a statement was seen: one occurrence in its article, reprints folded under the original."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quotetrack.plugin.archive import Row
from quotetrack.plugin.differences import same_words
from quotetrack.plugin.links import text_fragment, web_url
from quotetrack.plugin.passage import Piece, Spans, pieces, read_spans
from quotetrack.plugin.wording import clock, day, later
from quotetrack.queries import UNKNOWN

WEB_ARCHIVE = "https://web.archive.org/web/{}/{}"  # of a day (yyyymmdd) and an address
UNCERTAIN = 0.5  # confidence, 0 to 1: below, a quote is as likely wrong as right, and marked so


@dataclass(frozen=True, slots=True)
class Seen:
    """One occurrence as the pages show it. link: into the article at the quote; None without an address.

    copy: where a copy of the article is kept, when that is known.
    """

    row: Row
    pieces: list[Piece]
    spans: Spans
    link: str | None
    later: str
    copy: str | None = None

    @property
    def day(self) -> str:
        return day(self.row["published"])

    @property
    def clock(self) -> str:
        return clock(self.row["published"])

    @property
    def outlet(self) -> str:
        return self.row["outlet"] or "unknown outlet"

    @property
    def speaker(self) -> str:
        return self.row["speaker"] or UNKNOWN

    @property
    def affiliation(self) -> str:
        return ", ".join(filter(None, (self.row["role"], self.row["organisation"])))

    @property
    def copies(self) -> str | None:
        """Where a web archive would list its copies of the article, nearest to the day of publication."""
        url = web_url(self.row["url"])
        return url and WEB_ARCHIVE.format(re.sub(r"\D", "", (self.row["published"] or "")[:10]) or "*", url)

    @property
    def uncertain(self) -> bool:
        return bool(self.row["confidence"] < UNCERTAIN)


@dataclass(slots=True)
class Told:
    """An occurrence and those in reprints of the same article, which repeat it and are folded away."""

    first: Seen
    reprints: list[Seen] = field(default_factory=list)

    @property
    def outlets(self) -> list[str]:
        return list(dict.fromkeys(seen.outlet for seen in self.reprints))


def see(row: Row, first: str | None = None, copy: str | None = None) -> Seen:
    """An occurrence row as it is shown. first: when its statement was first published; copy: see `Seen`."""
    url = web_url(row["url"])
    link = url and text_fragment(url, row["quoted"], row["passage_before"], row["passage_after"])
    return Seen(
        row, pieces(row), read_spans(row["spans"]), link, later(first, row["published"]), web_url(copy)
    )


def tell(seen: Sequence[Seen]) -> list[Told]:
    """Occurrences in order of time; those of reprints with the earliest of their article.

    A reprint of other words (an outlet cut the quote), or of another speaker, stands for itself.
    """
    told: dict[tuple[object, ...], Told] = {}
    for each in seen:
        article = each.row["reprint_of"] or each.row["article_id"]
        key = article, same_words(each.row["content"]), each.row["speaker"]
        if key in told:
            told[key].reprints.append(each)
        else:
            told[key] = Told(each)
    return list(told.values())
