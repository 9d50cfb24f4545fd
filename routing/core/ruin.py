"""Strings of neighbouring stops taken out of several trucks' days.

Source: slack induction by string removals, Christiaens & Vanden Berghe 2020, Transp. Sci. 54(2).
"""

from __future__ import annotations

from routing.core.compiled import compiled
from routing.core.day import PINNED, Day, State
from routing.core.exchange import exchange
from routing.core.insertion import touch
from routing.core.pairs import close_gaps, next_of_pair
from routing.core.random_numbers import draw, draw_below
from routing.core.trips import split_again

REMOVED_ON_AVERAGE = 10
LONGEST_STRING = 10
GAPPED = 0.5
GAP_GROWS = 0.01
"""The share of strings that spare some stops inside, and of gaps that grow by another stop."""


@compiled
def ruin(day: Day, state: State, seed: int) -> int:
    """Take stops around a seed out; return how many are written to `state.removed`.

    Stops around that are left out already are among them.
    """
    if draw(state) < state.now[0].exchanged:
        exchange(day, state, seed)
        for n in range(state.now[0].changed):
            state.now[0].units -= state.slots[state.trucks[state.trucks[n].changed].slot].units
    served = routes = 0
    for truck in range(len(day.trucks)):
        count = state.slots[state.trucks[truck].slot].stops
        served += count
        routes += count > 0
    longest = min(float(LONGEST_STRING), max(1.0, served / max(1, routes)))
    strings = int(draw(state) * (4.0 * REMOVED_ON_AVERAGE / (1.0 + longest) - 1.0) + 1.0)
    removed = ruined = 0
    for k in range(-1, day.around.shape[1]):
        stop = seed if k < 0 else day.around[seed, k]
        truck = state.stops[stop].truck_of
        if truck < 0 or state.trucks[truck].ruined:
            continue
        removed = _take_string(day, state, truck, stop, longest, removed)
        ruined += 1
        if ruined >= strings:
            break
    out = removed
    if state.stops[seed].truck_of < 0:
        out = _left_out(state, seed, removed, out)
    for k in range(day.near.shape[1]):
        if state.stops[day.near[seed, k]].truck_of < 0:
            out = _left_out(state, day.near[seed, k], removed, out)
    if state.now[0].paired:
        out = _with_mates(day, state, out)
    for n in range(state.now[0].changed):
        truck = state.trucks[n].changed
        state.trucks[truck].ruined = False
        split_again(day, state, truck)
        state.now[0].units += state.slots[state.trucks[truck].slot].units
    return out


@compiled
def _left_out(state: State, stop: int, removed: int, out: int) -> int:
    """Add a stop that was left out before, unless it has just been taken out."""
    for n in range(removed):
        if state.stops[n].removed == stop:
            return out
    state.stops[out].removed = stop
    return out + 1


@compiled
def _take_string(
    day: Day, state: State, truck: int, stop: int, longest: float, removed: int
) -> int:
    """Take a string that holds a stop out; half of the time some stops inside it are spared."""
    if not state.trucks[truck].touched:
        state.now[0].units -= state.slots[state.trucks[truck].slot].units
        touch(state, truck)
    state.trucks[truck].ruined = True
    slot = state.trucks[truck].slot
    count = middle = 0
    for at in range(1, state.slots[slot].length - 1):
        place = state.rows[slot, at].place
        if place < len(day.near):
            if place == stop:
                middle = count
            state.scratch[count].place = place
            count += 1
    length = min(count, int(draw(state) * min(longest, float(count)) + 1.0))
    spared = 0
    if 1 < length < count and draw(state) < GAPPED:
        spared = 1
        while length + spared < count and draw(state) < GAP_GROWS:
            spared += 1
    whole = length + spared
    lowest = max(0, middle - whole + 1)
    highest = min(middle, count - whole)
    first = lowest + draw_below(state, highest - lowest + 1)
    gap = first + draw_below(state, length + 1)
    for n in range(first, first + whole):
        place = state.scratch[n].place
        if not gap <= n < gap + spared and day.places[place].price_units < PINNED:
            state.stops[removed].removed = place
            removed += 1
            state.stops[place].truck_of = -1
            state.now[0].units += day.places[place].price_units
    if state.now[0].paired:
        removed = _with_pairs(day, state, truck, removed)
    close_gaps(day, state, slot)
    return removed


@compiled
def _with_pairs(day: Day, state: State, truck: int, removed: int) -> int:
    """Take out of a truck's day what goes with the stops that were taken out of it."""
    for n in range(removed):
        stop = state.stops[n].removed
        mate = next_of_pair(day, stop)
        while mate != stop:
            if state.stops[mate].truck_of == truck:
                state.stops[removed].removed = mate
                removed += 1
                state.stops[mate].truck_of = -1
                state.now[0].units += day.places[mate].price_units
            mate = next_of_pair(day, mate)
    return removed


@compiled
def _with_mates(day: Day, state: State, out: int) -> int:
    """Add what goes with stops that were left out before, and was left out with them."""
    for n in range(out):
        stop = state.stops[n].removed
        mate = next_of_pair(day, stop)
        while mate != stop:
            if state.stops[mate].truck_of < 0:
                out = _left_out(state, mate, out, out)
            mate = next_of_pair(day, mate)
    return out
