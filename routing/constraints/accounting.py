"""Every stop is served exactly once, or stands under the unserved; leaving one out has a price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan, UnservedCode
from routing.constraints.rule import Violation
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "accounting"


def post(model: Model) -> None:
    """Let a stop be left out for its price, a must for more than all else together."""
    for at, stop in enumerate(model.stops):
        model.make_optional(at, model.skip_units(stop))


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find stops that are forgotten, counted twice, or unknown."""
    served = Counter(ref for route in plan.routes for ref in route.stop_ids)
    left_out = Counter(unserved.stop_id for unserved in plan.unserved)
    for stop in problem.stops:
        times = served[stop.id] + left_out[stop.id]
        if times == 0:
            yield Violation(NAME, "", stop.id, "The stop is neither served nor unserved.")
        elif times > 1:
            message = (
                f"The stop is served {served[stop.id]} and unserved {left_out[stop.id]} times."
            )
            yield Violation(NAME, "", stop.id, message, times)
    known = {stop.id for stop in problem.stops}
    # What a hand took off for good is asked for no more.
    by_hand = {each.stop_id for each in plan.unserved if each.code is UnservedCode.BY_HAND}
    for stop_id in left_out:
        if stop_id not in known | by_hand:
            yield Violation(NAME, "", stop_id, "An unserved stop is not in the problem.")
