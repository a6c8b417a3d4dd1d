"""One HTTP exchange with an address that was checked before, under a deadline for all of it.

Written on http.client, since the two things that matter here are out of reach in the clients
that sit on top of it: connecting to the very address that was checked (and not to what a second
look-up answers), and a limit to the whole exchange, which a server that drips one byte a second
cannot stretch.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import SplitResult, quote

from quotetrack.ingest.addresses import ascii_host

CONNECT_SECONDS = 10.0
"""Seconds to connect, and longest silence of a server while it answers."""

ANSWER_SECONDS = 30.0
"""Seconds for the whole answer, plus the time its bytes take at SLOWEST."""

SLOWEST = 50_000.0
"""Bytes per second below which a server is too slow to wait for."""


class SlowError(OSError):
    """The other side took longer than the limits above."""


class _Paced(io.RawIOBase):
    """A connected socket whose every read ends by a deadline that only arriving bytes move on."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._deadline = time.monotonic() + ANSWER_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - time.monotonic()
        count = 0
        try:
            self._socket.settimeout(max(0.001, min(left, CONNECT_SECONDS)))
            count = self._socket.recv_into(buffer)
        except TimeoutError as error:
            if left > CONNECT_SECONDS:
                raise SlowError(f"no answer for {CONNECT_SECONDS:g} s") from error
            left = 0.0
        if left <= 0:
            raise SlowError(f"too slow: no full answer within {ANSWER_SECONDS:g} s at {SLOWEST:,.0f} bytes/s")
        self._deadline += count / SLOWEST
        return count


class _Socket:
    """What http.client needs of a socket, with paced reading."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        return io.BufferedReader(_Paced(self._socket))

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(CONNECT_SECONDS)
        self._socket.sendall(data)

    def close(self) -> None:
        """The exchange closes the socket itself when its body has been read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of a response, its body still to be read. Header names in lower case."""

    status: int
    phrase: str
    headers: Mapping[str, str]
    body: http.client.HTTPResponse


class Exchange:
    """GET one URL from one address; a context manager that closes the connection.

    parts: the split URL. address: the IP address to connect to, checked by the caller.
    Entering sends the request and reads the head of the answer. Raises OSError or
    http.client.HTTPException.
    """

    def __init__(self, parts: SplitResult, address: str, headers: Mapping[str, str]) -> None:
        self._parts = parts
        self._address = address
        self._headers = headers
        self._socket: socket.socket | None = None

    def __enter__(self) -> Answer:
        try:
            return self._answer()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        if self._socket is not None:
            self._socket.close()

    def _answer(self) -> Answer:
        host, port = self._parts.hostname or "", port_of(self._parts)
        self._socket = socket.create_connection((self._address, port), timeout=CONNECT_SECONDS)
        if self._parts.scheme == "https":
            self._socket = _trust().wrap_socket(self._socket, server_hostname=ascii_host(host))
        connection = http.client.HTTPConnection(host, port)
        connection.sock = cast(Any, _Socket(self._socket))
        connection.request(
            "GET", _target(self._parts), headers={"Host": _authority(self._parts), **self._headers}
        )
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.reason, headers, response)


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _authority(parts: SplitResult) -> str:
    host = ascii_host(parts.hostname or "")
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{parts.port}" if parts.port else name


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=-._~?[]|")
    return f"{path}?{query}" if query else path


@cache
def _trust() -> ssl.SSLContext:
    """The system's certificate authorities and Mozilla's, since slim containers come without any."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
