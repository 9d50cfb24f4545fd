"""Containers that a plan was not asked about, as stops of its problem, with their legs."""

from __future__ import annotations

from collections.abc import Sequence

from city.errors import BadInput, Fault
from city.fleet import Site
from city.place import Position
from city.plan import DayPlan
from city.store import Store, containers, fleets, plans
from operations.pose import sites_of, stop_of
from routing.problem import Problem, Stop
from routing.roads import Roads


def add_stops(
    store: Store, problem: Problem, plan: DayPlan, new: Sequence[str], roads: Roads | None
) -> tuple[Problem, dict[str, Stop]]:
    """Return a plan's problem with a node for each new container, and these as stops, by id.

    The stops themselves are not put into the problem.

    Raises
    ------
    BadInput
        The registry has one of them no longer, or there are no roads to measure on.
    """
    if not new:
        return problem, {}
    registry = {c.id: c for c in (*containers.every(store), *plan.loose_waste)}
    if roads is None:
        raise BadInput(_fault(ref, "Its ways cannot be measured: no roads are built.")
                       for ref in new)  # fmt: skip
    if gone := [ref for ref in new if ref not in registry]:
        raise BadInput(_fault(ref, "The registry has it no longer.") for ref in gone)
    _, fleet = fleets.get(store, plans.provenance(store, plan.id)["fleetId"])
    sites, known = sites_of(fleet), sorted(problem.stops, key=lambda stop: stop.node)
    if gone := [stop.id for stop in known if stop.id not in registry]:
        raise BadInput(_fault(ref, "The plan has a stop that the registry has no longer.")
                       for ref in gone)  # fmt: skip
    at = [site.position for site in sites]
    at += [registry[ref].position for ref in (*(stop.id for stop in known), *new)]
    first = len(at) - len(new)
    stops = {
        ref: stop_of(registry[ref], plan.choice_of(ref), first + number)
        for number, ref in enumerate(new)
    }
    return _measured(problem, roads, sites, at), stops


def _measured(
    problem: Problem, roads: Roads, sites: Sequence[Site], at: Sequence[Position]
) -> Problem:
    """Return the problem with legs to and from places that its matrices do not have yet."""
    known = len(problem.duration_s)
    duration_s, length_m = roads.extended(
        problem.duration_s, problem.length_m, [(place.lon, place.lat) for place in at]
    )
    for node, site in enumerate(sites):
        for matrix, extra in ((duration_s, site.extra_duration_s), (length_m, site.extra_length_m)):
            matrix[node, known:] += extra
            matrix[known:, node] += extra
    return problem.replace(duration_s=duration_s, length_m=length_m, kerb_length_m=None)


def _fault(ref: str, cause: str) -> Fault:
    return Fault("stop-not-asked", f"container {ref}", cause, "Plan the day again.", "stopId", ref)
