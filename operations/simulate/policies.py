"""What decides which containers are visited on a day: standing rounds, simple rules, and ours.

All are asked the same on the same evening and answer in choices; routes are then made by the same
solver in the same time. Simple rules read the product's own belief: they differ from ours in what
they do with it, not in what they know.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from city.choosing import Policy, weigh
from city.container import Container
from city.evidence import Evidence
from city.fill import Belief
from city.plan import Choice, ReasonCode, Verdict
from operations.simulate.calendar import EVERY_WEEKDAY
from operations.simulate.district import Array


@dataclass(frozen=True)
class Evening:
    """What may be asked on the evening before a day.

    Parameters
    ----------
    visit_at, next_chance_at : about when a truck comes, and when it could come after that.
    standing, by_zone : (n,) the containers of the day's rounds under either fixed schedule.
    usual_fill : (n,) fill to be expected after the days since each was emptied.
    carried : ids that an earlier plan left undone.
    true_visit, true_next : (n,) the levels at those times if nothing is emptied, for perfect
        information alone.
    """

    containers: Sequence[Container]
    visit_at: datetime
    next_chance_at: datetime
    standing: NDArray[np.bool_]
    by_zone: NDArray[np.bool_]
    usual_fill: Array
    carried: AbstractSet[str]
    true_visit: Array
    true_next: Array
    belief: Belief | None = None
    evidence: Mapping[str, Evidence] | None = None


class Chooser(Protocol):
    """A policy."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    @property
    def weekdays(self) -> Collection[int]:
        """On which trucks come for it; 0 is Monday."""
        ...

    @property
    def reads_belief(self) -> bool:
        """Whether it asks what the product believes."""
        ...

    @property
    def planned_hold(self) -> float | None:
        """Share of a truck's hold that its plans fill; None for what the simulation assumes."""
        ...

    def choose(self, evening: Evening) -> tuple[Choice, ...]:
        """Return the choices of a day; containers without one are left."""
        ...


@dataclass(frozen=True)
class Standing:
    """The fixed schedule, whatever is seen."""

    by_zone: bool = False
    name: str = "fixed"
    reads_belief: bool = False
    weekdays: Collection[int] = EVERY_WEEKDAY
    planned_hold: float | None = None

    def choose(self, evening: Evening) -> tuple[Choice, ...]:
        """Return the day's standing rounds."""
        rounds = evening.by_zone if self.by_zone else evening.standing
        due = rounds | _is_carried(evening)
        return tuple(
            _choice(evening, i, Verdict.MUST, ReasonCode.FIXED_SCHEDULE, 0, evening.usual_fill[i])
            for i in np.flatnonzero(due).tolist()
        )


@dataclass(frozen=True)
class Threshold:
    """Every container that is believed to be so full at the visit, and no other."""

    level: float
    name: str = "threshold"
    reads_belief: bool = True
    weekdays: Collection[int] = EVERY_WEEKDAY
    planned_hold: float | None = None

    def choose(self, evening: Evening) -> tuple[Choice, ...]:
        """Return those above the threshold."""
        fill = _believed_fill(evening)
        due = (fill >= self.level) | _is_carried(evening)
        return tuple(
            _choice(evening, i, Verdict.MUST, ReasonCode.OVERFLOW_CERTAIN, 0, fill[i])
            for i in np.flatnonzero(due).tolist()
        )


@dataclass(frozen=True)
class MustMay:
    """Above one level a must; above a lower one if it costs no more than so much."""

    must: float
    may: float
    may_price_cents: int = 1_000
    name: str = "must-may"
    reads_belief: bool = True
    weekdays: Collection[int] = EVERY_WEEKDAY
    planned_hold: float | None = None

    def choose(self, evening: Evening) -> tuple[Choice, ...]:
        """Return musts and mays."""
        fill = _believed_fill(evening)
        must = (fill >= self.must) | _is_carried(evening)
        chosen = []
        for i in np.flatnonzero(must | (fill >= self.may)).tolist():
            verdict = Verdict.MUST if must[i] else Verdict.CHOSEN
            reason = ReasonCode.OVERFLOW_CERTAIN if must[i] else ReasonCode.WORTH_THE_DETOUR
            chosen.append(_choice(evening, i, verdict, reason, self.may_price_cents, fill[i]))
        return tuple(chosen)


@dataclass(frozen=True)
class Ours:
    """The product: its belief and its prices."""

    policy: Policy
    name: str = "ours"
    reads_belief: bool = True
    weekdays: Collection[int] = EVERY_WEEKDAY
    # Its loads have a spread, for which plans leave room by themselves.
    planned_hold: float | None = 1.0

    def choose(self, evening: Evening) -> tuple[Choice, ...]:
        """Return what `city.choosing` weighs."""
        assert evening.belief is not None
        return weigh(
            evening.containers,
            evening.belief,
            visit_at=evening.visit_at,
            next_chance_at=evening.next_chance_at,
            carried=evening.carried,
            evidence=evening.evidence or {},
            policy=self.policy,
        )


@dataclass(frozen=True)
class Perfect:
    """The product's prices with the truth in place of the belief, tomorrow's waste included."""

    policy: Policy
    name: str = "perfect"
    reads_belief: bool = False
    weekdays: Collection[int] = EVERY_WEEKDAY
    planned_hold: float | None = None

    def choose(self, evening: Evening) -> tuple[Choice, ...]:
        """Return what will be full before the next chance."""
        price = self.policy.skip_price_cents(1.0)
        return tuple(
            _choice(
                evening,
                i,
                Verdict.CHOSEN,
                ReasonCode.WORTH_THE_DETOUR,
                price,
                min(1.0, evening.true_visit[i]),
            )
            for i in np.flatnonzero(evening.true_next >= 1.0).tolist()
        )


def _believed_fill(evening: Evening) -> Array:
    assert evening.belief is not None
    return evening.belief.at(evening.visit_at).mean


def _is_carried(evening: Evening) -> NDArray[np.bool_]:
    return np.array([c.id in evening.carried for c in evening.containers], dtype=bool)


def _choice(
    evening: Evening, row: int, verdict: Verdict, reason: ReasonCode, price: int, fill: float
) -> Choice:
    container = evening.containers[row]
    return Choice(
        container_id=container.id,
        verdict=verdict,
        reason=reason,
        fill=float(fill),
        fill_low=float(fill),
        fill_high=float(fill),
        p_overflow=0.0,
        weight_kg=round(container.weight_kg(fill)),
        volume_l=round(fill * container.volume_l),
        skip_price_cents=price,
    )
