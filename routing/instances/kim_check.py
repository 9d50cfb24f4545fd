"""What is wrong with a plan for an instance of Kim, and how long its roads are.

It shares no code with any solver: each route is driven here as early as can be, in the file's own
feet and seconds, with the lunch tried on every leg.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from routing.instances.kim import DEPOT, FEET_PER_MILE, SITE, STOP, KimInstance, Routes

LUNCH_FROM_S, LUNCH_UNTIL_S = 11 * 3600, 12 * 3600
"""When lunch begins; a truck that is back by the later hour needs none."""

ROUNDING = 1e-6


def miles(instance: KimInstance, routes: Routes) -> float:
    """Return how far all trucks drive."""
    return sum(_feet(instance, a, b) for r in routes for a, b in _legs(instance, r)) / FEET_PER_MILE


def violations(instance: KimInstance, routes: Routes, vehicles: int) -> Iterator[str]:
    """Say everything that breaks a rule in a plan; nothing means approved."""
    if len(routes) > vehicles:
        yield f"{len(routes)} routes for {vehicles} vehicles"
    visited = Counter(place for route in routes for place in route)
    for place in np.flatnonzero(instance.kind == STOP):
        if visited[int(place)] != 1:
            yield f"stop {instance.ids[place]} is served {visited[int(place)]} times"
    for number, route in enumerate(routes, 1):
        for wrong in (*_loads(instance, route), *_hours(instance, route)):
            yield f"route {number}: {wrong}"


def _loads(instance: KimInstance, route: Sequence[int]) -> Iterator[str]:
    kinds = [instance.kind[place] for place in route]
    if DEPOT in kinds:
        yield "comes through the depot"
    if kinds.count(STOP) > instance.stops_per_day:
        yield f"has {kinds.count(STOP)} stops"
    day = sum(instance.load_yards[place] for place in route)
    if day > instance.day_capacity_yards + ROUNDING:
        yield f"collects {day:g} yards in a day"
    if kinds and kinds[-1] != SITE:
        yield "returns without having emptied"
    load = 0.0
    for place in route:
        load = 0.0 if instance.kind[place] == SITE else load + instance.load_yards[place]
        if load > instance.capacity_yards + ROUNDING:
            yield f"holds {load:g} yards after {instance.ids[place]}"


def _hours(instance: KimInstance, route: Sequence[int]) -> Iterator[str]:
    back_s = _back_s(instance, route, None)
    if back_s is not None and back_s <= LUNCH_UNTIL_S + ROUNDING:
        return
    if all(_back_s(instance, route, leg) is None for leg in range(len(route) + 1)):
        yield "windows, lunch or shift cannot be kept"


def _back_s(instance: KimInstance, route: Sequence[int], lunch_leg: int | None) -> float | None:
    """Drive a route as early as can be; None where a window, the lunch or the shift is missed."""
    left_s = float(instance.early_s[instance.depot])
    for number, (before, place) in enumerate(_legs(instance, route)):
        arrival_s = left_s + _feet(instance, before, place) / instance.feet_per_s
        if number == lunch_leg:
            if left_s > LUNCH_UNTIL_S + ROUNDING:
                return None
            # On the road or, for who is early, waiting at its end.
            arrival_s = max(arrival_s, LUNCH_FROM_S) + instance.lunch_s
        begin_s = max(arrival_s, float(instance.early_s[place]))
        if begin_s > instance.late_s[place] + ROUNDING:
            return None
        left_s = begin_s + float(instance.service_s[place])
    return left_s


def _legs(instance: KimInstance, route: Sequence[int]) -> Iterator[tuple[int, int]]:
    return pairwise([instance.depot, *route, instance.depot])


def _feet(instance: KimInstance, a: int, b: int) -> float:
    return float(np.abs(instance.at_feet[a] - instance.at_feet[b]).sum())
