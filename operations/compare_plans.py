"""Verb: tell what a plan changes of another: of the version before, or of any plan kept."""

from __future__ import annotations

from dataclasses import dataclass

from city.changes import Change
from city.errors import NotFound
from city.plan import Choice, DayPlan, Verdict
from city.store import Store, plans
from operations.plan_versions import version_before
from routing.archive import from_bytes
from routing.deviations import Kept, changes, kept
from routing.familiar import Familiar, KnownRoute


@dataclass(frozen=True)
class Figures:
    """A plan in the figures that two plans are compared by."""

    stops: int
    trucks: int
    length_m: int
    duration_s: int
    weight_kg: int
    left_out: int

    @classmethod
    def of(cls, noun: DayPlan) -> Figures:
        """Count a plan."""
        driven = [route for route in noun.plan.routes if route.stop_ids]
        served = {ref for route in driven for ref in route.stop_ids}
        return cls(
            stops=len(served),
            trucks=len(driven),
            length_m=noun.length_m,
            duration_s=sum(route.duration_s for route in driven),
            weight_kg=sum(c.weight_kg for c in noun.choices if c.container_id in served),
            left_out=sum(c.verdict is Verdict.CARRIED for c in noun.choices),
        )


@dataclass(frozen=True)
class Comparison:
    """What a plan keeps and changes of another.

    Parameters
    ----------
    changes : stop by stop, each with the choice about the container where one was made.
    """

    plan_id: str
    against: str
    figures: Figures
    figures_against: Figures
    kept: Kept
    changes: tuple[tuple[Change, Choice | None], ...]


def compare_plans(store: Store, plan_id: str, against: str | None = None) -> Comparison:
    """Return what a plan changes of another; of what it was made of where none is named.

    Raises
    ------
    NotFound
        One of them is not kept, or none is named and the plan was made of no other.
    """
    noun = plans.get(store, plan_id)
    other_id = against or compared_with(store, plan_id)
    if other_id is None:
        raise NotFound(f"Plan '{plan_id}' was made of no other: say which to compare it with.")
    other = plans.get(store, other_id)
    rounds = Familiar(tuple(KnownRoute(r.vehicle_id, r.stop_ids) for r in other.plan.routes))
    problem = from_bytes(plans.problem(store, plan_id)).replace(familiar=rounds)
    choices = {choice.container_id: choice for choice in noun.choices}
    return Comparison(
        plan_id,
        other_id,
        Figures.of(noun),
        Figures.of(other),
        kept(rounds, noun.plan),
        tuple((each, choices.get(each.stop_id)) for each in changes(problem, noun.plan)),
    )


def compared_with(store: Store, plan_id: str) -> str | None:
    """Return the version before, else the rounds that the crews know; None without either."""
    noted = plans.provenance(store, plan_id)
    return version_before(noted) or noted.get("like")
