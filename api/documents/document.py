"""What every JSON document of the API has in common."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from city.place import Position


class Document(BaseModel):
    """A JSON object whose fields are camelCase outside and snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class Link(Document):
    """Where something related is found."""

    rel: str
    href: str
    type: str = "application/json"


class Point(Document):
    """A GeoJSON point; longitude, then latitude (WGS 84)."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]

    @classmethod
    def at(cls, position: Position) -> Point:
        """Return the point at a position."""
        return cls(coordinates=(round(position.lon, 7), round(position.lat, 7)))


class LineString(Document):
    """A GeoJSON line; longitude, then latitude (WGS 84)."""

    type: Literal["LineString"] = "LineString"
    coordinates: tuple[tuple[float, float], ...]

    @classmethod
    def drawn(cls, line: tuple[tuple[float, float], ...]) -> LineString:
        """Return a line of our own drawing, which is not checked point by point again."""
        return cls.model_construct(coordinates=line)


def example(**fields: Any) -> dict[str, Any]:
    """Return the part of a schema that carries an example."""
    return {"examples": [fields]}
