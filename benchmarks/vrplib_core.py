"""The plain and prize-collecting instances as days of the compiled search."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.vrplib_instances import VrplibInstance
from routing.core.day import NEVER, PLACE, TRUCK, WINDOW, Day
from routing.core.nearness import around, near
from routing.core.search import HOT_LEGS, search

NEAR, AROUND = 50, 200
PLAIN_HOT_LEGS = 1.0
"""Where the search begins to cool down if only capacity counts; chosen on X-n1001-k43."""
MUST_UNITS = 10**9


def plan(
    instance: VrplibInstance, seconds: float, seed: int, clock: Callable[[], float]
) -> list[list[int]]:
    """Return the best routes found."""
    hot_legs = PLAIN_HOT_LEGS if instance.prize is None else HOT_LEGS
    day = as_day(instance)
    found = search(day, seconds=seconds, seed=seed, hot_legs=hot_legs, clock=clock)
    return [[place + 1 for place in places] for places in found.days if places]


def as_day(instance: VrplibInstance) -> Day:
    """Return the day: a unit and a tick are the instance's own, the depot its last place."""
    stops = len(instance.demand) - 1
    order = np.array([*range(1, stops + 1), 0])
    legs = instance.distance[np.ix_(order, order)].astype(np.int32)
    places, windows = np.zeros(stops + 1, PLACE), np.zeros(0, WINDOW)
    places["load_0"] = instance.demand[order]
    places["must"] = instance.prize is None
    places["price_units"] = MUST_UNITS if instance.prize is None else instance.prize[order]
    trucks = np.zeros(instance.vehicles or _enough(instance), TRUCK)
    for name in ("hold_0", "day_load_0", "day_stops", "pause_free", "close_ticks"):
        trucks[name] = NEVER
    trucks["hold_0"] = instance.capacity
    trucks["start"] = trucks["end"] = stops
    trucks["pause_close"] = -1
    drive = np.zeros_like(legs)
    if instance.early is not None and instance.late is not None:
        drive = legs
        windows = np.zeros(stops, WINDOW)
        windows["opens"], windows["last"] = instance.early[1:], instance.late[1:]
        places["service_ticks"] = instance.service
        places["window_first"] = np.arange(stops + 1)
        places["window_after"] = np.minimum(np.arange(1, stops + 2), stops)
        trucks["open_ticks"], trucks["close_ticks"] = instance.early[0], instance.late[0]
    return Day(
        leg_units=legs[None],
        drive_ticks=drive,
        places=places,
        windows=windows,
        via=np.zeros((0, 0, 0), np.int16),
        near=near(legs, drive, places[:stops], windows, NEAR),
        around=around(legs, stops, AROUND),
        pair_units=np.zeros((len(trucks), stops), np.int32),
        trucks=trucks,
    )


def _enough(instance: VrplibInstance) -> int:
    return int(instance.demand.sum() / instance.capacity * 1.1) + 3
