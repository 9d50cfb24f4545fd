"""What a crew records with one tap, made on a device that may be without network for a shift.

Each tap carries a key that the device made, so that one sent twice is stored once. The journal of
taps is only ever added to; an undo is a tap of its own, and holds whether it comes before or after
what it takes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from city.cases import CaseVisit, Matter
from city.container import Container, ContainerKind
from city.errors import BadInput, Fault
from city.evidence import Evidence, EvidenceKind

SOURCE = "driver"
MOST_KG = 40_000
MOST_AGE = timedelta(days=30)
"""A tap that says that it is older is dated so long ago."""


class TapKind(StrEnum):
    """What was done: a container emptied, something reported, the truck emptied, a tap undone."""

    EMPTIED = "emptied"
    EXCEPTION = "exception"
    UNLOADED = "unloaded"
    UNDO = "undo"


class StopException(StrEnum):
    """What may be wrong at a stop, as crews report it; on paper the same, A for the first."""

    BLOCKED = "blocked"
    ROAD_WORKS = "road-works"
    GATE_LOCKED = "gate-locked"
    DAMAGED = "damaged"
    SIDE_WASTE = "side-waste"
    TOO_HEAVY = "too-heavy"
    CONTAMINATED = "contaminated"
    NOT_FOUND = "not-found"
    EMPTY_ON_ARRIVAL = "empty-on-arrival"


ENDS_STOP = frozenset(StopException) - {StopException.SIDE_WASTE}
"""After these a crew drives on; what lies beside a container does not keep it from its work."""


class Remark(StrEnum):
    """What the crew is told of a tap that met something unexpected; the tap is kept all the same.

    ``ALSO_EMPTIED``: another truck emptied it on the same day. Both count; within the hour they are
    one lift.
    ``PLAN_CHANGED``: the stop is on the truck's published route no longer. What was done counts.
    ``UNKNOWN_STOP``: neither registry nor plan knows it. It is set aside, and tells no container.
    ``NOTHING_TO_UNDO``: what it takes back never came. Should it come, it is undone.
    """

    ALSO_EMPTIED = "also-emptied"
    PLAN_CHANGED = "plan-changed"
    UNKNOWN_STOP = "unknown-stop"
    NOTHING_TO_UNDO = "nothing-to-undo"


class StopState(StrEnum):
    """How far a stop is."""

    OPEN = "open"
    EMPTIED = "emptied"
    NOT_EMPTIED = "not-emptied"


@dataclass(frozen=True)
class Tap:
    """One tap.

    Parameters
    ----------
    key : made on the device.
    at : when, on the city's clock; `dated` sets a device's own right.
    ref : the stop's or disposal site's id; of an undo, what it takes back is about.
    by : the name of who was logged in.
    fill : at the lift; 1 is full.
    weight_kg : net, where it was weighed.
    undoes : the key of the tap that is taken back.
    day : that the plan is for.
    """

    key: str
    kind: TapKind
    at: datetime
    vehicle_id: str
    plan_id: str
    ref: str
    fill: float | None = None
    weight_kg: float | None = None
    exception: StopException | None = None
    note: str = ""
    undoes: str | None = None
    by: str = ""
    day: date = date.min
    received_at: datetime | None = None
    remark: Remark | None = None
    photo_id: str | None = None

    def __post_init__(self) -> None:
        if faults := tuple(_faults(self)):
            raise BadInput(faults)

    @property
    def raw_ref(self) -> str:
        """What the ledger calls it."""
        return f"tap:{self.key}"

    def dated(self, sent_at: datetime, now: datetime) -> Tap:
        """Return the tap dated by how long before sending it was made, on the device's own clock.

        So a clock that is wrong, but runs, does no harm, and no tap comes from the future.
        """
        age = min(max(sent_at - self.at, timedelta()), MOST_AGE)
        return replace(self, at=now - age, received_at=now)


def _faults(tap: Tap) -> Iterator[Fault]:
    def fault(field: str, value: object, cause: str) -> Fault:
        remedy = "See the API's description at /v1/openapi.json."
        return Fault("tap", f"tap {tap.key}", cause, remedy, field, str(value)[:100])

    if tap.at.tzinfo is None:
        yield fault("at", tap.at, "A time must say its time zone.")
    if tap.fill is not None and not 0 <= tap.fill <= 1:
        yield fault("fill", tap.fill, "The fill at the lift lies within 0 and 1.")
    if tap.weight_kg is not None and not 0 <= tap.weight_kg <= MOST_KG:
        yield fault("weightKg", tap.weight_kg, f"A weight lies within 0 and {MOST_KG} kg.")
    needed = {TapKind.EXCEPTION: "exception", TapKind.UNDO: "undoes"}.get(tap.kind)
    if needed and getattr(tap, needed) is None:
        yield fault(needed, "", f"A tap of kind '{tap.kind}' needs it.")


def standing(taps: Iterable[Tap]) -> tuple[Tap, ...]:
    """Return the taps that hold: none that were undone, and no undo."""
    every = tuple(taps)
    undone = {tap.undoes for tap in every}
    return tuple(t for t in every if t.kind is not TapKind.UNDO and t.key not in undone)


def states(taps: Iterable[Tap]) -> dict[str, StopState]:
    """Return how far each stop is that was tapped, whatever the order of the taps.

    Emptied outweighs every reason not to: who could not get in at eight came back at ten.
    """
    found: dict[str, StopState] = {}
    for tap in standing(taps):
        if tap.kind is TapKind.EMPTIED:
            found[tap.ref] = StopState.EMPTIED
        elif tap.exception in ENDS_STOP:
            found.setdefault(tap.ref, StopState.NOT_EMPTIED)
    return found


def evidence_of(tap: Tap, container: Container) -> Iterator[Evidence]:
    """Yield what a tap says of a container's fill and of what lies beside it.

    A weight is heard a second before the eye: of one lift the first to speak counts. A container
    that is empty on arrival was measured, too. All other exceptions say nothing of fill.
    """

    def said(kind: EvidenceKind, value: float, before_s: int = 0) -> Evidence:
        return Evidence(
            kind=kind,
            value=value,
            seen_at=tap.at - timedelta(seconds=before_s),
            received_at=tap.received_at or tap.at,
            source=SOURCE,
            raw_ref=tap.raw_ref,
            position=container.position,
            uncertainty_m=0.0,
            container_id=container.id,
            fraction=container.fraction,
        )

    if tap.kind is TapKind.EMPTIED:
        if tap.weight_kg is not None:
            yield said(EvidenceKind.EMPTYING, tap.weight_kg, before_s=1)
        if tap.fill is not None:
            yield said(EvidenceKind.DRIVER_TAP, tap.fill)
        if tap.weight_kg is None and tap.fill is None:
            yield said(EvidenceKind.EMPTIED, 1.0)
    elif tap.exception is StopException.SIDE_WASTE:
        yield said(EvidenceKind.SIDE_WASTE, 1.0)
    elif tap.exception is StopException.EMPTY_ON_ARRIVAL:
        yield said(EvidenceKind.DRIVER_TAP, 0.0)


NOTHING_THERE = frozenset({StopException.NOT_FOUND, StopException.EMPTY_ON_ARRIVAL})


def visits_of(tap: Tap, place: Container, container_ids: Sequence[str]) -> Iterator[CaseVisit]:
    """Yield the visit that a tap is at a place with loose waste, whether or not any was there."""
    if place.kind is not ContainerKind.LOOSE:
        return
    found = tap.kind is TapKind.EMPTIED
    if found or tap.exception in NOTHING_THERE:
        yield CaseVisit(
            matter=Matter.LOOSE_WASTE,
            at=tap.at,
            position=place.position,
            by=SOURCE,
            raw_ref=tap.raw_ref,
            container_ids=tuple(container_ids),
            found=found,
        )


def other_truck(tap: Tap, taps: Iterable[Tap]) -> Tap | None:
    """Return the tap with which another truck emptied the same stop on the same day, if any did."""
    if tap.kind is not TapKind.EMPTIED:
        return None
    of_ref: Mapping[str, Tap] = {
        t.vehicle_id: t
        for t in standing(taps)
        if t.kind is TapKind.EMPTIED and (t.ref, t.day) == (tap.ref, tap.day)
    }
    return next((t for vehicle, t in of_ref.items() if vehicle != tap.vehicle_id), None)
