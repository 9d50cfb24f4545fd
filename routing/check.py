"""The checker: what is wrong with any plan, and what the plan costs.

It shares no code with the solver and trusts no recorded time, length or load. It serves tests,
hand edits, audits, and the choice between two solvers' plans.
"""

from __future__ import annotations

from dataclasses import dataclass

from city.plan import Plan
from routing.constraints import CONSTRAINTS, Violation
from routing.constraints.journey import Journey, journeys
from routing.problem import Problem


@dataclass(frozen=True)
class Cost:
    """What a plan costs, in euro cents, and the musts it leaves out, which have no price.

    Parameters
    ----------
    time_cents : paid work, breaks left out.
    skipped_cents : the prices of the stops left out.
    """

    distance_cents: int
    time_cents: int
    use_cents: int
    skipped_cents: int
    musts_unserved: int

    @property
    def total_cents(self) -> int:
        """The sum of the parts."""
        return self.distance_cents + self.time_cents + self.use_cents + self.skipped_cents

    @property
    def rank(self) -> tuple[int, int]:
        """What makes one plan better than another: more musts served, then cheaper."""
        return self.musts_unserved, self.total_cents


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Return every violation of every rule in a plan, whoever made it; empty means approved."""
    return tuple(found for rule in CONSTRAINTS for found in rule.violations(problem, plan))


def cost_cents(problem: Problem, plan: Plan) -> Cost:
    """Return what a plan costs by the problem's own prices, part by part."""
    driven = tuple(journeys(problem, plan))
    stops = {stop.id: stop for stop in problem.stops}
    prices = [
        stops[unserved.stop_id].skip_price_cents
        for unserved in plan.unserved
        if unserved.stop_id in stops
    ]
    return Cost(
        distance_cents=round(sum(_length_m(j) * j.truck.cost_per_km_cents / 1000 for j in driven)),
        time_cents=round(sum(_work_s(j) * j.truck.cost_per_hour_cents / 3600 for j in driven)),
        use_cents=sum(journey.truck.cost_per_use_cents for journey in driven),
        skipped_cents=sum(price for price in prices if price is not None),
        musts_unserved=sum(price is None for price in prices),
    )


def _length_m(journey: Journey) -> int:
    return sum(step.length_m for step in journey.steps)


def _work_s(journey: Journey) -> int:
    return journey.end_s - journey.start_s - journey.breaks_s
