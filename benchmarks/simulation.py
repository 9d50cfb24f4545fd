"""Policies on the same simulated waste: 600 real containers, 28 days, three futures, real roads.

    python benchmarks/simulation.py --shared ../shared/data --out .work/simulation

Needs the registry and the roads of ../shared. The district is the 600 containers nearest to the
disposal site in the west. Policies' figures were found on seed 51; seeds 1 to 3 are reported. A run
that was broken off goes on where it was. All figures are simulated.

    --sizes-l 3000 4000 5000 --record simulation-sizes

has containers in the sizes of the trade instead of made to measure.

    --districts 6 --trucks 6 --overflow-price-cents 12000 --record simulation-city
        --policies fixed fixed-with-room ours perfect

is the whole city: all its containers within reach of a road, cut into districts of which each has
its own trucks. `--processes 2` lets two of them live at once.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from recording import record
from rich.console import Console

from operations.cli_output import Steps
from operations.pose import sites_of
from operations.simulate.assumptions import Assumptions
from operations.simulate.live import Search
from operations.simulate.plots import draw
from operations.simulate.report import ratio, table
from operations.simulate.rivals import POLICIES
from operations.simulate.run import Request, districts_of, simulate
from operations.simulate.streets import simulated_fleet
from routing.roads import Roads, build_roads

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared" / "data")
    parser.add_argument("--out", type=Path, default=Path(".work/simulation"))
    parser.add_argument("--roads", type=Path, help="folder that keeps the built roads")
    parser.add_argument("--districts", type=int)
    parser.add_argument("--trucks", type=int, default=Assumptions.trucks)
    parser.add_argument("--overflow-price-cents", type=int)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--sizes-l", type=int, nargs="+", default=[])
    parser.add_argument("--detector-quality", type=float, default=Assumptions.detector_quality)
    parser.add_argument("--record", default="simulation")
    parser.add_argument("--policies", nargs="+", default=list(POLICIES), choices=list(POLICIES))
    arguments = parser.parse_args()
    registry = arguments.shared / "registry" / "amsterdam_rest_containers.csv"
    if not registry.is_file():
        parser.error("needs third-party data in ../shared, which is not here")
    assumptions = Assumptions(
        sizes_l=tuple(arguments.sizes_l),
        detector_quality=arguments.detector_quality,
        trucks=arguments.trucks,
    )
    request = Request(
        registry=registry,
        districts=arguments.districts,
        overflow_price_cents=arguments.overflow_price_cents,
        assumptions=assumptions,
        seeds=tuple(arguments.seeds),
        policies=tuple(arguments.policies),
        search=Search(seconds=arguments.seconds, run_in_seconds=arguments.seconds / 4),
    )
    with Steps() as steps:
        roads = build_roads(
            arguments.shared / "osm" / "amsterdam_roads.osm.pbf",
            arguments.roads or arguments.out / "roads",
        )
        made = simulate(request, arguments.out, roads, steps.advance, arguments.processes)
    draw(made, arguments.out)
    least = least_km_per_tonne(request, roads)
    console = Console(width=200)
    console.print(table(made))
    for base in ("fixed", "fixed-with-room", "fixed-by-zone", "perfect"):
        found = ratio(made, "ours", "km", base)
        if found:
            console.print(f"km of ours against {base}: {found.text('.3f')}")
    console.print(f"no policy drives less than {least:.2f} km per tonne")
    figures = {**made.as_dict(), "least_km_per_tonne": least}
    if request.districts:
        figures["results"] = [{**r, "neighbourhoods": ()} for r in figures["results"]]
    record(arguments.record, figures, ("ortools", "osrm-bindings", "numpy"))


def least_km_per_tonne(request: Request, roads: Roads) -> float:
    """Return the radial bound: full trucks, each to one container and straight back.

    Source: Haimovich and Rinnooy Kan, Bounds and heuristics for capacitated routing problems,
    Mathematics of Operations Research 10(4), 1985. Trips may begin at the depot, too.
    """
    fleet = simulated_fleet(request.assumptions)
    depots, ends = len(fleet.depots), len(sites_of(fleet))
    kg, metres = [], []
    for district, streets in districts_of(request, roads):
        there = streets.length_m[:ends, ends:].min(axis=0)
        back = streets.length_m[ends:, depots:ends].min(axis=1)
        kg.append(district.kg_a_day)
        metres.append(there + back)
    mean_m = np.average(np.concatenate(metres), weights=np.concatenate(kg))
    return float(mean_m) / request.assumptions.truck_kg


if __name__ == "__main__":
    main()
