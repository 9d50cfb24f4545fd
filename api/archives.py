"""Reading a zip of photos as it arrives: nothing of it is spooled, and memory stays bounded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive
from stream_unzip import UnzipError, async_stream_unzip

from api.uploads import MAX_BYTES
from city.errors import Fault
from operations.ingest_photos import TOGETHER
from operations.receive_photo import Outcome, PhotoDesk

ZIP = "application/zip"
Entry = tuple[str, bytes]


class WhileReading(StreamingResponse):
    """An answer that is sent while the request is still being read, one JSON document a line."""

    media_type = "application/jsonl"

    async def listen_for_disconnect(self, receive: Receive) -> None:  # noqa: ARG002
        """Listen to nothing: whoever listens takes the request's body from who reads it."""
        await asyncio.Event().wait()


async def zip_body(request: Request) -> AsyncIterator[bytes]:
    """Return the body of a request, chunk by chunk, where it says that it is a zip."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != ZIP:
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the zip itself, with Content-Type {ZIP}."
        )
    return request.stream()


async def take_archive(body: AsyncIterator[bytes], desk: PhotoDesk) -> AsyncIterator[Outcome]:
    """Take in the photos of a zip while it arrives, and tell of each what became of it.

    An outcome is told when the blurred copy is stored and the ledger knows of it. Where the zip
    itself is broken, that is the last outcome, with no name.
    """
    waiting: list[Entry] = []
    broken = None
    try:
        async for entry in _entries(body):
            if isinstance(entry, Outcome):
                yield entry
                continue
            waiting.append(entry)
            if len(waiting) == TOGETHER:
                ready, waiting = waiting, []
                for outcome in await run_in_threadpool(desk.take_several, ready):
                    yield outcome
    except ClientDisconnect:
        # What came whole is taken all the same; who sends it again is told that it is known.
        pass
    except UnzipError as error:
        broken = Outcome("", faults=(_broken(error),))
    if waiting:
        for outcome in await run_in_threadpool(desk.take_several, waiting):
            yield outcome
    if broken:
        yield broken


async def _entries(body: AsyncIterator[bytes]) -> AsyncIterator[Entry | Outcome]:
    """Yield each file of a zip whole; in place of one that is too large, what is wrong."""
    async for raw_name, _, chunks in async_stream_unzip(body):
        name, content, size = raw_name.decode("utf-8", "replace"), bytearray(), 0
        async for chunk in chunks:
            size += len(chunk)
            if size <= MAX_BYTES:
                content += chunk
        if name.endswith("/") and not size:
            continue
        yield (name, bytes(content)) if size <= MAX_BYTES else Outcome(name, faults=(_large(name),))


def _large(name: str) -> Fault:
    cause = f"A photo may hold {MAX_BYTES // 1024 // 1024} MB at most."
    return Fault("photo-too-large", name, cause, "Send a smaller copy.")


def _broken(error: UnzipError) -> Fault:
    cause = f"From here on the zip cannot be read ({type(error).__name__})."
    remedy = "Make it anew and send it again; photos that are stored already are known then."
    return Fault("zip-broken", "body", cause, remedy)
