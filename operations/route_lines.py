"""Verb: draw a plan's routes on the streets, from the built roads."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely import LineString

from city.errors import BadInput
from city.place import Position
from city.plan import Route, VisitKind
from routing.roads import Roads

Line = tuple[tuple[float, float], ...]
MANIFEST = "roads.json"
DRAWN_WITHIN_DEG = 1e-5
"""A line leaves the street's own by a metre at most; that takes half of its points away."""

KEPT = 200
"""Lines kept in memory: about 20 kB each."""


@dataclass(frozen=True)
class DrawnRoute:
    """A route as a line of longitude and latitude.

    Parameters
    ----------
    on_streets : False where no built roads are at hand: straight lines between the visits.
    """

    line: Line
    on_streets: bool


@dataclass
class RouteLines:
    """Draws routes; keeps the opened roads, which are read-only and safe to share."""

    folder: Path
    _roads: dict[Path, Roads] = field(default_factory=dict)
    _drawn: dict[tuple[Path, Line], DrawnRoute] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def draw(
        self, route: Route, positions: Mapping[str, Position], built: Mapping[str, Any]
    ) -> DrawnRoute:
        """Return a route's line through the positions of its visits.

        Parameters
        ----------
        built : manifest of the roads that the plan was made on; others do where they are gone.
        """
        points = [
            (positions[v.ref].lon, positions[v.ref].lat)
            for v in route.visits
            if v.kind is not VisitKind.BREAK and v.ref in positions
        ]
        straight = DrawnRoute(tuple(points), on_streets=False)
        roads = self.open(built)
        if roads is None or len(points) < 2:
            return straight
        key = roads.folder, straight.line
        if key not in self._drawn:
            while len(self._drawn) >= KEPT:
                self._drawn.pop(next(iter(self._drawn)), None)
            self._drawn[key] = _on_streets(roads, points) or straight
        return self._drawn[key]

    def open(self, built: Mapping[str, Any]) -> Roads | None:
        """Return the roads that a plan was made on, others where they are gone, or None."""
        folders = built_roads(self.folder)
        if not folders:
            return None
        folders.sort(key=lambda folder: _manifest(folder) != built)
        with self._lock:
            if folders[0] not in self._roads:
                self._roads[folders[0]] = Roads(folders[0])
            return self._roads[folders[0]]


def built_roads(folder: Path) -> list[Path]:
    """Return the folders of built roads, the newest first."""
    found = [manifest.parent for manifest in folder.glob(f"*/{MANIFEST}")]
    return sorted(found, key=lambda path: (path / MANIFEST).stat().st_mtime, reverse=True)


def _on_streets(roads: Roads, points: Sequence[tuple[float, float]]) -> DrawnRoute | None:
    try:
        geometry = roads.route(points, turn_at_stops=True, steps=False).geometry
    except BadInput:
        return None
    # A line may cross itself, so there is no topology to keep.
    drawn = LineString(geometry).simplify(DRAWN_WITHIN_DEG, preserve_topology=False)
    return DrawnRoute(_line(drawn.coords), on_streets=True)


def _manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return content


def _line(points: Iterable[Sequence[float]]) -> Line:
    return tuple((round(lon, 6), round(lat, 6)) for lon, lat in points)
