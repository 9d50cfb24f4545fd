"""What lies between containers, depot and disposal sites, and the trucks that drive it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from city.container import Gear
from city.fleet import Fleet, Site, Vehicle, Window
from city.fraction import Fraction
from city.place import Position
from operations.pose import sites_of
from operations.simulate.assumptions import Assumptions
from operations.simulate.district import District
from routing.problem import UNREACHABLE, IntMatrix
from routing.roads import Roads

HOUR_S = 3600
NEAR_ROAD_M = 200.0
DETOUR, KM_PER_HOUR = 1.4, 25.0
"""Without roads: streets are so much longer than a straight line, and driven so fast."""


@dataclass(frozen=True)
class Streets:
    """Driving times and lengths between the fleet's sites and all containers, in this order.

    Parameters
    ----------
    roads : where they come from, in words.
    """

    duration_s: IntMatrix
    length_m: IntMatrix
    roads: str

    def among(self, rows: list[int], sites: int) -> tuple[IntMatrix, IntMatrix]:
        """Return both between all sites and some of the containers."""
        nodes = [*range(sites), *(sites + row for row in rows)]
        cells = np.ix_(nodes, nodes)
        return self.duration_s[cells], self.length_m[cells]


def simulated_fleet(assumptions: Assumptions) -> Fleet:
    """Return equal crane trucks, their depot and two disposal sites, all assumed."""
    shift = Window(7 * HOUR_S, 15 * HOUR_S + HOUR_S // 2)
    return Fleet(
        vehicles=tuple(
            Vehicle(
                id=f"crane-{number}",
                name=f"Crane truck {number} (simulated)",
                depot_id="depot",
                fractions=(Fraction.RESIDUAL,),
                gear=Gear.CRANE,
                weight_capacity_kg=assumptions.truck_kg,
                volume_capacity_l=assumptions.truck_kg * 12,
                overfull_pct=assumptions.overfull_pct,
                shift=shift,
            )
            for number in range(1, assumptions.trucks + 1)
        ),
        depots=(Site("depot", "Depot (simulated)", Position(4.8725, 52.3905)),),
        disposal_sites=(
            _disposal("west", Position(4.8130, 52.3965)),
            _disposal("east", Position(4.9560, 52.3270)),
        ),
    )


def _disposal(name: str, position: Position) -> Site:
    return Site(
        id=name,
        name=f"Disposal site {name} (simulated)",
        position=position,
        window=Window(6 * HOUR_S, 17 * HOUR_S),
        service_s=900,
        fractions=(Fraction.RESIDUAL,),
    )


def near_roads(district: District, roads: Roads) -> District:
    """Return the containers that stand near a road of the extract."""
    away_m = roads.snap([(p.lon, p.lat) for p in district.positions]).distance_m
    return district.only(np.flatnonzero(away_m <= NEAR_ROAD_M))


def within_reach(district: District, streets: Streets) -> tuple[District, Streets]:
    """Leave out the containers that no way leads to or back from.

    A road extract is cut at its edge, where some roads end in nothing.
    """
    sites = len(streets.length_m) - len(district)
    there = streets.length_m < UNREACHABLE
    rows = np.flatnonzero((there & there.T)[:sites, sites:].all(axis=0))
    cells = streets.among(rows.tolist(), sites)
    return district.only(rows), Streets(*cells, streets.roads)


def streets_of(district: District, fleet: Fleet, roads: Roads | None) -> Streets:
    """Return the way between all places, by road where roads are given."""
    places = [site.position for site in sites_of(fleet)] + list(district.positions)
    if roads is None:
        return _straight(places)
    matrix = roads.matrix([(p.lon, p.lat) for p in places])
    return Streets(matrix.duration_s, matrix.length_m, "roads of OpenStreetMap")


def _straight(places: list[Position]) -> Streets:
    lonlat = np.radians([(p.lon, p.lat) for p in places])
    middle = np.cos(lonlat[:, 1].mean())
    plane = 6_371_008.8 * np.stack([lonlat[:, 0] * middle, lonlat[:, 1]], axis=1)
    apart = np.hypot(*np.moveaxis(plane[:, None] - plane[None], 2, 0))
    length = np.round(DETOUR * apart).astype(np.int32)
    duration = np.round(DETOUR * apart / (KM_PER_HOUR / 3.6)).astype(np.int32)
    return Streets(duration, length, f"straight lines, {DETOUR:g} times as long")
