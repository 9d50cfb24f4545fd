"""The truth: what comes into each container on each day, and what its capacity must be.

Inflow of a container on a day is its mean, times the weekday's share, times what the whole city
feels that day, times its own slow drift, times gamma-distributed chance. All of it is drawn
before any policy acts, so that every policy meets the same waste.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from city.container import Container, ContainerKind
from city.fraction import DENSITY_KG_PER_L, Fraction
from operations.simulate.assumptions import Assumptions
from operations.simulate.calendar import Calendar
from operations.simulate.district import Array, District
from operations.simulate.schedule import fixed_schedule

CALIBRATION_SEEDS = range(1_000, 1_060)
"""Futures on which capacities are set: none of them is ever scored."""

MORNING_H = 11.0
"""When the standing rounds come, on average."""


@dataclass(frozen=True)
class Day:
    """One day of all n containers.

    Parameters
    ----------
    start : (n,) fill level at midnight; 1 is full, what is above lies beside.
    inflow : (n,) what comes in that day.
    emptied_h : (n,) hour at which each is emptied; not a number where it is not.
    """

    number: int
    start: Array
    inflow: Array
    emptied_h: Array
    assumptions: Assumptions

    def share(self, hour: Array | float) -> Array:
        """Return which share of a day's inflow has come by an hour."""
        a = self.assumptions
        span = a.deposits_until_h - a.deposits_from_h
        part: Array = ((np.asarray(hour) - a.deposits_from_h) / span).clip(0.0, 1.0)
        return part

    def before(self) -> Array:
        """(n,) the level just before the emptying; not a number where there is none."""
        level: Array = self.start + self.inflow * self.share(self.emptied_h)
        return level

    def level(self, hour: Array | float) -> Array:
        """Return (n,) the level at an hour."""
        emptied = self.emptied_h <= hour
        since = self.share(hour) - np.where(emptied, self.share(self.emptied_h), 0.0)
        level: Array = np.where(emptied, 0.0, self.start) + self.inflow * since
        return level

    def end(self) -> Array:
        """(n,) the level at midnight."""
        return self.level(24.0)

    def overflowed(self) -> NDArray[np.bool_]:
        """(n,) true where it was full at some moment of the day."""
        full: NDArray[np.bool_] = (self.end() >= 1.0) | (np.nan_to_num(self.before()) >= 1.0)
        return full


@dataclass(frozen=True)
class World:
    """A simulated city: containers, calendar, and one future of its waste.

    Parameters
    ----------
    inflow : (n, days) in shares of each container's capacity.
    standing, by_zone : (n, days) the fixed schedule, container by container and by zone.
    """

    district: District
    containers: tuple[Container, ...]
    calendar: Calendar
    assumptions: Assumptions
    inflow: Array
    standing: NDArray[np.bool_]
    by_zone: NDArray[np.bool_]
    seed: int

    def warmup(self, by_zone: bool) -> Iterator[Day]:
        """Yield the days of the warm-up, collected by either fixed schedule."""
        schedule = self.by_zone if by_zone else self.standing
        level = np.zeros(len(self.containers))
        for number in range(self.assumptions.warmup_days):
            rounds = schedule[:, number]
            day = self.day(number, level, np.where(rounds, MORNING_H, np.nan))
            level = day.end()
            yield day

    @property
    def usual_inflow(self) -> Array:
        """(n,) mean inflow a day, in shares of capacity."""
        holds_kg = np.array([container.weight_kg(1.0) for container in self.containers])
        usual: Array = self.district.kg_a_day / holds_kg
        return usual

    def inflow_until(self, number: int, later: int, hour: float) -> Array:
        """Return (n,) what comes in from a day's start until an hour of a later day.

        After the last day nothing is drawn: there it is the mean.
        """
        whole: Array = self.inflow[:, number:later].sum(axis=1)
        if (beyond := later - self.calendar.count) >= 0:
            return whole + self.usual_inflow * (beyond + hour / 24.0)
        nothing = np.zeros(len(self.containers))
        return whole + self.day(later, nothing, np.full(len(nothing), np.nan)).level(hour)

    def day(self, number: int, level: Array, emptied_h: Array) -> Day:
        """Return a day from the levels at its start and the hours of its emptyings."""
        return Day(number, level, self.inflow[:, number], emptied_h, self.assumptions)


def build_world(district: District, assumptions: Assumptions, seed: int) -> World:
    """Return one future of a district; the capacities do not depend on the seed."""
    calendar = Calendar(
        assumptions.first_day - timedelta(days=assumptions.all_days - assumptions.counted_days),
        assumptions.all_days,
    )
    standing = fixed_schedule(district, calendar, by_zone=False)
    capacity_kg = _capacities_kg(district, calendar, assumptions, standing)
    litres = np.round(capacity_kg / DENSITY_KG_PER_L[Fraction.RESIDUAL]).clip(10, 50_000)
    containers = tuple(
        Container(
            id=name,
            position=position,
            fraction=Fraction.RESIDUAL,
            kind=ContainerKind.UNDERGROUND,
            volume_l=int(volume_l),
            simulated=True,
        )
        for name, position, volume_l in zip(district.ids, district.positions, litres, strict=True)
    )
    holds_kg = litres * DENSITY_KG_PER_L[Fraction.RESIDUAL]
    inflow = inflow_kg(district, calendar, assumptions, np.random.default_rng([seed, 1]))
    return World(
        district,
        containers,
        calendar,
        assumptions,
        inflow / holds_kg[:, None],
        standing,
        fixed_schedule(district, calendar, by_zone=True),
        seed,
    )


def inflow_kg(
    district: District, calendar: Calendar, assumptions: Assumptions, rng: np.random.Generator
) -> Array:
    """Return (n, days) kilograms that come into each container on each day."""
    a, n = assumptions, len(district)
    week = np.array(a.weekday_inflow)
    of_day = (week / week.mean())[calendar.weekday]
    of_day = of_day * np.where(calendar.holiday, a.holiday_inflow, 1.0)
    of_day = of_day * rng.lognormal(-(a.city_day_sd**2) / 2, a.city_day_sd, calendar.count)
    kept = math.exp(-1.0 / a.drift_days)
    drift, drifts = rng.normal(0.0, a.drift_sd, n), np.empty((n, calendar.count))
    for number in range(calendar.count):
        drift = kept * drift + math.sqrt(1 - kept**2) * rng.normal(0.0, a.drift_sd, n)
        drifts[:, number] = drift
    shape = 1.0 / a.day_cv**2
    chance = rng.gamma(shape, 1.0 / shape, (n, calendar.count))
    pace = np.exp(drifts - a.drift_sd**2 / 2)
    kg: Array = district.kg_a_day[:, None] * of_day * pace * chance
    return kg


def _capacities_kg(
    district: District, calendar: Calendar, a: Assumptions, standing: NDArray[np.bool_]
) -> Array:
    """Return what each must hold so that the standing rounds overflow on the share wanted.

    Each container's own share over half a year comes first, or the size in the trade that is
    nearest; one factor for all then makes it come true in the days that count, with their holidays.
    """
    half_year, counted = [], []
    for seed in CALIBRATION_SEEDS:
        kg = inflow_kg(district, calendar, a, np.random.default_rng([seed, 1]))
        fullest = _fullest_kg(kg, standing, a)
        half_year.append(fullest[:, calendar.count // 2 :].astype(np.float32))
        counted.append(fullest[:, -a.counted_days :])
    often = 1.0 - a.overflow_share
    own: Array = np.quantile(np.concatenate(half_year, axis=1), often, axis=1)
    if a.sizes_l:
        sizes_kg = np.array(a.sizes_l) * DENSITY_KG_PER_L[Fraction.RESIDUAL]
        own = sizes_kg[np.abs(np.log(own[:, None] / sizes_kg)).argmin(axis=1)]
    factor = float(np.quantile(np.concatenate(counted, axis=1) / own[:, None], often))
    return own * factor


def _fullest_kg(kg: Array, standing: NDArray[np.bool_], a: Assumptions) -> Array:
    """Return (n, days) the most that lay in each on each day under the standing rounds."""
    level, most = np.zeros(len(kg)), np.empty_like(kg)
    for number in range(kg.shape[1]):
        rounds = np.where(standing[:, number], MORNING_H, np.nan)
        day = Day(number, level, kg[:, number], rounds, a)
        level = day.end()
        most[:, number] = np.fmax(level, day.before())
    return most
