"""From containers, choices, fleet and roads to a problem of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from city.container import Container
from city.fleet import Fleet, Site, Vehicle
from city.plan import Choice, Verdict
from routing.problem import DisposalSite, IntMatrix, Problem, Stop, Truck

SPANNED_SDS = 2.563
"""How many standard deviations lie between the ends of a span that holds four fifths of them."""


def sites_of(fleet: Fleet) -> tuple[Site, ...]:
    """Return the places that stand before the containers in a problem's matrix, in order."""
    return (*fleet.depots, *fleet.disposal_sites)


def pose(
    asked: Sequence[Container],
    choices: Sequence[Choice],
    fleet: Fleet,
    duration_s: IntMatrix,
    length_m: IntMatrix,
    after: Mapping[str, tuple[str, ...]] | None = None,
) -> Problem:
    """Return the day's problem.

    Parameters
    ----------
    asked : the containers that may be visited.
    duration_s, length_m : (m, m) between `sites_of` the fleet and these containers, in order.
    after : by id, the stops that have to be served before.
    """
    sites, before = sites_of(fleet), after or {}
    node = {site.id: number for number, site in enumerate(sites)}
    choice = {c.container_id: c for c in choices}
    return Problem(
        stops=tuple(
            stop_of(c, choice[c.id], len(sites) + i, before.get(c.id, ()))
            for i, c in enumerate(asked)
        ),
        trucks=tuple(_truck(v, node) for v in fleet.vehicles),
        sites=tuple(_disposal(s, node[s.id]) for s in fleet.disposal_sites),
        duration_s=duration_s,
        length_m=length_m,
    )


def stop_of(container: Container, choice: Choice, node: int, after: tuple[str, ...] = ()) -> Stop:
    """Return a container as a stop at a node; a must or not, by the choice about it.

    Its load is as uncertain as its fill is believed to be.
    """
    fill_sd = (choice.fill_high - choice.fill_low) / SPANNED_SDS
    return Stop(
        id=container.id,
        node=node,
        fraction=container.fraction,
        gear=container.gear,
        weight_kg=choice.weight_kg,
        volume_l=choice.volume_l,
        weight_sd_kg=round(container.weight_kg(fill_sd)),
        volume_sd_l=round(container.volume_l * fill_sd),
        service_s=container.emptying_s,
        skip_price_cents=None if choice.verdict is Verdict.MUST else choice.skip_price_cents,
        after=after,
    )


def _truck(vehicle: Vehicle, node: dict[str, int]) -> Truck:
    return Truck(
        id=vehicle.id,
        start_node=node[vehicle.depot_id],
        end_node=node[vehicle.depot_id],
        fractions=vehicle.fractions,
        gear=vehicle.gear,
        weight_capacity_kg=vehicle.weight_capacity_kg,
        volume_capacity_l=vehicle.volume_capacity_l,
        shift=vehicle.shift,
        break_rule=vehicle.break_rule,
        cost_per_km_cents=vehicle.cost_per_km_cents,
        cost_per_hour_cents=vehicle.cost_per_hour_cents,
        cost_per_use_cents=vehicle.cost_per_use_cents,
        gross_kg=vehicle.gross_weight_kg,
        length_cm=vehicle.length_cm,
        driving_rule=vehicle.driving_rule,
        day_weight_kg=vehicle.day_weight_kg,
        day_volume_l=vehicle.day_volume_l,
        day_stops=vehicle.day_stops,
        overfull_pct=vehicle.overfull_pct,
        start_ref=vehicle.depot_id,
        end_ref=vehicle.depot_id,
    )


def _disposal(site: Site, node: int) -> DisposalSite:
    return DisposalSite(
        site.id, node, site.fractions, site.window, site.service_s, site.day_weight_kg
    )
