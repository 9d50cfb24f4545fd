"""The rounds that crews know, from an earlier plan, and what a plan changes of them."""

from __future__ import annotations

from dataclasses import dataclass

from city.changes import Change
from city.plan import Choice
from city.store import Store, plans
from operations.settings import Settings
from routing.archive import from_bytes
from routing.deviations import Kept, changes, kept
from routing.familiar import Familiar, KnownRoute


@dataclass(frozen=True)
class Difference:
    """What a plan keeps and changes of the rounds that it was asked to be like.

    Parameters
    ----------
    changes : stop by stop, each with the choice about the container where one was made.
    """

    kept: Kept
    changes: tuple[tuple[Change, Choice | None], ...]


def known_rounds(store: Store, settings: Settings, plan_id: str) -> Familiar:
    """Return an earlier plan's rounds as those that the crews know.

    Raises
    ------
    NotFound
        No such plan is kept.
    """
    routes = plans.get(store, plan_id).plan.routes
    return Familiar(
        tuple(KnownRoute(route.vehicle_id, route.stop_ids) for route in routes),
        succession_cents=settings.succession_price_cents,
        truck_cents=settings.truck_price_cents,
    )


def difference(store: Store, plan_id: str) -> Difference | None:
    """Return how a plan differs from the rounds it was asked to be like; None without such.

    Raises
    ------
    NotFound
        No such plan is kept.
    """
    noun, problem = plans.get(store, plan_id), from_bytes(plans.problem(store, plan_id))
    if problem.familiar is None:
        return None
    choices = {choice.container_id: choice for choice in noun.choices}
    found = changes(problem, noun.plan)
    told = tuple((change, choices.get(change.stop_id)) for change in found)
    return Difference(kept(problem.familiar, noun.plan), told)
