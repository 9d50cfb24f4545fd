"""The verb for a planner's hand: move, lock or take off a stop, and hear at once what that does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace

from city.choosing import settle
from city.plan import DayPlan
from city.store import Store, municipalities, plans
from routing.archive import from_bytes, to_bytes
from routing.edits import Edit, Edited
from routing.edits import edit_plan as edited_plan


@dataclass(frozen=True)
class HandEdit:
    """What an edit does to a plan, and the plan that it became, where it was to be kept."""

    edited: Edited
    plan: DayPlan | None


def edit_plan(store: Store, plan_id: str, edit: Edit, *, keep: bool = False) -> HandEdit:
    """Tell what an edit breaks and costs; keep the edited plan beside the old one if asked to.

    A plan that breaks rules is kept too: the planner may know better, and it says who made it.

    Raises
    ------
    NotFound
        The plan is not kept.
    BadInput
        With every id of the edit that is not known.
    """
    before = plans.get(store, plan_id)
    problem = from_bytes(plans.problem(store, plan_id))
    found = edited_plan(problem, before.plan, edit)
    if not keep:
        return HandEdit(found, None)
    made_at = municipalities.get(store).now()
    told = json.dumps([plan_id, made_at.isoformat(), asdict(edit)])
    new = replace(
        before,
        id=f"{before.day:%Y%m%d}-{hashlib.sha256(told.encode()).hexdigest()[:8]}",
        made_at=made_at,
        engine=f"{before.engine.removesuffix(BY_HAND)}{BY_HAND}",
        plan=found.plan,
        choices=settle(before.choices, found.plan),
    )
    noted = {"edits": plan_id, "edit": asdict(edit)}
    noted["violations"] = [str(violation) for violation in found.violations]
    plans.add(store, new, to_bytes(found.problem), {**plans.provenance(store, plan_id), **noted})
    return HandEdit(found, new)


BY_HAND = ", edited by hand"
"""How the engine of a plan ends that a hand has changed."""
