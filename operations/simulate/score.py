"""What a policy came to, day by day and container by container."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from city.evidence import Evidence
from city.fairness import Neighbourhood, attention, by_neighbourhood
from operations.simulate.district import Array
from operations.simulate.drive import Driven
from operations.simulate.observers import Seen
from operations.simulate.world import Day, World


@dataclass(frozen=True)
class Figures:
    """The figures of one policy on one future.

    Parameters
    ----------
    km, hours : of all trucks together, breaks included.
    most_trucks : that drove on one day.
    fill_at_emptying : mean; 1 is full.
    overflow_days : container-days with a full container; overflow_share of all container-days.
    drives_for_nothing : emptyings of a container that was nearly empty.
    cases : overflows that were reported at all; reports_per_case how often each was.
    left_kg_change : what lay in the containers at the end, less what lay there at the start.
    """

    policy: str
    seed: int
    km: float
    hours: float
    truck_days: int
    most_trucks: int
    trips: int
    extra_trips: int
    emptyings: int
    fill_at_emptying: float
    tonnes: float
    km_per_tonne: float
    container_days: int
    overflow_days: int
    overflow_share: float
    drives_for_nothing: int
    reports: int
    false_reports: int
    cases: int
    reports_per_case: float
    left_kg_change: float


SUMMED = (
    "km",
    "hours",
    "truck_days",
    "trips",
    "extra_trips",
    "emptyings",
    "tonnes",
    "container_days",
    "overflow_days",
    "drives_for_nothing",
    "reports",
    "false_reports",
    "cases",
    "left_kg_change",
)
"""Figures of districts that their city's are the sums of."""


def together(parts: Sequence[Figures]) -> Figures:
    """Return the figures of districts of one future as their city's."""
    sums = {name: sum(getattr(part, name) for part in parts) for name in SUMMED}
    emptyings, tonnes = sums["emptyings"], sums["tonnes"]
    filled = sum(part.fill_at_emptying * part.emptyings for part in parts)
    return Figures(
        policy=parts[0].policy,
        seed=parts[0].seed,
        most_trucks=sum(part.most_trucks for part in parts),
        fill_at_emptying=round(filled / emptyings, 3) if emptyings else 0.0,
        km_per_tonne=round(sums["km"] / tonnes, 3) if tonnes else 0.0,
        overflow_share=round(sums["overflow_days"] / max(1, sums["container_days"]), 5),
        reports_per_case=round(sums["reports"] / sums["cases"], 2) if sums["cases"] else 0.0,
        **sums,
    )


@dataclass
class Tally:
    """Counts of one policy's counted days; per container where fairness asks for it."""

    world: World
    km: list[float] = field(default_factory=list)
    trucks: list[int] = field(default_factory=list)
    hours: float = 0.0
    trips: int = 0
    extra_trips: int = 0
    kg: float = 0.0
    fills: list[float] = field(default_factory=list)
    nearly_empty: int = 0
    reports: int = 0
    false_reports: int = 0
    cases: int = 0
    records: list[Evidence] = field(default_factory=list)
    start_kg: float | None = None
    end_kg: float = 0.0

    def __post_init__(self) -> None:
        n = len(self.world.containers)
        self.overflow_days: NDArray[np.intp] = np.zeros(n, dtype=np.intp)
        self._capacity: Array = np.array([c.weight_kg(1.0) for c in self.world.containers])
        self._in_case = np.zeros(n, dtype=bool)

    def add(self, day: Day, driven: Driven, seen: Seen) -> None:
        """Count a day."""
        if self.start_kg is None:
            self.start_kg = self._kg(day.start)
        self.end_kg = self._kg(day.end())
        self.km.append(driven.length_m / 1000)
        self.hours += driven.duration_s / 3600
        self.trucks.append(driven.trucks)
        self.trips += driven.trips
        self.extra_trips += driven.extra_trips
        self.kg += driven.collected_kg
        before = day.before()
        emptied = ~np.isnan(before)
        fills = before[emptied].clip(max=1.0)
        self.fills += fills.tolist()
        self.nearly_empty += int((fills < self.world.assumptions.nearly_empty).sum())
        self.overflow_days += day.overflowed()
        self.records += seen.records
        self.reports += int(seen.reported.sum())
        self.false_reports += int(seen.falsely.sum())
        # A case lasts from the first report of an overflow until the container is emptied.
        self.cases += int((seen.reported & ~self._in_case).sum())
        self._in_case = (self._in_case | seen.reported) & (day.end() >= 1.0)

    def figures(self, policy: str) -> Figures:
        """Return the sums."""
        km, tonnes = sum(self.km), self.kg / 1000
        container_days = len(self.km) * len(self.world.containers)
        overflow_days = int(self.overflow_days.sum())
        return Figures(
            policy=policy,
            seed=self.world.seed,
            km=round(km, 1),
            hours=round(self.hours, 1),
            truck_days=sum(self.trucks),
            most_trucks=max(self.trucks, default=0),
            trips=self.trips,
            extra_trips=self.extra_trips,
            emptyings=len(self.fills),
            fill_at_emptying=round(float(np.mean(self.fills)), 3) if self.fills else 0.0,
            tonnes=round(tonnes, 2),
            km_per_tonne=round(km / tonnes, 3) if tonnes else 0.0,
            container_days=container_days,
            overflow_days=overflow_days,
            overflow_share=round(overflow_days / max(1, container_days), 5),
            drives_for_nothing=self.nearly_empty,
            reports=self.reports,
            false_reports=self.false_reports,
            cases=self.cases,
            reports_per_case=round(self.reports / self.cases, 2) if self.cases else 0.0,
            left_kg_change=round(self.end_kg - (self.start_kg or 0.0), 1),
        )

    def neighbourhoods(self) -> tuple[Neighbourhood, ...]:
        """Return who was seen, heard and served where; overflow-days are the true ones."""
        end = self.world.calendar.at(self.world.calendar.count, 0.0)
        given = attention(self.world.containers, self.records, end)
        true_days = self.overflow_days.astype(np.float64)
        return by_neighbourhood(self.world.containers, given.with_truth(true_days))

    def _kg(self, level: Array) -> float:
        return float((level.clip(max=1.0) * self._capacity).sum())
