"""The belief about fill: sharpened by evidence, widened by time, never certain of nothing."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.container import Container, ContainerKind
from city.emptyings import intervals
from city.evidence import EMPTIES, Evidence, EvidenceKind
from city.fill import LEVELS, Belief, Doubt, believe, by_container
from city.fraction import Fraction
from city.inflow import learn
from city.place import Position

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
HERE = Position(24.94, 60.17)


def wheelie(name: str = "W") -> Container:
    return Container(name, HERE, Fraction.RESIDUAL, ContainerKind.WHEELIE, 1000)


def underground(name: str = "U") -> Container:
    return Container(name, HERE, Fraction.RESIDUAL, ContainerKind.UNDERGROUND, 5000)


def record(kind: EvidenceKind, value: float, days_ago: float, name: str = "W") -> Evidence:
    when = NOW - timedelta(days=days_ago)
    ref = f"{kind}/{name}/{days_ago}/{value}"
    return Evidence(kind, value, when, when, "test", ref, HERE, 5.0, name)


def emptied_weekly(fill: float, name: str = "W", weeks: int = 8) -> list[Evidence]:
    return [record(EvidenceKind.DRIVER_TAP, fill, 7.0 * k + 3, name) for k in range(weeks)]


def believe_one(container: Container, records: list[Evidence]) -> Belief:
    return believe([container], records, NOW)


def test_a_container_fills_at_the_rate_that_its_emptyings_showed() -> None:
    belief = believe_one(wheelie(), emptied_weekly(0.7))
    assert belief.mean[0] == pytest.approx(0.3, abs=0.06)  # 0.1 a day, emptied 3 days ago


def test_weighings_teach_the_same_as_taps() -> None:
    full_kg = wheelie().weight_kg(1.0)
    weighed = [
        Evidence(EvidenceKind.EMPTYING, 0.7 * full_kg, r.seen_at, r.seen_at, "w", r.raw_ref,
                 HERE, 5.0, "W")
        for r in emptied_weekly(0.7)
    ]  # fmt: skip
    tapped = believe_one(wheelie(), emptied_weekly(0.7))
    np.testing.assert_allclose(believe_one(wheelie(), weighed).mean, tapped.mean)


def test_a_new_container_is_believed_to_fill_like_others_of_its_kind() -> None:
    known = [w for k in range(5) for w in emptied_weekly(0.9, f"W{k}")]
    new = record(EvidenceKind.DRIVER_TAP, 0.1, 3, "NEW")
    containers = [wheelie(f"W{k}") for k in range(5)] + [wheelie("NEW")]
    belief = believe(containers, [*known, new], NOW)
    assert belief.mean[-1] == pytest.approx(belief.mean[0], abs=0.08)
    wide = belief.quantile(0.9) - belief.quantile(0.1)
    assert wide[-1] > wide[0]


@pytest.mark.parametrize("kind", [EvidenceKind.PHOTO, EvidenceKind.REPORT, EvidenceKind.SIDE_WASTE])
def test_who_sees_it_full_raises_the_belief(kind: EvidenceKind) -> None:
    history = emptied_weekly(0.7)
    before = believe_one(wheelie(), history).p_overflow[0]
    after = believe_one(wheelie(), [*history, record(kind, 1.0, 0.5)]).p_overflow[0]
    assert after > before


def test_a_photo_that_shows_no_overflow_lowers_the_belief() -> None:
    history = emptied_weekly(2.0)
    before = believe_one(wheelie(), history).p_overflow[0]
    seen = record(EvidenceKind.PHOTO, 0.02, 0.1)
    assert believe_one(wheelie(), [*history, seen]).p_overflow[0] < before


def test_the_outside_of_an_underground_container_says_less_than_an_open_bin() -> None:
    def rise(container: Container) -> float:
        history = emptied_weekly(1.2, container.id)
        tidy = record(EvidenceKind.PHOTO, 0.02, 0.1, container.id)
        before = believe_one(container, history).p_overflow[0]
        return float(before - believe_one(container, [*history, tidy]).p_overflow[0])

    assert rise(underground()) < rise(wheelie())


def test_a_sensor_is_nearly_taken_at_its_word() -> None:
    history = emptied_weekly(0.7)
    read = record(EvidenceKind.SENSOR, 0.45, 0.0)
    before, after = believe_one(wheelie(), history), believe_one(wheelie(), [*history, read])
    assert after.mean[0] == pytest.approx(0.45, abs=0.08)
    assert spread(after) < spread(before)


def spread(belief: Belief) -> float:
    mean = belief.mean[0]
    return float(np.sqrt(belief.levels[0] @ (LEVELS - mean) ** 2))


def test_ten_reports_on_one_day_count_as_one() -> None:
    history = emptied_weekly(0.7)
    reports = [record(EvidenceKind.REPORT, 1.0, 0.2 + k / 100) for k in range(10)]
    ten = believe_one(wheelie(), [*history, *reports]).p_overflow[0]
    one = believe_one(wheelie(), [*history, reports[-1]]).p_overflow[0]
    assert ten == pytest.approx(one, abs=0.02)


def test_evidence_without_trust_changes_nothing() -> None:
    history = emptied_weekly(0.7)
    seen = record(EvidenceKind.PHOTO, 1.0, 0.5)
    ignored = Evidence(seen.kind, seen.value, seen.seen_at, seen.received_at, seen.source,
                       seen.raw_ref, HERE, 5.0, "W", trust=0.0)  # fmt: skip
    with_it = believe_one(wheelie(), [*history, ignored])
    np.testing.assert_allclose(with_it.mean, believe_one(wheelie(), history).mean, atol=1e-3)


def test_emptying_starts_anew() -> None:
    records = [*emptied_weekly(0.7), record(EvidenceKind.REPORT, 1.0, 1.0),
               record(EvidenceKind.DRIVER_TAP, 1.0, 0.01)]  # fmt: skip
    belief = believe_one(wheelie(), records)
    assert belief.mean[0] < 0.05
    assert belief.evidence_ids[0] == (records[-1].id,)


def test_an_emptying_of_unknown_fill_empties_and_is_no_lesson() -> None:
    history = emptied_weekly(0.7)
    when = NOW - timedelta(days=1)
    noted = Evidence(EvidenceKind.EMPTIED, 1.0, when, when, "crew", "visit", HERE, 0.0, "W")
    belief = believe_one(wheelie(), [*history, noted])
    assert belief.emptied_at == (when,)
    assert belief.mean[0] == pytest.approx(0.1, abs=0.05)
    # Two days' filling was found the day after: not the five since the last weighing.
    tap = record(EvidenceKind.DRIVER_TAP, 0.15, 0.0)
    (*_, last) = intervals(wheelie(), sorted([*history, noted, tap], key=lambda r: r.seen_at))
    assert last[0] == 0.15
    assert last[2] == pytest.approx(1.0)


def test_one_lift_that_is_noted_and_then_weighed_is_one_emptying() -> None:
    history = sorted(emptied_weekly(0.7), key=lambda r: r.seen_at)
    lift = NOW - timedelta(minutes=30)
    noted = Evidence(EvidenceKind.EMPTIED, 1.0, lift, lift, "crew", "visit", HERE, 0.0, "W")
    tap = record(EvidenceKind.DRIVER_TAP, 0.3, 0.0)
    found = list(intervals(wheelie(), [*history, noted, tap]))
    assert len(found) == len(history)
    assert found[-1][0] == 0.3
    assert found[-1][2] == pytest.approx(3.0, abs=0.05)


def test_nothing_known_is_not_taken_for_empty() -> None:
    belief = believe_one(wheelie(), [])
    assert 0.4 < belief.mean[0] < 0.6
    assert belief.emptied_at == (None,)


@settings(deadline=None)
@given(
    rate=st.floats(0.005, 0.4),
    days=st.floats(0.01, 30),
    kinds=st.lists(st.sampled_from([k for k in EvidenceKind if k not in EMPTIES]), max_size=4),
)
def test_belief_stays_a_distribution_and_time_only_fills(
    rate: float, days: float, kinds: list[EvidenceKind]
) -> None:
    records = [*emptied_weekly(min(7 * rate, 2.0))]
    records += [record(kind, 1.0, 2.0 / (1 + k)) for k, kind in enumerate(kinds)]
    belief = believe_one(wheelie(), records)
    later = belief.at(NOW + timedelta(days=days))
    for each in (belief, later):
        assert each.mass.min() >= 0
        np.testing.assert_allclose(each.mass.sum(), 1.0, atol=1e-9)
    assert later.mean[0] >= belief.mean[0] - 1e-9
    assert later.p_overflow[0] >= belief.p_overflow[0] - 1e-9
    assert later.quantile(0.1)[0] <= later.quantile(0.9)[0] <= LEVELS[-1]


def test_inflow_keeps_its_mean_however_short_the_time() -> None:
    belief = believe_one(wheelie(), emptied_weekly(0.7))
    hourly = belief
    for hour in range(24):
        hourly = hourly.at(NOW + timedelta(hours=hour + 1))
    assert hourly.mean[0] == pytest.approx(belief.at(NOW + timedelta(days=1)).mean[0], abs=1e-3)


def test_a_belief_brought_up_to_date_is_the_one_made_anew() -> None:
    containers = [wheelie(f"W{k}") for k in range(4)]
    history = [r for k in range(4) for r in emptied_weekly(0.5 + 0.1 * k, f"W{k}")]
    today = [
        record(EvidenceKind.PHOTO, 0.9, 0.2, "W1"),
        record(EvidenceKind.SENSOR, 0.4, 0.1, "W2"),
        record(EvidenceKind.REPORT, 1.0, 0.3, "W2"),
        # As was to be expected: a surprise would teach the others too, by the next night.
        record(EvidenceKind.DRIVER_TAP, 0.31, 0.25, "W3"),
    ]
    night = NOW - timedelta(days=0.5)
    by_id = by_container(history, night)
    inflow = learn(containers, by_id, night)
    before = believe(containers, history, night, inflow)
    updated = before.update(containers, today, NOW, inflow.heard(today))
    anew = believe(containers, [*history, *today], NOW, inflow.heard(today))
    np.testing.assert_allclose(updated.mean, anew.mean, atol=0.03)
    np.testing.assert_allclose(updated.p_overflow, anew.p_overflow, atol=0.03)
    assert updated.emptied_at == anew.emptied_at
    assert updated.evidence_ids == anew.evidence_ids


def test_the_longer_nothing_is_heard_the_less_is_claimed() -> None:
    def width(belief: Belief) -> float:
        return float(belief.quantile(0.9)[0] - belief.quantile(0.1)[0])

    fresh = believe_one(wheelie(), emptied_weekly(0.5))
    widths = [width(fresh.at(NOW + timedelta(days=days))) for days in (0, 2, 4)]
    assert widths[0] < widths[1] < widths[2]
    seen = [*emptied_weekly(0.5), record(EvidenceKind.SENSOR, 0.3, 0.0)]
    assert width(believe_one(wheelie(), seen)) < widths[0]


@pytest.mark.parametrize(
    ("records", "doubt"),
    [
        ([], Doubt.NEVER_EMPTIED),
        ([record(EvidenceKind.SENSOR, 0.5, 1)], Doubt.NEVER_EMPTIED),
        (emptied_weekly(0.7, weeks=2), Doubt.LITTLE_HISTORY),
        (emptied_weekly(0.7), None),
        ([record(EvidenceKind.DRIVER_TAP, 0.7, 40 + 7 * k) for k in range(8)], Doubt.UNHEARD),
    ],
)
def test_what_a_belief_rests_on_decides_whether_it_may_decide(
    records: list[Evidence], doubt: Doubt | None
) -> None:
    belief = believe_one(wheelie(), records)
    assert belief.doubts == (doubt,)
    assert belief.stale[0] == (doubt is not None)


def test_a_reading_ends_the_silence() -> None:
    long_ago = [record(EvidenceKind.DRIVER_TAP, 0.7, 40 + 7 * k) for k in range(8)]
    assert believe_one(wheelie(), [*long_ago, record(EvidenceKind.SENSOR, 0.8, 1)]).doubts == (
        None,
    )
