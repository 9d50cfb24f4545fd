"""The compiled search, held against checkers that share nothing with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from benchmarks.vrplib_core import as_day as vrplib_day
from benchmarks.vrplib_instances import VrplibInstance
from routing.core.attempts import kick
from routing.core.search import search, started
from routing.instances import kim_core
from routing.instances.kim import SITE, STOP, KimInstance, read_kim
from routing.instances.kim_check import miles, violations

ATTEMPTS = 2_000


def test_seven_clients_are_planned_as_short_as_any_order_allows() -> None:
    chance = np.random.default_rng(5)
    at = chance.integers(0, 1000, (8, 2))
    metres = np.hypot(*(at[:, None] - at).transpose(2, 0, 1)).astype(np.int64)
    instance = VrplibInstance("seven", metres, np.ones(8, np.int64), capacity=4)
    found = search(vrplib_day(instance), seconds=60, seed=1, attempts=ATTEMPTS)
    routes = [[place + 1 for place in day] for day in found.days if day]
    assert list(instance.violations(routes)) == []
    least = min(
        instance.cost([order[:cut], order[cut:]])
        for order in permutations(range(1, 8))
        for cut in (3, 4)
    )
    assert instance.cost(routes) == found.units == least


def test_clients_whose_prize_is_less_than_their_detour_are_left_out() -> None:
    metres = np.abs(np.subtract.outer([0, 10, 20, 900], [0, 10, 20, 900]))
    prize, ones = np.array([0, 50, 50, 50]), np.ones(4, np.int64)
    early, late = 0 * ones, 10_000 * ones
    instance = VrplibInstance("prizes", metres, ones, 9, prize, early, late, 0, 2)
    found = search(vrplib_day(instance), seconds=60, seed=1, attempts=ATTEMPTS)
    assert sorted(place for day in found.days for place in day) == [0, 1]
    assert found.units == 40 + 50


@pytest.fixture
def town() -> Callable[[int], KimInstance]:
    """Return instances in which capacity, the day limit, lunch, windows and sites all matter."""

    def make(seed: int) -> KimInstance:
        chance = np.random.default_rng(seed)
        kind = np.array([0, *[SITE] * 3, *[STOP] * 60])
        opens_s = np.where(chance.random(64) < 0.3, chance.integers(6, 12, 64), 0) * 3600
        lasts_s = np.where(opens_s > 0, opens_s + 3 * 3600, 24 * 3600)
        opens_s[0], lasts_s[0] = 6 * 3600, 15 * 3600
        return KimInstance(
            capacity_yards=100.0,
            day_capacity_yards=220.0,
            stops_per_day=25,
            lunch_s=3600,
            speed_mph=40.0,
            ids=tuple(str(n) for n in range(64)),
            kind=kind,
            at_feet=chance.integers(0, 100_000, (64, 2)).astype(np.float64),
            early_s=opens_s,
            late_s=lasts_s,
            service_s=np.where(kind == SITE, 900, np.where(kind == STOP, 240, 0)),
            load_yards=np.where(kind == STOP, chance.integers(1, 20, 64), 0.0),
        )

    return make


@pytest.mark.parametrize("seed", range(5))
def test_plans_with_disposal_lunch_and_windows_pass_the_checker(
    town: Callable[[int], KimInstance], seed: int
) -> None:
    instance = town(seed)
    day = kim_core.as_day(instance, vehicles=5)
    found = search(day, seconds=60, seed=seed, attempts=ATTEMPTS)
    routes = kim_core.routes_of(instance, found.days)
    assert list(violations(instance, routes, 5)) == []
    built = search(day, seconds=60, seed=seed, attempts=1)
    assert miles(instance, routes) < miles(instance, kim_core.routes_of(instance, built.days))
    feet = found.units / kim_core.UNITS_PER_FOOT
    assert feet / 5280 == pytest.approx(miles(instance, routes), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_trips_are_exchanged_between_trucks_without_breaking_a_rule(
    town: Callable[[int], KimInstance], seed: int
) -> None:
    instance = town(seed)
    day = kim_core.as_day(instance, vehicles=5)
    built = search(day, seconds=60, seed=seed, attempts=200)
    state = started(day, built.days, seed)
    before = state.stops["truck_of"].copy()
    kick(day, state, 300, warmth=1e12)
    slots = state.trucks["slot"]
    days = tuple(
        tuple(state.rows["place"][s, 1 : state.slots["length"][s] - 1].tolist()) for s in slots
    )
    routes = kim_core.routes_of(instance, days)
    assert list(violations(instance, routes, 5)) == []
    assert (state.stops["truck_of"] != before).any()
    feet = state.now["units"][0] / kim_core.UNITS_PER_FOOT
    assert feet / 5280 == pytest.approx(miles(instance, routes), rel=1e-6)


def test_a_seed_gives_the_same_plan_twice(town: Callable[[int], KimInstance]) -> None:
    day = kim_core.as_day(town(1), vehicles=5)
    plans = [search(day, seconds=60, seed=7, attempts=300).days for _ in range(2)]
    assert plans[0] == plans[1]


def test_too_few_trucks_leave_stops_out_and_break_no_other_rule(
    town: Callable[[int], KimInstance],
) -> None:
    instance = town(2)
    found = search(kim_core.as_day(instance, vehicles=1), seconds=60, seed=1, attempts=ATTEMPTS)
    routes = kim_core.routes_of(instance, found.days)
    wrong = list(violations(instance, routes, 1))
    assert wrong
    assert all("is served 0 times" in each for each in wrong)


def test_an_install_that_can_only_be_read_compiles_all_the_same() -> None:
    code = """
from routing.core.compiled import FOLDER, compiled
def double(x): return 2 * x
print(repr(FOLDER), compiled(double)(21))
"""
    nowhere = {**os.environ, "NUMBA_CACHE_DIR": "/proc/nowhere"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=nowhere, capture_output=True, text=True, check=True
    )
    assert run.stdout == "'' 42\n"


@pytest.mark.shared
@pytest.mark.parametrize(("file", "vehicles"), [("102", 3), ("335", 6)])
def test_instances_of_kim_are_planned_by_their_rules(
    shared_data: Path, file: str, vehicles: int
) -> None:
    instance = read_kim(shared_data / "vrp" / "kim" / f"{file}_stop.txt")
    routes = kim_core.plan(instance, vehicles, seconds=10, seed=1)
    assert list(violations(instance, routes, vehicles)) == []
