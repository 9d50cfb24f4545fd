"""The demo city's past: simulated emptyings and reports, from one seed.

Each container has an inflow that nobody knows, varying from day to day. Until now it was emptied
by a fixed schedule and weighed. Some citizens report a full one; some reports are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind

DAYS = 70
SOURCE = "simulation"

MEDIAN_RATE_PER_DAY = {
    ContainerKind.UNDERGROUND: 0.11,
    ContainerKind.BANK: 0.07,
    ContainerKind.WHEELIE: 0.13,
    ContainerKind.BASKET: 0.22,
}
SCHEDULE_DAYS = {
    ContainerKind.UNDERGROUND: 7,
    ContainerKind.BANK: 10,
    ContainerKind.WHEELIE: 7,
    ContainerKind.BASKET: 3,
}
RATE_LOG_SPREAD = 0.45
DAY_TO_DAY_SHAPE = 3.0
WEIGHING_ERROR = 0.06
P_REPORT_WHEN_FULL = 0.25
P_FALSE_REPORT = 0.002


@dataclass(frozen=True)
class Past:
    """The simulated history of one container, day by day until the demo's clock."""

    container: Container
    last_emptying_day: int
    rng: np.random.Generator
    now: datetime

    def records(self) -> Iterator[Evidence]:
        """Yield its emptyings and the reports about it."""
        kind = self.container.kind
        rate = MEDIAN_RATE_PER_DAY[kind] * self.rng.lognormal(0.0, RATE_LOG_SPREAD)
        phase = int(self.rng.integers(SCHEDULE_DAYS[kind]))
        fill = 0.0
        for day in range(DAYS):
            if day % SCHEDULE_DAYS[kind] == phase and day <= self.last_emptying_day:
                error = self.rng.normal(1.0, WEIGHING_ERROR)
                yield self._record(EvidenceKind.EMPTYING, fill, error, day, hour=9)
                fill = 0.0
            fill += self.rng.gamma(DAY_TO_DAY_SHAPE, rate / DAY_TO_DAY_SHAPE)
            p_report = P_REPORT_WHEN_FULL if fill >= 1.0 else P_FALSE_REPORT
            if self.rng.random() < p_report:
                yield self._record(EvidenceKind.REPORT, 1.0, 1.0, day, hour=17)

    def _record(
        self, kind: EvidenceKind, fill: float, error: float, day: int, hour: int
    ) -> Evidence:
        weighed = kind is EvidenceKind.EMPTYING
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        minutes = int(self.rng.integers(60))
        when = midnight - timedelta(days=DAYS - 1 - day) + timedelta(hours=hour, minutes=minutes)
        value = max(0.0, self.container.weight_kg(fill) * error) if weighed else 1.0
        return Evidence(
            kind=kind,
            value=round(value, 1),
            seen_at=when,
            received_at=when,
            source=SOURCE,
            raw_ref=f"{SOURCE}:{self.container.id}/{kind}/{DAYS - 1 - day}",
            position=self.container.position,
            uncertainty_m=2.0 if weighed else 15.0,
            container_id=self.container.id,
        )


def simulate_history(
    containers: Sequence[Container], photographed: AbstractSet[str], now: datetime, seed: int
) -> tuple[Evidence, ...]:
    """Return the simulated records of all containers, the same for the same seed.

    Parameters
    ----------
    photographed : ids of containers in the sample photos, not emptied in the last five days so
        that what the photos show is still there.
    """
    records: list[Evidence] = []
    for index, container in enumerate(containers):
        last = DAYS - 6 if container.id in photographed else DAYS - 1
        rng = np.random.default_rng([seed, index])
        records += Past(container, last, rng, now).records()
    return tuple(records)
