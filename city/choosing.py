"""Which containers must be emptied, which may be, and which are left: before any route is known.

A container is a must when overflow is probable, when it was promised yesterday, or when it has
waited too long. Else leaving it has a price: what an overflow costs, times its probability. The
solver weighs that price against the detour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from city.container import Container
from city.evidence import Evidence, EvidenceKind
from city.fill import Belief
from city.inflow import DAY_S
from city.plan import Choice, Plan, ReasonCode, UnservedCode, Verdict


@dataclass(frozen=True)
class Policy:
    """What a municipality holds worth a visit.

    Parameters
    ----------
    must_p_overflow : probability of overflow from which a container has to be emptied.
    may_p_overflow : probability below which it is not even considered.
    overflow_price_cents : what one overflow is held to cost, complaints and sweeping included.
    max_days_unemptied : after so many days a container is emptied whatever is believed.
    """

    must_p_overflow: float = 0.5
    may_p_overflow: float = 0.02
    overflow_price_cents: int = 6_000
    max_days_unemptied: int = 21


def weigh(
    containers: Sequence[Container],
    belief: Belief,
    *,
    visit_at: datetime,
    next_chance_at: datetime,
    carried: AbstractSet[str],
    evidence: Mapping[str, Evidence],
    policy: Policy,
) -> tuple[Choice, ...]:
    """Return a choice a container: must, chosen if the route allows (priced), or skip.

    Parameters
    ----------
    belief : about these containers, in this order.
    visit_at : when a truck would come; its load is what is expected then.
    next_chance_at : when it could come next if it is left now.
    carried : ids that an earlier plan left undone.
    evidence : records by id, at least those that the belief names.
    """
    then, later = belief.at(visit_at), belief.at(next_chance_at)
    fills, lows, highs = then.mean, then.quantile(0.1), then.quantile(0.9)
    risks = later.p_overflow
    choices = []
    for i, container in enumerate(containers):
        records = [evidence[name] for name in belief.evidence_ids[i]]
        emptied = belief.emptied_at[i]
        days = None if emptied is None else (belief.as_of - emptied).total_seconds() / DAY_S
        risk = float(risks[i])
        verdict, reason = _first_verdict(container.id, risk, days, records, carried, policy)
        load = float(fills[i])
        choices.append(
            Choice(
                container_id=container.id,
                verdict=verdict,
                reason=reason,
                fill=round(load, 3),
                fill_low=round(float(lows[i]), 3),
                fill_high=round(float(highs[i]), 3),
                p_overflow=round(risk, 4),
                weight_kg=round(container.weight_kg(load)),
                volume_l=round(load * container.volume_l),
                skip_price_cents=round(risk * policy.overflow_price_cents),
                days_since_emptied=None if days is None else round(days, 1),
                evidence_ids=belief.evidence_ids[i],
                photo_id=_newest_photo(records),
            )
        )
    return tuple(choices)


def settle(choices: Sequence[Choice], plan: Plan) -> tuple[Choice, ...]:
    """Return the choices as a plan has made them final."""
    served = {stop for route in plan.routes for stop in route.stop_ids}
    unserved = {u.stop_id: u.code for u in plan.unserved}
    return tuple(_settled(c, served, unserved.get(c.container_id)) for c in choices)


def _first_verdict(
    container_id: str,
    risk: float,
    days: float | None,
    records: Sequence[Evidence],
    carried: AbstractSet[str],
    policy: Policy,
) -> tuple[Verdict, ReasonCode]:
    if container_id in carried:
        return Verdict.MUST, ReasonCode.CARRIED_OVER
    if risk >= policy.must_p_overflow:
        seen = any(r.kind is EvidenceKind.PHOTO and r.value >= 0.5 for r in records)
        return Verdict.MUST, ReasonCode.OVERFLOW_SEEN if seen else ReasonCode.OVERFLOW_CERTAIN
    if days is not None and days >= policy.max_days_unemptied:
        return Verdict.MUST, ReasonCode.TOO_LONG_AGO
    if risk >= policy.may_p_overflow:
        return Verdict.CHOSEN, ReasonCode.WORTH_THE_DETOUR
    return Verdict.SKIP, ReasonCode.RISK_IS_SMALL


def _settled(choice: Choice, served: AbstractSet[str], code: UnservedCode | None) -> Choice:
    if choice.container_id in served or choice.verdict is Verdict.SKIP:
        return choice
    if code is UnservedCode.CHEAPER_TO_SKIP and choice.verdict is Verdict.CHOSEN:
        return replace(choice, verdict=Verdict.SKIP, reason=ReasonCode.NOT_WORTH_THE_DETOUR)
    return replace(
        choice, verdict=Verdict.CARRIED, reason=ReasonCode.COULD_NOT_SERVE, unserved=code
    )


def _newest_photo(records: Sequence[Evidence]) -> str | None:
    photos = [r for r in records if r.raw_ref.startswith("photo:")]
    if not photos:
        return None
    newest = max(photos, key=lambda r: r.seen_at)
    return newest.raw_ref.removeprefix("photo:").partition("#")[0]
