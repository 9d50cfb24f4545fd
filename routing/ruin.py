"""Ruin and recreate on whole days: some neighbouring stops are taken out and put back better.

It asks only what collection needs (trips with a site at their end, a hold, a day's hours), and so
tries hundreds of rebuilt plans in the time in which a general solver rebuilds twenty. It starts
from a plan and gives one back; OR-Tools goes on from there.

Source: slack induction by string removals, Christiaens & Vanden Berghe 2020, Transp. Sci. 54(2),
with disposal trips inside the route.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

from routing.day_search import Limit
from routing.day_state import DayState, Insertion, Trip
from routing.problem import Problem, Stop
from routing.tour import UNITS_PER_CENT, LegUnits, Tours

REMOVED_ON_AVERAGE = 10
LONGEST_STRING = 10
OVERLOOKED = 0.05
"""The share of trips that an insertion does not see, so that a ruin is not always mended alike."""
HOT_LEGS, COLD_LEGS = 3.0, 0.02
"""How much dearer a plan may be accepted at first and at last, in usual legs."""


def ruin_and_recreate(
    problem: Problem,
    legs: LegUnits,
    stops: Sequence[Stop],
    start: Tours,
    limit: Limit,
    chance: random.Random,
) -> Tours:
    """Return the best tours found from the start by ruining and recreating until the limit."""
    if not (stops and problem.trucks and problem.sites):
        return start
    state = DayState(problem, legs, stops, start)
    leg = _usual_leg_units(state)
    best, best_total = start, state.total
    for warmth in _cooling(limit, HOT_LEGS * leg, COLD_LEGS * leg):
        if _attempt(state, warmth, chance) and state.total < best_total:
            best, best_total = state.tours, state.total
    return best


def _attempt(state: DayState, warmth: float, chance: random.Random) -> bool:
    """Ruin and recreate once; keep the outcome if it is cheap enough, else undo it."""
    allowed = state.total - warmth * math.log(1.0 - chance.random())
    seed = chance.randrange(len(state.stops))
    left_out = [x for x in (seed, *state.near[seed]) if x in state.absent]
    _recreate(state, _ruin(state, seed, chance) + left_out, chance)
    if state.total < allowed and state.keeps_hours() and state.total < allowed:
        state.keep()
        return True
    state.undo()
    return False


def _ruin(state: DayState, seed: int, chance: random.Random) -> list[int]:
    """Take strings of neighbouring stops out of several trips near a stop."""
    trips = sum(map(len, state.days)) or 1
    longest = min(LONGEST_STRING, max(1.0, (len(state.stops) - len(state.absent)) / trips))
    strings = int(chance.uniform(1, 4 * REMOVED_ON_AVERAGE / (1 + longest)))
    ruined: dict[Trip, None] = {}
    removed: list[int] = []
    for x in (seed, *state.near[seed]):
        trip = state.trip_of[x]
        if trip is None or trip in ruined:
            continue
        string = _string(trip.stops, x, longest, chance)
        state.take(trip, string)
        removed += string
        ruined[trip] = None
        if len(ruined) >= strings:
            break
    state.close_gaps({trip.day for trip in ruined})
    return removed


def _string(stops: Sequence[int], x: int, longest: float, chance: random.Random) -> Sequence[int]:
    """Choose a string of a trip that holds a stop; half of the time with a gap in it."""
    length = int(chance.uniform(1, min(longest, len(stops)) + 1))
    spared = 0
    if 1 < length < len(stops) and chance.random() < 0.5:
        spared = min(len(stops) - length, chance.randint(1, 3))
    whole, at = length + spared, stops.index(x)
    start = chance.randint(max(0, at - whole + 1), min(at, len(stops) - whole))
    gap = start + chance.randint(0, length)
    return [*stops[start:gap], *stops[gap + spared : start + whole]]


def _recreate(state: DayState, missing: list[int], chance: random.Random) -> None:
    """Put missing stops back one by one, each where it costs least."""
    for x in _in_some_order(state, missing, chance):
        best: Insertion | None = None
        for trip in dict.fromkeys([state.trip_of[y] for y in state.near[x]]):
            if trip is not None and chance.random() >= OVERLOOKED:
                best = _cheaper(best, state.in_trip(x, trip))
        if best is None or chance.random() < OVERLOOKED:
            for day in range(len(state.days)):
                best = _cheaper(best, state.as_trip(x, day))
        if best is not None and best.units < state.price[x]:
            state.put(x, best)


def _cheaper(one: Insertion | None, other: Insertion | None) -> Insertion | None:
    if one is None or other is None:
        return one or other
    return one if one.units <= other.units else other


def _in_some_order(state: DayState, missing: list[int], chance: random.Random) -> list[int]:
    """Order stops by chance, or the heaviest, farthest or nearest first; musts always first."""
    chance.shuffle(missing)
    from_site = state.drive_s[state.first_site]
    drawn = chance.random()
    if drawn < 0.4:
        missing.sort(key=lambda x: -state.stops[x].weight_kg)
    elif drawn < 0.6:
        missing.sort(key=lambda x: -from_site[x])
    elif drawn < 0.7:
        missing.sort(key=lambda x: from_site[x])
    return sorted(missing, key=lambda x: not state.stops[x].must)


def _usual_leg_units(state: DayState) -> float:
    """Return the mean cost of a leg between stops."""
    legs = [
        state.units[trip.day][a][b]
        for day in state.days
        for trip in day
        for a, b in pairwise(trip.stops)
    ]
    return max(1.0, sum(legs) / len(legs)) if legs else 100.0 * UNITS_PER_CENT


def _cooling(limit: Limit, hot: float, cold: float) -> Iterator[float]:
    """Yield falling temperatures until the limit is reached."""
    begun, tries, done = time.monotonic(), 0, 0.0
    while done < 1.0:
        yield hot * (cold / hot) ** done
        tries += 1
        done = (time.monotonic() - begun) / max(limit.seconds, 1e-9)
        if limit.solutions is not None:
            done = max(done, tries / limit.solutions)
