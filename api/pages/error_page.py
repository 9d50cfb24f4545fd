"""An error as a page, for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from api.pages.rendering import render
from city.wording import LANGUAGES, Language


def error_page(request: Request, status: HTTPStatus, title: str, detail: str) -> Response:
    """Return the page that says what went wrong."""
    asked = request.query_params.get("language")
    language: Language = next((each for each in LANGUAGES if each == asked), "en")
    return render(request, "error.html", language, status, title=title, detail=detail, here="")
