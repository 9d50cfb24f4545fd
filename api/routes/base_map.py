"""/v1/base-map: streets, buildings, water and green to draw beneath the routes."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.context import Here
from city.errors import NotFound

LAYERS = ("streets", "buildings", "water", "green", "labels")

router = APIRouter(prefix="/v1/base-map", tags=["base map"])


@router.get("/{layer}", response_class=FileResponse)
def get_layer(layer: str, here: Here) -> FileResponse:
    """Return one layer of the base map as GeoJSON."""
    path = here.settings.home / "base_map" / f"{layer}.geojson"
    if layer not in LAYERS or not path.is_file():
        raise NotFound(f"There is no layer '{layer}'.")
    return FileResponse(path, media_type="application/geo+json")
