"""A day of 300 real containers on the real roads of Amsterdam is planned by the rules."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from city.plan import Plan, UnservedCode, VisitKind
from routing.check import check, cost_cents
from routing.problem import Problem
from routing.roads import Roads, build_roads
from routing.solve import solve
from tests import amsterdam

pytestmark = pytest.mark.shared

STOPS = 300
SOLVE_S = 20.0


@pytest.fixture(scope="module")
def roads(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Roads:
    return build_roads(shared_data / amsterdam.EXTRACT, tmp_path_factory.mktemp("roads"))


@pytest.fixture(scope="module")
def day(roads: Roads, shared_data: Path) -> Problem:
    return amsterdam.collection_day(roads, shared_data, STOPS)[0]


@pytest.fixture(scope="module")
def plan(day: Problem) -> Plan:
    return solve(day, seconds=SOLVE_S)


def test_the_containers_are_real_and_near_a_road(day: Problem, shared_data: Path) -> None:
    known = {container_id for container_id, _, _ in amsterdam.containers(shared_data)}
    assert len({stop.id for stop in day.stops} & known) == STOPS


def test_the_checker_approves_the_plan(day: Problem, plan: Plan) -> None:
    assert check(day, plan) == ()


def test_every_must_is_served_and_skipping_is_a_matter_of_price(day: Problem, plan: Plan) -> None:
    assert cost_cents(day, plan).musts_unserved == 0
    assert {unserved.code for unserved in plan.unserved} <= {UnservedCode.CHEAPER_TO_SKIP}
    dearest = max(stop.skip_price_cents or 0 for stop in day.stops)
    prices = {stop.id: stop.skip_price_cents or 0 for stop in day.stops}
    assert all(prices[unserved.stop_id] < dearest for unserved in plan.unserved)


def test_trucks_fill_up_before_they_empty(day: Problem, plan: Plan) -> None:
    """A driver would not follow a plan that sends trucks to the site half empty all day."""
    loads = [
        before.load_kg
        for route in plan.routes
        for before, visit in pairwise(v for v in route.visits if v.kind is not VisitKind.BREAK)
        if visit.kind is VisitKind.DISPOSAL
    ]
    capacity_kg = day.trucks[0].weight_capacity_kg
    assert sum(loads) / len(loads) > 0.6 * capacity_kg


def test_the_search_beats_building_alone_by_far(day: Problem, plan: Plan) -> None:
    built = solve(day, seconds=0)
    assert check(day, built) == ()
    assert cost_cents(day, plan).total_cents < 0.9 * cost_cents(day, built).total_cents
