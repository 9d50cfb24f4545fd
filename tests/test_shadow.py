"""Shadow mode and fairness: what the store of a live city says of a period."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.container import Container, ContainerKind
from city.errors import BadInput
from city.evidence import Evidence, EvidenceKind
from city.fairness import attention, by_neighbourhood
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Bounds, Position
from city.plan import Choice, DayPlan, Plan, ReasonCode, Route, Verdict, Visit, VisitKind
from city.store import Store, containers, ledger, municipalities, open_store, plans
from operations.hold_expectations import held_by_day, held_by_neighbourhood
from operations.report_fairness import report_fairness
from operations.score_shadow import Agreement, read_agreement, score_shadow

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST, LAST = date(2026, 10, 5), date(2026, 10, 11)
HERE, FAR = Position(4.81, 52.39), Position(4.95, 52.33)
BINS = tuple(
    Container(name, at, Fraction.RESIDUAL, ContainerKind.UNDERGROUND, 5_000)
    for name, at in (("A", HERE), ("B", HERE.moved(50.0, 0.0)), ("C", FAR))
)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=ZONE)


def said(kind: EvidenceKind, name: str, when: datetime, value: float = 1.0) -> Evidence:
    ref = f"{kind}/{name}/{when.isoformat()}"
    return Evidence(kind, value, when, when, "t", ref, HERE, 5.0, name)


def planned(day: int, made_at: datetime, fills: dict[str, float]) -> DayPlan:
    visits = tuple(Visit(VisitKind.STOP, name, 0, 0, length_m=1_000) for name in fills)
    ends = Visit(VisitKind.START, "d", 0, 0), Visit(VisitKind.END, "d", 9, 9)
    choices = tuple(
        Choice(name, Verdict.MUST, ReasonCode.OVERFLOW_CERTAIN, fill, fill, fill, 0.5, 0, 0, 0)
        for name, fill in fills.items()
    )
    route = Route("v", (ends[0], *visits, ends[1]))
    name = f"202610{day:02d}-{made_at:%d%H}"
    return DayPlan(name, "m", date(2026, 10, day), made_at, "e", Plan((route,), ()), choices)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(tmp_path / "city.sqlite", "m")
    bounds = Bounds(4.7, 52.2, 5.1, 52.5)
    municipalities.put(opened, Municipality("m", "M", str(ZONE), bounds))
    containers.put(opened, BINS)
    return opened


def test_signs_that_a_plan_answers_are_in_time_and_others_late(store: Store) -> None:
    ledger.add(store, [
        said(EvidenceKind.REPORT, "A", at(5)),
        said(EvidenceKind.REPORT, "A", at(6)),
        said(EvidenceKind.PHOTO, "B", at(5), 0.9),
        said(EvidenceKind.PHOTO, "C", at(5), 0.2),
    ])  # fmt: skip
    plans.add(store, planned(7, at(6, 20), {"A": 0.9}), b"", {})
    found = score_shadow(store, Agreement(FIRST, LAST, least_days=1, most_late_share=0.4))
    assert (found.signs, found.late) == (2, 1)
    assert found.reasons == ("50% of signs answered late; 40% was agreed",)


def test_expected_fill_is_held_against_what_the_standing_rounds_weighed(store: Store) -> None:
    half_full_kg = BINS[0].weight_kg(0.5)
    ledger.add(store, [said(EvidenceKind.EMPTYING, "A", at(7), half_full_kg)])
    plans.add(store, planned(7, at(6, 20), {"A": 0.9}), b"", {})
    found = score_shadow(store, Agreement(FIRST, LAST, least_days=1, standing_km_a_day=0.5))
    assert found.fill_error == pytest.approx(0.4)
    assert len(found.reasons) == 2
    assert "off by 0.40" in found.reasons[0]
    assert "plans drive 1.0 km a day; at most 0.5 was agreed" in found.reasons[1]


def test_expectations_are_held_emptying_by_emptying_by_day_and_by_neighbourhood(
    store: Store,
) -> None:
    half_full_kg = BINS[0].weight_kg(0.5)
    ledger.add(store, [
        said(EvidenceKind.EMPTYING, "A", at(7), half_full_kg),
        said(EvidenceKind.DRIVER_TAP, "B", at(7), 1.0),
        said(EvidenceKind.EMPTIED, "A", at(8)),
        said(EvidenceKind.DRIVER_TAP, "C", at(8), 0.25),
        said(EvidenceKind.DRIVER_TAP, "C", at(9), 0.25),
    ])  # fmt: skip
    plans.add(store, planned(7, at(6, 20), {"A": 0.9, "B": 1.3}), b"", {})
    plans.add(store, planned(8, at(7, 20), {"A": 0.9, "C": 0.75}), b"", {})
    held = score_shadow(store, Agreement(FIRST, LAST)).held
    assert sorted((each.container_id, each.within) for each in held) == [
        ("A", False), ("B", True), ("C", False),
    ]  # fmt: skip
    (first, tally), (second, _) = held_by_day(held)
    assert (first, second) == (date(2026, 10, 7), date(2026, 10, 8))
    assert (tally.weighed, tally.tapped, tally.n) == (1, 1, 2)
    assert tally.expected == pytest.approx(0.95)
    assert tally.found == pytest.approx(0.75)
    assert tally.error == pytest.approx(0.2)
    (_, far), (_, here) = held_by_neighbourhood(held, BINS)
    assert (far.n, here.n) == (1, 2)
    assert far.error == pytest.approx(0.5)


def test_a_plan_made_on_its_own_day_does_not_count(store: Store) -> None:
    plans.add(store, planned(7, at(7, 5), {"A": 0.9}), b"", {})
    found = score_shadow(store, Agreement(FIRST, LAST, least_days=1))
    assert found.days == 0
    assert found.reasons == ("0 days have a plan; at least 1 were agreed",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("first = 2026-10-05", "agreement"),
        ("first = 2026-10-05\nlast = 2026-10-01", "period-order"),
        ("first = 2026-10-05\nlast = 2026-10-09\nmost_lat = 1", "agreement"),
        ("first = ", "agreement"),
    ],
)
def test_an_agreement_that_cannot_be_read_is_said(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(text)
    with pytest.raises(BadInput) as bad:
        read_agreement(file)
    assert {fault.code for fault in bad.value.faults} == {code}


def test_neighbourhoods_tell_where_people_wait_though_they_seldom_report(store: Store) -> None:
    ledger.add(store, [
        said(EvidenceKind.REPORT, "A", at(5)),
        said(EvidenceKind.REPORT, "B", at(5)),
        said(EvidenceKind.EMPTYING, "A", at(6), 100.0),
        said(EvidenceKind.EMPTYING, "B", at(6), 100.0),
        said(EvidenceKind.PHOTO, "C", at(5), 0.9),
        said(EvidenceKind.EMPTYING, "C", at(10), 100.0),
    ])  # fmt: skip
    far, here = report_fairness(store, FIRST, LAST)
    assert (far.containers, far.reports, far.mean_wait_days, far.detections) == (1, 0.0, 5.0, 1.0)
    assert (here.containers, here.reports, here.mean_wait_days) == (2, 1.0, 1.0)
    with pytest.raises(BadInput, match="ends before it begins"):
        report_fairness(store, LAST, FIRST)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(list(EvidenceKind)),
                          st.integers(0, 100)), max_size=30))  # fmt: skip
def test_waiting_is_never_counted_twice(said_of: list[tuple[str, EvidenceKind, int]]) -> None:
    start = at(5, 0)
    records = [said(kind, name, start + timedelta(hours=h)) for name, kind, h in said_of]
    given_to = attention(BINS, records, start + timedelta(hours=100))
    assert (given_to.waited_days <= 100 / 24 + 1e-9).all()
    assert sum(n.containers for n in by_neighbourhood(BINS, given_to)) == len(BINS)
