"""Plan one of Kim's waste-collection instances, so that others can hold us against theirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from routing.instances.kim import read_kim, routes_text
from routing.instances.kim_check import miles, violations
from routing.instances.kim_core import plan


@dataclass(frozen=True)
class KimReport:
    """How the plan came out.

    Parameters
    ----------
    violations : what the checker found, in words; a stop without room is among them.
    """

    miles: float
    routes: int
    violations: tuple[str, ...]


def bench_kim(file: Path, out: Path, *, vehicles: int, seconds: float, seed: int) -> KimReport:
    """Plan an instance, write its routes, and say what the independent checker finds.

    Raises
    ------
    BadInput
        With every line of the instance that cannot be read.
    """
    instance = read_kim(file)
    routes = plan(instance, vehicles, seconds=seconds, seed=seed)
    out.write_text(routes_text(instance, routes), encoding="utf-8")
    wrong = tuple(violations(instance, routes, vehicles))
    return KimReport(miles(instance, routes), len(routes), wrong)
