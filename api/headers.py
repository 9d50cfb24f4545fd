"""Headers that every answer carries: what a browser may do with it, and the API's version."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_VERSION = "1.0.0"

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # The hash is of nothing: plotly puts up an empty style sheet and fills it by script. Its
        # sheet for maps, which no chart here is, stays refused.
        "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        # MapLibre makes its worker from a blob of its own script.
        "worker-src 'self' blob:",
        "child-src blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

SHEET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; font-src data:"
"""For a route sheet, which is one file with its styles and pictures inside."""

WITH_POSITION = "camera=(), geolocation=(self), microphone=()"
"""What a page may ask the device for where crews can share where they are."""

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Headers:
    """Adds the headers to whatever the app answers, unless it set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", PAGE_POLICY)
                if not scope["path"].startswith("/static"):
                    headers.setdefault("Cache-Control", "private, no-cache")
                if scope["path"] == "/v1/openapi.json":
                    # API Design Rules: pages of elsewhere may read what an API can do.
                    headers.setdefault("Access-Control-Allow-Origin", "*")
                if scope["path"].startswith("/v1"):
                    headers.setdefault("API-Version", API_VERSION)
            await send(message)

        await self._app(scope, receive, add)
