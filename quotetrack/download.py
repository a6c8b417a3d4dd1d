"""Fetching large files over lines that break: resumed, counted and checked."""

from __future__ import annotations

import hashlib
import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from socket import gaierror

TIMEOUT = 60.0  # seconds without a byte before a try is given up
MAX_PAGE = 64 << 20  # bytes of what is read into memory; Stanza's resources.json has about 1 MB
_CHUNK = 1 << 17


class DownloadFailed(OSError):  # noqa: N818 - read aloud where it is caught
    """Something could not be fetched; the text starts with its address or its name."""


class _Cut(Exception):  # noqa: N818 - never leaves this module
    """The connection ended early or the server was not ready: worth another try."""


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach a server.

    proxies: scheme → address, none when empty (the environment is not read); attempts: tries in a row that
    bring no byte; wait: seconds after the first of them, doubled each time; progress: called with a name,
    the bytes there and the bytes expected (None when the server does not say).
    """

    proxies: Mapping[str, str]
    attempts: int = 5
    wait: float = 1.0
    progress: Callable[[str, int, int | None], None] | None = None

    def read(self, address: str, missing_ok: bool = False) -> bytes | None:
        """A small document; None when the server does not have it and missing_ok. Raises DownloadFailed."""
        failures = 0
        while True:
            try:
                with self._open(address, 0) as answer:
                    body: bytes = answer.read(MAX_PAGE + 1)
                if len(body) > MAX_PAGE:
                    raise DownloadFailed(f"{address}: refused, longer than {MAX_PAGE} bytes")
                expected = answer.headers.get("Content-Length")
                if expected is not None and len(body) < int(expected):
                    raise _Cut(f"cut after {len(body)} of {expected} bytes")
                return body
            except urllib.error.HTTPError as problem:
                if missing_ok and problem.code in (404, 410):
                    return None
                raise DownloadFailed(f"{address}: {problem.code} {problem.reason}") from problem
            except (_Cut, http.client.HTTPException) as problem:
                failures += 1
                self._pause(address, failures, problem)

    def fetch(self, address: str, target: Path, name: str, md5s: Sequence[str]) -> None:
        """Fetch a file into `target`, going on where an earlier try stopped; its md5 must be one of md5s.

        Raises DownloadFailed naming file and address; a wrong file is deleted, a partial one is kept.
        """
        resumed = self._complete(address, target, name)
        if resumed and md5_of(target) not in md5s:  # what lay there may have been another file's beginning
            target.unlink()
            self._complete(address, target, name)
        if (found := md5_of(target)) not in md5s:
            target.unlink()
            raise DownloadFailed(
                f"{name}: refused, its md5 is {found}, expected {' or '.join(md5s)} ({address}): "
                "try again, or ask whoever runs the mirror"
            )

    def _complete(self, address: str, target: Path, name: str) -> bool:
        """Append to `target` until it is whole; whether it began with something already there."""
        start = target.stat().st_size if target.exists() else 0
        failures = 0
        while True:
            before = target.stat().st_size if target.exists() else 0
            try:
                self._append(address, target, name, before)
                return start > 0
            except urllib.error.HTTPError as problem:
                raise DownloadFailed(f"{name}: {address}: {problem.code} {problem.reason}") from problem
            except (_Cut, http.client.HTTPException) as problem:
                after = target.stat().st_size if target.exists() else 0
                failures = 1 if after > before else failures + 1
                self._pause(f"{name}: {address}", failures, problem)

    def _append(self, address: str, target: Path, name: str, have: int) -> None:
        with self._open(address, have) as answer:
            if answer.status == 416:  # nothing beyond what is there: whole, or not this file at all
                size = re.fullmatch(r"bytes \*/(\d+)", answer.headers.get("Content-Range", ""))
                if size is None or int(size[1]) != have:
                    target.unlink()
                    raise _Cut("the part that was there did not fit")
                return
            span = re.match(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
            if answer.status != 206 or span is None or int(span[1]) != have:
                have = 0  # the server sends all of it
            length = answer.headers.get("Content-Length")
            total = None if length is None else have + int(length)
            with target.open("ab" if have else "wb") as stream:
                try:
                    while chunk := answer.read(_CHUNK):
                        stream.write(chunk)
                        have += len(chunk)
                        if self.progress:
                            self.progress(name, have, total)
                except (TimeoutError, ConnectionError) as problem:
                    raise _Cut(str(problem) or type(problem).__name__) from problem
                except http.client.IncompleteRead as problem:
                    stream.write(problem.partial)
                    raise
        if total is not None and have < total:
            raise _Cut(f"cut after {have} of {total} bytes")

    def _open(self, address: str, have: int) -> http.client.HTTPResponse:
        """Ask for `address` from byte `have` on. Raises _Cut where another try may help."""
        if not address.startswith(("https://", "http://")):
            raise DownloadFailed(f"{address}: only http and https addresses can be fetched")
        headers = {"User-Agent": "quotetrack", "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - the scheme is checked above
        opener = urllib.request.build_opener(urllib.request.ProxyHandler(dict(self.proxies)))
        try:
            answer: http.client.HTTPResponse = opener.open(request, timeout=TIMEOUT)
            return answer
        except urllib.error.HTTPError as problem:
            if problem.code == 416 and have:
                return problem  # type: ignore[return-value]  # it is a response too
            if problem.code in (408, 429) or problem.code >= 500:
                raise _Cut(f"{problem.code} {problem.reason}") from problem
            raise
        except urllib.error.URLError as problem:
            if isinstance(problem.reason, gaierror) or not isinstance(problem.reason, OSError):
                raise DownloadFailed(f"{address}: {problem.reason}") from problem
            raise _Cut(str(problem.reason)) from problem
        except (TimeoutError, ConnectionError) as problem:
            raise _Cut(str(problem) or type(problem).__name__) from problem

    def _pause(self, what: str, failures: int, problem: Exception) -> None:
        if failures >= self.attempts:
            raise DownloadFailed(f"{what}: given up after {failures} tries: {problem}") from problem
        time.sleep(self.wait * 2 ** (failures - 1))


def md5_of(path: Path) -> str:
    """The md5 sum of a file, in hex: what Stanza publishes for each model."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
