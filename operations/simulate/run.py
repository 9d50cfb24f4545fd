"""The verb that simulates: several policies on the same futures of the same city."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from city.errors import BadInput, Broken, Fault
from city.fairness import Neighbourhood
from city.place import Position
from operations.simulate.assumptions import Assumptions
from operations.simulate.district import INVENTED_CENTRE, District, invented_district, read_registry
from operations.simulate.live import OnDay, Search, live
from operations.simulate.rivals import POLICIES, Rival, in_district, priced
from operations.simulate.score import Figures, together
from operations.simulate.streets import (
    Streets,
    near_roads,
    simulated_fleet,
    streets_of,
    within_reach,
)
from operations.simulate.world import build_world
from routing.roads import Roads
from routing.solve import ENGINE

INVENTED_SEED = 7

OnProgress = Callable[[str, float, float], None]


@dataclass(frozen=True)
class Request:
    """What is to be simulated.

    Parameters
    ----------
    registry : of real containers; invented ones where it is left out.
    around, containers : the district: so many containers nearest to a place.
    districts : the whole registry instead, cut into so many.
    overflow_price_cents : what ours and perfect information hold an overflow to cost; as found
        for a single district where it is left out.
    seeds : one future each.
    """

    registry: Path | None = None
    around: Position = INVENTED_CENTRE
    containers: int = 600
    districts: int | None = None
    overflow_price_cents: int | None = None
    seeds: tuple[int, ...] = (1, 2, 3)
    policies: tuple[str, ...] = tuple(POLICIES)
    search: Search = field(default_factory=lambda: Search(seconds=2.0, run_in_seconds=1.0))
    assumptions: Assumptions = field(default_factory=Assumptions)

    def __post_init__(self) -> None:
        unknown = [name for name in self.policies if name not in POLICIES]
        if unknown:
            raise BadInput(
                Fault(
                    "unknown-policy",
                    "simulation",
                    "There is no such policy.",
                    f"Use some of: {', '.join(POLICIES)}.",
                    "policies",
                    ", ".join(unknown),
                )
            )


@dataclass(frozen=True)
class Result:
    """One policy on one future.

    Parameters
    ----------
    km_by_day, trucks_by_day : of each day that counts.
    neighbourhoods : who was seen, served and left waiting where; one that districts share is
        there for each.
    """

    figures: Figures
    km_by_day: tuple[float, ...]
    trucks_by_day: tuple[int, ...]
    neighbourhoods: tuple[Neighbourhood, ...]


@dataclass(frozen=True)
class Simulation:
    """All results, and what led to them.

    Parameters
    ----------
    results : of the city, its districts together.
    districts : what those of each district are.
    """

    results: tuple[Result, ...]
    districts: tuple[tuple[Result, ...], ...]
    provenance: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON-able fields."""
        return {
            "simulated": True,
            "provenance": self.provenance,
            "results": [asdict(result) for result in self.results],
            "districts": [[asdict(r.figures) for r in each] for each in self.districts],
        }


@dataclass(frozen=True)
class _Run:
    """One policy on one future of one district, as a worker takes it; `file` keeps the result."""

    district: District
    streets: Streets
    chooser: Rival
    seed: int
    search: Search
    assumptions: Assumptions
    file: Path

    @property
    def step(self) -> str:
        return f"{self.chooser.name}, seed {self.seed}"

    @property
    def days(self) -> int:
        return self.assumptions.run_in_days + self.assumptions.counted_days

    def live(self, on_day: OnDay | None = None) -> None:
        world = build_world(self.district, self.assumptions, self.seed)
        fleet = simulated_fleet(self.assumptions)
        tally = live(world, fleet, self.streets, self.chooser, self.search, on_day)
        result = Result(
            tally.figures(self.chooser.name),
            tuple(round(km, 2) for km in tally.km),
            tuple(tally.trucks),
            tally.neighbourhoods(),
        )
        _write(self.file, asdict(result))


def simulate(
    request: Request,
    out: Path,
    roads: Roads | None = None,
    on_progress: OnProgress | None = None,
    processes: int = 1,
) -> Simulation:
    """Return every policy on every seed; what an earlier run finished is taken from `out`.

    Parameters
    ----------
    out : folder; holds a file for each policy, seed and district, and simulation.json in the end.
    roads : straight lines with a detour where they are left out.
    on_progress : called with (policy and seed, days done, days in all).
    processes : that share the work; each holds one district.

    Raises
    ------
    BadInput
        The registry is at fault.
    Broken
        A worker died.
    """
    districts = districts_of(request, roads)
    provenance = _provenance(request, districts)
    kept = out / "runs"
    kept.mkdir(parents=True, exist_ok=True)
    runs = [
        _Run(
            district,
            streets,
            chooser,
            seed,
            request.search,
            request.assumptions,
            kept / f"{name}-{seed}-{number}-{_key(provenance, chooser)}.json",
        )
        for seed in request.seeds
        for name in request.policies
        for number, (district, streets) in enumerate(districts)
        for chooser in [_chooser(request, name, number, district)]
    ]
    _live_all(runs, processes, on_progress or (lambda _step, _done, _total: None))
    results = [_read(run.file) for run in runs]
    count = len(districts)
    made = Simulation(
        tuple(_together(results[at : at + count]) for at in range(0, len(results), count)),
        tuple(tuple(results[number::count]) for number in range(count)),
        {
            **provenance,
            "seeds": list(request.seeds),
            "policies": {
                name: [repr(_chooser(request, name, n, d)) for n, (d, _) in enumerate(districts)]
                for name in request.policies
            },
        },
    )
    _write(out / "simulation.json", made.as_dict())
    return made


class _Progress:
    """Tells, of each policy and seed, the days lived in all districts together."""

    def __init__(self, runs: Sequence[_Run], say: OnProgress) -> None:
        self._say = say
        self._steps = {run.file: run.step for run in runs}
        self._total = sum((Counter({run.step: run.days}) for run in runs), Counter[str]())
        self._lived = {run.file: run.days for run in runs if run.file.is_file()}

    def lived(self, run: _Run, days: int, _all_days: int) -> None:
        self._lived[run.file] = days
        done = sum(d for file, d in self._lived.items() if self._steps[file] == run.step)
        self._say(run.step, done, self._total[run.step])


def _live_all(runs: Sequence[_Run], processes: int, say: OnProgress) -> None:
    """Live what no file is there of yet."""
    progress = _Progress(runs, say)
    missing = [run for run in runs if not run.file.is_file()]
    if processes == 1:
        for run in missing:
            run.live(partial(progress.lived, run))
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as workers:
        running = {workers.submit(run.live): run for run in missing}
        try:
            for future in as_completed(running):
                future.result()
                run = running[future]
                progress.lived(run, run.days, run.days)
        except BrokenProcessPool as error:
            raise Broken(
                "A worker died; memory may be short. Run it again: it goes on where it was."
            ) from error
        finally:
            workers.shutdown(cancel_futures=True)


def _together(parts: Sequence[Result]) -> Result:
    """Return the result of all districts as one city's."""
    trucks = tuple(map(sum, zip(*(part.trucks_by_day for part in parts), strict=True)))
    return Result(
        replace(together([part.figures for part in parts]), most_trucks=max(trucks, default=0)),
        tuple(map(sum, zip(*(part.km_by_day for part in parts), strict=True))),
        trucks,
        tuple(place for part in parts for place in part.neighbourhoods),
    )


def _chooser(request: Request, name: str, number: int, district: District) -> Rival:
    chooser = POLICIES[name]
    if request.overflow_price_cents is not None:
        chooser = priced(chooser, request.overflow_price_cents)
    return chooser if request.districts is None else in_district(chooser, number, district)


def districts_of(request: Request, roads: Roads | None) -> list[tuple[District, Streets]]:
    """Return the districts that a request speaks of, each with its streets."""
    found = tuple(_wanted(request, roads))
    fleet = simulated_fleet(request.assumptions)
    return [within_reach(district, streets_of(district, fleet, roads)) for district in found]


def _wanted(request: Request, roads: Roads | None) -> tuple[District, ...]:
    if request.registry is None:
        invented = invented_district(INVENTED_SEED)
        return invented.cut(request.districts or 1)
    city = read_registry(request.registry)
    if request.districts is None:
        return (city.around(request.around, request.containers),)
    return (near_roads(city, roads) if roads else city).cut(request.districts)


def _provenance(request: Request, districts: list[tuple[District, Streets]]) -> dict[str, Any]:
    return {
        "stadsronde": version("stadsronde"),
        "engine": ENGINE,
        "registry": request.registry.name if request.registry else "invented",
        "around": [request.around.lon, request.around.lat] if request.districts is None else None,
        "containers": [len(district) for district, _ in districts],
        "roads": districts[0][1].roads,
        "search": asdict(request.search),
        "assumptions": json.loads(json.dumps(asdict(request.assumptions), default=str)),
    }


def _key(provenance: dict[str, Any], chooser: Rival) -> str:
    """Return what tells runs apart that were made from different inputs."""
    text = json.dumps({**provenance, "policy": repr(chooser)}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write whole or not at all: a run that is broken off leaves no half file."""
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def _read(path: Path) -> Result:
    found = json.loads(path.read_text(encoding="utf-8"))
    return Result(
        Figures(**found["figures"]),
        tuple(found["km_by_day"]),
        tuple(found["trucks_by_day"]),
        tuple(Neighbourhood(**row) for row in found["neighbourhoods"]),
    )
