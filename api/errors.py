"""The one place that says how an error is answered: RFC 9457 for programs, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from api.documents.problems import PROBLEM_TYPE, FaultDocument, ProblemDocument
from city.errors import (
    BadInput,
    Broken,
    Fault,
    LoggedOut,
    NotAllowed,
    NotFound,
    StadsrondeError,
)

log = logging.getLogger(__name__)

STATUS: dict[type[StadsrondeError], HTTPStatus] = {
    BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    LoggedOut: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Broken: HTTPStatus.INTERNAL_SERVER_ERROR,
    StadsrondeError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

TITLES = {
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something in the request is wrong",
    HTTPStatus.UNAUTHORIZED: "Nobody is known to ask",
    HTTPStatus.FORBIDDEN: "This is not allowed",
    HTTPStatus.NOT_FOUND: "There is no such thing",
    HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be done here",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "This kind of content is not read here",
    HTTPStatus.TOO_MANY_REQUESTS: "This was asked too often",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something on our side failed",
}


def install(app: FastAPI) -> None:
    """Answer every error of an app in the one shape."""
    app.add_exception_handler(StadsrondeError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    request: Request, status: HTTPStatus, detail: str, faults: Iterable[Fault] = ()
) -> Response:
    """Return a problem document, or a page where a person asked for one."""
    title = TITLES.get(status, status.phrase)
    pages = getattr(request.app.state, "error_page", None)
    if pages is not None and _wants_page(request):
        page: Response = pages(request, status, title, detail)
        return page
    body = ProblemDocument(
        type=f"urn:stadsronde:problem:{status.name.lower().replace('_', '-')}",
        title=title,
        status=status,
        detail=detail,
        instance=request.url.path,
        faults=tuple(FaultDocument.of(fault) for fault in faults),
    )
    return JSONResponse(body.model_dump(by_alias=True), status, media_type=PROBLEM_TYPE)


def _wants_page(request: Request) -> bool:
    asked = request.headers.get("accept", "")
    return "text/html" in asked and not request.url.path.startswith("/v1")


def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, LoggedOut) and _wants_page(request):
        return RedirectResponse(log_in_address(request), HTTPStatus.SEE_OTHER)
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s %s: %s", request.method, request.url.path, error)
    faults = error.faults if isinstance(error, BadInput) else ()
    answer = problem(request, status, str(error), faults)
    if isinstance(error, LoggedOut):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def log_in_address(request: Request) -> str:
    """Return where to log in, and come back from to what was asked."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = {"next": asked} if request.method == "GET" and asked != "/" else {}
    language = request.query_params.get("language")
    query = back | ({"language": language} if language else {})
    return "/log-in" + (f"?{urlencode(query)}" if query else "")


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        Fault(
            code="request-field",
            where=str(each["loc"][0]),
            field=_field(each),
            value=str(each.get("input", ""))[:100],
            cause=_cause(each),
            remedy="See the API's description at /v1/openapi.json.",
        )
        for each in error.errors()
    ]
    detail = "; ".join(f"{fault.field or fault.where}: {fault.cause}" for fault in faults)
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, faults)


def _field(told: dict[str, Any]) -> str:
    # Where JSON breaks off, its place is told by the cause.
    is_named = told["type"] != "json_invalid"
    return ".".join(str(part) for part in told["loc"][1:]) if is_named else ""


def _cause(told: dict[str, Any]) -> str:
    if told["type"] != "json_invalid":
        return f"{told['msg']}."
    return f"This is no JSON: {told['ctx']['error']}, at character {told['loc'][-1]}."


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    answer = problem(request, status, str(error.detail))
    answer.headers.update(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods(request)):
        answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def _methods(request: Request) -> set[str]:
    """Return all that can be done at an address; the router itself tells of one route alone."""
    described = request.app.openapi()["paths"].items()
    here = [each for path, each in described if compile_path(path)[0].match(request.url.path)]
    return {method.upper() for each in here for method in each}


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s %s", request.method, request.url.path, exc_info=error)
    detail = "It was not your doing. The server's log says more."
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
