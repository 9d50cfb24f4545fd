"""Where things are: a position on the earth and the bounds of a city."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from city.errors import BadInput, Fault

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True)
class Position:
    """A point on the earth, WGS 84, degrees, longitude before latitude."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        for field, value, limit in (("lon", self.lon, 180.0), ("lat", self.lat, 90.0)):
            if not (math.isfinite(value) and abs(value) <= limit):
                raise BadInput(
                    Fault(
                        code="position-out-of-range",
                        where="position",
                        field=field,
                        value=f"{value}",
                        cause=f"{field} must lie within -{limit:g} and {limit:g} degrees.",
                        remedy="Give WGS 84 degrees, longitude first.",
                    )
                )

    def distance_m(self, other: Position) -> float:
        """Return the great-circle distance in metres."""
        lat1, lat2 = math.radians(self.lat), math.radians(other.lat)
        half_lat = (lat2 - lat1) / 2
        half_lon = math.radians(other.lon - self.lon) / 2
        a = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
        return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(a))

    def moved(self, east_m: float, north_m: float) -> Position:
        """Return the position so many metres further east and north."""
        dlat = math.degrees(north_m / EARTH_RADIUS_M)
        dlon = math.degrees(east_m / (EARTH_RADIUS_M * math.cos(math.radians(self.lat))))
        return Position(self.lon + dlon, self.lat + dlat)

    def swapped(self) -> Position:
        """Return the position with longitude and latitude exchanged."""
        return Position(self.lat, self.lon)


@dataclass(frozen=True)
class Bounds:
    """The box, in WGS 84 degrees, that a city's data must lie within."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, positions: Iterable[Position], margin_m: float = 0.0) -> Bounds:
        """Return the smallest box around positions, grown by a margin in metres."""
        points = tuple(positions)
        low = Position(min(p.lon for p in points), min(p.lat for p in points))
        high = Position(max(p.lon for p in points), max(p.lat for p in points))
        low, high = low.moved(-margin_m, -margin_m), high.moved(margin_m, margin_m)
        return cls(low.lon, low.lat, high.lon, high.lat)

    def contains(self, position: Position) -> bool:
        """Tell whether a position lies within the box, edges included."""
        return self.west <= position.lon <= self.east and self.south <= position.lat <= self.north

    def grown(self, margin_m: float) -> Bounds:
        """Return the box grown by a margin in metres on every side."""
        corners = Position(self.west, self.south), Position(self.east, self.north)
        return Bounds.around(corners, margin_m)
