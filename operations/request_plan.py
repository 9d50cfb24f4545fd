"""Verb: ask for a plan to be made by a worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from city.errors import BadInput, Fault
from city.store import Store, municipalities
from city.store.jobs import JobRecord
from operations.fleet_of_day import OnDuty, fleet_of_day
from operations.jobs import Jobs

FARTHEST = timedelta(days=31)


def request_plan(
    store: Store,
    desk: Jobs,
    day: date | None = None,
    on_duty: Iterable[OnDuty] | None = None,
) -> JobRecord:
    """Hand in a plan for a day, tomorrow if none is given, and return the job.

    Parameters
    ----------
    on_duty : the trucks that drive on the day; the city's whole fleet where it is left out.

    Raises
    ------
    BadInput
        The day lies in the past or too far ahead for a belief about fill levels, or the trucks
        cannot drive so.
    """
    today = municipalities.get(store).now().date()
    wanted = day or today + timedelta(days=1)
    if not today <= wanted <= today + FARTHEST:
        raise BadInput(
            Fault(
                code="plan-day",
                where="plan request",
                field="day",
                value=wanted.isoformat(),
                cause=f"A plan is for a day from today up to {FARTHEST.days} days ahead.",
                remedy=f"Give a day from {today} to {today + FARTHEST}.",
            )
        )
    asked = {"day": wanted.isoformat()}
    if on_duty is not None:
        asked["fleetId"] = fleet_of_day(store, wanted, on_duty)
    return desk.ask(store, "plan", asked)
