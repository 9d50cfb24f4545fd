"""The verb that plans a day: believe, choose, pose, solve, check, keep."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any

from city.cases import belonging
from city.choosing import Policy, settle, weigh
from city.container import Container
from city.errors import BadInput, Broken, Fault
from city.fill import believe
from city.fleet import Fleet, Site, Vehicle
from city.plan import Choice, DayPlan, Verdict
from city.store import Store, containers, fleets, ledger, municipalities, photos, plans
from operations.merge_evidence import merge_evidence
from operations.settings import Settings
from operations.solving import solve_apart
from routing.archive import to_bytes
from routing.check import check
from routing.problem import UNREACHABLE, DisposalSite, Problem, Stop, Truck
from routing.roads import Roads
from routing.solve import ENGINE

HISTORY = timedelta(days=120)
VISIT_TIME = time(10)
MOST_FROM_ROAD_M = 150.0

# The settings that a plan depends on; another language makes other sheets of the same plan.
DECISIVE = (
    "solve_seconds",
    "must_p_overflow",
    "overflow_price_cents",
    "max_days_unemptied",
    "max_days_by_fraction",
)

OnProgress = Callable[[str, float, float], None]


@dataclass(frozen=True)
class Task:
    """What is to be planned, and with what knowledge.

    Parameters
    ----------
    day : the day to plan for.
    as_of : what was received until then counts; with time zone.
    next_chance : the day on which a container left out could be emptied instead.
    """

    day: date
    as_of: datetime
    next_chance: date
    seed: int = 0


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
    Broken
        The solver failed, or the checker refused its plan: nothing is kept then.
    """
    say = on_progress or (lambda _step, _done, _total: None)
    fleet_id, fleet = fleets.get(store)
    every = containers.every(store)
    choices, evidence_ids = _weigh(store, settings, task, every)
    wanted = {c.container_id for c in choices if c.verdict is not Verdict.SKIP}
    asked = [c for c in every if c.id in wanted]
    if faults := [f for f in fleet.faults(()) if f.code == "unknown-depot"]:
        raise BadInput(faults)
    problem = _pose(asked, choices, fleet, roads, say)
    archive = to_bytes(problem)
    provenance = {
        "stadsronde": version("stadsronde"),
        "asOf": task.as_of.isoformat(),
        "nextChance": task.next_chance.isoformat(),
        "seed": task.seed,
        "settings": {k: str(v) for k, v in asdict(settings).items() if k in DECISIVE},
        "fleetId": fleet_id,
        "roads": roads.manifest,
        "models": sorted(photos.models(store)),
        "evidenceIds": sorted(evidence_ids),
        "problemSha256": hashlib.sha256(archive).hexdigest(),
    }
    plan_id = _plan_id(task.day, {**provenance, "choices": [asdict(c) for c in choices]})
    if plan_id in plans.ids(store, task.day):
        return plans.get(store, plan_id)
    plan = solve_apart(
        problem,
        settings.solve_seconds,
        task.seed,
        lambda done, total: say("solve", done, total),
    )
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
        engine=ENGINE,
        plan=plan,
        choices=settle(choices, plan),
    )
    plans.add(store, day_plan, archive, provenance)
    return day_plan


def _weigh(
    store: Store, settings: Settings, task: Task, every: Sequence[Container]
) -> tuple[tuple[Choice, ...], set[str]]:
    if not every:
        raise BadInput(
            Fault(
                "no-containers",
                f"municipality {store.municipality_id}",
                "There is no container to plan for.",
                "Import a registry first: stadsronde containers import FILE.csv",
            )
        )
    zone = municipalities.get(store).zone
    records = ledger.since(store, task.as_of - HISTORY, task.as_of)
    merged = merge_evidence(store, task.as_of)
    belongs = belonging(merged.cases, merged.evidence)
    belief = believe(every, records, task.as_of, belongs=belongs)
    choices = weigh(
        every,
        belief,
        visit_at=datetime.combine(task.day, VISIT_TIME, zone),
        next_chance_at=datetime.combine(task.next_chance, VISIT_TIME, zone),
        carried=_carried(
            store, task, dict(zip(belief.container_ids, belief.emptied_at, strict=True))
        ),
        evidence={r.id: r for r in records},
        policy=Policy(
            must_p_overflow=settings.must_p_overflow,
            overflow_price_cents=settings.overflow_price_cents,
            max_days_unemptied=settings.max_days_unemptied,
            max_days_by_fraction=dict(settings.max_days_by_fraction),
        ),
    )
    return choices, {name for ids in belief.evidence_ids for name in ids}


def _carried(store: Store, task: Task, emptied_at: dict[str, datetime | None]) -> frozenset[str]:
    """Return what the newest plan of an earlier day left undone and nobody emptied since."""
    earlier = [plans.get(store, name) for name in plans.ids(store)]
    earlier = [plan for plan in earlier if plan.day < task.day and plan.made_at <= task.as_of]
    if not earlier:
        return frozenset()
    last = max(earlier, key=lambda plan: (plan.day, plan.made_at))
    left = {c.container_id for c in last.choices if c.verdict is Verdict.CARRIED}
    return frozenset(
        name for name in left & emptied_at.keys()
        if (when := emptied_at[name]) is None or when <= last.made_at
    )  # fmt: skip


def _pose(
    asked: Sequence[Container],
    choices: Sequence[Choice],
    fleet: Fleet,
    roads: Roads,
    say: OnProgress,
) -> Problem:
    """Put containers, fleet and roads into whole numbers; node = depots, sites, containers."""
    sites = (*fleet.depots, *fleet.disposal_sites)
    places = [s.position for s in sites] + [c.position for c in asked]
    matrix = roads.matrix(
        [(p.lon, p.lat) for p in places], progress=lambda done, total: say("roads", done, total)
    )
    far = matrix.snapping.distance_m > MOST_FROM_ROAD_M
    if far[: len(sites)].any():
        names = [s.name for s in sites] + [c.id for c in asked]
        faults = matrix.snapping.faults(MOST_FROM_ROAD_M, names)
        raise BadInput(faults[: int(far[: len(sites)].sum())])
    # A container off the roads is one container left out with its reason, not a day without plan.
    matrix.duration_s[far, :] = matrix.duration_s[:, far] = UNREACHABLE
    matrix.length_m[far, :] = matrix.length_m[:, far] = UNREACHABLE
    rest = [0] * len(asked)
    matrix = matrix.with_extra(
        [s.extra_duration_s for s in sites] + rest, [s.extra_length_m for s in sites] + rest
    )
    node = {site.id: i for i, site in enumerate(sites)}
    choice = {c.container_id: c for c in choices}
    return Problem(
        stops=tuple(_stop(c, choice[c.id], len(sites) + i) for i, c in enumerate(asked)),
        trucks=tuple(_truck(v, node) for v in fleet.vehicles),
        sites=tuple(_disposal(s, node[s.id]) for s in fleet.disposal_sites),
        duration_s=matrix.duration_s,
        length_m=matrix.length_m,
    )


def _stop(container: Container, choice: Choice, node: int) -> Stop:
    return Stop(
        id=container.id,
        node=node,
        fraction=container.fraction,
        gear=container.gear,
        weight_kg=choice.weight_kg,
        volume_l=choice.volume_l,
        service_s=container.emptying_s,
        skip_price_cents=None if choice.verdict is Verdict.MUST else choice.skip_price_cents,
    )


def _truck(vehicle: Vehicle, node: dict[str, int]) -> Truck:
    return Truck(
        id=vehicle.id,
        start_node=node[vehicle.depot_id],
        end_node=node[vehicle.depot_id],
        fractions=vehicle.fractions,
        gear=vehicle.gear,
        weight_capacity_kg=vehicle.weight_capacity_kg,
        volume_capacity_l=vehicle.volume_capacity_l,
        shift=vehicle.shift,
        break_rule=vehicle.break_rule,
        cost_per_km_cents=vehicle.cost_per_km_cents,
        cost_per_hour_cents=vehicle.cost_per_hour_cents,
        cost_per_use_cents=vehicle.cost_per_use_cents,
        start_ref=vehicle.depot_id,
        end_ref=vehicle.depot_id,
    )


def _disposal(site: Site, node: int) -> DisposalSite:
    return DisposalSite(site.id, node, site.fractions, site.window, site.service_s)


def _plan_id(day: date, inputs: dict[str, Any]) -> str:
    text = json.dumps(inputs, sort_keys=True, default=str)
    return f"{day:%Y%m%d}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
