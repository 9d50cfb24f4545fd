"""How long roads take: to build, to find again, to fill matrices, to draw routes.

    python benchmarks/roads.py [--shared ../shared/data] [--stops 500] [--no-record]

The demo city always, Heidelberg and Amsterdam where the shared data lie. Each city runs in a
process of its own, so that its peak memory is its own. The matrix is also held against asking
OSRM for single routes, on the same machine in the same run: cores are shared, ratios travel.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import platform
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from routing.roads import Roads, addresses, build_roads, demo_extract, street_lines

RESULTS = Path(__file__).parent / "results"
RUNS = 3
PAIRS = 200


@dataclass(frozen=True)
class Measured:
    """One city's figures; times are medians of three runs where they are short."""

    city: str
    extract_kb: int
    stops: int
    build_s: float
    found_again_s: float
    matrix_s: float
    kerb_matrix_s: float
    peak_mb: int
    unreachable: int
    single_routes_times_slower: float
    route_of_all_stops_s: float


def measure(city: str, extract: Path, lonlat: NDArray[np.float64]) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        build_s = seconds(lambda: build_roads(extract, out))
        again_s = median(lambda: build_roads(extract, out))
        roads = build_roads(extract, out)
        matrix_s = median(lambda: roads.matrix(lonlat))
        matrix = roads.matrix(lonlat)
        stops = np.delete(lonlat, matrix.unreachable, axis=0)
        return Measured(
            city=city,
            extract_kb=extract.stat().st_size // 1024,
            stops=len(lonlat),
            build_s=round(build_s, 2),
            found_again_s=round(again_s, 4),
            matrix_s=round(matrix_s, 2),
            kerb_matrix_s=round(median(lambda: roads.matrix(lonlat, kerb=True)), 2),
            peak_mb=peak_mb(),
            unreachable=len(matrix.unreachable),
            single_routes_times_slower=round(
                single_route_s(roads, stops) * matrix_cells(lonlat) / matrix_s, 0
            ),
            route_of_all_stops_s=round(median(lambda: roads.route(stops)), 2),
        )


def single_route_s(roads: Roads, stops: NDArray[np.float64]) -> float:
    """Return the seconds that one pair takes when it is asked for as a route."""
    rng = np.random.default_rng(1)
    pairs = rng.integers(0, len(stops), (PAIRS, 2))
    return seconds(lambda: [roads.route(stops[pair]) for pair in pairs]) / PAIRS


def matrix_cells(lonlat: NDArray[np.float64]) -> int:
    return len(lonlat) ** 2


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object]) -> float:
    return statistics.median(seconds(work) for _ in range(RUNS))


def peak_mb() -> int:
    """Return the most memory that this process ever held; Linux only, 0 elsewhere."""
    status = Path("/proc/self/status")
    text = status.read_text(encoding="utf-8") if status.exists() else ""
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    return int(found[1]) // 1024 if found else 0


def sample(lonlat: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(1)
    return lonlat[rng.choice(len(lonlat), count, replace=count > len(lonlat))]


def helsinki(count: int) -> tuple[str, Path, NDArray[np.float64]]:
    """Stops are real front doors."""
    extract = demo_extract()
    return (
        "Helsinki, demo",
        extract,
        sample(np.array([at.lonlat for at in addresses(extract)]), count),
    )


def heidelberg(shared: Path, count: int) -> tuple[str, Path, NDArray[np.float64]]:
    """Stops are the middles of named streets."""
    extract = shared / "osm" / "heidelberg.osm.pbf"
    lines = [line for line in street_lines(extract) if line.highway == "residential"]
    return (
        "Heidelberg",
        extract,
        sample(np.array([line.lonlat.mean(axis=0) for line in lines]), count),
    )


def amsterdam(shared: Path, count: int) -> tuple[str, Path, NDArray[np.float64]]:
    """Stops are real containers for residual waste, near the roads of the extract."""
    extract = shared / "osm" / "amsterdam_roads.osm.pbf"
    with (shared / "registry" / "amsterdam_rest_containers.csv").open(encoding="utf-8") as file:
        places = np.array([(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)])
    with tempfile.TemporaryDirectory() as folder:
        far_m = build_roads(extract, Path(folder)).snap(places).distance_m
    return "Amsterdam, roads only", extract, sample(places[far_m < 200], count)


def record(measured: list[Measured]) -> Path:
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    day = time.strftime("%Y-%m-%d", time.gmtime())
    told = {
        "measured_on": day,
        "commit": commit or "unknown",
        "machine": f"{multiprocessing.cpu_count()} cores of {platform.machine()}, shared",
        "load_average": round(os.getloadavg()[0], 1),
        "versions": {name: version(name) for name in ("osrm-bindings", "numpy", "pyogrio")},
        "cities": [asdict(each) for each in measured],
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"roads-{day}.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def show(measured: list[Measured]) -> None:
    table = Table("", *(each.city for each in measured), box=None, padding=(0, 2, 0, 0))
    for name in list(asdict(measured[0]))[1:]:
        table.add_row(name.replace("_", " "), *(f"{asdict(each)[name]:,}" for each in measured))
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--stops", type=int, default=500)
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    cities = [helsinki(asked.stops)]
    if asked.shared.is_dir():
        cities += [heidelberg(asked.shared, asked.stops), amsterdam(asked.shared, asked.stops)]
    else:
        Console().print(f"{asked.shared} is not here: the demo city only")
    context = multiprocessing.get_context("spawn")
    measured = []
    for city in cities:
        with context.Pool(1) as process:
            measured.append(process.apply(measure, city))
    show(measured)
    if not asked.no_record:
        Console().print(f"Recorded in {record(measured)}")


if __name__ == "__main__":
    main()
