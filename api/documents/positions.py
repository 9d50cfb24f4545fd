"""Where trucks are, as their crews let it be known."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from api.documents.document import Document, Point, example
from city.place import Position
from city.vehicle_position import VehiclePosition


class PositionRequest(Document):
    """Where a truck is; longitude, then latitude (WGS 84)."""

    model_config = Document.model_config | {
        "json_schema_extra": example(coordinates=[24.9384, 60.1699], accuracyM=12)
    }

    coordinates: tuple[float, float]
    accuracy_m: float = Field(ge=0, le=100_000, allow_inf_nan=False)

    def position(self) -> Position:
        """Return the city's noun."""
        return Position(*self.coordinates)


class PositionDocument(Document):
    """The last place of a truck."""

    vehicle_id: str
    at: datetime
    coordinates: tuple[float, float]
    accuracy_m: float

    @classmethod
    def of(cls, noun: VehiclePosition) -> PositionDocument:
        """Return the document of one truck's place."""
        return cls(
            vehicle_id=noun.vehicle_id,
            at=noun.at,
            coordinates=Point.at(noun.position).coordinates,
            accuracy_m=noun.accuracy_m,
        )


class PositionList(Document):
    """Where trucks are; those that do not share it are not among them."""

    kept_minutes: int = Field(description="How long a place is kept; 0 where none is taken.")
    positions: tuple[PositionDocument, ...]
