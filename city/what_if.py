"""What a day would come to by other thresholds: expected, never driven."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from city.plan import Choice, Plan, Verdict


@dataclass(frozen=True)
class Thresholds:
    """What decides which containers have to be emptied, and what leaving one costs.

    Parameters
    ----------
    must_p_overflow : probability of overflow from which a container has to be emptied.
    overflow_price_cents : what a certain overflow costs; the price of skipping is its share.
    """

    must_p_overflow: float
    overflow_price_cents: int


@dataclass(frozen=True)
class WhatIf:
    """What a plan's day is expected to come to by some thresholds.

    Parameters
    ----------
    under : stands for all else that it rests on, fleet and settings; only those of one are
        comparable.
    must, may : containers that trucks come to, because they have to or because it is worth it.
    skipped, carried : containers that they do not come to, by choice or for want of room.
    expected_overflows : of these, as many as overflow before trucks come again, on average.
    """

    plan_id: str
    under: str
    thresholds: Thresholds
    must: int
    may: int
    skipped: int
    carried: int
    length_m: int
    duration_s: int
    expected_overflows: float

    @classmethod
    def of(
        cls,
        plan_id: str,
        under: str,
        thresholds: Thresholds,
        plan: Plan,
        settled: tuple[Choice, ...],
    ) -> WhatIf:
        """Count a plan; loose waste is in the way that is driven, and in no other figure."""
        about = [choice for choice in settled if not choice.loose_waste]
        of = Counter(choice.verdict for choice in about)
        left = (Verdict.SKIP, Verdict.CARRIED)
        return cls(
            plan_id,
            under,
            thresholds,
            must=of[Verdict.MUST],
            may=of[Verdict.CHOSEN],
            skipped=of[Verdict.SKIP],
            carried=of[Verdict.CARRIED],
            length_m=sum(route.length_m for route in plan.routes),
            duration_s=sum(route.duration_s for route in plan.routes if route.stop_ids),
            expected_overflows=round(sum(c.p_overflow for c in about if c.verdict in left), 2),
        )
