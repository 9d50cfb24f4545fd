"""OR-Tools' model of a problem, which the rules of `routing.constraints` are posted to.

A lane is one of OR-Tools' vehicles: a truck's whole day, with disposal visits as optional nodes
on it, or a single trip of a truck that ends at a given site. Model nodes are the stops, then the
disposal visits, then where lanes begin and end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from city.fleet import DAY_S, Window
from city.fraction import Fraction
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.tour import LegUnits, Place, Tour, skip_units

HORIZON_S = 2 * DAY_S


@dataclass(frozen=True)
class Lane:
    """One of OR-Tools' vehicles.

    Parameters
    ----------
    window : when it may begin and end.
    work_limit_s : driving and service at most, where the hour does not matter.
    fixed_units : its cost if it is used at all.
    end_site : where it empties at its end; None for a whole day that ends at `end_node`.
    fractions : what it takes if not all that its truck may.
    """

    truck: Truck
    start_node: int
    end_node: int
    window: Window
    work_limit_s: int
    fixed_units: int
    end_site: DisposalSite | None = None
    fractions: tuple[Fraction, ...] = ()
    takes_break: bool = False


class Model:
    """A routing model over stops, disposal visits and lanes; rules post to it.

    Parameters
    ----------
    timed : whether the hour of a visit matters; without, only durations are counted, which is
        several times faster.
    """

    def __init__(
        self,
        problem: Problem,
        legs: LegUnits,
        stops: Sequence[Stop],
        lanes: Sequence[Lane],
        disposals: Sequence[DisposalSite] = (),
        *,
        timed: bool = False,
    ) -> None:
        self.problem, self.legs, self.timed = problem, legs, timed
        self.stops, self.lanes, self.disposals = tuple(stops), tuple(lanes), tuple(disposals)
        self.places: tuple[Place, ...] = (*self.stops, *self.disposals)
        ends = [(lane.start_node, lane.end_node) for lane in self.lanes]
        self._terminals = sorted({node for pair in ends for node in pair})
        number = {node: len(self.places) + at for at, node in enumerate(self._terminals)}
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.nodes),
            len(self.lanes),
            [number[start] for start, _ in ends],
            [number[end] for _, end in ends],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._add_costs()

    @cached_property
    def nodes(self) -> list[int]:
        """The matrix node of each model node."""
        return [*(place.node for place in self.places), *self._terminals]

    @property
    def time(self) -> pywrapcp.RoutingDimension:
        """The time line, once `travel` has laid it."""
        return self.routing.GetDimensionOrDie("time")

    def index(self, node: int) -> int:
        """Return OR-Tools' index of a model node."""
        return int(self.manager.NodeToIndex(node))

    def skip_units(self, stop: Stop) -> int:
        """Return what leaving a stop out costs."""
        return skip_units(stop)

    def make_optional(self, node: int, units: int) -> None:
        """Let a node be left out for a price."""
        self.routing.AddDisjunction([self.index(node)], units)

    def allow_lanes(self, node: int, lanes: Sequence[int]) -> None:
        """Allow a node on some lanes only; on none, it is left out."""
        if len(lanes) < len(self.lanes):
            # SetAllowedVehiclesForIndex cannot be called from Python in OR-Tools 9.15.
            self.routing.VehicleVar(self.index(node)).SetValues([-1, *lanes])

    def add_time_line(self) -> None:
        """Add the time dimension: service at a node, then the drive to the next."""
        slack_s = HORIZON_S if self.timed else 0
        transits = self._transits(self._services())
        self.routing.AddDimensionWithVehicleTransits(transits, slack_s, HORIZON_S, False, "time")

    def add_load(
        self, name: str, gains: Sequence[int], limits: Sequence[int]
    ) -> pywrapcp.RoutingDimension:
        """Add what stops put on a truck and disposal visits take off, limited on each lane."""
        most = max(limits, default=0)
        emptied = [-most] * len(self.disposals) + [0] * len(self._terminals)
        transit = self.routing.RegisterUnaryTransitVector([*gains, *emptied])
        slack = most if self.disposals else 0
        self.routing.AddDimensionWithVehicleCapacity(transit, slack, list(limits), True, name)
        load = self.routing.GetDimensionOrDie(name)
        if self.disposals:
            # Only a disposal visit may throw part of its -most away, so that none is below zero.
            for node in range(len(self.stops)):
                load.SlackVar(self.index(node)).SetValue(0)
            for lane in range(len(self.lanes)):
                load.SlackVar(self.routing.Start(lane)).SetValue(0)
        return load

    def add_count(self, name: str, gains: Sequence[int], limits: Sequence[int]) -> None:
        """Add what stops add up to over a whole lane, limited on each."""
        none = [0] * (len(self.disposals) + len(self._terminals))
        transit = self.routing.RegisterUnaryTransitVector([*gains, *none])
        self.routing.AddDimensionWithVehicleCapacity(transit, 0, list(limits), True, name)

    def limit_emptied(self, name: str, site: DisposalSite, most: int) -> None:
        """Limit what all visits to a site take off; `name` is of a load."""
        load = self.routing.GetDimensionOrDie(name)
        solver = self.routing.solver()
        hold = max((lane.truck.weight_capacity_kg for lane in self.lanes), default=0)
        taken = []
        for number, each in enumerate(self.disposals):
            if each.id == site.id:
                index = self.index(len(self.stops) + number)
                active = self.routing.ActiveVar(index)
                # A visit takes off the whole hold but for its slack; one that is not made, nothing.
                solver.Add(load.SlackVar(index) <= active * hold)
                taken.append(active * hold - load.SlackVar(index))
        if taken:
            solver.Add(solver.Sum(taken) <= most)

    def add_driving(self, limits_s: Sequence[int | None]) -> None:
        """Add what is driven over a whole lane, limited on some."""
        most = [HORIZON_S if limit is None else limit for limit in limits_s]
        transits = self._transits(np.zeros(len(self.nodes), np.int64))
        self.routing.AddDimensionWithVehicleTransitAndCapacity(transits, 0, most, True, "driving")

    def add_break(self, number: int) -> None:
        """Place a lane's break on the clock; one that would begin after its end costs nothing."""
        lane = self.lanes[number]
        rule = lane.truck.break_rule
        assert rule is not None
        begins = rule.begins
        if begins is None:
            start_s = lane.window.start_s
            begins = Window(start_s, start_s + max(1, rule.after_work_s))
            # Its hour is counted from the shift's start, so the truck has to leave then.
            self.time.CumulVar(self.routing.Start(number)).SetValue(start_s)
        pause = self.routing.solver().FixedDurationIntervalVar(
            begins.start_s, begins.end_s, rule.duration_s, False, f"break {number}"
        )
        services = [place.service_s for place in self.places]
        visits = [*services, *([0] * len(self._terminals))]
        at_index = [visits[self.manager.IndexToNode(i)] for i in range(self.routing.Size())]
        self.time.SetBreakIntervalsOfVehicle([pause], number, at_index)

    def span_limit_s(self, number: int) -> int:
        """Return how long a lane may last."""
        lane = self.lanes[number]
        if self.timed:
            return lane.window.end_s - lane.window.start_s
        return max(0, lane.work_limit_s)

    def sequences(self, solution: pywrapcp.Assignment) -> list[Tour]:
        """Return the places that each lane visits, in order."""
        return [self._sequence(solution, lane) for lane in range(len(self.lanes))]

    def _sequence(self, solution: pywrapcp.Assignment, lane: int) -> Tour:
        tour: list[Place] = []
        index = solution.Value(self.routing.NextVar(self.routing.Start(lane)))
        while not self.routing.IsEnd(index):
            tour.append(self.places[self.manager.IndexToNode(index)])
            index = solution.Value(self.routing.NextVar(index))
        return tuple(tour)

    def _services(self) -> NDArray[np.int64]:
        services = [place.service_s for place in self.places]
        return np.array([*services, *([0] * len(self._terminals))], dtype=np.int64)

    def _transits(self, services_s: NDArray[np.int64]) -> list[int]:
        """Return for each lane how long a node and the drive to the next take."""
        registered: dict[str, int] = {}
        for profile, lane in {lane.truck.profile: lane for lane in self.lanes}.items():
            drive_s = self.problem.ways(lane.truck).duration_s[np.ix_(self.nodes, self.nodes)]
            lasts_s = drive_s.astype(np.int64) + services_s[:, None]
            registered[profile] = self.routing.RegisterTransitMatrix(lasts_s.tolist())
        return [registered[lane.truck.profile] for lane in self.lanes]

    def _add_costs(self) -> None:
        evaluators: dict[tuple[int, int, str], int] = {}
        for number, lane in enumerate(self.lanes):
            truck = lane.truck
            prices = truck.cost_per_km_cents, truck.cost_per_hour_cents, truck.profile
            if prices not in evaluators:
                units = self.legs.of(truck)[np.ix_(self.nodes, self.nodes)]
                units = units + self._services()[:, None] * truck.cost_per_hour_cents
                evaluators[prices] = self.routing.RegisterTransitMatrix(units.tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(evaluators[prices], number)
            self.routing.SetFixedCostOfVehicle(lane.fixed_units, number)
