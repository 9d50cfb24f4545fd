"""The emptyings of many containers as arrays: how full each was, and how long it had filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from city.container import Container
from city.evidence import EMPTIES, MEASURED, Evidence, EvidenceKind

Array = NDArray[np.float64]

DAY_S = 86_400.0
SAME_LIFT_DAYS = 1 / 24
"""A weighing and a driver's tap within the hour tell of one lift, not of two."""

KEPT = 40
"""Of each container's emptyings, the newest: older ones say little of today."""

_WEEK = 7


@dataclass(frozen=True)
class Emptyings:
    """The last emptyings of n containers that have a known one before them, newest last.

    Parameters
    ----------
    level : (n, k) fill level when emptied; 1 is full.
    day : (n, k) when, in days since 1970.
    gap : (n, k) days since the emptying before.
    known : (n, k) false where a container has fewer than k; the other arrays hold filler there.
    """

    level: Array
    day: Array
    gap: Array
    known: NDArray[np.bool_]

    def rows(self, index: NDArray[np.intp]) -> Emptyings:
        """Return those of some of the containers."""
        return Emptyings(self.level[index], self.day[index], self.gap[index], self.known[index])


def fill_at_emptying(record: Evidence, container: Container) -> float:
    """Return how full a container was when it was emptied, from its weight or a driver's tap."""
    if record.kind is EvidenceKind.DRIVER_TAP:
        return record.value
    return record.value / container.weight_kg(1.0)


def day_of(when: datetime) -> float:
    """Return a time as days since 1970, UTC."""
    return when.timestamp() / DAY_S


def emptyings(
    containers: Sequence[Container], by_container: Mapping[str, Sequence[Evidence]]
) -> Emptyings:
    """Return the emptyings in the ledger's records of each container, oldest first."""
    found = [list(intervals(c, by_container.get(c.id, ())))[-KEPT:] for c in containers]
    longest = max((len(f) for f in found), default=0) or 1
    filled = np.full((3, len(containers), longest), 1.0)
    known = np.zeros((len(containers), longest), dtype=bool)
    for i, of_one in enumerate(found):
        if of_one:
            filled[:, i, : len(of_one)] = np.array(of_one).T
            known[i, : len(of_one)] = True
    return Emptyings(filled[0], filled[1], filled[2], known)


def intervals(
    container: Container, records: Iterable[Evidence]
) -> Iterable[tuple[float, float, float]]:
    """Yield (level, day, gap) of every emptying but the first, where its level is known."""
    before: float | None = None
    last: float | None = None
    told = False
    for record in records:
        if record.kind not in EMPTIES:
            continue
        day = day_of(record.seen_at)
        if last is None or day - last >= SAME_LIFT_DAYS:
            before, last, told = last, day, False
        if record.kind in MEASURED and not told and before is not None:
            yield fill_at_emptying(record, container), last, last - before
        told = told or record.kind in MEASURED


def weekday_shares(day: Array, gap: Array) -> Array:
    """Return (..., 7) which share of each interval lay on Monday to Sunday, less a seventh.

    Days are UTC days: a container fills little between midnight here and midnight in Greenwich.
    """
    weekday = np.arange(_WEEK)

    def elapsed(at: Array) -> Array:
        # 1 January 1970 was a Thursday: 3 days after a Monday.
        weeks, into = np.divmod(at[..., None] + 3.0, _WEEK)
        return weeks + np.clip(into - weekday, 0.0, 1.0)

    spent = elapsed(day) - elapsed(day - gap)
    shares: Array = spent / np.maximum(gap, 1e-9)[..., None] - 1.0 / _WEEK
    return shares
