"""The waste-collection instances of Kim, Kim & Sahoo: their files, and plans for them as text.

Source: Kim, Kim & Sahoo 2006, C&OR 33(12); the header of each file says what its fields mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from city.errors import BadInput, Fault

DEPOT, STOP, SITE = 0, 1, 2
FEET_PER_MILE = 5280
HEADER_LINES = 6
FIELDS = 8

Routes = tuple[tuple[int, ...], ...]
"""A plan: each truck's visits in order as places of the instance, the depot left out."""


@dataclass(frozen=True, eq=False)
class KimInstance:
    """One day of collection.

    Parameters
    ----------
    ids : (n,) the file's own Stop_IDs.
    kind : (n,) `DEPOT`, `STOP` or `SITE`.
    at_feet : (n, 2) float64.
    early_s, late_s : (n,) when service may begin; at the depot, first departure and last return.
    load_yards : (n,) float64, zero except at stops.
    """

    capacity_yards: float
    day_capacity_yards: float
    stops_per_day: int
    lunch_s: int
    speed_mph: float
    ids: tuple[str, ...]
    kind: NDArray[np.int64]
    at_feet: NDArray[np.float64]
    early_s: NDArray[np.int64]
    late_s: NDArray[np.int64]
    service_s: NDArray[np.int64]
    load_yards: NDArray[np.float64]

    @property
    def depot(self) -> int:
        """The place of the depot."""
        return int(np.flatnonzero(self.kind == DEPOT)[0])

    @property
    def distance_feet(self) -> NDArray[np.float64]:
        """Manhattan distance between all places, (n, n)."""
        feet: NDArray[np.float64] = np.abs(self.at_feet[:, None] - self.at_feet).sum(-1)
        return feet

    @property
    def feet_per_s(self) -> float:
        """How fast trucks drive."""
        return self.speed_mph * FEET_PER_MILE / 3600


def read_kim(file: Path) -> KimInstance:
    """Read an instance.

    Raises
    ------
    BadInput
        With every line that cannot be read, or where there is no such file.
    """
    if not file.is_file():
        cause, remedy = "There is no such file.", "Check the path."
        raise BadInput(Fault("no-such-file", str(file), cause, remedy))
    lines = file.read_text(encoding="utf-8").splitlines()
    given = [line.split() for line in lines[: HEADER_LINES - 1]]
    rows = [(n, line.split()) for n, line in enumerate(lines, 1) if n > HEADER_LINES]
    rows = [(n, row) for n, row in rows if row]
    wrong = [_fault(file, n + 1, row) for n, row in enumerate(given) if not _numbers(row[:1])]
    wrong += [_fault(file, n, row) for n, row in rows if len(row) != FIELDS or not _numbers(row)]
    kinds = [row[-1] for _, row in rows]
    if not wrong and (len(given) < HEADER_LINES - 1 or kinds.count("0") != 1 or "2" not in kinds):
        wrong = [_fault(file, 1, [f"{kinds.count('0')} depots, {kinds.count('2')} sites"])]
    if wrong:
        raise BadInput(wrong)
    table = np.array([[float(field) for field in row[1:]] for _, row in rows])
    header = [float(row[0]) for row in given]
    kind = table[:, 6].astype(np.int64)
    return KimInstance(
        capacity_yards=header[0],
        day_capacity_yards=header[1],
        stops_per_day=int(header[2]),
        lunch_s=int(header[3]),
        speed_mph=header[4],
        ids=tuple(row[0] for _, row in rows),
        kind=kind,
        at_feet=table[:, :2],
        early_s=_seconds(table[:, 2]),
        late_s=_seconds(table[:, 3]),
        service_s=table[:, 4].astype(np.int64),
        load_yards=np.where(kind == STOP, table[:, 5], 0.0),
    )


def routes_text(instance: KimInstance, routes: Routes) -> str:
    """Return a plan as text: a line a route, its Stop_IDs in order, sites included."""
    return "".join(" ".join(instance.ids[place] for place in route) + "\n" for route in routes)


def routes_from_text(instance: KimInstance, text: str) -> Routes:
    """Read what `routes_text` wrote."""
    places = {stop_id: place for place, stop_id in enumerate(instance.ids)}
    lines = (line.split() for line in text.splitlines())
    return tuple(tuple(places[stop_id] for stop_id in line) for line in lines if line)


def _seconds(hhmm: NDArray[np.float64]) -> NDArray[np.int64]:
    """Read hours and minutes as they stand; a few files have 75 minutes in an hour."""
    whole = hhmm.astype(np.int64)
    return whole // 100 * 3600 + whole % 100 * 60


def _numbers(fields: Sequence[str]) -> bool:
    try:
        return bool(fields) and all(np.isfinite(float(field)) for field in fields)
    except ValueError:
        return False


def _fault(file: Path, line: int, row: Sequence[str]) -> Fault:
    return Fault(
        code="kim-line-unreadable",
        where=f"{file.name}, line {line}",
        cause="This is not a line of a waste-collection instance of Kim, Kim and Sahoo.",
        remedy="Give five header lines, one of titles, then id, x, y, early, late, service, load "
        "and type (0 for the one depot, 1 a stop, 2 a site) per line.",
        value=" ".join(row)[:60],
    )
