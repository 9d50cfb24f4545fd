"""The verb that takes in what a crew tapped: into the journal, and from there into the ledger.

A device sends its taps again until it hears that they are kept, so everything here may happen
twice: evidence has an id made from the tap's key, and goes in before the tap does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from city.cases import CaseVisit
from city.container import Container, ContainerKind
from city.errors import Fault, NotFound
from city.evidence import Evidence
from city.plan import DayPlan, VisitKind
from city.set_aside import SetAside
from city.store import Store, cases, containers, imports, ledger, municipalities, plans, taps
from city.tap import (
    SOURCE,
    Remark,
    Tap,
    TapKind,
    evidence_of,
    other_truck,
    visits_of,
)
from operations.merge_evidence import sweep_of
from operations.publish_plan import published_plan

AT_STOPS = (TapKind.EMPTIED, TapKind.EXCEPTION)


@dataclass(frozen=True)
class Recorded:
    """What became of one tap.

    Parameters
    ----------
    is_new : false where it was kept before.
    other : the other truck's tap, where that is what the remark is about.
    """

    tap: Tap
    is_new: bool
    other: Tap | None = None


def record_taps(
    store: Store, by: str, sent_at: datetime, sent: Iterable[Tap]
) -> tuple[Recorded, ...]:
    """Keep taps in the order in which they were made; each is kept once, however often it is sent.

    Parameters
    ----------
    by : the name of who sends them.
    sent_at : on the clock of the device, which also dated the taps.
    """
    now = municipalities.get(store).now()
    every = tuple(sent)
    known = taps.find(store, (tap.key for tap in every))
    desk = _Desk(store, now)
    recorded = []
    for tap in every:
        if tap.key in known:
            before = known[tap.key]
            recorded.append(Recorded(before, is_new=False, other=desk.other(before)))
            continue
        found = desk.keep(replace(tap.dated(sent_at, now), by=by[:200]))
        known[tap.key] = found.tap
        recorded.append(found)
    return tuple(recorded)


class _Desk:
    """Where the taps of one batch are looked up; each plan and case is read once."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now
        self._plans: dict[str, DayPlan | None] = {}

    def keep(self, tap: Tap) -> Recorded:
        """Tell ledger, cases and journal of a tap."""
        plan = self._plan(tap.plan_id)
        zone = municipalities.get(self._store).zone
        tap = replace(tap, day=plan.day if plan else tap.at.astimezone(zone).date())
        place = self._place(tap, plan)
        other = self.other(tap)
        tap = replace(tap, remark=self._remark(tap, place, other))
        if place is not None:
            ledger.add(self._store, self._evidence(tap, place))
            cases.add_visits(self._store, self._visits(tap, place))
        elif tap.remark is Remark.UNKNOWN_STOP:
            imports.put_aside(self._store, [_aside(tap)], self._now)
        taps.add(self._store, [tap])
        return Recorded(tap, is_new=True, other=other)

    def other(self, tap: Tap) -> Tap | None:
        """Return another truck's emptying of the same stop."""
        return other_truck(tap, taps.of_day(self._store, tap.day))

    def _plan(self, plan_id: str) -> DayPlan | None:
        if plan_id not in self._plans:
            try:
                self._plans[plan_id] = plans.get(self._store, plan_id)
            except NotFound:
                self._plans[plan_id] = None
        return self._plans[plan_id]

    def _place(self, tap: Tap, plan: DayPlan | None) -> Container | None:
        if tap.kind not in AT_STOPS:
            return None
        loose: Mapping[str, Container] = {p.id: p for p in plan.loose_waste} if plan else {}
        if tap.ref in loose:
            return loose[tap.ref]
        try:
            return containers.get(self._store, tap.ref)
        except NotFound:
            return None

    def _remark(self, tap: Tap, place: Container | None, other: Tap | None) -> Remark | None:
        if tap.kind is TapKind.UNDO:
            known = taps.find(self._store, [tap.undoes or ""])
            return None if known else Remark.NOTHING_TO_UNDO
        if tap.kind not in AT_STOPS:
            return None
        if place is None:
            return Remark.UNKNOWN_STOP
        if other is not None:
            return Remark.ALSO_EMPTIED
        current = published_plan(self._store, tap.day)
        if current is not None and current.id != tap.plan_id and not _serves(current, tap):
            return Remark.PLAN_CHANGED
        return None

    def _evidence(self, tap: Tap, place: Container) -> Iterable[Evidence]:
        return () if place.kind is ContainerKind.LOOSE else evidence_of(tap, place)

    def _visits(self, tap: Tap, place: Container) -> Iterable[CaseVisit]:
        if place.kind is not ContainerKind.LOOSE:
            return ()
        case = sweep_of(self._store, self._now, tap.ref)
        beside: Sequence[str] = case.container_ids if case else ()
        return visits_of(tap, place, beside)


def _serves(plan: DayPlan, tap: Tap) -> bool:
    """Return whether a plan has the stop on the route of the truck that tapped it."""
    return any(
        visit.ref == tap.ref and visit.kind is VisitKind.STOP
        for route in plan.plan.routes
        if route.vehicle_id == tap.vehicle_id
        for visit in route.visits
    )


def _aside(tap: Tap) -> SetAside:
    raw = {
        "key": tap.key, "kind": tap.kind, "ref": tap.ref, "at": tap.at.isoformat(),
        "vehicleId": tap.vehicle_id, "planId": tap.plan_id, "fill": tap.fill,
        "weightKg": tap.weight_kg, "exception": tap.exception,
    }  # fmt: skip
    fault = Fault(
        code="tap-unknown-stop",
        where=tap.raw_ref,
        field="ref",
        value=tap.ref,
        cause="Neither the registry nor the plan knows this stop.",
        remedy="Add the container to the registry, or tell the crew its right number.",
    )
    return SetAside(SOURCE, raw, (fault,))
