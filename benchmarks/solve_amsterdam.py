"""Plans of one day on real Amsterdam roads: ours, and OR-Tools modelled plainly, side by side.

    python benchmarks/solve_amsterdam.py --seconds 30 --seeds 1 2 3

Needs ../shared. All engines solve the same problem for the same time on the same core in turn;
the independent checker judges every plan. `plain` is OR-Tools as its guide shows it (first
solution by PATH_CHEAPEST_ARC, guided local search, disposal visits as optional nodes); `days` is
the same model begun from our built plan; `solve` is what the product runs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from rich.console import Console
from rich.table import Table

from city.plan import Plan, Unserved, UnservedCode
from routing.check import check, cost_cents
from routing.construct import construct
from routing.day_search import Limit, day_model, search_days, tours_of
from routing.polish import settled
from routing.problem import Problem
from routing.roads import build_roads
from routing.solve import solve
from routing.timetable import timetable
from routing.tour import LegUnits, Tours
from tests import amsterdam

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "data"

Engine = Callable[[Problem, float, int], Plan]


@dataclass(frozen=True)
class Row:
    engine: str
    stops: int
    seed: int
    cost_euro: float
    skipped_euro: float
    km: float
    hours: float
    trucks: int
    trips: int
    unserved: int
    musts_unserved: int
    violations: int
    seconds: float


def plain(problem: Problem, seconds: float, _seed: int) -> Plan:
    model = day_model(problem, LegUnits(problem), problem.stops, {})
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategies.PATH_CHEAPEST_ARC
    metaheuristics = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = metaheuristics.GUIDED_LOCAL_SEARCH
    Limit(seconds).set(parameters)
    solution = model.routing.SolveWithParameters(parameters)
    return as_plan(problem, {} if solution is None else tours_of(model, solution))


def days(problem: Problem, seconds: float, _seed: int) -> Plan:
    legs = LegUnits(problem)
    built = settled(problem, legs, construct(problem, legs, problem.stops))
    found = search_days(problem, legs, problem.stops, built, Limit(seconds))
    return as_plan(problem, settled(problem, legs, found))


def whole(problem: Problem, seconds: float, seed: int) -> Plan:
    return solve(problem, seconds=seconds, seed=seed)


ENGINES: dict[str, Engine] = {"plain": plain, "days": days, "solve": whole}


def as_plan(problem: Problem, tours: Tours) -> Plan:
    routes = tuple(
        route
        for truck in problem.trucks
        if truck.id in tours and (route := timetable(problem, truck, tours[truck.id]))
    )
    served = {ref for route in routes for ref in route.stop_ids}
    left_out = (stop.id for stop in problem.stops if stop.id not in served)
    return Plan(routes, tuple(Unserved(ref, UnservedCode.NO_ROOM) for ref in left_out))


def measured(name: str, problem: Problem, seconds: float, seed: int) -> Row:
    begun = time.perf_counter()
    plan = ENGINES[name](problem, seconds, seed)
    took_s = time.perf_counter() - begun
    cost = cost_cents(problem, plan)
    kinds = [visit.kind for route in plan.routes for visit in route.visits]
    return Row(
        engine=name,
        stops=len(problem.stops),
        seed=seed,
        cost_euro=cost.total_cents / 100,
        skipped_euro=cost.skipped_cents / 100,
        km=round(sum(route.length_m for route in plan.routes) / 1000, 1),
        hours=round(sum(route.duration_s for route in plan.routes) / 3600, 1),
        trucks=len(plan.routes),
        trips=kinds.count("disposal"),
        unserved=len(plan.unserved),
        musts_unserved=cost.musts_unserved,
        violations=len(check(problem, plan)),
        seconds=round(took_s, 1),
    )


def provenance(arguments: argparse.Namespace) -> dict[str, object]:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=HERE, capture_output=True, text=True, check=True
        ).stdout.strip()

    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": git("rev-parse", "HEAD"),
        "changed_since": bool(git("status", "--porcelain", "--", "../routing", "../tests")),
        "versions": {name: version(name) for name in ("ortools", "numpy", "osrm-bindings")},
        "seconds": arguments.seconds,
        "seeds": arguments.seeds,
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
    }


def table(rows: list[Row]) -> Table:
    shown = Table(title="Median over seeds")
    for column in ("stops", "engine", "euro", "skipped", "km", "hours", "trucks", "trips"):
        shown.add_column(column, justify="right")
    for column in ("unserved", "musts out", "violations", "seconds"):
        shown.add_column(column, justify="right")
    for stops in sorted({row.stops for row in rows}):
        for engine in ENGINES:
            mine = [row for row in rows if (row.stops, row.engine) == (stops, engine)]
            if mine:
                fields = list(asdict(mine[0]))[3:]
                medians = [f"{median(getattr(row, field) for row in mine):g}" for field in fields]
                shown.add_row(str(stops), engine, *medians)
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--stops", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--roads", type=Path, help="folder that keeps the built roads")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "solve_amsterdam.json")
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"needs third-party data in {SHARED.name}, which is not here")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        roads = build_roads(SHARED / amsterdam.EXTRACT, arguments.roads or Path(scratch))
        for stops in arguments.stops:
            problem, _ = amsterdam.collection_day(roads, SHARED, stops)
            for seed in arguments.seeds:
                for name in arguments.engines:
                    rows.append(measured(name, problem, arguments.seconds, seed))
                    print(rows[-1], flush=True)
    record = {"provenance": provenance(arguments), "rows": [asdict(row) for row in rows]}
    arguments.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    Console(width=140).print(table(rows))


if __name__ == "__main__":
    main()
