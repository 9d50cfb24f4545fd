"""The belief about how full each container is: a distribution, not a number.

A histogram filter over fill level and inflow rate together, for all containers at once. Each
container starts empty at its last emptying (or anywhere, where none is known); between records
it fills by gamma-distributed steps; each record since then sharpens both level and rate.

Source: gamma process inflow as in Wouda e.a., arXiv 2409.13386 (there by deposits).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc
from scipy.stats import norm

from city.container import Container
from city.evidence import EMPTIES, Evidence
from city.inflow import DAY_S, learn
from city.likelihood import likelihood

STEP = 0.05
LEVELS: NDArray[np.float64] = np.arange(0.0, 1.5 + STEP / 2, STEP)
"""(b,) fill levels; 1 is full and the last stands for it and everything above."""

FULL = int(np.searchsorted(LEVELS, 1.0 - STEP / 4))
RATE_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
SHAPE_PER_DAY = 3.0
"""Of the gamma steps: one day's inflow varies by 1 / sqrt(3), 58 %, around its mean."""


@dataclass(frozen=True)
class Belief:
    """What is believed of n containers at one time.

    Parameters
    ----------
    container_ids : n ids, the order of all rows.
    as_of : the time that it holds for.
    mass : (n, r, b) probability of rate and fill level together; sums to 1 over r and b.
    rates : (n, r) inflow per day.
    emptied_at : when each was last emptied, None where that is not known.
    evidence_ids : the records behind each, since it was last emptied, that emptying included.
    """

    container_ids: tuple[str, ...]
    as_of: datetime
    mass: NDArray[np.float64]
    rates: NDArray[np.float64]
    emptied_at: tuple[datetime | None, ...]
    evidence_ids: tuple[tuple[str, ...], ...]

    def at(self, when: datetime) -> Belief:
        """Return the belief about a later time, nothing more being heard until then."""
        days = np.full(len(self.container_ids), (when - self.as_of).total_seconds() / DAY_S)
        return replace(self, as_of=when, mass=_filled(self.mass, self.rates, days))

    @property
    def levels(self) -> NDArray[np.float64]:
        """(n, b) probability of each fill level."""
        total: NDArray[np.float64] = self.mass.sum(axis=1)
        return total

    @property
    def mean(self) -> NDArray[np.float64]:
        """(n,) expected fill level."""
        return self.levels @ LEVELS

    @property
    def p_overflow(self) -> NDArray[np.float64]:
        """(n,) probability of being full or over."""
        p: NDArray[np.float64] = self.levels[:, FULL:].sum(axis=1)
        return p.clip(0.0, 1.0)

    def quantile(self, share: float) -> NDArray[np.float64]:
        """Return the (n,) fill levels below which a share of the probability lies."""
        index = (self.levels.cumsum(axis=1) < share - 1e-12).sum(axis=1)
        found: NDArray[np.float64] = LEVELS[index.clip(max=len(LEVELS) - 1)]
        return found


def believe(
    containers: Sequence[Container], evidence: Iterable[Evidence], as_of: datetime
) -> Belief:
    """Return what the ledger's records make probable at a time.

    Parameters
    ----------
    evidence : records of any age; those of places, not containers, are left aside.
    """
    by_container: dict[str, list[Evidence]] = defaultdict(list)
    for record in sorted(evidence, key=lambda r: (r.seen_at, r.id)):
        if record.container_id is not None and record.seen_at <= as_of:
            by_container[record.container_id].append(record)
    inflow = learn(containers, by_container)
    spread = np.outer(inflow.log_spread, norm.ppf(RATE_QUANTILES))
    rates = inflow.rate_per_day[:, None] * np.exp(spread)
    histories = [_since_emptied(by_container.get(c.id, [])) for c in containers]
    emptied = [h[0].seen_at if h and h[0].kind in EMPTIES else None for h in histories]
    starts = [e or (h[0].seen_at if h else as_of) for e, h in zip(emptied, histories, strict=True)]
    readings = [[r for r in _once_a_day(h) if r.kind not in EMPTIES] for h in histories]
    mass = _first(emptied, rates.shape[1])
    mass = _follow(mass, rates, containers, readings, starts, as_of)
    return Belief(
        container_ids=tuple(c.id for c in containers),
        as_of=as_of,
        mass=mass,
        rates=rates,
        emptied_at=tuple(emptied),
        evidence_ids=tuple(tuple(r.id for r in h) for h in histories),
    )


def _since_emptied(records: list[Evidence]) -> list[Evidence]:
    for index in range(len(records) - 1, -1, -1):
        if records[index].kind in EMPTIES:
            return records[index:]
    return records


def _once_a_day(records: Iterable[Evidence]) -> list[Evidence]:
    """Keep the strongest of a kind on a day: ten reports of one bag are not ten observations."""
    strongest: dict[object, Evidence] = {}
    for record in records:
        key = record.kind, record.seen_at.date()
        if key not in strongest or record.value > strongest[key].value:
            strongest[key] = record
    return sorted(strongest.values(), key=lambda r: r.seen_at)


def _first(emptied: Sequence[datetime | None], n_rates: int) -> NDArray[np.float64]:
    mass = np.zeros((len(emptied), n_rates, len(LEVELS)))
    known = np.array([when is not None for when in emptied], dtype=bool)
    mass[known, :, 0] = 1.0
    mass[~known, :, : FULL + 1] = 1.0 / (FULL + 1)
    return mass / n_rates


def _follow(
    mass: NDArray[np.float64],
    rates: NDArray[np.float64],
    containers: Sequence[Container],
    readings: Sequence[Sequence[Evidence]],
    starts: Sequence[datetime],
    as_of: datetime,
) -> NDArray[np.float64]:
    """Let time pass and weigh the records, the k-th of every container in one go."""
    now = list(starts)
    for k in range(max((len(r) for r in readings), default=0)):
        rows = np.array([i for i, r in enumerate(readings) if len(r) > k])
        records = [readings[i][k] for i in rows]
        days = [(r.seen_at - now[i]).total_seconds() / DAY_S
                for i, r in zip(rows, records, strict=True)]  # fmt: skip
        part = _filled(mass[rows], rates[rows], np.array(days))
        part *= np.stack([likelihood(r, containers[i].kind, LEVELS)
                          for i, r in zip(rows, records, strict=True)])[:, None, :]  # fmt: skip
        mass[rows] = part / part.sum(axis=(1, 2), keepdims=True)
        for i, r in zip(rows, records, strict=True):
            now[i] = r.seen_at
    rest = np.array([(as_of - when).total_seconds() / DAY_S for when in now])
    return _filled(mass, rates, rest)


def _filled(
    mass: NDArray[np.float64], rates: NDArray[np.float64], days: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mass after so many days of inflow, (n, r, b); days may be 0."""
    step = _inflow_steps(rates, days)
    after = np.zeros_like(mass)
    n_levels = mass.shape[2]
    for j in range(n_levels):
        after[:, :, j:] += mass[:, :, j, None] * step[:, :, : n_levels - j]
    # What runs past the last level stays in it.
    after[:, :, -1] += (mass.sum(axis=2) - after.sum(axis=2)).clip(min=0.0)
    return after


def _inflow_steps(rates: NDArray[np.float64], days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(inflow = k steps), (n, r, b), with each inflow shared between its two neighbours.

    Sharing (a hat function) keeps the mean exact however small the inflow is.
    """
    shape = np.maximum(SHAPE_PER_DAY * days, 1e-9)[:, None, None]
    scale = (rates / SHAPE_PER_DAY)[:, :, None]
    at = np.arange(-1, len(LEVELS) + 1) * STEP
    x = np.maximum(at, 0.0) / scale
    # E[(a - X)+] for gamma X, of which the hat is a second difference.
    below = np.maximum(at, 0.0) * gammainc(shape, x) - shape * scale * gammainc(shape + 1.0, x)
    hats: NDArray[np.float64] = (below[..., 2:] - 2 * below[..., 1:-1] + below[..., :-2]) / STEP
    return hats.clip(min=0.0)
