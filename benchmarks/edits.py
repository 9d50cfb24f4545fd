"""How long a planner waits for the checker's answer to an edit on the Amsterdam day.

    python benchmarks/edits.py --edits 200

Needs ../shared. Stops and trucks are drawn at random; each stop goes where it breaks and costs
least on its new truck. Timed is `edit_plan` whole: both routes laid out anew, judged, and priced.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.recording import record
from routing.edits import Edit, edit_plan
from routing.roads import build_roads
from routing.solve import solve
from tests import amsterdam

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--day-seconds", type=float, default=20.0)
    parser.add_argument("--roads", type=Path, help="folder that keeps the built roads")
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"needs third-party data in {SHARED.name}, which is not here")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as scratch:
        roads = build_roads(SHARED / amsterdam.EXTRACT, arguments.roads or Path(scratch))
        problem, _ = amsterdam.city_day(roads, SHARED)
    plan = solve(problem, seconds=arguments.day_seconds, seed=arguments.seed)
    chance = random.Random(arguments.seed)
    wall_ms, core_ms, approved = [], [], 0
    for _ in range(arguments.edits):
        stop = chance.choice(problem.stops)
        truck = chance.choice([truck for truck in problem.trucks if truck.suits(stop)])
        begun, worked = time.perf_counter(), time.process_time()
        edited = edit_plan(problem, plan, Edit(stop.id, truck.id))
        wall_ms.append(1000 * (time.perf_counter() - begun))
        core_ms.append(1000 * (time.process_time() - worked))
        approved += not edited.violations
    told = {
        name: {f"p{share}": round(float(np.percentile(ms, share)), 1) for share in (50, 90, 99)}
        for name, ms in (("wall_ms", wall_ms), ("core_ms", core_ms))
    }
    load = round(os.getloadavg()[0], 1)
    head = {"edits": arguments.edits, "seed": arguments.seed, "approved": approved, "load": load}
    record("edits", {**head, **told}, ("numpy", "ortools"))
    Console().print(head | told)


if __name__ == "__main__":
    main()
