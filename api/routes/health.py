"""/v1/health."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.context import Here
from api.documents.health import HealthDocument
from operations.health import health

router = APIRouter(prefix="/v1/health", tags=["health"])


@router.get("", responses={503: {"model": HealthDocument, "description": "A part is failing."}})
def get_health(here: Here, response: Response) -> HealthDocument:
    """Return whether store, model and roads are there, and all versions."""
    document = HealthDocument.of(health(here.settings, here.store))
    response.headers["Cache-Control"] = "no-store"
    if document.status != "ok":
        response.status_code = 503
    return document
