"""The verbs that plan a day start to end: from what is known now to sheets on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from city.errors import Fault
from city.plan import DayPlan
from city.store import Store, containers, fleets, municipalities, open_store, photos, plans
from city.wording import Language
from operations.jobs import Progress
from operations.make_sheets import make_sheets
from operations.open_city import open_roads, street_lines
from operations.plan_day import Task, plan_day
from operations.settings import Settings, Weekdays
from operations.summary import Summary
from routing.archive import from_bytes
from routing.shape import shape

TOMORROW, NEXT_CHANCE_AFTER = timedelta(days=1), timedelta(days=2)
"""When there is a round, and the one after it, where a city has not said on which weekdays."""

OnProgress = Callable[[str, float, float], None]


@dataclass(frozen=True)
class MadePlan:
    """A plan that is kept, its summary, and the files of its sheets.

    Parameters
    ----------
    faults : of the fleet, for which containers had to be left out; each is carried over.
    """

    plan: DayPlan
    summary: Summary
    sheets: tuple[Path, ...]
    faults: tuple[Fault, ...]


def plan_and_print(
    store: Store,
    settings: Settings,
    day: date | None = None,
    on_progress: OnProgress | None = None,
    like: str | None = None,
    fleet_id: str | None = None,
) -> MadePlan:
    """Plan a day, the next on which trucks come if none is given, and write the route sheets.

    Parameters
    ----------
    like : an earlier plan, whose rounds the crews know.
    fleet_id : the fleet that drives on the day; the city's own where it is left out.

    Raises
    ------
    NotFound
        The plan that it shall be like is not kept.
    BadInput
        No roads are built, or the containers or the fleet do not allow a plan.
    Broken
        The solver failed, or the checker refused its plan.
    """
    say = on_progress or (lambda _step, _done, _total: None)
    city = municipalities.get(store)
    now = city.now()
    wanted = day or next_day(store, settings)
    roads = open_roads(settings)
    task = Task(
        day=wanted,
        as_of=now,
        next_chance=next_round(wanted, settings.collection_weekdays, NEXT_CHANCE_AFTER),
        like=like,
        fleet_id=fleet_id,
    )
    made = plan_day(store, roads, settings, task, say)
    language: Language = "nl" if settings.language == "nl" else "en"
    sheets = make_sheets(
        store,
        roads,
        settings,
        made.id,
        language,
        streets=street_lines(settings),
        on_progress=lambda done, total: say("sheets", done, total),
    )
    _, fleet = fleets.get(store, fleet_id)
    faults = fleet.faults((c.fraction, c.gear) for c in containers.every(store))
    problem = from_bytes(plans.problem(store, made.id))
    summary = Summary.of(made, city, len(photos.every(store)), shape(problem, made.plan))
    return MadePlan(made, summary, sheets, faults)


def next_day(store: Store, settings: Settings) -> date:
    """Return the next day on which trucks come."""
    today = municipalities.get(store).now().date()
    return next_round(today, settings.collection_weekdays, TOMORROW)


def next_round(after: date, weekdays: Weekdays, otherwise: timedelta) -> date:
    """Return the first day after one on which trucks come; another where no weekdays are set."""
    week = (after + timedelta(days=days) for days in range(1, 8))
    return next((day for day in week if day.weekday() in weekdays), after + otherwise)


def plan_for_day(settings: Settings, day: date, fleet_id: str | None, tell: Progress) -> str:
    """Plan a day in a worker of the server, and return the plan's id; raises as the other."""
    store = open_store(settings.database, settings.municipality)
    try:
        made = plan_and_print(
            store,
            settings,
            day,
            lambda step, done, total: tell(round(done * 10), round(total * 10), step),
            fleet_id=fleet_id,
        )
    finally:
        store.close()
    return made.plan.id
