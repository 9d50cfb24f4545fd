"""Problems of any mixture of all rules, each from one number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from city.container import Gear
from city.fleet import BreakRule, DrivingRule, Window
from city.fraction import Fraction
from routing.problem import UNREACHABLE, DisposalSite, IntMatrix, Problem, Stop, Truck, Ways

HOUR_S = 3600
FRACTIONS = (Fraction.RESIDUAL, Fraction.PAPER)
BREAKS = (
    None,
    BreakRule(),
    BreakRule(1_800, begins=Window(11 * HOUR_S, 12 * HOUR_S)),
)


def generated(seed: int, most_stops: int = 60) -> Problem:
    """Return a problem of up to so many stops; which rules matter in it is drawn as well."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(1, most_stops + 1))
    nodes = 4 + count
    duration_s, length_m = _legs(chance, nodes)
    rules = chance.random(9) < 0.4
    stops = tuple(_stop(chance, n, 4 + n, rules) for n in range(count))
    trucks = tuple(_truck(chance, n, rules) for n in range(int(chance.integers(1, 5))))
    sites = tuple(_site(chance, n) for n in range(int(chance.integers(1, 3))))
    if rules[8]:
        stops = _paired(chance, stops)
    problem = Problem(_ordered(chance, stops), trucks, sites, duration_s, length_m)
    # Draws of their own, so that older rules keep the problems that they have been tried on.
    for number, change in enumerate((_kerbed, _profiled, _with_small_trucks), 1):
        problem = change(np.random.default_rng((seed, number)), problem)
    return problem


def _with_small_trucks(chance: np.random.Generator, problem: Problem) -> Problem:
    """Let some trucks hold fewer kilograms than some stops weigh."""
    if chance.random() < 0.7:
        return problem
    trucks = (
        replace(truck, weight_capacity_kg=600) if chance.random() < 0.5 else truck
        for truck in problem.trucks
    )
    return problem.replace(trucks=tuple(trucks))


def _profiled(chance: np.random.Generator, problem: Problem) -> Problem:
    """Let some trucks be slow, on ways of their own that some places lie off."""
    if chance.random() < 0.7:
        return problem
    factor = chance.uniform(1.0, 1.5, problem.length_m.shape)
    off = np.flatnonzero(chance.random(len(factor) - 4) < 0.1) + 4
    matrices = []
    for matrix in (problem.duration_s, problem.length_m):
        slow = np.minimum(matrix * factor, UNREACHABLE)
        slow[:, off] = UNREACHABLE
        np.fill_diagonal(slow, 0)
        matrices.append(slow.astype(np.int32))
    trucks = [replace(t, profile="slow" if chance.random() < 0.5 else "") for t in problem.trucks]
    return problem.replace(trucks=tuple(trucks), profiles={"slow": Ways(*matrices)})


def _kerbed(chance: np.random.Generator, problem: Problem) -> Problem:
    """Let some stops ask for their own side of the street, which half of the ways end on."""
    if chance.random() < 0.7:
        return problem
    across = chance.random(problem.length_m.shape) < 0.5
    kerb_length_m = np.where(across, problem.length_m + 400, problem.length_m)
    asking = chance.random(len(problem.stops)) < 0.3
    return problem.replace(
        stops=tuple(
            replace(stop, kerb_only=bool(asks))
            for stop, asks in zip(problem.stops, asking, strict=True)
        ),
        kerb_length_m=kerb_length_m.clip(max=UNREACHABLE).astype(np.int32),
    )


def _legs(chance: np.random.Generator, nodes: int) -> tuple[IntMatrix, IntMatrix]:
    at = chance.integers(0, 15_000, (nodes, 2))
    length_m = np.abs(at[:, None] - at[None]).sum(-1) + chance.integers(0, 500, (nodes, nodes))
    duration_s = length_m // int(chance.choice((4, 8, 12)))
    if chance.random() < 0.15:
        # Of shortest ways: what cannot be reached from one place cannot through any other.
        lost = np.flatnonzero(chance.random(nodes - 4) < 0.1) + 4
        for matrix in (length_m, duration_s):
            matrix[:, lost] = UNREACHABLE
    for matrix in (length_m, duration_s):
        np.fill_diagonal(matrix, 0)
    return duration_s.astype(np.int32), length_m.astype(np.int32)


def _stop(chance: np.random.Generator, number: int, node: int, rules: np.ndarray) -> Stop:
    windowed, uncertain, sized, named, optional, mixed, *_ = rules
    service_s = int(chance.choice((60, 240, 600)))
    start_s = int(chance.integers(6, 13)) * HOUR_S
    lasts_s = int(chance.integers(1, 5)) * HOUR_S
    return Stop(
        id=f"stop-{number}",
        node=node,
        fraction=FRACTIONS[int(mixed and chance.random() < 0.3)],
        gear=Gear.CRANE if chance.random() < 0.9 else Gear.REAR_LOADER,
        weight_kg=int(chance.integers(50, 900)),
        volume_l=int(chance.integers(500, 5_000)),
        service_s=service_s,
        skip_price_cents=int(chance.integers(100, 20_000))
        if optional or chance.random() < 0.2
        else None,
        windows=(Window(start_s, start_s + lasts_s),) if windowed and chance.random() < 0.4 else (),
        only_trucks=("truck-0",) if named and chance.random() < 0.2 else (),
        weight_sd_kg=int(chance.integers(0, 150)) if uncertain else 0,
        volume_sd_l=int(chance.integers(0, 800)) if uncertain else 0,
        max_gross_kg=12_000 if sized and chance.random() < 0.2 else None,
        max_length_cm=900 if sized and chance.random() < 0.2 else None,
    )


def _paired(chance: np.random.Generator, stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Let some go with the one before, half of them after it."""
    paired = list(stops)
    for at in range(1, len(stops)):
        if not paired[at - 1].pair and chance.random() < 0.3:
            first = replace(paired[at - 1], pair=f"pair-{at}")
            after = (first.id,) if chance.random() < 0.5 else ()
            paired[at - 1 : at + 1] = (
                first,
                replace(stops[at], pair=first.pair, after_in_pair=after),
            )
    return tuple(paired)


def _ordered(chance: np.random.Generator, stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Let some bags wait for a crane."""
    cranes = [stop.id for stop in stops if stop.gear is Gear.CRANE]
    if not cranes or chance.random() < 0.5:
        return stops
    return tuple(
        replace(stop, after=(str(chance.choice(cranes)),))
        if stop.gear is Gear.REAR_LOADER and chance.random() < 0.5
        else stop
        for stop in stops
    )


def _truck(chance: np.random.Generator, number: int, rules: np.ndarray) -> Truck:
    limited, driver = rules[6:8]
    start_s = int(chance.integers(6, 9)) * HOUR_S
    start, end = (int(node) for node in chance.integers(0, 2, 2))
    return Truck(
        id=f"truck-{number}",
        start_node=start,
        end_node=end,
        fractions=FRACTIONS if chance.random() < 0.7 else FRACTIONS[:1],
        gear=Gear.CRANE if number == 0 or chance.random() < 0.7 else Gear.REAR_LOADER,
        weight_capacity_kg=int(chance.choice((1_500, 4_000, 9_000))),
        volume_capacity_l=int(chance.choice((12_000, 40_000))),
        shift=Window(start_s, start_s + int(chance.integers(3, 10)) * HOUR_S),
        break_rule=BREAKS[int(chance.integers(0, len(BREAKS)))],
        cost_per_km_cents=120,
        cost_per_hour_cents=9_000,
        cost_per_use_cents=int(chance.choice((0, 5_000))),
        day_weight_kg=8_000 if limited and chance.random() < 0.5 else None,
        day_volume_l=60_000 if limited and chance.random() < 0.5 else None,
        day_stops=15 if limited and chance.random() < 0.5 else None,
        gross_kg=int(chance.choice((9_000, 26_000))),
        length_cm=int(chance.choice((700, 1_000))),
        driving_rule=DrivingRule() if driver else None,
        overfull_pct=(5, 20, 50)[number % 3],
    )


def _site(chance: np.random.Generator, number: int) -> DisposalSite:
    begin_s = int(chance.choice((6, 7))) * HOUR_S
    hours = Window(begin_s, int(chance.choice((15, 20))) * HOUR_S)
    return DisposalSite(f"site-{number}", 2 + number, FRACTIONS, hours, 600)
