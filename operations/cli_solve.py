"""``stadsronde solve`` and ``check``: a problem from a file, and any plan for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from operations.cli_options import BAD_INPUT
from operations.cli_output import console, print_violations

if TYPE_CHECKING:
    from operations.solve_problem import Judged

ProblemFile = Annotated[Path, typer.Argument(help="JSON, see docs/reference/problem.md.")]


def solve(
    problem: ProblemFile,
    out: Annotated[Path, typer.Option(help="JSON file to write.")] = Path("plan.json"),
    seconds: Annotated[float, typer.Option(min=0.0, help="How long to search.")] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the random numbers.")] = 0,
    engine: Annotated[str, typer.Option(help="auto, core or ortools.")] = "auto",
) -> None:
    """Solve a routing problem of one day; the plan is checked before it is called one."""
    from operations.solve_problem import solve_problem
    from routing.solve import Engine

    if engine not in list(Engine):
        raise typer.BadParameter(f"{engine} is none of {', '.join(Engine)}", param_hint="--engine")
    _show(solve_problem(problem, out, seconds=seconds, seed=seed, engine=Engine(engine)))
    console.print(f"Written to {out}")


def check(
    problem: ProblemFile,
    plan: Annotated[Path, typer.Argument(help="JSON, as solve writes it.")],
) -> None:
    """Say what a plan costs and every rule that it breaks, whoever made it."""
    from operations.solve_problem import check_plan

    judged = check_plan(problem, plan)
    _show(judged)
    if judged.violations:
        raise typer.Exit(BAD_INPUT)


def _show(judged: Judged) -> None:
    cost, plan = judged.cost, judged.plan
    console.print(
        f"{len(plan.routes)} routes, {sum(r.length_m for r in plan.routes) / 1000:.1f} km, "
        f"{len(plan.unserved)} stops left out ({cost.musts_unserved} of them musts), "
        f"{cost.total_cents / 100:.2f} euro with what is left out"
    )
    print_violations(judged.violations)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog="Example: stadsronde solve problem.json --seconds 30 --out plan.json")(solve)
    app.command(epilog="Example: stadsronde check problem.json plan.json")(check)
