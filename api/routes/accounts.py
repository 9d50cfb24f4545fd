"""Logging in and out, choosing a password, turning to another municipality."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from authlib.common.errors import AuthlibBaseError
from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from api.context import AnyServer, Everyone, Server
from api.cookies import give_session, session_secret, take_session
from api.pages.account_pages import log_in_page, welcome_page
from api.pages.desks import HOMES, home_of
from api.pages.forms import missing, told
from api.sign_on import SignOn
from api.spoken import Spoken
from city.account import KeyKind, Role
from city.errors import BadInput, Broken, Fault, NotAllowed, NotFound
from city.wording import Language
from operations.accounts import choose_password, name_of_link
from operations.log_in import begin_session, end_session, known_by, turn_to, who_asks

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

REFUSED = Fault(
    "sign-on",
    "log-in",
    "The organisation's identity provider did not confirm who you are.",
    "Try again; if it stays so, tell an administrator.",
    "sign_on",
)

Typed = Annotated[str, Form(max_length=1000)]


@router.get("/log-in")
def show_log_in(
    request: Request, language: Spoken, back: Annotated[str, Query(alias="next")] = "/"
) -> HTMLResponse:
    """Return the page to log in on."""
    return log_in_page(request, language, _within(back))


@router.post("/log-in")
def log_in(
    request: Request,
    server: AnyServer,
    language: Spoken,
    name: Typed = "",
    password: Typed = "",
    back: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Begin a session, and go where its owner wanted to."""
    errors = missing({"name": name, "password": password}, language)
    if errors:
        return log_in_page(request, language, _within(back), name, errors)
    try:
        account = server.door.log_in(server.store, name, password)
    except BadInput as error:
        return log_in_page(request, language, _within(back), name, told(error.faults, language))
    secret = begin_session(server.store, account, server.settings.session_span)
    return _with_session(request, secret, _home(server, secret, _within(back)))


@router.get("/log-in/organisation")
async def sign_on(
    request: Request,
    server: AnyServer,
    language: Spoken,
    back: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    """Send somebody to the organisation's identity provider."""
    provider = _provider(server)
    request.session.update(next=_within(back), language=language)
    try:
        answer: Response = await provider.client.authorize_redirect(
            request, str(request.url_for("signed_on"))
        )
    except (HTTPError, KeyError, ValueError, RuntimeError) as failed:
        raise Broken("The organisation's identity provider does not answer.") from failed
    return answer


@router.get("/log-in/organisation/back")
async def signed_on(request: Request, server: AnyServer, spoken: Spoken) -> Response:
    """Begin a session of whom the identity provider says it is."""
    provider = _provider(server)
    language: Language = request.session.pop("language", spoken)
    back = _within(request.session.pop("next", "/"))
    try:
        token = await provider.client.authorize_access_token(request)
        account = known_by(server.store, provider.name_in(token.get("userinfo") or {}))
    except BadInput as error:
        return log_in_page(request, language, back, errors=told(error.faults, language))
    except (AuthlibBaseError, JoseError, HTTPError, KeyError, ValueError):
        errors = told([REFUSED], language)
        return log_in_page(request, language, back, errors=errors)
    secret = begin_session(server.store, account, server.settings.session_span)
    return _with_session(request, secret, _home(server, secret, back))


@router.post("/demo")
def look_on(request: Request, server: AnyServer, role: Annotated[Role, Form()]) -> Response:
    """Begin a session of one role, in demo mode."""
    if server.demo is None:
        raise NotAllowed("This is no demonstration: log in.")
    secret = begin_session(server.store, server.demo, server.settings.session_span, role)
    return _with_session(request, secret, HOMES.get(role, "/"))


@router.post("/log-out")
def log_out(request: Request, server: AnyServer) -> Response:
    """End the session."""
    secret = session_secret(request)
    if secret:
        end_session(server.store, secret)
    answer = RedirectResponse("/log-in", HTTPStatus.SEE_OTHER)
    take_session(request, answer)
    return answer


@router.post("/municipality")
def choose_municipality(
    request: Request, here: Everyone, municipality: Annotated[str, Form()]
) -> Response:
    """Turn to another of the visitor's municipalities."""
    turn_to(here.store, session_secret(request) or "", here.visitor, municipality)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@router.get("/welcome/{secret}")
def show_welcome(
    request: Request, secret: str, server: AnyServer, language: Spoken
) -> HTMLResponse:
    """Return the page to choose a password on."""
    return welcome_page(request, language, name_of_link(server.store, secret))


@router.post("/welcome/{secret}")
def welcome(
    request: Request, secret: str, server: AnyServer, language: Spoken, password: Typed = ""
) -> Response:
    """Set a password, and begin a session."""
    try:
        account = choose_password(server.store, secret, password)
    except BadInput as error:
        errors = told(error.faults, language)
        return welcome_page(request, language, name_of_link(server.store, secret), errors)
    begun = begin_session(server.store, account, server.settings.session_span)
    return _with_session(request, begun, "/")


def _provider(server: AnyServer) -> SignOn:
    if server.sign_on is None:
        raise NotFound("No organisation's accounts are connected here: log in with a password.")
    return server.sign_on


def _with_session(request: Request, secret: str, back: str) -> Response:
    answer = RedirectResponse(back, HTTPStatus.SEE_OTHER)
    give_session(request, answer, secret)
    return answer


def _home(server: Server, secret: str, back: str) -> str:
    """Return where somebody wanted to be, or else where they begin the day."""
    if back != "/":
        return back
    span = server.settings.session_span
    found = who_asks(server.store, secret, KeyKind.SESSION, span)
    return home_of(found) if found else back


def _within(back: str) -> str:
    """Return an address of this server, whatever somebody put into a link."""
    inside = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if inside else "/"
