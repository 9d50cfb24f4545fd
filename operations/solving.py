"""Solving in a process of its own: OR-Tools holds Python's lock, and may have to be killed."""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from city.errors import Broken
from city.plan import FALLBACK, Plan
from routing.core.search import compile_search
from routing.problem import Problem
from routing.solve import ENGINE, solve

log = logging.getLogger(__name__)

OnProgress = Callable[[float, float], None]
Work = Callable[..., Plan]

TICK_S = 0.2
GRACE_S = 60.0
"""How long beyond its time a solver may take to build its model and hand over the plan."""


@dataclass(frozen=True)
class Solved:
    """A plan, and what made it: the solver, or the known rounds where the solver failed."""

    plan: Plan
    engine: str


def solve_or_fall_back(
    problem: Problem,
    seconds: float,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    *,
    grace_s: float = GRACE_S,
    work: Work = solve,
) -> Solved:
    """Return a plan; where the solver dies or overruns, the known rounds, marked as fallback.

    They are driven as known, and stops that they lack are put in where they cost least.

    Raises
    ------
    BadInput
        The problem is at fault.
    Broken
        The solver died or overran, and the problem knows no rounds.
    """
    try:
        plan = solve_apart(problem, seconds, seed, on_progress, grace_s=grace_s, work=work)
        return Solved(plan, ENGINE)
    except Broken as error:
        if problem.familiar is None:
            raise
        log.error("The known rounds are driven: %s", error)
        return Solved(solve(problem, seconds=0), f"{FALLBACK}: {error}")


def solve_apart(
    problem: Problem,
    seconds: float,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    *,
    grace_s: float = GRACE_S,
    work: Work = solve,
) -> Plan:
    """Return a plan, solved in a worker process that is killed when it overruns.

    Parameters
    ----------
    on_progress : called several times a second with (seconds gone, seconds allowed).
    work : called as `solve`, in the worker.

    Raises
    ------
    BadInput
        The problem is at fault.
    Broken
        The solver died or overran.
    """
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(max_workers=1, mp_context=context)
    try:
        # Compiling, once an install, is no solving.
        executor.submit(compile_search).result()
        started = time.monotonic()
        future = executor.submit(work, problem, seconds=seconds, seed=seed)
        while not future.done():
            gone = time.monotonic() - started
            if gone > seconds + grace_s:
                raise Broken(f"The solver overran its {seconds:g} s and was stopped.")
            if on_progress:
                on_progress(min(gone, seconds), seconds)
            time.sleep(TICK_S)
        if on_progress:
            on_progress(seconds, seconds)
        return future.result()
    except BrokenProcessPool as error:
        raise Broken("The solver died; the machine may be short of memory.") from error
    finally:
        executor.kill_workers() if hasattr(executor, "kill_workers") else _kill(executor)


def _kill(executor: ProcessPoolExecutor) -> None:
    # Python 3.12 has no public way; a worker inside OR-Tools does not listen to a shutdown.
    for process in list((executor._processes or {}).values()):
        process.kill()
    executor.shutdown(wait=False, cancel_futures=True)
