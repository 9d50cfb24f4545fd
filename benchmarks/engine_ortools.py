"""OR-Tools alone on the public instances: its iterated local search, ruin by strings of stops.

Settings were chosen on `X-n303-k21` and Kim's 102.
OR-Tools counts time by the clock on the wall and cools by it; where other work took a part of the
core, the search is made again with as much more time as keeps it at the seconds of its own work.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from benchmarks.vrplib_instances import VrplibInstance
from routing.instances.kim import SITE, STOP, KimInstance, Routes
from routing.instances.kim_check import LUNCH_FROM_S, LUNCH_UNTIL_S
from routing.iterated import Settings

PLAIN = Settings("SAVINGS", removed=20, improve=False, hot=100.0, cold=1.0)
WITH_SITES = Settings("LOCAL_CHEAPEST_INSERTION", removed=20, improve=True, hot=300.0, cold=10.0)
ENOUGH = 0.97
"""The share of its seconds that a search must have had the core for."""

MISSED_UNITS = 10**8


def plan_vrplib(
    instance: VrplibInstance, seconds: float, seed: int, settings: Settings = PLAIN
) -> list[list[int]]:
    """Return OR-Tools' routes for an instance in which only capacity counts.

    OR-Tools takes no seed here: the order of clients stands for it.
    """
    return with_own_seconds(seconds, lambda s: _plan_vrplib(instance, s, seed, settings))


def _plan_vrplib(
    instance: VrplibInstance, wall_s: float, seed: int, settings: Settings
) -> list[list[int]]:
    order = [0, *(1 + np.random.default_rng(seed).permutation(len(instance.demand) - 1))]
    vehicles = int(instance.demand.sum() / instance.capacity * 1.05) + 3
    manager = pywrapcp.RoutingIndexManager(len(order), vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    legs = instance.distance[np.ix_(order, order)].tolist()
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(legs))
    load = routing.RegisterUnaryTransitVector(instance.demand[order].tolist())
    routing.AddDimension(load, 0, instance.capacity, True, "load")
    routes = _searched(manager, routing, wall_s, settings)
    return [[int(order[node]) for node in route] for route in routes if route]


def plan_kim(
    instance: KimInstance,
    vehicles: int,
    seconds: float,
    seed: int,
    settings: Settings = WITH_SITES,
) -> Routes:
    """Return OR-Tools' routes; sites are optional places, as many of each as may be wanted.

    The way home leads by the cheapest last site: otherwise no stop could be put in alone.
    """
    return with_own_seconds(seconds, lambda s: _plan_kim(instance, vehicles, s, seed, settings))


def _plan_kim(
    instance: KimInstance, vehicles: int, wall_s: float, seed: int, settings: Settings
) -> Routes:
    stops = np.random.default_rng(seed).permutation(np.flatnonzero(instance.kind == STOP))
    yards = instance.load_yards.sum()
    visits = int(np.ceil(yards / instance.capacity_yards)) + vehicles
    sites = np.flatnonzero(instance.kind == SITE)
    order = np.array([instance.depot, *stops, *np.repeat(sites, visits), instance.depot])
    end = len(order) - 1
    manager = pywrapcp.RoutingIndexManager(len(order), vehicles, [0] * vehicles, [end] * vehicles)
    routing = pywrapcp.RoutingModel(manager)
    feet = instance.distance_feet[np.ix_(order, order)]
    ways = instance.distance_feet[np.ix_(stops, sites)] + instance.distance_feet[sites, order[0]]
    last_site = dict(zip(stops.tolist(), sites[ways.argmin(axis=1)].tolist(), strict=True))
    feet[1 : len(stops) + 1, end] = ways.min(axis=1)
    legs = routing.RegisterTransitMatrix(np.rint(feet).astype(int).tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(legs)
    seconds_away = np.ceil(feet / instance.feet_per_s) + instance.service_s[order][:, None]
    seconds_away[1 : len(stops) + 1, end] += instance.service_s[list(last_site.values())]
    _add_hours(instance, order, manager, routing, seconds_away)
    _add_loads(instance, order, len(stops), manager, routing)
    for node in range(1, end):
        missed = MISSED_UNITS if node <= len(stops) else 0
        routing.AddDisjunction([manager.NodeToIndex(node)], missed)
    routes = _searched(manager, routing, wall_s, settings)
    visits_of = [[int(order[node]) for node in route] for route in routes if route]
    return tuple(
        (*route, last_site[route[-1]]) if route[-1] in last_site else tuple(route)
        for route in visits_of
    )


def _add_hours(
    instance: KimInstance,
    order: NDArray[np.int64],
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
    seconds_away: NDArray[np.float64],
) -> None:
    """Windows and lunch; `seconds_away` are service at a node and the drive to the next."""
    until = int(instance.late_s[instance.depot])
    transit = routing.RegisterTransitMatrix(seconds_away.astype(int).tolist())
    routing.AddDimension(transit, until, until, False, "time")
    hours = routing.GetDimensionOrDie("time")
    for node in range(1, len(order) - 1):
        early, late = int(instance.early_s[order[node]]), int(instance.late_s[order[node]])
        hours.CumulVar(manager.NodeToIndex(node)).SetRange(early, min(late, until))
    service = instance.service_s[order]
    services = [int(service[manager.IndexToNode(index)]) for index in range(routing.Size())]
    opens = int(instance.early_s[instance.depot])
    for vehicle in range(routing.vehicles()):
        hours.CumulVar(routing.Start(vehicle)).SetRange(opens, until)
        lunch = routing.solver().FixedDurationIntervalVar(
            LUNCH_FROM_S, LUNCH_UNTIL_S, instance.lunch_s, False, f"lunch {vehicle}"
        )
        hours.SetBreakIntervalsOfVehicle([lunch], vehicle, services)


def _add_loads(
    instance: KimInstance,
    order: NDArray[np.int64],
    stops: int,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
) -> None:
    """A visit to a site takes off a whole hold but for its slack."""
    hundredths = np.ceil(instance.load_yards[order] * 100 - 1e-6).astype(np.int64)
    hold = int(instance.capacity_yards * 100)
    gains = np.where(instance.kind[order] == SITE, -hold, hundredths)
    load = routing.RegisterUnaryTransitVector(gains.tolist())
    routing.AddDimension(load, hold, hold, True, "load")
    loads = routing.GetDimensionOrDie("load")
    for node in range(1, stops + 1):
        loads.SlackVar(manager.NodeToIndex(node)).SetValue(0)
    for vehicle in range(routing.vehicles()):
        loads.SlackVar(routing.Start(vehicle)).SetValue(0)
    for name, each, most in (
        ("day", hundredths, int(instance.day_capacity_yards * 100)),
        ("stops", (instance.kind[order] == STOP).astype(int), instance.stops_per_day),
    ):
        routing.AddDimension(routing.RegisterUnaryTransitVector(each.tolist()), 0, most, True, name)


def _searched(
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
    wall_s: float,
    settings: Settings,
) -> list[list[int]]:
    parameters = settings.parameters()
    parameters.time_limit.FromMilliseconds(int(1000 * wall_s))
    solution = routing.SolveWithIteratedLocalSearch(parameters)
    if solution is None:
        return []
    routes = []
    for vehicle in range(routing.vehicles()):
        route, index = [], solution.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = solution.Value(routing.NextVar(index))
        routes.append(route)
    return routes


def with_own_seconds[Found](seconds: float, search: Callable[[float], Found]) -> Found:
    """Search for seconds of the wall's clock, again and longer until it had the core as long."""
    wall_s = seconds
    while True:
        begun_s, wall_begun_s = time.process_time(), time.monotonic()
        found = search(wall_s)
        used_s = time.process_time() - begun_s
        if used_s >= ENOUGH * seconds or time.monotonic() - wall_begun_s < ENOUGH * wall_s:
            return found
        wall_s *= min(8.0, 1.02 * seconds / max(used_s, 1e-3))
