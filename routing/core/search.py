"""The search from Python's side: a start, a falling temperature, a limit, and the best plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from routing.core.attempts import attempt, begin_search
from routing.core.day import PLACE, TRUCK, WINDOW, Day, State, empty_state

HOT_LEGS, COLD_LEGS = 3.0, 0.03
"""How much dearer a plan may be accepted at first and at last, in usual legs."""

ATTEMPTS_A_TURN = 200

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
    state = _begun(day := _compact(day), start or ((),) * len(day.trucks), seed)
    leg = usual_leg_units(day)
    hot, cold = hot_legs * leg, COLD_LEGS * leg
    begun, tried, done = clock(), 0, 0.0
    while done < 1.0:
        turn = ATTEMPTS_A_TURN if attempts is None else min(ATTEMPTS_A_TURN, attempts - tried)
        attempt(day, state, turn, hot * (cold / hot) ** done)
        tried += turn
        done = (clock() - begun) / max(seconds, 1e-9)
        if attempts is not None:
            done = max(done, tried / attempts)
    return Found(_best(state), int(state.now["best_units"][0]), tried)


def compile_search() -> None:
    """Compile now (half a minute, once an install where its folder can be written to)."""
    places, trucks = np.zeros(1, PLACE), np.zeros(1, TRUCK)
    legs, nobody = np.zeros((1, 1, 1), np.int32), np.zeros((0, 0), np.int32)
    via, pairs = np.zeros((0, 0, 0), np.int16), np.zeros((1, 0), np.int32)
    windows = np.zeros(0, WINDOW)
    day = Day(legs, legs[0], places, windows, via, nobody, nobody, pairs, trucks)
    _begun(_compact(day), ((),), 0)


def _begun(day: Day, start: Days, seed: int) -> State:
    """Return a state to search from; nothing is left to be compiled after it."""
    state = empty_state(day, seed)
    _write(day, state, start)
    begin_search(day, state)
    attempt(day, state, 0, 1.0)
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
