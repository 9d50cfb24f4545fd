"""For any problem that can be generated: the plan keeps every rule and accounts for every stop."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from city.container import Gear
from city.fleet import BreakRule, DrivingRule, Window
from city.fraction import Fraction
from city.plan import Plan, Route, Visit, VisitKind
from routing.check import check, cost_cents
from routing.familiar import Familiar, KnownRoute
from routing.problem import UNREACHABLE, DisposalSite, Problem, Stop, Truck
from routing.solve import solve

FRACTIONS = (Fraction.RESIDUAL, Fraction.PAPER)
MINUTE_S = 60


@st.composite
def windows(draw: st.DrawFn, longest_service_s: int) -> Window:
    """Draw a window of half an hour or more within the working day."""
    start_s = draw(st.integers(6 * 60, 14 * 60)) * MINUTE_S
    lasts_s = draw(st.integers(30, 600)) * MINUTE_S
    return Window(start_s, start_s + max(lasts_s, longest_service_s))


@st.composite
def stops(draw: st.DrawFn, number: int, nodes: int) -> Stop:
    service_s = draw(st.sampled_from((0, 120, 600, 1_800)))
    return Stop(
        id=f"stop-{number}",
        node=draw(st.integers(0, nodes - 1)),
        fraction=draw(st.sampled_from(FRACTIONS)),
        gear=draw(st.sampled_from((Gear.CRANE, Gear.CRANE, Gear.CRANE, Gear.REAR_LOADER))),
        weight_kg=draw(st.integers(0, 1_200)),
        volume_l=draw(st.integers(0, 5_000)),
        service_s=service_s,
        skip_price_cents=draw(st.none() | st.integers(0, 20_000)),
        windows=(draw(windows(service_s)),) if draw(st.integers(0, 4)) == 0 else (),
        only_trucks=draw(st.sampled_from(((), (), (), ("truck-0",), ("truck-1", "truck-9")))),
        weight_sd_kg=draw(st.sampled_from((0, 0, 50, 200))),
        volume_sd_l=draw(st.sampled_from((0, 0, 800))),
        max_gross_kg=draw(st.sampled_from((None, None, 12_000))),
        max_length_cm=draw(st.sampled_from((None, None, 900))),
        pair=draw(st.sampled_from(("", "", "", "one", "other"))),
    )


@st.composite
def trucks(draw: st.DrawFn, number: int, nodes: int) -> Truck:
    start_s = draw(st.integers(6, 9)) * 3600
    shift = Window(start_s, start_s + draw(st.integers(1, 10)) * 3600)
    lunch = BreakRule(1_800, begins=Window(11 * 3600, 12 * 3600))
    rule = draw(st.sampled_from((None, BreakRule(), BreakRule(900, 3_600), lunch)))
    return Truck(
        id=f"truck-{number}",
        start_node=draw(st.integers(0, nodes - 1)),
        end_node=draw(st.integers(0, nodes - 1)),
        fractions=draw(st.sampled_from((FRACTIONS, FRACTIONS[:1], FRACTIONS[1:]))),
        gear=draw(st.sampled_from((Gear.CRANE, Gear.CRANE, Gear.REAR_LOADER))),
        weight_capacity_kg=draw(st.sampled_from((1_000, 2_500, 8_000))),
        volume_capacity_l=draw(st.sampled_from((6_000, 40_000))),
        shift=shift,
        break_rule=rule,
        cost_per_km_cents=draw(st.sampled_from((0, 120))),
        cost_per_hour_cents=draw(st.sampled_from((0, 9_000))),
        cost_per_use_cents=draw(st.sampled_from((0, 5_000))),
        day_weight_kg=draw(st.sampled_from((None, None, 3_000))),
        day_volume_l=draw(st.sampled_from((None, None, 15_000))),
        day_stops=draw(st.sampled_from((None, None, 4))),
        gross_kg=draw(st.sampled_from((9_000, 26_000))),
        length_cm=draw(st.sampled_from((700, 1_000))),
        driving_rule=draw(st.sampled_from((None, DrivingRule(), DrivingRule(900, 3_600)))),
    )


@st.composite
def sites(draw: st.DrawFn, number: int, nodes: int) -> DisposalSite:
    hours = draw(windows(600)) if draw(st.booleans()) else Window(0, 24 * 3600)
    fractions = draw(st.sampled_from((FRACTIONS, FRACTIONS[:1], FRACTIONS[1:])))
    node = draw(st.integers(0, nodes - 1))
    service_s, most_kg = draw(st.sampled_from((0, 600))), draw(st.sampled_from((None, None, 2_000)))
    return DisposalSite(f"site-{number}", node, fractions, hours, service_s, most_kg)


@st.composite
def familiar(draw: st.DrawFn, stop_ids: list[str]) -> Familiar:
    """Draw known routes of today's stops, some that are gone, and a truck that may be."""
    order = draw(st.permutations([*stop_ids, "gone-1", "gone-2"]))
    cut = draw(st.integers(0, len(order)))
    routes = (KnownRoute("truck-0", tuple(order[:cut])), KnownRoute("truck-1", tuple(order[cut:])))
    return Familiar(routes, *draw(st.sampled_from(((0, 0), (100, 200), (10_000, 20_000)))))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a problem of up to 14 stops, with legs that may differ there and back."""
    nodes = draw(st.integers(1, 10))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    at = random.integers(0, 15_000, (nodes, 2))
    length_m = np.abs(at[:, None] - at[None]).sum(-1) + random.integers(0, 500, (nodes, nodes))
    duration_s = length_m // draw(st.sampled_from((4, 10)))
    if draw(st.integers(0, 3)) == 0:
        lost = random.random((nodes, nodes)) < 0.15
        length_m[lost] = duration_s[lost] = UNREACHABLE
    for matrix in (length_m, duration_s):
        np.fill_diagonal(matrix, 0)
    drawn = _paired([draw(stops(n, nodes)) for n in range(draw(st.integers(0, 14)))])
    return Problem(
        stops=drawn,
        trucks=tuple(draw(trucks(n, nodes)) for n in range(draw(st.integers(0, 3)))),
        familiar=draw(st.none() | familiar([stop.id for stop in drawn])),
        sites=tuple(draw(sites(n, nodes)) for n in range(draw(st.integers(0, 2)))),
        duration_s=duration_s.astype(np.int32),
        length_m=length_m.astype(np.int32),
    )


def _paired(drawn: list[Stop]) -> tuple[Stop, ...]:
    """Let nobody be a pair alone."""
    count = Counter(stop.pair for stop in drawn)
    return tuple(replace(stop, pair=stop.pair if count[stop.pair] > 1 else "") for stop in drawn)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(problems())
def test_every_plan_keeps_the_rules_and_accounts_for_every_stop(problem: Problem) -> None:
    plan = solve(problem, seconds=0.25)
    note(str(plan))
    assert check(problem, plan) == ()
    served = [ref for route in plan.routes for ref in route.stop_ids]
    explained = [unserved.stop_id for unserved in plan.unserved]
    assert sorted(served + explained) == sorted(stop.id for stop in problem.stops)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(problems())
def test_no_truck_stays_at_home_that_could_have_served_what_is_left_out(problem: Problem) -> None:
    plan = solve(problem, seconds=0)
    at_home = {truck.id for truck in problem.trucks} - {route.vehicle_id for route in plan.routes}
    for unserved in plan.unserved:
        (stop,) = (stop for stop in problem.stops if stop.id == unserved.stop_id)
        if stop.pair:
            continue
        alone = problem.replace(stops=(stop,))
        for truck in (truck for truck in problem.trucks if truck.id in at_home):
            for site in problem.sites:
                rival = there_and_back(problem, truck, stop, site)
                left_out = cost_cents(alone, Plan((), (unserved,)))
                if not check(alone, rival):
                    assert left_out.rank <= cost_cents(alone, rival).rank


def there_and_back(problem: Problem, truck: Truck, stop: Stop, site: DisposalSite) -> Plan:
    """Return the plan, possible or not, in which a truck serves one stop and nothing else."""
    clock_s, here = truck.shift.start_s, truck.start_node
    visits = [Visit(VisitKind.START, truck.start_ref, clock_s, clock_s)]
    opens_s = stop.windows[0].start_s if stop.windows else 0
    for kind, ref, node, start_s, service_s in (
        (VisitKind.STOP, stop.id, stop.node, opens_s, stop.service_s),
        (VisitKind.DISPOSAL, site.id, site.node, site.window.start_s, site.service_s),
        (VisitKind.END, truck.end_ref, truck.end_node, 0, 0),
    ):
        drive_s, length_m = int(problem.duration_s[here, node]), int(problem.length_m[here, node])
        arrival_s = clock_s + drive_s
        clock_s, here = max(arrival_s, start_s) + service_s, node
        load = (stop.weight_kg, stop.volume_l) if kind is VisitKind.STOP else (0, 0)
        visits.append(Visit(kind, ref, arrival_s, clock_s, drive_s, length_m, *load))
    return Plan((Route(truck.id, tuple(visits)),), ())
