"""The verb that plans the rest of a day anew, after something happened."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace

from city.changes import Change as StopChange
from city.errors import BadInput, Broken, Fault
from city.plan import Choice, DayPlan, Plan, ReasonCode, Verdict
from city.store import Store, plans
from operations.add_stops import add_stops
from operations.plan_versions import Change, keep_version
from operations.solving import solve_or_fall_back
from routing.archive import from_bytes, to_bytes
from routing.problem import Problem
from routing.replan import Happening, Replanned, joined, rest_of_day
from routing.roads import Roads

SECONDS, GRACE_S = 2.0, 6.0
"""How long to search, and to wait beyond that: crews stand in the street."""


@dataclass(frozen=True)
class Heard:
    """What a planner has heard of.

    Parameters
    ----------
    now_s : seconds after local midnight.
    broken : vehicles; closed, urgent : containers.
    """

    now_s: int
    broken: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeptReplan:
    """The new plan as it is kept, and how it came about."""

    plan: DayPlan
    replanned: Replanned

    @property
    def changes(self) -> tuple[tuple[StopChange, Choice | None], ...]:
        """Each stop of the rest of the day that is served otherwise, with its choice."""
        choices = {choice.container_id: choice for choice in self.plan.choices}
        return tuple((c, choices.get(c.stop_id)) for c in self.replanned.changes)


def replan(
    store: Store,
    plan_id: str,
    heard: Heard,
    *,
    seconds: float = SECONDS,
    roads: Roads | None = None,
) -> KeptReplan:
    """Plan the rest of a day anew and keep it as a plan of its own.

    Parameters
    ----------
    roads : needed where an urgent container is none that the plan was asked about.

    Raises
    ------
    NotFound
        The plan is not kept.
    BadInput
        With every vehicle and container that is not known.
    Broken
        The checker refuses the rest of the day: nothing is kept then.
    """
    before = plans.get(store, plan_id)
    problem = from_bytes(plans.problem(store, plan_id))
    if faults := _unknown(before, problem, heard):
        raise BadInput(faults)
    stops = {stop.id: stop for stop in problem.stops}
    unasked = [ref for ref in heard.urgent if ref not in stops]
    problem, added = add_stops(store, problem, before, unasked, roads)
    urgent = tuple((stops | added)[ref] for ref in heard.urgent)
    happening = Happening(heard.now_s, frozenset(heard.broken), frozenset(heard.closed), urgent)
    rest = rest_of_day(problem, before.plan, happening)
    solved = solve_or_fall_back(rest.problem, seconds, grace_s=GRACE_S)
    after = joined(problem, rest, solved.plan, happening)
    if after.violations:
        raise Broken(
            "The checker refuses the rest of the day, so it is not kept:\n"
            + "\n".join(str(violation) for violation in after.violations)
        )
    whole = Plan((*after.plan.routes, *after.broken), after.plan.unserved)
    change = Change(
        plan=after.plan,
        problem=to_bytes(after.problem),
        engine=solved.engine,
        told={"replans": plan_id, "heard": asdict(heard)},
        choices=tuple(_urgent_choice(c, heard.urgent) for c in before.choices),
        settled_by=whole,
    )
    new = keep_version(store, before, change)
    return KeptReplan(new, after)


def _unknown(before: DayPlan, problem: Problem, heard: Heard) -> list[Fault]:
    trucks = {truck.id for truck in problem.trucks}
    stops = {stop.id for stop in problem.stops}
    chosen = {choice.container_id for choice in before.choices}
    asked: tuple[tuple[str, Sequence[str], AbstractSet[str], str], ...] = (
        ("broken", heard.broken, trucks, "No vehicle of the plan has this id."),
        ("closed", heard.closed, stops, "The plan was not asked about this container."),
        ("urgent", heard.urgent, chosen, "The plan knows no container with this id."),
    )
    return [
        Fault("replan-unknown", "replan", cause, "Use an id as the plan shows it.", field, ref)
        for field, refs, known, cause in asked
        for ref in refs
        if ref not in known
    ]


def _urgent_choice(choice: Choice, urgent: Sequence[str]) -> Choice:
    if choice.container_id not in urgent:
        return choice
    return replace(choice, verdict=Verdict.MUST, reason=ReasonCode.BY_HAND)
