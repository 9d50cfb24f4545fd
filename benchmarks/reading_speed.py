"""How quickly reading endpoints answer while a plan is being solved.

    python benchmarks/reading_speed.py [--seconds 60] [--rate 100] [--home DIR]

Requests leave at fixed moments, whether or not the ones before were answered, so that a slow
answer is not hidden by asking less. Server, generator and solver are processes of their own; the
solver runs at nice 10. Endpoints take turns; none asks for more than 100 features. Needs ../shared.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx2 as httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import large_city
from benchmarks.planner_page import PORT, SHARED, serve
from benchmarks.recording import record

ASKED_P95_MS = 50.0
PATHS = (
    "/v1/containers?limit=100",
    "/v1/containers?limit=100&offset=2400",
    "/v1/collections/containers/items?limit=100&bbox=4.88,52.36,4.90,52.38",
    "/v1/collections/cases/items?limit=100",
    "/v1/collections/routes/items?limit=10",
    "/v1/collections/sightings/items?limit=100",
    "/v1/plans",
    "/v1/containers/{container}",
    "/v1/publications/2026-11-24",
    f"/v1/plans/{large_city.PLAN_ID}/publication",
)
SOLVE = """
import os, sys
os.nice(10)
from city.store import open_store, plans
from operations.settings import Settings
from pathlib import Path
from routing.archive import from_bytes
from routing.solve import solve
home, name, plan_id, seconds = sys.argv[1:]
store = open_store(Settings(home=Path(home), municipality=name).database, name)
solve(from_bytes(plans.problem(store, plan_id)), seconds=float(seconds))
"""


async def asked(seconds: float, rate: float, paths: list[str]) -> list[tuple[str, int, float]]:
    """Return path, status and milliseconds of each request, from when it was due to leave."""
    found: list[tuple[str, int, float]] = []
    address = f"http://127.0.0.1:{PORT}"
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:

        async def one(path: str, due: float) -> None:
            answer = await client.get(path)
            found.append((path, answer.status_code, 1000 * (time.perf_counter() - due)))

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(round(seconds * rate)):
                due = began + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(one(paths[number % len(paths)], due))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=100.0, help="requests a second")
    parser.add_argument("--home", type=Path, help="folder that keeps the city")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--no-solve", action="store_true", help="nothing is being solved")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    if not given.shared.is_dir():
        parser.error(f"needs third-party data in {given.shared.name}, which is not here")
    with tempfile.TemporaryDirectory() as scratch:
        home = given.home or Path(scratch) / "home"
        if not (home / "stadsronde.sqlite").exists():
            large_city.make(home, given.shared)
        told = measured(home, given)
    Console().print(table(told))
    if not given.no_record:
        print(record("reading_speed", told, ("fastapi", "sqlalchemy", "uvicorn", "httpx2")))


def measured(home: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Return the times of all requests and of each path."""
    server = serve(home)
    words = [str(home), large_city.NAME, large_city.PLAN_ID, str(given.seconds + 60)]
    solver = None if given.no_solve else subprocess.Popen([sys.executable, "-c", SOLVE, *words])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
            first = client.get("/v1/containers?limit=1").json()["features"][0]["id"]
        paths = [path.format(container=first) for path in PATHS]
        asyncio.run(asked(3, 20, paths))  # opens roads, fills caches
        found = asyncio.run(asked(given.seconds, given.rate, paths))
        still = solver is not None and solver.poll() is None
    finally:
        for process in (server, solver):
            if process is not None:
                process.terminate()
                process.wait()
    times: dict[str, list[float]] = defaultdict(list)
    for path, _, took_ms in found:
        times[path].append(took_ms)
    return {
        "requests": len(found),
        "rate": given.rate,
        "solving": still,
        "statuses": dict(Counter(status for _, status, _ in found)),
        "all": spread([took_ms for _, _, took_ms in found]),
        "paths": {path: spread(each) for path, each in sorted(times.items())},
        "asked_p95_ms": ASKED_P95_MS,
        "load": round(os.getloadavg()[0], 1),
        "cores": len(os.sched_getaffinity(0)),
    }


def spread(took_ms: list[float]) -> dict[str, float]:
    return {f"p{p}_ms": round(float(np.percentile(took_ms, p)), 1) for p in (50, 95, 99)}


def table(told: dict[str, Any]) -> Table:
    title = f"{told['requests']} requests, {told['rate']:g}/s, load {told['load']}"
    made = Table("", "p50 ms", "p95 ms", "p99 ms", title=title)
    for name, row in ({"all": told["all"]} | told["paths"]).items():
        made.add_row(name, *(f"{value:g}" for value in row.values()))
    return made


if __name__ == "__main__":
    main()
