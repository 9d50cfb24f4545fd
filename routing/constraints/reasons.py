"""A stop that is left out has a reason, and the reason is true."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from city.plan import Plan, UnservedCode
from routing.constraints.kerb import SAME_WAY_M
from routing.constraints.rule import Violation
from routing.problem import UNREACHABLE, DisposalSite, Problem, Stop, Truck

if TYPE_CHECKING:
    from routing.model import Model

NAME = "reasons"


def post(model: Model) -> None:
    """Post nothing: reasons are given after the solve."""


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find reasons that are not so, and musts that were left out for money."""
    stops = {stop.id: stop for stop in problem.stops}
    for unserved in plan.unserved:
        stop = stops.get(unserved.stop_id)
        if stop is None:
            continue
        if unserved.code is UnservedCode.CHEAPER_TO_SKIP and stop.must:
            yield Violation(NAME, "", stop.id, "A must is left out because that is cheaper.")
        elif not _true(problem, plan, stop, unserved.code):
            message = f"The reason '{unserved.code}' does not hold for this stop."
            yield Violation(NAME, "", stop.id, message)


def _may(truck: Truck, stop: Stop) -> bool:
    return (
        stop.fraction in truck.fractions
        and truck.gear is stop.gear
        and truck.id in (stop.only_trucks or [truck.id])
        and (stop.max_gross_kg is None or truck.gross_kg <= stop.max_gross_kg)
        and (stop.max_length_cm is None or truck.length_cm <= stop.max_length_cm)
    )


def _true(problem: Problem, plan: Plan, stop: Stop, code: UnservedCode) -> bool:
    """Whether a reason that can be verified holds; price and room are taken as given."""
    mates = [other for other in problem.stops if stop.pair and other.pair == stop.pair]
    trucks = [t for t in problem.trucks if all(_may(t, each) for each in (stop, *mates))]
    strong = [
        t
        for t in trucks
        if _holds(t, stop.weight_kg, stop.weight_sd_kg, t.weight_capacity_kg)
        and _holds(t, stop.volume_l, stop.volume_sd_l, t.volume_capacity_l)
        and (t.day_weight_kg is None or stop.weight_kg <= t.day_weight_kg)
        and (t.day_volume_l is None or stop.volume_l <= t.day_volume_l)
        and t.day_stops != 0
    ]
    sites = [site for site in problem.sites if stop.fraction in site.fractions]
    match code:
        case UnservedCode.NO_SUITABLE_TRUCK:
            return not trucks
        case UnservedCode.TOO_HEAVY:
            return not strong
        case UnservedCode.NO_DISPOSAL_SITE:
            return not sites
        case UnservedCode.WITH_ITS_PAIR:
            alone = {u.stop_id for u in plan.unserved if u.code is not code}
            return any(mate.id in alone for mate in mates)
        case UnservedCode.UNREACHABLE:
            joined = any(_joined(problem, t, stop, site) for t in strong for site in sites)
            return not joined or _kerb_out_of_reach(problem, stop)
        case _:
            return True


def _kerb_out_of_reach(problem: Problem, stop: Stop) -> bool:
    kerb_m = problem.kerb_length_m
    if kerb_m is None or not stop.kerb_only:
        return False
    longer_m = np.delete(kerb_m[:, stop.node] - problem.length_m[:, stop.node], stop.node)
    return bool((longer_m > SAME_WAY_M).all())


def _joined(problem: Problem, truck: Truck, stop: Stop, site: DisposalSite) -> bool:
    nodes = (truck.start_node, stop.node, site.node, truck.end_node)
    legs = pairwise(nodes)
    ways = problem.profiles[truck.profile] if truck.profile else problem
    return all(ways.duration_s[leg] < UNREACHABLE for leg in legs)


def _holds(truck: Truck, mean: int, sd: int, capacity: int) -> bool:
    return mean + NormalDist().inv_cdf(1 - truck.overfull_pct / 100) * sd <= capacity
