"""The verb for a planner's hand: move, lock or take off a stop, and hear at once what that does."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from city.plan import DayPlan, Plan, Unserved, UnservedCode
from city.store import Store, plans
from operations.add_stops import add_stops
from operations.plan_versions import Change, keep_version
from operations.route_lines import RouteLines
from routing.archive import from_bytes, to_bytes
from routing.check import check
from routing.constraints import Violation, reasons
from routing.edits import Edit, Edited
from routing.edits import edit_plan as edited_plan
from routing.problem import Problem


@dataclass(frozen=True)
class HandEdit:
    """What an edit does to a plan, and the plan that it became, where it was to be kept."""

    edited: Edited
    length_change_m: int
    duration_change_s: int
    plan: DayPlan | None = None


def edit_plan(
    store: Store,
    plan_id: str,
    edit: Edit,
    *,
    keep: bool = False,
    lines: RouteLines | None = None,
) -> HandEdit:
    """Tell what an edit breaks and costs; keep the edited plan beside the old one if asked to.

    A plan that breaks rules is kept too: the planner may know better, and it says who made it.

    Parameters
    ----------
    lines : opens the roads, where a container is put on a round that the plan was not asked about.

    Raises
    ------
    NotFound
        The plan is not kept.
    BadInput
        With every id of the edit that is not known; or the way to a new stop cannot be measured.
    """
    before, archive = plans.get(store, plan_id), plans.problem(store, plan_id)
    problem = from_bytes(archive)
    found = edited_plan(*_asked_about(store, problem, before, edit.stop_id, lines), edit)
    (length_m, duration_s), (was_m, was_s) = _driven(found.plan), _driven(before.plan)
    told = HandEdit(found, length_m - was_m, duration_s - was_s)
    if not keep:
        return told
    change = Change(
        plan=found.plan,
        problem=archive if found.problem is problem else to_bytes(found.problem),
        engine=f"{before.engine.removesuffix(BY_HAND)}{BY_HAND}",
        told={
            "edits": plan_id,
            "edit": asdict(edit),
            "violations": [each.message for each in _broken(found, before.plan)],
            "locked": plans.provenance(store, plan_id).get("locked", {})
            | ({edit.stop_id: edit.to_vehicle_id} if edit.locked else {}),
        },
        choices=before.choices,
    )
    return replace(told, plan=keep_version(store, before, change))


def _asked_about(
    store: Store, problem: Problem, before: DayPlan, stop_id: str, lines: RouteLines | None
) -> tuple[Problem, Plan]:
    """Return problem and plan as they are once a container that was left aside is a stop too."""
    is_left_aside = stop_id not in {stop.id for stop in problem.stops} and any(
        choice.container_id == stop_id for choice in before.choices
    )
    if not is_left_aside:
        return problem, before.plan
    built = plans.provenance(store, before.id).get("roads", {})
    roads = lines.open(built) if lines else None
    problem, added = add_stops(store, problem, before, [stop_id], roads)
    left = Unserved(stop_id, UnservedCode.CHEAPER_TO_SKIP)
    plan = replace(before.plan, unserved=(*before.plan.unserved, left))
    return problem.replace(stops=(*problem.stops, *added.values())), plan


def _broken(found: Edited, before: Plan) -> list[Violation]:
    """Return what the edited plan breaks, by this edit or by earlier ones.

    Why a stop was left out is none of it, where no hand changed that: who planned the rest of a day
    anew knew of closed streets and of trucks that are back, which the problem of the day does not.
    """
    same = {each.stop_id for each in found.plan.unserved if each in before.unserved}
    every = check(found.problem, found.plan)
    return [each for each in every if each.rule != reasons.NAME or each.ref not in same]


def _driven(plan: Plan) -> tuple[int, int]:
    """Return metres and seconds of all routes."""
    return sum(r.length_m for r in plan.routes), sum(r.duration_s for r in plan.routes)


BY_HAND = ", edited by hand"
"""How the engine of a plan ends that a hand has changed."""
