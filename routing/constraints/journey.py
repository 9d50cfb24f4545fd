"""A plan's routes as they would really be driven: legs, times and loads worked out anew.

The rules check a plan with this and not with its recorded figures. The only things believed are
the decisions: who drives, where to, in which order, when it leaves, where the break lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from city.fleet import Window
from city.plan import Plan, Route, Visit, VisitKind
from routing.problem import DisposalSite, Problem, Stop, Truck

_Places = dict[tuple[VisitKind, str], Stop | DisposalSite]


@dataclass(frozen=True)
class Step:
    """One place of a route, as it would be reached.

    Parameters
    ----------
    place : the stop or site; None at the start and the end.
    node_before, node : the leg's ends in the matrix; equal at the start.
    breaks : the breaks on the leg that leads here.
    left_s : when the place before was left.
    arrival_s, begin_s, departure_s : reached, service begun, left.
    load_kg, load_l : on the truck when it leaves.
    trip_kg, trip_l : on the truck when it arrives, with what a stop adds.
    """

    visit: Visit
    place: Stop | DisposalSite | None
    node_before: int
    node: int
    breaks: tuple[Visit, ...]
    left_s: int
    drive_s: int
    length_m: int
    arrival_s: int
    begin_s: int
    departure_s: int
    load_kg: int
    load_l: int
    trip_kg: int
    trip_l: int


@dataclass(frozen=True)
class Journey:
    """A route that can be read, with its truck."""

    truck: Truck
    steps: tuple[Step, ...]

    @property
    def start_s(self) -> int:
        """When the truck leaves its start."""
        return self.steps[0].departure_s

    @property
    def end_s(self) -> int:
        """When the truck is back."""
        return self.steps[-1].arrival_s

    @property
    def breaks_s(self) -> int:
        """How long all its breaks last together."""
        return sum(b.departure_s - b.arrival_s for step in self.steps for b in step.breaks)


def journeys(problem: Problem, plan: Plan) -> Iterator[Journey]:
    """Yield every route that can be read; what keeps one from being read is `shape`'s to say.

    Trucks that wait for others at a stop come last, so that it is known when those have left.
    """
    trucks = {truck.id: truck for truck in problem.trucks}
    places: _Places = {(VisitKind.STOP, stop.id): stop for stop in problem.stops}
    places |= {(VisitKind.DISPOSAL, site.id): site for site in problem.sites}
    waiting = {stop.id for stop in problem.stops if stop.after}
    left_s: dict[str, int] = {}
    for route in sorted(plan.routes, key=lambda r: not waiting.isdisjoint(r.stop_ids)):
        if route.vehicle_id in trucks and _readable(places, route):
            journey = _driven(problem, places, trucks[route.vehicle_id], route, left_s)
            left_s |= {s.visit.ref: s.departure_s for s in journey.steps if s.visit.ref}
            yield journey


def first_window(windows: tuple[Window, ...], arrival_s: int, service_s: int) -> Window | None:
    """Return the first window that still holds the whole service, if one does."""
    fitting = (w for w in windows if max(arrival_s, w.start_s) + service_s <= w.end_s)
    return min(fitting, key=lambda w: w.start_s, default=None)


def _readable(places: _Places, route: Route) -> bool:
    kinds = [visit.kind for visit in route.visits]
    if len(kinds) < 2 or (kinds[0], kinds[-1]) != (VisitKind.START, VisitKind.END):
        return False
    if any(kind in (VisitKind.START, VisitKind.END) for kind in kinds[1:-1]):
        return False
    named = (VisitKind.STOP, VisitKind.DISPOSAL)
    return all((v.kind, v.ref) in places for v in route.visits if v.kind in named)


def _driven(
    problem: Problem, places: _Places, truck: Truck, route: Route, left_s: Mapping[str, int]
) -> Journey:
    steps = [_start(truck, route.visits[0])]
    breaks: list[Visit] = []
    for visit in route.visits[1:]:
        if visit.kind is VisitKind.BREAK:
            breaks.append(visit)
        else:
            place = places.get((visit.kind, visit.ref))
            steps.append(_next(problem, truck, steps[-1], visit, place, tuple(breaks), left_s))
            breaks = []
    return Journey(truck, tuple(steps))


def _before(place: Stop | DisposalSite) -> tuple[str, ...]:
    return place.after if isinstance(place, Stop) else ()


def _start(truck: Truck, visit: Visit) -> Step:
    node, left_s = truck.start_node, visit.departure_s
    return Step(visit, None, node, node, (), left_s, 0, 0, left_s, left_s, left_s, 0, 0, 0, 0)


def _next(
    problem: Problem,
    truck: Truck,
    before: Step,
    visit: Visit,
    place: Stop | DisposalSite | None,
    breaks: tuple[Visit, ...],
    left_s: Mapping[str, int],
) -> Step:
    node = truck.end_node if place is None else place.node
    ways = problem.profiles[truck.profile] if truck.profile else problem
    drive_s = int(ways.duration_s[before.node, node])
    paused_s = sum(b.departure_s - b.arrival_s for b in breaks)
    arrival_s = before.departure_s + drive_s + paused_s
    begin_s, service_s = arrival_s, 0
    if place is not None:
        service_s = place.service_s
        begin_s = max(arrival_s, *(left_s.get(ref, 0) for ref in _before(place)), 0)
        windows = place.windows if isinstance(place, Stop) else (place.window,)
        window = first_window(windows, begin_s, service_s)
        begin_s = begin_s if window is None else max(begin_s, window.start_s)
    kg, litres = before.load_kg, before.load_l
    if isinstance(place, Stop):
        kg, litres = kg + place.weight_kg, litres + place.volume_l
    emptied = isinstance(place, DisposalSite)
    return Step(
        visit=visit,
        place=place,
        node_before=before.node,
        node=node,
        breaks=breaks,
        left_s=before.departure_s,
        drive_s=drive_s,
        length_m=int(ways.length_m[before.node, node]),
        arrival_s=arrival_s,
        begin_s=begin_s,
        departure_s=begin_s + service_s,
        load_kg=0 if emptied else kg,
        load_l=0 if emptied else litres,
        trip_kg=kg,
        trip_l=litres,
    )
