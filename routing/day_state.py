"""A plan under change: days of trips by number, what they cost, and how to take a change back.

All figures that a search reads often lie in plain lists, which Python reads fastest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from city.fraction import Fraction
from routing.day_search import is_timed
from routing.problem import Problem, Stop
from routing.timetable import paid_s
from routing.tour import (
    UNITS_PER_CENT,
    LegUnits,
    Tour,
    Tours,
    flattened,
    skip_units,
    trips_of,
    work_limit_s,
)

NEIGHBOURS = 40


class Trip:
    """Some stops by number, and the number of the site where they are emptied."""

    __slots__ = ("day", "fraction", "kg", "litres", "site", "stops")

    def __init__(self, day: int, site: int, fraction: Fraction) -> None:
        self.day, self.site, self.fraction = day, site, fraction
        self.stops: list[int] = []
        self.kg = self.litres = 0


class Insertion(NamedTuple):
    """A place for a stop: in a trip before a position; with a slot, as a new trip of its day."""

    units: int
    work_s: int
    trip: Trip
    at: int
    slot: int | None


class DayState:
    """Days of trips that stops are taken out of and put into.

    Places are numbered: the stops, then the sites, then each truck's start, then its end. A
    truck's day has the truck's number.
    """

    def __init__(
        self, problem: Problem, legs: LegUnits, stops: Sequence[Stop], tours: Tours
    ) -> None:
        self.problem, self.stops = problem, stops
        self.trucks, self.sites = problem.trucks, problem.sites
        self.first_site = len(stops)
        self.first_start = self.first_site + len(self.sites)
        self.first_end = self.first_start + len(self.trucks)
        self._read_matrices(legs)
        self.price = [skip_units(stop) for stop in stops]
        self.suits = [
            [s.fraction in t.fractions and s.gear is t.gear for s in stops] for t in self.trucks
        ]
        self.limit_s = [work_limit_s(truck) for truck in self.trucks]
        self.near = _near(self.drive_s, len(stops))
        self._timed = is_timed(problem)
        self.days: list[list[Trip]] = [[] for _ in self.trucks]
        self.trip_of: list[Trip | None] = [None] * len(stops)
        self._read_tours(tours)
        days = range(len(self.trucks))
        self.figures = [self._charged(day) or self._figures(day) for day in days]
        self.absent = {x for x, trip in enumerate(self.trip_of) if trip is None}
        self._kept: dict[int, tuple[list[Trip], list[tuple[list[int], int, int]]]] = {}
        self.keep()

    @property
    def total(self) -> int:
        """What the plan costs, in units."""
        return sum(units for units, _ in self.figures) + sum(self.price[x] for x in self.absent)

    @property
    def tours(self) -> Tours:
        """The plan as tours."""
        tours = (self._tour(day) for day in range(len(self.trucks)))
        return {truck.id: tour for truck, tour in zip(self.trucks, tours, strict=True) if tour}

    def keeps_hours(self) -> bool:
        """Tell whether the changed days can be driven, and charge the waiting on them."""
        for day in self._kept:
            charged = self._charged(day)
            if charged is None:
                return False
            self.figures[day] = charged
        return True

    def _charged(self, day: int) -> tuple[int, int] | None:
        """Return a day's figures with its waiting paid, or None where its hours are broken."""
        units, work_s = self._figures(day)
        # Taking a site out may have made a day longer than its parts said.
        if work_s > self.limit_s[day]:
            return None
        if self._timed and self.days[day]:
            truck = self.trucks[day]
            spent_s = paid_s(self.problem, truck, self._tour(day))
            if spent_s is None:
                return None
            units += (spent_s - work_s) * truck.cost_per_hour_cents
        return units, work_s

    def keep(self) -> None:
        """Make the plan as it is now the one that `undo` goes back to."""
        self._kept = {}
        self._kept_figures, self._kept_absent = list(self.figures), set(self.absent)

    def undo(self) -> None:
        """Take back all changes since the plan was last kept."""
        for x in self.absent:
            self.trip_of[x] = None
        for day, (trips, contents) in self._kept.items():
            self.days[day] = trips
            for trip, (stops, kg, litres) in zip(trips, contents, strict=True):
                trip.stops, trip.kg, trip.litres = stops, kg, litres
                for x in stops:
                    self.trip_of[x] = trip
        self.figures, self.absent = self._kept_figures, self._kept_absent
        for x in self.absent:
            self.trip_of[x] = None
        self.keep()

    def take(self, trip: Trip, string: Sequence[int]) -> None:
        """Take stops out of a trip; `close_gaps` must follow before anything is put in."""
        self._remember(trip.day)
        taken = set(string)
        trip.stops = [x for x in trip.stops if x not in taken]
        for x in string:
            self.trip_of[x] = None
            trip.kg -= self.stops[x].weight_kg
            trip.litres -= self.stops[x].volume_l
        self.absent |= taken

    def close_gaps(self, days: Iterable[int]) -> None:
        """Drop trips without stops, and count days anew."""
        for day in days:
            self.days[day] = [trip for trip in self.days[day] if trip.stops]
            self.figures[day] = self._figures(day)

    def put(self, x: int, insertion: Insertion) -> None:
        """Put a stop in."""
        trip, day = insertion.trip, insertion.trip.day
        self._remember(day)
        if insertion.slot is not None:
            self.days[day].insert(insertion.slot, trip)
        trip.stops.insert(insertion.at, x)
        trip.kg += self.stops[x].weight_kg
        trip.litres += self.stops[x].volume_l
        self.trip_of[x] = trip
        self.absent.discard(x)
        units, work_s = self.figures[day]
        self.figures[day] = units + insertion.units, work_s + insertion.work_s

    def in_trip(self, x: int, trip: Trip) -> Insertion | None:
        """Return the cheapest position for a stop in a trip, or None where it does not fit."""
        stop, day = self.stops[x], trip.day
        if not self._has_room(trip, stop) or not self.suits[day][x]:
            return None
        units = self.units[day]
        from_x = units[x]
        trips = self.days[day]
        number = trips.index(trip)
        a = trips[number - 1].site if number else self.first_start + day
        least, at, before, after = 1 << 62, 0, a, trip.site
        # The one loop that takes most of the time of a search.
        for position, b in enumerate((*trip.stops, trip.site)):
            row = units[a]
            extra = row[x] + from_x[b] - row[b]
            if extra < least:
                least, at, before, after = extra, position, a, b
            a = b
        seconds = self.drive_s
        work_s = seconds[before][x] + seconds[x][after] - seconds[before][after] + stop.service_s
        if self.figures[day][1] + work_s > self.limit_s[day]:
            return None
        paid = stop.service_s * self.trucks[day].cost_per_hour_cents
        return Insertion(least + paid, work_s, trip, at, None)

    def as_trip(self, x: int, day: int) -> Insertion | None:
        """Return the cheapest way to serve a stop by a trip of its own on a day."""
        stop, truck, trips = self.stops[x], self.trucks[day], self.days[day]
        fits = stop.weight_kg <= truck.weight_capacity_kg
        if not (fits and stop.volume_l <= truck.volume_capacity_l and self.suits[day][x]):
            return None
        ways = (
            self._new_trip(x, day, slot, site)
            for slot in range(len(trips) + 1)
            for site in range(len(self.sites))
            if stop.fraction in self.sites[site].fractions
        )
        spare_s = self.limit_s[day] - self.figures[day][1]
        return min((way for way in ways if way.work_s <= spare_s), default=None, key=_units)

    def _new_trip(self, x: int, day: int, slot: int, site: int) -> Insertion:
        trips, truck, seconds, units = (
            self.days[day],
            self.trucks[day],
            self.drive_s,
            self.units[day],
        )
        a = trips[slot - 1].site if slot else self.first_start + day
        b = trips[slot].stops[0] if slot < len(trips) else self.first_end + day
        s = self.first_site + site
        work_s = service_s = self.stops[x].service_s + self.sites[site].service_s
        work_s += seconds[a][x] + seconds[x][s] + seconds[s][b]
        cost = units[a][x] + units[x][s] + units[s][b] + service_s * truck.cost_per_hour_cents
        if trips:
            cost -= units[a][b]
            work_s -= seconds[a][b]
        else:
            cost += truck.cost_per_use_cents * UNITS_PER_CENT
        return Insertion(cost, work_s, Trip(day, s, self.stops[x].fraction), 0, slot)

    def _has_room(self, trip: Trip, stop: Stop) -> bool:
        truck = self.trucks[trip.day]
        return (
            trip.fraction is stop.fraction
            and trip.kg + stop.weight_kg <= truck.weight_capacity_kg
            and trip.litres + stop.volume_l <= truck.volume_capacity_l
        )

    def _remember(self, day: int) -> None:
        """Copy a day as it is, once, before it is changed."""
        if day not in self._kept:
            trips = self.days[day]
            self._kept[day] = list(trips), [(list(t.stops), t.kg, t.litres) for t in trips]

    def _figures(self, day: int) -> tuple[int, int]:
        """Return what a day costs, and its driving and service."""
        trips, truck = self.days[day], self.trucks[day]
        if not trips:
            return 0, 0
        units, seconds = self.units[day], self.drive_s
        cost = drive_s = service_s = 0
        a = self.first_start + day
        for trip in trips:
            for b in (*trip.stops, trip.site):
                cost += units[a][b]
                drive_s += seconds[a][b]
                a = b
            service_s += sum(self.stops[x].service_s for x in trip.stops)
            service_s += self.sites[trip.site - self.first_site].service_s
        b = self.first_end + day
        cost += units[a][b] + service_s * truck.cost_per_hour_cents
        cost += truck.cost_per_use_cents * UNITS_PER_CENT
        return cost, drive_s + seconds[a][b] + service_s

    def _tour(self, day: int) -> Tour:
        return flattened(
            ([self.stops[x] for x in trip.stops], self.sites[trip.site - self.first_site])
            for trip in self.days[day]
        )

    def _read_matrices(self, legs: LegUnits) -> None:
        nodes = [stop.node for stop in self.stops] + [site.node for site in self.sites]
        nodes += [truck.start_node for truck in self.trucks]
        nodes += [truck.end_node for truck in self.trucks]
        cells = np.ix_(nodes, nodes)
        self.drive_s: list[list[int]] = self.problem.duration_s[cells].tolist()
        self.units: list[list[list[int]]] = []
        alike: dict[int, list[list[int]]] = {}
        for matrix in (legs.of(truck) for truck in self.trucks):
            if id(matrix) not in alike:
                alike[id(matrix)] = matrix[cells].tolist()
            self.units.append(alike[id(matrix)])

    def _read_tours(self, tours: Tours) -> None:
        number = {stop.id: x for x, stop in enumerate(self.stops)}
        site_number = {site.id: self.first_site + at for at, site in enumerate(self.sites)}
        for day, truck in enumerate(self.trucks):
            for stops, site in trips_of(tours.get(truck.id, ())):
                trip = Trip(day, site_number[site.id], stops[0].fraction)
                trip.stops = [number[stop.id] for stop in stops]
                trip.kg = sum(stop.weight_kg for stop in stops)
                trip.litres = sum(stop.volume_l for stop in stops)
                self.days[day].append(trip)
                for x in trip.stops:
                    self.trip_of[x] = trip


def _units(insertion: Insertion) -> int:
    return insertion.units


def _near(drive_s: list[list[int]], count: int) -> list[list[int]]:
    """Return for each stop the numbers of those nearest to it, there and back."""
    there = np.array([row[:count] for row in drive_s[:count]], dtype=np.int64)
    both = there.reshape(count, count) + there.reshape(count, count).T
    np.fill_diagonal(both, -1)
    order = both.argsort(axis=1, kind="stable")[:, 1 : NEIGHBOURS + 1]
    nearest: list[list[int]] = order.tolist()
    return nearest
