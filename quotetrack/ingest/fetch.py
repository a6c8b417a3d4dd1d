"""Fetching documents politely and safely: checked addresses, robots.txt, pauses, limits, retries."""

from __future__ import annotations

import http.client
import re
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import SplitResult, urlsplit

from quotetrack import __version__
from quotetrack.ingest.addresses import ascii_host, loopback, resolve
from quotetrack.ingest.canonical import absolute, web_url
from quotetrack.ingest.exchange import Answer, Exchange, port_of
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.source import unzip

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


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer's body. url: where it came from in the end. charset: as its header declares."""

    url: str
    stream: BinaryIO
    charset: str | None = None


@dataclass(slots=True)
class _Host:
    """What is remembered of one host: its rules, the pause between requests, the last request."""

    robots: Protego | None = None
    refusal: str | None = None
    pause: float = PAUSE
    last: float | None = None


class Fetcher:
    """Fetches URLs one after the other for one run.

    allow_private: let it reach private and loopback addresses. contact: an address for site
    owners that goes into the user agent. sleep, clock: seconds, replaceable in tests.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        contact: str = CONTACT,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allow_private = allow_private
        self._agent = f"{NAME}/{__version__} ({contact})"
        self._sleep = sleep
        self._clock = clock
        self._hosts: OrderedDict[tuple[str, str], _Host] = OrderedDict()

    @contextmanager
    def fetch(self, url: str, limit: int = MAX_DOWNLOAD) -> Iterator[Fetched]:
        """GET `url`, redirects followed, and lend its body for the time of the `with` block.

        limit: bytes of the answer as sent. Raises Refused with the reason when the document is
        not allowed, not there, too large or too slow.
        """
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            body = cast(BinaryIO, spool)
            final, headers = self._followed(url, body, limit)
            charset = _CHARSET.search(headers.get("content-type", ""))
            yield Fetched(final, _plain(body, headers), charset[1] if charset else None)

    def _followed(self, url: str, body: BinaryIO, limit: int) -> tuple[str, Mapping[str, str]]:
        """Fetch `url` into `body`; returns the last URL and the headers of its answer."""
        for _ in range(MAX_REDIRECTS + 1):
            parts = _checked(url)
            self._addresses(parts)
            host = self._host(parts)
            if host.refusal:
                raise Refused(host.refusal)
            if host.robots is not None and not host.robots.can_fetch(url, NAME):
                raise Refused(f"{parts.netloc} asks robots not to fetch this address (robots.txt)")
            status, headers = self._patiently(parts, host, body, limit)
            if status == http.client.OK:
                return url, headers
            if status not in _MOVED:
                raise Refused(f"HTTP {status}: {_PHRASES.get(status) or _phrase(status)}")
            url = absolute(url, headers.get("location", ""))
            if not web_url(url):
                raise Refused(f"redirected to {url[:200] or 'nowhere'}, which is no web address")
        raise Refused(f"more than {MAX_REDIRECTS} redirects")

    def _patiently(
        self, parts: SplitResult, host: _Host, body: BinaryIO, limit: int
    ) -> tuple[int, Mapping[str, str]]:
        """One URL without redirects, tried again while the server is busy or the line is bad."""
        reason = ""
        for attempt in range(TRIES):
            wait = 2.0**attempt
            try:
                status, headers = self._once(parts, host, body, limit)
            except (OSError, http.client.HTTPException) as error:
                reason = _explained(error)
            else:
                if status not in _BUSY:
                    return status, headers
                reason = f"HTTP {status}: {_phrase(status)}"
                wait = max(wait, _retry_after(headers.get("retry-after")))
            if wait > MAX_PAUSE:
                raise Refused(f"{reason}, and asks to come back in {wait:.0f} s")
            if attempt + 1 < TRIES:
                self._sleep(wait)
        raise Refused(f"{reason} ({TRIES} tries)")

    def _once(
        self, parts: SplitResult, host: _Host, body: BinaryIO, limit: int
    ) -> tuple[int, Mapping[str, str]]:
        """One exchange with the first checked address that answers; `body` holds what came."""
        addresses = self._addresses(parts)
        self._pause(host, addresses)
        headers = {
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
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
        if key in self._hosts:
            self._hosts.move_to_end(key)
            return self._hosts[key]
        host = _Host()
        try:
            self._read_robots(parts, host)
        except Refused as refusal:
            host.refusal = f"robots.txt of {parts.netloc} cannot be read: {refusal}"
        self._hosts[key] = host
        if len(self._hosts) > KEPT_HOSTS:
            self._hosts.popitem(last=False)
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
