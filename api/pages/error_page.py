"""An error as a page, for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from api.cookies import kept_language
from api.pages.rendering import render
from city.wording import LANGUAGES, Language

DUTCH = {
    HTTPStatus.UNPROCESSABLE_ENTITY: "Er klopt iets niet in wat u vroeg.",
    HTTPStatus.FORBIDDEN: "Uw account mag hier niet bij.",
    HTTPStatus.NOT_FOUND: "Dit is hier niet.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Dit kan hier niet.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Er ging bij ons iets mis.",
}
"""What is wrong, in a sentence; the detail after it is the server's own, in English."""


def error_page(request: Request, status: HTTPStatus, title: str, detail: str) -> Response:
    """Return the page that says what went wrong."""
    language = _language(request)
    said = DUTCH.get(status, "") if language == "nl" else f"{title}."
    return render(request, "error.html", language, status, said=said, detail=detail, here="")


def _language(request: Request) -> Language:
    asked = request.query_params.get("language")
    server = getattr(request.app.state, "server", None)
    own = server.settings.language if server else "en"
    return next(
        each for one in (asked, kept_language(request), own) for each in LANGUAGES if each == one
    )
