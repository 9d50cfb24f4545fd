"""/v1/photo-archives: many photos in one zip."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.archives import ZIP, WhileReading, take_archive, zip_body
from api.context import Everyone
from api.documents.photos import OutcomeDocument

router = APIRouter(prefix="/v1/photo-archives", tags=["photos"])

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A zip of photos, never a multipart form.",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "",
    openapi_extra=_BODY,
    response_class=WhileReading,
    responses={200: {"model": OutcomeDocument, "description": "One document a line and a file."}},
)
async def send_archive(
    here: Everyone, body: Annotated[AsyncIterator[bytes], Depends(zip_body)]
) -> WhileReading:
    """Take in a zip of photos as it arrives, and answer file by file, one JSON document a line."""
    outcomes = take_archive(body, here.photos)
    return WhileReading(
        OutcomeDocument.of(each).model_dump_json(by_alias=True) + "\n" async for each in outcomes
    )
