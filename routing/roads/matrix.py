"""Driving times and lengths between points, as plain whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from city.errors import Fault
from routing.problem import UNREACHABLE

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Snapping:
    """Where on the roads points lie.

    Parameters
    ----------
    lonlat : (n, 2) float64 degrees, the place on the road.
    distance_m : (n,) float32 from the point given to that place, as the crow flies.
    street : name of that road for each point; empty where it has none.
    """

    lonlat: NDArray[np.float64]
    distance_m: NDArray[np.float32]
    street: tuple[str, ...]

    def faults(self, most_m: float, names: Sequence[str] = ()) -> tuple[Fault, ...]:
        """Return a fault for each point farther than ``most_m`` from any road."""
        return tuple(
            _too_far(names[at] if names else f"point {at}", float(self.distance_m[at]), most_m)
            for at in np.flatnonzero(self.distance_m > most_m).tolist()
        )


@dataclass(frozen=True)
class Matrix:
    """Times and lengths of the fastest lawful way from every point to every other.

    Parameters
    ----------
    duration_s : (n, n) int32, row = from, column = to; ``UNREACHABLE`` where there is no way.
    length_m : (n, n) int32, of that same fastest way; ``UNREACHABLE`` likewise.
    snapping : where on the roads the points lie.
    """

    duration_s: Ints
    length_m: Ints
    snapping: Snapping

    def __len__(self) -> int:
        return len(self.duration_s)

    @property
    def unreachable(self) -> tuple[int, ...]:
        """Points without a way there and back to the largest group of points that have one."""
        there = self.duration_s < UNREACHABLE
        both = there & there.T
        if not len(both):
            return ()
        hub = int(both.sum(axis=1).argmax())
        return tuple(int(at) for at in np.flatnonzero(~both[hub]))

    def faults(self, most_m: float = 150.0, names: Sequence[str] = ()) -> tuple[Fault, ...]:
        """Return what is wrong with the points: too far from a road, or cut off from the rest.

        Parameters
        ----------
        most_m : how far from a road a point may lie.
        names : what to call the points, in their order.
        """
        cut_off = tuple(_cut_off(names[at] if names else f"point {at}") for at in self.unreachable)
        return self.snapping.faults(most_m, names) + cut_off

    def with_extra(self, extra_duration_s: Sequence[int], extra_length_m: Sequence[int]) -> Matrix:
        """Return the matrix with a stated extra drive at each point, for sites off the map.

        The extra of a point is added to every arc that leaves it and to every arc that comes
        to it, except to the arc from the point to itself. Arcs that cannot be driven stay so.

        Parameters
        ----------
        extra_duration_s, extra_length_m : (n,) for one way; 0 for points on the map.
        """
        return replace(
            self,
            duration_s=_added(self.duration_s, extra_duration_s),
            length_m=_added(self.length_m, extra_length_m),
        )


def _added(cells: Ints, extra: Sequence[int]) -> Ints:
    each = np.asarray(extra, dtype=np.int64)
    both = each[:, None] + each[None, :]
    np.fill_diagonal(both, 0)
    return np.where(cells >= UNREACHABLE, UNREACHABLE, cells + both).astype(np.int32)


def _too_far(where: str, distance_m: float, most_m: float) -> Fault:
    cause = f"It lies farther than {most_m:g} m from any road that the truck may drive."
    remedy = "Check its position (longitude before latitude), or build roads that reach it."
    return Fault("too-far-from-road", where, cause, remedy, "position", f"{distance_m:.0f} m")


def _cut_off(where: str) -> Fault:
    cause = "No lawful way leads there and back again for this truck."
    remedy = "Move it to a street the truck may use, or serve it with a smaller truck."
    return Fault("cut-off", where, cause, remedy, "position")
