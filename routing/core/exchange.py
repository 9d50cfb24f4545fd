"""Whole trips, or all of a trip before or after a stop, given to another truck or exchanged.

Taking strings out and putting stops back one by one seldom carries a trip over: its first stop
alone pays the whole way there and back.
"""

from __future__ import annotations

from routing.core.clock import refresh
from routing.core.compiled import compiled
from routing.core.day import NEVER, Day, State
from routing.core.insertion import touch
from routing.core.random_numbers import draw_below
from routing.core.trips import split_anew

GIVEN = 3
"""One of so many exchanges gives only; what is given then lies between two trips."""


@compiled
def exchange(day: Day, state: State, stop: int) -> None:
    """Exchange a part of the stop's trip for one of a trip nearby; nothing where rules forbid it.

    No truck may be touched before. Both trucks' trips are split anew and `state.now.units` told.
    """
    if day.around.shape[1] == 0:
        return
    other_stop = day.around[stop, draw_below(state, day.around.shape[1])]
    mine, other = state.stops[stop].truck_of, state.stops[other_stop].truck_of
    if mine < 0 or other < 0 or mine == other:
        return
    slot, other_slot = state.trucks[mine].slot, state.trucks[other].slot
    first, after = _part(day, state, slot, state.stops[stop].position)
    low, high = _part(day, state, other_slot, state.stops[other_stop].position)
    if draw_below(state, GIVEN) == 0:
        low = state.rows[other_slot, low].trip_first
        high = low
    if not (
        _may(day, state, mine, other, first, after, low, high)
        and _may(day, state, other, mine, low, high, first, after)
    ):
        return
    _write(day, state, mine, first, after, other_slot, low, high)
    _write(day, state, other, low, high, slot, first, after)
    if split_anew(day, state, mine) and split_anew(day, state, other):
        state.now[0].units += (
            state.slots[slot ^ 1].units
            - state.slots[slot].units
            + state.slots[other_slot ^ 1].units
            - state.slots[other_slot].units
        )
    else:
        _back(day, state, mine)
        _back(day, state, other)
        state.now[0].changed = 0


@compiled
def _part(day: Day, state: State, slot: int, at: int) -> tuple[int, int]:
    """Return a trip's range of positions: whole, or up to a stop, or from it on."""
    first, after = state.rows[slot, at].trip_first, at + 1
    while state.rows[slot, after].place < len(day.near):
        after += 1
    drawn = draw_below(state, 3)
    if drawn == 0:
        return first, at + 1
    return (at if drawn == 1 else first), after


@compiled
def _may(
    day: Day,
    state: State,
    truck: int,
    other: int,
    first: int,
    after: int,
    low: int,
    high: int,
) -> bool:
    """Tell whether a truck may serve the other's range in place of its own, as its day goes."""
    mine, theirs = state.trucks[truck].slot, state.trucks[other].slot
    load_0, load_1 = state.slots[mine].day_load_0, state.slots[mine].day_load_1
    for at in range(first, after):
        load_0 -= day.places[state.rows[mine, at].place].load_0
        load_1 -= day.places[state.rows[mine, at].place].load_1
    for at in range(low, high):
        stop = state.rows[theirs, at].place
        if day.pair_units[truck, stop] >= NEVER:
            return False
        load_0 += day.places[stop].load_0
        load_1 += day.places[stop].load_1
    gained = high - low - (after - first)
    return (
        state.slots[mine].stops + gained <= day.trucks[truck].day_stops
        and state.slots[mine].length + gained + 2 < state.rows.shape[1]
        and load_0 <= day.trucks[truck].day_load_0
        and load_1 <= day.trucks[truck].day_load_1
    )


@compiled
def _write(
    day: Day,
    state: State,
    truck: int,
    first: int,
    after: int,
    theirs: int,
    low: int,
    high: int,
) -> None:
    """Write a truck's stops without its sites, a range of another day in place of its own."""
    old = state.trucks[truck].slot
    touch(state, truck)
    new = state.trucks[truck].slot
    end = state.slots[old].length - 1
    kept = 1
    for at in range(1, end + 1):
        if at == first:
            for position in range(low, high):
                state.rows[new, kept].place = state.rows[theirs, position].place
                kept += 1
        place = state.rows[old, at].place
        if (at < first or at >= after) and (place < len(day.near) or at == end):
            state.rows[new, kept].place = place
            kept += 1
    state.slots[new].length = kept


@compiled
def _back(day: Day, state: State, truck: int) -> None:
    """Go back to a truck's old day."""
    state.trucks[truck].slot ^= 1
    state.trucks[truck].touched = False
    refresh(day, state, truck)
