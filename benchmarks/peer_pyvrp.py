"""PyVRP on the public instances, modelled as well as it can state them.

Of Kim's rules it cannot state the day limit; where its plan breaks that limit, it gets the same
time again with so few and so small trips that no day can. The rest it can: sites are reload depots;
the hour of lunch is cut out of the time line, so that whatever happens after it happens an hour
earlier; and the end is a depot of its own, the way to which leads by the cheapest last site.
"""

from __future__ import annotations

import time

import numpy as np
import pyvrp
from numpy.typing import NDArray

from benchmarks.vrplib_instances import VrplibInstance
from routing.instances.kim import SITE, STOP, KimInstance, Routes
from routing.instances.kim_check import LUNCH_FROM_S

TENTHS = 10


class CpuSeconds:
    """Stop after so many seconds of this process's own work: other work on the core costs none."""

    def __init__(self, seconds: float) -> None:
        self._until_s = time.process_time() + seconds

    def __call__(self, _best_cost: float) -> bool:
        return time.process_time() > self._until_s


def plan_vrplib(instance: VrplibInstance, seconds: float, seed: int) -> list[list[int]]:
    """Return PyVRP's routes for a plain or prize-collecting instance."""
    early, late, prize = instance.early, instance.late, instance.prize
    timed = early is not None and late is not None
    clients = [
        pyvrp.Client(
            location=place,
            delivery=[int(instance.demand[place])],
            service_duration=instance.service,
            required=prize is None,
            **({} if prize is None else {"prize": int(prize[place])}),
            **({"tw_early": int(early[place]), "tw_late": int(late[place])} if timed else {}),
        )
        for place in range(1, len(instance.demand))
    ]
    hours = {"tw_early": int(early[0]), "tw_late": int(late[0])} if timed else {}
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in instance.demand],
        clients=clients,
        depots=[pyvrp.Depot(0)],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=instance.vehicles or len(clients),
                capacity=[instance.capacity],
                **hours,
            )
        ],
        distance_matrices=[instance.distance],
        duration_matrices=[instance.distance if timed else 0 * instance.distance],
    )
    best = pyvrp.solve(data, CpuSeconds(seconds), seed=seed, collect_stats=False).best
    return [[act.idx + 1 for act in route if act.is_client()] for route in best.routes()]


def plan_kim(instance: KimInstance, vehicles: int, seconds: float, seed: int) -> Routes:
    """Return PyVRP's routes; they may break the day limit or lunch all the same."""
    routes = _plan_kim(instance, vehicles, seconds, seed, instance.capacity_yards, None)
    day_yards = instance.day_capacity_yards
    if all(sum(instance.load_yards[at] for at in route) <= day_yards for route in routes):
        return routes
    trips = int(np.ceil(day_yards / instance.capacity_yards))
    return _plan_kim(instance, vehicles, seconds, seed, day_yards / trips, trips - 1)


def _plan_kim(
    instance: KimInstance,
    vehicles: int,
    seconds: float,
    seed: int,
    trip_yards: float,
    reloads: int | None,
) -> Routes:
    """Return routes with the last disposal put in."""
    stops, sites = np.flatnonzero(instance.kind == STOP), np.flatnonzero(instance.kind == SITE)
    depot, end = instance.depot, len(instance.ids)
    feet, ticks, last_site = _with_end(instance, sites)
    opens, lasts = (_without_lunch(instance, at) for at in (instance.early_s, instance.late_s))
    hours = {"tw_early": int(opens[depot]), "tw_late": int(lasts[depot])}
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(end + 1)],
        clients=[
            pyvrp.Client(
                location=int(at),
                pickup=[round(instance.load_yards[at] * TENTHS)],
                service_duration=int(instance.service_s[at]) * TENTHS,
                tw_early=int(opens[at]),
                tw_late=int(lasts[at]),
            )
            for at in stops
        ],
        depots=[
            pyvrp.Depot(depot),
            pyvrp.Depot(end),
            *(
                pyvrp.Depot(
                    int(at),
                    tw_early=int(opens[at]),
                    tw_late=int(lasts[at]),
                    service_duration=int(instance.service_s[at]) * TENTHS,
                )
                for at in sites
            ),
        ],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=vehicles,
                capacity=[int(trip_yards * TENTHS)],
                start_depot=0,
                end_depot=1,
                reload_depots=list(range(2, 2 + len(sites))),
                **({} if reloads is None else {"max_reloads": reloads}),
                **hours,
            )
        ],
        distance_matrices=[feet],
        duration_matrices=[ticks],
    )
    best = pyvrp.solve(data, CpuSeconds(seconds), seed=seed, collect_stats=False).best
    return tuple(_visits(route, stops, sites, last_site) for route in best.routes())


def _with_end(
    instance: KimInstance, sites: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return tenths of feet and of seconds with the end as the last place, and its last sites."""
    n, depot = len(instance.ids), instance.depot
    given = instance.distance_feet
    ways = given[:, sites] + given[sites, depot]
    last_site = sites[ways.argmin(axis=1)]
    feet, seconds = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))
    feet[:n, :n] = given
    feet[:n, n] = feet[n, :n] = ways.min(axis=1)
    seconds = feet / instance.feet_per_s
    seconds[:n, n] += instance.service_s[last_site]
    for empty in (depot, *sites):
        feet[empty, n] = given[empty, depot]
        seconds[empty, n] = feet[empty, n] / instance.feet_per_s
    np.fill_diagonal(seconds, 0)
    return (
        np.rint(feet * TENTHS).astype(np.int64),
        np.ceil(seconds * TENTHS).astype(np.int64),
        last_site,
    )


def _without_lunch(instance: KimInstance, at_s: NDArray[np.int64]) -> NDArray[np.int64]:
    later = np.maximum(LUNCH_FROM_S, at_s - instance.lunch_s)
    return np.where(at_s <= LUNCH_FROM_S, at_s, later) * TENTHS


def _visits(
    route: pyvrp.Route,
    stops: NDArray[np.int64],
    sites: NDArray[np.int64],
    last_site: NDArray[np.int64],
) -> tuple[int, ...]:
    visits: list[int] = []
    for act in route:
        if act.is_client():
            visits.append(int(stops[act.idx]))
        elif act.idx >= 2:
            visits.append(int(sites[act.idx - 2]))
    if visits and visits[-1] not in sites:
        visits.append(int(last_site[visits[-1]]))
    return tuple(visits)
