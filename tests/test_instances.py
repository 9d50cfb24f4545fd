"""Public routing instances are read as their authors meant them, and their plans judged alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.vrplib_instances import read_instance, read_solution
from city.errors import BadInput
from routing.instances.kim import KimInstance, Routes, read_kim, routes_from_text, routes_text
from routing.instances.kim_check import miles, violations

HEADER = """\
20.0   // vehicle capacity
50     // a day
3      // stops a day
3600   // lunch
40     // speed: MPH
Stop_ID X Y Early Late Service Load Type
"""
FOUR_STOPS = (
    HEADER
    + """\
90  0      0  0600 1500   0 9999 0
91  10560  0  0000 2400 600 9999 2
7   5280   0  0000 2400  60   12 1
8   0   5280  0000 0605  60   12 1
9   5280 5280 1330 1400  60    8 1
10  0  10560  0000 2400  60    2 1
"""
)
DEPOT, SITE, A, B, LATE, C = range(6)


@pytest.fixture
def four_stops(tmp_path: Path) -> KimInstance:
    file = tmp_path / "four.txt"
    file.write_text(FOUR_STOPS)
    return read_kim(file)


def said(instance: KimInstance, *routes: tuple[int, ...], vehicles: int = 2) -> str:
    return "; ".join(violations(instance, routes, vehicles))


GOOD: Routes = ((B, C, SITE), (A, LATE, SITE))


def test_a_file_is_read_in_feet_seconds_and_yards(four_stops: KimInstance) -> None:
    assert four_stops.ids == ("90", "91", "7", "8", "9", "10")
    assert four_stops.depot == DEPOT
    assert four_stops.early_s[LATE] == 13.5 * 3600
    assert four_stops.load_yards.tolist() == [0, 0, 12, 12, 8, 2]
    assert miles(four_stops, ((A, SITE),)) == 4.0


def test_a_plan_that_keeps_every_rule_is_approved(four_stops: KimInstance) -> None:
    assert said(four_stops, *GOOD) == ""


def test_a_plan_survives_its_text(four_stops: KimInstance) -> None:
    text = routes_text(four_stops, GOOD)
    assert text == "8 10 91\n7 9 91\n"
    assert routes_from_text(four_stops, text) == GOOD


@pytest.mark.parametrize(
    ("routes", "complaint"),
    [
        (((B, C, SITE), (A, SITE)), "stop 9 is served 0 times"),
        (((B, C, A, SITE), (A, LATE, SITE)), "stop 7 is served 2 times"),
        (((B, C), (A, LATE, SITE)), "returns without having emptied"),
        (((B, A, SITE, C, SITE), (LATE, SITE)), "holds 24 yards"),
        (((C, SITE, B, SITE), (A, LATE, SITE)), "windows, lunch or shift"),
        (((B, SITE), (C, SITE), (A, LATE, SITE)), "3 routes for 2 vehicles"),
        (((B, C, SITE, A, SITE, LATE, SITE),), "has 4 stops"),
        (((DEPOT, B, C, SITE), (A, LATE, SITE)), "comes through the depot"),
    ],
)
def test_each_broken_rule_is_named(four_stops: KimInstance, routes: Routes, complaint: str) -> None:
    assert complaint in said(four_stops, *routes)


def test_the_day_limit_counts_over_all_trips(four_stops: KimInstance) -> None:
    small = replace(four_stops, day_capacity_yards=15.0)
    assert "collects 20 yards in a day" in said(small, *GOOD)


def test_lunch_is_needed_by_who_is_out_past_noon_alone(four_stops: KimInstance) -> None:
    whole_day = replace(four_stops, lunch_s=9 * 3600)
    assert said(whole_day, *GOOD) == "route 2: windows, lunch or shift cannot be kept"


def test_lunch_is_not_taken_inside_a_service(four_stops: KimInstance) -> None:
    """Service from before eleven until after noon leaves no leg to begin it on in time."""
    service_s = four_stops.service_s.copy()
    service_s[A] = 7 * 3600
    assert "windows, lunch" in said(replace(four_stops, service_s=service_s), *GOOD)
    service_s[A] = 5 * 3600
    assert said(replace(four_stops, service_s=service_s), *GOOD) == ""


def test_every_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bad.txt"
    file.write_text(FOUR_STOPS.replace("0000 0605", "early late").replace("1330 1400  60", "1330"))
    with pytest.raises(BadInput) as refused:
        read_kim(file)
    assert [fault.where for fault in refused.value.faults] == [
        "bad.txt, line 10",
        "bad.txt, line 11",
    ]


@pytest.mark.shared
def test_every_instance_of_kim_holds_what_its_name_says(shared_data: Path) -> None:
    for file in (shared_data / "vrp" / "kim").glob("*_stop.txt"):
        assert len(read_kim(file).ids) == pytest.approx(int(file.name.split("_")[0]), abs=2)


@pytest.mark.shared
@pytest.mark.parametrize("family", ["cvrp_x", "prize_vrptw"])
def test_the_best_known_solutions_cost_exactly_what_their_files_say(
    shared_data: Path, family: str
) -> None:
    files = sorted((shared_data / "vrp" / family).glob("*.vrp"))
    assert files
    for file in files:
        instance = read_instance(file)
        routes, stated = read_solution(file.with_suffix(".sol"))
        assert instance.cost(routes) == stated
        assert list(instance.violations(routes)) == []
