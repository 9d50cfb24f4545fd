"""Verb: list what a map shows of a city, kept ready while nothing has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from city.cases import Case
from city.evidence import Evidence, EvidenceKind
from city.place import Bounds
from city.plan import VisitKind
from city.store import Store, cases, ledger, municipalities, plan_list
from city.store.plan_list import PlanEntry
from operations.merge_evidence import read_cases
from operations.route_lines import RouteLines
from operations.show_plan import ShownRoute, show_plan

SIGHTED = (EvidenceKind.PHOTO, EvidenceKind.SIDE_WASTE)
MERGED_ANEW_AFTER = timedelta(minutes=1)
PLANS_KEPT = 8

EVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """Which features, of all that there are.

    Parameters
    ----------
    during : from and until; a feature that lasts is meant where the two overlap.
    """

    limit: int
    offset: int = 0
    within: Bounds | None = None
    during: tuple[datetime, datetime] = EVER


@dataclass(frozen=True)
class PlannedRoute:
    """One route, and the plan that it is of."""

    plan: PlanEntry
    shown: ShownRoute

    @property
    def id(self) -> str:
        """Names it among the routes of all plans."""
        return f"{self.plan.id}:{self.shown.route.vehicle_id}"


def list_sightings(store: Store, wanted: Wanted) -> tuple[Evidence, ...]:
    """Return what was seen in photos, the newest first."""
    return ledger.seen(store, SIGHTED, wanted.during, wanted.within, wanted.limit, wanted.offset)


class FeatureDesk:
    """Lists cases and routes, which take long to make and seldom change."""

    def __init__(self, lines: RouteLines) -> None:
        self._lines = lines
        self._cases: dict[str, tuple[tuple[int, ...], datetime, tuple[Case, ...]]] = {}
        self._routes: OrderedDict[tuple[str, str], tuple[ShownRoute, ...]] = OrderedDict()
        self._merging, self._drawing = threading.Lock(), threading.Lock()

    def cases(self, store: Store, wanted: Wanted) -> tuple[Case, ...]:
        """Return the cases of the last thirty days, those last heard of first."""
        since, until = wanted.during
        found = [
            case
            for case in self.every_case(store)
            if case.first_seen_at <= until
            and (case.closed_at or until) >= since
            and (wanted.within is None or wanted.within.contains(case.position))
        ]
        return tuple(found[wanted.offset : wanted.offset + wanted.limit])

    def every_case(self, store: Store) -> tuple[Case, ...]:
        """Return all of them; merged anew when the ledger has grown, or a minute has passed."""
        mark, now = cases.mark(store), datetime.now(UTC)
        with self._merging:
            known = self._cases.get(store.municipality_id)
            if known is None or known[0] != mark:
                return self._merged(store, mark)
            if now - known[1] < MERGED_ANEW_AFTER:
                return known[2]
            # One reader merges anew; the others are not kept waiting for what is a minute old.
            self._cases[store.municipality_id] = mark, now, known[2]
        return self._merged(store, mark)

    def _merged(self, store: Store, mark: tuple[int, ...]) -> tuple[Case, ...]:
        merged = read_cases(store, municipalities.get(store).now())
        found = sorted(merged.cases, key=lambda c: (c.last_seen_at, c.id), reverse=True)
        self._cases[store.municipality_id] = mark, datetime.now(UTC), tuple(found)
        return tuple(found)

    def routes(self, store: Store, wanted: Wanted) -> tuple[PlannedRoute, ...]:
        """Return the routes of the newest plan of each day, the latest day first."""
        zone = municipalities.get(store).zone
        days = (moment.astimezone(zone).date() for moment in wanted.during)
        found: list[PlannedRoute] = []
        left_out = 0
        for route in self._of_plans(store, plan_list.newest_by_day(store, *days)):
            if wanted.within is not None and not _is_within(route.shown, wanted.within):
                continue
            if left_out < wanted.offset:
                left_out += 1
                continue
            found.append(route)
            if len(found) == wanted.limit:
                break
        return tuple(found)

    def _of_plans(self, store: Store, plans: tuple[PlanEntry, ...]) -> Iterator[PlannedRoute]:
        for plan in plans:
            for shown in self.routes_of(store, plan.id):
                yield PlannedRoute(plan, shown)

    def routes_of(self, store: Store, plan_id: str) -> tuple[ShownRoute, ...]:
        """Return the routes of a plan; a plan never changes.

        Raises
        ------
        NotFound
            No such plan is kept.
        """
        key = store.municipality_id, plan_id
        with self._drawing:
            if key not in self._routes:
                self._routes[key] = show_plan(store, self._lines, plan_id).routes
                if len(self._routes) > PLANS_KEPT:
                    self._routes.popitem(last=False)
            self._routes.move_to_end(key)
            return self._routes[key]


def _is_within(shown: ShownRoute, box: Bounds) -> bool:
    """Return whether a route stops in a box."""
    places = (v.container for v in shown.visits if v.visit.kind is VisitKind.STOP)
    return any(place and box.contains(place.position) for place in places)
