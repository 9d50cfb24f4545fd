"""What is planned for a day: routes, what was left out, and why.

A `Plan` is what any solver gives back and any checker reads. A `DayPlan` is a plan with the
choices that led to it, as the store keeps it and the sheets show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from city.container import Container


class VisitKind(StrEnum):
    """What a truck does at one line of its route."""

    START = "start"
    STOP = "stop"
    DISPOSAL = "disposal"
    BREAK = "break"
    END = "end"


@dataclass(frozen=True)
class Visit:
    """One line of a route.

    Parameters
    ----------
    ref : the stop's, site's or depot's id; empty for a break.
    arrival_s : when the truck is there; for a break, when it begins.
    departure_s : when service (after any waiting) is done and it may leave.
    drive_s, length_m : from the visit before; a break has none and lies on the leg to the
        next visit, whose arrival is later by the break.
    load_kg, load_l : on the truck when it leaves.
    """

    kind: VisitKind
    ref: str
    arrival_s: int
    departure_s: int
    drive_s: int = 0
    length_m: int = 0
    load_kg: int = 0
    load_l: int = 0


@dataclass(frozen=True)
class Route:
    """One truck's day, from its depot back to it."""

    vehicle_id: str
    visits: tuple[Visit, ...]

    @property
    def stop_ids(self) -> tuple[str, ...]:
        """The stops in order."""
        return tuple(v.ref for v in self.visits if v.kind is VisitKind.STOP)

    @property
    def length_m(self) -> int:
        """The length of the whole route."""
        return sum(visit.length_m for visit in self.visits)

    @property
    def duration_s(self) -> int:
        """From leaving the depot to being back, breaks and waiting included."""
        return self.visits[-1].arrival_s - self.visits[0].departure_s


class UnservedCode(StrEnum):
    """Why a stop is in no route."""

    CHEAPER_TO_SKIP = "cheaper-to-skip"
    NO_SUITABLE_TRUCK = "no-suitable-truck"
    NO_DISPOSAL_SITE = "no-disposal-site"
    TOO_HEAVY = "too-heavy"
    UNREACHABLE = "unreachable"
    NO_ROOM = "no-room"
    WITH_ITS_PAIR = "with-its-pair"
    BY_HAND = "by-hand"


@dataclass(frozen=True)
class Unserved:
    """A stop that no route serves, and the coded reason."""

    stop_id: str
    code: UnservedCode
    detail: str = ""


@dataclass(frozen=True)
class Plan:
    """Routes, and the stops that no route serves; every stop is in exactly one of the two."""

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]


FALLBACK = "Known rounds as a fallback"
"""How the engine of a plan begins that no solver made."""


class Verdict(StrEnum):
    """What is decided about a container for one day."""

    MUST = "must"
    CHOSEN = "chosen"
    SKIP = "skip"
    CARRIED = "carried"


class ReasonCode(StrEnum):
    """Why a container is, or is not, on a truck's list; worded in `city.wording`."""

    OVERFLOW_CERTAIN = "overflow-certain"
    OVERFLOW_SEEN = "overflow-seen"
    CARRIED_OVER = "carried-over"
    TOO_LONG_AGO = "too-long-ago"
    FIXED_SCHEDULE = "fixed-schedule"
    WORTH_THE_DETOUR = "worth-the-detour"
    RISK_IS_SMALL = "risk-is-small"
    NOT_WORTH_THE_DETOUR = "not-worth-the-detour"
    COULD_NOT_SERVE = "could-not-serve"
    LOOSE_WASTE = "loose-waste"
    BY_HAND = "by-hand"


@dataclass(frozen=True)
class Choice:
    """The decision about one container for one day, with the figures behind it.

    Parameters
    ----------
    fill : expected at the visit; 1 is full.
    fill_low, fill_high : the span that holds the fill with 80 % probability.
    p_overflow : probability that it overflows before the next chance to empty it.
    evidence_ids : the ledger's records that spoke of it since it was last emptied.
    photo_id : the newest photo that shows it, if any.
    loose_waste : it is about what lies beside containers: fill and overflow say nothing of it, and
        the days are since it was first seen.
    """

    container_id: str
    verdict: Verdict
    reason: ReasonCode
    fill: float
    fill_low: float
    fill_high: float
    p_overflow: float
    weight_kg: int
    volume_l: int
    skip_price_cents: int
    days_since_emptied: float | None = None
    unserved: UnservedCode | None = None
    evidence_ids: tuple[str, ...] = ()
    photo_id: str | None = None
    loose_waste: bool = False


@dataclass(frozen=True)
class DayPlan:
    """A checked plan for one day of one municipality, with the choice about each container.

    Parameters
    ----------
    day : the day that it is for.
    made_at : when it was made, with time zone.
    engine : the solver and its version.
    loose_waste : stops that are no containers of the registry.
    """

    id: str
    municipality: str
    day: date
    made_at: datetime
    engine: str
    plan: Plan
    choices: tuple[Choice, ...]
    loose_waste: tuple[Container, ...] = ()

    @property
    def length_m(self) -> int:
        """The length of all routes."""
        return sum(route.length_m for route in self.plan.routes)

    @property
    def is_fallback(self) -> bool:
        """Whether the solver failed, and the known rounds are driven instead."""
        return self.engine.startswith(FALLBACK)

    def choice_of(self, container_id: str) -> Choice:
        """Return the choice about one container."""
        return next(c for c in self.choices if c.container_id == container_id)
