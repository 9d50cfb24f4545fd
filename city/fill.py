"""The belief about how full each container is: a distribution, not a number.

A histogram filter over fill level and pace of inflow together, for all containers at once. Each
container starts empty at its last emptying (or anywhere, where none is known); between records
it fills by gamma-distributed steps along the curve that its history has taught; each record since
then sharpens both level and pace.

Source: gamma process inflow as in Wouda e.a., arXiv 2409.13386 (there by deposits).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from city.container import Container
from city.emptyings import DAY_S, day_of
from city.evidence import EMPTIES, Evidence
from city.fill_steps import FULL, LEVELS, N_PACES, STEP, STEP_SCALE, filled, paces
from city.inflow import Inflow, learn
from city.likelihood import PRIOR, Likelihoods, learn_likelihoods, likelihood

__all__ = ["FULL", "LEVELS", "Belief", "Doubt", "believe"]

Belongs = Mapping[str, Sequence[str]]
NOTHING: Belongs = {}

_FEW_EMPTYINGS = 2
_UNHEARD_INTERVALS, _UNHEARD_DAYS = 3.0, 14.0
_EXPECTED_AT: NDArray[np.float64] = np.array([0, 0.1, 0.3, 0.55, 1, 1.8, 3.2, 6, 12, 30, 60.0])


class Doubt(StrEnum):
    """Why a belief should not decide: the container goes back to its fixed schedule."""

    NEVER_EMPTIED = "never-emptied"
    LITTLE_HISTORY = "little-history"
    UNHEARD = "unheard"


@dataclass(frozen=True)
class Expected:
    """How far n containers are expected to have filled as time goes by.

    Parameters
    ----------
    since : (n,) when each began to fill, in days since 1970.
    days : (n, q) days since then, ascending from 0.
    level : (n, q) expected fill level, never falling.
    spread : (n,) standard deviation of the pace, 1 being as expected.
    """

    since: NDArray[np.float64]
    days: NDArray[np.float64]
    level: NDArray[np.float64]
    spread: NDArray[np.float64]

    def at(self, day: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the (n,) levels at some days since 1970."""
        x = np.maximum(day - self.since, 0.0)
        right = (self.days <= x[:, None]).sum(axis=1).clip(1, self.days.shape[1] - 1)
        row = np.arange(len(x))
        left_x, right_x = self.days[row, right - 1], self.days[row, right]
        left_y, right_y = self.level[row, right - 1], self.level[row, right]
        share = (x - left_x) / np.maximum(right_x - left_x, 1e-9)
        found: NDArray[np.float64] = left_y + share * (right_y - left_y)
        return found

    def rows(self, index: NDArray[np.intp]) -> Expected:
        """Return those of some of the containers."""
        return Expected(self.since[index], self.days[index], self.level[index], self.spread[index])


@dataclass(frozen=True)
class Belief:
    """What is believed of n containers at one time.

    Parameters
    ----------
    container_ids : n ids, the order of all rows.
    as_of : the time that it holds for.
    mass : (n, r, b) probability of pace and fill level together; sums to 1 over r and b.
    expected : how they fill, at a pace of 1.
    emptied_at : when each was last emptied, None where that is not known.
    evidence_ids : the records behind each, since it was last emptied, that emptying included.
    doubts : why a container should go back to its fixed schedule, None where it need not.
    usual_days : (n,) its fixed schedule: days between its emptyings, as they commonly were.
    likelihoods : what each kind of evidence is taken to be worth.
    """

    container_ids: tuple[str, ...]
    as_of: datetime
    mass: NDArray[np.float64]
    expected: Expected
    emptied_at: tuple[datetime | None, ...]
    evidence_ids: tuple[tuple[str, ...], ...]
    doubts: tuple[Doubt | None, ...]
    usual_days: NDArray[np.float64]
    likelihoods: Likelihoods = PRIOR

    def at(self, when: datetime) -> Belief:
        """Return the belief about a later time, nothing more being heard until then."""
        start, end = (np.full(len(self.container_ids), day_of(t)) for t in (self.as_of, when))
        mass = _pass(self.mass, self.expected, start, end)
        return replace(self, as_of=when, mass=mass)

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

    @property
    def stale(self) -> NDArray[np.bool_]:
        """(n,) true where the fixed schedule should decide; `doubts` says why."""
        return np.array([doubt is not None for doubt in self.doubts], dtype=bool)

    def p_above(self, level: float) -> NDArray[np.float64]:
        """Return the (n,) probability of being fuller than a level."""
        # Each level stands for half a step to either side of it.
        share = np.clip((LEVELS + STEP / 2 - level) / STEP, 0.0, 1.0)
        p: NDArray[np.float64] = self.levels @ share
        return p.clip(0.0, 1.0)

    def quantile(self, share: float) -> NDArray[np.float64]:
        """Return the (n,) fill levels below which a share of the probability lies."""
        below = self.levels.cumsum(axis=1)
        index = (below < share - 1e-12).sum(axis=1).clip(max=len(LEVELS) - 1)
        row = np.arange(len(below))
        before = np.where(index > 0, below[row, index - 1], 0.0)
        within = (share - before) / np.maximum(below[row, index] - before, 1e-12)
        found: NDArray[np.float64] = LEVELS[index] + (np.clip(within, 0.0, 1.0) - 0.5) * STEP
        return np.where(index == 0, 0.0, found).clip(0.0, LEVELS[-1])

    def update(
        self,
        containers: Sequence[Container],
        evidence: Iterable[Evidence],
        as_of: datetime,
        inflow: Inflow,
        belongs: Belongs = NOTHING,
    ) -> Belief:
        """Return the belief after more has been heard.

        Parameters
        ----------
        containers : the same, in the same order.
        evidence : records since this belief; older ones count as if seen at its time.
        inflow : as learnt; if it has heard the new emptyings too, so much the better.
        belongs : which containers a record of a place speaks of, by its id.
        """
        new = by_container(evidence, as_of, belongs)
        fresh = np.array([any(r.kind in EMPTIES for r in new.get(i, ()))
                          for i in self.container_ids], dtype=bool)  # fmt: skip
        histories = [_since_emptied(new.get(i, [])) for i in self.container_ids]
        emptied = tuple(h[0].seen_at if f else e for f, h, e in
                        zip(fresh, histories, self.emptied_at, strict=True))  # fmt: skip
        start = np.array([day_of(h[0].seen_at if f else self.as_of)
                          for f, h in zip(fresh, histories, strict=True)])  # fmt: skip
        anew = _expect(inflow, emptied, start, as_of)
        expected = Expected(
            np.where(fresh, anew.since, self.expected.since),
            np.where(fresh[:, None], anew.days, self.expected.days),
            np.where(fresh[:, None], anew.level, self.expected.level),
            np.where(fresh, anew.spread, self.expected.spread),
        )
        mass = np.where(fresh[:, None, None], _empty(), self.mass)
        known = tuple(
            tuple(r.id for r in h) if f else (*before, *(r.id for r in h))
            for f, h, before in zip(fresh, histories, self.evidence_ids, strict=True)
        )
        return replace(
            self,
            as_of=as_of,
            mass=_follow(
                mass,
                expected,
                containers,
                _readings(histories),
                start,
                as_of,
                self.likelihoods,
            ),
            expected=expected,
            emptied_at=emptied,
            evidence_ids=known,
            doubts=_doubts(inflow, emptied, new, as_of),
            usual_days=inflow.usual_days,
        )


def believe(
    containers: Sequence[Container],
    evidence: Iterable[Evidence],
    as_of: datetime,
    inflow: Inflow | None = None,
    belongs: Belongs = NOTHING,
    likelihoods: Likelihoods | None = None,
) -> Belief:
    """Return what the ledger's records make probable at a time.

    Parameters
    ----------
    evidence : records of any age; those of after `as_of` are left aside, and so are those of
        places that belong to no container.
    inflow : as learnt before, for these containers in this order; learnt from the evidence if left
        out. Given it, records since each container's last emptying are enough.
    belongs : which containers a record of a place speaks of, by its id, as its case has it. Of
        several it says only that one of them is meant, so it is trusted by that much less.
    likelihoods : what each kind of evidence is worth, as learnt before; learnt from the evidence
        if left out, as far as that reaches.
    """
    heard = by_container(evidence, as_of, belongs)
    likelihoods = likelihoods or learn_likelihoods(containers, heard)
    inflow = inflow or learn(containers, heard, as_of)
    histories = [_since_emptied(heard.get(c.id, [])) for c in containers]
    emptied = tuple(h[0].seen_at if h and h[0].kind in EMPTIES else None for h in histories)
    start = np.array([day_of(h[0].seen_at if h else as_of) for h in histories])
    expected = _expect(inflow, emptied, start, as_of)
    known = np.array([when is not None for when in emptied], dtype=bool)
    mass = np.where(known[:, None, None], _empty(), _anything())
    return Belief(
        container_ids=tuple(c.id for c in containers),
        as_of=as_of,
        mass=_follow(mass, expected, containers, _readings(histories), start, as_of, likelihoods),
        expected=expected,
        emptied_at=emptied,
        evidence_ids=tuple(tuple(r.id for r in h) for h in histories),
        doubts=_doubts(inflow, emptied, heard, as_of),
        usual_days=inflow.usual_days,
        likelihoods=likelihoods,
    )


def by_container(
    evidence: Iterable[Evidence], as_of: datetime, belongs: Belongs = NOTHING
) -> dict[str, list[Evidence]]:
    """Return the records of each container up to a time, oldest first, those of its cases too."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for record in evidence:
        if record.seen_at > as_of:
            continue
        if record.container_id is not None:
            found[record.container_id].append(record)
        elif names := belongs.get(record.id) if belongs else None:
            doubtful = replace(record, trust=record.trust / len(names))
            for name in names:
                found[name].append(doubtful)
    for records in found.values():
        records.sort(key=lambda r: (r.seen_at, r.id))
    return found


def _since_emptied(records: list[Evidence]) -> list[Evidence]:
    for index in range(len(records) - 1, -1, -1):
        if records[index].kind in EMPTIES:
            return records[index:]
    return records


def _readings(histories: Sequence[Iterable[Evidence]]) -> list[list[Evidence]]:
    """Keep the strongest of a kind on a day: ten reports of one bag are not ten observations."""
    kept = []
    for records in histories:
        strongest: dict[object, Evidence] = {}
        for record in records:
            key = record.kind, record.seen_at.date()
            if record.kind not in EMPTIES and (
                key not in strongest or record.value > strongest[key].value
            ):
                strongest[key] = record
        kept.append(sorted(strongest.values(), key=lambda r: r.seen_at))
    return kept


def _doubts(
    inflow: Inflow,
    emptied: Sequence[datetime | None],
    heard: dict[str, list[Evidence]],
    as_of: datetime,
) -> tuple[Doubt | None, ...]:
    doubts: list[Doubt | None] = []
    rows = zip(inflow.containers, emptied, inflow.n_emptyings, inflow.usual_days, strict=True)
    for container, when, known, usual in rows:
        if when is None:
            doubts.append(Doubt.NEVER_EMPTIED)
            continue
        records = heard.get(container.id)
        last = max(records[-1].seen_at, when) if records else when
        silent_days = (as_of - last).total_seconds() / DAY_S
        if silent_days > max(_UNHEARD_DAYS, _UNHEARD_INTERVALS * usual):
            doubts.append(Doubt.UNHEARD)
        else:
            doubts.append(Doubt.LITTLE_HISTORY if known < _FEW_EMPTYINGS else None)
    return tuple(doubts)


def _expect(
    inflow: Inflow,
    emptied: Sequence[datetime | None],
    start: NDArray[np.float64],
    as_of: datetime,
) -> Expected:
    now = day_of(as_of)
    so_far = np.maximum(now - start, 1e-3)
    fixed = np.broadcast_to(_EXPECTED_AT, (len(start), len(_EXPECTED_AT)))
    days = np.sort(np.concatenate([fixed, so_far[:, None]], axis=1), axis=1)
    level, sd = inflow.forecast(np.maximum(days, 1e-3), start[:, None] + days)
    level[:, 0] = 0.0
    # A belief may be corrected by what it hears, but time alone never empties a container.
    row, at = np.arange(len(start)), (days < so_far[:, None]).sum(axis=1)
    now_level = level[row, at][:, None]
    level = np.where(np.arange(days.shape[1]) < at[:, None], np.minimum(level, now_level), level)
    level = np.maximum.accumulate(level, axis=1)
    unknown = np.array([when is None for when in emptied], dtype=bool)
    usual = inflow.usual_days
    usually = inflow.forecast(usual[:, None], start[:, None] + usual[:, None])[0]
    level = np.where(unknown[:, None], days / usual[:, None] * usually, level)
    return Expected(start, days, level, _spread(level[row, at], sd[row, at]))


def _spread(level: NDArray[np.float64], sd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the pace must vary by, so that with the steps' own noise it comes to `sd`."""
    left = np.maximum(sd**2 - STEP_SCALE * level, 0.0)
    spread: NDArray[np.float64] = np.sqrt(left) / np.maximum(level, 1e-3)
    return spread.clip(0.05, 0.6)


def _empty() -> NDArray[np.float64]:
    mass = np.zeros((1, N_PACES, len(LEVELS)))
    mass[:, :, 0] = 1.0 / N_PACES
    return mass


def _anything() -> NDArray[np.float64]:
    mass = np.zeros((1, N_PACES, len(LEVELS)))
    mass[:, :, : FULL + 1] = 1.0 / (N_PACES * (FULL + 1))
    return mass


def _pass(
    mass: NDArray[np.float64],
    expected: Expected,
    start: NDArray[np.float64],
    end: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the mass after time has passed; nothing changes where none has."""
    inflow = np.maximum(expected.at(end) - expected.at(start), 0.0)
    return filled(mass, inflow[:, None] * paces(expected.spread))


def _follow(
    mass: NDArray[np.float64],
    expected: Expected,
    containers: Sequence[Container],
    readings: Sequence[Sequence[Evidence]],
    start: NDArray[np.float64],
    as_of: datetime,
    likelihoods: Likelihoods,
) -> NDArray[np.float64]:
    """Let time pass and weigh the records, the k-th of every container in one go."""
    now, mass = start.copy(), mass.copy()
    for k in range(max((len(r) for r in readings), default=0)):
        rows = np.array([i for i, r in enumerate(readings) if len(r) > k])
        records = [readings[i][k] for i in rows]
        then = np.maximum(np.array([day_of(r.seen_at) for r in records]), now[rows])
        part = _pass(mass[rows], expected.rows(rows), now[rows], then)
        part *= np.stack([likelihood(r, containers[i], LEVELS, likelihoods)
                          for i, r in zip(rows, records, strict=True)])[:, None, :]  # fmt: skip
        mass[rows] = part / part.sum(axis=(1, 2), keepdims=True)
        now[rows] = then
    return _pass(mass, expected, now, np.full(len(now), day_of(as_of)))
