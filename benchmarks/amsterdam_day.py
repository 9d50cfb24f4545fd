"""The whole city's day, from road extract to checked plan: how long it takes, how much memory.

    python benchmarks/amsterdam_day.py [--seconds 60] [--seeds 1 2 3] [--shared ../shared/data]

Real: Amsterdam's roads, the containers of residual waste and what they weighed on average.
Assumed, and fixed in `tests/amsterdam.py`: fills, 30 trucks of two gears ("Big container" stands
for a second fraction), depot and two disposal sites. Each seed runs in a process of its own that
builds the roads anew, so that its time and its peak memory are those of a first day. Roads and
matrices take the cores that they are given, the plan takes one.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import resource
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from recording import record
from rich.console import Console
from rich.table import Table

from routing.check import check, cost_cents
from routing.roads import build_roads
from routing.solve import solve
from tests import amsterdam

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Day:
    """One seed's day; `all_s` holds all that a planner waits for."""

    seed: int
    containers: int
    stops: int
    trucks: int
    roads_s: float
    matrices_s: float
    plan_s: float
    check_s: float
    all_s: float
    peak_mb: int
    km: float
    hours: float
    cost_euro: float
    trucks_used: int
    musts_unserved: int
    violations: int


def day(data: Path, seconds: float, seed: int) -> Day:
    marks = [time.perf_counter()]
    with tempfile.TemporaryDirectory() as folder:
        roads = build_roads(data / amsterdam.EXTRACT, Path(folder))
        marks.append(time.perf_counter())
        problem, _ = amsterdam.city_day(roads, data, seed=seed)
        marks.append(time.perf_counter())
        plan = solve(problem, seconds=seconds, seed=seed)
        marks.append(time.perf_counter())
        violations = check(problem, plan)
        marks.append(time.perf_counter())
        positions = [lonlat for _, lonlat, _ in amsterdam.containers(data)]
        near = int((roads.snap(positions).distance_m <= amsterdam.NEAR_ROAD_M).sum())
    cost = cost_cents(problem, plan)
    roads_s, matrices_s, plan_s, check_s = (
        round(after - before, 1) for before, after in itertools.pairwise(marks)
    )
    return Day(
        seed,
        near,
        len(problem.stops),
        len(problem.trucks),
        roads_s,
        matrices_s,
        plan_s,
        check_s,
        all_s=round(marks[-1] - marks[0], 1),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        km=round(sum(route.length_m for route in plan.routes) / 1000, 1),
        hours=round(sum(route.duration_s for route in plan.routes) / 3600, 1),
        cost_euro=cost.total_cents / 100,
        trucks_used=len(plan.routes),
        musts_unserved=cost.musts_unserved,
        violations=len(violations),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Amsterdam's whole day, from roads to plan.")
    parser.add_argument("--seconds", type=float, default=60.0, help="of search (default 60)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--shared", type=Path, default=SHARED)
    given = parser.parse_args()
    if not given.shared.is_dir():
        parser.error(f"needs third-party data in {given.shared}, which is not there")
    load = os.getloadavg()[0]
    days = []
    for seed in given.seeds:
        with multiprocessing.get_context("spawn").Pool(1) as apart:
            days.append(apart.apply(day, (given.shared, given.seconds, seed)))
    table = Table(title=f"{given.seconds:g} s of search; load when begun {load:.1f}")
    for name in asdict(days[0]):
        table.add_column(name.replace("_", " "), justify="right")
    for one in days:
        table.add_row(*(f"{value:g}" for value in asdict(one).values()))
    Console(width=170).print(table)
    told = {
        "seconds": given.seconds,
        "cores": len(os.sched_getaffinity(0)),
        "load": round(load, 1),
        "days": [asdict(one) for one in days],
    }
    print(record("amsterdam_day", told, ("ortools", "numpy", "numba", "osrm-bindings")))


if __name__ == "__main__":
    main()
