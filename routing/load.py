"""What a trip carries, and whether a truck holds it even if containers are fuller than believed.

Loads are taken as independent and normal: the chance that a trip exceeds a capacity is at most a
truck's where its mean plus so many standard deviations fits; for 5 % these are 1.645.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, sqrt
from statistics import NormalDist
from typing import Self

from routing.problem import Stop, Truck


def sds_kept(truck: Truck) -> float:
    """Return how many standard deviations above its mean a trip has to fit into a truck."""
    return _quantile(truck.overfull_pct)


@cache
def _quantile(overfull_pct: int) -> float:
    return NormalDist().inv_cdf(1.0 - overfull_pct / 100)


@dataclass(frozen=True)
class Load:
    """Means and variances of what was collected since the last emptying."""

    kg: int = 0
    litres: int = 0
    kg_variance: int = 0
    litres_variance: int = 0

    @classmethod
    def of(cls, stops: Iterable[Stop]) -> Self:
        """Return the load of some stops."""
        load = cls()
        for stop in stops:
            load = load.with_stop(stop)
        return load

    def with_stop(self, stop: Stop) -> Self:
        """Return the load with one more stop."""
        return type(self)(
            self.kg + stop.weight_kg,
            self.litres + stop.volume_l,
            self.kg_variance + stop.weight_sd_kg**2,
            self.litres_variance + stop.volume_sd_l**2,
        )

    def fits(self, truck: Truck) -> bool:
        """Tell whether a truck holds it, but for the chance that it may be overfull."""
        kept = sds_kept(truck)
        return (
            self.kg + kept * sqrt(self.kg_variance) <= truck.weight_capacity_kg
            and self.litres + kept * sqrt(self.litres_variance) <= truck.volume_capacity_l
        )


def within_day(truck: Truck, stops: Sequence[Stop]) -> bool:
    """Tell whether stops keep to what a truck may do in a whole day."""
    load = Load.of(stops)
    pairs = (
        (load.kg, truck.day_weight_kg),
        (load.litres, truck.day_volume_l),
        (len(stops), truck.day_stops),
    )
    return all(limit is None or amount <= limit for amount, limit in pairs)


def padded(
    means: Sequence[int], deviations: Sequence[int], capacities: Sequence[int], kept: float
) -> tuple[list[int], list[int]]:
    """Return loads and capacities for who can only add: what fits these, fits with its spread.

    A square root lies below each of its tangents; the one taken touches it at the variance of a
    trip that fills the median truck, where it matters.

    Parameters
    ----------
    kept : standard deviations above its mean that a trip has to fit with.
    """
    total, variance = sum(means), sum(deviation**2 for deviation in deviations)
    if not variance or not capacities:
        return list(means), list(capacities)
    typical = sorted(capacities)[len(capacities) // 2]
    touch = sqrt(variance * typical / total) if total else sqrt(variance)
    touch = min(touch, sqrt(variance))
    loads = [
        ceil(mean + kept * deviation**2 / (2 * touch))
        for mean, deviation in zip(means, deviations, strict=True)
    ]
    return loads, [max(0, floor(capacity - kept * touch / 2)) for capacity in capacities]


def padded_kg(stops: Sequence[Stop], trucks: Sequence[Truck]) -> tuple[list[int], list[int]]:
    """Return `padded` weights of stops and capacities of trucks."""
    deviations = [stop.weight_sd_kg for stop in stops]
    capacities = [truck.weight_capacity_kg for truck in trucks]
    return padded([stop.weight_kg for stop in stops], deviations, capacities, _most_kept(trucks))


def padded_l(stops: Sequence[Stop], trucks: Sequence[Truck]) -> tuple[list[int], list[int]]:
    """Return `padded` volumes of stops and capacities of trucks."""
    deviations = [stop.volume_sd_l for stop in stops]
    capacities = [truck.volume_capacity_l for truck in trucks]
    return padded([stop.volume_l for stop in stops], deviations, capacities, _most_kept(trucks))


def _most_kept(trucks: Sequence[Truck]) -> float:
    """Return what the most careful truck keeps; a load is padded alike for all of them."""
    return max(map(sds_kept, trucks), default=0.0)
