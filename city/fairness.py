"""Who is seen, heard and served where: the same figures for every neighbourhood.

Places that seldom report must not be served last. A container counts as waiting from the first
sign that it is full (a report, or a photo that more probably than not shows it) to its emptying.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from city.container import Container
from city.emptyings import DAY_S
from city.evidence import EMPTIES, Evidence, EvidenceKind
from city.inflow import neighbourhood

CELL_LON_DEG, CELL_LAT_DEG = 0.015, 0.009
"""A neighbourhood is a cell of about one kilometre: small enough to differ, large to count."""

SURE = 0.5

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Attention:
    """What n containers were given in a period.

    Parameters
    ----------
    passes : (n,) days on which a camera passed.
    detections : (n,) of these, days on which it was more probably full than not.
    reports : (n,) citizens' reports.
    waits, waited_days : (n,) how often it waited to be emptied, and for how long in all.
    overflow_days : (n,) days on which it was full; in a live city, on which that was known.
    """

    passes: Array
    detections: Array
    reports: Array
    waits: Array
    waited_days: Array
    overflow_days: Array

    def with_truth(self, overflow_days: Array) -> Attention:
        """Return the same with the overflow-days that a simulation knows."""
        return replace(self, overflow_days=overflow_days)


@dataclass(frozen=True)
class Neighbourhood:
    """One neighbourhood's share of all attention; counts are per container.

    Parameters
    ----------
    mean_wait_days : from the first sign to the emptying; None where nothing waited.
    """

    name: str
    containers: int
    passes: float
    detections: float
    reports: float
    mean_wait_days: float | None
    overflow_days: float


def attention(
    containers: Sequence[Container], records: Iterable[Evidence], until: datetime
) -> Attention:
    """Return what the ledger's records of a period say about each container."""
    by_container: dict[str, list[Evidence]] = defaultdict(list)
    for record in records:
        by_container[record.container_id or ""].append(record)
    rows = [
        _of_one(sorted(by_container.get(c.id, ()), key=lambda r: r.seen_at), until)
        for c in containers
    ]
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), 6).T
    return Attention(*columns)


def _of_one(records: Sequence[Evidence], until: datetime) -> tuple[float, ...]:
    photos = [r for r in records if r.kind is EvidenceKind.PHOTO]
    passes = {r.seen_at.date() for r in photos}
    detections = {r.seen_at.date() for r in photos if r.value >= SURE}
    reports = sum(r.kind is EvidenceKind.REPORT for r in records)
    waits = list(_waits_days(records, until))
    return (
        len(passes),
        len(detections),
        reports,
        len(waits),
        sum(waits),
        sum(math.ceil(days) for days in waits),
    )


def _waits_days(records: Sequence[Evidence], until: datetime) -> Iterable[float]:
    since: datetime | None = None
    for record in records:
        if record.kind in EMPTIES:
            if since is not None:
                yield (record.seen_at - since).total_seconds() / DAY_S
            since = None
        elif since is None and is_sign(record):
            since = record.seen_at
    if since is not None:
        yield (until - since).total_seconds() / DAY_S


def is_sign(record: Evidence) -> bool:
    """Tell whether a record says that a container is full."""
    if record.kind is EvidenceKind.REPORT:
        return True
    return record.kind is EvidenceKind.PHOTO and record.value >= SURE


def by_neighbourhood(
    containers: Sequence[Container], given: Attention
) -> tuple[Neighbourhood, ...]:
    """Return the neighbourhoods, the one with most overflow-days a container first."""
    found = (_row(name, given, rows) for name, rows in neighbourhoods(containers))
    return tuple(sorted(found, key=lambda n: (-n.overflow_days, n.name)))


def neighbourhoods(containers: Sequence[Container]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return each neighbourhood's name, and which of the containers stand in it."""
    members: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, container in enumerate(containers):
        at = container.position
        members[math.floor(at.lon / CELL_LON_DEG), math.floor(at.lat / CELL_LAT_DEG)].append(row)
    return tuple((_name([containers[i] for i in rows]), tuple(rows)) for rows in members.values())


def _row(name: str, given: Attention, rows: Sequence[int]) -> Neighbourhood:
    def each(counts: Array) -> float:
        return round(float(counts[list(rows)].mean()), 3)

    waits = float(given.waits[list(rows)].sum())
    waited = float(given.waited_days[list(rows)].sum())
    return Neighbourhood(
        name=name,
        containers=len(rows),
        passes=each(given.passes),
        detections=each(given.detections),
        reports=each(given.reports),
        mean_wait_days=round(waited / waits, 2) if waits else None,
        overflow_days=each(given.overflow_days),
    )


def _name(members: Sequence[Container]) -> str:
    """Name a cell after its commonest street, or where it lies."""
    streets = Counter(neighbourhood(c) for c in members if c.address)
    lon = sum(c.position.lon for c in members) / len(members)
    lat = sum(c.position.lat for c in members) / len(members)
    place = f"{lat:.3f} N {lon:.3f} E"
    return f"{streets.most_common(1)[0][0].capitalize()} ({place})" if streets else place
