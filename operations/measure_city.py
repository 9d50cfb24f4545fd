"""Verb: what an analyst watches over a period: photos, detectors, expectations, who was served."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from city.fairness import Neighbourhood
from city.photo import PhotoRecord
from city.store import Store, containers, municipalities, photos
from operations.hold_expectations import HeldTally, held_by_day, held_by_neighbourhood
from operations.report_fairness import report_fairness
from operations.review_photo import believed
from operations.score_shadow import Agreement, Shadow, score_shadow

CONTAINERS = {"container", "container_overflowing"}


@dataclass(frozen=True)
class PhotoDay:
    """What a day's photos came to: if that drifts, streets, cameras or weather did."""

    day: date
    photos: int
    containers: int
    overflowing: int
    mean_score: float | None
    blurred_share: float

    @property
    def overflowing_share(self) -> float | None:
        """The share of its containers that overflow; None where it shows none."""
        return self.overflowing / self.containers if self.containers else None


@dataclass(frozen=True)
class DetectorUse:
    """The photos that a version of the detector read."""

    version: str
    photos: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Measures:
    """All of it; the period's both ends are included.

    Parameters
    ----------
    shadow : plans against what was found; nothing of it is an agreement.
    held_days, held_places : the same emptying by emptying, by day and by neighbourhood.
    last_photo : when the newest photo was taken; None without any.
    """

    first: date
    last: date
    days: tuple[PhotoDay, ...]
    detectors: tuple[DetectorUse, ...]
    shadow: Shadow
    held_days: tuple[tuple[date, HeldTally], ...]
    held_places: tuple[tuple[str, HeldTally], ...]
    neighbourhoods: tuple[Neighbourhood, ...]
    last_photo: datetime | None


def measure_city(store: Store, today: date, span_days: int = 28) -> Measures:
    """Return what the days up to today came to.

    Raises
    ------
    BadInput
        If the span is less than a day.
    """
    first = today - timedelta(days=span_days - 1)
    zone = municipalities.get(store).zone
    every = photos.every(store)
    by_day: dict[date, list[PhotoRecord]] = defaultdict(list)
    by_version: dict[str, list[datetime]] = defaultdict(list)
    for photo in every:
        by_version[photo.model_version_id].append(photo.taken_at)
        day = photo.taken_at.astimezone(zone).date()
        if first <= day <= today:
            by_day[day].append(photo)
    shadow = score_shadow(store, Agreement(first, today))
    return Measures(
        first,
        today,
        tuple(_day(day, by_day[day]) for day in sorted(by_day)),
        tuple(DetectorUse(v, len(at), min(at), max(at)) for v, at in sorted(by_version.items())),
        shadow,
        held_by_day(shadow.held),
        held_by_neighbourhood(shadow.held, containers.every(store)),
        report_fairness(store, first, today),
        every[0].taken_at if every else None,
    )


def _day(day: date, some: list[PhotoRecord]) -> PhotoDay:
    seen = [each for photo in some for each in believed(photo) if each.category in CONTAINERS]
    return PhotoDay(
        day,
        len(some),
        len(seen),
        sum(each.category == "container_overflowing" for each in seen),
        sum(each.score for each in seen) / len(seen) if seen else None,
        sum(photo.blurred_share for photo in some) / len(some),
    )
