"""The containers of a simulation: real ones with their real rhythm, or invented ones.

The registry is the City of Amsterdam's, as prepared by Snap4Waste: id, lat, lon, avg_weight_kg,
container_type, num_weighings_2020_2021 (over two years, 731 days).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from city.errors import BadInput, Fault
from city.place import Position

COLUMNS = ("id", "lat", "lon", "avg_weight_kg", "container_type", "num_weighings_2020_2021")
REGISTRY_DAYS = 731
CRANE_TYPE = "Normal container"
LEAST_KG = 20.0
"""A mean weight below this is no emptying, but a scale that was not reset."""
LEAST_WEIGHINGS = 12
"""A container with fewer was placed or taken away in those two years: its interval is unknown."""

INVENTED = 80
INVENTED_CENTRE = Position(4.8130, 52.3965)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class District:
    """Containers of one crane truck's kind, with their rhythm as it was.

    Parameters
    ----------
    ids : (n,) names.
    positions : (n,) where they stand.
    interval_days : (n,) mean days between two emptyings.
    mean_kg : (n,) mean weight of an emptying.
    invented : true where no registry was given.
    """

    ids: tuple[str, ...]
    positions: tuple[Position, ...]
    interval_days: Array
    mean_kg: Array
    invented: bool = False

    @property
    def kg_a_day(self) -> Array:
        """(n,) mean inflow."""
        rate: Array = self.mean_kg / self.interval_days
        return rate

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, rows: NDArray[np.intp]) -> District:
        """Return the district of some of its containers."""
        return replace(
            self,
            ids=tuple(self.ids[row] for row in rows),
            positions=tuple(self.positions[row] for row in rows),
            interval_days=self.interval_days[rows],
            mean_kg=self.mean_kg[rows],
        )

    def around(self, middle: Position, count: int) -> District:
        """Return the containers that are nearest to a place.

        Raises
        ------
        BadInput
            There are fewer.
        """
        if len(self) < count:
            raise _too_few(len(self), "containers", count)
        away_m = [middle.distance_m(position) for position in self.positions]
        nearest = sorted(range(len(self)), key=lambda row: (away_m[row], self.ids[row]))
        return self.only(np.array(nearest[:count]))

    def cut(self, count: int) -> tuple[District, ...]:
        """Return so many compact districts of as much waste a day, every container in one.

        Halves of halves, each across the longer side; an odd number is shared as evenly as it
        can be.

        Raises
        ------
        BadInput
            There are fewer containers than districts.
        """
        if len(self) < count:
            raise _too_few(len(self), "districts", count)
        if count == 1:
            return (self,)
        middle = np.radians(np.mean([p.lat for p in self.positions]))
        east = np.array([p.lon for p in self.positions]) * np.cos(middle)
        north = np.array([p.lat for p in self.positions])
        along = max(east, north, key=np.ptp)
        order = np.argsort(along, kind="stable")
        few, many = count // 2, count - count // 2
        waste = self.kg_a_day[order]
        middles = waste.cumsum() - waste / 2
        first = int(np.searchsorted(middles, waste.sum() * few / count))
        first = min(max(first, few), len(self) - many)
        return (*self.only(order[:first]).cut(few), *self.only(order[first:]).cut(many))


def read_registry(path: Path) -> District:
    """Return all containers of a registry that a simulation can use.

    Raises
    ------
    BadInput
        The file is not such a registry.
    """
    rows = [row for row in _rows(path) if _is_emptied_by_crane(row)]
    return District(
        ids=tuple(row["id"] for row in rows),
        positions=tuple(_position(row) for row in rows),
        interval_days=np.array([REGISTRY_DAYS / _number(row, COLUMNS[5]) for row in rows]),
        mean_kg=np.array([_number(row, "avg_weight_kg") for row in rows]),
    )


def invented_district(seed: int, count: int = INVENTED) -> District:
    """Return invented containers in pairs along invented streets, for where no registry is."""
    rng = np.random.default_rng([seed, 17])
    corners = rng.uniform(-1_500.0, 1_500.0, (count // 2 + 1, 2))
    places = np.repeat(corners, 2, axis=0)[:count] + rng.normal(0.0, 3.0, (count, 2))
    return District(
        ids=tuple(f"SIM-{number:03d}" for number in range(count)),
        positions=tuple(INVENTED_CENTRE.moved(float(x), float(y)) for x, y in places),
        interval_days=rng.lognormal(np.log(8.0), 0.6, count).clip(1.5, 60.0),
        mean_kg=rng.lognormal(np.log(280.0), 0.3, count),
        invented=True,
    )


def _too_few(found: int, field: str, asked: int) -> BadInput:
    return BadInput(
        Fault(
            "too-few-containers",
            "registry",
            f"It holds {found} containers that a simulation can use.",
            f"Ask for fewer {field}, or give a larger registry.",
            field,
            str(asked),
        )
    )


def _rows(path: Path) -> Sequence[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
    except FileNotFoundError:
        raise BadInput(
            Fault("no-such-file", str(path), "There is no such file.", "Check the path.")
        ) from None
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(
            Fault(
                "missing-column",
                path.name,
                "The column is missing.",
                f"Name the columns in the first line: {', '.join(COLUMNS)}.",
                name,
            )
            for name in missing
        )
    return rows


def _is_emptied_by_crane(row: Mapping[str, str]) -> bool:
    return (
        row["container_type"] == CRANE_TYPE
        and _number(row, COLUMNS[5]) >= LEAST_WEIGHINGS
        and _number(row, "avg_weight_kg") >= LEAST_KG
    )


def _position(row: Mapping[str, str]) -> Position:
    return Position(_number(row, "lon"), _number(row, "lat"))


def _number(row: Mapping[str, str], field: str) -> float:
    try:
        return float(row[field])
    except ValueError:
        raise BadInput(
            Fault(
                "not-a-number",
                f"container {row['id']}",
                "It must be a number.",
                "Write it with a point, without unit.",
                field,
                row[field],
            )
        ) from None
