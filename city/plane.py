"""A flat map in metres around a place: good to a few centimetres within a city."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from city.place import EARTH_RADIUS_M, Position


@dataclass(frozen=True)
class Plane:
    """Metres east and north of an origin."""

    origin: Position

    @classmethod
    def around(cls, positions: Iterable[Position]) -> Plane:
        """Return the plane whose origin is the middle of some positions."""
        lonlat = np.array([(p.lon, p.lat) for p in positions]).reshape(-1, 2)
        lon, lat = lonlat.mean(axis=0).tolist() if len(lonlat) else (0.0, 0.0)
        return cls(Position(lon, lat))

    def metres(self, positions: Iterable[Position]) -> NDArray[np.float64]:
        """Return (n, 2) metres east and north of the origin."""
        lonlat = np.array([(p.lon, p.lat) for p in positions], dtype=np.float64).reshape(-1, 2)
        per_degree = math.radians(1.0) * EARTH_RADIUS_M
        scale = np.array([per_degree * math.cos(math.radians(self.origin.lat)), per_degree])
        metres: NDArray[np.float64] = (lonlat - (self.origin.lon, self.origin.lat)) * scale
        return metres
