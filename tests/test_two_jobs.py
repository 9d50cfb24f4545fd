"""Two jobs from one sighting: the crane lifts the pit, a small truck takes the bags after it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fleet import DrivingRule
from city.fraction import Fraction
from city.municipality import Municipality
from city.place import Bounds, Position
from city.plan import DayPlan, ReasonCode, Verdict, VisitKind
from city.store import Store, containers, fleets, ledger, municipalities, open_store, plans
from city.wording import reason_text
from operations.build_roads import build_roads
from operations.choose_stops import Task
from operations.demo.fleet import demo_fleet
from operations.make_sheets import make_sheets
from operations.merge_evidence import merge_evidence, record_visit
from operations.plan_day import plan_day
from operations.settings import Settings
from routing.archive import from_bytes
from routing.check import check
from routing.roads import Roads, demo_extract

ZONE_NAME = "Europe/Helsinki"
CORNER = Position(24.9449, 60.1690)
PIT = Container("PIT", CORNER, Fraction.RESIDUAL, ContainerKind.UNDERGROUND, 5000, "Mikonkatu 1")
BOUNDS = Bounds(24.9351, 60.1641, 24.9535, 60.1792)
CITY = Municipality("town", "Town", ZONE_NAME, BOUNDS)
EVENING = datetime(2026, 11, 23, 20, tzinfo=CITY.zone)
TOMORROW = Task((EVENING + timedelta(days=1)).date(), EVENING, EVENING.date() + timedelta(days=3))


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> Roads:
    return Roads(build_roads(demo_extract(), tmp_path_factory.mktemp("roads")).folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    # One stop alone pays for no truck's day; a street full of bags is worth more to this town.
    return Settings(
        home=tmp_path, municipality="town", solve_seconds=0.5, overflow_price_cents=60_000
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database, "town")
    municipalities.put(opened, CITY)
    containers.put(opened, [PIT])
    fleets.put(opened, demo_fleet())
    yield opened
    opened.close()


def said(kind: EvidenceKind, ref: str, days_ago: float, value: float = 1.0) -> Evidence:
    when = EVENING - timedelta(days=days_ago)
    bags = kind is EvidenceKind.SIDE_WASTE
    return Evidence(
        kind, value, when, when, "t", ref, CORNER, 5.0, None if bags else "PIT",
        fraction=Fraction.RESIDUAL,
    )  # fmt: skip


def seen_full_with_bags(store: Store) -> None:
    history = [said(EvidenceKind.DRIVER_TAP, f"tap{k}", 6 + 7 * k, 1.0) for k in range(6)]
    photo = [
        said(EvidenceKind.PHOTO, "view:1#0", 0.3),
        said(EvidenceKind.SIDE_WASTE, "view:1#1", 0.3),
        said(EvidenceKind.SIDE_WASTE, "view:1#2", 0.3, 0.7),
    ]
    ledger.add(store, [*history, *photo])


def at_stops(plan: DayPlan) -> dict[str, tuple[str, int, int]]:
    return {
        visit.ref: (route.vehicle_id, visit.arrival_s, visit.departure_s)
        for route in plan.plan.routes
        for visit in route.visits
        if visit.kind is VisitKind.STOP
    }


def test_one_photo_of_a_full_pit_with_bags_sends_a_crane_and_then_a_small_truck(
    store: Store, settings: Settings, roads: Roads
) -> None:
    seen_full_with_bags(store)
    made = plan_day(store, roads, settings, TOMORROW)
    (sweep,) = made.loose_waste
    stops = at_stops(made)
    assert stops.keys() == {"PIT", sweep.id}
    (crane, _, lifted_s), (loader, _, taken_s) = stops["PIT"], stops[sweep.id]
    assert crane.startswith("KW")
    assert loader == "AL-1"
    assert taken_s - sweep.emptying_s >= lifted_s

    kept = plans.get(store, made.id)
    assert kept == made
    assert check(from_bytes(plans.problem(store, made.id)), kept.plan) == ()
    choice = made.choice_of(sweep.id)
    assert (choice.verdict, choice.reason) == (Verdict.CHOSEN, ReasonCode.LOOSE_WASTE)
    assert len(choice.evidence_ids) == 1, "two bags in one photo are one sighting"
    assert reason_text(choice, "en") == "Loose waste, seen or reported once, since today."
    assert reason_text(choice, "nl") == "Los afval, 1 keer gezien of gemeld, sinds vandaag."


def test_its_sheets_call_the_bags_by_the_address_of_the_container_beside_them(
    store: Store, settings: Settings, roads: Roads
) -> None:
    seen_full_with_bags(store)
    made = plan_day(store, roads, settings, TOMORROW)
    paths = make_sheets(store, roads, settings, made.id, "nl")
    texts = [p.read_text("utf-8-sig") for p in paths if p.suffix == ".csv"]
    (row,) = [line for text in texts for line in text.splitlines() if "sweep:" in line]
    assert "Mikonkatu 1" in row
    assert "los afval" in row
    html = next(p.read_text() for p in paths if p.suffix == ".html" and "AL-1" in p.name)
    assert "los afval" in html
    assert "% vol" not in html.split("Mikonkatu 1")[1].split("</article>")[0]
    assert all(p.stat().st_size > 500 for p in paths if p.suffix == ".pdf")


def test_after_the_visit_nobody_is_sent_again(
    store: Store, settings: Settings, roads: Roads
) -> None:
    seen_full_with_bags(store)
    loose = [c for c in merge_evidence(store, EVENING).open_cases if c.matter == "loose-waste"]
    record_visit(store, loose[0].id, at=EVENING, by="AL-1", found=True)
    made = plan_day(store, roads, settings, replace(TOMORROW, as_of=EVENING + timedelta(hours=1)))
    assert made.loose_waste == ()
    assert at_stops(made).keys() == {"PIT"}


def test_bags_that_lie_for_days_must_be_taken(
    store: Store, settings: Settings, roads: Roads
) -> None:
    ledger.add(store, [said(EvidenceKind.SIDE_WASTE, "signalen:1", 3.0)])
    made = plan_day(store, roads, settings, TOMORROW)
    (sweep,) = made.loose_waste
    assert made.choice_of(sweep.id).verdict is Verdict.MUST


def test_a_town_without_a_small_truck_carries_the_bags_over(
    store: Store, settings: Settings, roads: Roads
) -> None:
    seen_full_with_bags(store)
    cranes = demo_fleet()
    fleets.put(
        store,
        replace(cranes, vehicles=tuple(v for v in cranes.vehicles if v.gear == "crane")),
    )
    made = plan_day(store, roads, settings, TOMORROW)
    (sweep,) = made.loose_waste
    choice = made.choice_of(sweep.id)
    assert choice.verdict is Verdict.CARRIED
    assert "truck" in reason_text(choice, "en")
    assert "full" not in reason_text(choice, "en")
    assert at_stops(made).keys() == {"PIT"}


def test_what_the_fleet_says_of_a_day_holds_for_its_trucks(
    store: Store, settings: Settings, roads: Roads
) -> None:
    seen_full_with_bags(store)
    demo = demo_fleet()
    strict = [replace(v, day_stops=9, driving_rule=DrivingRule()) for v in demo.vehicles]
    fleets.put(store, replace(demo, vehicles=tuple(strict)))
    made = plan_day(store, roads, settings, TOMORROW)
    trucks = from_bytes(plans.problem(store, made.id)).trucks
    assert {(t.day_stops, t.driving_rule) for t in trucks} == {(9, DrivingRule())}
