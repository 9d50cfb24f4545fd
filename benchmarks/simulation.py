"""Policies on the same simulated waste: 600 real containers, 28 days, three futures, real roads.

    python benchmarks/simulation.py --shared ../shared/data --out .work/simulation

Needs the registry and the roads of ../shared. The district is the 600 containers nearest to the
disposal site in the west. Policies' figures were found on seed 51; seeds 1 to 3 are reported. A run
that was broken off goes on where it was. All figures are simulated.

    --sizes-l 3000 4000 5000 --record simulation-sizes

has containers in the sizes of the trade instead of made to measure.
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
from operations.simulate.district import read_district
from operations.simulate.live import Search
from operations.simulate.plots import draw
from operations.simulate.report import ratio, table
from operations.simulate.rivals import POLICIES
from operations.simulate.run import Request, simulate
from operations.simulate.streets import simulated_fleet, streets_of
from routing.roads import Roads, build_roads

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared" / "data")
    parser.add_argument("--out", type=Path, default=Path(".work/simulation"))
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
        sizes_l=tuple(arguments.sizes_l), detector_quality=arguments.detector_quality
    )
    request = Request(
        registry=registry,
        assumptions=assumptions,
        seeds=tuple(arguments.seeds),
        policies=tuple(arguments.policies),
        search=Search(seconds=arguments.seconds, run_in_seconds=arguments.seconds / 4),
    )
    with Steps() as steps:
        roads = build_roads(
            arguments.shared / "osm" / "amsterdam_roads.osm.pbf", arguments.out / "roads"
        )
        made = simulate(request, arguments.out, roads, steps.advance)
    draw(made, arguments.out)
    least = least_km_per_tonne(request, roads)
    console = Console(width=200)
    console.print(table(made))
    for base in ("fixed", "fixed-by-zone", "perfect"):
        found = ratio(made, "ours", "km", base)
        if found:
            console.print(f"km of ours against {base}: {found.text('.3f')}")
    console.print(f"no policy drives less than {least:.2f} km per tonne")
    figures = {**made.as_dict(), "least_km_per_tonne": least}
    record(arguments.record, figures, ("ortools", "osrm-bindings", "numpy"))


def least_km_per_tonne(request: Request, roads: Roads) -> float:
    """Return the radial bound: full trucks, each to one container and straight back.

    Source: Haimovich and Rinnooy Kan, Bounds and heuristics for capacitated routing problems,
    Mathematics of Operations Research 10(4), 1985. Trips may begin at the depot, too.
    """
    assert request.registry is not None
    district = read_district(request.registry, request.around, request.containers)
    fleet = simulated_fleet(request.assumptions)
    ends = len(sites_of(fleet))
    length_m = streets_of(district, fleet, roads).length_m
    there, back = length_m[:ends, ends:].min(axis=0), length_m[ends:, len(fleet.depots) : ends]
    mean_m = np.average(there + back.min(axis=1), weights=district.kg_a_day)
    return float(mean_m) / request.assumptions.truck_kg


if __name__ == "__main__":
    main()
