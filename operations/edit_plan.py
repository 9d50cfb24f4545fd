"""The verb for a planner's hand: move, lock or take off a stop, and hear at once what that does."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from city.plan import DayPlan, Plan
from city.store import Store, plans
from operations.plan_versions import Change, keep_version
from routing.archive import from_bytes, to_bytes
from routing.check import check
from routing.edits import Edit, Edited
from routing.edits import edit_plan as edited_plan


@dataclass(frozen=True)
class HandEdit:
    """What an edit does to a plan, and the plan that it became, where it was to be kept."""

    edited: Edited
    length_change_m: int
    duration_change_s: int
    plan: DayPlan | None = None


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
    before, archive = plans.get(store, plan_id), plans.problem(store, plan_id)
    problem = from_bytes(archive)
    found = edited_plan(problem, before.plan, edit)
    (length_m, duration_s), (was_m, was_s) = _driven(found.plan), _driven(before.plan)
    told = HandEdit(found, length_m - was_m, duration_s - was_s)
    if not keep:
        return told
    # Earlier edits may have broken what this one does not touch.
    violations = [str(each.message) for each in check(found.problem, found.plan)]
    change = Change(
        plan=found.plan,
        problem=archive if found.problem is problem else to_bytes(found.problem),
        engine=f"{before.engine.removesuffix(BY_HAND)}{BY_HAND}",
        told={
            "edits": plan_id,
            "edit": asdict(edit),
            "violations": violations,
            "locked": plans.provenance(store, plan_id).get("locked", {})
            | ({edit.stop_id: edit.to_vehicle_id} if edit.locked else {}),
        },
        choices=before.choices,
    )
    return replace(told, plan=keep_version(store, before, change))


def _driven(plan: Plan) -> tuple[int, int]:
    """Return metres and seconds of all routes."""
    return sum(r.length_m for r in plan.routes), sum(r.duration_s for r in plan.routes)


BY_HAND = ", edited by hand"
"""How the engine of a plan ends that a hand has changed."""
