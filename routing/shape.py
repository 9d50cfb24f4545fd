"""The shape of a plan's routes: how compact, how much they overlap, how evenly crews work.

Measured on any plan by what is served and by the road matrix; the search can hold a price against
each, which is never part of what a plan is said to cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from city.plan import Plan, Route, VisitKind

if TYPE_CHECKING:
    from routing.problem import Problem, Truck

NEIGHBOURS = 5
SAME_WAY_M = 5
"""Ways that differ by less differ by rounding."""


@dataclass(frozen=True)
class ShapePrices:
    """What the search holds against routes of a bad shape; at 0 nothing.

    Parameters
    ----------
    spread_cents_per_km : for each stop's way from the middle of its route.
    long_day_cents_per_hour : for work beyond the mean of trucks with the same gear that are used.
    crossing_cents : for each stop that is reached from the other side of its street.
    """

    spread_cents_per_km: int = 0
    long_day_cents_per_hour: int = 0
    crossing_cents: int = 0


NO_PRICES = ShapePrices()


@dataclass(frozen=True)
class Shape:
    """How routes lie and how long they last.

    Parameters
    ----------
    spread_m : mean way from the middle of a route, its most central stop, to its stops.
    overlap : of each stop's five nearest neighbours that trucks of the same gear serve, the share
        that another truck serves; mean over stops.
    longest_s, shortest_s, deviation_s : of crews' days, breaks and waiting included.
    crossings : stops reached from the other side of their street; None where that is not known.
    """

    spread_m: float
    overlap: float
    longest_s: int
    shortest_s: int
    deviation_s: float
    crossings: int | None = None


def shape(problem: Problem, plan: Plan) -> Shape:
    """Measure a plan."""
    routes = [route for route in plan.routes if route.stop_ids]
    lasts_s = [route.duration_s for route in routes]
    ways = [way for route in routes for way in _ways_m(problem, route).tolist()]
    return Shape(
        spread_m=fmean(ways) if ways else 0.0,
        overlap=_overlap(problem, plan),
        longest_s=max(lasts_s, default=0),
        shortest_s=min(lasts_s, default=0),
        deviation_s=pstdev(lasts_s) if lasts_s else 0.0,
        crossings=_crossings(problem, plan),
    )


def shape_cents(problem: Problem, plan: Plan) -> int:
    """Return what the search holds against a plan's shape."""
    prices = problem.shape_prices
    if prices == NO_PRICES:
        return 0
    routes = [route for route in plan.routes if route.stop_ids]
    metres = sum(int(_ways_m(problem, route).sum()) for route in routes)
    trucks = {truck.id: truck for truck in problem.trucks}
    driven = [(trucks[route.vehicle_id], work_s(route)) for route in routes]
    means = mean_work_s(driven)
    over_s = sum(max(0, lasts_s - means[truck.gear]) for truck, lasts_s in driven)
    spread = metres * prices.spread_cents_per_km // 1000
    crossed = (_crossings(problem, plan) or 0) * prices.crossing_cents
    return crossed + spread + int(over_s * prices.long_day_cents_per_hour) // 3600


def work_s(route: Route) -> int:
    """Return a route's driving and service, waiting and breaks left out."""
    drive_s = sum(visit.drive_s for visit in route.visits)
    served = (v for v in route.visits if v.kind in (VisitKind.STOP, VisitKind.DISPOSAL))
    return drive_s + sum(visit.departure_s - visit.arrival_s for visit in served)


def mean_work_s(driven: Sequence[tuple[Truck, int]]) -> dict[str, int]:
    """Return the mean work of the trucks of each gear."""
    by_gear: dict[str, list[int]] = defaultdict(list)
    for truck, lasts_s in driven:
        by_gear[truck.gear].append(lasts_s)
    return {gear: int(fmean(lasts)) for gear, lasts in by_gear.items()}


def middle(length_m: NDArray[np.int32], nodes: Sequence[int]) -> int:
    """Return the node from which the way to all others is least."""
    between = length_m[np.ix_(nodes, nodes)].astype(np.int64)
    return nodes[int(between.sum(axis=1).argmin())]


def _ways_m(problem: Problem, route: Route) -> NDArray[np.int64]:
    node = {stop.id: stop.node for stop in problem.stops}
    nodes = [node[ref] for ref in route.stop_ids]
    ways: NDArray[np.int64] = problem.length_m[middle(problem.length_m, nodes)][nodes].astype(
        np.int64
    )
    return ways


def crosses(problem: Problem) -> NDArray[np.bool_] | None:
    """Return which legs end on the other side of the street, (n, n); None if that is not known."""
    if problem.kerb_length_m is None:
        return None
    other: NDArray[np.bool_] = problem.kerb_length_m > problem.length_m + SAME_WAY_M
    return other


def _crossings(problem: Problem, plan: Plan) -> int | None:
    other = crosses(problem)
    if other is None:
        return None
    node = {stop.id: stop.node for stop in problem.stops}
    site = {site.id: site.node for site in problem.sites}
    start = {truck.id: truck.start_node for truck in problem.trucks}
    crossed = 0
    for route in plan.routes:
        here = start[route.vehicle_id]
        for visit in route.visits:
            if visit.kind is VisitKind.STOP:
                crossed += bool(other[here, node[visit.ref]])
                here = node[visit.ref]
            elif visit.kind is VisitKind.DISPOSAL:
                here = site[visit.ref]
    return crossed


def _overlap(problem: Problem, plan: Plan) -> float:
    trucks = {truck.id: truck for truck in problem.trucks}
    node = {stop.id: stop.node for stop in problem.stops}
    by_gear: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for route in plan.routes:
        for ref in route.stop_ids:
            by_gear[trucks[route.vehicle_id].gear].append((node[ref], route.vehicle_id))
    shares: list[float] = []
    for served in by_gear.values():
        nodes = [at for at, _ in served]
        owner = np.array([vehicle_id for _, vehicle_id in served])
        between = problem.length_m[np.ix_(nodes, nodes)].astype(np.float64)
        np.fill_diagonal(between, np.inf)
        count = min(NEIGHBOURS, len(served) - 1)
        if count > 0:
            nearest = np.argpartition(between, count - 1, axis=1)[:, :count]
            shares += (owner[nearest] != owner[:, None]).mean(axis=1).tolist()
    return fmean(shares) if shares else 0.0
