"""The built roads of a city, open for questions: matrices, routes, streets."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osrm
from numpy.typing import ArrayLike, NDArray

from city.errors import BadInput, Broken, Fault
from routing.problem import UNREACHABLE
from routing.roads.matrix import Ints, Matrix, Snapping
from routing.roads.route import Route, route_from

NETWORK = "roads.osrm"
MANIFEST = "roads.json"
SAME_PLACE_DEG = 2e-6
# Near enough to be put on that road again; OSRM tells no side of stops within 5 m of the middle.
BESIDE_ROAD_M = 8.0
# Cells of a block: OSRM's answer takes about 100 bytes for each while it is copied.
BLOCK_CELLS = 1_000_000

Progress = Callable[[int, int], None]
Lonlat = NDArray[np.float64]


class Roads:
    """The roads of one city for one kind of truck.

    Parameters
    ----------
    folder : what ``build_roads`` made.

    Raises
    ------
    BadInput
        When the folder holds no built roads.
    Broken
        When OSRM cannot read what it holds.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / MANIFEST).is_file():
            cause = "The folder holds no built roads."
            remedy = "Run: stadsronde roads build EXTRACT.osm.pbf"
            raise BadInput(Fault("no-roads", str(folder), cause, remedy))
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        try:
            self._engine = osrm.OSRM(
                algorithm="CH",
                storage_config=str(folder / NETWORK),
                use_shared_memory=False,
                max_locations_distance_table=-1,
                max_locations_viaroute=-1,
            )
        except RuntimeError as error:
            raise Broken(f"OSRM cannot open {folder.name}: {error}. Build it again.") from error

    def snap(self, lonlat: ArrayLike, *, kerb: bool = False) -> Snapping:
        """Return where on the roads the points (n, 2 lon/lat degrees) lie."""
        return _snapping([self._nearest(point, kerb) for point in _points(lonlat)])

    def nearest_street(self, lonlat: tuple[float, float]) -> str:
        """Return the name of the road nearest to a point, or "" where it has none."""
        return self.snap([lonlat]).street[0]

    def matrix(
        self, lonlat: ArrayLike, *, kerb: bool = False, progress: Progress | None = None
    ) -> Matrix:
        """Return times and lengths between all points, asked for in blocks of rows.

        Every block names every point, so that all of them snap alike.

        Parameters
        ----------
        lonlat : (n, 2) degrees, longitude first.
        kerb : arrive and leave with the point on the kerb's side of the truck.
        progress : called with (rows done, rows in all), in this thread.

        Raises
        ------
        BadInput
            When a position is no position on earth.
        """
        points = _points(lonlat)
        count = len(points)
        if count < 2:
            none = np.zeros((count, count), dtype=np.int32)
            return Matrix(none, none.copy(), self.snap(points, kerb=kerb))
        duration_s = np.full((count, count), UNREACHABLE, dtype=np.int32)
        length_m = duration_s.copy()
        points, snapping = self._connected(points, kerb)
        step = max(1, BLOCK_CELLS // count)
        for start in range(0, count, step):
            rows = range(start, min(start + step, count))
            answer = self._table(points, rows, kerb)
            _copy(answer["durations"], duration_s, rows)
            _copy(answer["distances"], length_m, rows)
            if progress:
                progress(rows.stop, count)
        return Matrix(duration_s, length_m, snapping)

    def extended(self, duration_s: Ints, length_m: Ints, lonlat: ArrayLike) -> tuple[Ints, Ints]:
        """Return the matrices of points of which the first are measured: only legs to or from new.

        Parameters
        ----------
        duration_s, length_m : (m, m) int32 between the first m points.
        lonlat : (n, 2) degrees of all points.

        Raises
        ------
        BadInput
            When a position is no position on earth.
        """
        points, _ = self._connected(_points(lonlat), kerb=False)
        known, count = len(duration_s), len(points)
        new = range(known, count)
        there = self._table(points, new, kerb=False)
        back = self._table(points, range(known), kerb=False, columns=new)
        grown: list[Ints] = []
        for field, old in (("durations", duration_s), ("distances", length_m)):
            whole = np.full((count, count), UNREACHABLE, dtype=np.int32)
            whole[:known, :known] = old
            _copy(there[field], whole, new)
            _copy(back[field], whole[:, known:], range(known))
            grown.append(whole)
        return grown[0], grown[1]

    def route(
        self,
        lonlat: ArrayLike,
        *,
        kerb: bool = False,
        turn_at_stops: bool = False,
        steps: bool = True,
    ) -> Route:
        """Return the drive along the points in their order.

        Parameters
        ----------
        lonlat : (n, 2) degrees, longitude first; two at least.
        kerb : as for ``matrix``.
        turn_at_stops : whether the truck may turn round in the street at a stop. Without it
            it leaves as it came wherever it can, which may take longer than the matrix says;
            with it, or with ``kerb``, the legs are as long as the matrix says.
        steps : whether the legs tell their turns; without them the line is there in half the time.

        Raises
        ------
        BadInput
            When there is no lawful way along the points, or a position is none.
        """
        points = _points(lonlat)
        if len(points) < 2:
            raise _bad_points("A route needs two points at least.", f"{len(points)} points")
        points, _ = self._connected(points, kerb)
        asked = osrm.RouteParameters(
            coordinates=_pairs(points),
            approaches=_approaches(points, kerb),
            steps=steps,
            geometries="geojson",
            overview="full",
            continue_straight=not turn_at_stops,
            generate_hints=False,
        )
        try:
            return route_from(self._engine.Route(asked)["routes"][0])
        except RuntimeError as error:
            raise _refused(error, "route") from error

    def connected_place(self, lonlat: ArrayLike) -> tuple[float, float] | None:
        """Return the first of these places that lies on the roads that most of them share."""
        points = _points(lonlat)
        if len(points) < 2:
            return None
        matrix = self.matrix(points)
        alone = self.snap(points).lonlat
        stays = np.abs(alone - matrix.snapping.lonlat).max(axis=1) < SAME_PLACE_DEG
        stays[list(matrix.unreachable)] = False
        at = int(stays.argmax())
        return (float(points[at, 0]), float(points[at, 1])) if stays[at] else None

    def _nearest(self, point: Lonlat, kerb: bool) -> dict[str, Any]:
        asked = osrm.NearestParameters(
            coordinates=_pairs(point[None]),
            approaches=_approaches(point[None], kerb),
            generate_hints=False,
        )
        try:
            found: dict[str, Any] = self._engine.Nearest(asked)["waypoints"][0]
        except RuntimeError as error:
            raise _refused(error, "road") from error
        return found

    def _connected(self, points: Lonlat, kerb: bool) -> tuple[Lonlat, Snapping]:
        """Move points beside a cut-off piece of road to the nearest connected one.

        OSRM does so too, but not if all points of a question lie on such a piece: two neighbours
        alone would be put elsewhere than in the matrix of a whole city. The anchor, a place on
        the connected roads, is asked with them; what it moves is moved here for good. Moved
        points keep the side of the road that they were on.
        """
        anchor = self.manifest.get("anchor")
        there = np.vstack([points, [anchor]]) if anchor else points
        places = self._table(there, range(1), kerb)["destinations"]
        snapping = _snapping([places[at] for at in range(len(points))])
        away = np.abs(self.snap(points, kerb=kerb).lonlat - snapping.lonlat).max(axis=1)
        side = points - snapping.lonlat
        share = np.minimum(1.0, BESIDE_ROAD_M / np.maximum(snapping.distance_m, 1e-3))
        beside = snapping.lonlat + side * share[:, None]
        return np.where(away[:, None] > SAME_PLACE_DEG, beside, points), snapping

    def _table(self, points: Lonlat, rows: range, kerb: bool, columns: range | None = None) -> Any:
        asked = osrm.TableParameters(
            coordinates=_pairs(points),
            sources=list(rows),
            destinations=list(range(len(points)) if columns is None else columns),
            annotations=["duration", "distance"],
            approaches=_approaches(points, kerb),
            generate_hints=False,
        )
        try:
            return self._engine.Table(asked)
        except RuntimeError as error:
            raise _refused(error, "matrix") from error


def _points(lonlat: ArrayLike) -> Lonlat:
    points = np.asarray(lonlat, dtype=np.float64)
    if points.size == 0:
        return points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise _bad_points("Points are (n, 2): longitude, latitude.", f"shape {points.shape}")
    wrong = ~(np.isfinite(points) & (np.abs(points) <= (180, 90))).all(axis=1)
    if wrong.any():
        raise BadInput(
            Fault(
                "bad-position",
                f"point {at}",
                "It is no position on earth.",
                "Give longitude, then latitude, in degrees.",
                "position",
                f"{points[at].tolist()}",
            )
            for at in np.flatnonzero(wrong)
        )
    return points


def _pairs(points: Lonlat) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in points.tolist()]


def _approaches(points: Lonlat, kerb: bool) -> list[str]:
    return ["curb"] * len(points) if kerb else []


def _copy(cells: Sequence[Sequence[float | None]], into: NDArray[np.int32], rows: range) -> None:
    """Copy one block row by row; None is an arc that cannot be driven.

    Between two points less than a metre apart OSRM may find a length of just under nothing.
    """
    for row, values in zip(rows, cells, strict=True):
        line = np.rint(np.array(list(values), dtype=np.float64)).clip(min=0.0)
        into[row] = np.where(np.isnan(line), UNREACHABLE, line)


def _snapping(places: Sequence[dict[str, Any]]) -> Snapping:
    return Snapping(
        lonlat=_points([list(place["location"]) for place in places]),
        distance_m=np.array([place["distance"] for place in places], dtype=np.float32),
        street=tuple(str(place["name"]) for place in places),
    )


def _bad_points(cause: str, value: str) -> BadInput:
    remedy = "Give longitude and latitude of each point in degrees."
    return BadInput(Fault("bad-points", "points", cause, remedy, "position", value))


def _refused(error: RuntimeError, what: str) -> BadInput:
    said = str(error)
    cause = f"OSRM finds no {what} for these points: {said}"
    remedy = "Check that each lies near a road that this truck may drive in both directions."
    code = "no-route" if "NoRoute" in said else "no-road-nearby"
    return BadInput(Fault(code, "points", cause, remedy, "position"))
