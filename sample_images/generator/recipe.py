"""What a picture is made of, and where on the earth its street lies."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bins import Bin
from stage import Stage
from street import Street

EARTH_RADIUS_M = 6_371_008.8
CAMERA_HEIGHT_M = 1.6
SAMPLE_SEEDS = range(9000, 9100)
"""Seeds of the pictures in this repository: never used to make training pictures."""


@dataclass(frozen=True)
class Site:
    """A spot on a street's middle line, and the bearing in which the street runs there."""

    street: str
    lon: float
    lat: float
    bearing_deg: float

    def lonlat(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of a point of the street's frame, metres."""
        turn = math.radians(self.bearing_deg)
        east = x * math.sin(turn) - y * math.cos(turn)
        north = x * math.cos(turn) + y * math.sin(turn)
        lat = self.lat + math.degrees(north / EARTH_RADIUS_M)
        lon = self.lon + math.degrees(east / (EARTH_RADIUS_M * math.cos(math.radians(self.lat))))
        return lon, lat


@dataclass(frozen=True)
class Phone:
    """Where the phone is held in the street's frame, and how.

    Parameters
    ----------
    look_deg : counter-clockwise from the street's direction; 90 looks at the left house fronts.
    pitch_deg : below zero looks down.
    f35_mm : focal length for a frame 36 mm wide.
    """

    x: float
    y: float
    look_deg: float
    pitch_deg: float = -4.0
    f35_mm: int = 26
    exposure: float = 0.0

    @property
    def hfov_deg(self) -> float:
        """Horizontal field of view."""
        return math.degrees(2 * math.atan(18.0 / self.f35_mm))


@dataclass(frozen=True)
class Recipe:
    """One picture: its seed, place, moment, light, street, camera and what stands there."""

    name: str
    seed: int
    site: Site
    taken_at: datetime
    sky: str
    phone: Phone
    dress: Callable[[Stage], None]
    street: Street = field(default_factory=Street)
    wet: float = 0.0
    bins: tuple[Bin, ...] = ()
    flash_w: float = 0.0

    @property
    def heading_deg(self) -> float:
        """Bearing in which the camera looks."""
        return (self.site.bearing_deg - self.phone.look_deg) % 360
