"""Fetching from other people's servers: politely, patiently, and never sending a token astray."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx2

from city.errors import Broken

_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Manners:
    """How to behave towards a server.

    Parameters
    ----------
    attempts : how often a request is made before it is given up.
    first_wait_s, longest_wait_s : between attempts, doubling; a server's Retry-After goes first,
        up to the longest.
    per_second : requests at most.
    """

    timeout_s: float = 30.0
    attempts: int = 5
    first_wait_s: float = 0.5
    longest_wait_s: float = 60.0
    per_second: float = 5.0


class Server:
    """One server that records come from; a context manager that closes its connections."""

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        manners: Manners | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = httpx2.URL(address)
        self._manners = manners or Manners()
        self._sleep = sleep
        self._last = -1e9
        sent = {"Accept": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        self._client = httpx2.Client(
            base_url=address, headers=sent, timeout=self._manners.timeout_s, follow_redirects=False
        )

    def __enter__(self) -> Self:
        """Open it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        self._client.close()

    def get(self, path: str) -> tuple[Any, Mapping[str, str]]:
        """Return what a path or a link of this server holds, and its headers.

        Raises
        ------
        Broken
            It is another server's link, or no answer came, or it was no JSON.
        """
        response = self._ask("GET", path)
        try:
            return response.json(), response.headers
        except ValueError as error:
            raise Broken(f"{response.url} answered with something that is not JSON.") from error

    def patch(self, path: str, content: object) -> None:
        """Change what is at a path.

        Raises
        ------
        Broken
            The server did not take it.
        """
        self._ask("PATCH", path, content)

    def _ask(self, method: str, path: str, content: object | None = None) -> httpx2.Response:
        url = self._address.join(path)
        if (url.scheme, url.host, url.port) != self._origin:
            raise Broken(f"{self._address} points to another server, {url.host}; it is not asked.")
        said, retry_after = "", ""
        for attempt in range(self._manners.attempts):
            if attempt:
                self._sleep(self._wait_s(attempt, retry_after))
            retry_after = ""
            self._keep_pace()
            try:
                response = self._client.request(method, url, json=content)
            except httpx2.TransportError as error:
                said = f"{type(error).__name__}: {error}"
                continue
            if response.is_success:
                return response
            said = f"{response.status_code} {response.text[:200]}"
            if response.status_code in (401, 403):
                raise Broken(f"{url} refuses the token ({said}). Give one that may read there.")
            if response.status_code not in _TRY_AGAIN:
                raise Broken(f"{url} answers {said}")
            retry_after = response.headers.get("Retry-After", "")
        raise Broken(f"{url} gave no answer in {self._manners.attempts} attempts; last: {said}")

    @property
    def _origin(self) -> tuple[str, str, int | None]:
        return self._address.scheme, self._address.host, self._address.port

    def _wait_s(self, attempt: int, retry_after: str) -> float:
        waited = self._manners.first_wait_s * 2.0 ** (attempt - 1)
        return min(max(waited, _seconds(retry_after)), self._manners.longest_wait_s)

    def _keep_pace(self) -> None:
        early = self._last + 1.0 / self._manners.per_second - time.monotonic()
        if early > 0:
            self._sleep(early)
        self._last = time.monotonic()


def _seconds(retry_after: str) -> float:
    """Return the wait that a Retry-After header asks for, in either of its two forms."""
    if not retry_after:
        return 0.0
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        until = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
