"""Fill before emptying, predicted from the past alone: ours and three rivals on 10,000 collections.

    python benchmarks/forecast_edinburgh.py [--shared ../shared/data] [--no-record]

Edinburgh's street bins, June to August 2016 (City of Edinburgh, OGL v3). Walking forward in time,
emptying time known, bins with at least 5 earlier collections. Errors are in the file's unit, in
which 100 is a bin that is 80 % full. Ours is what `stadsronde forecast score` does, no more.

The variances of our curves and the shape of the pace were found on the first 4,000 collections, so
the figures are also given for what came after them. The regression is refitted each day on all
that came before it; its ridge is 1 on standardised features.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from recording import record
from rich.console import Console
from rich.table import Table

from city.emptyings import day_of
from city.evidence import Evidence
from city.scoring import calibration
from city.sources.collections import read_collections
from city.sources.tables import read_mapping
from operations.cli_output import Steps
from operations.score_forecasts import score_forecasts

Array = NDArray[np.float64]
FILE = Path("registry/edinburgh_collections_2016.csv")
MAPPING = Path(__file__).parents[1] / "docs/how-to/mappings/edinburgh-collections.toml"
ABOVE, READS_UP_TO, FOUND_ON = 80.0, 100.0, 4_000
PER_FULL = 125.0


def running_mean(fills: Array, _days: Array, _gap: float) -> float:
    return float(fills.mean())


def constant_rate(fills: Array, days: Array, gap: float) -> float:
    rate = fills[1:].sum() / (days[-1] - days[0])
    return float(np.clip(rate * gap, 0.0, READS_UP_TO))


def features(fills: Array, days: Array, day: float) -> list[float]:
    """Time since the last emptying, weekday, past fills and past intervals."""
    gap, gaps = day - days[-1], np.diff(days)
    longer = float(np.log(gap) - np.log(gaps).mean())
    last = [*fills[::-1][:3], *[fills.mean()] * 3][:3]
    weekday = [float((int(day) + 3) % 7 == k) for k in range(1, 7)]
    relative = [longer, gap / gaps.mean(), fills.mean() * longer]
    return [gap, np.log(gap), *weekday, *last, fills.mean(), gaps.mean(), *relative]


def rivals(records: Sequence[Evidence]) -> dict[str, dict[str, float]]:
    """Return each rival's prediction of each collection, by the record's id."""
    past: dict[str, list[tuple[float, float]]] = defaultdict(list)
    told: dict[str, dict[str, float]] = defaultdict(dict)
    known: list[tuple[str, int, list[float], float]] = []
    for r in records:
        before, day, fill = past[r.container_id or ""], day_of(r.seen_at), r.value * PER_FULL
        if len(before) >= 2:
            days, fills = (np.array(column) for column in zip(*before, strict=True))
            for rival in (running_mean, constant_rate):
                name = rival.__name__.replace("_", " ")
                told[name][r.id] = rival(fills, days, day - days[-1])
            known.append((r.id, int(day), features(fills, days, day), fill))
        before.append((day, fill))
    return told | {"linear regression": regressed(known)}


def regressed(known: Sequence[tuple[str, int, list[float], float]]) -> dict[str, float]:
    x, y = np.array([k[2] for k in known]), np.array([k[3] for k in known])
    day = np.array([k[1] for k in known])
    found = np.full(len(y), y[day == day[0]].mean())
    for today in np.unique(day)[1:]:
        before, now = day < today, day == today
        middle, spread = x[before].mean(axis=0), x[before].std(axis=0) + 1e-9
        past, here = (x[before] - middle) / spread, (x[now] - middle) / spread
        weights = np.linalg.solve(
            past.T @ past + np.eye(x.shape[1]), past.T @ (y[before] - y[before].mean())
        )
        found[now] = y[before].mean() + here @ weights
    return dict(zip((k[0] for k in known), found.clip(0.0, READS_UP_TO).tolist(), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    console, path = Console(), asked.shared / FILE
    with Steps() as steps:
        score = score_forecasts(path, MAPPING, above=ABOVE, on_progress=steps.advance)
    history = read_collections(path, read_mapping(MAPPING)).records
    ids = [r.id for r in score.emptyings]
    order = {r.id: n for n, r in enumerate(history)}
    later = np.array([order[name] >= FOUND_ON for name in ids])
    predicted: Mapping[str, Array] = {
        name: np.array([each[i] for i in ids]) for name, each in rivals(history).items()
    } | {"ours": score.expected}
    figures: dict[str, dict[str, float]] = {}
    for name, each in predicted.items():
        error = np.abs(each - score.found)
        figures[name] = {"mae": float(error.mean()), "mae_later": float(error[later].mean())}
    table = Table("", "MAE", f"MAE after the first {FOUND_ON:,}", "against the running mean")
    for name, each in figures.items():
        each["share_of_running_mean"] = each["mae"] / figures["running mean"]["mae"]
        table.add_row(name, *(f"{v:.3f}" for v in each.values()))
    console.print(table)
    ours = figures["ours"]["share_of_running_mean"]
    console.print(f"MAE lower than the running mean by {1 - ours:.1%} (asked: 25 %)")
    calibrations = {
        "all": score.calibration,
        "later": calibration(score.p_above[later], score.found[later] > ABOVE),
    }
    for name, told in calibrations.items():
        console.print(
            f"P(fill > {ABOVE:g}), {name} {told.n:,}: ECE {told.ece:.4f} (asked: 0.05), "
            f"Brier skill {told.brier_skill:.3f} (asked: 0.25)"
        )
    if not asked.no_record:
        told = {
            "collections": len(ids),
            "figures": figures,
            "calibration": {name: asdict(each) for name, each in calibrations.items()},
        }
        console.print(f"Recorded in {record('forecast_edinburgh', told, ('numpy', 'scipy'))}")


if __name__ == "__main__":
    main()
