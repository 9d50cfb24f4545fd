"""Ruin, recreate, keep or take back: the loop that the compiler sees whole."""

from __future__ import annotations

import math

from routing.core.clock import refresh
from routing.core.compiled import compiled
from routing.core.day import Day, State
from routing.core.exchange import exchange
from routing.core.insertion import NOWHERE
from routing.core.pairs import pairs_hold
from routing.core.random_numbers import draw, draw_below
from routing.core.recreate import recreate
from routing.core.ruin import ruin


@compiled
def begin_search(day: Day, state: State) -> None:
    """Work out all figures of a plan whose `places` and `length` were written, and build on it."""
    for stop in range(len(day.near)):
        state.stops[stop].truck_of = -1
    state.now[0].units = 0
    state.now[0].paired = 0
    for stop in range(len(day.near)):
        state.now[0].paired |= day.places[stop].next_in_pair > 0
    for truck in range(len(day.trucks)):
        refresh(day, state, truck)
        state.now[0].units += state.slots[state.trucks[truck].slot].units
    out = 0
    for stop in range(len(day.near)):
        if state.stops[stop].truck_of < 0:
            state.now[0].units += day.places[stop].price_units
            state.stops[out].removed = stop
            out += 1
    recreate(day, state, out)
    state.now[0].hardness = _hardness(day, state)
    state.now[0].best_units = NOWHERE
    _keep(day, state)


@compiled
def attempt(day: Day, state: State, times: int, warmth: float) -> None:
    """Ruin and recreate some times at a temperature, in units."""
    for _ in range(times):
        units, hardness = state.now[0].units, state.now[0].hardness
        allowed = units - warmth * math.log(1.0 - draw(state))
        out = ruin(day, state, _seed(day, state, hardness))
        recreate(day, state, out)
        after = _hardness(day, state) if hardness > 0 else _new_hardness(day, state, out)
        good = after < hardness or (after == hardness and state.now[0].units < allowed)
        for n in range(state.now[0].changed):
            good = good and state.slots[state.trucks[state.trucks[n].changed].slot].holds
        if good and (state.now[0].paired == 0 or pairs_hold(day, state)):
            state.now[0].hardness = after
            _keep(day, state)
        else:
            _undo(day, state, units, hardness, out)


@compiled
def kick(day: Day, state: State, times: int, warmth: float) -> None:
    """Exchange parts of trips some times at a temperature, in units."""
    for _ in range(times):
        units, hardness = state.now[0].units, state.now[0].hardness
        exchange(day, state, draw_below(state, len(day.near)))
        good = state.now[0].units < units - warmth * math.log(1.0 - draw(state))
        if good and (state.now[0].paired == 0 or pairs_hold(day, state)):
            _keep(day, state)
        else:
            _undo(day, state, units, hardness, 0)


@compiled
def _seed(day: Day, state: State, hardness: int) -> int:
    """Choose where to ruin: anywhere, or half of the time where a must is left out."""
    seed = draw_below(state, len(day.near))
    if hardness > 0 and draw(state) < 0.5:
        for n in range(len(day.near)):
            stop = (seed + n) % len(day.near)
            if state.stops[stop].truck_of < 0 and day.places[stop].must:
                return stop
    return seed


@compiled
def _hardness(day: Day, state: State) -> int:
    """Return how hard the musts that are left out have shown themselves."""
    hardness = 0
    for stop in range(len(day.near)):
        if state.stops[stop].truck_of < 0 and day.places[stop].must:
            hardness += 1 + state.stops[stop].absences
    return hardness


@compiled
def _new_hardness(day: Day, state: State, out: int) -> int:
    """Return the same where no must was left out before."""
    hardness = 0
    for n in range(out):
        stop = state.stops[n].removed
        if state.stops[stop].truck_of < 0 and day.places[stop].must:
            hardness += 1 + state.stops[stop].absences
    return hardness


@compiled
def _keep(day: Day, state: State) -> None:
    """Make the plan the one that changes go back to, and remember it if it is the best."""
    for n in range(state.now[0].changed):
        state.trucks[state.trucks[n].changed].touched = False
    state.now[0].changed = 0
    # A must counts once here, however hard it is.
    if state.now[0].units < state.now[0].best_units:
        state.now[0].best_units = state.now[0].units
        for truck in range(len(day.trucks)):
            slot = state.trucks[truck].slot
            for at in range(state.slots[slot].length):
                state.best[truck, at] = state.rows[slot, at].place
            state.best[truck, state.slots[slot].length] = -1


@compiled
def _undo(day: Day, state: State, units: int, hardness: int, out: int) -> None:
    """Go back to the plan that was kept last; the musts it could not place count as harder."""
    if hardness > 0:
        for n in range(out):
            stop = state.stops[n].removed
            if state.stops[stop].truck_of < 0 and day.places[stop].must:
                state.stops[stop].absences += 1
    for n in range(out):
        state.stops[state.stops[n].removed].truck_of = -1
    for n in range(state.now[0].changed):
        truck = state.trucks[n].changed
        slot = state.trucks[truck].slot ^ 1
        state.trucks[truck].slot = slot
        for at in range(1, state.slots[slot].length - 1):
            place = state.rows[slot, at].place
            if place < len(day.near):
                state.stops[place].truck_of = truck
                state.stops[place].position = at
        state.trucks[truck].touched = False
    state.now[0].changed = 0
    state.now[0].units = units
    if hardness > 0:
        state.now[0].hardness = _hardness(day, state)
