"""A problem of the house as a day of the compiled search, and its tours back.

A unit is the solver's (1/3600 cent), a tick a second. What the search does not count (a break
measured from a later start than the shift's) it leaves on the safe side; the timetable has the
last word on hours.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routing.core.day import NEVER, PLACE, TRUCK, WINDOW, Day, Records
from routing.core.nearness import around, near, via
from routing.core.search import HOT_LEGS, search
from routing.day_search import Limit
from routing.load import padded_kg, padded_l
from routing.pairs import suits
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.tour import UNITS_PER_CENT, LegUnits, Place, Tours, skip_units
from routing.wishes import Wishes, wishes

NEAR, AROUND = 40, 100

KNOWN_HOT_LEGS = 0.2
"""How warm a search begins that starts from known routes: it need not find them again."""


def ruin_and_recreate(
    problem: Problem,
    legs: LegUnits,
    stops: Sequence[Stop],
    start: Tours,
    limit: Limit,
    chance: random.Random,
) -> Tours:
    """Return the best tours found from the start by ruining and recreating until the limit."""
    if not (stops and problem.trucks and problem.sites):
        return start
    places: tuple[Place, ...] = (*stops, *problem.sites)
    numbers = {place: number for number, place in enumerate(places)}
    days = tuple(
        tuple(numbers[place] for place in start.get(truck.id, ())) for truck in problem.trucks
    )
    found = search(
        as_day(problem, legs, stops, start),
        days,
        seconds=limit.seconds,
        seed=chance.randrange(2**32),
        hot_legs=HOT_LEGS if problem.familiar is None else KNOWN_HOT_LEGS,
        attempts=limit.solutions,
    )
    return {
        truck.id: tuple(places[number] for number in day)
        for truck, day in zip(problem.trucks, found.days, strict=True)
        if day
    }


def as_day(
    problem: Problem, legs: LegUnits, stops: Sequence[Stop], start: Tours | None = None
) -> Day:
    """Return the day; its places are the stops, the sites, and where trucks start and end."""
    trucks, sites = problem.trucks, problem.sites
    ends = sorted({t.start_node for t in trucks} | {t.end_node for t in trucks})
    nodes = [*(s.node for s in stops), *(s.node for s in sites), *ends]
    cells = np.ix_(nodes, nodes)
    kinds = list({truck.profile: truck for truck in trucks}.values())
    drives = [np.minimum(problem.ways(t).duration_s[cells], NEVER).astype(np.int32) for t in kinds]
    places, windows = _places(stops, sites, len(nodes))
    kg, hold_kg = padded_kg(stops, trucks)
    litres, hold_l = padded_l(stops, trucks)
    places["load_0"][: len(stops)], places["load_1"][: len(stops)] = kg, litres
    of_prices = {_prices(truck): truck for truck in trucks}
    prices = list(dict.fromkeys(_prices(truck) for truck in trucks))
    served_s = places["service_ticks"].astype(np.int64)
    leg_units = np.stack(
        [
            np.minimum(legs.of(of_prices[price])[cells] + served_s * price[1], NEVER)
            for price in prices
        ]
    ).astype(np.int32)
    lists = [next(n for n, p in enumerate(prices) if p[2] == t.profile) for t in kinds]
    true_units = [leg_units[number].copy() for number in lists]
    nearest, soonest = np.minimum.reduce(true_units), np.minimum.reduce(drives)
    wished = wishes(problem, stops, start)
    leg_units[:, : len(stops), : len(stops)] += wished.leg_units
    places["price_units"][: len(stops)] += wished.price_units
    fractions = list(dict.fromkeys(stop.fraction for stop in stops))
    places["fraction"][: len(stops)] = [fractions.index(stop.fraction) for stop in stops]
    takes = np.array([[fraction in site.fractions for fraction in fractions] for site in sites])
    _pair(problem, stops, places)
    end_places = {node: n for n, node in enumerate(ends, len(nodes) - len(ends))}
    may = np.array([[suits(truck, problem.together(stop)) for stop in stops] for truck in trucks])
    records = _trucks(trucks, prices, end_places, wished)
    records["hold_0"], records["hold_1"] = hold_kg, hold_l
    number = {truck.profile: at for at, truck in enumerate(kinds)}
    records["drive_row"] = [number[truck.profile] * len(nodes) for truck in trucks]
    records["via_row"] = [number[truck.profile] * len(fractions) for truck in trucks]
    site_places = range(len(stops), len(stops) + len(sites))
    return Day(
        leg_units=leg_units,
        drive_ticks=np.concatenate(drives),
        places=places,
        windows=windows,
        via=np.concatenate([via(units, site_places, takes) for units in true_units]),
        near=near(nearest, soonest, places[: len(stops)], windows, NEAR),
        around=around(nearest, len(stops), AROUND),
        pair_units=np.where(may, wished.pair_units, NEVER).astype(np.int32),
        trucks=records,
    )


def _prices(truck: Truck) -> tuple[int, int, str]:
    """Return what decides the cost of a leg."""
    return truck.cost_per_km_cents, truck.cost_per_hour_cents, truck.profile


def _places(
    stops: Sequence[Stop], sites: Sequence[DisposalSite], number: int
) -> tuple[Records, Records]:
    places = np.zeros(number, PLACE)
    windows: list[tuple[int, int]] = []
    visited: tuple[Place, ...] = (*stops, *sites)
    for at, place in enumerate(visited):
        places["service_ticks"][at] = place.service_s
        places["window_first"][at] = len(windows)
        windows += _begins(place)
        places["window_after"][at] = len(windows)
    for at, stop in enumerate(stops):
        places["price_units"][at] = skip_units(stop)
        places["must"][at] = stop.must
    return places, np.array(windows, WINDOW)


def _pair(problem: Problem, stops: Sequence[Stop], places: Records) -> None:
    """Write which stops go together, in what order; a pair with a must in it is one."""
    number = {stop.id: at for at, stop in enumerate(stops)}
    for mates in problem.pairs.values():
        turn = {mate.id: at for at, mate in enumerate(mates)}
        for mate, following in zip(mates, (*mates[1:], mates[0]), strict=True):
            at = number[mate.id]
            places["must"][at] = any(each.must for each in mates)
            places["next_in_pair"][at] = 1 + number[following.id] if len(mates) > 1 else 0
            places["turn"][at] = turn[mate.id]
            places["behind"][at] = sum(1 << turn[ref] for ref in mate.after_in_pair if ref in turn)


def _begins(place: Place) -> list[tuple[int, int]]:
    """Return when service may begin; nothing where it may at any time."""
    windows = place.windows if isinstance(place, Stop) else (place.window,)
    fitting = [w for w in windows if w.end_s - w.start_s >= place.service_s]
    if windows and not fitting:
        return [(NEVER, -1)]
    return [(w.start_s, w.end_s - place.service_s) for w in fitting]


def _trucks(
    trucks: Sequence[Truck],
    prices: list[tuple[int, int, str]],
    places: dict[int, int],
    wished: Wishes,
) -> Records:
    records = np.zeros(len(trucks), TRUCK)
    told_apart = bool(wished.pair_units.any())
    names = [truck.id if told_apart else "" for truck in trucks]
    kinds = [
        replace(truck, id=name, start_ref="", end_ref="")
        for truck, name in zip(trucks, names, strict=True)
    ]
    for record, truck, kind in zip(records, trucks, kinds, strict=True):
        for field, limit in (
            ("day_load_0", truck.day_weight_kg),
            ("day_load_1", truck.day_volume_l),
            ("day_stops", truck.day_stops),
        ):
            record[field] = NEVER if limit is None else limit
        record["use_units"] = truck.cost_per_use_cents * UNITS_PER_CENT
        record["wait_units"] = truck.cost_per_hour_cents
        record["alike"] = kinds.index(kind)
        record["price_list"] = prices.index(_prices(truck))
        record["start"], record["end"] = places[truck.start_node], places[truck.end_node]
        record["open_ticks"], record["close_ticks"] = truck.shift.start_s, truck.shift.end_s
        record["pause_close"], record["pause_free"] = -1, NEVER
        record["pause_at_ends"] = True
        rule = truck.break_rule
        if rule is not None:
            begins = rule.begins
            until_s = truck.shift.start_s + rule.after_work_s if begins is None else begins.end_s
            record["pause_ticks"] = rule.duration_s
            record["pause_open"] = 0 if begins is None else begins.start_s
            record["pause_close"] = record["pause_free"] = until_s
    records["fair_ticks"], records["long_units"] = wished.fair_s, wished.long_units
    return records
