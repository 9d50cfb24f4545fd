"""A solver that dies or overruns is stopped, and crews drive the rounds that they know."""

from __future__ import annotations

import time

import pytest

from city.errors import Broken
from city.plan import FALLBACK
from operations.solving import Work, solve_or_fall_back
from routing.check import check
from routing.familiar import Familiar, KnownRoute
from tests import solver_works, worlds


@pytest.mark.parametrize("work", [solver_works.die, solver_works.never_end])
def test_the_known_rounds_are_driven_and_marked_where_the_solver_fails(work: Work) -> None:
    order = ("stop-3", "stop-1", "stop-4")
    problem = worlds.four_stops().replace(familiar=Familiar((KnownRoute("truck-1", order),)))
    begun = time.monotonic()
    solved = solve_or_fall_back(problem, 0.5, grace_s=0.5, work=work)
    assert time.monotonic() - begun < 120
    assert solved.engine.startswith(FALLBACK)
    assert check(problem, solved.plan) == ()
    (route,) = solved.plan.routes
    assert tuple(ref for ref in route.stop_ids if ref != "stop-2") == order


def test_without_known_rounds_a_solver_that_dies_is_said_so() -> None:
    with pytest.raises(Broken, match="died"):
        solve_or_fall_back(worlds.four_stops(), 0.5, work=solver_works.die)


def test_a_solver_that_works_is_not_called_a_fallback() -> None:
    solved = solve_or_fall_back(worlds.four_stops(), 0.2)
    assert not solved.engine.startswith(FALLBACK)
    assert check(worlds.four_stops(), solved.plan) == ()
