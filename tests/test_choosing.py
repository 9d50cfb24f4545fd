"""Must, may or skip: what decides it, and what a plan makes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.choosing import Policy, settle, weigh
from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fill import believe
from city.fraction import Fraction
from city.place import Position
from city.plan import (
    Choice,
    Plan,
    ReasonCode,
    Route,
    Unserved,
    UnservedCode,
    Verdict,
    Visit,
    VisitKind,
)
from operations.pose import stop_of

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
HERE = Position(24.94, 60.17)
BIN = Container("B", HERE, Fraction.RESIDUAL, ContainerKind.WHEELIE, 1000)


def record(kind: EvidenceKind, value: float, days_ago: float, ref: str = "") -> Evidence:
    when = NOW - timedelta(days=days_ago)
    return Evidence(kind, value, when, when, "t", ref or f"{kind}{days_ago}", HERE, 5.0, "B")


def emptied(fill: float, days_ago: float) -> list[Evidence]:
    return [record(EvidenceKind.DRIVER_TAP, fill, days_ago + 7 * k) for k in range(8)]


def weigh_bin(
    records: list[Evidence], carried: frozenset[str] = frozenset(), policy: Policy | None = None
) -> Choice:
    belief = believe([BIN], records, NOW)
    (choice,) = weigh(
        [BIN],
        belief,
        visit_at=NOW + timedelta(hours=12),
        next_chance_at=NOW + timedelta(days=2),
        carried=carried,
        evidence={r.id: r for r in records},
        policy=policy or Policy(),
    )
    return choice


def test_an_empty_container_is_skipped_because_the_risk_is_small() -> None:
    choice = weigh_bin(emptied(0.4, 1))
    assert (choice.verdict, choice.reason) == (Verdict.SKIP, ReasonCode.RISK_IS_SMALL)


def test_a_container_that_will_overflow_is_a_must() -> None:
    choice = weigh_bin(emptied(1.0, 8))
    assert (choice.verdict, choice.reason) == (Verdict.MUST, ReasonCode.OVERFLOW_CERTAIN)
    assert choice.fill_low <= choice.fill <= choice.fill_high


def test_an_overflow_in_a_photo_is_the_reason_given() -> None:
    seen = record(EvidenceKind.PHOTO, 0.97, 0.5, "photo:abc#0")
    choice = weigh_bin([*emptied(0.9, 6), seen])
    assert (choice.verdict, choice.reason) == (Verdict.MUST, ReasonCode.OVERFLOW_SEEN)
    assert choice.photo_id == "abc"
    assert seen.id in choice.evidence_ids


def test_a_likely_but_not_certain_overflow_has_a_price() -> None:
    choice = weigh_bin(emptied(0.75, 5))
    assert choice.verdict is Verdict.CHOSEN
    assert choice.skip_price_cents == pytest.approx(choice.p_overflow * 6000, abs=1)


def test_what_was_left_undone_yesterday_comes_first() -> None:
    choice = weigh_bin(emptied(0.4, 1), carried=frozenset({"B"}))
    assert (choice.verdict, choice.reason) == (Verdict.MUST, ReasonCode.CARRIED_OVER)


def test_nothing_waits_longer_than_the_municipality_allows() -> None:
    choice = weigh_bin(emptied(0.1, 6), policy=Policy(max_days_unemptied=5))
    assert (choice.verdict, choice.reason) == (Verdict.MUST, ReasonCode.TOO_LONG_AGO)


def test_the_longest_wait_counts_until_the_next_chance_and_each_fraction_has_its_own() -> None:
    # Emptied 4 days ago; the chance after this one is in 2.
    def verdict(**policy: Any) -> Verdict:
        return weigh_bin(emptied(0.1, 4), policy=Policy(**policy)).verdict

    assert verdict(max_days_unemptied=6) is Verdict.SKIP
    assert verdict(max_days_unemptied=5) is Verdict.MUST
    assert verdict(max_days_by_fraction={Fraction.RESIDUAL: 5}) is Verdict.MUST
    assert verdict(max_days_unemptied=5, max_days_by_fraction={Fraction.RESIDUAL: 9}) is (
        Verdict.SKIP
    )


def test_a_container_never_emptied_while_others_were_has_waited_too_long() -> None:
    unknown = Container("N", HERE, Fraction.RESIDUAL, ContainerKind.WHEELIE, 1000)
    other = Container("G", HERE, Fraction.GLASS, ContainerKind.WHEELIE, 1000)
    records = [*emptied(0.1, 9), record(EvidenceKind.SENSOR, 0.05, 0.1)]
    containers = [BIN, unknown, other]
    choices = weigh(
        containers,
        believe(containers, records, NOW),
        visit_at=NOW + timedelta(hours=12),
        next_chance_at=NOW + timedelta(days=2),
        carried=frozenset(),
        evidence={r.id: r for r in records},
        policy=Policy(max_days_unemptied=10, must_p_overflow=1.0),
    )
    assert [c.reason for c in choices[:2]] == [ReasonCode.TOO_LONG_AGO] * 2
    # Of glass no emptying is known at all: nothing says that it waited.
    assert choices[2].verdict is not Verdict.MUST


@given(st.integers(2, 30), st.floats(0.0, 40.0), st.floats(0.0, 1.5))
@settings(deadline=None, max_examples=30)
def test_no_belief_lets_a_container_wait_longer_than_its_fraction_may(
    max_days: int, days_ago: float, fill: float
) -> None:
    choice = weigh_bin(emptied(fill, days_ago), policy=Policy(max_days_unemptied=max_days))
    assert choice.verdict is Verdict.MUST or days_ago + 2 <= max_days + 1e-9


def test_a_container_of_which_too_little_is_known_goes_by_its_fixed_schedule() -> None:
    # Emptied weekly, then nothing was heard for 19 days: more than the belief should bridge.
    long_ago = [record(EvidenceKind.DRIVER_TAP, 0.05, 22 + 7 * k) for k in range(8)]
    generous = Policy(max_days_unemptied=60)
    choice = weigh_bin(long_ago, policy=generous)
    assert (choice.verdict, choice.reason) == (Verdict.MUST, ReasonCode.FIXED_SCHEDULE)
    heard = weigh_bin([*long_ago, record(EvidenceKind.SENSOR, 0.05, 0.1)], policy=generous)
    assert heard.verdict is Verdict.SKIP


@pytest.mark.parametrize(
    ("before", "code", "verdict", "reason"),
    [
        (Verdict.CHOSEN, None, Verdict.CHOSEN, ReasonCode.WORTH_THE_DETOUR),
        (Verdict.CHOSEN, UnservedCode.CHEAPER_TO_SKIP, Verdict.SKIP,
         ReasonCode.NOT_WORTH_THE_DETOUR),
        (Verdict.MUST, UnservedCode.NO_ROOM, Verdict.CARRIED, ReasonCode.COULD_NOT_SERVE),
        (Verdict.CHOSEN, UnservedCode.UNREACHABLE, Verdict.CARRIED, ReasonCode.COULD_NOT_SERVE),
    ],
)  # fmt: skip
def test_the_plan_settles_the_choice(
    before: Verdict, code: UnservedCode | None, verdict: Verdict, reason: ReasonCode
) -> None:
    choice = Choice("B", before, ReasonCode.WORTH_THE_DETOUR, 0.8, 0.6, 1.0, 0.3, 80, 800, 1800)
    served = Route("T", (Visit(VisitKind.STOP, "B", 0, 60),))
    plan = Plan((), (Unserved("B", code),)) if code else Plan((served,), ())
    (settled,) = settle([choice], plan)
    assert (settled.verdict, settled.reason, settled.unserved) == (
        verdict, reason, code if verdict is Verdict.CARRIED else None
    )  # fmt: skip


def test_a_load_is_as_uncertain_as_the_fill_is_believed_to_be() -> None:
    young, old = (stop_of(BIN, weigh_bin(emptied(0.6, days)), 1) for days in (1, 6))
    assert 0 < young.weight_sd_kg < old.weight_sd_kg
    assert old.weight_sd_kg / old.weight_kg == pytest.approx(old.volume_sd_l / old.volume_l, 0.05)
