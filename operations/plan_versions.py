"""Versions of a plan: each change makes one of its own, and the one before it stays as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from city.choosing import settle
from city.errors import BadInput, Fault
from city.plan import Choice, DayPlan, Plan
from city.publication import PlanState
from city.store import Store, municipalities, plan_list, plans, publications

JUST_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True)
class Change:
    """What makes a version out of another.

    Parameters
    ----------
    told : what was done, as it is noted in the provenance; its first key names the version before.
    settled_by : the plan that makes the choices final, where it is not `plan`.
    """

    plan: Plan
    problem: bytes
    engine: str
    told: Mapping[str, Any]
    choices: tuple[Choice, ...]
    settled_by: Plan | None = None


def keep_version(store: Store, before: DayPlan, change: Change) -> DayPlan:
    """Keep a changed plan beside the one it was made of, as the latest of its day."""
    made_at = _now(store, before)
    told = json.dumps([made_at.isoformat(), change.told], sort_keys=True, default=str)
    new = replace(
        before,
        id=f"{before.day:%Y%m%d}-{hashlib.sha256(told.encode()).hexdigest()[:8]}",
        made_at=made_at,
        engine=change.engine,
        plan=change.plan,
        choices=settle(change.choices, change.settled_by or change.plan),
    )
    history = {k: v for k, v in plans.provenance(store, before.id).items() if k not in CHANGES}
    plans.add(store, new, change.problem, {**history, **change.told})
    return new


CHANGES = ("edits", "edit", "violations", "replans", "heard")
"""What a version's provenance says of how it was made of the one before; the rest is inherited."""


def version_before(provenance: Mapping[str, Any]) -> str | None:
    """Return the plan that a version was made of; None where it was made of no other."""
    found: str | None = provenance.get("edits") or provenance.get("replans")
    return found


def undo(store: Store, plan_id: str) -> str:
    """Take a version out of use, and return the one before it; it stays, and can be taken back.

    Raises
    ------
    NotFound
        The plan is not kept.
    BadInput
        It was made of no other, or it is what is driven.
    """
    before, day = (
        version_before(plans.provenance(store, plan_id)),
        plan_list.get(store, plan_id).day,
    )
    where = f"plan {plan_id}"
    if before is None:
        cause, remedy = "The plan was made of no other.", "Ask for another plan of the day."
        raise BadInput(Fault("undo-first", where, cause, remedy))
    if publications.of_plan(store, day, plan_id)[0] is PlanState.PUBLISHED:
        cause, remedy = "The crews have this plan.", "Publish another first, or withdraw this one."
        raise BadInput(Fault("undo-published", where, cause, remedy))
    plan_list.set_undone(store, plan_id, datetime.now(UTC))
    return before


def redo(store: Store, plan_id: str) -> None:
    """Take a version into use again.

    Raises
    ------
    NotFound
        The plan is not kept.
    """
    plan_list.get(store, plan_id)
    plan_list.set_undone(store, plan_id, None)


def _now(store: Store, before: DayPlan) -> datetime:
    """Return a time after every version of the day, also where the city's clock stands still."""
    made = [before.made_at, *(each.made_at for each in plan_list.entries(store, before.day, 1))]
    return max(municipalities.get(store).now(), max(made) + JUST_AFTER)
