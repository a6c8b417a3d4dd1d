"""What is known of URLs from earlier visits, and what this run learns of them.

A visit is only remembered when everything that came of it is in the archive: a feed of which one article
could not be stored is asked for whole the next time, and so is everything after a kill.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from quotetrack.types import Article, Failure, Visit


@dataclass(slots=True)
class Below:
    """What one document led to.

    awaited: origins of all articles read and not yet in the archive; origins: of those below this document.
    visit: set when it was read whole. incomplete: something below it could not be had this time, and may be
    had the next.
    """

    awaited: set[str]
    visit: Visit | None = None
    origins: set[str] = field(default_factory=set)
    incomplete: bool = False

    def take(self, item: Article | Failure) -> Article | Failure:
        """Note an article that is handed on."""
        if isinstance(item, Article):
            self.origins.add(item.origin)
            self.awaited.add(item.origin)
        return item


def _now() -> datetime:
    return datetime.now(UTC)


class Visits:
    """The visits of former runs and of this one.

    recall: URL → its last visit. patient: leave documents alone while they are fresh, as a watch does;
    otherwise each is asked for, though not sent again when it is the same.
    """

    def __init__(
        self,
        recall: Callable[[str], Visit | None] = lambda _: None,
        *,
        patient: bool = False,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._recall = recall
        self._patient = patient
        self._clock = clock
        self._ended: list[Below] = []
        self._awaited: set[str] = set()
        self.unchanged = 0
        """Documents that were the same as at the last visit, or still fresh."""

    def last(self, url: str) -> Visit | None:
        return self._recall(url)

    def rests(self, visit: Visit | None) -> bool:
        """Whether a document need not be asked for now."""
        return self._patient and visit is not None and visit.fresh_until > _written(self._clock())

    def until(self, seconds: float) -> str:
        """The moment so many seconds from now, as a visit writes it."""
        return _written(self._clock() + timedelta(seconds=seconds))

    @contextmanager
    def below(self) -> Iterator[Below]:
        """Collects what one document leads to; counts when the block ends by itself."""
        below = Below(self._awaited)
        yield below
        if below.visit is not None and not below.incomplete:
            self._ended.append(below)

    def arrived(self, article: Article) -> None:
        """The archive has this article."""
        self._awaited.discard(article.origin)

    def completed(self) -> list[Visit]:
        """The visits whose articles have all arrived, each once."""
        done = [below for below in self._ended if not below.origins & self._awaited]
        self._ended = [below for below in self._ended if below.origins & self._awaited]
        return [below.visit for below in done if below.visit is not None]


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
