"""The policies that are compared, each by name, with the figures that it runs on."""

from __future__ import annotations

from dataclasses import replace

from city.choosing import Policy
from operations.simulate.calendar import EVERY_WEEKDAY
from operations.simulate.policies import MustMay, Ours, Perfect, Standing, Threshold

Rival = Standing | Threshold | MustMay | Ours | Perfect

TUESDAY_AND_FRIDAY = (1, 4)

OURS = Policy(must_p_overflow=0.9, overflow_price_cents=4_500, max_days_unemptied=500)
"""Weekdays, prices and levels were found on seed 51, which is never reported. The longest wait is
so high because the fixed schedule has none."""

_CHOOSERS: tuple[Rival, ...] = (
    Standing(),
    Standing(by_zone=True, name="fixed-by-zone"),
    Threshold(0.6),
    MustMay(0.65, 0.5, 800),
    Ours(OURS, name="ours-daily"),
    Ours(OURS, weekdays=TUESDAY_AND_FRIDAY),
    Perfect(OURS, weekdays=TUESDAY_AND_FRIDAY),
)
POLICIES = {chooser.name: chooser for chooser in _CHOOSERS}


def in_district(chooser: Rival, number: int) -> Rival:
    """Return a policy as a district has it: the next ones have their trucks a weekday later.

    So a policy of two weekdays needs its trucks on two days in each of three districts.
    """
    days = tuple(sorted((day + number) % len(EVERY_WEEKDAY) for day in chooser.weekdays))
    return replace(chooser, weekdays=days)
