"""The routing problem of one day: immutable, whole numbers, independent of any solver.

Nodes are rows of the matrix; stops, sites and depots name the node they stand at. Several may
share one. Money is in euro cents, times of day in seconds after local midnight.

A window holds the whole service: it begins at or after the window's start and is over by its
end; a truck that comes early waits. Work is paid from leaving the start until the end is
reached, breaks left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from city.container import Gear
from city.fleet import BreakRule, DrivingRule, Window
from city.fraction import Fraction
from routing.familiar import Familiar
from routing.shape import NO_PRICES, ShapePrices

# More than any day or country holds, yet a route over several still fits 64 bits by far.
UNREACHABLE = 1_000_000_000
"""The seconds or metres of a leg that cannot be driven."""

IntMatrix = NDArray[np.int32]


@dataclass(frozen=True)
class Stop:
    """A container to be emptied.

    Parameters
    ----------
    skip_price_cents : what leaving it out costs; None makes it a must.
    windows : when it may be served, in order and apart; empty means at any time.
    after : stops, for trucks with other gear, that are served before it where they are served.
    kerb_only : reached only over ways that end with it at the kerb's side of the truck.
    pair : a name that stops share which one truck serves together, or nobody.
    after_in_pair : stops of its pair that the truck serves before it.
    only_trucks : the trucks that may serve it, where not all with its fraction and gear may.
    weight_sd_kg, volume_sd_l : how far the true load may lie off, as a standard deviation.
    max_gross_kg, max_length_cm : the largest truck that its street holds; None for any.
    aboard : no container but what its only truck carries already: left out last of all.
    """

    id: str
    node: int
    fraction: Fraction
    gear: Gear
    weight_kg: int
    volume_l: int
    service_s: int
    skip_price_cents: int | None = None
    windows: tuple[Window, ...] = ()
    after: tuple[str, ...] = ()
    only_trucks: tuple[str, ...] = ()
    weight_sd_kg: int = 0
    volume_sd_l: int = 0
    max_gross_kg: int | None = None
    max_length_cm: int | None = None
    aboard: bool = False
    pair: str = ""
    after_in_pair: tuple[str, ...] = ()
    kerb_only: bool = False

    @property
    def must(self) -> bool:
        """Whether it has to be served if that is possible at all."""
        return self.skip_price_cents is None


@dataclass(frozen=True)
class DisposalSite:
    """Where a truck empties itself; any number of times, within its window.

    Parameters
    ----------
    day_weight_kg : what it takes in a day from all trucks together; None for no limit.
    """

    id: str
    node: int
    fractions: tuple[Fraction, ...]
    window: Window
    service_s: int
    day_weight_kg: int | None = None


@dataclass(frozen=True)
class Truck:
    """A vehicle of the day; it leaves and returns empty.

    Parameters
    ----------
    weight_capacity_kg, volume_capacity_l : per trip, that is between two emptyings.
    start_ref, end_ref : what the first and the last line of its route are called.
    day_weight_kg, day_volume_l, day_stops : the most over the whole day; None for no limit.
    gross_kg, length_cm : permitted weight and outer length, which streets may limit.
    driving_rule : its break from driving, beside that from work.
    overfull_pct : the chance, in per cent, with which a trip may exceed its capacity.
    profile : whose matrices it drives by, of `Problem.profiles`; empty for the problem's own.
    """

    id: str
    start_node: int
    end_node: int
    fractions: tuple[Fraction, ...]
    gear: Gear
    weight_capacity_kg: int
    volume_capacity_l: int
    shift: Window
    break_rule: BreakRule | None
    cost_per_km_cents: int
    cost_per_hour_cents: int
    cost_per_use_cents: int
    start_ref: str = "depot"
    end_ref: str = "depot"
    day_weight_kg: int | None = None
    day_volume_l: int | None = None
    day_stops: int | None = None
    gross_kg: int = 0
    length_cm: int = 0
    driving_rule: DrivingRule | None = None
    profile: str = ""
    overfull_pct: int = 5

    def suits(self, stop: Stop) -> bool:
        """Tell whether it may serve a stop: its fraction, gear and size, and by name."""
        return (
            stop.fraction in self.fractions
            and stop.gear is self.gear
            and (not stop.only_trucks or self.id in stop.only_trucks)
            and (stop.max_gross_kg is None or self.gross_kg <= stop.max_gross_kg)
            and (stop.max_length_cm is None or self.length_cm <= stop.max_length_cm)
        )


@dataclass(frozen=True, eq=False)
class Ways:
    """The roads between all nodes for one kind of truck.

    Parameters
    ----------
    duration_s, length_m : (n, n) int32, from row to column; `UNREACHABLE` where no road leads.
    """

    duration_s: IntMatrix
    length_m: IntMatrix


@dataclass(frozen=True, eq=False)
class Problem:
    """Stops, trucks, disposal sites, and the roads between them.

    Parameters
    ----------
    duration_s, length_m : (n, n) int32, from row to column; `UNREACHABLE` where no road leads.
    familiar : the rounds that crews know, where deviating from them has a price.
    shape_prices : what the search holds against routes that sprawl, days of unequal length, and
        streets that are crossed on foot or by crane.
    kerb_length_m : (n, n) int32 of ways that end with the place on the kerb's side of the truck;
        where it is longer than `length_m`, the usual way ends on the other side of the street.
    profiles : by name, the ways of trucks that may not drive, or drive otherwise, where most do.
    """

    stops: tuple[Stop, ...]
    trucks: tuple[Truck, ...]
    sites: tuple[DisposalSite, ...]
    duration_s: IntMatrix
    length_m: IntMatrix
    familiar: Familiar | None = None
    shape_prices: ShapePrices = NO_PRICES
    kerb_length_m: IntMatrix | None = None
    profiles: Mapping[str, Ways] = field(default_factory=dict)

    def ways(self, truck: Truck) -> Ways:
        """Return the roads as a truck may drive them."""
        return self.profiles[truck.profile] if truck.profile else self._own_ways

    @cached_property
    def _own_ways(self) -> Ways:
        return Ways(self.duration_s, self.length_m)

    @cached_property
    def pairs(self) -> dict[str, tuple[Stop, ...]]:
        """The stops of each pair, by its name."""
        found: dict[str, tuple[Stop, ...]] = {}
        for stop in self.stops:
            if stop.pair:
                found[stop.pair] = (*found.get(stop.pair, ()), stop)
        return found

    def together(self, stop: Stop) -> tuple[Stop, ...]:
        """Return what is served with a stop or not at all, itself among them."""
        return self.pairs[stop.pair] if stop.pair else (stop,)

    def replace(self, **changes: Any) -> Self:
        """Return the problem with some of its parts exchanged: a what-if."""
        return replace(self, **changes)


def with_matrices(problem: Problem, change: Callable[[IntMatrix], IntMatrix]) -> Problem:
    """Return a problem in which all durations and lengths, of all profiles, are changed alike."""
    return problem.replace(
        duration_s=change(problem.duration_s),
        length_m=change(problem.length_m),
        profiles={
            name: Ways(change(ways.duration_s), change(ways.length_m))
            for name, ways in problem.profiles.items()
        },
    )
