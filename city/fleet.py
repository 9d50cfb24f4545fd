"""Trucks, depots and disposal sites, and what a day asks of them.

Times of day are whole seconds after local midnight; money is in euro cents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from city.container import Gear
from city.errors import BadInput, Fault
from city.fraction import Fraction
from city.place import Position

DAY_S = 24 * 3600


@dataclass(frozen=True)
class Window:
    """A span of a day, in seconds after local midnight; both ends belong to it."""

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s <= 2 * DAY_S:
            raise BadInput(
                Fault(
                    code="window-order",
                    where="time window",
                    value=f"{self.start_s}-{self.end_s}",
                    cause="A window must begin at or after midnight and end after it begins.",
                    remedy="Give begin and end as HH:MM, begin first.",
                )
            )


@dataclass(frozen=True)
class BreakRule:
    """One unbroken pause that must begin before so much work has been done.

    The default is the Arbeidstijdenwet's: 30 minutes after at most 5.5 hours.

    Parameters
    ----------
    begins : a fixed lunch: when it begins, whatever was worked before; who is back by the end of
        the window, or leaves no earlier, needs none.
    """

    duration_s: int = 30 * 60
    after_work_s: int = 5 * 3600 + 30 * 60
    begins: Window | None = None

    def due(self, start_s: int, end_s: int) -> bool:
        """Tell whether who leaves and is back at these hours needs the pause."""
        if self.begins is not None:
            return start_s < self.begins.end_s < end_s
        return end_s - start_s > self.after_work_s


@dataclass(frozen=True)
class DrivingRule:
    """One unbroken pause before a driver has driven for longer, and again after it.

    The default is Regulation (EC) 561/2006, art. 7: 45 minutes after at most 4.5 hours.
    """

    duration_s: int = 45 * 60
    after_driving_s: int = 4 * 3600 + 30 * 60


@dataclass(frozen=True)
class Site:
    """A place that trucks drive to: a depot or a disposal site.

    Parameters
    ----------
    fractions : what may be emptied here; empty for a depot.
    extra_duration_s, extra_length_m : stated drive beyond the road data's edge, one way.
    """

    id: str
    name: str
    position: Position
    window: Window = Window(0, DAY_S)
    service_s: int = 0
    fractions: tuple[Fraction, ...] = ()
    extra_duration_s: int = 0
    extra_length_m: int = 0


@dataclass(frozen=True)
class Vehicle:
    """A truck with its crew for one day.

    Parameters
    ----------
    fractions : what it may collect, one fraction per trip between two emptyings.
    weight_capacity_kg, volume_capacity_l : per trip; the volume is of loose waste as it lies
        in containers, the truck's press counted in.
    """

    id: str
    name: str
    depot_id: str
    fractions: tuple[Fraction, ...]
    gear: Gear
    weight_capacity_kg: int
    volume_capacity_l: int
    shift: Window
    break_rule: BreakRule | None = BreakRule()
    gross_weight_kg: int = 19_000
    height_cm: int = 380
    length_cm: int = 950
    cost_per_km_cents: int = 120
    cost_per_hour_cents: int = 9_000
    cost_per_use_cents: int = 5_000


@dataclass(frozen=True)
class Fleet:
    """All that drives on one day, and where it starts and empties."""

    vehicles: tuple[Vehicle, ...]
    depots: tuple[Site, ...]
    disposal_sites: tuple[Site, ...]

    def faults(self, needed: Iterable[tuple[Fraction, Gear]]) -> tuple[Fault, ...]:
        """Return all that keeps this fleet from collecting the needed fractions."""
        return tuple(_fleet_faults(self, sorted(set(needed))))


def _fleet_faults(fleet: Fleet, needed: list[tuple[Fraction, Gear]]) -> Iterable[Fault]:
    depot_ids = {depot.id for depot in fleet.depots}
    for vehicle in fleet.vehicles:
        if vehicle.depot_id not in depot_ids:
            yield Fault(
                code="unknown-depot",
                where=f"vehicle {vehicle.id}",
                field="depot",
                value=vehicle.depot_id,
                cause="No depot has this id.",
                remedy=f"Use one of: {', '.join(sorted(depot_ids)) or 'none is given'}.",
            )
    for fraction, gear in needed:
        if not any(fraction in v.fractions and gear is v.gear for v in fleet.vehicles):
            yield Fault(
                code="no-truck-for-fraction",
                where="fleet",
                field="vehicles",
                value=f"{fraction} / {gear}",
                cause=f"No truck with gear '{gear}' may collect '{fraction}'.",
                remedy=f"Add '{fraction}' to a vehicle with gear '{gear}', or such a vehicle.",
            )
        if not any(fraction in site.fractions for site in fleet.disposal_sites):
            yield Fault(
                code="no-site-for-fraction",
                where="fleet",
                field="disposal_sites",
                value=fraction,
                cause=f"No disposal site takes '{fraction}'.",
                remedy=f"Add '{fraction}' to a disposal site, or such a site.",
            )
