"""How far a plan deviates from the rounds that crews know: counted, and stop by stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from city.changes import Change, ChangeKind
from city.plan import Plan, Route, VisitKind
from routing.familiar import Familiar, successions
from routing.problem import UNREACHABLE, Problem


@dataclass(frozen=True)
class Kept:
    """What is as the crews know it, of what could be: both plans serve the stops concerned.

    Parameters
    ----------
    successions : known stops that the same stop comes after, new ones between them passed over.
    directly : those with no new stop between them.
    pairs : stops served by their own truck.
    """

    successions: int
    directly: int
    of_successions: int
    pairs: int
    of_pairs: int

    @property
    def succession_share(self) -> float:
        """Share of successions kept; 1 where there are none."""
        return self.successions / self.of_successions if self.of_successions else 1.0

    @property
    def direct_share(self) -> float:
        """Share of successions kept with nothing new between."""
        return self.directly / self.of_successions if self.of_successions else 1.0

    @property
    def pair_share(self) -> float:
        """Share of stops kept on their truck; 1 where there are none."""
        return self.pairs / self.of_pairs if self.of_pairs else 1.0


def kept(familiar: Familiar, plan: Plan) -> Kept:
    """Count what a plan keeps of known rounds."""
    truck_of = familiar.truck_of
    routes = [route.stop_ids for route in plan.routes]
    served = {ref: route.vehicle_id for route in plan.routes for ref in route.stop_ids}
    common = served.keys() & truck_of.keys()
    usual, now = familiar.successions(common), successions(routes, common)
    direct = successions(routes, served)
    return Kept(
        successions=sum(now.get(here) == there for here, there in usual.items()),
        directly=sum(direct.get(here) == there for here, there in usual.items()),
        of_successions=len(usual),
        pairs=sum(truck_of[ref] == served[ref] for ref in common),
        of_pairs=len(common),
    )


def deviation_cents(problem: Problem, plan: Plan) -> int:
    """Return what the search holds against a plan's deviations from known rounds."""
    familiar = problem.familiar
    if familiar is None:
        return 0
    found = kept(familiar, plan)
    moved, reordered = found.of_pairs - found.pairs, found.of_successions - found.directly
    return moved * familiar.truck_cents + reordered * familiar.succession_cents


def changes(problem: Problem, plan: Plan) -> tuple[Change, ...]:
    """Return every stop that is not served as the crews know it, with what that alone saves.

    Without known rounds there is nothing to differ from.
    """
    return () if problem.familiar is None else tuple(_changes(problem, problem.familiar, plan))


def _changes(problem: Problem, familiar: Familiar, plan: Plan) -> Iterator[Change]:
    truck_of = familiar.truck_of
    served = {ref: route.vehicle_id for route in plan.routes for ref in route.stop_ids}
    common = served.keys() & truck_of.keys()
    usual = familiar.successions(common)
    before = {there: here for here, there in usual.items()}
    now = successions((route.stop_ids for route in plan.routes), common)
    came = {there: here for here, there in now.items()}
    ways = _Ways(problem, plan)
    for ref, truck in served.items():
        if ref not in truck_of:
            yield Change(ref, ChangeKind.ADDED, "", truck, _less(0, ways.detour_m(ref)))
        elif truck_of[ref] != truck:
            back_m = ways.cheapest_m(ref, truck_of[ref])
            saved_m = _less(back_m, ways.detour_m(ref))
            yield Change(ref, ChangeKind.MOVED, truck_of[ref], truck, saved_m)
        elif now.get(ref) != usual.get(ref) and came.get(ref) != before.get(ref):
            back_m = ways.between_m(ref, before.get(ref), usual.get(ref))
            saved_m = _less(back_m, ways.detour_m(ref))
            yield Change(ref, ChangeKind.REORDERED, truck, truck, saved_m)
    asked = {stop.id for stop in problem.stops}
    for ref, truck in truck_of.items():
        if ref in asked - served.keys():
            yield Change(ref, ChangeKind.LEFT_OUT, truck, "", ways.cheapest_m(ref, truck))
        elif ref not in asked:
            yield Change(ref, ChangeKind.NOT_ASKED, truck)


def _less(before_m: int | None, now_m: int | None) -> int | None:
    return None if before_m is None or now_m is None else before_m - now_m


class _Ways:
    """Metres of going by a stop, on the routes of a plan."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._length_m = problem.length_m
        self._node = {stop.id: stop.node for stop in problem.stops}
        ends = {truck.id: (truck.start_node, truck.end_node) for truck in problem.trucks}
        sites = {site.id: site.node for site in problem.sites}
        self._nodes: dict[str, list[int]] = {}
        self._between: dict[str, tuple[int, int]] = {}
        for route in plan.routes:
            if route.vehicle_id in ends:
                self._add(route, ends[route.vehicle_id], sites)

    def _add(self, route: Route, ends: tuple[int, int], sites: dict[str, int]) -> None:
        kept = [v for v in route.visits if v.kind in (VisitKind.STOP, VisitKind.DISPOSAL)]
        nodes = [(self._node if v.kind is VisitKind.STOP else sites)[v.ref] for v in kept]
        whole = [ends[0], *nodes, ends[1]]
        self._nodes[route.vehicle_id] = whole
        for at, visit in enumerate(kept, 1):
            if visit.kind is VisitKind.STOP:
                self._between[visit.ref] = whole[at - 1], whole[at + 1]

    def detour_m(self, ref: str) -> int | None:
        """Return what going by a served stop costs where it stands."""
        return self._by(ref, *self._between[ref])

    def cheapest_m(self, ref: str, vehicle_id: str) -> int | None:
        """Return what going by a stop would cost at least on a truck's route as it is now."""
        whole = self._nodes.get(vehicle_id, [])
        gaps = pairwise(whole)
        found = [by for gap in gaps if (by := self._by(ref, *gap)) is not None]
        return min(found, default=None)

    def between_m(self, ref: str, before: str | None, after: str | None) -> int | None:
        """Return what going by a stop would cost between two others, of which one may lack."""
        ends = [self._node[other] for other in (before, after) if other is not None]
        if len(ends) < 2:
            return None
        return self._by(ref, *ends)

    def _by(self, ref: str, before: int, after: int) -> int | None:
        node = self._node[ref]
        legs = [self._length_m[leg] for leg in ((before, node), (node, after), (before, after))]
        if max(legs) >= UNREACHABLE:
            return None
        there, on, straight = (int(leg) for leg in legs)
        return there + on - straight
