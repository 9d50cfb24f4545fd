"""The verb that scores shadow mode: plans beside the standing rounds, and a rule agreed before.

Nobody drives the plans. So what they would have spared cannot be measured, and is not claimed; what
can be is whether they foresaw what the standing rounds found, whether they would have come in time
where a sign says that a container was full, and how much they would have driven.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from city.errors import BadInput, Fault
from city.evidence import EMPTIES, Evidence
from city.fairness import is_sign
from city.plan import DayPlan
from city.store import Store, containers, ledger, municipalities, plans
from operations.hold_expectations import Held, hold


@dataclass(frozen=True)
class Agreement:
    """What was agreed before the period: when to stop, whatever anyone hopes.

    Parameters
    ----------
    first, last : the period, both days included.
    least_days : with plans, before anything is concluded.
    in_time_days : a full container's plan may come so long after the first sign.
    most_late_share : of the signs, that no plan answered in that time.
    most_fill_error : mean absolute error of the fill that was expected of what was emptied.
    standing_km_a_day : of the standing rounds, as driven; 0 where it is not known.
    most_km_ratio : of the plans' kilometres over those.
    """

    first: date
    last: date
    least_days: int = 20
    in_time_days: int = 2
    most_late_share: float = 0.10
    most_fill_error: float = 0.20
    standing_km_a_day: float = 0.0
    most_km_ratio: float = 1.0

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput(_fault("period-order", "last", "The period ends before it begins."))


class Subject(StrEnum):
    """What terms are about."""

    DAYS = "days"
    FILL = "fill"
    LATE = "late"
    KM = "km"


@dataclass(frozen=True)
class Term:
    """One thing that was agreed, and what came of it; None while nothing can be told."""

    subject: Subject
    agreed: float
    found: float | None

    @property
    def is_kept(self) -> bool:
        """Whether it is; of what cannot be told yet it is not known otherwise."""
        if self.found is None:
            return True
        least = self.subject is Subject.DAYS
        return self.found >= self.agreed if least else self.found <= self.agreed


REASONS = {
    Subject.DAYS: "{found:.0f} days have a plan; at least {agreed:.0f} were agreed",
    Subject.FILL: "fill is off by {found:.2f} on average; {agreed:.2f} was agreed",
    Subject.LATE: "{found:.0%} of signs answered late; {agreed:.0%} was agreed",
    Subject.KM: "plans drive {found:.1f} km a day; at most {agreed:.1f} was agreed",
}


@dataclass(frozen=True)
class Shadow:
    """What a period of shadow mode came to.

    Parameters
    ----------
    days : of the period that have a plan.
    planned, emptied : containers on the plans' routes, and emptied by the standing rounds.
    fill_error : mean absolute error, over what was emptied on days with a plan; None without any.
    signs, late : signs that a container was full, and those that no plan answered in time.
    terms : what was agreed, each with what came of it.
    held : what was emptied on days with a plan, beside what was expected of it.
    """

    days: int
    planned: int
    emptied: int
    planned_km_a_day: float
    fill_error: float | None
    signs: int
    late: int
    terms: tuple[Term, ...]
    held: tuple[Held, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the rule says stop; empty means go on."""
        return tuple(
            REASONS[term.subject].format(**vars(term)) for term in self.terms if not term.is_kept
        )


def read_agreement(path: Path) -> Agreement:
    """Return what a TOML file says was agreed.

    Raises
    ------
    BadInput
        The file is not there, is no TOML, or says something else.
    """
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(_fault("no-such-file", path.name, "There is no such file.")) from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_fault("agreement", path.name, f"It is no TOML: {error}.")) from None
    known = {field.name for field in fields(Agreement)}
    wrong = [name for name in said if name not in known]
    wrong += [name for name in ("first", "last") if not isinstance(said.get(name), date)]
    figures = known - {"first", "last"}
    wrong += [n for n, value in said.items() if n in figures and not isinstance(value, int | float)]
    if wrong:
        raise BadInput(
            _fault(
                "agreement", name, f"It must be one of {', '.join(sorted(known))}, days or numbers."
            )
            for name in wrong
        )
    return Agreement(**said)


@dataclass(frozen=True)
class Agreed:
    """A municipality's agreement with what came of it, or what is wrong with its file."""

    agreement: Agreement | None
    terms: tuple[Term, ...] = ()
    faults: tuple[Fault, ...] = ()


def score_agreed(store: Store, path: Path) -> Agreed | None:
    """Return what came of the agreement in a file; None where nothing was agreed."""
    if not path.is_file():
        return None
    try:
        agreement = read_agreement(path)
    except BadInput as error:
        return Agreed(None, faults=error.faults)
    return Agreed(agreement, score_shadow(store, agreement).terms)


def score_shadow(store: Store, agreed: Agreement) -> Shadow:
    """Return what the store knows of a period, and what the rule says of it."""
    zone = municipalities.get(store).zone
    start = datetime.combine(agreed.first, time(), zone)
    end = datetime.combine(agreed.last + timedelta(days=1), time(), zone)
    records = [r for r in ledger.since(store, start, end) if r.seen_at < end]
    by_day = _plans(store, agreed, zone)
    emptied = [
        r for r in records if r.kind in EMPTIES and r.seen_at.astimezone(zone).date() in by_day
    ]
    served = {day: _served(plan) for day, plan in by_day.items()}
    held = hold(emptied, by_day, {c.id: c for c in containers.every(store)}, zone)
    signs = list(_signs(records, agreed, zone))
    late = sum(not _in_time(name, day, served, agreed) for name, day in signs)
    days = len(by_day)
    km = sum(plan.length_m for plan in by_day.values()) / 1000 / max(1, days)
    error = sum(each.error for each in held) / len(held) if held else None
    return Shadow(
        days=days,
        planned=sum(map(len, served.values())),
        emptied=len(emptied),
        planned_km_a_day=round(km, 1),
        fill_error=None if error is None else round(error, 3),
        signs=len(signs),
        late=late,
        terms=tuple(_terms(agreed, days, km, error, late / max(1, len(signs)))),
        held=held,
    )


def _plans(store: Store, agreed: Agreement, zone: ZoneInfo) -> dict[date, DayPlan]:
    """Return the newest plan of each day that was made before the day began."""
    found = {}
    for number in range((agreed.last - agreed.first).days + 1):
        day = agreed.first + timedelta(days=number)
        made = [plans.get(store, name) for name in plans.ids(store, day)]
        made = [plan for plan in made if plan.made_at.astimezone(zone).date() < day]
        if made:
            found[day] = max(made, key=lambda plan: plan.made_at)
    return found


def _served(plan: DayPlan) -> frozenset[str]:
    return frozenset(stop for route in plan.plan.routes for stop in route.stop_ids)


def _signs(
    records: Sequence[Evidence], agreed: Agreement, zone: ZoneInfo
) -> Iterator[tuple[str, date]]:
    """Yield each container with the day of its first sign since it was emptied."""
    waiting: dict[str, bool] = defaultdict(bool)
    for record in sorted(records, key=lambda r: r.seen_at):
        name = record.container_id or ""
        if record.kind in EMPTIES:
            waiting[name] = False
        elif name and is_sign(record) and not waiting[name]:
            waiting[name] = True
            day = record.seen_at.astimezone(zone).date()
            if day + timedelta(days=agreed.in_time_days) <= agreed.last:
                yield name, day


def _in_time(
    name: str, day: date, served: Mapping[date, frozenset[str]], agreed: Agreement
) -> bool:
    """Tell whether a plan had the container on the day of the sign or soon enough after."""
    span = range(agreed.in_time_days + 1)
    return any(name in served.get(day + timedelta(days=late), ()) for late in span)


def _terms(
    agreed: Agreement, days: int, km: float, error: float | None, late_share: float
) -> Iterator[Term]:
    yield Term(Subject.DAYS, agreed.least_days, days)
    yield Term(Subject.FILL, agreed.most_fill_error, error)
    yield Term(Subject.LATE, agreed.most_late_share, late_share)
    if agreed.standing_km_a_day:
        yield Term(Subject.KM, agreed.most_km_ratio * agreed.standing_km_a_day, km)


def _fault(code: str, where: str, cause: str) -> Fault:
    return Fault(code, where, cause, "See docs/how-to/shadow-mode.md.")
