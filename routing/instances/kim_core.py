"""An instance of Kim as a day of the compiled search: tenths of feet, hundredths of seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from routing.core.day import NEVER, PLACE, TRUCK, WINDOW, Day, Records
from routing.core.nearness import around, near, via
from routing.core.search import Days, search
from routing.instances.kim import DEPOT, SITE, STOP, KimInstance, Routes
from routing.instances.kim_check import LUNCH_FROM_S, LUNCH_UNTIL_S

UNITS_PER_FOOT, TICKS_PER_S, PARTS_PER_YARD = 10, 100, 100
NEAR, AROUND = 40, 150
MUST_UNITS = 10**12


def plan(
    instance: KimInstance,
    vehicles: int,
    *,
    seconds: float,
    seed: int,
    clock: Callable[[], float] = time.monotonic,
) -> Routes:
    """Return the shortest plan found; stops that no truck had room for are missing from it."""
    day = as_day(instance, vehicles)
    found = search(day, seconds=seconds, seed=seed, clock=clock)
    return routes_of(instance, found.days)


def routes_of(instance: KimInstance, days: Days) -> Routes:
    """Return a found plan by the instance's own places."""
    order = _order(instance)
    return tuple(tuple(int(order[place]) for place in places) for places in days if places)


def as_day(instance: KimInstance, vehicles: int) -> Day:
    """Return the day: all stops are musts, all vehicles alike, and distance is what counts.

    Lunch is taken between two visits, on no leg from or to the depot. Driving is rounded up, so
    that what is in time here is in time.
    """
    order = _order(instance)
    stops = int((instance.kind == STOP).sum())
    feet = instance.distance_feet[np.ix_(order, order)]
    legs = np.rint(feet * UNITS_PER_FOOT).astype(np.int32)
    drive = np.ceil(feet / instance.feet_per_s * TICKS_PER_S - 1e-6).astype(np.int32)
    places, windows = np.zeros(len(order), PLACE), np.zeros(len(order) - 1, WINDOW)
    places["load_0"] = np.ceil(instance.load_yards[order] * PARTS_PER_YARD - 1e-6)
    places["service_ticks"] = instance.service_s[order] * TICKS_PER_S
    places["must"], places["price_units"] = True, MUST_UNITS
    places["window_first"] = np.arange(len(order))
    places["window_after"] = np.minimum(np.arange(len(order)) + 1, len(windows))
    windows["opens"] = instance.early_s[order[:-1]] * TICKS_PER_S
    windows["last"] = instance.late_s[order[:-1]] * TICKS_PER_S
    sites = range(stops, len(order) - 1)
    return Day(
        leg_units=legs[None],
        drive_ticks=drive,
        places=places,
        windows=windows,
        via=via(legs, sites, np.ones((len(sites), 1), np.bool_)),
        near=near(legs, drive, places[:stops], windows, NEAR),
        around=around(legs, stops, AROUND),
        pair_units=np.zeros((vehicles, stops), np.int32),
        trucks=_trucks(instance, vehicles, len(order) - 1),
    )


def _trucks(instance: KimInstance, vehicles: int, depot: int) -> Records:
    trucks = np.zeros(vehicles, TRUCK)
    trucks["hold_0"] = int(instance.capacity_yards * PARTS_PER_YARD + 1e-6)
    trucks["day_load_0"] = int(instance.day_capacity_yards * PARTS_PER_YARD + 1e-6)
    trucks["hold_1"] = trucks["day_load_1"] = NEVER
    trucks["day_stops"] = instance.stops_per_day
    trucks["start"] = trucks["end"] = depot
    trucks["open_ticks"] = instance.early_s[instance.depot] * TICKS_PER_S
    trucks["close_ticks"] = instance.late_s[instance.depot] * TICKS_PER_S
    trucks["pause_ticks"] = instance.lunch_s * TICKS_PER_S
    trucks["pause_open"] = LUNCH_FROM_S * TICKS_PER_S
    trucks["pause_close"] = trucks["pause_free"] = LUNCH_UNTIL_S * TICKS_PER_S
    return trucks


def _order(instance: KimInstance) -> NDArray[np.int64]:
    """Return the instance's places in the search's order: stops, sites, depot."""
    kinds = (STOP, SITE, DEPOT)
    return np.concatenate([np.flatnonzero(instance.kind == kind) for kind in kinds])
