"""Days of a simulated city: when trucks drive, and which days are unlike others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import count
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

SUNDAY = 6
EVERY_WEEKDAY = (0, 1, 2, 3, 4, 5)
"""Monday to Saturday."""
ZONE = ZoneInfo("Europe/Amsterdam")


def easter(year: int) -> date:
    """Return Easter Sunday.

    Source: the anonymous Gregorian algorithm, Meeus, Astronomical Algorithms, chapter 8.
    """
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    golden = year % 19
    epact = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    to_sunday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the days besides Sundays on which Dutch crews do not drive."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=days) for days in (1, 39, 50))
    fixed = ((1, 1), (4, 27), (12, 25), (12, 26))
    return frozenset((*moving, *(date(year, month, day) for month, day in fixed)))


def _is_holiday(day: date) -> bool:
    return day in public_holidays(day.year)


def _drives(day: date) -> bool:
    return day.weekday() != SUNDAY and not _is_holiday(day)


@dataclass(frozen=True)
class Calendar:
    """So many days from a first one, known by number."""

    start: date
    count: int

    def day(self, number: int) -> date:
        """Return the date of a day."""
        return self.start + timedelta(days=number)

    def at(self, number: int, hour: float) -> datetime:
        """Return an hour of a day by the city's clock."""
        minutes = timedelta(minutes=round(hour * 60))
        return datetime.combine(self.day(number), time(), ZONE) + minutes

    def comes(self, number: int, weekdays: Collection[int]) -> bool:
        """Tell whether trucks come on a day if they do on these weekdays.

        What falls on a public holiday is made up for on the next day that trucks drive.
        """
        return _drives(self.day(number)) and self._is_due(number, weekdays)

    def next_round(self, number: int, weekdays: Collection[int]) -> int:
        """Return the first day after this one on which trucks come, be it beyond the last."""
        return next(later for later in count(number + 1) if self.comes(later, weekdays))

    def _is_due(self, number: int, weekdays: Collection[int]) -> bool:
        if self.day(number).weekday() in weekdays:
            return True
        return not _drives(self.day(number - 1)) and self._is_due(number - 1, weekdays)

    @cached_property
    def weekday(self) -> NDArray[np.intp]:
        """(days,) Monday is 0."""
        return (np.arange(self.count) + self.start.weekday()) % 7

    @cached_property
    def holiday(self) -> NDArray[np.bool_]:
        """(days,) public holidays."""
        return np.array([_is_holiday(self.day(number)) for number in range(self.count)])

    @cached_property
    def service(self) -> NDArray[np.bool_]:
        """(days,) on which trucks drive: all but Sundays and public holidays."""
        drives: NDArray[np.bool_] = (self.weekday != SUNDAY) & ~self.holiday
        return drives

    def next_service(self, number: int) -> int:
        """Return the first day after this one on which trucks drive."""
        later = np.flatnonzero(self.service[number + 1 :])
        return number + 1 + int(later[0]) if len(later) else number + 1
