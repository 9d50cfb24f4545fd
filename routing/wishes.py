"""What the search counts beside money, as arrays: known rounds, and the shape of routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.core.day import NEVER
from routing.familiar import Familiar
from routing.problem import Problem, Stop
from routing.shape import NO_PRICES, crosses, mean_work_s, middle
from routing.tour import UNITS_PER_CENT, Tours, stops_of, work_s

Units = NDArray[np.int64]


@dataclass(frozen=True)
class Wishes:
    """Extra units of the search; a plan's true cost knows nothing of them.

    Parameters
    ----------
    leg_units : (stops, stops) for going from one to another.
    pair_units : (trucks, stops) for serving it with that truck.
    price_units : (stops,) for leaving it out.
    fair_s, long_units : (trucks,) driving and service that a day may hold, and for each second
        beyond.
    """

    leg_units: Units
    pair_units: Units
    price_units: Units
    fair_s: Units
    long_units: Units


def wishes(problem: Problem, stops: Sequence[Stop], tours: Tours | None = None) -> Wishes:
    """Return all that a problem wishes for, in the order of its trucks and the given stops.

    Parameters
    ----------
    tours : around whose middles routes shall lie, and whose mean no day shall much exceed.
    """
    count = len(stops)
    found = Wishes(
        np.zeros((count, count), np.int64),
        np.zeros((len(problem.trucks), count), np.int64),
        np.zeros(count, np.int64),
        np.zeros(len(problem.trucks), np.int64),
        np.zeros(len(problem.trucks), np.int64),
    )
    other = crosses(problem)
    if other is not None:
        nodes = [stop.node for stop in stops]
        crossing = problem.shape_prices.crossing_cents * UNITS_PER_CENT
        found.leg_units[:] += np.where(other[np.ix_(nodes, nodes)], crossing, 0)
    if tours and problem.shape_prices != NO_PRICES:
        _shape(problem, stops, tours, found)
    if problem.familiar is not None:
        _familiar(problem, problem.familiar, stops, found)
    return found


def _shape(problem: Problem, stops: Sequence[Stop], tours: Tours, into: Wishes) -> None:
    prices = problem.shape_prices
    driven = [(t, work_s(problem, t, tours[t.id])) for t in problem.trucks if t.id in tours]
    means = mean_work_s(driven)
    nodes = np.array([stop.node for stop in stops], np.int64)
    for at, truck in enumerate(problem.trucks):
        mine = [stop.node for stop in stops_of(tours.get(truck.id, ()))]
        if mine:
            ways_m = problem.length_m[middle(problem.length_m, mine), nodes].astype(np.int64)
            per_km = prices.spread_cents_per_km * UNITS_PER_CENT
            into.pair_units[at] += np.minimum(ways_m * per_km // 1000, NEVER // 4)
        into.fair_s[at] = means.get(truck.gear, NEVER)
        into.long_units[at] = prices.long_day_cents_per_hour


def _familiar(problem: Problem, familiar: Familiar, stops: Sequence[Stop], into: Wishes) -> None:
    number = {stop.id: at for at, stop in enumerate(stops)}
    truck_of = familiar.truck_of
    order_units = familiar.succession_cents * UNITS_PER_CENT
    known = np.array([stop.id in truck_of for stop in stops], np.bool_)
    into.leg_units[known] += order_units
    for here, there in familiar.successions(number).items():
        into.leg_units[number[here], number[there]] -= order_units
    # A new stop breaks a succession wherever it goes; that is no reason to leave it out.
    into.price_units[~known] += order_units
    trucks = {truck.id: at for at, truck in enumerate(problem.trucks)}
    for at, stop in enumerate(stops):
        if truck_of.get(stop.id) in trucks:
            others = np.arange(len(trucks)) != trucks[truck_of[stop.id]]
            into.pair_units[others, at] += familiar.truck_cents * UNITS_PER_CENT
