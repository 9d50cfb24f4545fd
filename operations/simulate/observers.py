"""Those who see the simulated city: scales, drivers, cameras, citizens. None sees the truth.

Each draws its chance for all containers of a day at once, from the seed and the day alone: the
same cameras pass the same streets under every policy, and the same citizens look up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from city.evidence import Evidence, EvidenceKind
from city.inflow import neighbourhood
from city.likelihood import PHOTO_BASE_RATE
from operations.simulate.district import Array
from operations.simulate.world import Day, World

SOURCE = "simulation"
LOOK_H = (8.0, 22.0)
"""Citizens look at any time between."""
POSITION_SD_M = {EvidenceKind.PHOTO: 5.0, EvidenceKind.SIDE_WASTE: 5.0, EvidenceKind.REPORT: 15.0}


@dataclass(frozen=True)
class Seen:
    """What was recorded of one day.

    Parameters
    ----------
    records : all of them, as the ledger takes them.
    reported, falsely : (n,) containers that a citizen reported, rightly or not.
    """

    records: tuple[Evidence, ...]
    reported: NDArray[np.bool_]
    falsely: NDArray[np.bool_]


class Observers:
    """Everybody who records anything about one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        names = [neighbourhood(container) for container in world.containers]
        self._street = np.unique(names, return_inverse=True)[1]
        a = world.assumptions
        # Under the fixed schedule a share of the reports is false; those speak of any container.
        days = list(world.warmup(by_zone=False))[a.warmup_days // 2 :]
        hours = np.linspace(*LOOK_H, 5)
        full = np.mean([(day.level(hour) >= 1.0).mean() for day in days for hour in hours])
        true_a_day = a.p_report_a_day * float(full)
        self._p_false = true_a_day * a.false_share / max(1e-9, 1.0 - a.false_share)

    def see(self, day: Day) -> Seen:
        """Return what is recorded of a day."""
        rng = np.random.default_rng([self._world.seed, 2, day.number])
        weighed = list(self._weighings(day, rng))
        photos = list(self._cameras(day, rng))
        reported, falsely, reports = self._reports(day, rng)
        return Seen((*weighed, *photos, *reports), reported, falsely)

    def _weighings(self, day: Day, rng: np.random.Generator) -> Iterator[Evidence]:
        a, before = self._world.assumptions, day.before()
        n = len(before)
        error, noticed = rng.normal(1.0, a.weighing_sd, n), rng.random(n) < a.p_tap
        for i in np.flatnonzero(~np.isnan(before)).tolist():
            held = min(1.0, float(before[i]))
            when = self._world.calendar.at(day.number, float(day.emptied_h[i]))
            weight = self._world.containers[i].weight_kg(held) * max(0.0, float(error[i]))
            yield self._record(EvidenceKind.EMPTYING, i, round(weight, 1), when, when)
            if noticed[i]:
                tapped = round(held / a.tap_step) * a.tap_step
                yield self._record(
                    EvidenceKind.DRIVER_TAP, i, tapped, when + timedelta(minutes=1), when
                )

    def _cameras(self, day: Day, rng: np.random.Generator) -> Iterator[Evidence]:
        a, n = self._world.assumptions, len(day.start)
        streets = int(self._street.max()) + 1
        drives = rng.random(streets) < a.camera_share
        hour = rng.uniform(8.0, 18.0, streets)[self._street]
        passed = drives[self._street]
        full = day.level(hour) >= 1.0
        sticks_out = rng.random(n) < np.where(full, a.overflow_visible, a.overflow_imagined)
        bags = rng.random(n) < np.where(full, a.bags_beside_full, a.bags_beside_other)
        overflow = _read(sticks_out, a.detector_quality, rng)
        side_waste = _read(bags, a.detector_quality, rng)
        for i in np.flatnonzero(passed).tolist():
            when = self._world.calendar.at(day.number, float(hour[i]))
            for kind, value in (
                (EvidenceKind.PHOTO, overflow[i]),
                (EvidenceKind.SIDE_WASTE, side_waste[i]),
            ):
                yield self._record(kind, i, round(float(value), 4), when, when)

    def _reports(
        self, day: Day, rng: np.random.Generator
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[Evidence]]:
        a, n = self._world.assumptions, len(day.start)
        hour = rng.uniform(*LOOK_H, n)
        full = day.level(hour) >= 1.0
        reported = full & (rng.random(n) < a.p_report_a_day)
        falsely = ~full & (rng.random(n) < self._p_false)
        delay = rng.exponential(a.report_delay_days, n).clip(max=a.report_delay_most_days)
        records = []
        for i in np.flatnonzero(reported | falsely).tolist():
            when = self._world.calendar.at(day.number, float(hour[i]))
            received = when + timedelta(days=float(delay[i]))
            records.append(self._record(EvidenceKind.REPORT, i, 1.0, when, received))
        return reported, falsely, records

    def _record(
        self, kind: EvidenceKind, row: int, value: float, seen: datetime, received: datetime
    ) -> Evidence:
        container = self._world.containers[row]
        return Evidence(
            kind=kind,
            value=value,
            seen_at=seen,
            received_at=max(seen, received),
            source=SOURCE,
            raw_ref=f"{SOURCE}:{container.id}/{kind}/{seen.isoformat()}",
            position=container.position,
            uncertainty_m=POSITION_SD_M.get(kind, 2.0),
            container_id=container.id,
        )


def _read(true: NDArray[np.bool_], quality: float, rng: np.random.Generator) -> Array:
    """Return the calibrated probability, of each, that a detector gives.

    The detector is right, either way, with probability (1 + quality) / 2, and knows that.
    """
    right = (1.0 + quality) / 2.0
    says = np.where(rng.random(len(true)) < right, true, ~true)
    yes, no = right * PHOTO_BASE_RATE, (1.0 - right) * PHOTO_BASE_RATE
    other = 1.0 - PHOTO_BASE_RATE
    return np.where(says, yes / (yes + (1.0 - right) * other), no / (no + right * other))
