"""A plan driven in the true city: trucks fill up sooner or later than was planned.

A truck that cannot take what a container holds leaves it if the plan might have left it too. For
a must it drives to the nearest disposal site first and comes back; the plan's later visits follow,
later. Overtime is driven and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from city.plan import Plan, Route, VisitKind
from operations.simulate.district import Array
from operations.simulate.world import Day, World
from routing.problem import DisposalSite, Problem, Stop

HOUR_S = 3600


@dataclass
class Driven:
    """What a day's driving came to.

    Parameters
    ----------
    emptied_h : (n,) at which hour each container was emptied; not a number where it was not.
    extra_trips : to a disposal site that were not planned.
    """

    emptied_h: Array
    length_m: int = 0
    duration_s: int = 0
    trips: int = 0
    extra_trips: int = 0
    trucks: int = 0
    collected_kg: float = 0.0


def drive(plan: Plan, problem: Problem, world: World, day: Day) -> Driven:
    """Return what happens when the plan is driven on a day on which nothing is emptied yet."""
    driven = Driven(np.full(len(world.containers), np.nan))
    rows = {container.id: row for row, container in enumerate(world.containers)}
    for route in plan.routes:
        _Truck(problem, world, day, rows, driven).drive(route)
    return driven


class _Truck:
    """One truck on its way: where it is, when, and how full."""

    def __init__(
        self, problem: Problem, world: World, day: Day, rows: dict[str, int], driven: Driven
    ) -> None:
        self._problem, self._world, self._day = problem, world, day
        self._rows, self._driven = rows, driven
        self._stops = {stop.id: stop for stop in problem.stops}
        self._sites = {site.id: site for site in problem.sites}
        self._node, self._now_s, self._load_kg = 0, 0, 0.0

    def drive(self, route: Route) -> None:
        truck = next(t for t in self._problem.trucks if t.id == route.vehicle_id)
        self._node, self._now_s = truck.start_node, route.visits[0].departure_s
        for visit in route.visits[1:]:
            if visit.kind is VisitKind.STOP:
                self._empty(self._stops[visit.ref])
            elif visit.kind is VisitKind.DISPOSAL:
                self._unload(self._sites[visit.ref])
            elif visit.kind is VisitKind.BREAK:
                self._now_s += visit.departure_s - visit.arrival_s
            else:
                self._go(truck.end_node)
        self._driven.trucks += 1
        self._driven.duration_s += self._now_s - route.visits[0].departure_s

    def _empty(self, stop: Stop) -> None:
        row, hold = self._rows[stop.id], self._world.assumptions.truck_kg
        if self._load_kg + self._kg(row) > hold and self._load_kg > 0:
            if not stop.must:
                return
            self._unload(self._nearest_site())
            self._driven.extra_trips += 1
        self._go(stop.node)
        self._load_kg += self._kg(row)
        self._driven.collected_kg += self._kg(row)
        self._driven.emptied_h[row] = self._now_s / HOUR_S
        self._now_s += stop.service_s

    def _kg(self, row: int) -> float:
        day = self._day
        level = day.start[row] + day.inflow[row] * day.share(self._now_s / HOUR_S)
        return self._world.containers[row].weight_kg(min(1.0, float(level)))

    def _nearest_site(self) -> DisposalSite:
        return min(self._problem.sites, key=lambda s: self._problem.length_m[self._node, s.node])

    def _unload(self, site: DisposalSite) -> None:
        self._go(site.node)
        self._now_s += site.service_s
        self._load_kg = 0.0
        self._driven.trips += 1

    def _go(self, node: int) -> None:
        self._now_s += int(self._problem.duration_s[self._node, node])
        self._driven.length_m += int(self._problem.length_m[self._node, node])
        self._node = node
