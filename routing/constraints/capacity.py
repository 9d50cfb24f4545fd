"""Between two emptyings a truck carries no more than its weight and volume capacity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "capacity"


def post(model: Model) -> None:
    """Add a load dimension for weight and one for volume, emptied at disposal sites."""
    model.add_load(
        "weight",
        [stop.weight_kg for stop in model.stops],
        [lane.truck.weight_capacity_kg for lane in model.lanes],
    )
    model.add_load(
        "volume",
        [stop.volume_l for stop in model.stops],
        [lane.truck.volume_capacity_l for lane in model.lanes],
    )


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find stops that no longer fit on the truck."""
    for journey in journeys(problem, plan):
        truck = journey.truck
        for step in journey.steps:
            if not isinstance(step.place, Stop):
                continue
            over_kg = step.trip_kg - truck.weight_capacity_kg
            over_l = step.trip_l - truck.volume_capacity_l
            for over, unit in ((over_kg, "kg"), (over_l, "l")):
                if over > 0:
                    message = f"The truck is {over} {unit} over its capacity after this stop."
                    yield Violation(NAME, truck.id, step.place.id, message, over)
