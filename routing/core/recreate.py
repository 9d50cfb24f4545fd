"""What was taken out is put back, one stop after the other, each where it costs least."""

from __future__ import annotations

from routing.core.compiled import compiled
from routing.core.day import Day, State
from routing.core.insertion import best_insertion, insert
from routing.core.pairs import insert_pair
from routing.core.random_numbers import draw, draw_below
from routing.core.trips import split_again

OVERLOOKED = 0.01
DARING = 0.1
"""The share of times that one stop is put in though it does not pay: others beside it then may."""


@compiled
def recreate(day: Day, state: State, out: int) -> None:
    """Put the first stops of `state.removed` back where they fit and pay."""
    _put_in_order(day, state, out)
    dares = draw(state) < DARING
    for n in range(out):
        stop = state.stops[n].removed
        if day.places[stop].next_in_pair > 0:
            if state.stops[stop].truck_of < 0:
                insert_pair(day, state, stop, OVERLOOKED)
            continue
        place = best_insertion(day, state, stop, OVERLOOKED)
        pays = place[0] < day.places[stop].price_units
        if place[1] >= 0 and (pays or dares):
            insert(day, state, stop, place)
            dares = dares and pays
    if day.via.shape[0] > 0:
        for n in range(state.now[0].changed):
            truck = state.trucks[n].changed
            state.now[0].units -= state.slots[state.trucks[truck].slot].units
            split_again(day, state, truck)
            state.now[0].units += state.slots[state.trucks[truck].slot].units


@compiled
def _put_in_order(day: Day, state: State, out: int) -> None:
    """Order by chance, or the fullest, farthest, nearest, or by window; musts always first."""
    windowed = len(day.windows) > 0
    drawn = draw_below(state, 17 if windowed else 11)
    depot = day.trucks[0].start
    for n in range(out):
        stop = state.stops[n].removed
        if drawn < 4:
            key = draw_below(state, 1 << 20)
        elif drawn < 8:
            key = -int(day.places[stop].load_0)
        elif drawn < 10:
            key = -int(day.drive_ticks[depot, stop])
        elif drawn < 11:
            key = int(day.drive_ticks[depot, stop])
        else:
            key = _window_key(day, stop, drawn)
        state.stops[n].keys = key + (0 if day.places[stop].must else 1 << 40)
    for n in range(1, out):
        stop, key = state.stops[n].removed, state.stops[n].keys
        at = n
        while at > 0 and state.stops[at - 1].keys > key:
            state.stops[at].removed = state.stops[at - 1].removed
            state.stops[at].keys = state.stops[at - 1].keys
            at -= 1
        state.stops[at].removed = stop
        state.stops[at].keys = key


@compiled
def _window_key(day: Day, stop: int, drawn: int) -> int:
    first, after = day.places[stop].window_first, day.places[stop].window_after
    if first == after:
        return 1 << 30
    opens, lasts = int(day.windows[first].opens), int(day.windows[after - 1].last)
    if drawn < 13:
        return lasts - opens
    return opens if drawn < 15 else lasts
