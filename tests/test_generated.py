"""Any mixture of all rules: kept, nothing left out that fits, and few stops cost the least."""

from __future__ import annotations

from dataclasses import replace

import pytest

from city.plan import UnservedCode
from routing.check import check, cost_cents
from routing.problem import Problem
from routing.solve import solve
from tests.exact import cheapest
from tests.generated import generated
from tests.insertions import overlooked

SEARCHED = {UnservedCode.NO_ROOM, UnservedCode.CHEAPER_TO_SKIP}


@pytest.mark.parametrize("ten", range(10))
def test_every_rule_is_kept_and_nothing_is_left_out_that_fits_and_pays(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        problem = generated(seed)
        plan = solve(problem, seconds=0.1, seed=seed)
        assert check(problem, plan) == (), seed
        stops = {stop.id: stop for stop in problem.stops}
        left_out = [stops[u.stop_id] for u in plan.unserved if u.code in SEARCHED]
        for stop in (stop for stop in left_out[:5] if not stop.after):
            assert overlooked(problem, plan, stop) is None, (seed, stop.id)


def test_a_site_that_shortens_a_way_does_not_hide_that_a_trip_is_too_heavy() -> None:
    # Two stops that fit only alone, once their spread is counted, beside negative detours.
    problem = generated(11_932)
    plan = solve(problem, seconds=0.1, seed=11_932)
    assert check(problem, plan) == ()


def few(seed: int) -> Problem:
    """Return a generated problem of up to five stops in which nobody waits for another truck."""
    problem = generated(seed, most_stops=5)
    stops = tuple(replace(stop, after=()) for stop in problem.stops)
    return problem.replace(stops=stops, trucks=problem.trucks[:2])


@pytest.mark.parametrize("ten", range(2))
def test_a_few_stops_are_planned_within_a_hundredth_of_the_best(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        problem = few(seed)
        plan = solve(problem, seconds=0.3, seed=seed)
        musts, cents = cheapest(problem)
        cost = cost_cents(problem, plan)
        assert cost.musts_unserved == musts, seed
        assert cost.total_cents <= 1.01 * cents + 2, seed
