"""When a truck can be where: earliest departures, and how late the rest of the day allows."""

from __future__ import annotations

from routing.core.compiled import compiled
from routing.core.day import NEVER, Day, State


@compiled
def begin(day: Day, place: int, ticks: int) -> int:
    """Return when service begins for who arrives at a time; NEVER when it is too late."""
    for k in range(day.places[place].window_first, day.places[place].window_after):
        if ticks <= day.windows[k].last:
            return max(ticks, day.windows[k].opens)
    if day.places[place].window_first == day.places[place].window_after:
        return ticks
    return NEVER


@compiled
def last_begin(day: Day, place: int, ticks: int) -> int:
    """Return the latest begin of service up to a time; below zero when there is none."""
    first = day.places[place].window_first
    after = day.places[place].window_after
    if first == after:
        return ticks
    for k in range(after - 1, first - 1, -1):
        if ticks >= day.windows[k].opens:
            return min(ticks, day.windows[k].last)
    return -NEVER


@compiled
def arrivals(
    day: Day, truck: int, at_end: bool, free: int, rested: int, drive: int
) -> tuple[int, int]:
    """Return when a leg's far end is reached: without pause so far, and with it taken by then."""
    arrival_free = min(free + drive, NEVER)
    arrival_rested = min(rested + drive, NEVER)
    if free <= day.trucks[truck].pause_close and (not at_end or day.trucks[truck].pause_at_ends):
        paused = max(arrival_free, day.trucks[truck].pause_open) + day.trucks[truck].pause_ticks
        arrival_rested = min(arrival_rested, paused)
    return arrival_free, arrival_rested


@compiled
def left(day: Day, place: int, arrived: int) -> int:
    """Return when a place is left again."""
    begun = begin(day, place, arrived)
    return NEVER if begun >= NEVER else begun + day.places[place].service_ticks


@compiled
def step(
    day: Day, truck: int, at_end: bool, free: int, rested: int, here: int, there: int
) -> tuple[int, int]:
    """Return both clocks' departures from the next place."""
    drive = day.drive_ticks[day.trucks[truck].drive_row + here, there]
    arrival_free, arrival_rested = arrivals(day, truck, at_end, free, rested, drive)
    return left(day, there, arrival_free), left(day, there, arrival_rested)


@compiled
def departures(
    day: Day, truck: int, at_end: bool, last_free: int, last_rested: int, drive: int
) -> tuple[int, int]:
    """Return the latest departures that reach a leg's far end in time."""
    free = last_free - drive
    if not at_end or day.trucks[truck].pause_at_ends:
        pause = day.trucks[truck].pause_ticks
        if day.trucks[truck].pause_open + pause <= last_rested:
            free = max(free, min(day.trucks[truck].pause_close, last_rested - pause - drive))
    return free, last_rested - drive


@compiled
def refresh(day: Day, state: State, truck: int) -> None:
    """Work out all figures of a truck's day from its order of places."""
    slot = state.trucks[truck].slot
    end = state.slots[slot].length - 1
    _forward(day, state, truck, slot)
    state.rows[slot, end].last_free = min(
        day.trucks[truck].pause_free, day.trucks[truck].close_ticks
    )
    state.rows[slot, end].last_rested = day.trucks[truck].close_ticks
    for at in range(end - 1, -1, -1):
        here = state.rows[slot, at].place
        free, rested = departures(
            day,
            truck,
            at == 0 or at == end - 1,
            state.rows[slot, at + 1].last_free,
            state.rows[slot, at + 1].last_rested,
            day.drive_ticks[day.trucks[truck].drive_row + here, state.rows[slot, at + 1].place],
        )
        if at > 0:
            service = day.places[here].service_ticks
            free = last_begin(day, here, free - service)
            rested = last_begin(day, here, rested - service)
        state.rows[slot, at].last_free = max(free, -NEVER)
        state.rows[slot, at].last_rested = max(rested, -NEVER)
    state.slots[slot].holds = (
        state.rows[slot, end].left_free <= state.rows[slot, end].last_free
        or state.rows[slot, end].left_rested <= state.rows[slot, end].last_rested
    )
    if day.trucks[truck].wait_units > 0 and end > 1 and state.slots[slot].holds:
        state.slots[slot].units += day.trucks[truck].wait_units * _waiting(day, state, truck, slot)


@compiled
def _forward(day: Day, state: State, truck: int, slot: int) -> None:
    end = state.slots[slot].length - 1
    stops = len(day.near)
    legs = day.leg_units[day.trucks[truck].price_list]
    units = day.trucks[truck].use_units if end > 1 else 0
    free = day.trucks[truck].open_ticks
    rested = NEVER
    held_0 = held_1 = day_0 = day_1 = 0
    trip_first = 1
    count = work = 0
    state.rows[slot, 0].left_free = free
    state.rows[slot, 0].left_rested = rested
    state.rows[slot, 0].held_0 = 0
    state.rows[slot, 0].held_1 = 0
    for at in range(1, end + 1):
        here = state.rows[slot, at].place
        before = state.rows[slot, at - 1].place
        state.rows[slot, at].leg_units = legs[before, here]
        if end > 1:
            units += legs[before, here]
        work += day.places[here].service_ticks
        drive = day.drive_ticks[day.trucks[truck].drive_row + before, here]
        work += drive
        free, rested = arrivals(day, truck, at == 1 or at == end, free, rested, drive)
        if at < end:
            free = left(day, here, free)
            rested = left(day, here, rested)
        state.rows[slot, at].left_free = min(free, NEVER)
        state.rows[slot, at].left_rested = min(rested, NEVER)
        state.rows[slot, at].trip_first = trip_first
        if here < stops:
            count += 1
            units += day.pair_units[truck, here]
            held_0 += day.places[here].load_0
            held_1 += day.places[here].load_1
            day_0 += day.places[here].load_0
            day_1 += day.places[here].load_1
            state.stops[here].truck_of = truck
            state.stops[here].position = at
        else:
            for back in range(trip_first, at + 1):
                state.rows[slot, back].trip_0 = held_0
                state.rows[slot, back].trip_1 = held_1
            trip_first = at + 1
            held_0 = held_1 = 0
        state.rows[slot, at].held_0 = held_0
        state.rows[slot, at].held_1 = held_1
    state.slots[slot].day_load_0 = day_0
    state.slots[slot].day_load_1 = day_1
    state.slots[slot].stops = count
    state.slots[slot].work = work
    if work > day.trucks[truck].fair_ticks and end > 1:
        units += day.trucks[truck].long_units * (work - day.trucks[truck].fair_ticks)
    state.slots[slot].units = units


@compiled
def _waiting(day: Day, state: State, truck: int, slot: int) -> int:
    """Return the ticks that a crew waits when it leaves as late as brings it back as early."""
    end = state.slots[slot].length - 1
    back_free = state.rows[slot, end].left_free
    if back_free <= state.rows[slot, end].last_free:
        free, rested, pause = back_free, -NEVER, 0
    else:
        rested = state.rows[slot, end].left_rested
        free, pause = -NEVER, day.trucks[truck].pause_ticks
    back = max(free, rested)
    work = 0
    for at in range(end - 1, -1, -1):
        here = state.rows[slot, at].place
        drive = day.drive_ticks[day.trucks[truck].drive_row + here, state.rows[slot, at + 1].place]
        at_end = at == 0 or at == end - 1
        free, rested = departures(day, truck, at_end, free, rested, drive)
        work += drive
        if at > 0:
            service = day.places[here].service_ticks
            work += service
            free = last_begin(day, here, free - service)
            rested = last_begin(day, here, rested - service)
    return max(0, back - free - pause - work)
