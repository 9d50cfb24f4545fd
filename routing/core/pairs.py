"""Stops that one truck serves together, or nobody: put in, taken out and judged as one."""

from __future__ import annotations

from routing.core.clock import refresh
from routing.core.compiled import compiled
from routing.core.day import Day, State
from routing.core.insertion import (
    NOWHERE,
    Insertion,
    best_insertion,
    cheaper_at,
    has_hands,
    insert,
    touch,
)
from routing.core.random_numbers import draw

SEARCHED_THROUGH = 0.1
"""The share of optional pairs that are tried on every truck where the likeliest has no room."""


@compiled
def insert_pair(day: Day, state: State, stop: int, overlooked: float) -> None:
    """Put a stop and all of its pair into one truck's day where that fits and pays."""
    mate = next_of_pair(day, stop)
    while mate != stop:
        if state.stops[mate].truck_of >= 0:
            return
        mate = next_of_pair(day, mate)
    likely = best_insertion(day, state, stop, overlooked)[1]
    if likely >= 0 and _put_in(day, state, stop, likely):
        return
    if day.places[stop].must or draw(state) < SEARCHED_THROUGH:
        for truck in range(len(day.trucks)):
            if truck != likely and _put_in(day, state, stop, truck):
                return


@compiled
def next_of_pair(day: Day, stop: int) -> int:
    """Return the next stop of a pair, after the last the first; of none, the stop itself."""
    following = day.places[stop].next_in_pair
    return stop if following == 0 else following - 1


@compiled
def pairs_hold(day: Day, state: State) -> bool:
    """Tell whether all pairs are served by one truck each, in their order, or not at all."""
    for stop in range(len(day.near)):
        mate = next_of_pair(day, stop)
        if mate == stop:
            continue
        if state.stops[mate].truck_of != state.stops[stop].truck_of:
            return False
        while state.stops[stop].truck_of >= 0 and mate != stop:
            first = day.places[stop].behind >> day.places[mate].turn & 1
            if first and state.stops[mate].position > state.stops[stop].position:
                return False
            mate = next_of_pair(day, mate)
    return True


@compiled
def _put_in(day: Day, state: State, stop: int, truck: int) -> bool:
    """Put a whole pair on a truck; where it does not fit or pay, leave all of it out."""
    units = state.now[0].units
    member = stop
    while True:
        place = _cheapest_on(day, state, truck, member)
        if place[1] < 0:
            break
        insert(day, state, member, place)
        member = next_of_pair(day, member)
        if member == stop:
            if state.now[0].units < units:
                return True
            break
    if state.stops[stop].truck_of == truck:
        _take_out(day, state, stop, truck)
    return False


@compiled
def _cheapest_on(day: Day, state: State, truck: int, stop: int) -> Insertion:
    """Return the cheapest insertion on a truck that keeps the order within the pair."""
    best = (NOWHERE, -1, 0, -1, 0, False)
    if not has_hands(day, state, truck, stop):
        return best
    low, high = 1, state.slots[state.trucks[truck].slot].length - 1
    mate = next_of_pair(day, stop)
    while mate != stop:
        if state.stops[mate].truck_of == truck:
            if day.places[stop].behind >> day.places[mate].turn & 1:
                low = max(low, state.stops[mate].position + 1)
            if day.places[mate].behind >> day.places[stop].turn & 1:
                high = min(high, state.stops[mate].position)
        mate = next_of_pair(day, mate)
    for at in range(low, high + 1):
        best = cheaper_at(day, state, truck, stop, at, best)
    return best


@compiled
def _take_out(day: Day, state: State, stop: int, truck: int) -> None:
    """Take all of a pair that is on a truck out of its day."""
    touch(state, truck)
    slot = state.trucks[truck].slot
    state.now[0].units -= state.slots[slot].units
    member = stop
    while True:
        if state.stops[member].truck_of == truck:
            state.stops[member].truck_of = -1
            state.now[0].units += day.places[member].price_units
        member = next_of_pair(day, member)
        if member == stop:
            break
    close_gaps(day, state, slot)
    refresh(day, state, truck)
    state.now[0].units += state.slots[slot].units


@compiled
def close_gaps(day: Day, state: State, slot: int) -> None:
    """Drop stops that were taken out, and site visits that nothing is left to empty at."""
    end = state.slots[slot].length - 1
    kept, loaded = 1, False
    for at in range(1, end + 1):
        place = state.rows[slot, at].place
        is_stop = place < len(day.near)
        if (is_stop and state.stops[place].truck_of >= 0) or (
            not is_stop and (loaded or at == end)
        ):
            state.rows[slot, kept].place = place
            kept += 1
            loaded = is_stop
    state.slots[slot].length = kept
