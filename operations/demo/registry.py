"""The demo city's containers: the map's real waste points, and invented ones on real streets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from routing.roads.features import Address, WastePoint

from city.container import Container, ContainerKind
from city.fraction import Fraction
from city.place import Position
from city.sources.containers_csv import read_containers
from routing.roads import Roads

CLUSTERS = 64
CLUSTER_SPACING_M = 55.0
BESIDE_ROAD_M = 4.0
IN_CLUSTER_M = 2.5

# What each invented underground cluster holds: always residual, often more.
SHARES = (
    (Fraction.RESIDUAL, 1.0),
    (Fraction.PAPER, 0.4),
    (Fraction.GLASS, 0.3),
    (Fraction.PACKAGING, 0.3),
)


def real_containers(points: Sequence[WastePoint]) -> list[Container]:
    """Return the waste points of the map; positions are real, volumes are the usual ones."""
    found = []
    for point in points:
        fraction, kind, volume_l = _what_it_is(point)
        found.append(Container(f"OSM-{point.osm_id}", point.position, fraction, kind, volume_l))
    return found


def invented_containers(addresses: Sequence[Address], roads: Roads, seed: int) -> list[Container]:
    """Return clusters of underground containers, spread along the streets of real addresses."""
    rng = np.random.default_rng(seed)
    chosen: list[Address] = []
    for index in rng.permutation(len(addresses)):
        address = addresses[index]
        if all(address.position.distance_m(c.position) >= CLUSTER_SPACING_M for c in chosen):
            chosen.append(address)
        if len(chosen) == CLUSTERS:
            break
    snapped = roads.snap([(a.position.lon, a.position.lat) for a in chosen]).lonlat
    found = []
    for number, (address, (lon, lat)) in enumerate(zip(chosen, snapped, strict=True), 1):
        kerb = _towards(Position(lon, lat), address.position, BESIDE_ROAD_M)
        fractions = [f for f, share in SHARES if rng.random() < share]
        for place, fraction in enumerate(fractions):
            found.append(
                Container(
                    id=f"UC-{number:03d}-{fraction[:3].upper()}",
                    position=kerb.moved(IN_CLUSTER_M * place, 0.0),
                    fraction=fraction,
                    kind=ContainerKind.UNDERGROUND,
                    volume_l=5_000,
                    address=address.text,
                    simulated=True,
                )
            )
    return found


def photographed_containers(registry_csv: Path) -> list[Container]:
    """Return the invented containers that the sample photos show."""
    return list(read_containers(registry_csv, None, simulated=True).containers)


def _what_it_is(point: WastePoint) -> tuple[Fraction, ContainerKind, int]:
    if point.amenity == "recycling":
        fraction = Fraction.GLASS if "glass" in point.materials else Fraction.PAPER
        return fraction, ContainerKind.BANK, 3_000
    if point.amenity == "waste_disposal":
        return Fraction.RESIDUAL, ContainerKind.WHEELIE, 660
    return Fraction.RESIDUAL, ContainerKind.BASKET, 80


def _towards(start: Position, goal: Position, distance_m: float) -> Position:
    away_m = max(start.distance_m(goal), 1e-6)
    part = min(1.0, distance_m / away_m)
    return Position(
        start.lon + (goal.lon - start.lon) * part, start.lat + (goal.lat - start.lat) * part
    )
