"""Between two emptyings a truck carries no more than its weight and volume capacity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.load import padded_kg, padded_l
from routing.problem import Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "capacity"


def post(model: Model) -> None:
    """Add a load dimension for weight and one for volume, emptied at disposal sites.

    Loads are padded for their spread, which `uncertain_load` checks.
    """
    trucks = [lane.truck for lane in model.lanes]
    model.add_load("weight", *padded_kg(model.stops, trucks))
    model.add_load("volume", *padded_l(model.stops, trucks))


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
