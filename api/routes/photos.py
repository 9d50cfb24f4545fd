"""/v1/photos."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse

from api.context import Everyone
from api.documents.photos import PhotoDocument, PhotoList
from api.paging import page_links
from api.parameters import Limit, Offset
from api.uploads import PHOTO_TYPES, photo_body
from city.errors import BadInput, Fault
from city.place import Position
from city.store import photos
from operations.read_photo import blurred_copy, part_that_shows
from operations.read_sidecar import GivenWith

router = APIRouter(prefix="/v1/photos", tags=["photos"])

PHOTO_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The photo itself, never a multipart form.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in PHOTO_TYPES
        },
    }
}


def _given(
    lon: Annotated[float | None, Query(ge=-180, le=180, examples=[24.9384])] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, examples=[60.1699])] = None,
    heading: Annotated[float | None, Query(ge=0, lt=360, description="Degrees from north.")] = None,
    taken_at: Annotated[
        datetime | None,
        Query(alias="takenAt", examples=["2026-11-22T15:04:00+02:00"]),
    ] = None,
) -> GivenWith:
    """Return what overrules the photo's own EXIF."""
    if (lon is None) != (lat is None):
        cause = "A position needs both lon and lat."
        raise BadInput(Fault("half-a-position", "query", cause, "Give both, or neither.", "lon"))
    if taken_at is not None and taken_at.tzinfo is None:
        cause, remedy = "A time must say its time zone.", "Give an offset, such as +01:00."
        raise BadInput(Fault("time-without-zone", "query", cause, remedy, "takenAt"))
    position = None if lon is None or lat is None else Position(lon, lat)
    return GivenWith(position, heading, taken_at)


@router.post("", status_code=HTTPStatus.CREATED, openapi_extra=PHOTO_BODY)
def send_photo(
    here: Everyone,
    response: Response,
    body: Annotated[bytes, Depends(photo_body)],
    given: Annotated[GivenWith, Depends(_given)],
    file_name: Annotated[str, Query(alias="fileName", max_length=200)] = "upload",
) -> PhotoDocument:
    """Take in a photo: detect, blur, keep the blurred copy, tell the ledger.

    It is read in memory; nothing of it is written before it is blurred. 201 says that the blurred
    copy is stored; 200 that this photo was stored before.
    """
    received = here.photos.take(body, file_name, given)
    document = PhotoDocument.of(received.record)
    response.headers["Location"] = document.links[0].href
    if not received.is_new:
        response.status_code = HTTPStatus.OK
    return document


@router.get("")
def list_photos(
    request: Request, response: Response, here: Everyone, limit: Limit = 50, offset: Offset = 0
) -> PhotoList:
    """Return the photos, the newest first."""
    found = photos.every(here.store, limit + 1, offset)
    links = page_links(request, response, limit, offset, len(found) > limit)
    documents = tuple(PhotoDocument.of(noun) for noun in found[:limit])
    return PhotoList(photos=documents, links=links)


@router.get("/{photo_id}")
def get_photo(photo_id: str, here: Everyone) -> PhotoDocument:
    """Return what is kept of one photo."""
    return PhotoDocument.of(photos.get(here.store, photo_id))


@router.get("/{photo_id}/image", response_class=FileResponse)
def get_image(
    photo_id: str,
    here: Everyone,
    container_id: Annotated[
        str | None,
        Query(alias="containerId", description="Only the part that shows this container."),
    ] = None,
) -> Response:
    """Return the blurred copy of a photo; no other copy is ever kept."""
    caching = {"Cache-Control": "private, max-age=86400, immutable"}
    if container_id is not None:
        part = part_that_shows(here.store, here.settings, photo_id, container_id)
        return Response(part, media_type="image/jpeg", headers=caching)
    path = blurred_copy(here.store, here.settings, photo_id)
    return FileResponse(path, headers=caching)
