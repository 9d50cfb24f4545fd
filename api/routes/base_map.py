"""/v1/base-map: streets, buildings, water and green to draw beneath the routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from api.context import Everyone
from api.documents.base_map import BaseMapDocument
from city.errors import NotFound
from operations.read_base_map import base_map

router = APIRouter(prefix="/v1/base-map", tags=["base map"])


Version = Annotated[
    str | None,
    Query(alias="v", description="The map's version: a newer one lies at another address."),
]


@router.get("")
def get_base_map(here: Everyone) -> BaseMapDocument:
    """Return the layers of the base map, and whose data it is."""
    return BaseMapDocument.of(base_map(here.settings))


@router.get("/{layer}", response_class=FileResponse)
def get_layer(layer: str, here: Everyone, _version: Version = None) -> FileResponse:
    """Return one layer of the base map as GeoJSON."""
    drawn = base_map(here.settings)
    if layer not in drawn.layers:
        raise NotFound(f"The base map has no layer '{layer}'.")
    caching = {"Cache-Control": "private, max-age=3600"}
    return FileResponse(drawn.path(layer), media_type="application/geo+json", headers=caching)
