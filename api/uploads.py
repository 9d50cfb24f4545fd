"""Reading a request's body into memory, and never further than the limit."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException

MAX_BYTES = 40 * 1024 * 1024
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")


async def photo_body(request: Request) -> bytes:
    """Return the raw body of an upload.

    The body is the photo itself. Multipart forms are refused: their parsers spool large parts to
    disk, and nothing may be written there before it is blurred.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in PHOTO_TYPES:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"Send the photo itself as the body, with Content-Type {' or '.join(PHOTO_TYPES)}.",
        )
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > MAX_BYTES:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> HTTPException:
    limit = MAX_BYTES // 1024 // 1024
    return HTTPException(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A photo may hold {limit} MB at most."
    )
