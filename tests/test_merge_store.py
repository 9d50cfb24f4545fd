"""Cases as a city lives with them: visits close them, reporters are told, hands are heard."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from city.cases import belonging, jobs_of
from city.container import Container, ContainerKind, Gear
from city.errors import NotFound
from city.evidence import Evidence, EvidenceKind
from city.fill import believe
from city.fraction import Fraction
from city.merge import Decision, apart
from city.municipality import Municipality
from city.place import Bounds, Position
from city.store import Store, cases, containers, ledger, municipalities, open_store
from operations.merge_evidence import decide, merge_evidence, record_visit

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SQUARE = Position(4.9, 52.37)


def container(name: str, east_m: float, kind: ContainerKind) -> Container:
    return Container(name, SQUARE.moved(east_m, 0), Fraction.RESIDUAL, kind, 5000)


PIT, CART = (
    container("P", 0, ContainerKind.UNDERGROUND),
    container("W", 200, ContainerKind.WHEELIE),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "town.sqlite", "town")
    bounds = Bounds(4.8, 52.3, 5.0, 52.4)
    municipalities.put(opened, Municipality("town", "Town", "Europe/Amsterdam", bounds))
    containers.put(opened, [PIT, CART])
    yield opened
    opened.close()


def said(
    ref: str,
    kind: EvidenceKind = EvidenceKind.SIDE_WASTE,
    *,
    at: datetime = MONDAY,
    east_m: float = 4.0,
    container_id: str | None = None,
    value: float = 1.0,
) -> Evidence:
    place = SQUARE.moved(east_m, 0)
    return Evidence(kind, value, at, at + HOUR, "t", ref, place, 15.0, container_id)


def test_one_visit_closes_all_reports_and_each_reporter_is_told_once(store: Store) -> None:
    ledger.add(store, [said("signalen:1"), said("signalen:2", east_m=-9), said("photo:x#0")])
    (case,) = merge_evidence(store, MONDAY + DAY).open_cases
    after = record_visit(store, case.id, at=MONDAY + DAY, by="crew 3", found=True)
    assert (after.open_cases, after.queued) == ((), 2)
    assert {w.ref for w in cases.waiting(store, "signalen")} == {"1", "2"}
    assert merge_evidence(store, MONDAY + DAY).queued == 0


def test_a_report_that_comes_in_after_its_visit_is_told_and_sends_nobody(store: Store) -> None:
    ledger.add(store, [said("signalen:1")])
    (case,) = merge_evidence(store, MONDAY + DAY).open_cases
    record_visit(store, case.id, at=MONDAY + DAY, by="crew 3", found=True)
    late = Evidence(EvidenceKind.SIDE_WASTE, 1.0, MONDAY + 2 * HOUR, MONDAY + 3 * DAY, "t",
                    "signalen:3", SQUARE.moved(20, 0), 15.0)  # fmt: skip
    ledger.add(store, [late])
    merged = merge_evidence(store, MONDAY + 4 * DAY)
    assert (merged.open_cases, merged.queued) == ((), 1)


def test_a_report_seen_after_the_visit_opens_a_new_case(store: Store) -> None:
    ledger.add(store, [said("signalen:1")])
    (case,) = merge_evidence(store, MONDAY + DAY).open_cases
    record_visit(store, case.id, at=MONDAY + DAY, by="crew 3", found=True)
    ledger.add(store, [said("signalen:4", at=MONDAY + 2 * DAY)])
    (again,) = merge_evidence(store, MONDAY + 3 * DAY).open_cases
    assert again.id != case.id


def test_a_weighing_closes_what_was_said_of_a_full_container(store: Store) -> None:
    report = said("signalen:1", EvidenceKind.REPORT)
    weighed = said("w:1", EvidenceKind.EMPTYING, at=MONDAY + DAY, container_id="P", value=300.0)
    ledger.add(store, [report, weighed, said("signalen:2")])
    (left,) = merge_evidence(store, MONDAY + 2 * DAY).open_cases
    assert [w.ref for w in cases.waiting(store, "signalen")] == ["1"]
    assert left.matter.value == "loose-waste"


def test_what_a_hand_decided_is_kept_and_can_be_undone(store: Store) -> None:
    records = [said("a"), said("b")]
    ledger.add(store, records)
    (before,) = merge_evidence(store, MONDAY + DAY).cases
    part = Decision(records[1].id, apart(records[1].id), "Noor", MONDAY + DAY, "another heap")
    assert len(decide(store, part).cases) == 2
    undo = Decision(records[1].id, None, "Noor", MONDAY + 2 * DAY, "no, the same")
    assert decide(store, undo).cases == (before,)
    assert cases.decisions(store, records[1].id) == (part, undo)


def test_what_is_not_there_cannot_be_decided_on(store: Store) -> None:
    ledger.add(store, [said("a")])
    with pytest.raises(NotFound, match="nothing"):
        decide(store, Decision("nothing", None, "Noor", MONDAY))
    with pytest.raises(NotFound, match="elsewhere"):
        decide(store, Decision(said("a").id, "elsewhere", "Noor", MONDAY + DAY))
    with pytest.raises(NotFound, match="elsewhere"):
        record_visit(store, "elsewhere", at=MONDAY, by="crew", found=False)


def test_a_status_that_was_not_taken_stays_in_the_queue(store: Store) -> None:
    change = cases.StatusChange("signalen", "1", "c", MONDAY)
    cases.queue(store, [change], MONDAY)
    cases.not_told(store, change, "503")
    (still,) = cases.waiting(store, "signalen")
    assert (still.attempts, still.last_error) == (1, "503")
    cases.told(store, still, MONDAY)
    assert cases.waiting(store, "signalen") == ()


def test_a_full_pit_with_bags_beside_it_is_two_jobs_in_order(store: Store) -> None:
    ledger.add(store, [said("a", EvidenceKind.REPORT), said("b")])
    lift, sweep = jobs_of(merge_evidence(store, MONDAY + DAY).cases, [PIT, CART])
    assert (lift.gear, lift.container_id) == (Gear.CRANE, "P")
    assert (sweep.gear, sweep.container_id, sweep.after) == (Gear.REAR_LOADER, None, (lift.id,))


def test_bags_beside_a_pit_that_a_plan_chose_wait_for_its_emptying(store: Store) -> None:
    ledger.add(store, [said("b")])
    found = merge_evidence(store, MONDAY + DAY).cases
    (alone,) = jobs_of(found, [PIT, CART])
    lift, sweep = jobs_of(found, [PIT, CART], chosen=["P"])
    assert (alone.after, sweep.after, lift.case_id) == ((), (lift.id,), "")


def test_bags_beside_a_wheelie_bin_need_no_other_truck_first(store: Store) -> None:
    ledger.add(store, [said("a", EvidenceKind.REPORT, east_m=199), said("b", east_m=201)])
    lift, sweep = jobs_of(merge_evidence(store, MONDAY + DAY).cases, [PIT, CART])
    assert (lift.gear, sweep.after) == (Gear.REAR_LOADER, ())


def test_what_was_said_of_a_place_is_believed_of_the_container_that_stands_there(
    store: Store,
) -> None:
    emptied = said("w", EvidenceKind.DRIVER_TAP, at=MONDAY - 5 * DAY, container_id="P", value=0.8)
    report = said("signalen:1", EvidenceKind.REPORT, east_m=9)
    far = said("signalen:2", EvidenceKind.REPORT, east_m=90)
    ledger.add(store, [emptied, report, far])
    merged = merge_evidence(store, MONDAY + DAY)
    belongs = belonging(merged.cases, merged.evidence)
    assert belongs == {report.id: ("P",)}
    records = [emptied, report, far]
    deaf, told = (believe([PIT], records, MONDAY + DAY, belongs=names) for names in ({}, belongs))
    assert told.p_overflow[0] > deaf.p_overflow[0]
    assert told.evidence_ids[0] == (emptied.id, report.id)


def test_a_crew_that_emptied_a_container_has_emptied_it_and_one_that_found_nothing_has_answered(
    store: Store,
) -> None:
    history = [
        said(f"w{k}", EvidenceKind.DRIVER_TAP, at=MONDAY - (4 + 7 * k) * DAY, container_id="P")
        for k in range(5)
    ]
    report = said("signalen:1", EvidenceKind.REPORT, east_m=5)
    ledger.add(store, [*history, report])

    def p_overflow() -> float:
        merged = merge_evidence(store, MONDAY + DAY)
        belongs = belonging(merged.cases, merged.evidence)
        records = ledger.since(store, MONDAY - 60 * DAY, MONDAY + DAY)
        return float(believe([PIT], records, MONDAY + DAY, belongs=belongs).p_overflow[0])

    reported = p_overflow()
    (case,) = merge_evidence(store, MONDAY + DAY).open_cases
    for found in (False, True):
        at = MONDAY + (3 + found) * HOUR
        (closed,) = record_visit(store, case.id, at=at, by="crew", found=found).cases
        assert closed.closed_at is not None
        visited = p_overflow()
        assert visited < reported
        reported = visited
    assert reported < 0.01


def test_a_report_that_may_mean_either_of_two_containers_says_less_of_each() -> None:
    twin = container("Q", 2, ContainerKind.UNDERGROUND)
    report = said("signalen:1", EvidenceKind.REPORT)
    one, two = (
        believe([PIT, twin], [report], MONDAY + DAY, belongs={report.id: names}).p_overflow[0]
        for names in (("P",), ("P", "Q"))
    )
    assert one > two


def test_who_speaks_last_is_heard_even_where_the_clock_stands_still(store: Store) -> None:
    ledger.add(store, [said("signalen:1"), said("signalen:2", east_m=-9)])
    (case,) = merge_evidence(store, MONDAY + DAY).open_cases
    record = case.evidence_ids[0]
    for where, expected in ((apart(record), 2), (None, 1), (apart(record), 2)):
        decided = decide(store, Decision(record, where, "Jo", MONDAY + DAY))
        assert len(decided.open_cases) == expected
