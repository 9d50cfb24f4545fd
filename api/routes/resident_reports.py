"""/v1/resident-reports: anybody says that a container is full, where open data is switched on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from api.context import AnyServer, Server
from api.documents.document import Document, example
from api.routes.photos import PHOTO_BODY
from api.uploads import photo_body
from city.errors import NotFound
from operations.receive_photo import PhotoDesk
from operations.report_full import report_full, show_full

router = APIRouter(prefix="/v1/resident-reports", tags=["open data"])


class ResidentReport(Document):
    """Which container is full."""

    model_config = Document.model_config | {
        "json_schema_extra": example(containerId="OSM-2403501909")
    }

    container_id: str = Field(max_length=100)


class ResidentReportDocument(Document):
    """What became of it: `known` was said within the hour already."""

    container_id: str
    outcome: Literal["stored", "known"]


def _open_and_quiet(request: Request, server: AnyServer) -> Server:
    """Return the server where residents may report and this one did not do so too often."""
    if not server.settings.open_data:
        raise NotFound("This city publishes no open data here.")
    if not server.crowd.may_speak(request.client.host if request.client else ""):
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, "Wait an hour before you report more.")
    return server


Open = Annotated[Server, Depends(_open_and_quiet)]

KNOWN: dict[int | str, dict[str, Any]] = {
    200: {"model": ResidentReportDocument, "description": "It was known already."}
}


@router.post("", status_code=HTTPStatus.CREATED, responses=KNOWN)
def send_report(server: Open, report: ResidentReport, response: Response) -> ResidentReportDocument:
    """Tell the city that a container is full; who says so is neither asked nor kept."""
    is_new = report_full(server.store, report.container_id)
    return _document(report.container_id, response, is_new=is_new)


@router.put(
    "/{container_id}/photo",
    status_code=HTTPStatus.CREATED,
    responses=KNOWN,
    openapi_extra=PHOTO_BODY,
)
def put_report_photo(
    container_id: str,
    server: Open,
    body: Annotated[bytes, Depends(photo_body)],
    response: Response,
) -> ResidentReportDocument:
    """Show a container that was reported within the hour: only the blurred copy is written."""
    desk = PhotoDesk(server.store, server.settings, server.photo_lock)
    received = show_full(server.store, desk, container_id, body)
    return _document(container_id, response, is_new=received.is_new)


def _document(container_id: str, response: Response, *, is_new: bool) -> ResidentReportDocument:
    if not is_new:
        response.status_code = HTTPStatus.OK
    outcome: Literal["stored", "known"] = "stored" if is_new else "known"
    return ResidentReportDocument(container_id=container_id, outcome=outcome)
