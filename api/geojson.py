"""Answers that say that they are GeoJSON."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

GEOJSON = "application/geo+json"


class GeoJSONResponse(JSONResponse):
    """A document as GeoJSON (RFC 7946); as one of JSON it is described by its schema."""

    media_type = GEOJSON

    def render(self, content: str) -> bytes:
        """Return what was written already."""
        return content.encode()

    @classmethod
    def of(cls, document: BaseModel, beside: Response | None = None) -> GeoJSONResponse:
        """Return the answer, written in one go, with the headers that were already given."""
        headers = dict(beside.headers) if beside else None
        return cls(document.model_dump_json(by_alias=True), headers=headers)
