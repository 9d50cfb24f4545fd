"""What a search looks at first: neighbours to go in beside, stops to ruin, sites on the way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from routing.core.day import NEVER, Bools, Ints, Records

WAIT_WEIGHT, LATE_WEIGHT = 0.2, 1.0
"""What a tick of waiting or of lateness between two stops counts against their nearness.

Source: the granular neighbourhoods of Vidal et al. 2013, C&OR 40(1), with PyVRP's weights.
"""

BLOCK = 512


def near(legs: Ints, drive: Ints, stops: Records, windows: Records, number: int) -> Ints:
    """Return each stop's nearest others, as far as their hours go together, (stops, number).

    Parameters
    ----------
    legs, drive : (places, places) units and ticks, the stops first.
    stops : (stops,) of `PLACE`.
    """
    opens = np.zeros(len(stops))
    lasts = np.full(len(stops), float(NEVER))
    has = stops["window_first"] < stops["window_after"]
    opens[has] = windows["opens"][stops["window_first"][has]]
    lasts[has] = windows["last"][stops["window_after"][has] - 1]
    ready = opens + stops["service_ticks"]
    gone = lasts + stops["service_ticks"]
    to = slice(0, len(stops))

    def after(a: slice, b: slice) -> NDArray[np.float64]:
        """Return how badly each of b follows each of a."""
        hours = drive[a, b]
        wait = np.maximum(0.0, opens[b] - hours - gone[a, None])
        late = np.maximum(0.0, ready[a, None] + hours - lasts[b])
        bad: NDArray[np.float64] = legs[a, b] + WAIT_WEIGHT * wait + LATE_WEIGHT * late
        return bad

    return _least(len(stops), number, lambda a: np.minimum(after(a, to), after(to, a).T))


def around(legs: Ints, stops: int, number: int) -> Ints:
    """Return each stop's nearest others by cost alone, (stops, number)."""
    return _least(stops, number, lambda a: legs[a, :stops].astype(np.float64))


def via(legs: Ints, sites: range, takes: Bools) -> NDArray[np.int16]:
    """Return the site of least detour between two places, (fractions, places, places).

    Parameters
    ----------
    takes : (sites, fractions).
    """
    best = np.full((takes.shape[1], *legs.shape), -1, dtype=np.int16)
    for fraction in range(takes.shape[1]):
        least = np.full(legs.shape, np.iinfo(np.int64).max)
        for site, place in enumerate(sites):
            if takes[site, fraction]:
                units = legs[:, place, None].astype(np.int64) + legs[None, place, :]
                best[fraction][units < least] = place
                np.minimum(least, units, out=least)
    return best


def _least(count: int, number: int, badness: Callable[[slice], NDArray[np.float64]]) -> Ints:
    number = max(0, min(number, count - 1))
    least = np.zeros((count, number), dtype=np.int32)
    for first in range(0, count if number else 0, BLOCK):
        rows = slice(first, min(first + BLOCK, count))
        bad = badness(rows)
        bad[np.arange(rows.stop - first), np.arange(first, rows.stop)] = np.inf
        least[rows] = np.argsort(bad, axis=1, kind="stable")[:, :number]
    return least
