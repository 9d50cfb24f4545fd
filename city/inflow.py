"""How fast each container fills: learnt from its own emptyings, shrunk to its neighbours in kind.

A container's emptyings tell how much came in over how many days. A container with a long history
is taken at its own word; a new one at that of all containers of its fraction and kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from city.container import Container
from city.evidence import EMPTIES, Evidence, EvidenceKind

PRIOR_DAYS = 7.0
"""How many days of its own history weigh as much as what its kind is known to do."""

PRIOR_RATE_PER_DAY = 0.08
"""Where nothing is known of a kind: full in 12.5 days."""

LEARNT_SPREAD, NEW_SPREAD = 0.15, 0.6
"""Standard deviation of the logarithm of the rate, with a long history and with none."""

DAY_S = 86_400.0


@dataclass(frozen=True)
class Inflow:
    """What is known of the daily inflow of n containers.

    Parameters
    ----------
    rate_per_day : (n,) expected share of its volume that comes in each day.
    log_spread : (n,) standard deviation of the logarithm of that rate.
    """

    rate_per_day: NDArray[np.float64]
    log_spread: NDArray[np.float64]


def fill_at_emptying(record: Evidence, container: Container) -> float:
    """Return how full a container was when it was emptied, from its weight or a driver's tap."""
    if record.kind is EvidenceKind.DRIVER_TAP:
        return record.value
    return record.value / container.weight_kg(1.0)


def learn(
    containers: Sequence[Container], by_container: Mapping[str, Sequence[Evidence]]
) -> Inflow:
    """Return the inflow of each container from the ledger's records of it, oldest first."""
    totals = [_history(c, by_container.get(c.id, ())) for c in containers]
    filled = np.array([t[0] for t in totals])
    days = np.array([t[1] for t in totals])
    kinds = [(c.fraction, c.kind) for c in containers]
    prior = _rate_of_kind(kinds, filled, days)
    rate = (filled + PRIOR_DAYS * prior) / (days + PRIOR_DAYS)
    own = days / (days + PRIOR_DAYS)
    return Inflow(rate, NEW_SPREAD + (LEARNT_SPREAD - NEW_SPREAD) * own)


def _history(container: Container, records: Iterable[Evidence]) -> tuple[float, float]:
    filled = days = 0.0
    last: datetime | None = None
    for record in records:
        if record.kind not in EMPTIES:
            continue
        if last is not None:
            filled += fill_at_emptying(record, container)
            days += (record.seen_at - last).total_seconds() / DAY_S
        last = record.seen_at
    return filled, days


def _rate_of_kind[K](
    kinds: Sequence[K], filled: NDArray[np.float64], days: NDArray[np.float64]
) -> NDArray[np.float64]:
    sums: dict[K, list[float]] = defaultdict(lambda: [PRIOR_RATE_PER_DAY * PRIOR_DAYS, PRIOR_DAYS])
    for kind, content, span in zip(kinds, filled, days, strict=True):
        sums[kind][0] += content
        sums[kind][1] += span
    return np.array([sums[kind][0] / sums[kind][1] for kind in kinds])
