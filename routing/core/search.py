"""The search from Python's side: a start, a falling temperature, a limit, and the best plan."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from routing.core.attempts import attempt, begin_search, kick
from routing.core.day import NEVER, PLACE, TRUCK, WINDOW, Day, Records, State, empty_state
from routing.core.insertion import NOWHERE

HOT_LEGS, COLD_LEGS = 3.0, 0.03
"""How much dearer a plan may be accepted at first and at last, in usual legs."""

ATTEMPTS_A_TURN = 200

FIRST_ATTEMPTS = 15
"""Of the first cooling down at most, times the square of the stops; then come rounds."""

QUENCH_ATTEMPTS, ROUND_ATTEMPTS = 10, 50
"""Of a round, times the stops: until it can be told whether it promises anything, and then."""

WARM_LEGS, PROMISING_LEGS = 0.3, 1.5
"""Where a round begins to cool down, and how far from the best it may come out to go on."""

KICKS, KICK_LEGS = 20, (5.0, 40.0)
"""Exchanges of trips that a round begins with, times the stops, and their temperature."""

EXCHANGED = 0.05
"""The share of ruins that begin with another, where trips end at sites."""

DEARER, DEAR_SHARE = 4, 0.7
"""How much dearer than it is a truck's day counts at first, and for what share of the cooling: a
day that is cheap beside a hot plan's detours is not given up once the plan is cold. Where the
search begins at rounds that crews know, theirs stay as they are."""

DEAR_STOPS = 500
"""Beyond, a minute does not make up for it: Amsterdam's day of 1,500 became 1.5 % dearer."""

Days = tuple[tuple[int, ...], ...]
"""By truck: its places between start and end; empty for one that stays at home."""


@dataclass(frozen=True)
class Found:
    """The best plan, what it costs in units, and how many plans were tried for it."""

    days: Days
    units: int
    attempts: int


def search(
    day: Day,
    start: Days | None = None,
    *,
    seconds: float,
    seed: int,
    attempts: int | None = None,
    hot_legs: float = HOT_LEGS,
    clock: Callable[[], float] = time.monotonic,
) -> Found:
    """Return the best plan found from a start, or from nothing.

    Parameters
    ----------
    attempts : end after so many; with seconds enough, a seed then gives one plan on any machine.
    """
    state = started(day := _compact(day), start or ((),) * len(day.trucks), seed)
    budget = _Budget(clock, seconds, attempts)
    leg, stops = usual_leg_units(day), len(day.near)
    hot, cold = hot_legs * leg, COLD_LEGS * leg
    warm = min(hot, WARM_LEGS * leg)
    first = FIRST_ATTEMPTS * stops**2 if day.via.size else NEVER
    state.now["exchanged"] = EXCHANGED if day.via.size else 0.0
    best, units = _best(state), int(state.now["best_units"][0])
    dear_share = DEAR_SHARE if hot > warm and stops <= DEAR_STOPS else 0.0
    middle = hot * (cold / hot) ** dear_share
    if dear_share:
        dear = day._replace(trucks=_dearer(day.trucks))
        begin_search(dear, state)
        _anneal(dear, state, budget, hot, middle, int(dear_share * first), dear_share)
        begin_search(day, state)
    _anneal(day, state, budget, middle, cold, int((1.0 - dear_share) * first))
    if (now := int(state.now["best_units"][0])) < units:
        best, units = _best(state), now
    chance = random.Random(seed)
    # One plan cooled down slowly ends in one arrangement of trips; others are near only by a leap.
    while budget.spent() < 1.0:
        _write(day, state, best)
        begin_search(day, state)
        kick(day, state, KICKS * stops, chance.uniform(*KICK_LEGS) * leg)
        state.now["best_units"] = NOWHERE
        _anneal(day, state, budget, warm, cold, QUENCH_ATTEMPTS * stops)
        if units < state.now["best_units"][0] < units + PROMISING_LEGS * leg:
            _anneal(day, state, budget, warm, cold, ROUND_ATTEMPTS * stops)
        if (now := int(state.now["best_units"][0])) < units:
            best, units = _best(state), now
    return Found(best, units, budget.tried)


class _Budget:
    """How much of a search's time or attempts is spent."""

    def __init__(self, clock: Callable[[], float], seconds: float, attempts: int | None) -> None:
        self._clock, self._begun = clock, clock()
        self._seconds, self._attempts = max(seconds, 1e-9), attempts
        self.tried = 0

    def turn(self) -> int:
        """Return how many attempts to make before looking at the clock again."""
        if self._attempts is None:
            return ATTEMPTS_A_TURN
        return min(ATTEMPTS_A_TURN, self._attempts - self.tried)

    def spent(self) -> float:
        """Return the share that is spent, up to 1 and over."""
        share = (self._clock() - self._begun) / self._seconds
        return share if self._attempts is None else max(share, self.tried / self._attempts)


def _dearer(trucks: Records) -> Records:
    """Return trucks whose days cost more to use."""
    dear = trucks.copy()
    dear["use_units"] *= DEARER
    return dear


def _anneal(
    day: Day,
    state: State,
    budget: _Budget,
    hot: float,
    cold: float,
    attempts: int,
    until: float = 1.0,
) -> None:
    """Cool down over some attempts, or until a share of the budget is spent if that is sooner."""
    begun, tried, done = budget.spent(), budget.tried, 0.0
    while done < 1.0:
        turn = budget.turn()
        attempt(day, state, turn, hot * (cold / hot) ** done)
        budget.tried += turn
        spent = (budget.spent() - begun) / max(until - begun, 1e-9)
        done = max(spent, (budget.tried - tried) / attempts, budget.spent() >= until)


def compile_search() -> None:
    """Compile now (half a minute, once an install where its folder can be written to)."""
    places, trucks = np.zeros(1, PLACE), np.zeros(1, TRUCK)
    legs, nobody = np.zeros((1, 1, 1), np.int32), np.zeros((0, 0), np.int32)
    via, pairs = np.zeros((0, 0, 0), np.int16), np.zeros((1, 0), np.int32)
    windows = np.zeros(0, WINDOW)
    day = Day(legs, legs[0], places, windows, via, nobody, nobody, pairs, trucks)
    started(_compact(day), ((),), 0)


def started(day: Day, start: Days, seed: int) -> State:
    """Return a state to search from; nothing is left to be compiled after it."""
    state = empty_state(day, seed)
    _write(day, state, start)
    begin_search(day, state)
    attempt(day, state, 0, 1.0)
    kick(day, state, 0, 1.0)
    return state


def _compact(day: Day) -> Day:
    """Return the day in one memory layout, for which alone there is compiled code."""
    return Day._make(np.require(array, requirements=("C", "W")) for array in day)


def usual_leg_units(day: Day) -> float:
    """Return the mean cost of a leg to one of the five nearest stops."""
    stops = np.arange(len(day.near))[:, None]
    nearest = day.near[:, :5]
    return max(1.0, float(day.leg_units[0][stops, nearest].mean())) if nearest.size else 1.0


def _write(day: Day, state: State, days: Sequence[Sequence[int]]) -> None:
    for truck, places in enumerate(days):
        whole = [day.trucks["start"][truck], *places, day.trucks["end"][truck]]
        slot = state.trucks["slot"][truck]
        state.slots["length"][slot] = len(whole)
        state.rows["place"][slot, : len(whole)] = whole


def _best(state: State) -> Days:
    return tuple(tuple(row[1 : row.index(-1) - 1]) for row in state.best.tolist())
