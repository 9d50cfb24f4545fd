"""A city of 5,000 containers with a plan of 1,500 stops, for benchmarks of what is served.

Real: Amsterdam's roads and the positions of its containers. Made up, by a seed: how full they are,
their history, the choices, and a fleet of sixty trucks. The plan is drawn up without search.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from city.choosing import settle
from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fleet import Fleet, Site, Vehicle
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Bounds, Position
from city.plan import Choice, DayPlan, ReasonCode, Verdict
from city.store import containers, fleets, ledger, municipalities, open_store, plans
from operations.build_roads import build_roads
from operations.publish_plan import publish_plan
from operations.settings import Settings
from routing.archive import to_bytes
from routing.problem import Problem
from routing.roads import Roads
from routing.solve import solve
from tests import amsterdam

CONTAINERS, STOPS, RECORDS_EACH = 5_000, 1_500, 4
NOON, DAY = datetime(2026, 11, 23, 12, tzinfo=UTC), date(2026, 11, 24)
PLAN_ID, NAME, DEPOT = "20261124-large", "large", "DEPOT"


def make(home: Path, shared: Path, seed: int = 1) -> Settings:
    """Make the city in a folder, and return its settings in demo mode."""
    settings = Settings(home=home, municipality=NAME, language="en", demo=True)
    built = build_roads(shared / amsterdam.EXTRACT, settings.roads, base_maps=settings.base_maps)
    roads = Roads(built.folder)
    problem, lonlats = amsterdam.city_day(roads, shared, STOPS)
    problem = _all_served(problem)
    registry = _registry(shared, problem)
    solved = solve(problem, seconds=0)
    random = np.random.default_rng(seed)
    choices = settle(tuple(_choice(c, problem, random) for c in registry), solved)
    store = open_store(settings.database, NAME)
    bounds = Bounds.around([c.position for c in registry], margin_m=500)
    notices = (("en", "A benchmark: fill levels, history and fleet are made up."),)
    municipalities.put(
        store, Municipality(NAME, "Large city", "Europe/Amsterdam", bounds, notices, NOON)
    )
    containers.put(store, registry)
    fleet_id = fleets.put(store, _fleet(problem, lonlats))
    ledger.add(store, [e for c in registry for e in _history(c, random)])
    ledger.add(store, [_heard(n, c, random) for n, c in enumerate(registry[::2])])
    noun = DayPlan(PLAN_ID, NAME, DAY, NOON, "construction alone", solved, choices)
    noted = {"fleetId": fleet_id, "nextChance": "2026-11-26", "roads": roads.manifest}
    plans.add(store, noun, to_bytes(problem), noted)
    publish_plan(store, PLAN_ID, "a benchmark")
    store.close()
    return settings


def _all_served(problem: Problem) -> Problem:
    """Return the day with every stop a must, and twice the trucks, so that all of them fit."""
    trucks = tuple(
        replace(truck, id=f"{truck.id}{shift}", start_ref=DEPOT, end_ref=DEPOT)
        for truck in problem.trucks
        for shift in ("a", "b")
    )
    stops = tuple(replace(stop, skip_price_cents=None) for stop in problem.stops)
    return problem.replace(trucks=trucks, stops=stops)


def _registry(shared: Path, problem: Problem) -> tuple[Container, ...]:
    """Return the stops of the day and, up to the number, the containers beside them."""
    fraction = {stop.id: stop.fraction for stop in problem.stops}
    found = [
        Container(
            id=name,
            position=Position(*lonlat),
            fraction=fraction.get(name, Fraction.RESIDUAL),
            kind=ContainerKind.UNDERGROUND,
            volume_l=5_000,
            address=f"Straat {number // 20 + 1}, nr. {number % 20 + 1}",
            simulated=True,
        )
        for number, (name, lonlat, _) in enumerate(amsterdam.containers(shared))
    ]
    found.sort(key=lambda container: container.id not in fraction)
    return tuple(found[:CONTAINERS])


def _choice(container: Container, problem: Problem, random: np.random.Generator) -> Choice:
    stop = next((s for s in problem.stops if s.id == container.id), None)
    fill = float(random.uniform(0.7, 1.3) if stop else random.uniform(0.05, 0.7))
    verdict, reason = Verdict.SKIP, ReasonCode.RISK_IS_SMALL
    if stop:
        is_must = fill > 1
        verdict = Verdict.MUST if is_must else Verdict.CHOSEN
        reason = ReasonCode.OVERFLOW_CERTAIN if is_must else ReasonCode.WORTH_THE_DETOUR
    return Choice(
        container_id=container.id,
        verdict=verdict,
        reason=reason,
        fill=fill,
        fill_low=fill - 0.15,
        fill_high=fill + 0.15,
        p_overflow=min(0.99, max(0.01, fill - 0.3)),
        weight_kg=stop.weight_kg if stop else 0,
        volume_l=stop.volume_l if stop else 0,
        skip_price_cents=4_000 if stop else 0,
        days_since_emptied=float(random.integers(1, 14)),
    )


def _fleet(problem: Problem, lonlats: list[tuple[float, float]]) -> Fleet:
    at = [Position(*lonlat) for lonlat in lonlats]
    vehicles = tuple(
        Vehicle(
            t.id, t.id.replace("-", " ").capitalize(), DEPOT, t.fractions, t.gear,
            t.weight_capacity_kg, t.volume_capacity_l, t.shift, t.break_rule,
        )
        for t in problem.trucks
    )  # fmt: skip
    sites = tuple(
        Site(s.id, f"Site {s.id}", at[s.node], s.window, s.service_s, s.fractions)
        for s in problem.sites
    )
    return Fleet(vehicles, (Site(DEPOT, "Depot", at[0]),), sites)


def _heard(number: int, container: Container, random: np.random.Generator) -> Evidence:
    """Return a sighting of a container in a photo or, of one in five, a citizen's report."""
    said = (EvidenceKind.PHOTO, float(random.uniform(0.2, 1)))
    if number % 5 == 0:
        said = (EvidenceKind.REPORT, 1.0)
    when = NOON - timedelta(hours=float(random.uniform(1, 700)))
    return Evidence(*said, when, when, "made up", f"heard/{number}",
                    container.position, 5.0, container.id)  # fmt: skip


def _history(container: Container, random: np.random.Generator) -> list[Evidence]:
    whens = [NOON - timedelta(hours=float(h)) for h in random.uniform(10, 900, RECORDS_EACH)]
    return [
        Evidence(EvidenceKind.EMPTYING, float(random.integers(100, 700)), when, when, "made up",
                 f"{container.id}/{n}", container.position, 5.0, container.id)
        for n, when in enumerate(sorted(whens))
    ]  # fmt: skip
