"""Merging on simulated streams over real places: who speaks of the same, and drives for nothing.

    python benchmarks/merging.py [--shared ../shared/data] [--days 28] [--seeds 1 2 3] [--no-record]

Two figures. *Pairs*: a simulated month, cleared on a schedule of its own; of all pairs of records
of one matter seen within 60 m and 4 days of each other, which belong to one case? *Drives*: the
same month lived day by day; each morning every planner sends a truck to whatever it holds open by
what it has heard. Every planner lives through the same cases, sightings and delays (the random
numbers are drawn beforehand); a sighting after a planner has cleared the case does not happen.

All that is assumed stands in `World`. Rivals: each stream alone, and one plain distance threshold
over all streams, each at the thresholds that serve it best on the very same data.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from merging_drives import drives
from merging_pairs import pairs
from merging_world import World, read_containers
from recording import record
from rich.console import Console
from rich.table import Table

from city.merge import MergeRules

CONSOLE = Console()
WORLDS = {
    "as stated": World(),
    "all of one matter": World(loose_share=1.0),
    "places linked within 3 m": World(link_m=3.0),
}
Figures = dict[str, dict[str, list[float]]]


def gathered(runs: Sequence[dict[str, dict[str, float]]]) -> Figures:
    """Put the seeds side by side; a rival keeps its name whatever threshold served it best."""
    told: Figures = defaultdict(lambda: defaultdict(list))
    for run in runs:
        for name, figures in run.items():
            for figure, value in figures.items():
                told[name.partition(", ")[0] if " m" in name else name][figure].append(
                    round(float(value), 4)
                )
            if name.endswith(" m"):
                plain_name, _, threshold = name.partition(", ")
                told[plain_name]["threshold_m"].append(float(threshold.removesuffix(" m")))
    return {name: dict(figures) for name, figures in told.items()}


def show(title: str, figures: Figures, columns: Sequence[str]) -> None:
    table = Table(title, *(c.replace("_", " ") for c in columns), box=None, padding=(0, 2, 0, 0))
    for name, row in figures.items():
        if columns[0] in row:
            table.add_row(name, *(" ".join(f"{v:g}" for v in row.get(c, ())) for c in columns))
    CONSOLE.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    containers = read_containers(asked.shared)
    matched = {}
    for name, world in WORLDS.items():
        matched[name] = gathered([pairs(world, containers, asked.days, s) for s in asked.seeds])
        show(f"pairs, {name}", matched[name], ("precision", "recall", "threshold_m"))
    driven = gathered([drives(World(), containers, asked.days, s) for s in asked.seeds])
    columns = ("for_nothing", "drives", "mean_days_until_cleared", "left_lying", "threshold_m")
    show("drives", driven, columns)
    ours, alone = (sum(driven[n]["for_nothing"]) for n in ("ours", "each stream alone"))
    CONSOLE.print(f"drives for nothing, ours / each stream alone: {ours / alone:.3f} (asked: 0.25)")
    told = {
        "days": asked.days,
        "seeds": asked.seeds,
        "rules": asdict(MergeRules()),
        "worlds": {name: asdict(world) for name, world in WORLDS.items()},
        "pairs": matched,
        "drives": driven,
        "for_nothing_against_each_stream_alone": round(ours / alone, 4),
    }
    if not asked.no_record:
        CONSOLE.print(f"Recorded in {record('merging', told, ('numpy', 'scipy'))}")


if __name__ == "__main__":
    main()
