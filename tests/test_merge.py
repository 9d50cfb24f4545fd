"""Merging: one case is one visit, however many spoke of it; and hands can overrule it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.cases import Case, CaseVisit, Matter, matter_of, spots_of, visits_in
from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.facility import Assignment
from city.fraction import Fraction
from city.merge import Decision, apart, merge
from city.place import Position

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
SQUARE = Position(4.9, 52.37)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def container(name: str, east_m: float, fraction: Fraction = Fraction.RESIDUAL) -> Container:
    return Container(name, SQUARE.moved(east_m, 0), fraction, ContainerKind.UNDERGROUND, 5000)


NEAR, BESIDE, FAR = container("A", 0), container("B", 3), container("C", 55)
SPOTS = spots_of([NEAR, BESIDE, FAR])
_numbers = iter(range(1_000_000))


def said(
    east_m: float,
    kind: EvidenceKind = EvidenceKind.SIDE_WASTE,
    at: datetime = MONDAY,
    sd_m: float = 15.0,
    *,
    value: float = 1.0,
    container_id: str | None = None,
    fraction: Fraction | None = None,
    north_m: float = 0.0,
) -> Evidence:
    place = SQUARE.moved(east_m, north_m)
    ref = f"r{next(_numbers)}"
    return Evidence(
        kind, value, at, at + HOUR, "t", ref, place, sd_m, container_id, fraction=fraction
    )


def swept(
    at: datetime, matter: Matter = Matter.LOOSE_WASTE, found: bool | None = None
) -> CaseVisit:
    return CaseVisit(matter, at, SQUARE, "crew", "v", ("A", "B"), found=found)


def together(cases: Sequence[Case]) -> list[set[str]]:
    return sorted(({*case.evidence_ids} for case in cases), key=sorted)


def test_containers_that_stand_together_are_one_spot() -> None:
    assert [s.container_ids for s in SPOTS] == [("A", "B"), ("C",)]
    assert spots_of([]) == ()


def test_reports_and_photos_of_one_place_are_one_case() -> None:
    records = [said(-12), said(20), said(2, sd_m=5.0), said(-3, sd_m=5.0, at=MONDAY + DAY)]
    (case,) = merge(records, SPOTS)
    assert set(case.evidence_ids) == {r.id for r in records}
    assert (case.spot_id, case.is_open) == ("A", True)
    assert (case.first_seen_at, case.last_seen_at) == (MONDAY, MONDAY + DAY)


def test_two_places_a_street_apart_stay_two_cases() -> None:
    here, there = [said(-5), said(4, sd_m=5.0)], [said(58), said(54, sd_m=5.0)]
    cases = merge([*here, *there], SPOTS)
    assert [c.spot_id for c in cases if {*c.evidence_ids} == {r.id for r in here}] == ["A"]
    assert [c.spot_id for c in cases if {*c.evidence_ids} == {r.id for r in there}] == ["C"]


def test_a_sharp_position_is_held_to_its_place_where_a_vague_one_is_not() -> None:
    sure = [said(2, sd_m=2.0), said(1, sd_m=2.0)]
    vague, sharp = said(35, sd_m=15.0), said(45, sd_m=3.0)
    assert together(merge([*sure, vague], SPOTS)) == [{r.id for r in (*sure, vague)}]
    assert {sharp.id} in together(merge([*sure, sharp], SPOTS))


def test_what_is_full_and_what_lies_beside_it_are_two_cases() -> None:
    cases = merge([said(0, EvidenceKind.REPORT), said(0, EvidenceKind.SIDE_WASTE)], SPOTS)
    assert {c.matter for c in cases} == {Matter.FULL, Matter.LOOSE_WASTE}


def test_a_report_of_full_paper_is_not_about_the_residual_container() -> None:
    spots = spots_of([NEAR, container("P", 4, Fraction.PAPER)])
    paper, residual = (
        said(2, EvidenceKind.REPORT, fraction=Fraction.PAPER),
        said(2, EvidenceKind.REPORT, fraction=Fraction.RESIDUAL),
    )
    cases = {c.fraction: c for c in merge([paper, residual], spots)}
    assert cases[Fraction.PAPER].container_ids == ("P",)
    assert cases[Fraction.RESIDUAL].evidence_ids == (residual.id,)


def test_a_record_that_names_its_container_is_of_that_place_wherever_it_was_made() -> None:
    (case,) = merge([said(0, EvidenceKind.REPORT, container_id="C")], SPOTS)
    assert case.spot_id == "C"


def test_a_visit_closes_every_record_in_a_case() -> None:
    records = [said(1), said(2, at=MONDAY + HOUR)]
    (case,) = merge(records, SPOTS, [swept(MONDAY + DAY)])
    assert case.closed_at == MONDAY + DAY
    assert len(case.members) == 2


def test_what_is_seen_after_the_visit_opens_a_new_case() -> None:
    before, after = said(1), said(1, at=MONDAY + 2 * DAY)
    first, second = merge([before, after], SPOTS, [swept(MONDAY + DAY)])
    assert (first.is_open, second.is_open) == (False, True)
    assert second.evidence_ids == (after.id,)
    assert first.id != second.id


def test_a_late_report_of_what_was_visited_sends_nobody() -> None:
    early, late = said(1), said(30, at=MONDAY + 2 * HOUR)
    (case,) = merge([early, late], SPOTS, [swept(MONDAY + DAY, found=True)])
    assert not case.is_open


def test_a_visit_for_bags_leaves_the_full_container_open() -> None:
    cases = merge([said(0, EvidenceKind.REPORT), said(0)], SPOTS, [swept(MONDAY + DAY)])
    assert {c.matter: c.is_open for c in cases} == {Matter.FULL: True, Matter.LOOSE_WASTE: False}


def test_an_emptying_is_a_visit_to_its_container_only_for_its_fraction() -> None:
    spots = spots_of([NEAR, container("P", 4, Fraction.PAPER)])
    emptied = said(0, EvidenceKind.EMPTYING, MONDAY + DAY, value=300.0, container_id="A")
    cases = merge(
        [
            said(2, EvidenceKind.REPORT, fraction=Fraction.PAPER),
            said(2, EvidenceKind.REPORT, fraction=Fraction.RESIDUAL),
        ],
        spots,
        visits_in([emptied]),
    )
    assert {c.fraction: c.is_open for c in cases} == {
        Fraction.PAPER: True,
        Fraction.RESIDUAL: False,
    }


def test_waste_away_from_every_container_is_a_case_of_its_own() -> None:
    records = [said(0, north_m=300), said(10, north_m=310)]
    (case,) = merge(records, SPOTS)
    assert (case.spot_id, case.container_ids, len(case.members)) == (None, (), 2)
    there = CaseVisit(Matter.LOOSE_WASTE, MONDAY + DAY, case.position, "crew", "v")
    (closed,) = merge(records, SPOTS, [there])
    assert closed.closed_at == MONDAY + DAY


def test_a_case_that_nobody_speaks_of_for_long_is_over() -> None:
    old, new = said(0), said(0, at=MONDAY + 30 * DAY)
    first, second = merge([old, new], SPOTS)
    assert (first.is_open, second.is_open) == (False, True)
    assert first.id != second.id


def test_records_that_ask_for_nothing_are_left_aside() -> None:
    quiet = [said(0, EvidenceKind.PHOTO, value=0.1), said(0, EvidenceKind.SENSOR, value=0.4)]
    assert [matter_of(r) for r in quiet] == [None, None]
    assert merge(quiet, SPOTS) == ()


def test_a_hand_can_part_and_join_and_undo() -> None:
    a, b, c = said(1), said(2), said(54, sd_m=5.0)
    both = merge([a, b, c], SPOTS)
    (other,) = (case for case in both if c.id in case.evidence_ids)
    part = Decision(b.id, apart(b.id), "Noor", MONDAY + DAY, "it lies across the canal")
    assert {b.id} in together(merge([a, b, c], SPOTS, decisions=[part]))
    join = Decision(b.id, other.id, "Noor", MONDAY + 2 * DAY)
    joined = merge([a, b, c], SPOTS, decisions=[part, join])
    assert {b.id, c.id} in together(joined)
    assert {m.by for case in joined for m in case.members if m.evidence_id == b.id} == {"Noor"}
    undo = Decision(b.id, None, "Noor", MONDAY + 3 * DAY)
    assert merge([a, b, c], SPOTS, decisions=[undo, part, join]) == both


def test_why_a_record_is_in_a_case_can_be_read() -> None:
    (case,) = merge([said(25, sd_m=15.0), said(1, sd_m=5.0)], SPOTS)
    far = max(case.members, key=lambda m: m.distance_m)
    near = min(case.members, key=lambda m: m.distance_m)
    assert far.distance_m == pytest.approx(23.5, abs=0.2)
    assert near.odds > far.odds > 1.0


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-40, 90), st.sampled_from((3.0, 15.0)), st.integers(0, 96)),
             max_size=12),
    st.lists(st.integers(0, 96), max_size=3),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_every_record_is_in_one_case_whatever_the_order(
    drawn: list[tuple[float, float, int]], visited: list[int], random: Random
) -> None:
    records = [said(x, at=MONDAY + h * HOUR, sd_m=sd) for x, sd, h in drawn]
    visits = [swept(MONDAY + h * HOUR) for h in visited]
    cases = merge(records, SPOTS, visits)
    assert sorted(e for c in cases for e in c.evidence_ids) == sorted(r.id for r in records)
    random.shuffle(records)
    assert merge([*records, *records], SPOTS, visits) == cases


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.integers(0, 3), st.floats(0, 9), min_size=1), max_size=7),
    st.lists(st.floats(0.1, 9), min_size=4, max_size=4),
)
def test_no_single_move_makes_an_assignment_cheaper(
    costs: list[dict[int, float]], opening: list[float]
) -> None:
    def total(places: Sequence[int]) -> float:
        return sum(c[p] for c, p in zip(costs, places, strict=True)) + sum(
            opening[p] for p in set(places)
        )

    found = Assignment(costs, opening).place_of
    for record, each in enumerate(costs):
        for place in each:
            moved = [*found[:record], place, *found[record + 1 :]]
            assert total(found) <= total(moved) + 1e-6
