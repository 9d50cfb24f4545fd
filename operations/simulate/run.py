"""The verb that simulates: several policies on the same futures of the same city."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from city.errors import BadInput, Fault
from city.fairness import Neighbourhood
from city.place import Position
from operations.simulate.assumptions import Assumptions
from operations.simulate.district import INVENTED_CENTRE, District, invented_district, read_district
from operations.simulate.live import Search, live
from operations.simulate.policies import Chooser
from operations.simulate.rivals import POLICIES
from operations.simulate.score import Figures
from operations.simulate.streets import Streets, simulated_fleet, streets_of
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
    seeds : one future each.
    """

    registry: Path | None = None
    around: Position = INVENTED_CENTRE
    containers: int = 600
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
    km_by_day : of each day that counts.
    neighbourhoods : who was seen, served and left waiting where.
    """

    figures: Figures
    km_by_day: tuple[float, ...]
    neighbourhoods: tuple[Neighbourhood, ...]


@dataclass(frozen=True)
class Simulation:
    """All results, and what led to them."""

    results: tuple[Result, ...]
    provenance: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON-able fields."""
        return {
            "simulated": True,
            "provenance": self.provenance,
            "results": [asdict(result) for result in self.results],
        }


def simulate(
    request: Request,
    out: Path,
    roads: Roads | None = None,
    on_progress: OnProgress | None = None,
) -> Simulation:
    """Return every policy on every seed; what an earlier run finished is taken from `out`.

    Parameters
    ----------
    out : folder; holds a file for each policy and seed, and simulation.json in the end.
    roads : straight lines with a detour where they are left out.
    on_progress : called with (policy and seed, days done, days in all).

    Raises
    ------
    BadInput
        The registry is at fault.
    """
    say = on_progress or (lambda _step, _done, _total: None)
    a = request.assumptions
    district = _district(request)
    fleet = simulated_fleet(a)
    streets = streets_of(district, fleet, roads)
    provenance = _provenance(request, district, streets)
    kept = out / "runs"
    kept.mkdir(parents=True, exist_ok=True)
    results = []
    for seed in request.seeds:
        world = build_world(district, a, seed)
        for name in request.policies:
            file = kept / f"{name}-{seed}-{_key(provenance, POLICIES[name])}.json"
            if not file.is_file():
                on_day = partial(say, f"{name}, seed {seed}")
                tally = live(world, fleet, streets, POLICIES[name], request.search, on_day)
                km = tuple(round(day_km, 2) for day_km in tally.km)
                result = Result(tally.figures(name), km, tally.neighbourhoods())
                _write(file, asdict(result))
            results.append(_read(file))
    made = Simulation(
        tuple(results),
        {
            **provenance,
            "seeds": list(request.seeds),
            "policies": {name: repr(POLICIES[name]) for name in request.policies},
        },
    )
    _write(out / "simulation.json", made.as_dict())
    return made


def _district(request: Request) -> District:
    if request.registry is None:
        return invented_district(INVENTED_SEED)
    return read_district(request.registry, request.around, request.containers)


def _provenance(request: Request, district: District, streets: Streets) -> dict[str, Any]:
    return {
        "stadsronde": version("stadsronde"),
        "engine": ENGINE,
        "registry": request.registry.name if request.registry else "invented",
        "around": [request.around.lon, request.around.lat],
        "containers": len(district),
        "roads": streets.roads,
        "search": asdict(request.search),
        "assumptions": json.loads(json.dumps(asdict(request.assumptions), default=str)),
    }


def _key(provenance: dict[str, Any], chooser: Chooser) -> str:
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
        tuple(Neighbourhood(**row) for row in found["neighbourhoods"]),
    )
