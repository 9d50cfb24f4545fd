"""Where a search for familiar routes begins: at the known ones, as far as they hold today."""

from __future__ import annotations

from routing.problem import Problem
from routing.split import split
from routing.tour import LegUnits, Tours


def known_tours(problem: Problem, legs: LegUnits) -> Tours:
    """Return the known routes with today's stops, emptied where that is cheapest.

    Whether a day holds them is not looked at.
    """
    if problem.familiar is None:
        return {}
    stops = {stop.id: stop for stop in problem.stops}
    trucks = {truck.id: truck for truck in problem.trucks}
    tours: Tours = {}
    for route in problem.familiar.routes:
        truck = trucks.get(route.vehicle_id)
        if truck is not None:
            mine = [stops[ref] for ref in route.stop_ids if ref in stops]
            tour = split(problem, legs, truck, [s for s in mine if truck.suits(s)])
            if tour:
                tours[truck.id] = tour
    return tours
