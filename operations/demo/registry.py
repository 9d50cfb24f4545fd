"""The demo city's containers: the map's real waste points, and invented ones on real streets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from city.container import Container, ContainerKind
from city.fraction import Fraction
from city.place import Position
from city.sources.containers_csv import read_containers
from routing.roads import Roads
from routing.roads.features import Address, AddressBook, WastePoint

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


def demo_registry(
    points: Iterable[WastePoint], known: Sequence[Address], roads: Roads, samples: Path, seed: int
) -> tuple[Container, ...]:
    """Return all containers of the demo city, each with the address that is nearest."""
    book = AddressBook(known)
    seen = read_containers(samples / "registry.csv", None, simulated=True).containers
    found = [*real_containers(points), *invented_containers(known, roads, seed), *seen]
    return tuple(replace(c, address=_address(c, book, roads)) for c in found)


def real_containers(points: Iterable[WastePoint]) -> list[Container]:
    """Return the waste points of the map; positions are real, volumes are the usual ones."""
    found = []
    for point in points:
        fraction, kind, volume_l = _what_it_is(point)
        name = f"OSM-{point.osm_id.partition('/')[2]}"
        found.append(Container(name, Position(*point.lonlat), fraction, kind, volume_l))
    return found


def invented_containers(known: Sequence[Address], roads: Roads, seed: int) -> list[Container]:
    """Return clusters of underground containers, spread along the streets of real addresses."""
    rng = np.random.default_rng(seed)
    doors: list[Position] = []
    for index in rng.permutation(len(known)):
        door = Position(*known[index].lonlat)
        if all(door.distance_m(other) >= CLUSTER_SPACING_M for other in doors):
            doors.append(door)
        if len(doors) == CLUSTERS:
            break
    snapped = roads.snap([(door.lon, door.lat) for door in doors]).lonlat
    found = []
    for number, (door, (lon, lat)) in enumerate(zip(doors, snapped, strict=True), 1):
        kerb = _towards(Position(lon, lat), door, BESIDE_ROAD_M)
        fractions = [f for f, share in SHARES if rng.random() < share]
        for place, fraction in enumerate(fractions):
            found.append(
                Container(
                    id=f"UC-{number:03d}-{fraction[:3].upper()}",
                    position=kerb.moved(IN_CLUSTER_M * place, 0.0),
                    fraction=fraction,
                    kind=ContainerKind.UNDERGROUND,
                    volume_l=5_000,
                    simulated=True,
                )
            )
    return found


def _address(container: Container, book: AddressBook, roads: Roads) -> str:
    lonlat = (container.position.lon, container.position.lat)
    nearest = book.nearest(lonlat)
    return str(nearest) if nearest else roads.nearest_street(lonlat)


def _what_it_is(point: WastePoint) -> tuple[Fraction, ContainerKind, int]:
    if point.amenity == "recycling":
        glass = any("glass" in what for what in point.accepts)
        fraction = Fraction.GLASS if glass else Fraction.PAPER
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
