"""ETags: who polls what has not changed is told so, and sent nothing."""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JSON_TYPES = ("application/json", "application/geo+json")
KEPT = ("cache-control", "content-location", "date", "etag", "expires", "vary")
"""The headers that a 304 carries too. Source: RFC 9110, section 15.4.5."""


class ETags:
    """Gives each JSON document a tag of its content, and answers 304 where the reader has it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Answer(send, Headers(scope=scope)))


class _Answer:
    """One answer on its way out."""

    def __init__(self, send: Send, asked: Headers) -> None:
        self._send = send
        self._known = asked.get("if-none-match", "")
        self._start: Message | None = None
        self._body = b""
        self._is_known = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            headers = MutableHeaders(scope=message)
            if "etag" in headers:
                await self._begin(message)
            elif headers.get("content-type", "").split(";")[0] in JSON_TYPES:
                self._start = message
            else:
                await self._send(message)
        elif self._start is not None:
            await self._gather(message)
        elif not self._is_known:
            await self._send(message)

    async def _gather(self, message: Message) -> None:
        """Keep the body until it is whole, for its tag stands before it."""
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        start, self._start = self._start, None
        assert start is not None
        tag = hashlib.blake2b(self._body, digest_size=12).hexdigest()
        MutableHeaders(scope=start)["ETag"] = f'"{tag}"'
        await self._begin(start)
        if not self._is_known:
            await self._send({"type": "http.response.body", "body": self._body})

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if not _is_among(headers["etag"], self._known):
            await self._send(message)
            return
        self._is_known = True
        kept = [(k, v) for k, v in message["headers"] if k.decode().lower() in KEPT]
        await self._send({"type": "http.response.start", "status": 304, "headers": kept})
        await self._send({"type": "http.response.body", "body": b""})


def _is_among(tag: str, known: str) -> bool:
    tags = (each.strip().removeprefix("W/") for each in known.split(","))
    return known.strip() == "*" or tag.removeprefix("W/") in tags
