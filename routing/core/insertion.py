"""Where a stop goes in at least cost, with a disposal visit beside it where the truck is full."""

from __future__ import annotations

from routing.core.clock import arrivals, refresh, step
from routing.core.compiled import compiled
from routing.core.day import NEVER, Day, State
from routing.core.random_numbers import draw

NOWHERE = 1 << 60
"""The cost of an insertion that cannot be made."""

SEARCHED_THROUGH = 0.1
"""The share of musts without room beside a neighbour that are tried everywhere."""

Insertion = tuple[int, int, int, int, int, bool]
"""Units more; truck; position that the stop goes before; site or -1; position that the site goes
before; whether the site goes first where both positions are the same."""


@compiled
def best_insertion(day: Day, state: State, stop: int, overlooked: float) -> Insertion:
    """Return the cheapest insertion found among a stop's neighbours and trucks at home.

    Parameters
    ----------
    overlooked : the share of neighbours not looked at, so that a ruin is not mended alike always.
    """
    best = (NOWHERE, -1, 0, -1, 0, False)
    for k in range(day.near.shape[1]):
        neighbour = day.near[stop, k]
        truck = state.stops[neighbour].truck_of
        if truck < 0 or not has_hands(day, state, truck, stop) or draw(state) < overlooked:
            continue
        at = state.stops[neighbour].position
        best = cheaper_at(day, state, truck, stop, at, best)
        best = cheaper_at(day, state, truck, stop, at + 1, best)
    kind = -1
    for truck in range(len(day.trucks)):
        if state.slots[state.trucks[truck].slot].length == 2 and day.trucks[truck].alike != kind:
            kind = day.trucks[truck].alike
            if has_hands(day, state, truck, stop):
                best = cheaper_at(day, state, truck, stop, 1, best)
    if best[1] < 0 and day.places[stop].must and draw(state) < SEARCHED_THROUGH:
        for truck in range(len(day.trucks)):
            if has_hands(day, state, truck, stop):
                for at in range(1, state.slots[state.trucks[truck].slot].length):
                    best = cheaper_at(day, state, truck, stop, at, best)
    return best


@compiled
def insert(day: Day, state: State, stop: int, place: Insertion) -> None:
    """Put a stop, and a site where the insertion brings one, into a truck's day."""
    _, truck, at, site, site_at, site_first = place
    touch(state, truck)
    slot = state.trucks[truck].slot
    state.now[0].units -= state.slots[slot].units + day.places[stop].price_units
    if site < 0:
        _open(state, slot, at, stop)
    elif site_at < at or (site_at == at and site_first):
        _open(state, slot, at, stop)
        _open(state, slot, site_at, site)
    else:
        _open(state, slot, site_at, site)
        _open(state, slot, at, stop)
    refresh(day, state, truck)
    state.now[0].units += state.slots[slot].units


@compiled
def touch(state: State, truck: int) -> None:
    """Go over to a copy of a truck's day, once between two keepings."""
    if state.trucks[truck].touched:
        return
    state.trucks[truck].touched = True
    state.trucks[state.now[0].changed].changed = truck
    state.now[0].changed += 1
    old = state.trucks[truck].slot
    new = old ^ 1
    state.trucks[truck].slot = new
    length = state.slots[old].length
    state.slots[new].length = length
    for at in range(length):
        state.rows[new, at].place = state.rows[old, at].place
    state.slots[new].units = state.slots[old].units


@compiled
def _open(state: State, slot: int, at: int, place: int) -> None:
    length = state.slots[slot].length
    for position in range(length, at, -1):
        state.rows[slot, position].place = state.rows[slot, position - 1].place
    state.rows[slot, at].place = place
    state.slots[slot].length = length + 1


@compiled
def has_hands(day: Day, state: State, truck: int, stop: int) -> bool:
    """Tell whether a truck may serve a stop as far as its kind and its whole day go."""
    slot = state.trucks[truck].slot
    return (
        day.pair_units[truck, stop] < NEVER
        and state.slots[slot].stops < day.trucks[truck].day_stops
        and state.slots[slot].length + 2 < state.rows.shape[1]
        and state.slots[slot].day_load_0 + day.places[stop].load_0 <= day.trucks[truck].day_load_0
        and state.slots[slot].day_load_1 + day.places[stop].load_1 <= day.trucks[truck].day_load_1
    )


@compiled
def cheaper_at(
    day: Day, state: State, truck: int, stop: int, at: int, best: Insertion
) -> Insertion:
    """Return the insertion before a position if it is possible and cheaper than the best."""
    slot = state.trucks[truck].slot
    end = state.slots[slot].length - 1
    if at > end:
        return best
    before = state.rows[slot, at - 1].place
    after = state.rows[slot, at].place
    prices = day.trucks[truck].price_list
    units = int(state.back_units[prices, stop, before]) + day.leg_units[prices, stop, after]
    if end > 1:
        units -= state.rows[slot, at].leg_units
    else:
        units += day.trucks[truck].use_units
    if units >= best[0]:
        return best
    # Seldom reached, unlike the lines above: most places for a stop are too dear by their legs.
    units += day.pair_units[truck, stop]
    if end > 1 and state.slots[slot].work > day.trucks[truck].fair_ticks:
        units += day.trucks[truck].long_units * day.places[stop].service_ticks
    if units >= best[0]:
        return best
    if _fits_trip(day, state, truck, slot, stop, at, end):
        if _in_time(day, state, truck, slot, stop, at, end):
            return (units, truck, at, -1, 0, False)
        return best
    if day.via.shape[0] == 0:
        return best
    return _with_site(day, state, truck, slot, stop, at, units, best)


@compiled
def _fits_trip(day: Day, state: State, truck: int, slot: int, stop: int, at: int, end: int) -> bool:
    if day.via.shape[0] > 0:
        if at == end:
            return False
        head = state.rows[slot, state.rows[slot, at].trip_first].place
        if head >= len(day.near) or day.places[head].fraction != day.places[stop].fraction:
            return False
    return (
        state.rows[slot, at].trip_0 + day.places[stop].load_0 <= day.trucks[truck].hold_0
        and state.rows[slot, at].trip_1 + day.places[stop].load_1 <= day.trucks[truck].hold_1
    )


@compiled
def _in_time(day: Day, state: State, truck: int, slot: int, stop: int, at: int, end: int) -> bool:
    free, rested = step(
        day,
        truck,
        at == 1,
        state.rows[slot, at - 1].left_free,
        state.rows[slot, at - 1].left_rested,
        state.rows[slot, at - 1].place,
        stop,
    )
    return _reaches(day, state, truck, slot, stop, at, end, free, rested)


@compiled
def _reaches(
    day: Day,
    state: State,
    truck: int,
    slot: int,
    here: int,
    at: int,
    end: int,
    free: int,
    rested: int,
) -> bool:
    """Tell whether the rest of a day, from a position on, is still reached in time."""
    drive = day.drive_ticks[day.trucks[truck].drive_row + here, state.rows[slot, at].place]
    free, rested = arrivals(day, truck, at == end, free, rested, drive)
    return free <= state.rows[slot, at].last_free or rested <= state.rows[slot, at].last_rested


@compiled
def _with_site(
    day: Day, state: State, truck: int, slot: int, stop: int, at: int, units: int, best: Insertion
) -> Insertion:
    """Insert a stop into a full trip that a new site visit splits where it costs least."""
    if (
        day.places[stop].load_0 > day.trucks[truck].hold_0
        or day.places[stop].load_1 > day.trucks[truck].hold_1
    ):
        return best
    first = state.rows[slot, at].trip_first
    head = state.rows[slot, first].place
    least, least_site, least_at, least_first = NOWHERE, -1, at, False
    if head >= len(day.near) or day.places[head].fraction != day.places[stop].fraction:
        # A trip of its own, before a trip or the end.
        if at == first:
            least, least_site = _detour(day, truck, stop, stop, head)
    else:
        for site_at in range(first, state.slots[slot].length):
            after = state.rows[slot, site_at].place
            for site_first in (False, True):
                if site_first and site_at != at:
                    break
                in_first = site_at > at or (site_at == at and not site_first)
                both_loaded = (site_at > first or in_first) and (
                    after < len(day.near) or not in_first
                )
                if both_loaded and _halves(day, state, truck, slot, stop, at, site_at, in_first):
                    extra, site = _detour(
                        day,
                        truck,
                        stop,
                        stop if site_at == at and in_first else state.rows[slot, site_at - 1].place,
                        stop if site_first else after,
                    )
                    if extra < least:
                        least, least_site, least_at = extra, site, site_at
                        least_first = site_first
            if after >= len(day.near):
                break
    if least_site < 0 or units + least >= best[0]:
        return best
    if not _both_in_time(day, state, truck, slot, stop, at, least_site, least_at, least_first):
        return best
    return (units + least, truck, at, least_site, least_at, least_first)


@compiled
def _halves(
    day: Day, state: State, truck: int, slot: int, stop: int, at: int, site_at: int, in_first: bool
) -> bool:
    """Tell whether both trips hold their load when a site splits a trip before a position."""
    head_0 = head_1 = 0
    if site_at > state.rows[slot, at].trip_first:
        head_0 = state.rows[slot, site_at - 1].held_0
        head_1 = state.rows[slot, site_at - 1].held_1
    tail_0 = state.rows[slot, at].trip_0 - head_0
    tail_1 = state.rows[slot, at].trip_1 - head_1
    if in_first:
        head_0 += day.places[stop].load_0
        head_1 += day.places[stop].load_1
    else:
        tail_0 += day.places[stop].load_0
        tail_1 += day.places[stop].load_1
    return (
        max(head_0, tail_0) <= day.trucks[truck].hold_0
        and max(head_1, tail_1) <= day.trucks[truck].hold_1
    )


@compiled
def _detour(day: Day, truck: int, stop: int, before: int, after: int) -> tuple[int, int]:
    site = day.via[day.trucks[truck].via_row + day.places[stop].fraction, before, after]
    if site < 0:
        return NOWHERE, -1
    legs = day.leg_units[day.trucks[truck].price_list]
    return int(legs[before, site]) + legs[site, after] - legs[before, after], site


@compiled
def _both_in_time(
    day: Day,
    state: State,
    truck: int,
    slot: int,
    stop: int,
    at: int,
    site: int,
    site_at: int,
    site_first: bool,
) -> bool:
    low, high = min(at, site_at), max(at, site_at)
    end = state.slots[slot].length - 1
    free = state.rows[slot, low - 1].left_free
    rested = state.rows[slot, low - 1].left_rested
    here = state.rows[slot, low - 1].place
    at_end = low == 1
    for position in range(low, high + 1):
        for turn in range(3):
            there = -1
            if turn == 0 and position == site_at and (position != at or site_first):
                there = site
            elif turn == 1 and position == at:
                there = stop
            elif turn == 2 and position == site_at and position == at and not site_first:
                there = site
            if there >= 0:
                free, rested = step(day, truck, at_end, free, rested, here, there)
                here, at_end = there, False
        if position < high:
            there = state.rows[slot, position].place
            free, rested = step(day, truck, at_end, free, rested, here, there)
            here, at_end = there, False
    return _reaches(day, state, truck, slot, here, high, end, free, rested)
