"""Following links: feeds and lists to pages, several hosts at a time, results in the links' order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from quotetrack.ingest.canonical import canonical_url
from quotetrack.ingest.fetch import MAX_DOWNLOAD, Absent, Fetched, Fetcher, Unchanged
from quotetrack.ingest.limits import MAX_DOCUMENT, MAX_HOPS, MAX_LINKS, Refused
from quotetrack.ingest.source import PAGES, Found, Kind, Link, Source
from quotetrack.ingest.visits import Below, Visits
from quotetrack.types import Article, Failure, Visit

AHEAD = 8
"""Documents asked for while an earlier one is read. A host is asked one at a time all the same."""

RECHECK = 21_600.0
"""Seconds before a watch asks for an article's page again, in case its outlet changed it."""

_LONGEST = 500  # code points of a validator worth keeping
_DAY = len("2025-03-04")

ReadDocument = Callable[[Source, Kind, frozenset[Kind]], Found]


class Web:
    """What runs share that read from the web. Close it at the end.

    fetcher: knows the hosts' rules and paces. visits: what is known of documents fetched before.
    """

    def __init__(self, fetcher: Fetcher, visits: Visits | None = None) -> None:
        self.fetcher = fetcher
        self.visits = visits or Visits()
        self._threads = ThreadPoolExecutor(AHEAD, thread_name_prefix="fetch")

    def ask(self, link: Link, kind: Kind, known: Visit | None) -> Future[Asked]:
        return self._threads.submit(self._ask, link, kind, known)

    def _ask(self, link: Link, kind: Kind, known: Visit | None) -> Asked:
        limit = MAX_DOCUMENT if link.kinds == PAGES else MAX_DOWNLOAD
        body = ExitStack()
        answer: Fetched | Refused | Unchanged
        try:
            answer = body.enter_context(self.fetcher.fetch(link.url, limit, known))
        except (Refused, Unchanged) as told:
            answer = told
        return Asked(link, kind, known, answer, body)

    def close(self) -> None:
        """Stop: what is being fetched is given up, nothing more is asked for."""
        self.fetcher.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """A document asked for. known: its last visit; body: what has to be closed after reading."""

    link: Link
    kind: Kind
    known: Visit | None
    answer: Fetched | Refused | Unchanged
    body: ExitStack


@dataclass(frozen=True, slots=True)
class Trail:
    """How links are followed for one source that the user named. seen: canonical URLs asked for."""

    web: Web
    read: ReadDocument
    seen: set[str] = field(default_factory=set)

    def follow(
        self, links: Found, kind: Kind = "auto", above: Below | None = None, hops: int = 0
    ) -> Iterator[Article | Failure]:
        """`links` with every Link replaced by what its target holds.

        kind: the format of the targets, if the user said so. above: collects what came of them.
        """
        waiting: deque[Article | Failure | Future[Asked]] = deque()
        try:
            for found in links:
                if isinstance(found, Link) and len(self.seen) >= MAX_LINKS:
                    rest = f"more than {MAX_LINKS:,} links: the rest is left out"
                    waiting.append(Failure(found.origin, rest))
                    break
                waiting.extend(self._asked(found, kind, hops))
                while waiting and (len(waiting) > AHEAD or not isinstance(waiting[0], Future)):
                    yield from self._taken(waiting.popleft(), above, hops)
            while waiting:
                yield from self._taken(waiting.popleft(), above, hops)
        finally:
            for left in waiting:
                if isinstance(left, Future) and not left.cancel():
                    left.add_done_callback(lambda done: done.result().body.close())

    def _asked(
        self, found: Article | Failure | Link, kind: Kind, hops: int
    ) -> Iterator[Article | Failure | Future[Asked]]:
        """What was found, a link as the document it leads to; nothing for one asked for before."""
        if not isinstance(found, Link):
            yield found
        elif hops == MAX_HOPS:
            yield Failure(found.origin, f"{found.url}: more than {MAX_HOPS} links away from the source")
        elif (address := canonical_url(found.url)) not in self.seen:
            self.seen.add(address)
            known = self.web.visits.last(found.url)
            if self.web.visits.rests(known):
                self.web.visits.unchanged += 1
            else:
                yield self.web.ask(found, kind, known)

    def _taken(
        self, found: Article | Failure | Future[Asked], above: Below | None, hops: int
    ) -> Iterator[Article | Failure]:
        below = None
        if isinstance(found, Future):
            asked = found.result()
            with asked.body, self.web.visits.below() as below:
                items = self.follow(self._document(asked, below), "auto", below, hops + 1)
                yield from items if above is None else map(above.take, items)
        else:
            yield found if above is None else above.take(found)
        if above is not None and below is not None:
            above.incomplete |= below.incomplete

    def _document(self, asked: Asked, below: Below) -> Found:
        """What the document behind a link holds; `below` learns how the visit went."""
        link, answer, visits = asked.link, asked.answer, self.web.visits
        least = RECHECK if link.kinds == PAGES else 0.0
        match answer:
            case Fetched():
                source = Source(link.url, answer.stream, answer.url, answer.url, answer.charset)
                unread = False
                for found in self.read(source, asked.kind, link.kinds):
                    unread |= isinstance(found, Failure)
                    yield hinted(found, link.hint) if isinstance(found, Article) else found
                until = visits.until(max(answer.fresh, least))
                etag, modified = _kept(answer.etag), _kept(answer.modified)
                if unread and link.kinds == PAGES:  # a newer version may read it: let it be sent again
                    etag = modified = None
                below.visit = Visit(link.url, answer.url, etag, modified, until)
            case Unchanged():
                visits.unchanged += 1
                if asked.known is not None:
                    until = visits.until(max(answer.fresh, least))
                    below.visit = replace(asked.known, fresh_until=until)
            case Absent():
                if least:
                    below.visit = Visit(link.url, link.url, None, None, visits.until(least))
                yield Failure(link.url, str(answer))
            case Refused():
                below.incomplete = True
                yield Failure(link.url, str(answer))


def _kept(validator: str | None) -> str | None:
    return validator if validator and len(validator) <= _LONGEST else None


def hinted(article: Article, hint: Article | None) -> Article:
    """`article` with what its page left open filled from what the feed or site map says of it."""
    if hint is None:
        return article
    moment = (
        hint.published if article.published is None or len(article.published) == _DAY else article.published
    )
    return replace(
        article,
        title=article.title or hint.title,
        author=article.author or hint.author,
        outlet=article.outlet or hint.outlet,
        language=article.language or hint.language,
        published=moment or article.published,
        extra={**hint.extra, **article.extra},
    )
