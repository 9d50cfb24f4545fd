"""The verbs that give a plan to the crews, and take it back."""

from __future__ import annotations

from datetime import date

from city.errors import BadInput, Fault, NotFound
from city.plan import DayPlan
from city.publication import PlanState, Publication
from city.store import Store, municipalities, plan_list, plans, publications


def publish_plan(
    store: Store, plan_id: str, by: str, *, despite_violations: bool = False
) -> Publication:
    """Make a plan the one that is driven on its day, in the place of any before it.

    Parameters
    ----------
    by : the name of who does.
    despite_violations : whether to publish a plan although a hand made it break rules.

    Raises
    ------
    NotFound
        The plan is not kept.
    BadInput
        The plan breaks rules.
    """
    entry = plan_list.get(store, plan_id)
    broken = plans.provenance(store, plan_id).get("violations", ())
    if broken and not despite_violations:
        cause = f"The plan was edited by hand and breaks {len(broken)} rules."
        remedy = "Mend it, or say that it shall be published despite that."
        raise BadInput(Fault("publish-violations", f"plan {plan_id}", cause, remedy))
    state, known = publications.of_plan(store, entry.day, plan_id)
    if known and state is PlanState.PUBLISHED:
        return known
    return publications.add(store, entry.day, plan_id, municipalities.get(store).now(), by)


def withdraw_plan(store: Store, plan_id: str, by: str) -> None:
    """Take a published plan back; its day then has none until one is published.

    Raises
    ------
    NotFound
        The plan is not kept, or is not published now.
    """
    day = plan_list.get(store, plan_id).day
    state, _ = publications.of_plan(store, day, plan_id)
    if state is not PlanState.PUBLISHED:
        raise NotFound(f"Plan '{plan_id}' is not published.")
    publications.add(store, day, "", municipalities.get(store).now(), by)


def published_plan(store: Store, day: date) -> DayPlan | None:
    """Return the plan that is driven on a day; None while there is none."""
    found = publications.of_day(store, day)
    return plans.get(store, found.plan_id) if found else None
