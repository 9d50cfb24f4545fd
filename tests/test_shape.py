"""How routes lie, how evenly crews work, and what the search does for a price on either."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from city.plan import Plan
from routing.archive import from_bytes, to_bytes
from routing.check import check, cost_cents
from routing.faults import faults
from routing.json_form import problem_to_json, read_problem
from routing.problem import Problem, Truck
from routing.shape import ShapePrices, shape, shape_cents
from routing.solve import solve
from routing.timetable import laid_out
from routing.tour import Tour
from tests import worlds

ENDS = [(0, 0), (0, 500), (0, 900), *((-3_000 + 100 * n, 0) for n in range(4))]
TWO_ENDS = [*ENDS, *((3_000 + 100 * n, 0) for n in range(4))]
"""Depot, sites, four stops to the west and four to the east."""


def two_ends() -> Problem:
    stops = [worlds.stop(n, weight_kg=100) for n in range(1, 9)]
    trucks: list[Truck] = [worlds.truck(1), worlds.truck(2)]
    return worlds.on_a_plane(TWO_ENDS, stops, trucks, [worlds.site()])


def driven(problem: Problem, *routes: tuple[int, ...]) -> Plan:
    """Return the plan in which each truck serves the stops with these numbers, then the site."""
    stop = {int(stop.id.removeprefix("stop-")): stop for stop in problem.stops}
    tours: list[Tour] = [(*(stop[n] for n in route), problem.sites[0]) for route in routes]
    pairs = zip(problem.trucks, tours, strict=False)
    return Plan(tuple(laid_out(problem, truck, tour) for truck, tour in pairs), ())


def test_routes_of_their_own_corner_lie_close_and_do_not_overlap() -> None:
    problem = two_ends()
    apart = shape(problem, driven(problem, (1, 2, 3, 4), (5, 6, 7, 8)))
    mixed = shape(problem, driven(problem, (1, 3, 5, 7), (2, 4, 6, 8)))
    assert apart.overlap < mixed.overlap
    assert apart.spread_m == pytest.approx(100)
    assert mixed.spread_m > 2_000
    assert apart.deviation_s < 120


def test_days_of_unequal_length_are_told() -> None:
    problem = two_ends()
    uneven = shape(problem, driven(problem, (1, 2, 3, 4, 5, 6, 7), (8,)))
    even = shape(problem, driven(problem, (1, 2, 3, 4), (5, 6, 7, 8)))
    assert uneven.deviation_s > even.deviation_s
    assert uneven.longest_s - uneven.shortest_s > even.longest_s - even.shortest_s


def test_a_plan_without_routes_has_no_shape() -> None:
    assert shape(two_ends(), Plan((), ())).overlap == 0.0


def test_a_price_on_long_days_shares_the_work() -> None:
    problem = two_ends()
    one = solve(problem, seconds=1)
    assert len(one.routes) == 1
    both = driven(problem, (1, 2, 3, 4), (5, 6, 7, 8))
    dear = problem.replace(shape_prices=ShapePrices(long_day_cents_per_hour=1_000_000))
    uneven = driven(problem, (1, 2, 3, 4, 5, 6, 7), (8,))
    assert shape_cents(dear, both) < shape_cents(dear, uneven)
    assert shape_cents(problem, uneven) == 0


def test_a_price_on_spread_keeps_trucks_in_their_corner() -> None:
    problem = two_ends()
    half = tuple(worlds.truck(n, weight_capacity_kg=400) for n in (1, 2))
    problem = problem.replace(trucks=half, shape_prices=ShapePrices(spread_cents_per_km=5_000))
    plan = solve(problem, seconds=1)
    assert check(problem, plan) == ()
    assert cost_cents(problem, plan) == cost_cents(two_ends().replace(trucks=half), plan)
    assert shape(problem, plan).spread_m <= shape(problem, driven(problem, (1, 2, 5, 6))).spread_m


def test_stops_reached_from_across_the_street_are_counted_and_can_be_avoided(
    tmp_path: Path,
) -> None:
    """Going east a stop lies across the street; going west it is at the kerb."""
    points = [(-900, 0), (0, 0), (0, 500), *((1_000 * n, 0) for n in range(1, 5))]
    stops = [worlds.stop(n, weight_kg=100) for n in range(1, 5)]
    problem = worlds.on_a_plane(points, stops, [worlds.truck()], [worlds.site()])
    x = np.array([point[0] for point in points])
    kerb_m = problem.length_m + np.where(x[None, :] > x[:, None], 300, 0).astype(np.int32)
    problem = problem.replace(kerb_length_m=kerb_m)
    east, west = driven(problem, (1, 2, 3, 4)), driven(problem, (4, 3, 2, 1))
    assert (shape(problem, east).crossings, shape(problem, west).crossings) == (4, 1)
    assert shape(problem.replace(kerb_length_m=None), east).crossings is None
    dear = problem.replace(shape_prices=ShapePrices(crossing_cents=100_000))
    assert shape(dear, solve(dear, seconds=1)).crossings == 1
    file = tmp_path / "problem.json"
    file.write_text(problem_to_json(dear), encoding="utf-8")
    for again in (read_problem(file), from_bytes(to_bytes(dear))):
        assert again.shape_prices == dear.shape_prices
        assert again.kerb_length_m is not None
        assert np.array_equal(again.kerb_length_m, kerb_m)


def test_prices_below_nothing_are_faults() -> None:
    found = faults(two_ends().replace(shape_prices=ShapePrices(-1, -1, -1)))
    assert [fault.field for fault in found] == [
        "spread_cents_per_km",
        "long_day_cents_per_hour",
        "crossing_cents",
    ]
