"""Trucks, depots and disposal sites, and what a day asks of them.

Times of day are whole seconds after local midnight; money is in euro cents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from city.container import Gear
from city.errors import BadInput, Fault
from city.fraction import Fraction
from city.place import Position

DAY_S = 24 * 3600

MOST = 10**9
"""More than any weight, price or time of a fleet."""

EVEN_PCT = 50
"""The chance with which a trip is overfull whose expected load is what the truck holds."""


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
    day_weight_kg : what it takes in a day from all trucks together; None for no limit.
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
    day_weight_kg: int | None = None


@dataclass(frozen=True)
class Vehicle:
    """A truck with its crew for one day.

    Parameters
    ----------
    fractions : what it may collect, one fraction per trip between two emptyings.
    weight_capacity_kg, volume_capacity_l : per trip; the volume is of loose waste as it lies
        in containers, the truck's press counted in.
    driving_rule : its break from driving, beside that from work; None for none.
    day_weight_kg, day_volume_l, day_stops : the most over the whole day; None for no limit.
    overfull_pct : the chance that a trip may turn out to be more than it holds.
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
    driving_rule: DrivingRule | None = None
    day_weight_kg: int | None = None
    day_volume_l: int | None = None
    day_stops: int | None = None
    overfull_pct: int = 5


@dataclass(frozen=True)
class Fleet:
    """All that drives on one day, and where it starts and empties."""

    vehicles: tuple[Vehicle, ...]
    depots: tuple[Site, ...]
    disposal_sites: tuple[Site, ...]

    def faults(self, needed: Iterable[tuple[Fraction, Gear]] = ()) -> tuple[Fault, ...]:
        """Return all that is wrong with it, and what keeps it from collecting what is needed."""
        return (*_depots(self), *figures(self), *_uncollected(self, sorted(set(needed))))


def _depots(fleet: Fleet) -> Iterable[Fault]:
    depot_ids = {depot.id for depot in fleet.depots}
    for vehicle in fleet.vehicles:
        if vehicle.depot_id not in depot_ids:
            yield Fault(
                code="unknown-depot",
                where=f"vehicle {vehicle.id}",
                field="depot_id",
                value=vehicle.depot_id,
                cause="No depot has this id.",
                remedy=f"Use one of: {', '.join(sorted(depot_ids)) or 'none is given'}.",
            )


def _uncollected(fleet: Fleet, needed: list[tuple[Fraction, Gear]]) -> Iterable[Fault]:
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


def figures(fleet: Fleet) -> Iterator[Fault]:
    """Find figures that no vehicle or site can have, and ids that two of them share."""
    for kind, nouns in (
        ("vehicle", fleet.vehicles),
        ("site", (*fleet.depots, *fleet.disposal_sites)),
    ):
        for one_id, count in Counter(noun.id for noun in nouns).items():
            if count > 1 or not one_id:
                cause = f"{count} of them have this id." if one_id else "One has no id."
                remedy = "Give each an id of its own."
                yield Fault("duplicate-id", f"{kind} {one_id}", cause, remedy, "id", one_id)
    for vehicle in fleet.vehicles:
        yield from _of_vehicle(vehicle)
    for site in (*fleet.depots, *fleet.disposal_sites):
        amounts = ("service_s", "extra_duration_s", "extra_length_m", "day_weight_kg")
        yield from _at_least(0, f"site {site.id}", site, *amounts)
        if site.window.end_s - site.window.start_s < site.service_s:
            cause = "It is open for less than one visit takes."
            remedy = "Lengthen the window, or give the service in seconds."
            value = f"{site.service_s} s"
            yield Fault("window-too-short", f"site {site.id}", cause, remedy, "window", value)


def _of_vehicle(vehicle: Vehicle) -> Iterator[Fault]:
    where = f"vehicle {vehicle.id}"
    yield from _at_least(1, where, vehicle, "weight_capacity_kg", "volume_capacity_l")
    yield from _at_least(1, where, vehicle, "gross_weight_kg", "height_cm", "length_cm")
    prices = ("cost_per_km_cents", "cost_per_hour_cents", "cost_per_use_cents")
    yield from _at_least(0, where, vehicle, *prices)
    yield from _at_least(1, where, vehicle, "day_weight_kg", "day_volume_l", "day_stops")
    if not 1 <= vehicle.overfull_pct <= EVEN_PCT:
        cause = "No plan can promise less, and with more, trips hold less than is expected of them."
        remedy = f"Give a chance from 1 to {EVEN_PCT} per cent."
        value = f"{vehicle.overfull_pct}"
        yield Fault("fleet-figure", where, cause, remedy, "overfull_pct", value)
    if not vehicle.fractions:
        cause, remedy = "It may collect nothing.", "Name what it may collect."
        yield Fault("no-fraction", where, cause, remedy, "fractions")
    if (driving := vehicle.driving_rule) is not None:
        yield from _at_least(1, where, driving, "duration_s", "after_driving_s")
    if (rule := vehicle.break_rule) is None:
        return
    yield from _at_least(1, where, rule, "duration_s")
    yield from _at_least(0, where, rule, "after_work_s")
    shift, lunch = vehicle.shift, rule.begins
    if rule.duration_s >= shift.end_s - shift.start_s:
        cause = "The break does not fit into the shift."
        remedy = "Give the break in seconds, or a longer shift."
        value = f"{rule.duration_s} s"
        yield Fault("break-longer-than-shift", where, cause, remedy, "break_rule", value)
    if lunch is not None and (lunch.end_s <= shift.start_s or lunch.start_s >= shift.end_s):
        cause = "The lunch lies outside the shift, so that nobody would ever get it."
        remedy = "Give the hours within the shift between which it begins."
        value = f"{lunch.start_s}-{lunch.end_s} s in {shift.start_s}-{shift.end_s} s"
        yield Fault("lunch-outside-shift", where, cause, remedy, "begins", value)


def _at_least(least: int, where: str, noun: object, *fields: str) -> Iterator[Fault]:
    for field in fields:
        value = getattr(noun, field)
        if value is not None and not least <= value < MOST:
            cause = f"It must be from {least} to {MOST - 1}."
            remedy = "Correct the value in the unit that the field's name ends in."
            yield Fault("fleet-figure", where, cause, remedy, field, f"{value}")
