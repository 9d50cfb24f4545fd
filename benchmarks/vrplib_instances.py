"""Plain and prize-collecting vehicle routing instances in VRPLIB's format, with known solutions.

Source: `X` of Uchoa et al. 2017 (EJOR 257(3)), distances rounded; PyVRP's prize-collecting
instances with time windows (MIT), distances and times truncated to one decimal and counted in
tenths, so that costs are whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PRIZE_TENTHS = 10


@dataclass(frozen=True, eq=False)
class VrplibInstance:
    """A depot (place 0) and clients; with prizes, a client may be left out for its prize.

    Parameters
    ----------
    distance : (n, n) int64, driving time as well where there are windows.
    prize : (n,) or None where every client must be served.
    early, late : (n,) when service may begin, or None.
    vehicles : how many there are, or None for as many as one likes.
    """

    name: str
    distance: NDArray[np.int64]
    demand: NDArray[np.int64]
    capacity: int
    prize: NDArray[np.int64] | None = None
    early: NDArray[np.int64] | None = None
    late: NDArray[np.int64] | None = None
    service: int = 0
    vehicles: int | None = None

    def cost(self, routes: Sequence[Sequence[int]]) -> int:
        """Return distance and the prizes left uncollected."""
        driven = sum(int(self.distance[leg]) for r in routes for leg in pairwise([0, *r, 0]))
        if self.prize is None:
            return driven
        collected = sum(int(self.prize[place]) for route in routes for place in route)
        return driven + int(self.prize.sum()) - collected

    def violations(self, routes: Sequence[Sequence[int]]) -> Iterator[str]:
        """Say everything that breaks a rule in a plan."""
        served = [place for route in routes for place in route]
        if len(set(served)) < len(served) or 0 in served:
            yield "a client is served twice, or the depot"
        if self.prize is None and len(served) < len(self.demand) - 1:
            yield "a client is left out"
        if self.vehicles is not None and len(routes) > self.vehicles:
            yield f"{len(routes)} routes for {self.vehicles} vehicles"
        for number, route in enumerate(routes, 1):
            if sum(int(self.demand[place]) for place in route) > self.capacity:
                yield f"route {number} is over capacity"
            if not self._keeps_windows(route):
                yield f"route {number} comes too late"

    def _keeps_windows(self, route: Sequence[int]) -> bool:
        if self.early is None or self.late is None:
            return True
        left = int(self.early[0])
        for before, place in pairwise([0, *route, 0]):
            begin = max(left + int(self.distance[before, place]), int(self.early[place]))
            if begin > self.late[place]:
                return False
            left = begin + self.service
        return True


def read_instance(file: Path) -> VrplibInstance:
    """Read an instance of either family."""
    head, sections = _parts(file)
    at = _column(sections["NODE_COORD_SECTION"], slice(1, 3)).astype(float)
    metres = np.hypot(*(at[:, None] - at).transpose(2, 0, 1))
    demand = _column(sections["DEMAND_SECTION"], 1)
    capacity = int(head["CAPACITY"])
    if "PRIZE_SECTION" not in sections:
        rounded = np.floor(metres + 0.5).astype(np.int64)
        return VrplibInstance(head["NAME"], rounded, demand, capacity)
    early, late = _column(sections["TIME_WINDOW_SECTION"], slice(1, 3)).T * PRIZE_TENTHS
    return VrplibInstance(
        name=head["NAME"],
        distance=np.floor(metres * PRIZE_TENTHS).astype(np.int64),
        demand=demand,
        capacity=capacity,
        prize=_column(sections["PRIZE_SECTION"], 1) * PRIZE_TENTHS,
        early=early,
        late=late,
        service=int(head["SERVICE_TIME"]) * PRIZE_TENTHS,
        vehicles=int(head["VEHICLES"]),
    )


def read_solution(file: Path) -> tuple[list[list[int]], int]:
    """Read routes and the cost that the file states."""
    lines = file.read_text().splitlines()
    routes = [[int(n) for n in line.split(":")[1].split()] for line in lines if "Route" in line]
    stated = next(line for line in lines if line.lower().startswith("cost"))
    return routes, int(stated.split()[-1])


def _parts(file: Path) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    head: dict[str, str] = {}
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in file.read_text().splitlines():
        name, colon, value = line.partition(":")
        if colon:
            head[name.strip()] = value.strip()
        elif line.strip().endswith("_SECTION"):
            rows = sections[line.strip()] = []
        else:
            rows.append(line.split())
    return head, sections


def _column(rows: list[list[str]], which: int | slice) -> NDArray[np.int64]:
    return np.array([row[which] for row in rows], dtype=np.int64)
