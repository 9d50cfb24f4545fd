"""The fixed schedule: each container at its own interval, on fixed weekdays.

Either container by container, as a schedule grows: those that stand together share their weekdays,
and the days are equally full. Or by zone: weekdays go by neighbourhood, so that a day's stops lie
together, and containers of several weeks' interval in one street share their week. The second is
the best that a fixed schedule can do, and harder to beat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from operations.simulate.calendar import Calendar
from operations.simulate.district import Array, District

WEEKDAYS: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((0,), (1,), (2,), (3,), (4,), (5,)),
    2: ((0, 3), (1, 4), (2, 5), (0, 3), (1, 4), (2, 5)),
    3: ((0, 2, 4),) * 3 + ((1, 3, 5),) * 3,
    4: ((0, 1, 3, 4),) * 3 + ((1, 2, 4, 5),) * 3,
    5: ((0, 1, 2, 3, 4),) * 3 + ((1, 2, 3, 4, 5),) * 3,
    6: ((0, 1, 2, 3, 4, 5),) * 6,
}
"""By visits a week: the weekdays of each of six zones."""

PHASES = 16
TOGETHER_DEG = 0.0003
SHUFFLE_SEED = 5


def fixed_schedule(district: District, calendar: Calendar, *, by_zone: bool) -> NDArray[np.bool_]:
    """Return (n, days) on which days the fixed schedule comes to which container.

    What falls on a public holiday is made up for on the next day that trucks drive.
    """
    places = _plane(district) if by_zone else _shuffled(_plane(district))
    per_week, every_weeks = _rhythm(district.interval_days)
    zone, phase = _zones(places)
    day = np.arange(calendar.count)
    # Monday of week 0 is the first Monday of 1970: numbers of weeks do not depend on the start.
    week = (calendar.start.toordinal() - 719_166 + day) // 7
    visits = np.zeros((len(district), calendar.count), dtype=bool)
    for i in range(len(district)):
        mine = np.isin(calendar.weekday, WEEKDAYS[int(per_week[i])][zone[i]])
        turn = phase[i] * every_weeks[i] // PHASES
        visits[i] = mine & (week % every_weeks[i] == turn)
    return _made_up_for(visits, calendar)


def _rhythm(interval_days: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return visits a week, and every how many weeks: powers of two, so that weeks are shared."""
    often = 7.0 / interval_days
    per_week = np.where(often >= 1.5, np.round(often), 1.0).clip(1, 6)
    weeks = 2.0 ** np.round(np.log2(interval_days / 7.0)).clip(0, 6)
    every = np.where(often >= 1.5, 1.0, weeks)
    return per_week.astype(np.intp), every.astype(np.intp)


def _plane(district: District) -> Array:
    middle = district.positions[0]
    east = np.cos(np.radians(middle.lat))
    return np.array([((p.lon - middle.lon) * east, p.lat - middle.lat) for p in district.positions])


def _shuffled(places: Array) -> Array:
    """Return places anywhere, but the same for containers that stand together."""
    together = np.unique(np.round(places / TOGETHER_DEG), axis=0, return_inverse=True)[1]
    anywhere = np.random.default_rng(SHUFFLE_SEED).random((together.max() + 1, 2))
    jitter = 1e-9 * np.arange(len(places))[:, None]
    shuffled: Array = anywhere[together.ravel()] + jitter
    return shuffled


def _zones(places: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return six compact zones of equal size, and within each a phase from west to east."""
    zone = np.zeros(len(places), dtype=np.intp)
    phase = np.zeros(len(places), dtype=np.intp)
    halves = np.array_split(np.argsort(places[:, 0], kind="stable"), 2)
    for half, members in enumerate(halves):
        thirds = np.array_split(members[np.argsort(places[members, 1], kind="stable")], 3)
        for third, mine in enumerate(thirds):
            from_west = mine[np.argsort(places[mine, 0], kind="stable")]
            zone[mine] = 3 * half + third
            phase[from_west] = np.arange(len(mine)) * PHASES // max(1, len(mine))
    return zone, phase


def _made_up_for(visits: NDArray[np.bool_], calendar: Calendar) -> NDArray[np.bool_]:
    for number in np.flatnonzero(~calendar.service).tolist():
        if visits[:, number].any() and calendar.next_service(number) < calendar.count:
            visits[:, calendar.next_service(number)] |= visits[:, number]
        visits[:, number] = False
    return visits
