"""All that is wrong with a problem, at once, each with its remedy."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from city.errors import Fault
from city.fleet import DAY_S, EVEN_PCT, Window
from routing.matrices import matrices
from routing.problem import Problem, Stop, Truck

EXPLAINED_IN_PLAN = frozenset({"no-truck-for-fraction", "no-site-for-fraction"})
"""Faults with which a plan can still be made: what they concern is unserved, with a reason."""

MOST_PAIRED = 32
"""The search marks the order within a pair in the bits of one number."""

LIMIT = 10**9
"""More than any weight, price or time that a day may hold; keeps sums within 64 bits."""


def faults(problem: Problem) -> tuple[Fault, ...]:
    """Return everything that is wrong with a problem; empty means that it can be solved."""
    return tuple(
        fault
        for find in (
            _matrices,
            _duplicates,
            _stops,
            _order,
            _pairs,
            _sites,
            _trucks,
            _unmatched,
            _familiar,
            _shape,
        )
        for fault in find(problem)
    )


def _matrices(problem: Problem) -> Iterator[Fault]:
    shapes = {name: matrix.shape for name, matrix in matrices(problem).items()}
    for field, shape in shapes.items():
        if len(shape) != 2 or shape[0] != shape[1]:
            cause, remedy = "The matrix is not square.", "Give one row and one column per node."
            yield Fault("matrix-not-square", "problem", cause, remedy, field, str(shape))
    for field in shapes:
        if shapes[field] != shapes["duration_s"]:
            yield Fault(
                code="matrices-differ",
                where="problem",
                field=field,
                value=f"{shapes[field]} against {shapes['duration_s']}",
                cause="Durations and lengths are for different numbers of nodes.",
                remedy="Make all matrices from the same list of nodes.",
            )
    for field, matrix in matrices(problem).items():
        yield from _cells(field, matrix)


def _cells(field: str, matrix: np.ndarray[Any, Any]) -> Iterator[Fault]:
    use_null = "Use UNREACHABLE, in a file null, where no road leads."
    if not np.issubdtype(matrix.dtype, np.integer):
        if not np.isfinite(matrix).all():
            cause, remedy = "A cell is not a number.", use_null
            yield Fault("matrix-not-a-number", "problem", cause, remedy, field, str(matrix.dtype))
        else:
            cause, remedy = "Cells must be whole numbers.", "Round the matrix to int32."
            yield Fault("matrix-not-whole", "problem", cause, remedy, field, str(matrix.dtype))
    if matrix.size and np.nanmin(matrix) < 0:
        cause, remedy = "A cell is negative.", use_null
        yield Fault("matrix-negative", "problem", cause, remedy, field, str(np.nanmin(matrix)))


def _duplicates(problem: Problem) -> Iterator[Fault]:
    ids = {
        "stops": [stop.id for stop in problem.stops],
        "trucks": [truck.id for truck in problem.trucks],
        "sites": [site.id for site in problem.sites],
    }
    for field, given in ids.items():
        for one_id, count in Counter(given).items():
            if count > 1:
                cause, remedy = f"{count} of them have this id.", "Give each an id of its own."
                yield Fault("duplicate-id", "problem", cause, remedy, field, one_id)
            if not one_id:
                cause, remedy = "One has no id.", "Give each an id of its own."
                yield Fault("missing-id", "problem", cause, remedy, field)


def _stops(problem: Problem) -> Iterator[Fault]:
    for stop in problem.stops:
        where = f"stop {stop.id}"
        yield from _numbers(where, stop, "weight_kg", "volume_l", "service_s")
        if stop.skip_price_cents is not None:
            yield from _numbers(where, stop, "skip_price_cents")
        yield from _numbers(where, stop, "weight_sd_kg", "volume_sd_l")
        yield from _numbers(where, stop, *_given(stop, "max_gross_kg", "max_length_cm"))
        yield from _node(problem, where, "node", stop.node)
        if stop.kerb_only and problem.kerb_length_m is None:
            cause = "Nothing says which ways end at its kerb."
            remedy = "Give kerb_length_m, the lengths of ways that do, or leave this out."
            yield Fault("kerb-not-known", where, cause, remedy, "kerb_only", "true")
        yield from _windows(where, stop)


def _order(problem: Problem) -> Iterator[Fault]:
    gear = {stop.id: stop.gear for stop in problem.stops}
    waited_for = {gear.get(ref) for stop in problem.stops for ref in stop.after}
    waiting = {stop.gear for stop in problem.stops if stop.after}
    for stop in problem.stops:
        for ref in stop.after:
            if ref not in gear:
                cause = "The stop that comes first is not there."
                remedy = "Name a stop of the problem, or leave it out."
                yield Fault("after-unknown-stop", f"stop {stop.id}", cause, remedy, "after", ref)
            elif gear[ref] in waiting or stop.gear in waited_for:
                cause = "Stops that wait and stops that are waited for need the same gear."
                remedy = "Let only trucks of one gear wait for trucks of another."
                yield Fault("after-same-gear", f"stop {stop.id}", cause, remedy, "after", ref)


def _pairs(problem: Problem) -> Iterator[Fault]:
    for name, mates in problem.pairs.items():
        if not 1 < len(mates) <= MOST_PAIRED:
            cause = f"A pair has 2 to {MOST_PAIRED} stops; this has {len(mates)}."
            remedy = "Give the same word to all stops that belong together, and to no others."
            yield Fault("pair-size", f"stop {mates[0].id}", cause, remedy, "pair", name)
    for stop in problem.stops:
        first, known = set(stop.after_in_pair), {mate.id: mate for mate in problem.together(stop)}
        for ref in stop.after_in_pair:
            if ref not in known or not stop.pair:
                cause = "The stop that comes first is not of its pair."
                remedy = "Give both the same word as pair, or leave this out."
                where = f"stop {stop.id}"
                yield Fault("after-outside-pair", where, cause, remedy, "after_in_pair", ref)
        while (
            more := {r for ref in first if ref in known for r in known[ref].after_in_pair} - first
        ):
            first |= more
        if stop.id in first:
            cause = "The stop would have to come before itself."
            remedy = "Let the order within the pair go one way."
            yield Fault("pair-circular", f"stop {stop.id}", cause, remedy, "after_in_pair", stop.id)


def _sites(problem: Problem) -> Iterator[Fault]:
    for site in problem.sites:
        where = f"site {site.id}"
        yield from _numbers(where, site, "service_s", *_given(site, "day_weight_kg"))
        yield from _node(problem, where, "node", site.node)
        yield from _too_short(where, "window", (site.window,), site.service_s)
        if not site.fractions:
            cause, remedy = "The site takes no fraction.", "Name what may be emptied there."
            yield Fault("site-without-fraction", where, cause, remedy, "fractions")


def _trucks(problem: Problem) -> Iterator[Fault]:
    for truck in problem.trucks:
        where = f"truck {truck.id}"
        prices = ("cost_per_km_cents", "cost_per_hour_cents", "cost_per_use_cents")
        yield from _numbers(where, truck, *prices)
        for field in ("weight_capacity_kg", "volume_capacity_l"):
            yield from _numbers(where, truck, field, least=1)
        yield from _numbers(where, truck, "gross_kg", "length_cm")
        limits = ("day_weight_kg", "day_volume_l", "day_stops")
        yield from _numbers(where, truck, *_given(truck, *limits))
        yield from _numbers(where, truck, "overfull_pct", least=1)
        if _is_number(truck.overfull_pct) and truck.overfull_pct > EVEN_PCT:
            cause = "Trips would be planned that hold less than is expected of them."
            remedy = f"Give a chance of at most {EVEN_PCT} per cent."
            value = f"{truck.overfull_pct}"
            yield Fault("too-large", where, cause, remedy, "overfull_pct", value)
        if truck.driving_rule is not None:
            yield from _numbers(where, truck.driving_rule, "duration_s", "after_driving_s")
        if truck.profile and truck.profile not in problem.profiles:
            cause = "No matrices of this name are there."
            known = ", ".join(problem.profiles) or "none is given"
            remedy = f"Use one of: {known}; or leave it out for the problem's own."
            yield Fault("unknown-profile", where, cause, remedy, "profile", truck.profile)
        for field in ("start_node", "end_node"):
            yield from _node(problem, where, field, getattr(truck, field))
        if truck.break_rule is not None:
            yield from _numbers(where, truck.break_rule, "duration_s", "after_work_s")
            yield from _break(where, truck)


def _break(where: str, truck: Truck) -> Iterator[Fault]:
    shift_s = truck.shift.end_s - truck.shift.start_s
    rule = truck.break_rule
    if rule is not None and rule.duration_s >= shift_s:
        yield Fault(
            code="break-longer-than-shift",
            where=where,
            field="break_rule",
            value=f"{rule.duration_s} s in a shift of {shift_s} s",
            cause="The break does not fit into the shift.",
            remedy="Give the break in seconds, or a longer shift.",
        )


def _unmatched(problem: Problem) -> Iterator[Fault]:
    carried = {fraction for truck in problem.trucks for fraction in truck.fractions}
    taken = {fraction for site in problem.sites for fraction in site.fractions}
    for fraction in sorted({stop.fraction for stop in problem.stops}):
        if fraction not in carried:
            cause, remedy = "No truck may collect this fraction.", "Add it to a truck."
            yield Fault("no-truck-for-fraction", "problem", cause, remedy, "trucks", fraction)
        if fraction not in taken:
            cause, remedy = "No disposal site takes this fraction.", "Add it to a site."
            yield Fault("no-site-for-fraction", "problem", cause, remedy, "sites", fraction)


def _shape(problem: Problem) -> Iterator[Fault]:
    prices = ("spread_cents_per_km", "long_day_cents_per_hour", "crossing_cents")
    yield from _numbers("shape_prices", problem.shape_prices, *prices)


def _familiar(problem: Problem) -> Iterator[Fault]:
    familiar = problem.familiar
    if familiar is None:
        return
    yield from _numbers("familiar", familiar, "succession_cents", "truck_cents")
    for ref, count in Counter(r for route in familiar.routes for r in route.stop_ids).items():
        if count > 1:
            cause = f"The stop stands {count} times in the known routes."
            remedy = "Let each stop have one known place."
            yield Fault("familiar-stop-twice", "familiar", cause, remedy, "routes", ref)


def _given(thing: object, *fields: str) -> list[str]:
    return [field for field in fields if getattr(thing, field) is not None]


def _numbers(where: str, thing: object, *fields: str, least: int = 0) -> Iterator[Fault]:
    """Find fields that are not whole numbers from `least` up to the limit."""
    wrong: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
        ("not-a-number", "It is not a number.", lambda v: not _is_number(v)),
        ("not-whole", "It is not a whole number.", lambda v: v != int(v)),
        ("too-small", f"It must be at least {least}.", lambda v: v < least),
        ("too-large", f"It must be below {LIMIT}.", lambda v: v >= LIMIT),
    )
    for field in fields:
        value = getattr(thing, field)
        for code, cause, holds in wrong:
            if holds(value):
                remedy = "Correct the value in the unit that the field's name states."
                yield Fault(code, where, cause, remedy, field, str(value))
                break


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    return math.isfinite(value)


def _node(problem: Problem, where: str, field: str, node: int) -> Iterator[Fault]:
    nodes = problem.duration_s.shape[0] if problem.duration_s.ndim else 0
    if not (_is_number(node) and node == int(node) and 0 <= node < nodes):
        cause = f"The matrix has nodes 0 to {nodes - 1} only." if nodes else "The matrix is empty."
        yield Fault(
            "node-out-of-matrix", where, cause, "Name a row of the matrix.", field, f"{node}"
        )


def _windows(where: str, stop: Stop) -> Iterator[Fault]:
    ordered = sorted(stop.windows, key=lambda window: window.start_s)
    for one, other in pairwise(ordered):
        if other.start_s <= one.end_s:
            value = f"{one.start_s}-{one.end_s} and {other.start_s}-{other.end_s}"
            cause, remedy = "Two windows overlap.", "Join them, or set them apart."
            yield Fault("windows-overlap", where, cause, remedy, "windows", value)
    yield from _too_short(where, "windows", stop.windows, stop.service_s)


def _too_short(
    where: str, field: str, windows: Iterable[Window], service_s: int
) -> Iterator[Fault]:
    for window in windows:
        if _is_number(service_s) and window.end_s - window.start_s < service_s <= 2 * DAY_S:
            value = f"{window.start_s}-{window.end_s}"
            cause = f"The window is shorter than the service of {service_s} s."
            yield Fault("window-too-short", where, cause, "Lengthen the window.", field, value)
