"""Which registered container does each sighting of one photo show, if any?

All sightings of a photo share the error of its camera's position, so a row of containers is
matched as a row: shifts of the whole photo are tried, and each is weighed by how well the
sightings then fall on containers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from city.place import EARTH_RADIUS_M, Position
from vision.locate import Sighting

Metres = npt.NDArray[np.float64]

# Further off than so many standard errors, a container is not the one that was seen.
FARTHEST = 3.0
NONE_COST = 0.5 * FARTHEST**2


@dataclass(frozen=True)
class Match:
    """The container that a sighting shows.

    Parameters
    ----------
    container : its row among the positions given; None where none fits.
    probability : share of all plausible shifts that lead to this answer.
    """

    container: int | None
    probability: float


def assign(
    sightings: Sequence[Sighting],
    container_lonlat: npt.ArrayLike,
    camera_error_m: float = 4.0,
) -> tuple[Match, ...]:
    """Return a match for each sighting of one photo; no container is matched twice.

    Parameters
    ----------
    container_lonlat : (n, 2) longitude and latitude of every registered container.
    camera_error_m : standard error per axis of the camera's position, common to all sightings.
    """
    lonlat = np.asarray(container_lonlat, np.float64).reshape(-1, 2)
    if not sightings:
        return ()
    origin = sightings[0].position
    seen = _metres(np.array([(s.position.lon, s.position.lat) for s in sightings]), origin)
    there = _metres(lonlat, origin)
    own_error = np.array([_own_error(s.uncertainty_m, camera_error_m) for s in sightings])
    answers = [
        _answer(seen + shift, there, own_error, 0.5 * float((shift**2).sum()) / camera_error_m**2)
        for shift in _shifts(seen, there, camera_error_m)
    ]
    return tuple(_vote(answers, i) for i in range(len(sightings)))


def _metres(lonlat: Metres, origin: Position) -> Metres:
    """Return metres east and north of an origin, (n, 2), on a plane that touches there."""
    per_degree = math.radians(1) * EARTH_RADIUS_M
    east = (lonlat[:, 0] - origin.lon) * per_degree * math.cos(math.radians(origin.lat))
    return np.stack([east, (lonlat[:, 1] - origin.lat) * per_degree], axis=1)


def _own_error(total_m: float, camera_m: float) -> float:
    return max(1.0, math.sqrt(max(total_m**2 - camera_m**2, 0.0)))


def _shifts(seen: Metres, there: Metres, camera_error_m: float) -> Iterator[Metres]:
    """Yield no shift, and each that puts a sighting on a container within the camera's error."""
    yield np.zeros(2)
    gaps = (there[None] - seen[:, None]).reshape(-1, 2)
    yield from gaps[np.hypot(*gaps.T) < FARTHEST * camera_error_m]


def _answer(
    seen: Metres, there: Metres, error_m: Metres, cost: float
) -> tuple[float, tuple[int | None, ...]]:
    """Match the nearest pairs first; return the cost (a negative log-likelihood) and matches."""
    gap = np.hypot(*(there[None] - seen[:, None]).transpose(2, 0, 1))
    costs = 0.5 * (gap / error_m[:, None]) ** 2
    chosen: list[int | None] = [None] * len(seen)
    taken: set[int] = set()
    for flat in np.argsort(costs, axis=None):
        i, j = divmod(int(flat), len(there))
        if costs[i, j] >= NONE_COST:
            break
        if chosen[i] is None and j not in taken:
            chosen[i] = j
            taken.add(j)
            cost += float(costs[i, j])
    return cost + NONE_COST * chosen.count(None), tuple(chosen)


def _vote(answers: Sequence[tuple[float, tuple[int | None, ...]]], i: int) -> Match:
    """Return the answer with the most weight for one sighting; each distinct answer votes once."""
    best: dict[tuple[int | None, ...], float] = {}
    for cost, chosen in answers:
        best[chosen] = max(best.get(chosen, 0.0), math.exp(-cost))
    _, winner = min(answers, key=lambda answer: answer[0])
    total = sum(best.values())
    agreeing = sum(weight for chosen, weight in best.items() if chosen[i] == winner[i])
    return Match(winner[i], agreeing / total if total else 0.0)
