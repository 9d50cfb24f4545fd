"""Trips sent to another disposal site where one would get more than it takes in a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from city.plan import Plan, VisitKind
from routing.pairs import units
from routing.polish import without
from routing.problem import DisposalSite, Problem, Truck
from routing.timetable import drivable
from routing.tour import Tour, Tours, flattened, skip_units, tour_units, trips_of


def with_room(problem: Problem, tours: Tours) -> Tours:
    """Return tours that bring no site more than it takes: emptied elsewhere, or a trip dropped."""
    while over := _over(problem, tours):
        options = sorted(_options(problem, tours, over), key=lambda option: option[0])
        _, truck_id, tour = options[0]
        tours = {key: kept for key, kept in {**tours, truck_id: tour}.items() if kept}
    return tours


def has_room(problem: Problem, tours: Tours) -> bool:
    """Tell whether tours bring no site more than it takes."""
    return not _over(problem, tours)


def brought_kg(plan: Plan) -> Counter[str]:
    """Return what a plan brings to each site, by its id."""
    brought: Counter[str] = Counter()
    for route in plan.routes:
        aboard = 0
        for visit in route.visits:
            if visit.kind is VisitKind.DISPOSAL:
                brought[visit.ref] += aboard
            aboard = visit.load_kg
    return brought


def left_over(problem: Problem, brought: Mapping[str, int]) -> Problem:
    """Return the problem in which sites take what is left of their day."""
    return problem.replace(
        sites=tuple(
            site
            if site.day_weight_kg is None
            else replace(site, day_weight_kg=max(0, site.day_weight_kg - brought.get(site.id, 0)))
            for site in problem.sites
        )
    )


def _over(problem: Problem, tours: Tours) -> DisposalSite | None:
    kg = _kg(tours)
    for site in problem.sites:
        if site.day_weight_kg is not None and kg[site.id] > site.day_weight_kg:
            return site
    return None


def _kg(tours: Tours) -> Counter[str]:
    kg: Counter[str] = Counter()
    for tour in tours.values():
        for stops, site in trips_of(tour):
            kg[site.id] += sum(stop.weight_kg for stop in stops)
    return kg


def _options(problem: Problem, tours: Tours, over: DisposalSite) -> Iterator[tuple[int, str, Tour]]:
    """Yield what relieves a site: units more, the truck, and its tour then."""
    kg = _kg(tours)
    trucks: dict[str, Truck] = {truck.id: truck for truck in problem.trucks}
    for truck_id, tour in tours.items():
        truck, trips = trucks[truck_id], list(trips_of(tour))
        before = tour_units(problem, truck, tour)
        for at, (stops, site) in enumerate(trips):
            if site.id != over.id:
                continue
            dropped = [stop for unit in units(problem, stops) for stop in unit]
            price = sum(skip_units(stop) for stop in dropped)
            rest = without(tour, {stop.id for stop in dropped})
            yield price + tour_units(problem, truck, rest) - before, truck_id, rest
            load_kg = sum(stop.weight_kg for stop in stops)
            for other in problem.sites:
                takes = other.id != over.id and stops[0].fraction in other.fractions
                full = other.day_weight_kg is not None and (
                    kg[other.id] + load_kg > other.day_weight_kg
                )
                if takes and not full:
                    moved = flattened([*trips[:at], (stops, other), *trips[at + 1 :]])
                    if drivable(problem, truck, moved):
                        yield tour_units(problem, truck, moved) - before, truck_id, moved
