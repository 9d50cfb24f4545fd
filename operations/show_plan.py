"""Verb: put a plan together with the names, places and lines that a reader needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from city.container import Container
from city.fleet import Fleet, Site, Vehicle
from city.municipality import Municipality
from city.place import Bounds, Position
from city.plan import Choice, DayPlan, Route, Verdict, Visit, VisitKind
from city.store import Store, containers, fleets, municipalities, plans
from city.store.plans import SheetRecord
from operations.route_lines import DrawnRoute, RouteLines

SiteRole = Literal["depot", "disposal"]
UNDRAWN = DrawnRoute((), on_streets=False)


@dataclass(frozen=True)
class ShownVisit:
    """One line of a route with what it needs to be read.

    Parameters
    ----------
    number : counts the stops of a route from 1; None for all else.
    """

    visit: Visit
    number: int | None
    container: Container | None = None
    site: Site | None = None
    choice: Choice | None = None


@dataclass(frozen=True)
class ShownRoute:
    """One truck's day, ready to be read and drawn."""

    route: Route
    vehicle: Vehicle | None
    visits: tuple[ShownVisit, ...]
    drawn: DrawnRoute
    sheets: tuple[SheetRecord, ...]

    @property
    def vehicle_name(self) -> str:
        """What people call the truck."""
        return self.vehicle.name if self.vehicle else self.route.vehicle_id

    @property
    def weight_kg(self) -> int:
        """What it is expected to collect."""
        return sum(v.choice.weight_kg for v in self.visits if v.choice and v.number)


@dataclass(frozen=True)
class ShownPlan:
    """A day's plan, ready to be read and drawn."""

    noun: DayPlan
    municipality: Municipality
    routes: tuple[ShownRoute, ...]
    containers: Mapping[str, Container]
    sites: tuple[tuple[SiteRole, Site], ...]
    vehicles: tuple[Vehicle, ...]
    provenance: Mapping[str, Any]

    @property
    def extent(self) -> Bounds:
        """The box around all that was decided about and all that is driven to; else the city's."""
        chosen = (self.containers.get(each.container_id) for each in self.noun.choices)
        driven = (visit.site for route in self.routes for visit in route.visits)
        positions = [place.position for place in (*chosen, *driven) if place]
        return Bounds.around(positions) if positions else self.municipality.bounds

    @property
    def next_chance(self) -> date | None:
        """The day on which what is left out could be emptied instead, where it was noted."""
        noted = self.provenance.get("nextChance")
        return date.fromisoformat(noted) if noted else None

    def count(self, verdict: Verdict) -> int:
        """Return how many containers have a verdict."""
        return sum(1 for choice in self.noun.choices if choice.verdict is verdict)

    @property
    def duration_s(self) -> int:
        """The crews' time on all routes."""
        return sum(shown.route.duration_s for shown in self.routes)

    @property
    def weight_kg(self) -> int:
        """What all trucks are expected to collect."""
        return sum(shown.weight_kg for shown in self.routes)


def newest_plan_id(store: Store, day: date | None = None) -> str | None:
    """Return the plan that was made last, for a day or for any."""
    found = plans.ids(store, day)
    return found[0] if found else None


def show_plan(store: Store, lines: RouteLines | None, plan_id: str) -> ShownPlan:
    """Return a plan with all that a reader needs.

    Parameters
    ----------
    lines : draws the routes on the streets; None where nobody looks at them.

    Raises
    ------
    NotFound
        No such plan is kept.
    """
    noun = plans.get(store, plan_id)
    registry = {container.id: container for container in containers.every(store)}
    registry |= {place.id: place for place in noun.loose_waste}
    provenance = plans.provenance(store, plan_id)
    _, fleet = fleets.get(store, provenance.get("fleetId"))
    records = plans.sheets(store, plan_id)
    choices = {choice.container_id: choice for choice in noun.choices}
    positions = _positions(registry, fleet)
    routes = tuple(
        ShownRoute(
            route=route,
            vehicle=next((v for v in fleet.vehicles if v.id == route.vehicle_id), None),
            visits=tuple(_visits(route, registry, fleet, choices)),
            drawn=lines.draw(route, positions, provenance.get("roads", {})) if lines else UNDRAWN,
            sheets=tuple(r for r in records if r.vehicle_id == route.vehicle_id),
        )
        for route in noun.plan.routes
        if route.stop_ids
    )
    sites: list[tuple[SiteRole, Site]] = [("depot", site) for site in fleet.depots]
    sites += [("disposal", site) for site in fleet.disposal_sites]
    city = municipalities.get(store)
    return ShownPlan(noun, city, routes, registry, tuple(sites), fleet.vehicles, provenance)


def _visits(
    route: Route,
    registry: Mapping[str, Container],
    fleet: Fleet,
    choices: Mapping[str, Choice],
) -> Iterable[ShownVisit]:
    sites = {site.id: site for site in (*fleet.depots, *fleet.disposal_sites)}
    number = 0
    for visit in route.visits:
        if visit.kind is VisitKind.STOP:
            number += 1
            yield ShownVisit(visit, number, registry.get(visit.ref), None, choices.get(visit.ref))
        else:
            yield ShownVisit(visit, None, site=sites.get(visit.ref))


def _positions(registry: Mapping[str, Container], fleet: Fleet) -> dict[str, Position]:
    sites = (*fleet.depots, *fleet.disposal_sites)
    places = {site.id: site.position for site in sites}
    return places | {container.id: container.position for container in registry.values()}
