"""A truck is over its capacity before it empties with no more chance than it may be, mostly 5 %.

Loads are taken as independent and normal, each with its mean and standard deviation.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import Journey, journeys
from routing.constraints.rule import Violation
from routing.problem import DisposalSite, Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "uncertain-load"
ROUNDING = 1e-4


def post(model: Model) -> None:
    """Post nothing of its own: `capacity` posts loads that are padded for their spread."""


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find trips whose mean load fits but that are too likely to exceed what the truck holds."""
    for journey in journeys(problem, plan):
        yield from _of(journey)


def _of(journey: Journey) -> Iterator[Violation]:
    truck = journey.truck
    kg_variance = l_variance = 0
    for step in journey.steps:
        if isinstance(step.place, DisposalSite):
            kg_variance = l_variance = 0
        if not isinstance(step.place, Stop):
            continue
        kg_variance += step.place.weight_sd_kg**2
        l_variance += step.place.volume_sd_l**2
        for mean, variance, capacity, unit in (
            (step.trip_kg, kg_variance, truck.weight_capacity_kg, "kg"),
            (step.trip_l, l_variance, truck.volume_capacity_l, "l"),
        ):
            if variance and mean <= capacity:
                chance = 1.0 - NormalDist(mean, variance**0.5).cdf(capacity)
                if chance > truck.overfull_pct / 100 + ROUNDING:
                    message = f"The truck is over its {capacity} {unit} with {chance:.0%} chance."
                    yield Violation(NAME, truck.id, step.place.id, message, round(chance * 100))
