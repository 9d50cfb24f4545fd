"""The containers of a simulation: real ones with their real rhythm, or invented ones.

The registry is the City of Amsterdam's, as prepared by Snap4Waste: id, lat, lon, avg_weight_kg,
container_type, num_weighings_2020_2021 (over two years, 731 days).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def read_district(path: Path, around: Position, count: int) -> District:
    """Return the containers of a registry that are nearest to a place.

    Raises
    ------
    BadInput
        The file is not such a registry, or holds fewer containers.
    """
    rows = [row for row in _rows(path) if _is_emptied_by_crane(row)]
    if len(rows) < count:
        raise BadInput(
            Fault(
                "too-few-containers",
                path.name,
                f"It holds {len(rows)} containers that a simulation can use.",
                "Ask for fewer containers, or give a larger registry.",
                "containers",
                str(count),
            )
        )
    rows.sort(key=lambda row: (around.distance_m(_position(row)), row["id"]))
    near = rows[:count]
    return District(
        ids=tuple(row["id"] for row in near),
        positions=tuple(_position(row) for row in near),
        interval_days=np.array([REGISTRY_DAYS / _number(row, COLUMNS[5]) for row in near]),
        mean_kg=np.array([_number(row, "avg_weight_kg") for row in near]),
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
