"""Verb: the results of `stadsronde simulate` that lie in a city's folder."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from operations.settings import Settings
from operations.simulate.report import BASELINE

FILE = "simulation.json"


@dataclass(frozen=True)
class PolicyTally:
    """What a policy came to: means over the futures.

    Parameters
    ----------
    km_ratio : of its kilometres over those of the fixed rounds; None where those were not run.
    """

    policy: str
    km: float
    km_ratio: float | None
    emptyings: float
    fill_at_emptying: float
    overflow_days: float
    drives_for_nothing: float


@dataclass(frozen=True)
class KeptSimulation:
    """One result, by the name of its folder."""

    name: str
    futures: int
    policies: tuple[PolicyTally, ...]


def list_simulations(settings: Settings) -> list[KeptSimulation]:
    """Return the results by name; what is no result is passed over."""
    every = (_read(path) for path in sorted(settings.simulations.glob(f"*/{FILE}")))
    return [one for one in every if one]


def _read(path: Path) -> KeptSimulation | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        by_policy: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for result in told["results"]:
            by_policy[str(result["figures"]["policy"])].append(result["figures"])
        fixed = _mean(by_policy[BASELINE], "km") if BASELINE in by_policy else None
        tallies = tuple(_tally(name, some, fixed) for name, some in by_policy.items())
        return KeptSimulation(path.parent.name, max(map(len, by_policy.values())), tallies)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _tally(policy: str, some: Sequence[dict[str, Any]], fixed_km: float | None) -> PolicyTally:
    km = _mean(some, "km")
    ratio = km / fixed_km if fixed_km else None
    names = ("emptyings", "fill_at_emptying", "overflow_days", "drives_for_nothing")
    return PolicyTally(policy, km, ratio, *(_mean(some, name) for name in names))


def _mean(some: Sequence[dict[str, Any]], name: str) -> float:
    return mean(float(figures[name]) for figures in some)
