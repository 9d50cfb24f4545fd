"""What a day asks for: the ledger is merged, believed and weighed, before any route is known."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from city.cases import Case, Matter, belonging, jobs_of
from city.choosing import Policy, weigh
from city.container import Container
from city.errors import BadInput, Fault
from city.fill import Belief, believe
from city.loose_waste import place_of, weigh_loose
from city.plan import Choice, Verdict
from city.store import Store, containers, ledger, municipalities, plans
from operations.merge_evidence import Merged, merge_evidence
from operations.settings import Settings

HISTORY = timedelta(days=120)
VISIT_TIME = time(10)


@dataclass(frozen=True)
class Task:
    """What is to be planned, and with what knowledge.

    Parameters
    ----------
    day : the day to plan for.
    as_of : what was received until then counts; with time zone.
    next_chance : the day on which a container left out could be emptied instead.
    like : an earlier plan, whose rounds the crews know.
    fleet_id : the fleet that drives on the day; the city's own where it is left out.
    """

    day: date
    as_of: datetime
    next_chance: date
    seed: int = 0
    like: str | None = None
    fleet_id: str | None = None


@dataclass(frozen=True)
class Asked:
    """What trucks are asked to do on a day, and what nobody need do.

    Parameters
    ----------
    choices : about every container, and about all loose waste.
    places : those of the choices that a truck may be sent to.
    loose_waste : the places that are no containers.
    after : by a place's id, the places that another truck must have served before.
    evidence_ids : the records that any choice rests on.
    """

    choices: tuple[Choice, ...]
    places: tuple[Container, ...]
    loose_waste: tuple[Container, ...]
    after: dict[str, tuple[str, ...]]
    evidence_ids: frozenset[str]


def choose_stops(store: Store, settings: Settings, task: Task) -> Asked:
    """Return what a day asks for, with a reason for every choice.

    Raises
    ------
    BadInput
        There is no container.
    """
    every = containers.every(store)
    if not every:
        raise BadInput(
            Fault(
                "no-containers",
                f"municipality {store.municipality_id}",
                "There is no container to plan for.",
                "Import a registry first: stadsronde containers import FILE.csv",
            )
        )
    policy = Policy(
        must_p_overflow=settings.must_p_overflow,
        overflow_price_cents=settings.overflow_price_cents,
        max_days_unemptied=settings.max_days_unemptied,
        max_days_by_fraction=dict(settings.max_days_by_fraction),
    )
    merged = merge_evidence(store, task.as_of)
    about_containers = _weigh(store, task, every, merged, policy)
    wanted = {c.container_id for c in about_containers if c.verdict is not Verdict.SKIP}
    loose = _loose_waste(store, task, every, merged, policy)
    choices = (*about_containers, *(choice for _, choice in loose))
    places = tuple(place for place, _ in loose)
    return Asked(
        choices=choices,
        places=(*(c for c in every if c.id in wanted), *places),
        loose_waste=places,
        after=_after(merged.open_cases, every, wanted),
        evidence_ids=frozenset(name for choice in choices for name in choice.evidence_ids),
    )


def _weigh(
    store: Store, task: Task, every: Sequence[Container], merged: Merged, policy: Policy
) -> tuple[Choice, ...]:
    records = ledger.since(store, task.as_of - HISTORY, task.as_of)
    belongs = belonging(merged.cases, merged.evidence)
    belief = believe(every, records, task.as_of, belongs=belongs)
    return weigh(
        every,
        belief,
        visit_at=datetime.combine(task.day, VISIT_TIME, municipalities.get(store).zone),
        next_chance_at=_next_chance(store, task),
        carried=_carried(store, task, belief),
        evidence={r.id: r for r in records},
        policy=policy,
    )


def _next_chance(store: Store, task: Task) -> datetime:
    return datetime.combine(task.next_chance, VISIT_TIME, municipalities.get(store).zone)


def _carried(store: Store, task: Task, belief: Belief) -> frozenset[str]:
    """Return what the newest plan of an earlier day left undone and nobody emptied since."""
    earlier = [plans.get(store, name) for name in plans.ids(store)]
    earlier = [plan for plan in earlier if plan.day < task.day and plan.made_at <= task.as_of]
    if not earlier:
        return frozenset()
    last = max(earlier, key=lambda plan: (plan.day, plan.made_at))
    left = {c.container_id for c in last.choices if c.verdict is Verdict.CARRIED}
    emptied_at = dict(zip(belief.container_ids, belief.emptied_at, strict=True))
    return frozenset(
        name for name in left & emptied_at.keys()
        if (when := emptied_at[name]) is None or when <= last.made_at
    )  # fmt: skip


def _loose_waste(
    store: Store, task: Task, every: Sequence[Container], merged: Merged, policy: Policy
) -> list[tuple[Container, Choice]]:
    registry = {c.id: c for c in every}
    cases = [case for case in merged.open_cases if case.matter is Matter.LOOSE_WASTE]
    places = [place_of(case, registry) for case in cases]
    next_chance = _next_chance(store, task)
    return [
        (place, weigh_loose(case, place, merged.evidence, policy, next_chance, task.as_of))
        for case, place in zip(cases, places, strict=True)
    ]


def _after(
    cases: Sequence[Case], every: Sequence[Container], wanted: AbstractSet[str]
) -> dict[str, tuple[str, ...]]:
    """Return which emptyings come before each sweep, of those that are asked for."""
    jobs = jobs_of(cases, every, wanted)
    emptied = {job.id: job.container_id for job in jobs if job.container_id is not None}
    return {
        job.id: tuple(emptied[ref] for ref in job.after if emptied[ref] in wanted)
        for job in jobs
        if job.container_id is None
    }
