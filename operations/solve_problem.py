"""Solve a problem from a file, and check a plan for one, without a city around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from city.errors import BadInput
from city.plan import Plan
from operations.solving import solve_apart
from routing.check import Cost, check, cost_cents
from routing.constraints.rule import Violation
from routing.faults import EXPLAINED_IN_PLAN, faults
from routing.json_form import plan_to_json, read_plan, read_problem
from routing.problem import Problem
from routing.solve import Engine, solve


@dataclass(frozen=True)
class Judged:
    """A plan with what the checker says of it; approved where there are no violations."""

    plan: Plan
    cost: Cost
    violations: tuple[Violation, ...]


def solve_problem(
    file: Path, out: Path, *, seconds: float, seed: int, engine: Engine = Engine.AUTO
) -> Judged:
    """Solve a problem, write the plan as JSON, and judge it.

    Raises
    ------
    BadInput
        With every fault of the file, or of the problem in it.
    Broken
        The solver died or overran.
    """
    problem = read_problem(file)
    plan = solve_apart(problem, seconds, seed, work=partial(solve, engine=engine))
    out.write_text(plan_to_json(plan), encoding="utf-8")
    return _judged(problem, plan)


def check_plan(problem_file: Path, plan_file: Path) -> Judged:
    """Judge a plan, whoever made it.

    Raises
    ------
    BadInput
        With every fault of the files.
    """
    problem = read_problem(problem_file)
    if found := [fault for fault in faults(problem) if fault.code not in EXPLAINED_IN_PLAN]:
        raise BadInput(found)
    return _judged(problem, read_plan(plan_file))


def _judged(problem: Problem, plan: Plan) -> Judged:
    return Judged(plan, cost_cents(problem, plan), check(problem, plan))
