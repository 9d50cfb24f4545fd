"""A collection day on the real roads of Amsterdam, with real residual-waste containers.

Real: the roads (OpenStreetMap), the containers' positions and mean weights per emptying.
Assumed, and fixed here: depot, the two disposal sites' hours, trucks, prices of skipping.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from city.container import Gear
from city.fleet import BreakRule
from city.fraction import DENSITY_KG_PER_L, Fraction
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.roads import Roads
from tests.worlds import window

CONTAINERS = Path("registry/amsterdam_rest_containers.csv")
EXTRACT = Path("osm/amsterdam_roads.osm.pbf")
LONLAT_DEPOT = (4.8725, 52.3905)
LONLAT_SITES = {"west": (4.8130, 52.3965), "east": (4.9560, 52.3270)}
NEAR_ROAD_M = 200.0
LONLAT = tuple[float, float]
TWO_YEARS_DAYS = 730.0
CITY_TRUCKS = {"Normal container": 22, "Big container": 8}
CITY_KINDS = {
    "Normal container": (Fraction.RESIDUAL, Gear.CRANE),
    "Big container": (Fraction.PAPER, Gear.REAR_LOADER),
}
"""Of residual waste all, really; the big ones stand for a second fraction and gear."""


def containers(data: Path) -> list[tuple[str, LONLAT, float]]:
    """Return id, position and mean weight in kg of every container of the registry."""
    with (data / CONTAINERS).open(encoding="utf-8") as file:
        return [
            (row["id"], (float(row["lon"]), float(row["lat"])), float(row["avg_weight_kg"]))
            for row in csv.DictReader(file)
        ]


def collection_day(
    roads: Roads, data: Path, count: int, *, seed: int = 1, share_optional: float = 0.3
) -> tuple[Problem, list[LONLAT]]:
    """Return a day with so many containers drawn at random, and where its nodes lie.

    Parameters
    ----------
    share_optional : of the stops; they have a price of skipping up to 30 euros, the rest are
        musts.
    """
    random = np.random.default_rng(seed)
    everything = containers(data)
    near = roads.snap([lonlat for _, lonlat, _ in everything]).distance_m <= NEAR_ROAD_M
    candidates = [row for row, close in zip(everything, near, strict=True) if close]
    drawn = [candidates[at] for at in random.permutation(len(candidates))]
    picked = drawn[: count + 50]
    lonlats = [LONLAT_DEPOT, *LONLAT_SITES.values(), *(lonlat for _, lonlat, _ in picked)]
    matrix = roads.matrix(lonlats)
    # The extract is cut at its edge: a container that no way leads back from is not drawn.
    cut_off = set(matrix.unreachable)
    kept = [node for node in range(3, len(lonlats)) if node not in cut_off][:count]
    nodes = [0, 1, 2, *kept]
    prices = np.where(random.random(count) < share_optional, random.integers(50, 3_000, count), -1)
    stops = [
        _stop(3 + number, picked[node - 3], int(price))
        for number, (node, price) in enumerate(zip(kept, prices, strict=True))
    ]
    problem = Problem(
        stops=tuple(stops),
        trucks=_trucks(1 + count // 60),
        sites=tuple(
            DisposalSite(name, 1 + n, (Fraction.RESIDUAL,), window("7:00", "16:00"), 900)
            for n, name in enumerate(LONLAT_SITES)
        ),
        duration_s=matrix.duration_s[np.ix_(nodes, nodes)],
        length_m=matrix.length_m[np.ix_(nodes, nodes)],
    )
    return problem, [lonlats[node] for node in nodes]


def city_day(
    roads: Roads, data: Path, count: int = 1_500, *, seed: int = 1
) -> tuple[Problem, list[LONLAT]]:
    """Return the whole city's day: of all containers near a road, those modelled as fullest.

    Fill is days since the last emptying, drawn at random up to 1.3 intervals, over the
    container's own mean interval in 2020-21. From 110 % on it is a must; below, leaving it out
    costs 40 euros times the fill.
    """
    random = np.random.default_rng(seed)
    with (data / CONTAINERS).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    near = roads.snap([(float(r["lon"]), float(r["lat"])) for r in rows]).distance_m <= NEAR_ROAD_M
    rows = [row for row, close in zip(rows, near, strict=True) if close]
    fill = random.uniform(0.0, 1.3, len(rows))
    interval = np.array([TWO_YEARS_DAYS / int(row["num_weighings_2020_2021"]) for row in rows])
    # Seldom emptied means little used: a container that waits for months is not modelled as full.
    fill = np.where(interval <= 60.0, fill, 0.5 * fill)
    fullest = np.argsort(-fill, kind="stable")[: count + 50]
    picked = [rows[at] for at in fullest]
    at = [(float(row["lon"]), float(row["lat"])) for row in picked]
    lonlats = [LONLAT_DEPOT, *LONLAT_SITES.values(), *at]
    matrix = roads.matrix(lonlats)
    cut_off = set(matrix.unreachable)
    kept = [node for node in range(3, len(lonlats)) if node not in cut_off][:count]
    nodes = [0, 1, 2, *kept]
    stops = tuple(
        _city_stop(3 + number, picked[node - 3], float(fill[fullest[node - 3]]))
        for number, node in enumerate(kept)
    )
    fractions = tuple(fraction for fraction, _ in CITY_KINDS.values())
    return Problem(
        stops=stops,
        trucks=tuple(
            replace(truck, id=f"{gear}-{number}", fractions=(fraction,), gear=gear)
            for kind, (fraction, gear) in CITY_KINDS.items()
            for number, truck in enumerate(_trucks(CITY_TRUCKS[kind]), 1)
        ),
        sites=tuple(
            DisposalSite(name, 1 + n, fractions, window("7:00", "16:00"), 900)
            for n, name in enumerate(LONLAT_SITES)
        ),
        duration_s=matrix.duration_s[np.ix_(nodes, nodes)],
        length_m=matrix.length_m[np.ix_(nodes, nodes)],
    ), [lonlats[node] for node in nodes]


def _city_stop(node: int, row: dict[str, str], fill: float) -> Stop:
    fraction, gear = CITY_KINDS[row["container_type"]]
    weight_kg = float(row["avg_weight_kg"]) * fill
    return Stop(
        id=row["id"],
        node=node,
        fraction=fraction,
        gear=gear,
        weight_kg=round(weight_kg),
        volume_l=round(weight_kg / DENSITY_KG_PER_L[fraction]),
        service_s=240,
        skip_price_cents=None if fill >= 1.1 else round(4_000 * fill),
    )


def _stop(node: int, row: tuple[str, LONLAT, float], price: int) -> Stop:
    container_id, _, weight_kg = row
    return Stop(
        id=container_id,
        node=node,
        fraction=Fraction.RESIDUAL,
        gear=Gear.CRANE,
        weight_kg=round(weight_kg),
        volume_l=round(weight_kg / DENSITY_KG_PER_L[Fraction.RESIDUAL]),
        service_s=240,
        skip_price_cents=None if price < 0 else price,
    )


def _trucks(count: int) -> tuple[Truck, ...]:
    return tuple(
        Truck(
            id=f"crane-{number}",
            start_node=0,
            end_node=0,
            fractions=(Fraction.RESIDUAL,),
            gear=Gear.CRANE,
            weight_capacity_kg=9_000,
            volume_capacity_l=100_000,
            shift=window("7:00", "15:30"),
            break_rule=BreakRule(),
            cost_per_km_cents=120,
            cost_per_hour_cents=9_000,
            cost_per_use_cents=5_000,
        )
        for number in range(1, count + 1)
    )
