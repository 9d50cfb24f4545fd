"""The pages on which people log in and choose a password."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.account_words import ROLE_NAMES
from api.pages.desks import HOMES
from api.pages.forms import FormErrors
from api.pages.rendering import render
from city.wording import Language

NO_ERRORS: FormErrors = {}


def log_in_page(
    request: Request,
    language: Language,
    back: str,
    name: str = "",
    errors: FormErrors = NO_ERRORS,
) -> HTMLResponse:
    """Return the page to log in on; in demo mode it has one button a desk."""
    demo = request.app.state.server.demo is not None
    desks = [{"role": r.value, "name": ROLE_NAMES[language][r]} for r in HOMES] if demo else []
    return render(
        request,
        "log_in.html",
        language,
        HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        here="",
        back=back,
        name=name,
        errors=errors,
        demo_desks=desks,
        sign_on=f"/log-in/organisation?{urlencode({'next': back, 'language': language})}"
        if request.app.state.server.sign_on
        else None,
    )


def welcome_page(
    request: Request, language: Language, name: str | None, errors: FormErrors = NO_ERRORS
) -> HTMLResponse:
    """Return the page to choose a password on; without a name the link works no longer."""
    wrong = HTTPStatus.NOT_FOUND if name is None else HTTPStatus.UNPROCESSABLE_ENTITY
    status = wrong if errors or name is None else HTTPStatus.OK
    return render(request, "welcome.html", language, status, here="", name=name, errors=errors)
