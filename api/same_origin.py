"""Cross-site request forgery: what another site's page makes a browser send is refused.

Browsers say where a request comes from (``Sec-Fetch-Site``, and ``Origin`` for those that change
something), and no page can make them lie. So forms need no hidden token, which a phone that was
without network for a shift could only have kept until it was worthless. What says neither comes
from no browser and carries no cookie that it did not mean to send.

Source: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
(Fetch Metadata headers), and Go's net/http.CrossOriginProtection.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOrigin:
    """Refuses what changes something and comes from a page of elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] in SAFE or comes_from_here(scope):
            await self._app(scope, receive, send)
            return
        detail = "This was sent by a page of another site. Open Stadsronde itself and try again."
        answer = problem(Request(scope), HTTPStatus.FORBIDDEN, detail)
        await answer(scope, receive, send)


def comes_from_here(scope: Scope) -> bool:
    """Return whether a request comes from a page of this server, or from no page at all."""
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
