"""Verb: work out what a plan's day would come to by other thresholds.

Both sides are worked out alike, with the same knowledge, fleet, search time and seed: what differs
is the thresholds and the luck of the search. Nothing of it is planned or driven.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime

from city.choosing import settle
from city.errors import BadInput, Fault
from city.store import Store, plan_list, plans, what_ifs
from city.store.jobs import JobRecord
from city.what_if import Thresholds, WhatIf
from operations.choose_stops import Task
from operations.jobs import Jobs
from operations.plan_day import DECISIVE, OnProgress, pose_day
from operations.settings import Settings
from operations.solving import solve_apart
from routing.roads import Roads


def in_force(settings: Settings) -> Thresholds:
    """Return the thresholds that plans are made by."""
    return Thresholds(settings.must_p_overflow, settings.overflow_price_cents)


def request_what_if(
    store: Store, settings: Settings, desk: Jobs, plan_id: str, thresholds: Thresholds
) -> JobRecord:
    """Hand in a plan and other thresholds, and return the job.

    Raises
    ------
    NotFound
        The plan is not kept.
    BadInput
        The thresholds cannot be, or it is not known what the plan was made of.
    """
    settings.replace(**asdict(thresholds))
    _task(store, plan_id)
    wanted = {
        "planId": plan_id,
        "mustPOverflow": thresholds.must_p_overflow,
        "overflowPriceCents": thresholds.overflow_price_cents,
    }
    return desk.ask(store, "what-if", wanted)


def what_if(
    store: Store,
    roads: Roads,
    settings: Settings,
    plan_id: str,
    thresholds: Thresholds,
    on_progress: OnProgress | None = None,
) -> None:
    """Work out what a plan's day would come to by thresholds, and by those in force.

    Raises
    ------
    NotFound
        The plan is not kept.
    BadInput
        It is not known what the plan was made of, or its day cannot be planned any more.
    Broken
        The solver failed.
    """
    say = on_progress or (lambda _step, _done, _total: None)
    task, under = _task(store, plan_id), basis(settings)
    there = {found.thresholds for found in what_ifs.of_plan(store, plan_id, under)}
    for wanted in dict.fromkeys((in_force(settings), thresholds)):
        if wanted in there:
            continue
        other = settings.replace(**asdict(wanted))
        _, asked, problem = pose_day(store, roads, other, task, say)
        plan = solve_apart(
            problem,
            settings.solve_seconds,
            task.seed,
            lambda done, total: say("solve", done, total),
        )
        choices = settle(asked.choices, plan)
        what_ifs.put(store, WhatIf.of(plan_id, under, wanted, plan, choices))


def list_what_ifs(store: Store, settings: Settings, plan_id: str) -> tuple[WhatIf, ...]:
    """Return what was worked out about a plan and holds with the fleet and settings of today.

    Raises
    ------
    NotFound
        The plan is not kept.
    """
    plan_list.get(store, plan_id)
    return what_ifs.of_plan(store, plan_id, basis(settings))


def _task(store: Store, plan_id: str) -> Task:
    day, noted = plan_list.get(store, plan_id).day, plans.provenance(store, plan_id)
    if "asOf" not in noted:
        cause = "It was not noted what was known when this plan was made."
        raise BadInput(Fault("what-if-plan", f"plan {plan_id}", cause, "Plan the day again."))
    return Task(
        day,
        datetime.fromisoformat(noted["asOf"]),
        date.fromisoformat(noted["nextChance"]),
        noted.get("seed", 0),
        noted.get("like"),
        noted.get("fleetId"),
    )


def basis(settings: Settings) -> str:
    """Return what stands for all that a plan's day is worked out by, but the thresholds."""
    weighed = Thresholds.__dataclass_fields__
    rest = {k: str(v) for k, v in asdict(settings).items() if k in DECISIVE and k not in weighed}
    text = json.dumps(rest, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
