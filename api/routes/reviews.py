"""/v1/photos/{photo_id}/labels, and all reviewed photos to train on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.context import Analysts, Context
from api.documents.reviews import LabelsDocument, LabelsRequest
from city.store import photos, reviews
from operations.download_labels import LabelFormat, download_labels
from operations.review_photo import ToReview, review_photo

router = APIRouter(prefix="/v1", tags=["photos"])

_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Blurred photos and their labels, as a zip.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/photos/{photo_id}/labels")
def get_labels(photo_id: str, here: Analysts) -> LabelsDocument:
    """Return what holds for a photo: a person's labels, until then the detector's."""
    return _document(here, photo_id)


@router.put("/photos/{photo_id}/labels")
def put_labels(photo_id: str, here: Analysts, given: LabelsRequest) -> LabelsDocument:
    """Say all that is in a photo; what was said before is kept, and holds no longer."""
    review_photo(here.store, photo_id, given.nouns(), here.visitor.name)
    return _document(here, photo_id)


@router.get("/labels", response_class=Response, responses=_ANSWER)
def labelled_photos(
    here: Analysts,
    form: Annotated[LabelFormat, Query(alias="format")] = LabelFormat.COCO,
) -> Response:
    """Return all reviewed photos, blurred, with their labels."""
    name = f"{here.settings.municipality}-labels-{form}.zip"
    return Response(
        download_labels(here.store, here.settings, form),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _document(here: Context, photo_id: str) -> LabelsDocument:
    found = ToReview(photos.get(here.store, photo_id), reviews.find(here.store, photo_id))
    return LabelsDocument.of(found)
