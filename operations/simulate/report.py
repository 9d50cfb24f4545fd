"""A simulation as a table, with intervals over seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table
from scipy.stats import t as student

from operations.simulate.run import Simulation

SIMULATED = "Simulated: no figure here was measured in a real city."
BASELINE = "fixed"

ROWS: tuple[tuple[str, str, str], ...] = (
    ("km", "km", ".0f"),
    ("hours", "hours", ".0f"),
    ("most_trucks", "trucks at most", ".0f"),
    ("km_per_tonne", "km / tonne", ".2f"),
    ("emptyings", "emptyings", ".0f"),
    ("fill_at_emptying", "fill at emptying", ".2f"),
    ("overflow_days", "overflow-days", ".0f"),
    ("drives_for_nothing", "for nothing", ".0f"),
    ("reports", "reports", ".0f"),
    ("reports_per_case", "reports / case", ".1f"),
    ("extra_trips", "extra trips", ".1f"),
)
"""Figures of a policy: name of the field, what tables call it, format."""


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % interval (Student's t); no interval from one seed."""

    mean: float
    low: float
    high: float

    @classmethod
    def over(cls, values: Sequence[float]) -> Interval:
        """Return that of some values."""
        mean = float(np.mean(values))
        if len(values) < 2:
            return cls(mean, mean, mean)
        reach = float(student.ppf(0.975, len(values) - 1) * np.std(values, ddof=1))
        reach /= math.sqrt(len(values))
        return cls(mean, mean - reach, mean + reach)

    def text(self, form: str) -> str:
        """Return the mean, with half the interval's width."""
        half = (self.high - self.low) / 2
        return f"{self.mean:{form}}" + (f" ± {half:{form}}" if half else "")


def policies_of(simulation: Simulation) -> list[str]:
    """Return the names of the policies, in the order in which they ran."""
    return list(dict.fromkeys(r.figures.policy for r in simulation.results))


def figure(simulation: Simulation, policy: str, field: str) -> Interval:
    """Return one figure of a policy over seeds."""
    mine = [r.figures for r in simulation.results if r.figures.policy == policy]
    return Interval.over([float(getattr(each, field)) for each in mine])


def ratio(simulation: Simulation, policy: str, field: str, base: str = BASELINE) -> Interval | None:
    """Return a figure over that of another policy, seed by seed; None without a common seed."""
    of = {(r.figures.policy, r.figures.seed): float(getattr(r.figures, field))
          for r in simulation.results}  # fmt: skip
    seeds = [seed for name, seed in of if name == policy and of.get((base, seed))]
    if not seeds:
        return None
    return Interval.over([of[policy, seed] / of[base, seed] for seed in seeds])


def table(simulation: Simulation) -> Table:
    """Return a row a figure and a column a policy."""
    seeds = len({r.figures.seed for r in simulation.results})
    policies = policies_of(simulation)
    shown = Table("", title=f"Simulated; means over {seeds} futures ± 95 %", box=None)
    for policy in policies:
        shown.add_column(policy, justify="right")
    for field, heading, form in ROWS:
        shown.add_row(heading, *(figure(simulation, p, field).text(form) for p in policies))
    against = (ratio(simulation, policy, "km") for policy in policies)
    shown.add_row(f"km / {BASELINE}", *(each.text(".2f") if each else "" for each in against))
    return shown
