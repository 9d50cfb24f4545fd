"""OR-Tools over whole days: each truck's day is one lane, with disposal visits on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.constraint_solver.routing_parameters_pb2 import RoutingSearchParameters

from routing.constraints import CONSTRAINTS
from routing.iterated import Settings
from routing.model import Lane, Model
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.tour import UNITS_PER_CENT, LegUnits, Tour, Tours, stops_of, work_limit_s

HOT_LEGS, COLD_LEGS, REMOVED = 0.1, 0.003, 20
"""Temperatures of iterated local search in usual legs, and stops taken out, as on Kim's 102."""


@dataclass(frozen=True)
class Limit:
    """When a search ends: at a time or, for a run that must repeat exactly, by solutions."""

    seconds: float
    solutions: int | None = None

    def share(self, part: float) -> Limit:
        """Return the limit of a step that may take a part of this one's time."""
        return Limit(self.seconds * part, self.solutions)

    def set(self, parameters: RoutingSearchParameters) -> None:
        """Write the limit into OR-Tools' parameters."""
        parameters.time_limit.FromMilliseconds(max(1, int(self.seconds * 1000)))
        if self.solutions is not None:
            parameters.solution_limit = self.solutions


def is_timed(problem: Problem) -> bool:
    """Tell whether the hour matters anywhere, beyond how long things last."""
    if any(stop.windows for stop in problem.stops):
        return True
    if any(truck.break_rule and truck.break_rule.begins for truck in problem.trucks):
        return True
    begin_s = min((truck.shift.start_s for truck in problem.trucks), default=0)
    end_s = max((truck.shift.end_s for truck in problem.trucks), default=0)
    return any(site.window.start_s > begin_s or site.window.end_s < end_s for site in problem.sites)


def search_days(
    problem: Problem, legs: LegUnits, stops: Sequence[Stop], start: Tours, limit: Limit
) -> Tours:
    """Improve whole days by guided local search; the start where nothing better is found."""
    model = day_model(problem, legs, stops, start)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    metaheuristics = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = metaheuristics.GUIDED_LOCAL_SEARCH
    limit.set(parameters)
    model.routing.CloseModelWithParameters(parameters)
    routes = _as_routes(model, start)
    first = model.routing.ReadAssignmentFromRoutes(routes, True) if any(routes) else None
    if first is None:
        strategies = routing_enums_pb2.FirstSolutionStrategy
        parameters.first_solution_strategy = strategies.LOCAL_CHEAPEST_INSERTION
        solution = model.routing.SolveWithParameters(parameters)
    else:
        solution = model.routing.SolveFromAssignmentWithParameters(first, parameters)
    return start if solution is None else tours_of(model, solution)


def iterate_days(problem: Problem, legs: LegUnits, stops: Sequence[Stop], limit: Limit) -> Tours:
    """Return the best tours that iterated local search finds from nothing."""
    if not (stops and problem.trucks):
        return {}
    model = day_model(problem, legs, stops, {})
    leg = _usual_leg_units(legs, problem, stops)
    # Insertion would find no place for a first stop: no truck may come home without a site.
    settings = Settings("PATH_CHEAPEST_ARC", REMOVED, True, HOT_LEGS * leg, COLD_LEGS * leg)
    parameters = settings.parameters()
    limit.set(parameters)
    model.routing.CloseModelWithParameters(parameters)
    solution = model.routing.SolveWithIteratedLocalSearch(parameters)
    return {} if solution is None else tours_of(model, solution)


def _usual_leg_units(legs: LegUnits, problem: Problem, stops: Sequence[Stop]) -> float:
    """Return the mean cost of a leg to one of the five nearest stops."""
    nodes = [stop.node for stop in stops]
    units = np.sort(legs.of(problem.trucks[0])[np.ix_(nodes, nodes)], axis=1)
    return max(1.0, float(units[:, 1:6].mean())) if len(nodes) > 1 else 1.0


def day_model(problem: Problem, legs: LegUnits, stops: Sequence[Stop], start: Tours) -> Model:
    """Return the model with a lane for each truck and every rule posted."""
    lanes = [_lane(truck) for truck in problem.trucks]
    disposals = _disposals(problem, stops, start)
    model = Model(problem, legs, stops, lanes, disposals, timed=is_timed(problem))
    for rule in CONSTRAINTS:
        rule.post(model)
    return model


def tours_of(model: Model, solution: pywrapcp.Assignment) -> Tours:
    """Return the tours of a solved day model, disposal visits without a load left out."""
    tours: Tours = {}
    for lane, places in zip(model.lanes, model.sequences(solution), strict=True):
        tour: list[Stop | DisposalSite] = []
        for place in places:
            if isinstance(place, Stop) or (tour and isinstance(tour[-1], Stop)):
                tour.append(place)
        if tour:
            tours[lane.truck.id] = tuple(tour)
    return tours


def _lane(truck: Truck) -> Lane:
    rule = truck.break_rule
    return Lane(
        truck=truck,
        start_node=truck.start_node,
        end_node=truck.end_node,
        window=truck.shift,
        work_limit_s=work_limit_s(truck),
        fixed_units=truck.cost_per_use_cents * UNITS_PER_CENT,
        takes_break=rule is not None and rule.due(truck.shift.start_s, truck.shift.end_s),
    )


def _disposals(problem: Problem, stops: Sequence[Stop], start: Tours) -> list[DisposalSite]:
    """Return as many visits to each site as a plan may want: those of the start, and some more.

    Without a start: what the load needs if all goes there, and one for each truck.
    """
    used: dict[str, int] = defaultdict(int)
    for tour in start.values():
        for place in tour:
            used[place.id] += isinstance(place, DisposalSite)
    spare = 2 + len(problem.trucks) // 3
    return [
        site
        for site in problem.sites
        for _ in range(used[site.id] + spare if start else _needed(problem, stops, site))
    ]


def _needed(problem: Problem, stops: Sequence[Stop], site: DisposalSite) -> int:
    mine = [stop for stop in stops if stop.fraction in site.fractions]
    kg = min((truck.weight_capacity_kg for truck in problem.trucks), default=1)
    litres = min((truck.volume_capacity_l for truck in problem.trucks), default=1)
    full = max(sum(s.weight_kg for s in mine) / kg, sum(s.volume_l for s in mine) / litres)
    return min(len(mine), int(full) + 1 + len(problem.trucks)) if mine else 0


def _as_routes(model: Model, tours: Tours) -> list[list[int]]:
    """Write tours as OR-Tools' indices, each visit to a site by a model node of its own."""
    free: dict[str, list[int]] = defaultdict(list)
    for node, place in reversed(list(enumerate(model.places))):
        free[place.id if isinstance(place, Stop) else f"site {place.id}"].append(node)

    def node_of(place: Stop | DisposalSite) -> int:
        return free[place.id if isinstance(place, Stop) else f"site {place.id}"].pop()

    routes = [[node_of(place) for place in _tour(tours, lane)] for lane in model.lanes]
    return [[model.index(node) for node in route] for route in routes]


def _tour(tours: Tours, lane: Lane) -> Tour:
    tour = tours.get(lane.truck.id, ())
    return tour if stops_of(tour) else ()
