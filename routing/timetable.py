"""When a truck is where on its tour, and where its break lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from city.fleet import DAY_S, BreakRule, Window
from city.plan import Route, Visit, VisitKind
from routing.load import within_day
from routing.pairs import whole
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.tour import Place, Tour, joined, nodes_of, stops_of, tour_units, work_limit_s, work_s

BESIDE_DISPOSAL_S = 30 * 60
"""So much further from the middle of the day is a break still preferred at a disposal site."""


@dataclass(frozen=True)
class _Drive:
    """A tour with its fixed figures at hand."""

    truck: Truck
    tour: tuple[Place, ...]
    drive_s: list[int]
    length_m: list[int]

    @property
    def waits(self) -> bool:
        """Whether the hour matters anywhere on it."""
        shift = self.truck.shift
        return any(
            bool(place.windows)
            if isinstance(place, Stop)
            else place.window.start_s > shift.start_s or place.window.end_s < shift.end_s
            for place in self.tour
        )


@dataclass(frozen=True)
class _Pause:
    """A break that a tour needs: how long, when it may begin, and how far into each leg.

    A leg without an entry in `within_s` has no point at which the break helps.
    """

    duration_s: int
    opens_s: int
    closes_s: int
    after_start_s: int
    within_s: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class _Run:
    """One way to drive it: per place (the end included) arrival, begin of service, departure."""

    start_s: int
    times: list[tuple[int, int, int]]
    pause_leg: int | None = None
    pause_s: int = 0
    pause_lasts_s: int = 0

    @property
    def end_s(self) -> int:
        return self.times[-1][0]

    @property
    def waiting_s(self) -> int:
        return sum(begin_s - arrival_s for arrival_s, begin_s, _ in self.times)


def timetable(problem: Problem, truck: Truck, tour: Sequence[Place]) -> Route | None:
    """Return a tour with its times and its break, or None where the day does not hold it.

    Among the possible places for the break, those that cost no time come first, then those near
    the middle of the work, best of all at a disposal site.
    """
    drive = _drive(problem, truck, tour)
    run = _best_run(drive)
    return None if run is None else _route(drive, run)


def paid_units(problem: Problem, truck: Truck, tour: Tour) -> int | None:
    """Return what a tour really costs, waiting counted, in units; None where it cannot be done."""
    if not tour:
        return 0
    if not drivable(problem, truck, tour):
        return None
    run = _best_run(_drive(problem, truck, tour))
    if run is None:
        return None
    waited_s = run.end_s - run.start_s - run.pause_lasts_s - work_s(problem, truck, tour)
    return tour_units(problem, truck, tour) + waited_s * truck.cost_per_hour_cents


def laid_out(problem: Problem, truck: Truck, tour: Sequence[Place]) -> Route:
    """Return a tour with its times even where the day does not hold it: the checker says why.

    Closed windows are then not waited for, and the break lies on the last leg before it is due.
    """
    drive = _drive(problem, truck, tour)
    run = _best_run(drive) or _forced(drive)
    return _route(drive, run)


def _forced(drive: _Drive) -> _Run:
    shift = drive.truck.shift
    plain = _run(drive, shift.start_s, None, forced=True)
    assert plain is not None
    pause = _pause(drive, plain)
    if pause is None:
        return plain
    lefts = [plain.start_s, *(departure_s for _, _, departure_s in plain.times[:-1])]
    due_s = min(plain.start_s + pause.after_start_s, pause.closes_s)
    leg = max((leg for leg, left_s in enumerate(lefts) if left_s <= due_s), default=0)
    return _run(drive, shift.start_s, leg, pause, forced=True) or plain


def _drive(problem: Problem, truck: Truck, tour: Sequence[Place]) -> _Drive:
    nodes = nodes_of(truck, tour)
    legs, ways = list(pairwise(nodes)), problem.ways(truck)
    return _Drive(
        truck,
        tuple(tour),
        [int(ways.duration_s[leg]) for leg in legs],
        [int(ways.length_m[leg]) for leg in legs],
    )


def paid_s(problem: Problem, truck: Truck, tour: Sequence[Place]) -> int | None:
    """Return how long a tour keeps its crew at work, waiting counted and the break left out.

    None where the day does not hold it. The break is laid where it first fits, so that a
    timetable may keep the crew for less.
    """
    drive = _drive(problem, truck, tour)
    run = _best_run(drive, thorough=False)
    if run is None:
        return None
    return run.end_s - run.start_s - run.pause_lasts_s


def drivable(problem: Problem, truck: Truck, tour: Tour) -> bool:
    """Tell whether roads, hours and the limits of a day allow a tour."""
    if not within_day(truck, stops_of(tour)) or not whole(problem, tour):
        return False
    if not joined(problem, truck, nodes_of(truck, tour)):
        return False
    if work_s(problem, truck, tour) > work_limit_s(truck):
        return False
    return paid_s(problem, truck, tour) is not None


def _best_run(drive: _Drive, thorough: bool = True) -> _Run | None:
    shift = drive.truck.shift
    plain = _run(drive, shift.start_s, None)
    if plain is None:
        return None
    plain = _later(drive, plain, None)
    pause = _pause(drive, plain)
    if pause is None:
        return plain
    if not drive.waits and plain.end_s - plain.start_s > work_limit_s(drive.truck):
        return None
    legs = [leg for leg in _pause_legs(drive, plain) if leg in pause.within_s]
    every = drive.waits and thorough
    found = _paused(drive, pause, dict.fromkeys(legs, shift.start_s), every)
    if not found:
        # Lunch may open only when too much has been driven: then the day begins later.
        late_s = {leg: _late_start_s(plain, pause, leg) for leg in legs}
        found = _paused(drive, pause, late_s, every)
    # min keeps the first of equals, and legs come best first.
    return min(found, key=lambda run: run.end_s - run.start_s, default=None)


def _paused(drive: _Drive, pause: _Pause, starts_s: dict[int, int], every: bool) -> list[_Run]:
    """Return the day with its break on each leg that holds it, or on the first that does."""
    found: list[_Run] = []
    for leg, start_s in starts_s.items():
        run = _run(drive, start_s, leg, pause)
        if run is not None:
            found.append(_later(drive, run, pause))
            if not every:
                break
    return found


def _late_start_s(plain: _Run, pause: _Pause, leg: int) -> int:
    """Return a start from which a break may begin on a leg as soon as it opens."""
    left_s = plain.times[leg - 1][2] if leg else plain.start_s
    return max(plain.start_s, plain.start_s + pause.opens_s - pause.within_s[leg][1] - left_s)


def _pause(drive: _Drive, plain: _Run) -> _Pause | None:
    """Return the one break that work or driving asks for, or None where neither does.

    A day that needs two breaks from driving is not planned: its driving is over the nine hours
    that the same regulation allows.
    """
    rule, driving = drive.truck.break_rule, drive.truck.driving_rule
    driven = [0, *accumulate(drive.drive_s)]
    tired = driving is not None and driven[-1] > driving.after_driving_s
    pause_s = driving.duration_s if driving is not None and tired else 0
    if rule is None or not (due := rule.due(plain.start_s, plain.end_s + pause_s)):
        due, rule = False, BreakRule(0, 2 * DAY_S)
    if not (tired or due):
        return None
    begins = rule.begins or Window(0, 2 * DAY_S)
    most_s = driving.after_driving_s if driving is not None and tired else driven[-1]
    within_s = {
        leg: (earliest_s, latest_s)
        for leg, drive_s in enumerate(drive.drive_s)
        if (earliest_s := max(0, driven[-1] - most_s - driven[leg]))
        <= (latest_s := min(drive_s, most_s - driven[leg]))
    }
    after_start_s = 2 * DAY_S if rule.begins is not None else rule.after_work_s
    duration_s = max(pause_s, rule.duration_s)
    return _Pause(duration_s, begins.start_s, begins.end_s, after_start_s, within_s)


def _pause_legs(drive: _Drive, plain: _Run) -> list[int]:
    """Return the legs in the order in which a crew would like its break there."""
    lefts = [plain.start_s, *(departure_s for _, _, departure_s in plain.times[:-1])]
    middle_s = (plain.start_s + plain.end_s) // 2

    def dislike(leg: int) -> int:
        after_site = leg > 0 and isinstance(drive.tour[leg - 1], DisposalSite)
        at_an_end = leg in (0, len(lefts) - 1)
        return abs(lefts[leg] - middle_s) - BESIDE_DISPOSAL_S * after_site + 7200 * at_an_end

    return sorted(range(len(lefts)), key=dislike)


def _run(
    drive: _Drive,
    start_s: int,
    pause_leg: int | None,
    pause: _Pause | None = None,
    *,
    forced: bool = False,
) -> _Run | None:
    """Drive the tour from a start, with the break on a leg; None where it cannot be done.

    Parameters
    ----------
    forced : drive it all the same.
    """
    left_s, pause_s, times = start_s, 0, []
    for leg, drive_s in enumerate(drive.drive_s):
        arrival_s = left_s + drive_s
        if leg == pause_leg and pause is not None:
            # On the way, not before: a lunch hour may strike while the truck drives.
            earliest_s, latest_s = pause.within_s.get(leg, (0, drive_s))
            pause_s = max(left_s + earliest_s, pause.opens_s)
            latest_s = min(left_s + latest_s, pause.closes_s, start_s + pause.after_start_s)
            if pause_s > latest_s and not forced:
                return None
            pause_s = min(pause_s, arrival_s)
            arrival_s += pause.duration_s
        if leg == len(drive.tour):
            times.append((arrival_s, arrival_s, arrival_s))
            break
        place = drive.tour[leg]
        begin_s = _begin_s(place, arrival_s)
        if begin_s is None and not forced:
            return None
        begin_s = arrival_s if begin_s is None else begin_s
        left_s = begin_s + place.service_s
        times.append((arrival_s, begin_s, left_s))
    if times[-1][0] > drive.truck.shift.end_s and not forced:
        return None
    lasts_s = 0 if pause is None or pause_leg is None else pause.duration_s
    return _Run(start_s, times, pause_leg, pause_s, lasts_s)


def _begin_s(place: Place, arrival_s: int) -> int | None:
    windows = place.windows if isinstance(place, Stop) else (place.window,)
    if not windows:
        return arrival_s
    begins = [max(arrival_s, w.start_s) for w in windows if _holds(w, arrival_s, place.service_s)]
    return min(begins, default=None)


def _holds(window: Window, arrival_s: int, service_s: int) -> bool:
    return max(arrival_s, window.start_s) + service_s <= window.end_s


def _later(drive: _Drive, run: _Run, pause: _Pause | None) -> _Run:
    """Leave as late as still brings the truck back at the same time: waiting is paid."""
    if not run.waiting_s:
        return run
    latest_s = run.end_s
    for leg in range(len(drive.tour), 0, -1):
        pause_s = run.pause_lasts_s if leg == run.pause_leg else 0
        place, begin_s = drive.tour[leg - 1], run.times[leg - 1][1]
        latest_s -= drive.drive_s[leg] + pause_s + place.service_s
        latest_s = min(latest_s, _last_begin_s(place, begin_s))
    latest_s -= drive.drive_s[0]
    if run.pause_leg == 0:
        latest_s -= run.pause_lasts_s
    later = _run(drive, latest_s, run.pause_leg, pause) if latest_s > run.start_s else None
    return run if later is None or later.end_s > run.end_s else later


def _last_begin_s(place: Place, begin_s: int) -> int:
    """Return until when service may begin in the window that it begins in now."""
    windows = place.windows if isinstance(place, Stop) else (place.window,)
    ends_s = [w.end_s for w in windows if w.start_s <= begin_s <= w.end_s - place.service_s]
    return max(ends_s, default=2 * DAY_S) - place.service_s


def _route(drive: _Drive, run: _Run) -> Route:
    truck = drive.truck
    visits = [Visit(VisitKind.START, truck.start_ref, run.start_s, run.start_s)]
    kg = list(accumulate((_gain(p, "weight_kg") for p in drive.tour), _load, initial=0))
    litres = list(accumulate((_gain(p, "volume_l") for p in drive.tour), _load, initial=0))
    for leg, (arrival_s, _, departure_s) in enumerate(run.times):
        last = leg == len(drive.tour)
        if leg == run.pause_leg:
            until_s = run.pause_s + run.pause_lasts_s
            load = kg[leg], litres[leg]
            visits.append(Visit(VisitKind.BREAK, "", run.pause_s, until_s, 0, 0, *load))
        visits.append(
            Visit(
                kind=VisitKind.END if last else _kind(drive.tour[leg]),
                ref=truck.end_ref if last else drive.tour[leg].id,
                arrival_s=arrival_s,
                departure_s=departure_s,
                drive_s=drive.drive_s[leg],
                length_m=drive.length_m[leg],
                load_kg=kg[min(leg + 1, len(drive.tour))],
                load_l=litres[min(leg + 1, len(drive.tour))],
            )
        )
    return Route(truck.id, tuple(visits))


def _kind(place: Place) -> VisitKind:
    return VisitKind.STOP if isinstance(place, Stop) else VisitKind.DISPOSAL


def _gain(place: Place, field: str) -> int | None:
    return int(getattr(place, field)) if isinstance(place, Stop) else None


def _load(before: int | None, gain: int | None) -> int:
    """Add what a stop brings; a site (None) takes everything."""
    return 0 if gain is None else (before or 0) + gain
