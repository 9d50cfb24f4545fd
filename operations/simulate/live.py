"""One policy at work in one simulated city, day after day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from city.fleet import Fleet
from city.plan import Choice, Plan, Verdict
from operations.pose import pose, sites_of
from operations.simulate.district import Array
from operations.simulate.drive import Driven, drive
from operations.simulate.ledger import Ledger
from operations.simulate.observers import Observers, Seen
from operations.simulate.policies import Chooser, Evening, Standing
from operations.simulate.score import Tally
from operations.simulate.streets import Streets
from operations.simulate.world import Day, World
from routing.problem import Problem
from routing.solve import solve

VISIT_H = 10.0
"""Plans are made as if every container were visited at ten; driving keeps its own clock."""

OnDay = Callable[[int, int], None]


@dataclass(frozen=True)
class Search:
    """How long routes are searched for, on days that count and on those before.

    Parameters
    ----------
    solutions : stop after so many tries instead, for runs that must repeat exactly.
    """

    seconds: float
    run_in_seconds: float
    solutions: int | None = None


def live(
    world: World,
    fleet: Fleet,
    streets: Streets,
    chooser: Chooser,
    search: Search,
    on_day: OnDay | None = None,
) -> Tally:
    """Return the tally of the days that count, after warm-up and run-in."""
    a = world.assumptions
    city = _City(world, fleet, streets, chooser)
    tally = Tally(world)
    for number in range(a.warmup_days, a.all_days):
        counted = number >= a.warmup_days + a.run_in_days
        seconds = search.seconds if counted else search.run_in_seconds
        day, driven = city.live_day(number, Search(seconds, 0.0, search.solutions))
        seen = city.observe(day)
        if counted:
            tally.add(day, driven, seen)
        if on_day:
            on_day(number + 1 - a.warmup_days, a.run_in_days + a.counted_days)
    return tally


class _City:
    """The state of one policy's city."""

    def __init__(self, world: World, fleet: Fleet, streets: Streets, chooser: Chooser) -> None:
        self._world, self._fleet, self._streets, self._chooser = world, fleet, streets, chooser
        self._observers, self._ledger = Observers(world), Ledger(world)
        self._carried: frozenset[str] = frozenset()
        self._level: Array = np.zeros(len(world.containers))
        self._emptied_day: Array = np.zeros(len(world.containers))
        for day in world.warmup(by_zone=isinstance(chooser, Standing) and chooser.by_zone):
            self.observe(day)

    def observe(self, day: Day) -> Seen:
        """Let everybody see a day, and keep what they record."""
        seen = self._observers.see(day)
        self._ledger.add(seen.records)
        self._level = day.end()
        emptied = ~np.isnan(day.emptied_h)
        self._emptied_day = np.where(emptied, day.number + day.emptied_h / 24.0, self._emptied_day)
        return seen

    def live_day(self, number: int, search: Search) -> tuple[Day, Driven]:
        """Plan a day on the evening before, and drive it."""
        n = len(self._world.containers)
        untouched = self._world.day(number, self._level, np.full(n, np.nan))
        if not self._world.calendar.comes(number, self._chooser.weekdays):
            return untouched, Driven(untouched.emptied_h)
        choices = self._chooser.choose(self._evening(number))
        problem = self._pose([c for c in choices if c.verdict is not Verdict.SKIP])
        plan = solve(
            problem,
            seconds=search.seconds,
            seed=self._world.seed * 1_000 + number,
            solutions=search.solutions,
        )
        self._carried = _promised(choices, plan)
        driven = drive(plan, problem, self._world, untouched)
        return self._world.day(number, self._level, driven.emptied_h), driven

    def _evening(self, number: int) -> Evening:
        world, calendar = self._world, self._world.calendar
        later = calendar.next_round(number, self._chooser.weekdays)
        as_of = calendar.at(number - 1, world.assumptions.plan_at_h)
        belief = self._ledger.belief(as_of) if self._chooser.reads_belief else None
        usual = (number + VISIT_H / 24.0 - self._emptied_day) * world.usual_inflow
        at_visit = world.day(number, self._level, np.full(len(usual), np.nan)).level(VISIT_H)
        return Evening(
            containers=world.containers,
            visit_at=calendar.at(number, VISIT_H),
            next_chance_at=calendar.at(later, VISIT_H),
            standing=world.standing[:, number],
            by_zone=world.by_zone[:, number],
            usual_fill=usual.clip(max=1.0),
            carried=self._carried,
            true_visit=at_visit,
            true_next=self._level + world.inflow_until(number, later, VISIT_H),
            belief=belief,
            evidence=self._ledger.evidence() if belief else None,
        )

    def _pose(self, choices: list[Choice]) -> Problem:
        rows = {c.id: row for row, c in enumerate(self._world.containers)}
        wanted = [rows[choice.container_id] for choice in choices]
        asked = [self._world.containers[row] for row in wanted]
        cells = self._streets.among(wanted, len(sites_of(self._fleet)))
        kept = self._chooser.planned_hold or self._world.assumptions.planned_hold
        return pose(asked, choices, _planned(self._fleet, kept), *cells)


def _planned(fleet: Fleet, kept: float) -> Fleet:
    """Return the fleet as planners see it: with some room kept for what weighs more."""
    return replace(
        fleet,
        vehicles=tuple(
            replace(v, weight_capacity_kg=round(v.weight_capacity_kg * kept))
            for v in fleet.vehicles
        ),
    )


def _promised(choices: Sequence[Choice], plan: Plan) -> frozenset[str]:
    """Return the musts that no route serves: they come first on the next day."""
    unserved = {u.stop_id for u in plan.unserved}
    return frozenset(
        c.container_id for c in choices if c.verdict is Verdict.MUST and c.container_id in unserved
    )
