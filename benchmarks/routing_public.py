"""Ours, OR-Tools alone and PyVRP on public instances: one core, as many seconds, plans checked.

    python benchmarks/routing_public.py --seconds 60 --seeds 1 2 3

Needs ../shared and `pip install -e .[bench]`. Seconds are of the solver's own work on the core, so
that other work on it costs no side anything: ours and PyVRP stop by the processor time of this
process, and OR-Tools, which only knows the clock on the wall, is run again and longer where it had
the core for less than 97 % of them. An infeasible plan counts as lost. Where PyVRP's plan breaks
Kim's day limit, which it cannot state, it gets the seconds twice.

A run adds to what was measured on the same day: a row is replaced only by one of the same engine,
instance, seed and seconds. OR-Tools runs up to 303 places, and not where clients have prizes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.table import Table

from benchmarks import engine_ortools, vrplib_core
from benchmarks.peer_pyvrp import plan_kim, plan_vrplib
from benchmarks.vrplib_instances import read_instance, read_solution
from routing.core.search import compile_search
from routing.instances import kim_core
from routing.instances.kim import read_kim
from routing.instances.kim_check import miles, violations

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "data" / "vrp"

KIM = {"102": (3, 149.25), "335": (6, 177.09), "804": (6, 554.36), "1351": (8, 840.69)}
KIM |= {"2100": (16, 1524.79)}
"""Trucks, and the best figure of any solver that was measured beforehand, in miles."""

FAMILIES = ("kim", "prize_vrptw", "cvrp_x")
ENGINES = ("ours", "ortools", "pyvrp")
FEW_PLACES = 303


@dataclass(frozen=True)
class Row:
    """One plan; `over` is its cost over the reference, minus one; None where it is infeasible.

    `own_seconds` is what the process worked for it, models and reading included.
    """

    family: str
    instance: str
    engine: str
    seed: int
    cost: float
    reference: float
    over: float | None
    routes: int
    violations: int
    first_violation: str
    seconds: float = 0.0
    own_seconds: float | None = None
    measured: dict[str, object] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        """What a later run of the same replaces."""
        return self.family, self.instance, self.engine, self.seed, self.seconds


def kim(name: str, engine: str, seconds: float, seed: int) -> Row:
    vehicles, reference = KIM[name]
    instance = read_kim(SHARED / "kim" / f"{name}_stop.txt")
    if engine == "ours":
        clock = time.process_time
        routes = kim_core.plan(instance, vehicles, seconds=seconds, seed=seed, clock=clock)
    elif engine == "ortools":
        routes = engine_ortools.plan_kim(instance, vehicles, seconds, seed)
    else:
        routes = plan_kim(instance, vehicles, seconds, seed)
    wrong = list(violations(instance, routes, vehicles))
    cost = round(miles(instance, routes), 2)
    return row("kim", name, engine, seed, cost, reference, len(routes), wrong)


def vrplib(family: str, file: Path, engine: str, seconds: float, seed: int) -> Row:
    instance, (_, reference) = read_instance(file), read_solution(file.with_suffix(".sol"))
    if engine == "ours":
        routes = vrplib_core.plan(instance, seconds, seed, time.process_time)
    elif engine == "ortools":
        routes = engine_ortools.plan_vrplib(instance, seconds, seed)
    else:
        routes = plan_vrplib(instance, seconds, seed)
    wrong = list(instance.violations(routes))
    cost = instance.cost(routes)
    return row(family, file.stem, engine, seed, cost, reference, len(routes), wrong)


def row(
    family: str,
    instance: str,
    engine: str,
    seed: int,
    cost: float,
    reference: float,
    routes: int,
    wrong: list[str],
) -> Row:
    over = None if wrong else cost / reference - 1
    first = wrong[0] if wrong else ""
    return Row(family, instance, engine, seed, cost, reference, over, routes, len(wrong), first)


def rows(arguments: argparse.Namespace) -> Iterator[Row]:
    for family in arguments.families:
        folder = SHARED / family
        names = list(KIM) if family == "kim" else sorted(f.stem for f in folder.glob("*.vrp"))
        for name in (n for n in names if not arguments.only or n in arguments.only):
            for seed in arguments.seeds:
                for engine in (e for e in arguments.engines if e != "ortools" or few(family, name)):
                    begun_s = time.process_time()
                    if family == "kim":
                        made = kim(name, engine, arguments.seconds, seed)
                    else:
                        file = folder / f"{name}.vrp"
                        made = vrplib(family, file, engine, arguments.seconds, seed)
                    own = round(time.process_time() - begun_s, 1)
                    measured = provenance(arguments.note)
                    yield replace(
                        made, seconds=arguments.seconds, own_seconds=own, measured=measured
                    )


def few(family: str, name: str) -> bool:
    """Tell whether an instance is one that OR-Tools alone is tried on."""
    if family == "prize_vrptw":
        return False
    places = name if family == "kim" else name.split("-")[1].removeprefix("n")
    return int(places) <= FEW_PLACES


def provenance(note: str) -> dict[str, object]:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=HERE, capture_output=True, text=True, check=True
        ).stdout.strip()

    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": git("rev-parse", "HEAD"),
        "changed_since": bool(git("status", "--porcelain", "--", "../routing", "*.py")),
        "versions": {name: version(name) for name in ("numba", "numpy", "ortools", "pyvrp")},
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
        "note": note,
    }


def gathered(file: Path) -> dict[tuple[object, ...], Row]:
    """Return what was measured into a file before."""
    if not file.is_file():
        return {}
    before = [Row(**each) for each in json.loads(file.read_text(encoding="utf-8"))["rows"]]
    return {each.key: each for each in before}


def shown(over: Iterable[float | None]) -> str:
    known = list(over)
    feasible = [each for each in known if each is not None]
    if len(feasible) < len(known):
        return f"{len(known) - len(feasible)} of {len(known)} infeasible"
    return f"{100 * mean(feasible):+.2f} %"


def table(found: list[Row]) -> Table:
    made = Table(title="Over the reference, mean over seeds")
    for column in ("family", "instance", "reference", *ENGINES):
        made.add_column(column, justify="right")
    for family, name in dict.fromkeys((r.family, r.instance) for r in found):
        mine = [r for r in found if (r.family, r.instance) == (family, name)]
        per_engine = [[r.over for r in mine if r.engine == engine] for engine in ENGINES]
        cells = [shown(over) if over else "-" for over in per_engine]
        made.add_row(family, name, f"{mine[0].reference:g}", *cells)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--families", nargs="+", default=list(FAMILIES), choices=FAMILIES)
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=ENGINES)
    parser.add_argument("--only", nargs="+", help="names of instances")
    parser.add_argument("--note", default="", help="what else ran on the machine")
    today = datetime.now(UTC).date()
    out = HERE / "results" / f"routing_public-{today}.json"
    parser.add_argument("--out", type=Path, default=out)
    arguments = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"needs third-party data in {SHARED.name}, which is not here")
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    compile_search()
    found = gathered(arguments.out)
    for each in rows(arguments):
        found[each.key] = each
        print(each, flush=True)
        record = {"rows": [asdict(row) for row in found.values()]}
        arguments.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    Console(width=120).print(
        table([row for row in found.values() if row.seconds == arguments.seconds])
    )


if __name__ == "__main__":
    main()
