"""Named miniature problems: small enough to follow by hand, each with one thing to get right.

Places lie on a plane in metres; trucks drive its axes at 10 m/s, so a leg of 600 m takes 60 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from city.container import Gear
from city.fleet import BreakRule, Window
from city.fraction import Fraction
from routing.problem import UNREACHABLE, DisposalSite, Problem, Stop, Truck, Ways

Point = tuple[int, int]

HOUR_S = 3600
DEPOT, SITE, OTHER_SITE = 0, 1, 2
SHIFT = Window(7 * HOUR_S, 15 * HOUR_S)


def window(begin: str, end: str) -> Window:
    """Return a window from two times of day such as 7:30."""
    return Window(_seconds(begin), _seconds(end))


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * HOUR_S + int(minutes) * 60


def stop(
    number: int,
    *,
    node: int | None = None,
    fraction: Fraction = Fraction.RESIDUAL,
    gear: Gear = Gear.CRANE,
    weight_kg: int = 300,
    volume_l: int = 3_000,
    service_s: int = 240,
    skip_price_cents: int | None = None,
    windows: Sequence[Window] = (),
    after: Sequence[str] = (),
) -> Stop:
    """Return a stop; unless told otherwise it stands at the node after the sites."""
    return Stop(
        f"stop-{number}",
        2 + number if node is None else node,
        fraction,
        gear,
        weight_kg,
        volume_l,
        service_s,
        skip_price_cents,
        tuple(windows),
        tuple(after),
    )


def truck(
    number: int = 1,
    *,
    fractions: Sequence[Fraction] = (Fraction.RESIDUAL,),
    gear: Gear = Gear.CRANE,
    weight_capacity_kg: int = 1_000,
    volume_capacity_l: int = 20_000,
    shift: Window = SHIFT,
    break_rule: BreakRule | None = None,
) -> Truck:
    """Return a truck of the depot at node 0."""
    return Truck(
        f"truck-{number}",
        DEPOT,
        DEPOT,
        tuple(fractions),
        gear,
        weight_capacity_kg,
        volume_capacity_l,
        shift,
        break_rule or BreakRule(),
        cost_per_km_cents=120,
        cost_per_hour_cents=9_000,
        cost_per_use_cents=5_000,
    )


def site(
    name: str = "site",
    *,
    node: int = SITE,
    fractions: Sequence[Fraction] = (Fraction.RESIDUAL,),
    hours: Window = SHIFT,
    service_s: int = 600,
) -> DisposalSite:
    """Return a disposal site."""
    return DisposalSite(name, node, tuple(fractions), hours, service_s)


def on_a_plane(
    points: Sequence[Point],
    stops: Sequence[Stop],
    trucks: Sequence[Truck],
    sites: Sequence[DisposalSite],
    *,
    cut_off: Sequence[int] = (),
) -> Problem:
    """Return a problem whose node n stands at the n-th point; no road leads to those cut off."""
    at = np.array(points, dtype=np.int64).reshape(-1, 2)
    length_m = np.abs(at[:, None] - at[None]).sum(-1)
    duration_s = length_m // 10
    for node in cut_off:
        for matrix in (length_m, duration_s):
            matrix[node, :] = matrix[:, node] = UNREACHABLE
            matrix[node, node] = 0
    return Problem(
        tuple(stops),
        tuple(trucks),
        tuple(sites),
        duration_s.astype(np.int32),
        length_m.astype(np.int32),
    )


SQUARE: tuple[Point, ...] = (
    (0, 0),
    (6_000, 0),
    (0, 6_000),
    (1_200, 1_200),
    (1_200, 3_000),
    (3_000, 3_000),
    (3_000, 1_200),
)
"""Depot, site, second site, and four corners."""


def four_stops() -> Problem:
    """Four stops, one truck that holds three: it has to empty itself twice."""
    return on_a_plane(SQUARE, [stop(n) for n in (1, 2, 3, 4)], [truck()], [site()])


def two_fractions() -> Problem:
    """One truck for residual and paper, which go to different sites and never mix."""
    stops = [
        stop(n, fraction=fraction)
        for n, fraction in enumerate((Fraction.RESIDUAL, Fraction.PAPER) * 2, start=1)
    ]
    both = truck(fractions=(Fraction.RESIDUAL, Fraction.PAPER), weight_capacity_kg=5_000)
    paper_site = site("paper-site", node=OTHER_SITE, fractions=(Fraction.PAPER,))
    return on_a_plane(SQUARE, stops, [both], [site(), paper_site])


def overfull_square() -> Problem:
    """Forty musts on a square and ninety minutes to collect them: most have to be carried over."""
    points = [*SQUARE[:3], *((500 * (n % 8), 500 * (n // 8)) for n in range(40))]
    brief = truck(shift=window("7:00", "8:30"))
    return on_a_plane(points, [stop(n) for n in range(1, 41)], [brief], [site()])


def far_site_closes_early() -> Problem:
    """The near site closes before the last stop's window opens; the far one stays open."""
    stops = [stop(1), stop(2, windows=[window("12:00", "13:00")])]
    near = site("near", hours=window("7:00", "9:00"))
    far = site("far", node=OTHER_SITE, hours=window("7:00", "14:00"))
    return on_a_plane(SQUARE, stops, [truck()], [near, far])


def long_day_needs_break() -> Problem:
    """Twenty stops of twenty minutes: more work than is allowed without a pause."""
    points = [*SQUARE[:3], *((300 * n, 300) for n in range(20))]
    stops = [stop(n, service_s=1_200, weight_kg=100, volume_l=500) for n in range(1, 21)]
    return on_a_plane(points, stops, [truck(weight_capacity_kg=4_000)], [site()])


def worth_it_or_not() -> Problem:
    """Two stops beside the road, of which one is worth a detour, and one far off that is not."""
    points = [*SQUARE[:3], (2_000, 0), (4_000, 0), (3_000, 40_000)]
    prices = (None, 100_000, 500)
    stops = [stop(n, skip_price_cents=price) for n, price in enumerate(prices, start=1)]
    return on_a_plane(points, stops, [truck()], [site()])


def beyond_help() -> Problem:
    """Musts that nothing can be done for, one for each reason, and one that can be served."""
    stops = [
        stop(1),
        stop(2, weight_kg=1_001),
        stop(3, gear=Gear.REAR_LOADER),
        stop(4, fraction=Fraction.GLASS),
        stop(5),
    ]
    both = truck(fractions=(Fraction.RESIDUAL, Fraction.GLASS))
    points = [*SQUARE, (5_000, 5_000)]
    return on_a_plane(points, stops, [both], [site()], cut_off=[7])


def open_in_the_afternoon() -> Problem:
    """A must that opens at 14:00 and a depot far enough that leaving at 7:00 would be waiting."""
    stops = [stop(1, windows=[window("9:00", "9:30"), window("14:00", "14:30")]), stop(2)]
    points = [(0, 0), (6_000, 0), (0, 6_000), (1_200, 1_200), (100_000, 1_200)]
    return on_a_plane(points, stops, [truck()], [site()])


def bags_beside_a_pit() -> Problem:
    """A pit that a crane reaches late, bags beside it, and a bin that no crane need come to."""
    gear = Gear.REAR_LOADER
    stops = [
        stop(1, node=4, service_s=3 * HOUR_S),
        stop(2, node=5),
        stop(3, node=5, gear=gear, weight_kg=50, volume_l=500, after=["stop-2"]),
        stop(4, node=3, gear=gear, weight_kg=50, volume_l=500),
    ]
    crane = truck(shift=window("8:00", "14:00"))
    return on_a_plane(SQUARE, stops, [truck(2, gear=gear), crane], [site()])


def two_fractions_of_one_place() -> Problem:
    """Residual and paper of one place for one truck, paper first, and a truck for each besides."""
    residual, paper = Fraction.RESIDUAL, Fraction.PAPER
    points = [*SQUARE[:3], (3_000, 3_000), (3_000, 3_300), (1_200, 0), (0, 1_200)]
    stops = [
        replace(stop(1, fraction=residual), pair="corner", after_in_pair=("stop-2",)),
        replace(stop(2, fraction=paper), pair="corner"),
        stop(3, fraction=residual),
        stop(4, fraction=paper),
    ]
    trucks = [truck(1), truck(2, fractions=[paper]), truck(3, fractions=[residual, paper])]
    trucks[2] = replace(trucks[2], cost_per_use_cents=20_000)
    sites = [site(), site("paper-site", node=OTHER_SITE, fractions=[paper])]
    return on_a_plane(points, stops, trucks, sites)


def across_the_street() -> Problem:
    """Three stops on a street that runs east; who comes from the east finds the second across."""
    points = [(0, 0), (6_000, 0), (0, 600), (1_000, 0), (2_000, 0), (3_000, 0)]
    stops = [stop(1), replace(stop(2), kerb_only=True), stop(3)]
    problem = on_a_plane(points, stops, [truck(weight_capacity_kg=2_000)], [site(node=2)])
    kerb_length_m = problem.length_m.copy()
    kerb_length_m[[1, 5], 4] += 800
    return problem.replace(kerb_length_m=kerb_length_m)


def bridge_for_small_trucks() -> Problem:
    """A stop across a bridge that the large truck may not drive; going round takes it hours."""
    stops = [stop(1), replace(stop(2), weight_kg=100)]
    points = [(0, 0), (1_000, 0), (0, 600), (1_000, 1_000), (2_000, 1_000)]
    small = replace(truck(2, weight_capacity_kg=200), cost_per_use_cents=20_000)
    problem = on_a_plane(points, stops, [replace(truck(1), profile="large"), small], [site()])
    ways = []
    for matrix, round_the_water in ((problem.duration_s, 9_000), (problem.length_m, 90_000)):
        longer = matrix.copy()
        longer[:4, 4] = longer[4, :4] = round_the_water
        ways.append(longer)
    return problem.replace(profiles={"large": Ways(*ways)})


WORLDS = (
    four_stops,
    two_fractions,
    overfull_square,
    far_site_closes_early,
    long_day_needs_break,
    worth_it_or_not,
    beyond_help,
    open_in_the_afternoon,
    bags_beside_a_pit,
    two_fractions_of_one_place,
    across_the_street,
    bridge_for_small_trucks,
)
