"""Stops that are reached from their own side of the street only."""

from __future__ import annotations

import numpy as np

from routing.problem import UNREACHABLE, Problem, Stop, with_matrices
from routing.shape import crosses


def kerbed(problem: Problem) -> Problem:
    """Return a problem in which no road leads to such stops from across the street."""
    nodes = sorted({stop.node for stop in problem.stops if stop.kerb_only})
    across = crosses(problem)
    if across is None or not nodes:
        return problem
    columns = np.zeros(len(across), np.bool_)
    columns[nodes] = True
    shut = across & columns[None, :]
    np.fill_diagonal(shut, False)
    return with_matrices(
        problem, lambda matrix: np.where(shut, UNREACHABLE, matrix).astype(np.int32)
    )


def at_no_kerb(problem: Problem, stop: Stop) -> bool:
    """Tell whether every way to a stop that asks for its own side ends across the street."""
    across = crosses(problem)
    if not stop.kerb_only or across is None:
        return False
    others = np.arange(len(across)) != stop.node
    return bool(across[others, stop.node].all())
