"""/v1/jobs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.context import Office
from api.documents.jobs import JobDocument
from city.store import jobs

LOOKED_AT_EVERY_S = 0.4

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.get("/{job_id}")
def get_job(job_id: str, here: Office) -> JobDocument:
    """Return how far a job is, and a link to its result once there is one."""
    return JobDocument.of(jobs.get(here.store, job_id))


@router.get("/{job_id}/events", response_class=EventSourceResponse)
async def follow_job(
    here: Office, job: Annotated[JobDocument, Depends(get_job)]
) -> AsyncIterable[JobDocument]:
    """Send the job, and again whenever it changes, until it is over."""
    yield job
    while not job.is_over:
        await asyncio.sleep(LOOKED_AT_EVERY_S)
        now = await run_in_threadpool(get_job, job.id, here)
        if now != job:
            job = now
            yield job
