"""What is best at each size: the compiled core, OR-Tools, or the two one after the other (`auto`).

    python benchmarks/engines.py --seconds 10 --seeds 1 2

Needs ../shared. Problems are Kim's days (windows, sites, lunch, limits of a day), thinned out
evenly to a size, with the fleet in proportion and a truck to spare; a kilometre costs a euro and
nothing else does. Every plan is judged by the checker. Seconds are of the clock on the wall, as in
the product; what the process worked is told beside them.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.recording import record
from city.container import Gear
from city.fleet import BreakRule, Window
from city.fraction import Fraction
from routing.check import check, cost_cents
from routing.core.search import compile_search
from routing.instances.kim import SITE, STOP, KimInstance, read_kim
from routing.instances.kim_check import LUNCH_FROM_S, LUNCH_UNTIL_S
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.solve import SMALL, Engine, solve

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "vrp" / "kim"
DAYS = {"102": 3, "335": 6, "804": 6}
SIZES = ((20, "335"), (50, "102"), (100, "102"), (200, "335"), (330, "335"), (800, "804"))
METRES_PER_FOOT = 0.3048
LITRES_PER_YARD = 765
FRACTION = Fraction.RESIDUAL


def problem_of(instance: KimInstance, vehicles: int, stops: int) -> Problem:
    """Return a day of so many of an instance's stops."""
    served = np.flatnonzero(instance.kind == STOP)
    served = served[np.linspace(0, len(served) - 1, min(stops, len(served))).astype(int)]
    share = instance.load_yards[served].sum() / instance.load_yards.sum()
    metres = instance.distance_feet * METRES_PER_FOOT
    drive_s = np.ceil(instance.distance_feet / instance.feet_per_s)
    return Problem(
        stops=tuple(_stop(instance, int(at)) for at in served),
        trucks=tuple(
            _truck(instance, number) for number in range(int(np.ceil(vehicles * share)) + 1)
        ),
        sites=tuple(_site(instance, int(at)) for at in np.flatnonzero(instance.kind == SITE)),
        duration_s=drive_s.astype(np.int32),
        length_m=np.rint(metres).astype(np.int32),
    )


def _window(instance: KimInstance, at: int) -> Window:
    service_s = int(instance.service_s[at])
    return Window(int(instance.early_s[at]), int(instance.late_s[at]) + service_s)


def _stop(instance: KimInstance, at: int) -> Stop:
    return Stop(
        id=instance.ids[at],
        node=at,
        fraction=FRACTION,
        gear=Gear.CRANE,
        weight_kg=0,
        volume_l=round(instance.load_yards[at] * LITRES_PER_YARD),
        service_s=int(instance.service_s[at]),
        skip_price_cents=None,
        windows=(_window(instance, at),),
    )


def _truck(instance: KimInstance, number: int) -> Truck:
    depot = instance.depot
    return Truck(
        id=f"truck-{number}",
        start_node=depot,
        end_node=depot,
        fractions=(FRACTION,),
        gear=Gear.CRANE,
        weight_capacity_kg=1,
        volume_capacity_l=int(instance.capacity_yards * LITRES_PER_YARD),
        shift=Window(int(instance.early_s[depot]), int(instance.late_s[depot])),
        break_rule=BreakRule(instance.lunch_s, begins=Window(LUNCH_FROM_S, LUNCH_UNTIL_S)),
        cost_per_km_cents=100,
        cost_per_hour_cents=0,
        cost_per_use_cents=0,
        day_volume_l=int(instance.day_capacity_yards * LITRES_PER_YARD),
        day_stops=instance.stops_per_day,
    )


def _site(instance: KimInstance, at: int) -> DisposalSite:
    return DisposalSite(
        instance.ids[at], at, (FRACTION,), _window(instance, at), int(instance.service_s[at])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--engines", type=Engine, nargs="+", default=list(Engine), choices=Engine)
    parser.add_argument("--stops", type=int, nargs="+", help="sizes to try, of those known")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    compile_search()
    made: list[dict[str, object]] = []
    table = Table(title=f"Euro after {arguments.seconds:g} s, mean over seeds (musts left out)")
    for column in ("stops", *arguments.engines):
        table.add_column(column, justify="right")
    for stops, day in SIZES:
        if arguments.stops and stops not in arguments.stops:
            continue
        problem = problem_of(read_kim(SHARED / f"{day}_stop.txt"), DAYS[day], stops)
        cells = []
        for engine in arguments.engines:
            if engine is Engine.ORTOOLS and stops > SMALL:
                cells.append("-")
                continue
            costs = []
            for seed in arguments.seeds:
                begun_s, own_s = time.perf_counter(), time.process_time()
                plan = solve(problem, seconds=arguments.seconds, seed=seed, engine=engine)
                costs.append(cost_cents(problem, plan))
                made.append(
                    {
                        "stops": len(problem.stops),
                        "engine": engine,
                        "seed": seed,
                        "euro": costs[-1].total_cents / 100,
                        "musts_left_out": costs[-1].musts_unserved,
                        "violations": len(check(problem, plan)),
                        "wall_s": round(time.perf_counter() - begun_s, 1),
                        "own_s": round(time.process_time() - own_s, 1),
                    }
                )
            euro = np.mean([cost.total_cents for cost in costs]) / 100
            cells.append(f"{euro:.2f} ({sum(cost.musts_unserved for cost in costs)})")
        table.add_row(str(len(problem.stops)), *cells)
        record("engines", {"seconds": arguments.seconds, "plans": made}, ("ortools", "numba"))
    Console().print(table)


if __name__ == "__main__":
    main()
