"""Cookies: a session's secret, which no script reads and no other site sends; and the language."""

from __future__ import annotations

from fastapi import Request, Response

from city.wording import LANGUAGES, Language

COOKIE = "stadsronde-session"
# A browser takes a cookie of this name only over TLS and for this very host.
SECURE_COOKIE = f"__Host-{COOKIE}"
LANGUAGE_COOKIE = "stadsronde-language"
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


def kept_language(request: Request) -> Language | None:
    """Return the language that somebody chose before."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return next((each for each in LANGUAGES if each == chosen), None)


def keep_language(request: Request, response: Response, language: Language) -> None:
    """Let the browser keep the language that a page was asked for in, for pages to come.

    A page that a driver's device only lays in for later has not been chosen by anybody.
    """
    is_laid_in = request.headers.get("purpose") == "prefetch"
    asked = request.query_params.get("language")
    if asked == language != kept_language(request) and not is_laid_in:
        secure = _is_secure(request)
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=KEPT_S, secure=secure, httponly=True, samesite="lax"
        )


def _name(request: Request) -> str:
    return SECURE_COOKIE if _is_secure(request) else COOKIE


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
