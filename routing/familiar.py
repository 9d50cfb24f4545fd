"""Rounds that crews know, and what it costs to drive otherwise.

A deviation has a price in the search alone: what a plan costs is always told without it. A stop
whose day is another needs no field here: whoever asks for it lowers its price of skipping.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class KnownRoute:
    """The stops of a truck in the order in which its crew is used to them."""

    vehicle_id: str
    stop_ids: tuple[str, ...]


@dataclass(frozen=True)
class Familiar:
    """Standing routes, or yesterday's, and the price of each deviation from them.

    Parameters
    ----------
    routes : may name stops and trucks that are not there today; each stop stands in one at most.
    succession_cents : for a known stop after which another stop comes than the one that usually
        does; those that are not there today are passed over, and so are disposal visits.
    truck_cents : for a known stop on another truck than its own.
    """

    routes: tuple[KnownRoute, ...]
    succession_cents: int = 30
    truck_cents: int = 60

    @property
    def truck_of(self) -> dict[str, str]:
        """By stop id, the truck that usually serves it."""
        return {ref: route.vehicle_id for route in self.routes for ref in route.stop_ids}

    def successions(self, among: Collection[str]) -> dict[str, str]:
        """Return by stop id the stop that usually comes after it, as far as both are among some."""
        return successions((route.stop_ids for route in self.routes), among)


def successions(routes: Iterable[tuple[str, ...]], among: Collection[str]) -> dict[str, str]:
    """Return by stop id the stop that comes after it on its route, all others passed over."""
    kept = ([ref for ref in route if ref in among] for route in routes)
    return {here: there for route in kept for here, there in pairwise(route)}
