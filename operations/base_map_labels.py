"""Where the names of streets, parks and quarters stand on the base map, and from which zoom on.

A page shows a label from its ``minzoom`` on and need not look for collisions itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely import LineString, MultiLineString, Polygon
from shapely.affinity import rotate, translate
from shapely.ops import linemerge

from routing.roads.features import METRES_PER_DEGREE

ZOOMS = tuple(np.arange(12.0, 18.51, 0.5).tolist())
LETTER_PX, LINE_PX = 6.6, 15.0
SAME_NAME_PX = 220.0  # no name stands twice within this distance
EVERY_M = 300.0
# https://maplibre.org/maplibre-gl-js/docs/API/classes/Map/: 512 pixels hold the world at zoom 0.
EQUATOR_M_PER_PX = 40_075_016.686 / 512


@dataclass(frozen=True)
class Label:
    """A name at its place.

    Parameters
    ----------
    kind : "street", "area" or "quarter".
    lonlat : the middle of the text.
    rank : the smaller, the more important.
    angle : degrees clockwise of upright text, -90 to 90.
    room_m : how long the text may be on the ground.
    minzoom : MapLibre zoom from which on it is shown.
    """

    name: str
    kind: str
    lonlat: tuple[float, float]
    rank: int
    angle: float
    room_m: float
    minzoom: float = ZOOMS[0]

    def properties(self) -> dict[str, Any]:
        """Return what a style or a page needs to show the label."""
        return {
            "name": self.name,
            "class": self.kind,
            "rank": self.rank,
            "angle": round(self.angle, 1),
            "minzoom": self.minzoom,
        }


def street_labels(name: str, rank: int, stretches: Sequence[LineString]) -> Iterator[Label]:
    """Give places for a street's name where it runs straight enough for its letters."""
    lines = list(stretches)
    merged = linemerge(MultiLineString(lines)) if len(lines) > 1 else lines[0]
    squeeze = _metres_per_degree(float(merged.centroid.y))
    for line in getattr(merged, "geoms", [merged]):
        metric = LineString(np.asarray(line.coords) * squeeze)
        count = max(1, int(metric.length / EVERY_M))
        for at_m in (np.arange(count) + 0.5) * metric.length / count:
            straight = _straight(metric, float(at_m))
            if straight is None:
                continue
            angle, room_m = straight
            middle = metric.interpolate(at_m)
            lon, lat = np.array([middle.x, middle.y]) / squeeze
            yield Label(name, "street", (float(lon), float(lat)), rank, angle, room_m)


def area_label(name: str, rank: int, area: Any) -> Label:
    """Return the place of an area's name: upright, well inside it."""
    middle = area.representative_point()
    size_m = float(np.sqrt(area.area * _metres_per_degree(middle.y).prod()))
    # An upright name may stand out over a small square, not over a doorstep.
    return Label(str(name), "area", (middle.x, middle.y), rank, 0.0, 1.5 * size_m)


def place(wanted: Sequence[Label]) -> list[Label]:
    """Give each label the smallest zoom at which it fits and hides no more important one.

    Labels that fit at no zoom are left out.
    """
    if not wanted:
        return []
    order = sorted(wanted, key=lambda label: (label.rank, -label.room_m, label.name, label.lonlat))
    shown: dict[int, float] = {}
    for zoom in ZOOMS:
        boxes = [_box(label, zoom) for label in order]
        clashes = _clashes(order, boxes)
        fits = [at for at, label in enumerate(order) if at not in shown and _fits(label, zoom)]
        for at in fits:
            if not clashes[at] & shown.keys():
                shown[at] = zoom
    return [replace(order[at], minzoom=zoom) for at, zoom in sorted(shown.items())]


def _metres_per_degree(lat: float) -> Any:
    return np.array([np.cos(np.radians(lat)), 1.0]) * METRES_PER_DEGREE


def _straight(line: LineString, at_m: float) -> tuple[float, float] | None:
    """Return the upright angle and the length of the straight piece around a place on a line."""
    for half_m in (160.0, 80.0, 40.0, 20.0):
        if half_m > max(at_m, line.length - at_m):
            continue
        ends = [line.interpolate(max(0.0, at_m + side)) for side in (-half_m, half_m)]
        x, y = ends[1].x - ends[0].x, ends[1].y - ends[0].y
        chord_m = float(np.hypot(x, y))
        along_m = min(at_m, half_m) + min(line.length - at_m, half_m)
        if chord_m >= 0.985 * along_m:
            angle = -float(np.degrees(np.arctan2(y, x)))
            return (angle + 90) % 180 - 90, chord_m
    return None


def _px_per_m(label: Label, zoom: float) -> float:
    return float(2**zoom / (EQUATOR_M_PER_PX * np.cos(np.radians(label.lonlat[1]))))


def _width_px(label: Label) -> float:
    return len(label.name) * LETTER_PX + 6


def _fits(label: Label, zoom: float) -> bool:
    return _width_px(label) <= label.room_m * _px_per_m(label, zoom)


def _box(label: Label, zoom: float) -> Polygon:
    """Return the text's box in pixels, east and north positive."""
    half = _width_px(label) / 2
    box = shapely.box(-half, -LINE_PX / 2, half, LINE_PX / 2)
    x, y = np.array(label.lonlat) * _metres_per_degree(label.lonlat[1]) * _px_per_m(label, zoom)
    return translate(rotate(box, -label.angle, origin=(0, 0)), x, y)


def _clashes(labels: Sequence[Label], boxes: Sequence[Polygon]) -> list[set[int]]:
    """Return for each label those that it would hide, or repeat nearby."""
    found: list[set[int]] = [set() for _ in labels]
    tree = shapely.STRtree(boxes)
    for one, other in tree.query(boxes, predicate="intersects").T.tolist():
        found[one].add(other)
    for one, other in tree.query(boxes, predicate="dwithin", distance=SAME_NAME_PX).T.tolist():
        if labels[one].name == labels[other].name:
            found[one].add(other)
    return [near - {at} for at, near in enumerate(found)]
