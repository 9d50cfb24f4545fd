"""The simulated streams that `merging.py` measures on; all that is assumed stands in `World`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from city.cases import Matter, Spot
from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fraction import Fraction
from city.place import Position

START = datetime(2026, 9, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Every assumption of the simulation.

    Parameters
    ----------
    link_m : containers so near to each other are one place (and one case).
    cases_per_day : share of the places at which a case begins on a day, of either matter.
    loose_share : how many of them are loose waste; the others are full containers.
    beside_m : how far from its place's middle a case lies, per axis.
    photo_sd_m, report_sd_m : noise of a position, per axis.
    reports_per_day : while a case lies there.
    passes_per_day, seen_share : a camera passes a place so often, and sees what lies there.
    delay_days : a record is received uniformly up to so long after it was seen; the time at which
        it was seen is known.
    duplicates : share of the records that come twice: within an hour, with a delay and a noise of
        their own.
    cleared_after_days : pairs only: when somebody clears a case, uniformly; the visit is recorded,
        what was found is not.
    visit_hour, reach_m : drives only: when crews come, and how far around the place they see.
    """

    link_m: float = 10.0
    cases_per_day: float = 0.05
    loose_share: float = 0.5
    beside_m: float = 2.0
    photo_sd_m: float = 5.0
    report_sd_m: float = 15.0
    reports_per_day: float = 0.8
    passes_per_day: float = 0.2
    seen_share: float = 0.9
    delay_days: float = 3.0
    duplicates: float = 0.2
    cleared_after_days: tuple[float, float] = (1.0, 4.0)
    visit_hour: float = 8.0
    reach_m: float = 20.0


@dataclass(frozen=True)
class Sighting:
    """One record of a case, before anybody hears of it; days since the start."""

    case: int
    seen: float
    received: float
    record: Evidence


@dataclass(frozen=True)
class Trouble:
    """A case as it truly is."""

    spot: int
    matter: Matter
    begins: float
    cleared: float


def read_containers(shared: Path) -> list[Container]:
    path = shared / "registry" / "amsterdam_rest_containers.csv"
    with path.open(encoding="utf-8") as file:
        return [
            Container(
                row["id"],
                Position(float(row["lon"]), float(row["lat"])),
                Fraction.RESIDUAL,
                ContainerKind.UNDERGROUND,
                5000,
            )
            for row in csv.DictReader(file)
        ]


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def troubles(
    world: World, spots: Sequence[Spot], days: int, rng: np.random.Generator
) -> list[Trouble]:
    """Draw the cases; one that begins where another still lies is part of that one."""
    found: list[Trouble] = []
    until: dict[tuple[int, Matter], float] = {}
    for day in range(days):
        for spot in np.flatnonzero(rng.random(len(spots)) < world.cases_per_day).tolist():
            loose = rng.random() < world.loose_share
            matter = Matter.LOOSE_WASTE if loose else Matter.FULL
            begins = day + rng.random()
            cleared = begins + rng.uniform(*world.cleared_after_days)
            if until.get((spot, matter), -1.0) < begins:
                until[spot, matter] = cleared
                found.append(Trouble(spot, matter, begins, cleared))
    return found


def sightings(
    world: World,
    spots: Sequence[Spot],
    cases: Sequence[Trouble],
    last: Callable[[Trouble], float],
    rng: np.random.Generator,
) -> list[Sighting]:
    """Draw what is seen of each case until `last`, and when it is heard of."""
    drawn: list[Sighting] = []
    for number, case in enumerate(cases):
        lies = spots[case.spot].position.moved(*rng.normal(0.0, world.beside_m, 2))
        span = last(case) - case.begins
        streams = (
            ("report", world.reports_per_day, world.report_sd_m),
            ("photo", world.passes_per_day * world.seen_share, world.photo_sd_m),
        )
        for stream, per_day, sd_m in streams:
            for seen in case.begins + span * rng.random(rng.poisson(per_day * span)):
                twice = rng.random() < world.duplicates
                for again in range(1 + twice):
                    when = float(seen) + (rng.random() / 24 if again else 0.0)
                    if when >= last(case):
                        continue
                    received = when + rng.random() * world.delay_days
                    record = _record(
                        f"{stream}:{number}:{len(drawn)}", stream, case.matter,
                        lies.moved(*rng.normal(0.0, sd_m, 2)), sd_m, when, received,
                    )  # fmt: skip
                    drawn.append(Sighting(number, when, received, record))
    return drawn


def _record(
    ref: str, stream: str, matter: Matter, place: Position, sd_m: float, seen: float, heard: float
) -> Evidence:
    kind = EvidenceKind.SIDE_WASTE
    if matter is Matter.FULL:
        kind = EvidenceKind.REPORT if stream == "report" else EvidenceKind.PHOTO
    return Evidence(kind, 1.0, at(seen), at(heard), stream, ref, place, sd_m)
