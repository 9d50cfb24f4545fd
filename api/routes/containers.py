"""/v1/containers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api.context import Everyone
from api.documents.containers import ContainerCollection, ContainerFeature, ContainerWithEvidence
from api.documents.document import Link
from api.parameters import Limit, Offset, Within
from city.store import containers, ledger

GEOJSON = "application/geo+json"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

router = APIRouter(prefix="/v1/containers", tags=["containers"])


class GeoJSONResponse(JSONResponse):
    """A JSON answer that says that it is GeoJSON (RFC 7946)."""

    media_type = GEOJSON


@router.get("", response_class=GeoJSONResponse)
def list_containers(
    request: Request,
    response: Response,
    here: Everyone,
    within: Within,
    limit: Limit = 100,
    offset: Offset = 0,
) -> ContainerCollection:
    """Return the containers in the order of their ids."""
    found = containers.every(here.store, within, limit + 1, offset)
    links = [_link(request, "self", limit, offset)]
    if len(found) > limit:
        links.append(_link(request, "next", limit, offset + limit))
        response.headers["Link"] = f'<{links[-1].href}>; rel="next"'
    features = tuple(ContainerFeature.of(noun) for noun in found[:limit])
    return ContainerCollection(features=features, number_returned=len(features), links=tuple(links))


@router.get("/{container_id}", response_class=GeoJSONResponse)
def get_container(
    container_id: str,
    here: Everyone,
    evidence_limit: Annotated[int, Query(alias="evidenceLimit", ge=0, le=1000)] = 50,
) -> ContainerWithEvidence:
    """Return one container with what was said about it, the newest first."""
    noun = containers.get(here.store, container_id)
    records = ledger.since(here.store, LONG_AGO, datetime.now(UTC), container_id)
    return ContainerWithEvidence.told(noun, tuple(reversed(records))[:evidence_limit])


def _link(request: Request, rel: str, limit: int, offset: int) -> Link:
    query = {"limit": str(limit), "offset": str(offset)}
    if "bbox" in request.query_params:
        query["bbox"] = request.query_params["bbox"]
    return Link(rel=rel, href=f"{request.url.path}?{urlencode(query)}", type=GEOJSON)
