"""The simulated city: its truth, those who see it, those who collect it, and what is counted."""

import json
import re
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from city.choosing import Policy
from city.errors import BadInput
from city.evidence import EvidenceKind
from city.plan import Plan, Route, Visit, VisitKind
from operations.cli import app
from operations.pose import pose, sites_of
from operations.simulate.assumptions import Assumptions
from operations.simulate.calendar import Calendar, easter
from operations.simulate.district import District, invented_district, read_registry
from operations.simulate.drive import drive
from operations.simulate.live import Search, live
from operations.simulate.observers import Observers
from operations.simulate.policies import Chooser, Evening, Ours, Perfect, Standing
from operations.simulate.rivals import POLICIES, in_district, priced
from operations.simulate.run import Request, simulate
from operations.simulate.score import Tally
from operations.simulate.streets import simulated_fleet, streets_of
from operations.simulate.world import World, build_world
from routing.problem import Problem

ROOT = Path(__file__).resolve().parents[1]
SMALL = Assumptions(warmup_days=112, run_in_days=0, counted_days=7)
QUICK = Search(seconds=5.0, run_in_seconds=5.0, solutions=5)


@cache
def small_world(seed: int = 1) -> World:
    return build_world(invented_district(1, 24), SMALL, seed)


def lived(chooser: Chooser, seed: int = 1) -> Tally:
    world = small_world(seed)
    fleet = simulated_fleet(SMALL)
    return live(world, fleet, streets_of(world.district, fleet, None), chooser, QUICK)


def test_trucks_rest_on_sundays_and_public_holidays_and_make_up_for_them() -> None:
    assert [easter(year) for year in (2024, 2025, 2026)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
    ]
    calendar = Calendar(date(2026, 4, 3), 6)  # Good Friday to Wednesday
    assert calendar.service.tolist() == [True, True, False, False, True, True]
    assert calendar.next_service(1) == 4
    world = small_world()
    assert not world.standing[:, ~world.calendar.service].any()
    monday = (date(2026, 4, 6) - world.calendar.start).days
    usual_tuesday = world.standing[:, monday - 6].sum()
    assert world.standing[:, monday + 1].sum() > usual_tuesday


def test_trucks_of_two_weekdays_make_up_for_a_holiday_on_the_next_day_that_they_drive() -> None:
    calendar = Calendar(date(2026, 4, 3), 6)  # Good Friday to Wednesday
    assert [calendar.comes(n, (0, 3)) for n in range(6)] == [
        False,
        False,
        False,
        False,
        True,
        False,
    ]
    assert calendar.next_round(0, (0, 3)) == 4
    assert calendar.next_round(4, (0, 3)) == 6  # Thursday, after the last day


def test_standing_rounds_overflow_about_as_often_as_is_assumed() -> None:
    shares = []
    for seed in range(1, 13):
        world = small_world(seed)
        days = list(world.warmup(by_zone=False))[-56:]
        shares.append(np.mean([day.overflowed().mean() for day in days]))
    assert np.mean(shares) == pytest.approx(SMALL.overflow_share, abs=0.006)


def test_both_fixed_schedules_come_equally_often() -> None:
    world = small_world()
    assert world.by_zone.sum() == pytest.approx(world.standing.sum(), rel=0.05)


def test_every_policy_meets_the_same_waste_the_same_cameras_and_the_same_citizens() -> None:
    world = small_world()
    one, other = (world.day(100, np.full(24, 0.5), np.full(24, hour)) for hour in (8.0, np.nan))
    assert (one.inflow == other.inflow).all()

    def photos(day: object) -> set[str]:
        seen = Observers(world).see(day)  # type: ignore[arg-type]
        return {r.raw_ref for r in seen.records if r.kind is EvidenceKind.PHOTO}

    assert photos(one) == photos(other)


def test_cameras_pass_their_share_and_reports_are_false_as_often_as_is_assumed() -> None:
    passed, true, false = [], 0, 0
    for seed in range(1, 13):
        world = small_world(seed)
        observers = Observers(world)
        for day in list(world.warmup(by_zone=False))[56:]:
            seen = observers.see(day)
            passed.append(sum(r.kind is EvidenceKind.PHOTO for r in seen.records) / 24)
            true, false = true + int(seen.reported.sum()), false + int(seen.falsely.sum())
    assert np.mean(passed) == pytest.approx(SMALL.camera_share, abs=0.02)
    assert false / (true + false) == pytest.approx(SMALL.false_share, abs=0.12)


@pytest.mark.parametrize(("quality", "says_something"), [(0.0, False), (1.0, True)])
def test_a_detector_of_no_quality_says_nothing(quality: float, says_something: bool) -> None:
    world = small_world()
    world = replace(world, assumptions=replace(SMALL, detector_quality=quality, camera_share=1.0))
    day = world.day(100, np.full(24, 1.2), np.full(24, np.nan))
    values = {r.value for r in Observers(world).see(day).records if r.kind is EvidenceKind.PHOTO}
    assert (len(values) > 1) is says_something


def may_be_left(problem: Problem) -> Problem:
    return problem.replace(stops=tuple(replace(s, skip_price_cents=900) for s in problem.stops))


def test_a_truck_that_is_full_too_soon_comes_back_for_musts_and_leaves_the_rest() -> None:
    a = replace(SMALL, truck_kg=300)
    world = replace(small_world(), assumptions=a)
    fleet = simulated_fleet(a)
    evening = _evening(world)
    choices = Standing().choose(replace(evening, standing=np.arange(24) < 3))
    among = streets_of(world.district, fleet, None).among([0, 1, 2], len(sites_of(fleet)))
    problem = pose(world.containers[:3], choices, fleet, *among)
    visits = (
        Visit(VisitKind.START, "depot", 25_200, 25_200),
        *(Visit(VisitKind.STOP, c.id, 0, 0) for c in world.containers[:3]),
        Visit(VisitKind.DISPOSAL, "west", 0, 0),
        Visit(VisitKind.END, "depot", 0, 0),
    )
    plan = Plan((Route("crane-1", visits),), ())
    full = world.day(100, np.full(24, 1.0), np.full(24, np.nan))
    driven = drive(plan, problem, world, full)
    left = drive(plan, may_be_left(problem), world, full)
    assert (left.extra_trips, left.trips, int(np.isfinite(left.emptied_h).sum())) == (0, 1, 1)
    assert driven.extra_trips == 2
    assert driven.trips == 3
    assert driven.collected_kg == pytest.approx(sum(c.weight_kg(1) for c in world.containers[:3]))


@pytest.mark.parametrize("chooser", [Standing(), Ours(Policy(max_days_unemptied=99))])
def test_what_came_in_was_collected_or_lies_there_or_lay_beside(chooser: Chooser) -> None:
    world, tally = small_world(), lived(chooser)
    kg = np.array([c.weight_kg(1.0) for c in world.containers])
    came = float((world.inflow[:, -SMALL.counted_days :] * kg[:, None]).sum())
    figures = tally.figures("x")
    accounted = figures.tonnes * 1000 + figures.left_kg_change
    assert accounted <= came + 20
    if figures.overflow_days == 0:
        assert accounted == pytest.approx(came, abs=20)


def test_perfect_information_comes_for_whatever_will_be_full_before_the_next_chance() -> None:
    evening = _evening(small_world())
    truth = np.where(np.arange(24) < 5, 1.01, 0.3)
    choices = Perfect(Policy()).choose(replace(evening, true_next=truth))
    assert [c.container_id for c in choices] == [c.id for c in evening.containers[:5]]
    assert {c.skip_price_cents for c in choices} == {Policy().overflow_price_cents}


def test_a_run_that_is_repeated_is_read_and_not_solved_again(tmp_path: Path) -> None:
    request = Request(seeds=(3,), policies=("fixed",), search=QUICK, assumptions=SMALL)
    first = simulate(request, tmp_path)
    told: list[str] = []
    again = simulate(request, tmp_path, on_progress=lambda step, _done, _total: told.append(step))
    assert told == []
    assert again.results == first.results
    assert json.loads((tmp_path / "simulation.json").read_text())["simulated"] is True


def test_a_city_is_the_sum_of_its_districts_and_a_broken_off_run_goes_on(tmp_path: Path) -> None:
    a = replace(SMALL, counted_days=4)
    request = Request(seeds=(3,), policies=("fixed",), search=QUICK, assumptions=a, districts=2)
    told: list[tuple[str, float, float]] = []
    city = simulate(request, tmp_path, on_progress=lambda *step: told.append(step))
    (whole,) = city.results
    parts = [district[0].figures for district in city.districts]
    assert sum(city.provenance["containers"]) == 80
    assert whole.figures.container_days == 80 * 4
    assert whole.figures.km == pytest.approx(sum(part.km for part in parts))
    assert whole.figures.km == pytest.approx(sum(whole.km_by_day), abs=0.2)
    assert whole.figures.overflow_days == sum(part.overflow_days for part in parts)
    assert whole.figures.most_trucks == max(whole.trucks_by_day) > 0
    assert min(p.fill_at_emptying for p in parts) <= whole.figures.fill_at_emptying
    assert max(p.fill_at_emptying for p in parts) >= whole.figures.fill_at_emptying
    assert [done for _, done, _ in told] == [*range(1, 9)]
    assert {total for _, _, total in told} == {8}

    lost = sorted((tmp_path / "runs").iterdir())[1]
    lost.unlink()
    told.clear()
    again = simulate(request, tmp_path, on_progress=lambda *step: told.append(step), processes=2)
    assert told == [("fixed, seed 3", 8, 8)]
    assert again == city


def test_districts_that_fill_fast_have_more_weekdays_and_the_next_ones_have_later_ones() -> None:
    city = invented_district(1)
    slow, fast = (replace(city, interval_days=np.full(80, days)) for days in (6.0, 3.0))
    ours, fixed = POLICIES["ours"], POLICIES["fixed"]
    assert [in_district(ours, n, slow).weekdays for n in range(4)] == [
        (1, 4),
        (2, 5),
        (0, 3),
        (1, 4),
    ]
    assert [in_district(ours, n, fast).weekdays for n in range(2)] == [(0, 2, 4), (1, 3, 5)]
    assert in_district(fixed, 1, fast) == replace(fixed, weekdays=tuple(range(6)))


def test_a_city_may_hold_an_overflow_to_cost_something_else() -> None:
    perfect = priced(POLICIES["perfect"], 700)
    assert isinstance(perfect, Perfect)
    assert perfect.policy.overflow_price_cents == 700
    assert priced(POLICIES["fixed"], 700) == POLICIES["fixed"]


def test_the_command_says_that_all_is_simulated_and_that_containers_are_invented(
    tmp_path: Path,
) -> None:
    options = ["--days", "2", "--seed", "1", "--policy", "fixed", "--policy", "ours"]
    run = CliRunner().invoke(
        app, ["simulate", "--out", str(tmp_path), "--seconds", "0.1", *options]
    )
    assert run.exit_code == 0, run.output
    assert "Simulated: no figure here was measured in a real city." in run.output
    assert "the containers are invented too" in run.output
    assert {p.name for p in tmp_path.glob("*.png")} == {"policies.png", "fairness.png"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--policy", "magic"], "unknown-policy"),
        (["--around", "52"], "not-a-place"),
        (["--registry", "nowhere.csv"], "no-such-file"),
        (["--districts", "81"], "too-few-containers"),
    ],
)
def test_what_cannot_be_simulated_is_said(options: list[str], code: str, tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["simulate", "--out", str(tmp_path), *options])
    assert isinstance(run.exception, BadInput)
    assert [fault.code for fault in run.exception.faults] == [code]


def test_a_registry_gives_the_nearest_containers_that_a_crane_empties(tmp_path: Path) -> None:
    file = tmp_path / "registry.csv"
    file.write_text(
        "id,lat,lon,avg_weight_kg,container_type,num_weighings_2020_2021\n"
        "far,52.5,4.8,300,Normal container,100\n"
        "near,52.3966,4.8131,300,Normal container,100\n"
        "big,52.3965,4.8130,900,Big container,100\n"
        "never,52.3965,4.8130,300,Normal container,0\n"
    )
    registry = read_registry(file)
    district = registry.around(Request().around, 1)
    assert district.ids == ("near",)
    assert district.interval_days.tolist() == [7.31]
    with pytest.raises(BadInput, match="holds 2 containers"):
        registry.around(Request().around, 3)


@given(seed=st.integers(0, 99), containers=st.integers(1, 60), count=st.integers(1, 12))
def test_each_container_lies_in_one_district_and_districts_have_as_much_waste(
    seed: int, containers: int, count: int
) -> None:
    city = invented_district(seed, containers)
    if containers < count:
        with pytest.raises(BadInput, match=f"holds {containers} containers"):
            city.cut(count)
        return
    districts = city.cut(count)
    assert len(districts) == count
    assert all(len(district) for district in districts)
    assert sorted(name for d in districts for name in d.ids) == sorted(city.ids)
    positions = dict(zip(city.ids, city.positions, strict=True))
    assert all(d.positions == tuple(positions[name] for name in d.ids) for d in districts)
    waste = [d.kg_a_day.sum() for d in districts]
    heaviest = city.kg_a_day.max() * count.bit_length()
    assert max(waste) - min(waste) <= 2 * heaviest


def test_districts_are_compact() -> None:
    grid = [(x, y) for x in range(8) for y in range(4)]
    middle = Request().around
    city = District(
        tuple(f"{x}-{y}" for x, y in grid),
        tuple(middle.moved(100.0 * x, 100.0 * y) for x, y in grid),
        np.full(32, 7.0),
        np.full(32, 300.0),
    )
    for district in city.cut(8):
        across = {tuple(map(int, name.split("-"))) for name in district.ids}
        assert len(across) == 4
        assert np.ptp(list(across), axis=0).tolist() == [1, 1]


def test_every_assumption_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "simulation.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert {field.name for field in fields(Assumptions)} <= documented


def _evening(world: World) -> Evening:
    at = world.calendar.at(100, 10.0)
    half = np.full(len(world.containers), 0.5)
    nobody = np.zeros(len(world.containers), dtype=bool)
    return Evening(
        world.containers,
        at,
        at + timedelta(days=1),
        nobody,
        nobody,
        half,
        frozenset(),
        half,
        half,
    )
