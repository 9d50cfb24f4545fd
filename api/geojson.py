"""Answers that say that they are GeoJSON."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel

GEOJSON = "application/geo+json"


class GeoJSONResponse(Response):
    """A document as GeoJSON (RFC 7946)."""

    media_type = GEOJSON

    @classmethod
    def of(cls, document: BaseModel, beside: Response | None = None) -> GeoJSONResponse:
        """Return the answer, written in one go, with the headers that were already given."""
        headers = dict(beside.headers) if beside else None
        return cls(document.model_dump_json(by_alias=True), headers=headers)
