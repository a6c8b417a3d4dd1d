"""Fetching documents politely and safely: checked addresses, robots.txt, pauses, limits, retries."""

from __future__ import annotations

import http.client
import re
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import SplitResult, urlsplit

from quotetrack import __version__
from quotetrack.ingest.addresses import ascii_host, loopback, resolve
from quotetrack.ingest.canonical import absolute, web_url
from quotetrack.ingest.exchange import Answer, Exchange, port_of
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.source import unzip
from quotetrack.types import Visit

if TYPE_CHECKING:
    from protego import Protego

NAME = "quotetrack"
"""What robots.txt calls us."""

CONTACT = "+https://pypi.org/project/quotetrack/"
"""Where a site's owner reads what this is, unless the user gives an address of their own."""

MAX_DOWNLOAD = 2_000_000_000
"""Bytes of one answer as sent. Web archives are the largest: about 1 GB each."""

MAX_ROBOTS = 500_000
"""Bytes of a robots.txt that are looked at (RFC 9309 asks for at least 500 KiB or about that)."""

MAX_REDIRECTS = 5

TRIES = 3
"""Requests for one URL when the server is busy or the connection fails."""

PAUSE = 1.0
"""Seconds between two requests to one host, where its robots.txt asks for no more."""

MAX_PAUSE = 60.0
"""Seconds a crawl delay or `Retry-After` may ask for; above, the document is refused instead."""

ROBOTS_SECONDS = 86_400.0
"""How long a robots.txt is believed (RFC 9309: not more than a day)."""

ROBOTS_RETRY_SECONDS = 600.0
"""How long a host is left alone whose robots.txt could not be read."""

MAX_FRESH = 86_400.0
"""Seconds that a server may have a document taken for fresh."""

_ADDRESSES = 3  # of a host that are tried

KEPT_HOSTS = 1_000
"""Hosts whose robots.txt and last visit are remembered."""

_IN_MEMORY = 4_000_000  # bytes of an answer kept in memory before it goes to a temporary file
_BUSY = frozenset((429, 500, 502, 503, 504))
_MOVED = frozenset((301, 302, 303, 307, 308))
_PHRASES = {
    401: "a login is asked for",
    402: "payment is asked for",
    403: "the server refuses to hand it out",
    404: "not found",
    410: "gone",
    451: "withheld for legal reasons",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


_ABSENT = range(400, 500)  # statuses that speak of the document, not of the server's present state …
_PASSING = frozenset((408, 421, 425, 429))  # … but these
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NO_CACHE = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)


class Absent(Refused):
    """The server answered for good: there is no such document, or it is not for us."""


class Unchanged(Exception):  # noqa: N818  (an answer, not an error)
    """The document is still what it was at the visit named; its message is empty.

    fresh: seconds for which the server has it taken for fresh.
    """

    def __init__(self, fresh: float) -> None:
        super().__init__()
        self.fresh = fresh


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer's body. url: where it came from in the end. charset: as its header declares.

    etag, modified: its validators; fresh: seconds for which the server has it taken for fresh.
    """

    url: str
    stream: BinaryIO
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None
    fresh: float = 0.0


@dataclass(slots=True)
class _Host:
    """What is remembered of one host: its rules, the pause between requests, the last request.

    Times are the clock's seconds. known_until: when the rules are to be read again; quiet_until: before
    that it asked not to be asked, for the reason in `quiet`. lock: one request at a time.
    """

    robots: Protego | None = None
    refusal: str | None = None
    known_until: float | None = None
    pause: float = PAUSE
    last: float | None = None
    quiet_until: float = 0.0
    quiet: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)


class Fetcher:
    """Fetches URLs, one after the other from each host; several threads may share it.

    allow_private: let it reach private and loopback addresses. contact: an address for site
    owners that goes into the user agent. sleep, clock: seconds, replaceable in tests.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        contact: str = CONTACT,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allow_private = allow_private
        self._agent = f"{NAME}/{__version__} ({contact})"
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._clock = clock
        self._hosts: OrderedDict[tuple[str, str], _Host] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Wait no longer and refuse whatever is still to be fetched; for other threads."""
        self._stopped.set()

    @contextmanager
    def fetch(self, url: str, limit: int = MAX_DOWNLOAD, known: Visit | None = None) -> Iterator[Fetched]:
        """GET `url`, redirects followed, and lend its body for the time of the `with` block.

        limit: bytes of the answer as sent. known: an earlier visit, whose document is not sent again
        while it is the same (RFC 9110, conditional requests); raises Unchanged then. Raises Absent when
        the server will not hand it out, Refused when it cannot be had now: each with the reason.
        """
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            body = cast(BinaryIO, spool)
            final, headers = self._followed(url, body, limit, known)
            charset = _CHARSET.search(headers.get("content-type", ""))
            yield Fetched(
                final,
                _plain(body, headers),
                charset[1] if charset else None,
                headers.get("etag"),
                headers.get("last-modified"),
                _fresh(headers),
            )

    def _followed(
        self, url: str, body: BinaryIO, limit: int, known: Visit | None
    ) -> tuple[str, Mapping[str, str]]:
        """Fetch `url` into `body`; returns the last URL and the headers of its answer."""
        for _ in range(MAX_REDIRECTS + 1):
            parts = _checked(url)
            self._addresses(parts)
            host = self._host(parts)
            if host.refusal:
                raise Refused(host.refusal)
            if host.robots is not None and not host.robots.can_fetch(url, NAME):
                raise Absent(f"{parts.netloc} asks robots not to fetch this address (robots.txt)")
            conditions = _conditions(known) if known and known.location == url else {}
            status, headers = self._patiently(parts, host, body, limit, conditions)
            if status == http.client.OK:
                return url, headers
            if status == http.client.NOT_MODIFIED and conditions:
                raise Unchanged(_fresh(headers))
            if status not in _MOVED:
                refuse = Absent if status in _ABSENT and status not in _PASSING else Refused
                raise refuse(f"HTTP {status}: {_PHRASES.get(status) or _phrase(status)}")
            url = absolute(url, headers.get("location", ""))
            if not web_url(url):
                raise Refused(f"redirected to {url[:200] or 'nowhere'}, which is no web address")
        raise Refused(f"more than {MAX_REDIRECTS} redirects")

    def _patiently(
        self,
        parts: SplitResult,
        host: _Host,
        body: BinaryIO,
        limit: int,
        conditions: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[int, Mapping[str, str]]:
        """One URL without redirects, tried again while the server is busy or the line is bad."""
        with host.lock:
            return self._tried(parts, host, body, limit, conditions)

    def _tried(
        self, parts: SplitResult, host: _Host, body: BinaryIO, limit: int, conditions: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str]]:
        if (left := host.quiet_until - self._clock()) > 0:
            raise Refused(f"{host.quiet}, and asks to come back in {left:.0f} s")
        reason = ""
        for attempt in range(TRIES):
            wait = 2.0**attempt
            try:
                status, headers = self._once(parts, host, body, limit, conditions)
            except (OSError, http.client.HTTPException) as error:
                reason = _explained(error)
            else:
                if status not in _BUSY:
                    return status, headers
                reason = f"HTTP {status}: {_phrase(status)}"
                wait = max(wait, _retry_after(headers.get("retry-after")))
            if wait > MAX_PAUSE:
                host.quiet_until, host.quiet = self._clock() + wait, reason
                raise Refused(f"{reason}, and asks to come back in {wait:.0f} s")
            if attempt + 1 < TRIES:
                self._sleep(wait)
        raise Refused(f"{reason} ({TRIES} tries)")

    def _once(
        self, parts: SplitResult, host: _Host, body: BinaryIO, limit: int, conditions: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str]]:
        """One exchange with the first checked address that answers; `body` holds what came."""
        if self._stopped.is_set():
            raise Refused("stopped before it was fetched")
        addresses = self._addresses(parts)
        self._pause(host, addresses)
        headers = {
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **conditions,
        }
        failed: OSError | None = None
        for address in addresses[:_ADDRESSES]:
            with ExitStack() as stack:
                try:
                    answer = stack.enter_context(Exchange(parts, address, headers))
                except OSError as error:
                    failed = error
                    continue
                _take(answer, body, limit)
                return answer.status, answer.headers
        raise failed or ConnectionError("no address")

    def _addresses(self, parts: SplitResult) -> list[str]:
        return resolve(ascii_host(parts.hostname or ""), port_of(parts), allow_private=self._allow_private)

    def _pause(self, host: _Host, addresses: list[str]) -> None:
        """Keep to the host's pace. This machine itself needs no politeness."""
        now = self._clock()
        if host.last is not None and not all(map(loopback, addresses)):
            wait = max(0.0, host.last + host.pause - now)
            self._sleep(wait)
            now += wait
        host.last = now

    def _host(self, parts: SplitResult) -> _Host:
        """What is known of the host of a URL, its robots.txt read first."""
        key = (parts.scheme, parts.netloc)
        with self._lock:
            host = self._hosts.setdefault(key, _Host())
            self._hosts.move_to_end(key)
            if len(self._hosts) > KEPT_HOSTS:
                self._hosts.popitem(last=False)
        with host.lock:
            if host.known_until is None or host.known_until <= self._clock():
                host.robots, host.refusal, lasting = None, None, ROBOTS_SECONDS
                try:
                    self._read_robots(parts, host)
                except Refused as refusal:
                    host.refusal = f"robots.txt of {parts.netloc} cannot be read: {refusal}"
                    lasting = ROBOTS_RETRY_SECONDS
                host.known_until = self._clock() + lasting
        return host

    def _read_robots(self, parts: SplitResult, host: _Host) -> None:
        """Fill in a host's rules (RFC 9309): none there, all is allowed; not readable, nothing is."""
        from protego import Protego

        url = f"{parts.scheme}://{parts.netloc}/robots.txt"
        with tempfile.SpooledTemporaryFile(max_size=MAX_ROBOTS) as spool:
            body = cast(BinaryIO, spool)
            for _ in range(MAX_REDIRECTS + 1):
                status, headers = self._patiently(_checked(url), host, body, MAX_ROBOTS)
                if status not in _MOVED:
                    break
                url = absolute(url, headers.get("location", ""))
            if status != http.client.OK:
                return
            host.robots = Protego.parse(_plain(body, headers).read(MAX_ROBOTS).decode("utf-8", "replace"))
        host.pause = max(PAUSE, float(host.robots.crawl_delay(NAME) or 0))
        if host.pause > MAX_PAUSE:
            host.refusal = f"{parts.netloc} asks robots for {host.pause:.0f} s between two requests"


def _plain(body: BinaryIO, headers: Mapping[str, str]) -> BinaryIO:
    """A received body from its start, without the content encoding it travelled in."""
    body.seek(0)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return unzip(body)
    if encoding not in ("", "identity"):
        raise Refused(f"sent with the encoding {encoding}, which was not asked for")
    return body


def _take(answer: Answer, body: BinaryIO, limit: int) -> None:
    """Write an answer's body to `body`, when its status says that it is the document."""
    body.seek(0)
    body.truncate()
    if answer.status != http.client.OK:
        return
    length = answer.headers.get("content-length", "")
    expected = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0
    received = 0
    while expected <= limit and (part := answer.body.read1(65_536)):
        received += len(part)
        if received > limit:
            break
        body.write(part)
    if max(received, expected) > limit:
        raise Refused(f"larger than the limit of {limit:,} bytes for this download")
    if "transfer-encoding" not in answer.headers and received < expected:
        raise ConnectionError(f"connection cut after {received:,} of {expected:,} bytes")


def _checked(url: str) -> SplitResult:
    """The parts of a URL that may be asked for; raises Refused otherwise."""
    if web_url(url) is None:
        raise Refused("no http or https address")
    parts = urlsplit(url.strip())
    if parts.username is not None or parts.password is not None:
        raise Refused("addresses with a user name and password are not fetched")
    return parts


def _conditions(known: Visit) -> dict[str, str]:
    """The headers that ask for a document only if it is another than the one known."""
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in asked.items() if value}


def _fresh(headers: Mapping[str, str]) -> float:
    """Seconds for which an answer may be taken for fresh (RFC 9111); 0 where its server does not say."""
    control = headers.get("cache-control", "")
    age = _MAX_AGE.search(control)
    return 0.0 if age is None or _NO_CACHE.search(control) else min(float(age[1]), MAX_FRESH)


def _retry_after(value: str | None) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110: seconds or a date); 0 without one."""
    if not value:
        return 0.0
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0


def _phrase(status: int) -> str:
    return http.client.responses.get(status, "an unusual answer").lower()


def _explained(error: Exception) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return "connection cut within the answer"
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return f"broken HTTP answer: {text}" if isinstance(error, http.client.HTTPException) else text
