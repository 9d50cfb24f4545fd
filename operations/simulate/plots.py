"""A simulation in two pictures: what each policy costs and spares, and who waits where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from operations.simulate.report import SIMULATED, figure, policies_of
from operations.simulate.run import Simulation

INK, FAINT, OURS = "#1c2b33", "#9aa7ad", "#c2410c"
PANELS = (
    ("km", "kilometres"),
    ("hours", "hours of crews"),
    ("emptyings", "emptyings"),
    ("fill_at_emptying", "fill at emptying"),
    ("overflow_days", "overflow-days"),
    ("drives_for_nothing", "nearly empty when emptied"),
)


def draw(simulation: Simulation, out: Path) -> tuple[Path, ...]:
    """Write both pictures as PNG and return where they are."""
    out.mkdir(parents=True, exist_ok=True)
    return _policies(simulation, out / "policies.png"), _fairness(simulation, out / "fairness.png")


def _policies(simulation: Simulation, path: Path) -> Path:
    names = policies_of(simulation)
    picture = Figure(figsize=(11, 1.6 + 0.42 * len(names) * 2), layout="constrained")
    axes = picture.subplots(2, 3, sharey=True)
    for panel, (field, title) in zip(axes.flat, PANELS, strict=True):
        _bars(panel, simulation, names, field)
        panel.set_title(title, loc="left", fontsize=10, color=INK)
    seeds = len({r.figures.seed for r in simulation.results})
    picture.suptitle(
        f"{SIMULATED} Bars are means over {seeds} futures, ticks are the futures.",
        fontsize=10,
        color=INK,
    )
    picture.savefig(path, dpi=130)
    return path


def _bars(panel: Axes, simulation: Simulation, names: list[str], field: str) -> None:
    at = {name: y for y, name in enumerate(reversed(names))}
    for name in names:
        mean = figure(simulation, name, field).mean
        panel.barh(at[name], mean, color=OURS if name == "ours" else FAINT, height=0.62)
        text = f"{mean:.2f}" if field == "fill_at_emptying" else f"{mean:,.0f}"
        panel.annotate(text, (0, at[name]), xytext=(4, 0), textcoords="offset points",
                       va="center", fontsize=8, color=INK)  # fmt: skip
    panel.plot(
        [getattr(r.figures, field) for r in simulation.results],
        [at[r.figures.policy] for r in simulation.results],
        linestyle="",
        marker="|",
        markersize=11,
        color=INK,
    )
    panel.set_yticks(list(at.values()), list(at), fontsize=9)
    panel.set_xlim(left=0)
    panel.tick_params(axis="x", labelsize=8)
    panel.spines[["top", "right"]].set_visible(False)


def _fairness(simulation: Simulation, path: Path) -> Path:
    """Draw overflow-days against reports: few reports must not mean long waits."""
    picture = Figure(figsize=(8, 5), layout="constrained")
    panel = picture.subplots()
    for name in [n for n in ("fixed", "ours") if n in policies_of(simulation)]:
        rows = [
            place
            for r in simulation.results
            if r.figures.policy == name
            for place in r.neighbourhoods
        ]
        panel.scatter(
            [row.reports for row in rows],
            [row.overflow_days for row in rows],
            s=[8 * np.sqrt(row.containers) for row in rows],
            color=OURS if name == "ours" else FAINT,
            alpha=0.75,
            label=name,
        )
    panel.set_xlabel("reports a container")
    panel.set_ylabel("overflow-days a container")
    panel.set_title(
        "Neighbourhoods, each future apart; larger dots hold more containers.\n" + SIMULATED,
        loc="left", fontsize=10, color=INK,
    )  # fmt: skip
    panel.legend(frameon=False)
    panel.spines[["top", "right"]].set_visible(False)
    picture.savefig(path, dpi=130)
    return path
