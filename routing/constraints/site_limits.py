"""A disposal site takes no more in a day, from all trucks together, than it may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import DisposalSite, Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "site-limits"


def post(model: Model) -> None:
    """Limit what all visits to a site take off trucks."""
    for site in model.problem.sites:
        if site.day_weight_kg is not None:
            model.limit_emptied("weight", site, site.day_weight_kg)


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find sites to which more is brought than they take."""
    limits = {site.id: site.day_weight_kg for site in problem.sites}
    brought_kg: Counter[str] = Counter()
    for journey in journeys(problem, plan):
        for step in journey.steps:
            if isinstance(step.place, DisposalSite):
                brought_kg[step.place.id] += step.trip_kg
    for site_id, kg in sorted(brought_kg.items()):
        limit_kg = limits[site_id]
        if limit_kg is not None and kg > limit_kg:
            message = f"The site takes {limit_kg} kg a day; {kg - limit_kg} kg more are brought."
            yield Violation(NAME, "", site_id, message, kg - limit_kg)
