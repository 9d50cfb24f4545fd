"""/v1/containers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.context import Everyone
from api.documents.containers import ContainerCollection, ContainerFeature, ContainerWithEvidence
from api.geojson import GEOJSON, GeoJSONResponse
from api.paging import page_links
from api.parameters import Limit, Offset, Within
from city.store import containers, ledger

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

router = APIRouter(prefix="/v1/containers", tags=["containers"])


@router.get("", response_class=GeoJSONResponse, response_model=ContainerCollection)
def list_containers(
    request: Request,
    response: Response,
    here: Everyone,
    within: Within,
    limit: Limit = 100,
    offset: Offset = 0,
) -> GeoJSONResponse:
    """Return the containers in the order of their ids."""
    found = containers.every(here.store, within, limit + 1, offset)
    links = page_links(request, response, limit, offset, len(found) > limit, GEOJSON)
    features = tuple(ContainerFeature.of(noun) for noun in found[:limit])
    page = ContainerCollection(features=features, number_returned=len(features), links=links)
    return GeoJSONResponse.of(page, response)


@router.get("/{container_id}", response_class=GeoJSONResponse, response_model=ContainerWithEvidence)
def get_container(
    container_id: str,
    here: Everyone,
    evidence_limit: Annotated[int, Query(alias="evidenceLimit", ge=0, le=1000)] = 50,
) -> GeoJSONResponse:
    """Return one container with what was said about it, the newest first."""
    noun = containers.get(here.store, container_id)
    records = ledger.since(here.store, LONG_AGO, datetime.now(UTC), container_id)
    newest = tuple(reversed(records))[:evidence_limit]
    return GeoJSONResponse.of(ContainerWithEvidence.told(noun, newest))
