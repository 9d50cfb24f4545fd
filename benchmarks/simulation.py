"""Policies on the same simulated waste: 600 real containers, 28 days, three futures, real roads.

    python benchmarks/simulation.py --shared ../shared/data --out .work/simulation

Needs the registry and the roads of ../shared. The district is the 600 containers nearest to the
disposal site in the west. Policies' figures were found on seed 51; seeds 1 to 3 are reported. A run
that was broken off goes on where it was. All figures are simulated.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from recording import record
from rich.console import Console

from operations.cli_output import Steps
from operations.simulate.live import Search
from operations.simulate.plots import draw
from operations.simulate.report import ratio, table
from operations.simulate.rivals import POLICIES
from operations.simulate.run import Request, simulate
from routing.roads import build_roads

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared" / "data")
    parser.add_argument("--out", type=Path, default=Path(".work/simulation"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--policies", nargs="+", default=list(POLICIES), choices=list(POLICIES))
    arguments = parser.parse_args()
    registry = arguments.shared / "registry" / "amsterdam_rest_containers.csv"
    if not registry.is_file():
        parser.error("needs third-party data in ../shared, which is not here")
    request = Request(
        registry=registry,
        seeds=tuple(arguments.seeds),
        policies=tuple(arguments.policies),
        search=Search(seconds=arguments.seconds, run_in_seconds=min(1.0, arguments.seconds)),
    )
    with Steps() as steps:
        roads = build_roads(
            arguments.shared / "osm" / "amsterdam_roads.osm.pbf", arguments.out / "roads"
        )
        made = simulate(request, arguments.out, roads, steps.advance)
    draw(made, arguments.out)
    console = Console(width=200)
    console.print(table(made))
    for base in ("fixed", "fixed-by-zone", "perfect"):
        found = ratio(made, "ours", "km", base)
        if found:
            console.print(f"km of ours against {base}: {found.text('.3f')}")
    record("simulation", made.as_dict(), ("ortools", "osrm-bindings", "numpy"))


if __name__ == "__main__":
    main()
