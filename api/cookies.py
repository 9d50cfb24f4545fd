"""The cookie that a session's secret lies in: no script reads it, no other site sends it."""

from __future__ import annotations

from fastapi import Request, Response

COOKIE = "stadsronde-session"
# A browser takes a cookie of this name only over TLS and for this very host.
SECURE_COOKIE = f"__Host-{COOKIE}"
KEPT_S = 60 * 60 * 24 * 30
"""The server decides how long a session lives; the cookie must not end sooner."""


def session_secret(request: Request) -> str | None:
    """Return the secret that a browser sent."""
    return request.cookies.get(_name(request))


def give_session(request: Request, response: Response, secret: str) -> None:
    """Let the browser keep a session's secret."""
    response.set_cookie(
        _name(request),
        secret,
        max_age=KEPT_S,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def take_session(request: Request, response: Response) -> None:
    """Let the browser forget it."""
    response.delete_cookie(
        _name(request), path="/", secure=_is_secure(request), httponly=True, samesite="lax"
    )


def _name(request: Request) -> str:
    return SECURE_COOKIE if _is_secure(request) else COOKIE


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
