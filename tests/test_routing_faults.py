"""All that is wrong with a problem is said at once, each with its field, value and remedy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from city.errors import BadInput
from city.fleet import BreakRule
from city.fraction import Fraction
from routing.faults import faults
from routing.problem import Problem, Ways
from routing.solve import solve
from tests import worlds


def with_stop(**changes: Any) -> Problem:
    problem = worlds.four_stops()
    return problem.replace(stops=(replace(problem.stops[0], **changes), *problem.stops[1:]))


def with_truck(**changes: Any) -> Problem:
    problem = worlds.four_stops()
    return problem.replace(trucks=(replace(problem.trucks[0], **changes),))


def with_site(**changes: Any) -> Problem:
    problem = worlds.four_stops()
    return problem.replace(sites=(replace(problem.sites[0], **changes),))


FOUR = worlds.four_stops()
HALVES = FOUR.duration_s.astype(np.float64) / 2
HOLES = np.where(FOUR.duration_s == 0, np.nan, FOUR.duration_s)

CASES: tuple[tuple[Problem, str, str], ...] = (
    (with_stop(weight_kg=-1), "too-small", "weight_kg"),
    (with_stop(weight_kg=float("nan")), "not-a-number", "weight_kg"),
    (with_stop(volume_l=float("inf")), "not-a-number", "volume_l"),
    (with_stop(volume_l="3000"), "not-a-number", "volume_l"),
    (with_stop(service_s=1.5), "not-whole", "service_s"),
    (with_stop(service_s=10**9), "too-large", "service_s"),
    (with_stop(skip_price_cents=-5), "too-small", "skip_price_cents"),
    (with_stop(node=7), "node-out-of-matrix", "node"),
    (with_stop(node=-1), "node-out-of-matrix", "node"),
    (with_stop(id="stop-2"), "duplicate-id", "stops"),
    (with_stop(id=""), "missing-id", "stops"),
    (with_stop(windows=(worlds.window("9:00", "9:01"),)), "window-too-short", "windows"),
    (
        with_stop(windows=(worlds.window("9:00", "11:00"), worlds.window("10:00", "12:00"))),
        "windows-overlap",
        "windows",
    ),
    (with_stop(after=("nobody",)), "after-unknown-stop", "after"),
    (with_stop(after=("stop-2",)), "after-same-gear", "after"),
    (with_truck(profile="wide"), "unknown-profile", "profile"),
    (
        FOUR.replace(profiles={"wide": Ways(HOLES, FOUR.length_m)}),
        "matrix-not-a-number",
        "profiles.wide.duration_s",
    ),
    (
        FOUR.replace(profiles={"wide": Ways(FOUR.duration_s, FOUR.length_m[:-1, :-1])}),
        "matrices-differ",
        "profiles.wide.length_m",
    ),
    (with_stop(kerb_only=True), "kerb-not-known", "kerb_only"),
    (with_stop(pair="alone"), "pair-size", "pair"),
    (with_stop(after_in_pair=("stop-2",)), "after-outside-pair", "after_in_pair"),
    (with_stop(pair="self", after_in_pair=("stop-1",)), "pair-circular", "after_in_pair"),
    (with_stop(fraction=Fraction.GLASS), "no-truck-for-fraction", "trucks"),
    (with_stop(fraction=Fraction.GLASS), "no-site-for-fraction", "sites"),
    (with_truck(weight_capacity_kg=0), "too-small", "weight_capacity_kg"),
    (with_truck(volume_capacity_l=-1), "too-small", "volume_capacity_l"),
    (with_truck(overfull_pct=0), "too-small", "overfull_pct"),
    (with_truck(overfull_pct=51), "too-large", "overfull_pct"),
    (with_truck(cost_per_km_cents=-1), "too-small", "cost_per_km_cents"),
    (with_truck(start_node=99), "node-out-of-matrix", "start_node"),
    (with_truck(break_rule=BreakRule(9 * 3600, 3600)), "break-longer-than-shift", "break_rule"),
    (with_truck(break_rule=BreakRule(-1, 3600)), "too-small", "duration_s"),
    (with_site(service_s=-1), "too-small", "service_s"),
    (with_site(node=99), "node-out-of-matrix", "node"),
    (with_site(fractions=()), "site-without-fraction", "fractions"),
    (with_site(window=worlds.window("9:00", "9:05")), "window-too-short", "window"),
    (FOUR.replace(duration_s=FOUR.duration_s[:, :-1]), "matrix-not-square", "duration_s"),
    (FOUR.replace(length_m=FOUR.length_m[:-1, :-1]), "matrices-differ", "length_m"),
    (FOUR.replace(length_m=-FOUR.length_m), "matrix-negative", "length_m"),
    (FOUR.replace(duration_s=HALVES), "matrix-not-whole", "duration_s"),
    (FOUR.replace(duration_s=HOLES), "matrix-not-a-number", "duration_s"),
)


@pytest.mark.parametrize(
    ("problem", "code", "field"), CASES, ids=[f"{code}-{field}" for _, code, field in CASES]
)
def test_a_fault_is_named_with_its_field(problem: Problem, code: str, field: str) -> None:
    found = [fault for fault in faults(problem) if fault.code == code]
    assert [fault.field for fault in found] == [field]
    assert found[0].cause.endswith(".")
    assert found[0].remedy.endswith(".")


@pytest.mark.parametrize("world", worlds.WORLDS, ids=lambda world: world.__name__)
def test_named_worlds_have_no_other_fault_than_a_fraction_without_a_site(world: Any) -> None:
    codes = {fault.code for fault in faults(world())}
    assert codes <= {"no-site-for-fraction"}
    assert bool(codes) == (world is worlds.beyond_help)


def test_all_faults_come_together() -> None:
    problem = with_stop(weight_kg=-1, node=99).replace(
        trucks=(replace(worlds.truck(), weight_capacity_kg=0),)
    )
    with pytest.raises(BadInput) as caught:
        solve(problem, seconds=0)
    fields = {fault.field for fault in caught.value.faults}
    assert fields == {"weight_kg", "node", "weight_capacity_kg"}


def test_a_fraction_without_a_truck_still_leaves_the_rest_a_plan() -> None:
    problem = with_stop(fraction=Fraction.GLASS)
    plan = solve(problem, seconds=0)
    assert [unserved.stop_id for unserved in plan.unserved] == ["stop-1"]
    assert len(plan.routes[0].stop_ids) == 3
