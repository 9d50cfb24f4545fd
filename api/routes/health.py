"""/v1/health."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.context import AnyServer, visitor
from api.documents.health import HealthDocument
from operations.health import health

router = APIRouter(prefix="/v1/health", tags=["health"])


@router.get("", responses={503: {"model": HealthDocument, "description": "A part is failing."}})
def get_health(request: Request, server: AnyServer, response: Response) -> HealthDocument:
    """Return whether all is well; who is logged in is told of each part, and all versions."""
    document = HealthDocument.of(health(server.settings, server.store))
    if visitor(request) is None:
        document = document.in_short()
    response.headers["Cache-Control"] = "no-store"
    if document.status != "ok":
        response.status_code = 503
    return document
