"""What it costs to keep rounds that crews know, when a tenth of the stops is another.

    python benchmarks/familiar.py --seconds 60 --seeds 1 2 3

Needs ../shared. The Amsterdam day: real roads and containers, fill modelled, trucks and sites
assumed (tests/amsterdam.py). Standing routes are a plan for its 1,500 stops; then 150 of them,
drawn by the seed, give way to the 150 next fullest, and the day is planned anew: freely from
nothing (`free`), freely but begun at the standing routes (`warm`), and with a price on deviations
(`familiar`), each for the same seconds. Every stop is a must here, so that all
plans drive for the same stops. Extra km are over `free`.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.table import Table

from benchmarks.recording import record
from city.plan import Plan
from routing.check import check, cost_cents
from routing.core.search import compile_search
from routing.deviations import kept
from routing.familiar import Familiar, KnownRoute
from routing.problem import Problem
from routing.roads import build_roads
from routing.solve import solve
from tests import amsterdam

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
STOPS, CHANGED = 1_500, 150


@dataclass(frozen=True)
class Row:
    engine: str
    seed: int
    successions_kept: float
    successions_kept_directly: float
    pairs_kept: float
    km: float
    extra_km: float
    euro: float
    unserved: int
    violations: int


def days(city: Problem, seed: int) -> tuple[Problem, Problem]:
    """Return the day that the standing routes are for, and the day to be planned."""
    first, spare = city.stops[:STOPS], city.stops[STOPS:]
    gone = set(random.Random(seed).sample(range(STOPS), CHANGED))
    kept_stops = (stop for at, stop in enumerate(first) if at not in gone)
    return city.replace(stops=first), city.replace(stops=(*kept_stops, *spare))


def measured(city: Problem, seconds: float, seed: int) -> list[Row]:
    before, today = days(city, seed)
    standing = solve(before, seconds=seconds, seed=seed)
    known = Familiar(tuple(KnownRoute(r.vehicle_id, r.stop_ids) for r in standing.routes))
    no_price = replace(known, succession_cents=0, truck_cents=0)
    rows: list[Row] = []
    for engine, familiar in (("free", None), ("warm", no_price), ("familiar", known)):
        problem = today.replace(familiar=familiar)
        plan = solve(problem, seconds=seconds, seed=100 + seed)
        rows.append(row(engine, seed, problem, plan, known, rows[0].km if rows else None))
        print(rows[-1], flush=True)
    return rows


def row(
    engine: str, seed: int, problem: Problem, plan: Plan, known: Familiar, free_km: float | None
) -> Row:
    found = kept(known, plan)
    km = sum(route.length_m for route in plan.routes) / 1000
    return Row(
        engine=engine,
        seed=seed,
        successions_kept=round(found.succession_share, 4),
        successions_kept_directly=round(found.direct_share, 4),
        pairs_kept=round(found.pair_share, 4),
        km=km,
        extra_km=0.0 if free_km is None else round(km / free_km - 1, 4),
        euro=cost_cents(problem, plan).total_cents / 100,
        unserved=len(plan.unserved),
        violations=len(check(problem, plan)),
    )


def table(rows: list[Row]) -> Table:
    shown = Table(title="Mean over seeds")
    fields = list(Row.__annotations__)[2:]
    for column in ("engine", *(field.replace("_", " ") for field in fields)):
        shown.add_column(column, justify="right")
    for engine in dict.fromkeys(row.engine for row in rows):
        mine = [row for row in rows if row.engine == engine]
        means = (mean(getattr(row, field) for row in mine) for field in fields)
        shown.add_row(engine, *(f"{value:.5g}" for value in means))
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--roads", type=Path, help="folder that keeps the built roads")
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"needs third-party data in {SHARED.name}, which is not here")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    compile_search()
    with tempfile.TemporaryDirectory() as scratch:
        roads = build_roads(SHARED / amsterdam.EXTRACT, arguments.roads or Path(scratch))
        city, _ = amsterdam.city_day(roads, SHARED, STOPS + CHANGED)
    city = city.replace(stops=tuple(replace(s, skip_price_cents=None) for s in city.stops))
    rows = [row for seed in arguments.seeds for row in measured(city, arguments.seconds, seed)]
    told = {
        "seconds": arguments.seconds,
        "seeds": arguments.seeds,
        "stops": STOPS,
        "changed": CHANGED,
        "load": round(os.getloadavg()[0], 1),
        "rows": [asdict(row) for row in rows],
    }
    record("familiar", told, ("ortools", "numba", "numpy", "osrm-bindings"))
    Console(width=140).print(table(rows))


if __name__ == "__main__":
    main()
