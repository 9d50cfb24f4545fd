"""How fast each container fills: learnt from emptyings, shrunk to its street and to its kind.

An emptying tells how much came in over how many days. A container with a long history is taken at
its own word, a new one at that of its street, and a street without history at that of all
containers of the fraction and kind. What is learnt is no constant rate but a curve: a container
that is emptied whenever it looks full is fuller after four days than after two, yet not twice.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from city.calibration import NONE, Calibration, calibrate
from city.container import Container
from city.emptyings import (
    DAY_S,
    SAME_LIFT_DAYS,
    Array,
    Emptyings,
    day_of,
    emptyings,
    fill_at_emptying,
    weekday_shares,
)
from city.evidence import EMPTIES, MEASURED, Evidence
from city.fill_curves import (
    DRIFT_DAYS,
    KNOT_DAYS,
    N_KNOTS,
    NOISE,
    SHOCK_DAYS,
    SHOCKS,
    Curves,
    fit_curves,
    hats,
)
from city.today import Today, hear

__all__ = ["DAY_S", "Inflow", "fill_at_emptying", "learn", "neighbourhood"]

PRIOR_DAYS, PRIOR_RATE_PER_DAY = 7.0, 0.08
"""Where nothing is known of a kind: emptied weekly, full in 12.5 days."""

OWN_INTERVALS = 3.0
"""How many intervals of its own weigh as much as what its kind is known to do, at most.

Where containers of a kind differ more from each other than each does from itself, fewer do."""
LEAST_OWN = 0.1

STEADY, STEADY_A_GAP = 5.0, 0.04
"""How much evidence, in squared logarithms of days, it takes to doubt a steady inflow: so much, and
so much more for each emptying. Fixed rounds come after nearly the same number of days each time:
what looks like a curve there is chance and holidays, and must not be drawn out to longer waits."""

CELL_DEG = 0.004
"""Containers without an address are neighbours within about 300 to 450 m."""


@dataclass(frozen=True)
class Kind:
    """What is learnt of all containers of one fraction and kind.

    Parameters
    ----------
    rows : which of the city's containers these are.
    fill : how full they are when emptied, on average; 1 is full.
    usual_days : (n,) days that each commonly fills before it is emptied.
    days : the same, of the kind.
    steadiness : exponent of the days of filling; 1 is a steady inflow.
    curves : what they, their streets and all of them add to that.
    calibration : what forecasts have been found to need.
    """

    rows: NDArray[np.intp]
    fill: float
    usual_days: Array
    days: float
    steadiness: float
    curves: Curves
    calibration: Calibration

    def forecast(self, gap: Array, day: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of fills, (n, q), after days of filling until a day.

        Parameters
        ----------
        gap, day : (n, q) days of filling, and when they end, in days since 1970.
        """
        c = self.curves
        base, reach = baseline(gap, self.usual_days[:, None], self.steadiness)
        weights = hats(gap)
        of_all = c.own[:, :N_KNOTS] + c.street[c.street_of] + c.shared
        later = np.maximum(day - c.until, 0.0)
        fading = np.exp(-later[..., None] / SHOCK_DAYS)
        drift = np.exp(-later / DRIFT_DAYS)
        mean = np.einsum("iqp,ip->iq", weights, of_all) + c.own[:, -1:] * drift
        mean = mean + weekday_shares(day, gap) @ c.weekday + fading @ c.shock
        cov = c.own_cov[:, :N_KNOTS, :N_KNOTS] + c.street_cov[c.street_of] + c.shared_cov
        var = np.einsum("iqp,ipr,iqr->iq", weights, cov, weights, optimize=True)
        var = var + c.own_cov[:, -1:, -1] + NOISE / reach
        var = var + np.einsum("iqa,ab,iqb->iq", fading, c.shock_cov, fading, optimize=True)
        var = var + (1.0 - fading**2) @ SHOCKS
        fills, sd = self.calibration.apply(
            base + reach * mean, reach * np.sqrt(var), np.log(gap / self.days), reach
        )
        return self.fill * np.maximum(fills, 0.02 * base), self.fill * sd

    def of(self, row: int) -> Kind | None:
        """Return the same for one of the city's containers, None if it is of another kind."""
        (mine,) = np.nonzero(self.rows == row)
        if not len(mine):
            return None
        c = self.curves
        return replace(
            self,
            rows=np.zeros(1, dtype=np.intp),
            usual_days=self.usual_days[mine],
            curves=replace(
                c, street_of=c.street_of[mine], own=c.own[mine], own_cov=c.own_cov[mine]
            ),
        )


def baseline(gap: Array, usual: Array, steadiness: float) -> tuple[Array, Array]:
    """Return the fill to be expected of days of filling alone, and how far the curves reach.

    Both are relative to the kind's fill. At once after an emptying nothing can have come in.
    Chance is a sum of bags: its variance grows with the reach, not with its square.
    """
    # Nobody empties so soon that shorter times could be learnt: there it fills steadily.
    first = KNOT_DAYS[0]
    base: Array = (np.maximum(gap, first) / usual) ** steadiness * np.minimum(gap / first, 1.0)
    return base, np.clip(base, 1e-3, 1.5)


@dataclass(frozen=True)
class Inflow:
    """What is known of the inflow of n containers.

    Parameters
    ----------
    until : what was emptied up to then has been heard, in days since 1970.
    emptied_day : (n,) when each was last emptied, in days since 1970; not a number if unknown.
    n_emptyings : (n,) how many intervals each has been learnt from.
    """

    containers: tuple[Container, ...]
    until: float
    kinds: tuple[Kind, ...]
    emptied_day: Array
    n_emptyings: NDArray[np.intp]

    def forecast(self, gap: Array, day: Array) -> tuple[Array, Array]:
        """Return mean and standard deviation of the fill, (n, q), if it is emptied then.

        Parameters
        ----------
        gap, day : (n, q) days of filling, and when they end, in days since 1970.
        """
        mean, sd = np.zeros_like(gap), np.zeros_like(gap)
        for kind in self.kinds:
            mean[kind.rows], sd[kind.rows] = kind.forecast(gap[kind.rows], day[kind.rows])
        return mean, sd

    def of(self, row: int) -> Inflow:
        """Return what is known of one container alone."""
        kinds = tuple(part for kind in self.kinds if (part := kind.of(row)))
        return replace(
            self,
            containers=self.containers[row : row + 1],
            kinds=kinds,
            emptied_day=self.emptied_day[row : row + 1],
            n_emptyings=self.n_emptyings[row : row + 1],
        )

    @property
    def usual_days(self) -> Array:
        """(n,) days that each container commonly fills before it is emptied."""
        usual = np.zeros(len(self.containers))
        for kind in self.kinds:
            usual[kind.rows] = kind.usual_days
        return usual

    def heard(self, records: Iterable[Evidence]) -> Inflow:
        """Return what is known after today's emptyings; curves' shapes are learnt by night.

        Parameters
        ----------
        records : since `until`; only emptyings matter here.
        """
        row = {c.id: i for i, c in enumerate(self.containers)}
        emptied, found = self.emptied_day.copy(), []
        until = self.until
        for record in sorted(records, key=lambda r: (r.seen_at, r.id)):
            i = row.get(record.container_id or "")
            day = day_of(record.seen_at)
            if i is None or record.kind not in EMPTIES or day < self.until:
                continue
            gap = day - emptied[i]
            if gap >= SAME_LIFT_DAYS and record.kind in MEASURED:
                found.append((i, fill_at_emptying(record, self.containers[i]), day, gap))
            if not gap < SAME_LIFT_DAYS:
                emptied[i] = day
            until = day
        kinds = tuple(_heard(kind, found, until) for kind in self.kinds) if found else self.kinds
        return replace(self, until=until, kinds=kinds, emptied_day=emptied)


def neighbourhood(container: Container) -> str:
    """Return what a container shares with its neighbours: its street, or a cell of a grid."""
    street = re.sub(r"\d\S*", "", container.address.partition(",")[0]).strip(" -").casefold()
    if street:
        return street
    at = container.position
    return f"{math.floor(at.lon / CELL_DEG)}/{math.floor(at.lat / CELL_DEG)}"


def learn(
    containers: Sequence[Container],
    by_container: Mapping[str, Sequence[Evidence]],
    until: datetime,
    *,
    reads_up_to: float = math.inf,
) -> Inflow:
    """Return the inflow of each container from the ledger's records of it, oldest first.

    Parameters
    ----------
    until : the time at which this is known; later records are not looked at.
    reads_up_to : the highest fill that emptyings can tell; a reading there means "at least".
    """
    before = {
        c.id: [r for r in by_container.get(c.id, ()) if r.kind in EMPTIES and r.seen_at <= until]
        for c in containers
    }
    past = emptyings(containers, before)
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, c in enumerate(containers):
        members[c.fraction, c.kind].append(i)
    kinds = []
    for of_kind in members.values():
        rows = np.array(of_kind)
        streets = np.unique([neighbourhood(containers[i]) for i in of_kind], return_inverse=True)[1]
        kinds.append(_learn_kind(rows, past.rows(rows), streets, day_of(until), reads_up_to))
    last = [day_of(r[-1].seen_at) if (r := before[c.id]) else math.nan for c in containers]
    return Inflow(
        tuple(containers), day_of(until), tuple(kinds), np.array(last), past.known.sum(axis=1)
    )


def _learn_kind(
    rows: NDArray[np.intp],
    past: Emptyings,
    street_of: NDArray[np.intp],
    until: float,
    reads_up_to: float,
) -> Kind:
    known, log_gap = past.known, np.log(past.gap)
    total = 1.0 + known.sum()
    fill = (PRIOR_RATE_PER_DAY * PRIOR_DAYS + past.level[known].sum()) / total
    days = math.exp((math.log(PRIOR_DAYS) + log_gap[known].sum()) / total)
    shrinkage = _shrinkage(log_gap, known)
    own = (log_gap * known).sum(axis=1) + shrinkage * math.log(days)
    usual: Array = np.exp(own / (known.sum(axis=1) + shrinkage))
    steadiness = _steadiness(past)
    base, reach = baseline(past.gap, usual[:, None], steadiness)
    relative = (past.level / fill - base) / reach
    curves, left_out = fit_curves(past, relative, NOISE / reach, street_of, until)
    calibration = calibrate(
        base[known] + reach[known] * left_out.mean,
        reach[known] * np.sqrt(left_out.variance),
        log_gap[known] - math.log(days),
        reach[known],
        past.level[known] / fill,
        reads_up_to / fill,
    ) if known.any() else NONE  # fmt: skip
    return Kind(rows, fill, usual, days, steadiness, curves, calibration)


def _shrinkage(log_gap: Array, known: NDArray[np.bool_]) -> float:
    """Return how many own intervals weigh as much as the kind: variance within over between."""
    count = known.sum(axis=1)
    several = count >= 2
    if several.sum() < 2:
        return OWN_INTERVALS
    gaps, mine, count = log_gap[several], known[several], count[several]
    means = (gaps * mine).sum(axis=1) / count
    within = float((((gaps - means[:, None]) * mine) ** 2).sum() / (count - 1).sum())
    between = float(means.var(ddof=1) - (within / count).mean())
    return float(np.clip(within / max(between, 1e-3), LEAST_OWN, OWN_INTERVALS))


def _steadiness(past: Emptyings) -> float:
    """Return the exponent b of fill ~ days ** b within containers, 1 where nothing denies it."""
    count = np.maximum(past.known.sum(axis=1, keepdims=True), 1)

    def centred(values: Array) -> Array:
        kept = np.where(past.known, values, 0.0)
        middle = kept.sum(axis=1, keepdims=True) / count
        return np.where(past.known, values - middle, 0.0)

    days, fills = centred(np.log(past.gap)), centred(np.log(np.maximum(past.level, 0.05)))
    steady = STEADY + STEADY_A_GAP * past.known.sum()
    slope = (steady + (days * fills).sum()) / (steady + (days**2).sum())
    return float(np.clip(slope, 0.1, 1.2))


def _heard(kind: Kind, found: Sequence[tuple[int, float, float, float]], until: float) -> Kind:
    place = {int(row): k for k, row in enumerate(kind.rows)}
    mine = [(place[i], level, day, gap) for i, level, day, gap in found if i in place]
    if not mine:
        return kind
    who, level, day, gap = (np.array(column) for column in zip(*mine, strict=True))
    base, reach = baseline(gap, kind.usual_days[who], kind.steadiness)
    today = Today(who, (level / kind.fill - base) / reach, NOISE / reach, day, gap)
    return replace(kind, curves=hear(kind.curves, today, until))
