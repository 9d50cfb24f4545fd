"""What the search reads, and the plan that it changes, as arrays of records."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Records = Any
"""A structured array, whose fields mypy does not see; its dtype stands below."""

NEVER = 1 << 29
"""A time, cost or distance that no day reaches; twice it still fits 32 bits."""

PINNED = 1 << 47
"""A price from which on a stop is never taken out once it is in."""

LONGEST_DAY = 1024
"""Places on one truck's day at most, its start and end included."""

PLACE = np.dtype(
    [
        ("price_units", "i8"),  # of leaving a stop out; of a must, more than anything
        ("service_ticks", "i4"),
        ("window_first", "i4"),  # where its windows lie in `Day.windows`
        ("window_after", "i4"),
        ("load_0", "i4"),  # the two measures of a stop's load; a site takes everything
        ("load_1", "i4"),
        ("fraction", "i4"),  # a trip holds one only
        ("next_in_pair", "i4"),  # 1 + the stop that goes with it, in a ring; 0 for a stop alone
        ("turn", "i4"),  # its own number within the pair,
        ("behind", "i8"),  # and as bits those of the stops that come before it
        ("must", "?"),
    ],
    align=True,
)
WINDOW = np.dtype([("opens", "i4"), ("last", "i4")])
"""When service may begin; of one place in order and apart."""

TRUCK = np.dtype(
    [
        ("hold_0", "i8"),  # the most at once, and over the day
        ("hold_1", "i8"),
        ("day_load_0", "i8"),
        ("day_load_1", "i8"),
        ("use_units", "i8"),  # for leaving home
        ("wait_units", "i8"),  # for a tick of waiting
        ("long_units", "i8"),  # for a tick of driving and service beyond `fair_ticks`
        ("day_stops", "i4"),
        ("alike", "i4"),  # neighbours in the array with one number are interchangeable
        ("price_list", "i4"),  # into `Day.leg_units`
        ("start", "i4"),
        ("end", "i4"),
        ("open_ticks", "i4"),  # first departure, last return
        ("close_ticks", "i4"),
        ("pause_ticks", "i4"),  # unbroken, on a leg, outside all service
        ("pause_open", "i4"),  # when it may begin
        ("pause_close", "i4"),
        ("pause_free", "i4"),  # a truck that is back by then needs none
        ("fair_ticks", "i4"),
        ("drive_row", "i4"),  # where its profile's rows begin in `Day.drive_ticks`
        ("via_row", "i4"),  # and its fractions in `Day.via`
        ("pause_at_ends", "?"),  # whether it may lie on the first or last leg
    ],
    align=True,
)


class Day(NamedTuple):
    """A day to be planned. Places are the stops, then the sites, then starts and ends.

    Costs are whole units and times whole ticks; the adapter says what they are.

    Parameters
    ----------
    leg_units : (k, places, places) a leg, with what serving its far end costs, per price list.
    drive_ticks : (profiles * places, places).
    places, windows, trucks : records of `PLACE`, `WINDOW`, `TRUCK`.
    via : (profiles * fractions, places, places) the site that lies best between two places, -1
        for none; without fractions, trucks need not empty themselves before they return.
    near, around : (stops, some) other stops, nearest first: where to insert, what to ruin.
    pair_units : (trucks, stops) what a stop costs more on a truck; `NEVER` where it may not be.
    """

    leg_units: Ints
    drive_ticks: Ints
    places: Records
    windows: Records
    via: NDArray[np.int16]
    near: Ints
    around: Ints
    pair_units: Ints
    trucks: Records


ROW = np.dtype(
    [
        ("place", "i4"),
        ("left_free", "i4"),  # earliest departure of a truck that has not paused yet,
        ("left_rested", "i4"),  # and of one that has
        ("last_free", "i4"),  # latest begin of service that the rest of the day allows
        ("last_rested", "i4"),
        ("held_0", "i4"),  # on the truck at departure
        ("held_1", "i4"),
        ("trip_0", "i4"),  # of the whole trip that the place lies in
        ("trip_1", "i4"),
        ("trip_first", "i4"),  # position of that trip's first place
        ("leg_units", "i4"),  # of the leg that leads here
    ]
)
SLOT = np.dtype(
    [
        ("units", "i8"),  # use and waiting counted
        ("day_load_0", "i8"),
        ("day_load_1", "i8"),
        ("work", "i8"),  # ticks of driving and service
        ("length", "i4"),
        ("stops", "i4"),
        ("holds", "?"),  # whether hours are kept
    ],
    align=True,
)
SWITCH = np.dtype(
    [
        ("slot", "i4"),
        ("changed", "i4"),  # a list of trucks with a changed day; not about the truck itself
        ("touched", "?"),  # changed since the last keeping
        ("ruined", "?"),  # by the ruin that is going on
    ],
    align=True,
)
STOP = np.dtype(
    [
        ("absences", "i8"),  # how often a must could not be placed: hard ones count for more
        ("keys", "i8"),
        ("truck_of", "i4"),  # -1 where it is left out
        ("position", "i4"),
        ("removed", "i4"),  # a list of stops taken out; not about the stop itself
    ],
    align=True,
)
NOW = np.dtype(
    [
        ("chance", "u8"),  # state of the random numbers
        ("units", "i8"),
        ("hardness", "i8"),
        ("best_units", "i8"),
        ("exchanged", "f8"),  # the share of ruins that begin with an exchange between two trips
        ("changed", "i8"),  # how many trucks were changed since the last keeping
        ("paired", "i8"),  # whether there is a pair
    ]
)
SCRATCH = np.dtype(
    [("cost", "i8"), ("place", "i4"), ("stop", "i4"), ("cut", "i4"), ("queue", "i4")], align=True
)


class State(NamedTuple):
    """A plan under change. Each truck has two slots; `trucks` says which one counts.

    Before a truck's day is changed it is copied to its other slot, so that a change is taken back
    by pointing to the old one.

    Parameters
    ----------
    rows : (slots, longest) of `ROW`, a day's places from start to end.
    slots, trucks, stops, now, scratch : records of `SLOT`, `SWITCH`, `STOP`, `NOW`, `SCRATCH`.
    best : (trucks, longest) places of the best plan, -1 after the end.
    back_units : `Day.leg_units` from column to row, so that all ways to a place lie together.
    """

    rows: Records
    slots: Records
    trucks: Records
    stops: Records
    now: Records
    scratch: Records
    best: Ints
    back_units: Ints


def empty_state(day: Day, seed: int) -> State:
    """Return a plan without places, its figures not yet worked out."""
    trucks, stops = len(day.trucks), len(day.near)
    longest = min(LONGEST_DAY, 2 * stops + 4)
    state = State(
        rows=np.zeros((2 * trucks, longest), ROW),
        slots=np.zeros(2 * trucks, SLOT),
        trucks=np.zeros(trucks, SWITCH),
        stops=np.zeros(stops + 1, STOP),
        now=np.zeros(1, NOW),
        scratch=np.zeros(longest + 1, SCRATCH),
        best=np.full((trucks, longest), -1, dtype=np.int32),
        back_units=np.ascontiguousarray(day.leg_units.transpose(0, 2, 1)),
    )
    state.trucks["slot"] = range(0, 2 * trucks, 2)
    state.now["chance"] = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1
    return state
