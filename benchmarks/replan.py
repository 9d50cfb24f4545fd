"""A truck breaks down on the Amsterdam day: how long until all others know what to do.

    python benchmarks/replan.py --seeds 1 2 3

Needs ../shared. A plan for the day's 1,500 stops is made first; at 10:00 the truck with most stops
ahead of it is gone (the second most for the second seed, and so on). Timed is all of `replan`, in
one process that has the compiled search loaded.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.recording import record
from city.changes import ChangeKind
from city.plan import Plan, VisitKind
from routing.check import cost_cents
from routing.core.search import compile_search
from routing.deviations import kept
from routing.problem import Problem
from routing.replan import Happening, joined, rest_of_day
from routing.roads import build_roads
from routing.solve import solve
from tests import amsterdam

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
NOW_S = 10 * 3600


@dataclass(frozen=True)
class Row:
    seed: int
    searched_s: float
    wall_s: float
    core_s: float
    orphaned: int
    moved_from_broken: int
    changed_for_others: int
    successions_kept: float
    pairs_kept: float
    musts_unserved: int
    violations: int


def ahead(plan: Plan) -> list[str]:
    """Return the trucks, those with most stops ahead first."""
    left = Counter(
        route.vehicle_id
        for route in plan.routes
        for visit in route.visits
        if visit.kind is VisitKind.STOP and visit.arrival_s > NOW_S
    )
    return [truck for truck, _ in left.most_common()]


def measured(problem: Problem, plan: Plan, seconds: float, seed: int) -> Row:
    broken = ahead(plan)[seed - 1]
    happening = Happening(NOW_S, frozenset({broken}))
    begun, worked = time.perf_counter(), time.process_time()
    rest = rest_of_day(problem, plan, happening)
    found = solve(rest.problem, seconds=seconds, seed=seed)
    after = joined(problem, rest, found, happening)
    wall_s, core_s = time.perf_counter() - begun, time.process_time() - worked
    familiar = rest.problem.familiar
    assert familiar is not None
    others = kept(familiar, Plan(found.routes, ()))
    from_broken = [c for c in after.changes if c.usual_vehicle_id == broken]
    moved = [c for c in from_broken if c.kind is ChangeKind.MOVED]
    return Row(
        seed=seed,
        searched_s=seconds,
        wall_s=round(wall_s, 2),
        core_s=round(core_s, 2),
        orphaned=len(from_broken),
        moved_from_broken=len(moved),
        changed_for_others=len(after.changes) - len(from_broken),
        successions_kept=round(others.succession_share, 4),
        pairs_kept=round(others.pairs / max(1, others.of_pairs - len(moved)), 4),
        musts_unserved=cost_cents(rest.problem, found).musts_unserved,
        violations=len(after.violations),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, nargs="+", default=[1.5, 6.0])
    parser.add_argument("--day-seconds", type=float, default=60.0)
    parser.add_argument("--roads", type=Path, help="folder that keeps the built roads")
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"needs third-party data in {SHARED.name}, which is not here")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    compile_search()
    with tempfile.TemporaryDirectory() as scratch:
        roads = build_roads(SHARED / amsterdam.EXTRACT, arguments.roads or Path(scratch))
        problem, _ = amsterdam.city_day(roads, SHARED)
    plan = solve(problem, seconds=arguments.day_seconds, seed=1)
    rows = []
    for seconds in arguments.seconds:
        for seed in arguments.seeds:
            rows.append(measured(problem, plan, seconds, seed))
            print(rows[-1], flush=True)
    told = {"now_s": NOW_S, "load": round(os.getloadavg()[0], 1), "rows": [asdict(r) for r in rows]}
    record("replan", told, ("ortools", "numba", "numpy", "osrm-bindings"))
    shown = Table(*(name.replace("_", " ") for name in asdict(rows[0])))
    for row in rows:
        shown.add_row(*(f"{value:g}" for value in asdict(row).values()))
    Console(width=150).print(shown)


if __name__ == "__main__":
    main()
