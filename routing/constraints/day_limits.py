"""What a truck may collect over its whole day: weight, volume, and number of stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "day-limits"


def post(model: Model) -> None:
    """Count what each lane collects, without disposal visits taking any of it off."""
    trucks = [lane.truck for lane in model.lanes]
    for name, gains, limits in (
        ("day weight", [s.weight_kg for s in model.stops], [t.day_weight_kg for t in trucks]),
        ("day volume", [s.volume_l for s in model.stops], [t.day_volume_l for t in trucks]),
        ("day stops", [1 for _ in model.stops], [t.day_stops for t in trucks]),
    ):
        if any(limit is not None for limit in limits):
            most = sum(gains)
            model.add_count(name, gains, [most if x is None else x for x in limits])


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find days that hold more than the truck may collect."""
    for journey in journeys(problem, plan):
        truck = journey.truck
        stops = [step.place for step in journey.steps if isinstance(step.place, Stop)]
        for amount, limit, unit in (
            (sum(stop.weight_kg for stop in stops), truck.day_weight_kg, "kg"),
            (sum(stop.volume_l for stop in stops), truck.day_volume_l, "l"),
            (len(stops), truck.day_stops, "stops"),
        ):
            if limit is not None and amount > limit:
                message = f"The truck collects {amount - limit} {unit} more than it may in a day."
                yield Violation(NAME, truck.id, "", message, amount - limit)
