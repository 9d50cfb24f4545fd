"""/v1/jobs."""

from __future__ import annotations

from fastapi import APIRouter

from api.context import Here
from api.documents.jobs import JobDocument
from city.store import jobs

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.get("/{job_id}")
def get_job(job_id: str, here: Here) -> JobDocument:
    """Return how far a job is, and a link to its result once there is one."""
    return JobDocument.of(jobs.get(here.store, job_id))
