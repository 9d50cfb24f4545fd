"""/v1/open-data: what anybody may read, where a city switched that on; nothing of people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.context import AnyServer, Server
from api.documents.open_data import OpenCollection, OpenFeature
from api.geojson import GEOJSON, GeoJSONResponse
from api.paging import page_links
from api.parameters import Limit, Offset, Within
from city.errors import NotFound
from city.store import containers, plans
from operations.show_plan import newest_plan_id

router = APIRouter(prefix="/v1/open-data", tags=["open data"])


def _open(server: AnyServer) -> Server:
    if not server.settings.open_data:
        raise NotFound("This city publishes no open data here.")
    return server


@router.get("/containers", response_class=GeoJSONResponse, response_model=OpenCollection)
def list_open_containers(
    request: Request,
    response: Response,
    server: Annotated[Server, Depends(_open)],
    within: Within,
    limit: Limit = 100,
    offset: Offset = 0,
) -> GeoJSONResponse:
    """Return the containers, and how full each is believed to be by the newest plan."""
    found = containers.every(server.store, within, limit + 1, offset)
    plan_id = newest_plan_id(server.store)
    known = plans.choices(server.store, plan_id, [c.id for c in found]) if plan_id else {}
    links = page_links(request, response, limit, offset, len(found) > limit, GEOJSON)
    # Pages of other sites may show it too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    features = tuple(OpenFeature.of(each, known.get(each.id)) for each in found[:limit])
    page = OpenCollection(features=features, number_returned=len(features), links=links)
    return GeoJSONResponse.of(page, response)
