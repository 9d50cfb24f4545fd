"""Which stops could be served at all, and why the others could not."""

from __future__ import annotations

from city.plan import Unserved, UnservedCode
from routing.kerb import at_no_kerb
from routing.load import Load, within_day
from routing.pairs import suits
from routing.problem import Problem, Stop, Truck
from routing.tour import joined


def hopeless(problem: Problem) -> dict[str, Unserved]:
    """Return, by stop id, what no plan could serve, with the reason."""
    found = {stop.id: _reason(problem, stop) for stop in problem.stops}
    lost = {stop_id: reason for stop_id, reason in found.items() if reason is not None}
    for mates in problem.pairs.values():
        for stop in mates:
            first = next((mate for mate in mates if found[mate.id] is not None), None)
            if first is not None and stop.id not in lost:
                detail = f"It is served with '{first.id}' only, which cannot be served."
                lost[stop.id] = Unserved(stop.id, UnservedCode.WITH_ITS_PAIR, detail)
    return lost


def _reason(problem: Problem, stop: Stop) -> Unserved | None:
    unit = problem.together(stop)
    trucks = [truck for truck in problem.trucks if suits(truck, unit)]
    if not trucks and len(unit) > 1 and any(truck.suits(stop) for truck in problem.trucks):
        detail = f"No truck may serve all of the pair '{stop.pair}'."
        return Unserved(stop.id, UnservedCode.NO_SUITABLE_TRUCK, detail)
    if not trucks:
        named = f" of {', '.join(stop.only_trucks)}" if stop.only_trucks else ""
        detail = f"No truck{named} collects '{stop.fraction}' with gear '{stop.gear}'."
        return Unserved(stop.id, UnservedCode.NO_SUITABLE_TRUCK, detail)
    strong = [truck for truck in trucks if _carries(truck, stop)]
    if not strong:
        detail = (
            f"{stop.weight_kg} kg and {stop.volume_l} l are more than any suitable truck holds, "
            "or may collect in a day."
        )
        return Unserved(stop.id, UnservedCode.TOO_HEAVY, detail)
    sites = [site for site in problem.sites if stop.fraction in site.fractions]
    if not sites:
        detail = f"No disposal site takes '{stop.fraction}'."
        return Unserved(stop.id, UnservedCode.NO_DISPOSAL_SITE, detail)
    if at_no_kerb(problem, stop):
        detail = "No way ends with the stop at the kerb's side of the truck."
        return Unserved(stop.id, UnservedCode.UNREACHABLE, detail)
    nodes = ((t, (t.start_node, stop.node, s.node, t.end_node)) for t in strong for s in sites)
    if not any(joined(problem, truck, way) for truck, way in nodes):
        detail = "No road leads from a depot to the stop, on to a disposal site, and back."
        return Unserved(stop.id, UnservedCode.UNREACHABLE, detail)
    return None


def _carries(truck: Truck, stop: Stop) -> bool:
    return Load.of([stop]).fits(truck) and within_day(truck, [stop])
