"""Generated problems with any mixture of all rules, judged by the checker, each from its seed.

    python -m benchmarks.generated --count 2000 --seconds 0.1

For each: does the plan keep every rule; could a stop that is left out for want of room or for money
still be put in, anywhere, at less than its price; and, of up to seven stops, how far the plan is
from the cheapest that trying everything finds.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace

from rich.console import Console
from rich.progress import track

from benchmarks.recording import record
from city.plan import UnservedCode
from routing.check import check, cost_cents
from routing.core.search import compile_search
from routing.solve import solve
from tests.exact import cheapest
from tests.generated import generated
from tests.insertions import overlooked

SEARCHED = {UnservedCode.NO_ROOM, UnservedCode.CHEAPER_TO_SKIP}


def rules_and_room(seed: int, seconds: float) -> tuple[list[str], int]:
    """Return which rules a plan breaks, and how many stops it could still have served."""
    problem = generated(seed)
    plan = solve(problem, seconds=seconds, seed=seed)
    stops = {stop.id: stop for stop in problem.stops}
    left_out = [stops[u.stop_id] for u in plan.unserved if u.code in SEARCHED]
    # Whether one may begin that waits for another truck is a matter of both routes.
    free = [stop for stop in left_out if not stop.after]
    missed = sum(overlooked(problem, plan, stop) is not None for stop in free)
    return [f"{broken.rule}: {broken.message}" for broken in check(problem, plan)], missed


def over_best(seed: int, seconds: float, most_stops: int) -> float | None:
    """Return a plan's cost over the best, minus one; None where it leaves out more musts."""
    problem = generated(seed, most_stops)
    stops = tuple(replace(stop, after=()) for stop in problem.stops)
    problem = problem.replace(stops=stops, trucks=problem.trucks[:2])
    cost = cost_cents(problem, solve(problem, seconds=seconds, seed=seed))
    musts, cents = cheapest(problem)
    if cost.musts_unserved > musts:
        return None
    return max(0.0, cost.total_cents / cents - 1) if cents > 100 else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--few", type=int, default=200, help="problems of up to --most-stops")
    parser.add_argument("--most-stops", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("--first", type=int, default=10_000, help="first seed; tests use 0 to 99")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    compile_search()
    begun = time.monotonic()
    seeds = range(arguments.first, arguments.first + arguments.count)
    judged = {seed: rules_and_room(seed, arguments.seconds) for seed in track(seeds, "All rules")}
    few = range(arguments.first, arguments.first + arguments.few)
    over = {
        seed: over_best(seed, arguments.seconds, arguments.most_stops)
        for seed in track(few, "Few stops")
    }
    told: dict[str, object] = {
        "problems": arguments.count,
        "seconds_each": arguments.seconds,
        "with_violations": {seed: broken for seed, (broken, _) in judged.items() if broken},
        "with_stops_overlooked": [seed for seed, (_, missed) in judged.items() if missed],
        "few": arguments.few,
        "few_most_stops": arguments.most_stops,
        "few_over_1_percent": {s: o for s, o in over.items() if o is None or o > 0.01},
        "took_s": round(time.monotonic() - begun),
        "load": round(os.getloadavg()[0], 1),
    }
    record("generated", told, ("ortools", "numba", "numpy"))
    Console().print(told)


if __name__ == "__main__":
    main()
