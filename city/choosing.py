"""Which containers must be emptied, which may be, and which are left: before any route is known.

A container is a must when overflow is probable, when it was promised yesterday, or when it would
wait too long: longer than its fraction may, whatever is believed, or longer than it commonly did,
where the belief says of itself that it should not decide. Else leaving it has a price. The solver
weighs that price against the detour: what an overflow costs, times its probability before the next
day on which trucks come. What is not worth the crew's minutes at the container is not even
considered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from city.container import Container
from city.evidence import Evidence, EvidenceKind
from city.fill import Belief
from city.fraction import Fraction
from city.inflow import DAY_S
from city.plan import Choice, Plan, ReasonCode, UnservedCode, Verdict


@dataclass(frozen=True)
class Policy:
    """What a municipality holds worth a visit.

    Parameters
    ----------
    must_p_overflow : probability of overflow from which a container has to be emptied.
    overflow_price_cents : what one overflow is held to cost, complaints and sweeping included.
    hour_price_cents : of a truck with its crew.
    max_days_unemptied : no container waits longer for an emptying, whatever is believed.
    max_days_by_fraction : the same, of fractions for which it is another.
    max_days_loose_waste : no loose waste lies longer after it was first seen.
    """

    must_p_overflow: float = 0.5
    overflow_price_cents: int = 6_000
    hour_price_cents: int = 9_000
    max_days_unemptied: int = 21
    max_days_by_fraction: Mapping[Fraction, int] = field(default_factory=dict)
    max_days_loose_waste: int = 4

    def max_days(self, fraction: Fraction) -> int:
        """Return how many days may lie between two emptyings of a container."""
        return self.max_days_by_fraction.get(fraction, self.max_days_unemptied)

    def emptying_cents(self, container: Container) -> int:
        """Return what the crew's time at a container costs."""
        return round(container.emptying_s * self.hour_price_cents / 3600)

    def skip_price_cents(self, p_overflow: float) -> int:
        """Return what it costs to leave a container that overflows before the next chance so."""
        return round(p_overflow * self.overflow_price_cents)


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
    known_days = _longest_known(containers, belief)
    until_then = (next_chance_at - belief.as_of).total_seconds() / DAY_S
    choices = []
    for i, container in enumerate(containers):
        records = [evidence[name] for name in belief.evidence_ids[i]]
        emptied = belief.emptied_at[i]
        days = None if emptied is None else (belief.as_of - emptied).total_seconds() / DAY_S
        risk = float(risks[i])
        price = policy.skip_price_cents(risk)
        verdict, reason = _first_verdict(
            _Standing(
                risk=risk,
                worth_it=price >= policy.emptying_cents(container),
                carried=container.id in carried,
                waits_days=(known_days.get(container.fraction, 0.0) if days is None else days)
                + until_then,
                max_days=policy.max_days(container.fraction),
                schedule_days=float(belief.usual_days[i])
                if belief.doubts[i] and days is not None
                else None,
                seen_full=any(r.kind is EvidenceKind.PHOTO and r.value >= 0.5 for r in records),
            ),
            policy,
        )
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
                skip_price_cents=price,
                days_since_emptied=None if days is None else round(days, 1),
                evidence_ids=belief.evidence_ids[i],
                photo_id=newest_photo(records),
            )
        )
    return tuple(choices)


def settle(choices: Sequence[Choice], plan: Plan) -> tuple[Choice, ...]:
    """Return the choices as a plan has made them final."""
    served = {stop for route in plan.routes for stop in route.stop_ids}
    unserved = {u.stop_id: u.code for u in plan.unserved}
    return tuple(_settled(c, served, unserved.get(c.container_id)) for c in choices)


def _longest_known(containers: Sequence[Container], belief: Belief) -> dict[Fraction, float]:
    """Return for how many days emptyings of a fraction are known of, at least.

    A container without any emptying in that time was not emptied in it.
    """
    longest: dict[Fraction, float] = {}
    for container, when in zip(containers, belief.emptied_at, strict=True):
        if when is not None:
            days = (belief.as_of - when).total_seconds() / DAY_S
            longest[container.fraction] = max(days, longest.get(container.fraction, 0.0))
    return longest


@dataclass(frozen=True)
class _Standing:
    """How a container stands before any route is known.

    Parameters
    ----------
    worth_it : whether leaving it costs more than the crew's minutes at it.
    waits_days : days since its emptying until the chance after this one, at least.
    schedule_days : of its fixed schedule, where the belief should not decide.
    """

    risk: float
    worth_it: bool
    carried: bool
    waits_days: float
    max_days: float
    schedule_days: float | None
    seen_full: bool


def _first_verdict(standing: _Standing, policy: Policy) -> tuple[Verdict, ReasonCode]:
    if standing.carried:
        return Verdict.MUST, ReasonCode.CARRIED_OVER
    if standing.risk >= policy.must_p_overflow:
        seen = standing.seen_full
        return Verdict.MUST, ReasonCode.OVERFLOW_SEEN if seen else ReasonCode.OVERFLOW_CERTAIN
    if standing.waits_days > standing.max_days:
        return Verdict.MUST, ReasonCode.TOO_LONG_AGO
    if standing.schedule_days is not None and standing.waits_days > standing.schedule_days:
        return Verdict.MUST, ReasonCode.FIXED_SCHEDULE
    if standing.worth_it:
        return Verdict.CHOSEN, ReasonCode.WORTH_THE_DETOUR
    return Verdict.SKIP, ReasonCode.RISK_IS_SMALL


def _settled(choice: Choice, served: AbstractSet[str], code: UnservedCode | None) -> Choice:
    if choice.container_id in served:
        return _put_on_a_round(choice)
    if choice.verdict is Verdict.SKIP:
        return choice
    if code is UnservedCode.CHEAPER_TO_SKIP and choice.verdict is Verdict.CHOSEN:
        return replace(choice, verdict=Verdict.SKIP, reason=ReasonCode.NOT_WORTH_THE_DETOUR)
    return replace(
        choice,
        verdict=Verdict.CARRIED,
        reason=ReasonCode.COULD_NOT_SERVE,
        unserved=code or choice.unserved,
    )


def _put_on_a_round(choice: Choice) -> Choice:
    """Return the choice about a stop that is served; only a planner serves what was left out."""
    verdict = {Verdict.SKIP: Verdict.CHOSEN, Verdict.CARRIED: Verdict.MUST}.get(choice.verdict)
    if verdict is None:
        return choice
    return replace(choice, verdict=verdict, reason=ReasonCode.BY_HAND, unserved=None)


def newest_photo(records: Sequence[Evidence]) -> str | None:
    """Return the id of the newest photo among records, if there is one."""
    photos = [r for r in records if r.raw_ref.startswith("photo:")]
    if not photos:
        return None
    newest = max(photos, key=lambda r: r.seen_at)
    return newest.raw_ref.removeprefix("photo:").partition("#")[0]
