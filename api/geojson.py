"""Answers that say that they are GeoJSON."""

from __future__ import annotations

from fastapi.responses import JSONResponse

GEOJSON = "application/geo+json"


class GeoJSONResponse(JSONResponse):
    """A JSON answer that says that it is GeoJSON (RFC 7946)."""

    media_type = GEOJSON
