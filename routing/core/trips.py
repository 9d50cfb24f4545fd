"""Where a truck with a given order of stops best empties itself.

Source: the split of a giant tour (Prins 2004, C&OR 31(12)). A site between two stops costs the
same detour whatever trips come before, so that one number a cut is enough.
"""

from __future__ import annotations

from routing.core.clock import refresh
from routing.core.compiled import compiled
from routing.core.day import Day, State
from routing.core.insertion import NOWHERE


@compiled
def split_again(day: Day, state: State, truck: int) -> None:
    """Choose all disposal visits of a (touched) day anew; keep the old ones where those fail.

    The day's figures are worked out anew in any case.
    """
    if day.via.shape[0] == 0:
        refresh(day, state, truck)
        return
    slot = state.trucks[truck].slot
    length = state.slots[slot].length
    for at in range(length):
        state.scratch[at].place = state.rows[slot, at].place
    if not _split(day, state, truck):
        refresh(day, state, truck)
        return
    refresh(day, state, truck)
    if state.slots[slot].holds:
        return
    state.slots[slot].length = length
    for at in range(length):
        state.rows[slot, at].place = state.scratch[at].place
    refresh(day, state, truck)


@compiled
def split_anew(day: Day, state: State, truck: int) -> bool:
    """Put all disposal visits into a (touched) day without any; tell whether that keeps the rules.

    The day's figures are worked out where it does.
    """
    if state.slots[state.trucks[truck].slot].length > 2 and not _split(day, state, truck):
        return False
    refresh(day, state, truck)
    return bool(state.slots[state.trucks[truck].slot].holds)


@compiled
def _split(day: Day, state: State, truck: int) -> bool:
    """Write the cheapest split by legs alone; False where there is none or it is as it was."""
    slot = state.trucks[truck].slot
    legs = day.leg_units[day.trucks[truck].price_list]
    scratch = state.scratch
    count = 0
    for at in range(1, state.slots[slot].length - 1):
        if state.rows[slot, at].place < len(day.near):
            scratch[count].stop = state.rows[slot, at].place
            count += 1
    scratch[count].stop = day.trucks[truck].end
    scratch[0].cost = 0
    # The starts that a trip may still have, dearer ones behind cheaper ones: each comes and goes
    # once (a sliding minimum).
    low = head = tail = held_0 = held_1 = 0
    for after in range(1, count + 1):
        last, following = scratch[after - 1].stop, scratch[after].stop
        fraction = day.places[last].fraction
        if after > 1 and day.places[scratch[after - 2].stop].fraction != fraction:
            low, head, held_0, held_1 = after - 1, tail, 0, 0
        while tail > head and scratch[scratch[tail - 1].queue].cost >= scratch[after - 1].cost:
            tail -= 1
        scratch[tail].queue = after - 1
        tail += 1
        held_0 += day.places[last].load_0
        held_1 += day.places[last].load_1
        while held_0 > day.trucks[truck].hold_0 or held_1 > day.trucks[truck].hold_1:
            held_0 -= day.places[scratch[low].stop].load_0
            held_1 -= day.places[scratch[low].stop].load_1
            low += 1
        while head < tail and scratch[head].queue < low:
            head += 1
        site = day.via[day.trucks[truck].via_row + fraction, last, following]
        scratch[after].cost = NOWHERE
        # By way of a site may be shorter than straight on, so that nowhere must not be added to.
        if site >= 0 and head < tail and scratch[scratch[head].queue].cost < NOWHERE:
            first = scratch[head].queue
            detour = int(legs[last, site]) + legs[site, following] - legs[last, following]
            scratch[after].cut = first
            scratch[after].cost = scratch[first].cost + detour
    if scratch[count].cost >= NOWHERE:
        return False
    return _written(day, state, truck, count)


@compiled
def _written(day: Day, state: State, truck: int, count: int) -> bool:
    """Write places from the cuts, last first; tell whether anything is other than before."""
    slot = state.trucks[truck].slot
    scratch = state.scratch
    trips, after = 0, count
    while after > 0:
        trips += 1
        after = scratch[after].cut
    length = count + trips + 2
    if length > state.rows.shape[1]:
        return False
    changed = length != state.slots[slot].length
    state.slots[slot].length = length
    state.rows[slot, length - 1].place = day.trucks[truck].end
    at, after = length - 2, count
    while after > 0:
        last, following = scratch[after - 1].stop, scratch[after].stop
        site = day.via[day.trucks[truck].via_row + day.places[last].fraction, last, following]
        changed = changed or state.rows[slot, at].place != site
        state.rows[slot, at].place = site
        at -= 1
        for k in range(after - 1, scratch[after].cut - 1, -1):
            state.rows[slot, at].place = scratch[k].stop
            at -= 1
        after = scratch[after].cut
    return changed
