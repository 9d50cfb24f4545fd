"""/v1/plans/{plan_id}/what-ifs."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.context import Analysts
from api.documents.jobs import JobDocument
from api.documents.what_ifs import WhatIfDocument, WhatIfList, WhatIfRequest
from operations.what_if import in_force, list_what_ifs, request_what_if

router = APIRouter(prefix="/v1/plans/{plan_id}/what-ifs", tags=["plans"])


@router.get("")
def get_what_ifs(plan_id: str, here: Analysts) -> WhatIfList:
    """Return what the plan's day would come to by the thresholds that were asked about."""
    found, now = list_what_ifs(here.store, here.settings, plan_id), in_force(here.settings)
    documents = tuple(WhatIfDocument.of(each, now) for each in found)
    return WhatIfList(plan_id=plan_id, what_ifs=documents)


@router.post("", status_code=202)
def ask_what_if(
    plan_id: str, asked: WhatIfRequest, here: Analysts, response: Response
) -> JobDocument:
    """Ask what the plan's day would come to by other thresholds, and by those in force."""
    job = request_what_if(here.store, here.settings, here.jobs, plan_id, asked.noun())
    document = JobDocument.of(job)
    response.headers["Location"] = document.links[0].href
    return document
