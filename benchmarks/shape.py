"""What a price on the shape of routes brings, and what it costs in km, on the Amsterdam day.

    python benchmarks/shape.py --seconds 30 --seeds 1

Needs ../shared. The crane trucks' stops of the day; each line is a solve of so many seconds with
prices per km from the middle of a route and per hour beyond the mean day.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.recording import record
from routing.check import check, cost_cents
from routing.core.search import compile_search
from routing.parts import parts
from routing.problem import Problem
from routing.roads import build_roads
from routing.shape import ShapePrices, shape
from routing.solve import solve
from tests import amsterdam

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
PRICES = ((0, 0), (10, 0), (30, 0), (100, 0), (0, 1_000), (0, 4_000), (30, 2_000))


def measured(problem: Problem, prices: ShapePrices, seconds: float, seed: int) -> dict[str, float]:
    problem = problem.replace(shape_prices=prices)
    plan = solve(problem, seconds=seconds, seed=seed)
    told = {name: round(value or 0.0, 3) for name, value in asdict(shape(problem, plan)).items()}
    return {
        "spread_cents_per_km": prices.spread_cents_per_km,
        "long_day_cents_per_hour": prices.long_day_cents_per_hour,
        "seed": seed,
        "km": round(sum(route.length_m for route in plan.routes) / 1000, 1),
        "euro": cost_cents(problem, plan).total_cents / 100,
        "unserved": len(plan.unserved),
        "violations": len(check(problem, plan)),
        **told,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--roads", type=Path, help="folder that keeps the built roads")
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"needs third-party data in {SHARED.name}, which is not here")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    compile_search()
    with tempfile.TemporaryDirectory() as scratch:
        roads = build_roads(SHARED / amsterdam.EXTRACT, arguments.roads or Path(scratch))
        whole, _ = amsterdam.city_day(roads, SHARED)
    problem = max(parts(whole), key=lambda part: len(part.stops))
    rows = []
    for seed in arguments.seeds:
        for prices in PRICES:
            rows.append(measured(problem, ShapePrices(*prices), arguments.seconds, seed))
            print(rows[-1], flush=True)
    told = {"seconds": arguments.seconds, "load": round(os.getloadavg()[0], 1), "rows": rows}
    record("shape", told, ("ortools", "numba", "numpy", "osrm-bindings"))
    shown = Table(*(name.replace("_", " ") for name in rows[0]))
    for row in rows:
        shown.add_row(*(f"{value:g}" for value in row.values()))
    Console(width=160).print(shown)


if __name__ == "__main__":
    main()
