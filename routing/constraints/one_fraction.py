"""One fraction per trip: nothing is mixed between two emptyings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import DisposalSite, Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "one-fraction"


def post(model: Model) -> None:
    """Count the stops of each fraction aboard; there are none at another fraction's stop.

    A site that does not take a fraction is reached with none of it aboard either.
    """
    fractions = sorted({stop.fraction for stop in model.stops})
    for fraction in fractions:
        picky = [site for site in model.disposals if fraction not in site.fractions]
        if len(fractions) == 1 and not picky:
            continue
        count = model.add_load(
            f"aboard {fraction}",
            [int(stop.fraction is fraction) for stop in model.stops],
            [len(model.stops)] * len(model.lanes),
        )
        for at, stop in enumerate(model.stops):
            if stop.fraction is not fraction:
                count.CumulVar(model.index(at)).SetMax(0)
        for number, site in enumerate(model.disposals):
            if fraction not in site.fractions:
                count.CumulVar(model.index(len(model.stops) + number)).SetMax(0)


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find stops whose fraction differs from what is already aboard."""
    for journey in journeys(problem, plan):
        aboard: Stop | None = None
        for step in journey.steps:
            if isinstance(step.place, DisposalSite):
                aboard = None
            elif isinstance(step.place, Stop):
                if aboard is not None and aboard.fraction is not step.place.fraction:
                    message = f"'{step.place.fraction}' is put on top of '{aboard.fraction}'."
                    yield Violation(NAME, journey.truck.id, step.place.id, message)
                aboard = aboard or step.place
