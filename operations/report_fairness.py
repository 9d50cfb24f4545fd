"""The verb that says who was seen, heard and served where, from the ledger of a live city."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from city.errors import BadInput, Fault
from city.fairness import Neighbourhood, attention, by_neighbourhood
from city.store import Store, containers, ledger, municipalities


def report_fairness(store: Store, first: date, last: date) -> tuple[Neighbourhood, ...]:
    """Return the neighbourhoods of a period, both days included.

    Raises
    ------
    BadInput
        The period ends before it begins.
    """
    if last < first:
        raise BadInput(
            Fault(
                "period-order",
                "fairness",
                "The period ends before it begins.",
                "Give the first day first.",
                "until",
                last.isoformat(),
            )
        )
    zone = municipalities.get(store).zone
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    every = containers.every(store)
    records = [r for r in ledger.since(store, start, end) if r.seen_at < end]
    return by_neighbourhood(every, attention(every, records, end))
