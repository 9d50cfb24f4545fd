"""/v1/taps: what crews record at their stops."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.context import Crews, Drivers
from api.documents.photos import PhotoDocument
from api.documents.taps import RecordedDocument, RecordedList, TapBatch, TapList
from api.routes.photos import PHOTO_BODY
from api.uploads import photo_body
from city.errors import BadInput
from city.store import taps
from city.tap import Tap
from operations.photo_of_tap import photo_of_tap
from operations.record_taps import record_taps

router = APIRouter(prefix="/v1/taps", tags=["drivers"])


@router.post("")
def send_taps(here: Drivers, batch: TapBatch) -> RecordedList:
    """Keep taps, each of them once, however often it is sent.

    `known` is one that was kept before. Nothing is kept of one that is `refused`; the others are.
    """
    sound: list[Tap] = []
    refused: dict[str, RecordedDocument] = {}
    for sent in batch.taps:
        try:
            sound.append(batch.noun(sent))
        except BadInput as error:
            refused[sent.key] = RecordedDocument.refused(sent.key, error)
    recorded = record_taps(here.store, here.visitor.name, batch.sent_at, sound)
    kept = iter(RecordedDocument.of(each) for each in recorded)
    return RecordedList(recorded=tuple(refused.get(s.key) or next(kept) for s in batch.taps))


@router.get("")
def list_taps(
    here: Crews, day: date, vehicle_id: Annotated[str | None, Query(alias="vehicleId")] = None
) -> TapList:
    """Return the taps at a day's stops, of one truck or of all, oldest first."""
    return TapList.of(taps.of_day(here.store, day, vehicle_id))


@router.put("/{key}/photo", openapi_extra=PHOTO_BODY)
def put_photo(
    key: str, here: Drivers, body: Annotated[bytes, Depends(photo_body)], response: Response
) -> PhotoDocument:
    """Take in the photo of a tap, as any photo: nothing is written before it is blurred."""
    received = photo_of_tap(here.store, here.photos, key, body)
    document = PhotoDocument.of(received.record)
    response.headers["Location"] = document.links[0].href
    response.status_code = HTTPStatus.CREATED if received.is_new else HTTPStatus.OK
    return document
