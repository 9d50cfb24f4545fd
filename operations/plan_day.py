"""The verb that plans a day: believe, choose, pose, solve, check, keep."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from typing import Any

from city.choosing import settle
from city.errors import BadInput, Broken
from city.fleet import Fleet
from city.plan import DayPlan
from city.store import Store, fleets, photos, plans
from operations.choose_stops import Asked, Task, choose_stops
from operations.known_rounds import known_rounds
from operations.pose import pose, sites_of
from operations.settings import Settings
from operations.solving import solve_or_fall_back
from routing.archive import to_bytes
from routing.check import check
from routing.problem import UNREACHABLE, Problem
from routing.roads import Roads
from routing.shape import ShapePrices

MOST_FROM_ROAD_M = 150.0

__all__ = ["Task", "plan_day"]

# The settings that a plan depends on; another language makes other sheets of the same plan.
DECISIVE = (
    "solve_seconds",
    "must_p_overflow",
    "overflow_price_cents",
    "max_days_unemptied",
    "max_days_by_fraction",
    "succession_price_cents",
    "truck_price_cents",
    "spread_price_cents_per_km",
    "long_day_price_cents_per_hour",
    "crossing_price_cents",
)

OnProgress = Callable[[str, float, float], None]


def plan_day(
    store: Store,
    roads: Roads,
    settings: Settings,
    task: Task,
    on_progress: OnProgress | None = None,
) -> DayPlan:
    """Return the checked plan for a day, kept in the store with all that led to it.

    The same inputs give the plan that is there already; nothing is solved twice.

    Parameters
    ----------
    on_progress : called with (step, done, total).

    Raises
    ------
    BadInput
        The containers, fleet or positions do not allow a plan.
    NotFound
        The plan that it shall be like is not kept.
    Broken
        The solver failed and there is no plan to be like, or the checker refused its plan:
        nothing is kept then.
    """
    say = on_progress or (lambda _step, _done, _total: None)
    fleet_id, asked, problem = pose_day(store, roads, settings, task, say)
    archive = to_bytes(problem)
    provenance = {
        "stadsronde": version("stadsronde"),
        "asOf": task.as_of.isoformat(),
        "nextChance": task.next_chance.isoformat(),
        "seed": task.seed,
        "like": task.like,
        "settings": {k: str(v) for k, v in asdict(settings).items() if k in DECISIVE},
        "fleetId": fleet_id,
        "roads": roads.manifest,
        "models": sorted(photos.models(store)),
        "evidenceIds": sorted(asked.evidence_ids),
        "problemSha256": hashlib.sha256(archive).hexdigest(),
    }
    plan_id = _plan_id(task.day, {**provenance, "choices": [asdict(c) for c in asked.choices]})
    if plan_id in plans.ids(store, task.day):
        return plans.get(store, plan_id)
    solved = solve_or_fall_back(
        problem,
        settings.solve_seconds,
        task.seed,
        lambda done, total: say("solve", done, total),
    )
    plan = solved.plan
    if violations := check(problem, plan):
        raise Broken(
            "The checker refuses the solver's plan, so it is not kept:\n"
            + "\n".join(str(v) for v in violations)
        )
    day_plan = DayPlan(
        id=plan_id,
        municipality=store.municipality_id,
        day=task.day,
        made_at=task.as_of,
        engine=solved.engine,
        plan=plan,
        choices=settle(asked.choices, plan),
        loose_waste=asked.loose_waste,
    )
    plans.add(store, day_plan, archive, provenance)
    return day_plan


def pose_day(
    store: Store, roads: Roads, settings: Settings, task: Task, say: OnProgress
) -> tuple[str, Asked, Problem]:
    """Return the fleet's id, what a day asks for, and that as a problem to be solved.

    Raises
    ------
    BadInput
        The containers, fleet or positions do not allow a plan.
    NotFound
        The plan that it shall be like is not kept.
    """
    fleet_id, fleet = fleets.get(store, task.fleet_id)
    asked = choose_stops(store, settings, task)
    if faults := fleet.faults():
        raise BadInput(faults)
    prices = ShapePrices(
        settings.spread_price_cents_per_km,
        settings.long_day_price_cents_per_hour,
        settings.crossing_price_cents,
    )
    problem = _pose(asked, fleet, roads, prices, say)
    if task.like is not None:
        problem = problem.replace(familiar=known_rounds(store, settings, task.like))
    return fleet_id, asked, problem


def _pose(
    asked: Asked,
    fleet: Fleet,
    roads: Roads,
    prices: ShapePrices,
    say: OnProgress,
) -> Problem:
    """Put containers, fleet and roads into whole numbers; node = depots, sites, containers."""
    sites = sites_of(fleet)
    places = [s.position for s in sites] + [c.position for c in asked.places]
    matrix = roads.matrix(
        [(p.lon, p.lat) for p in places], progress=lambda done, total: say("roads", done, total)
    )
    far = matrix.snapping.distance_m > MOST_FROM_ROAD_M
    if far[: len(sites)].any():
        names = [s.name for s in sites] + [c.id for c in asked.places]
        faults = matrix.snapping.faults(MOST_FROM_ROAD_M, names)
        raise BadInput(faults[: int(far[: len(sites)].sum())])
    # A container off the roads is one container left out with its reason, not a day without plan.
    matrix.duration_s[far, :] = matrix.duration_s[:, far] = UNREACHABLE
    matrix.length_m[far, :] = matrix.length_m[:, far] = UNREACHABLE
    rest = [0] * len(asked.places)
    matrix = matrix.with_extra(
        [s.extra_duration_s for s in sites] + rest, [s.extra_length_m for s in sites] + rest
    )
    problem = pose(
        asked.places, asked.choices, fleet, matrix.duration_s, matrix.length_m, asked.after
    )
    problem = problem.replace(shape_prices=prices)
    if not prices.crossing_cents:
        return problem
    kerb = roads.matrix([(p.lon, p.lat) for p in places], kerb=True).with_extra(
        [s.extra_duration_s for s in sites] + rest, [s.extra_length_m for s in sites] + rest
    )
    return problem.replace(kerb_length_m=kerb.length_m)


def _plan_id(day: date, inputs: dict[str, Any]) -> str:
    text = json.dumps(inputs, sort_keys=True, default=str)
    return f"{day:%Y%m%d}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
