"""/v1/photos."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.context import Here
from api.documents.document import Link
from api.documents.photos import PhotoDocument, PhotoList
from api.parameters import Limit, Offset
from city.store import photos
from operations.read_photo import blurred_copy

router = APIRouter(prefix="/v1/photos", tags=["photos"])


@router.get("")
def list_photos(here: Here, limit: Limit = 50, offset: Offset = 0) -> PhotoList:
    """Return the photos, the newest first."""
    found = photos.every(here.store, limit + 1, offset)
    links = [Link(rel="self", href=f"/v1/photos?limit={limit}&offset={offset}")]
    if len(found) > limit:
        links.append(Link(rel="next", href=f"/v1/photos?limit={limit}&offset={offset + limit}"))
    documents = tuple(PhotoDocument.of(noun) for noun in found[:limit])
    return PhotoList(photos=documents, links=tuple(links))


@router.get("/{photo_id}")
def get_photo(photo_id: str, here: Here) -> PhotoDocument:
    """Return what is kept of one photo."""
    return PhotoDocument.of(photos.get(here.store, photo_id))


@router.get("/{photo_id}/image", response_class=FileResponse)
def get_image(photo_id: str, here: Here) -> FileResponse:
    """Return the blurred copy of a photo; no other copy is ever kept."""
    path = blurred_copy(here.store, here.settings, photo_id)
    caching = {"Cache-Control": "private, max-age=86400, immutable"}
    return FileResponse(path, headers=caching)
