"""What the search counts beside money, as arrays: known rounds, and the shape of routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.familiar import Familiar
from routing.problem import Problem, Stop
from routing.tour import UNITS_PER_CENT

Units = NDArray[np.int64]


@dataclass(frozen=True)
class Wishes:
    """Extra units of the search; a plan's true cost knows nothing of them.

    Parameters
    ----------
    leg_units : (stops, stops) for going from one to another.
    pair_units : (trucks, stops) for serving it with that truck.
    price_units : (stops,) for leaving it out.
    """

    leg_units: Units
    pair_units: Units
    price_units: Units


def wishes(problem: Problem, stops: Sequence[Stop]) -> Wishes:
    """Return all that a problem wishes for, in the order of its trucks and the given stops."""
    count = len(stops)
    found = Wishes(
        np.zeros((count, count), np.int64),
        np.zeros((len(problem.trucks), count), np.int64),
        np.zeros(count, np.int64),
    )
    if problem.familiar is not None:
        _familiar(problem, problem.familiar, stops, found)
    return found


def _familiar(problem: Problem, familiar: Familiar, stops: Sequence[Stop], into: Wishes) -> None:
    number = {stop.id: at for at, stop in enumerate(stops)}
    truck_of = familiar.truck_of
    order_units = familiar.succession_cents * UNITS_PER_CENT
    known = np.array([stop.id in truck_of for stop in stops], np.bool_)
    into.leg_units[known] += order_units
    for here, there in familiar.successions(number).items():
        into.leg_units[number[here], number[there]] = 0
    # A new stop breaks a succession wherever it goes; that is no reason to leave it out.
    into.price_units[~known] += order_units
    trucks = {truck.id: at for at, truck in enumerate(problem.trucks)}
    for at, stop in enumerate(stops):
        if truck_of.get(stop.id) in trucks:
            into.pair_units[:, at] = familiar.truck_cents * UNITS_PER_CENT
            into.pair_units[trucks[truck_of[stop.id]], at] = 0
