"""What crews tap is kept exactly once, in any order, and told to the ledger."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from city.account import Role
from city.cases import Matter
from city.container import Container, ContainerKind
from city.evidence import Evidence, EvidenceKind
from city.fill import believe
from city.fraction import Fraction
from city.plan import Route
from city.store import Store, containers, imports, ledger, open_store, plans, taps
from city.tap import StopException, StopState, Tap, TapKind, states
from city.wording import EXCEPTION_NAMES
from operations.accounts import add_account, make_token
from operations.merge_evidence import merge_evidence
from operations.publish_plan import publish_plan
from operations.record_taps import record_taps
from routing.sheets.labels import LABELS
from tests.hand_made_city import DAY, NOON, PLAN_ID, HandMadeCity, day_plan, make, place

DEVICE = datetime(2031, 1, 1, 9, tzinfo=UTC)
"""A device whose clock is years ahead."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def city(tmp_path: Path) -> HandMadeCity:
    return make(tmp_path / "home")


@pytest.fixture
def store(city: HandMadeCity) -> Iterator[Store]:
    opened = open_store(city.settings.database, city.settings.municipality)
    publish_plan(opened, PLAN_ID, "ann")
    yield opened
    opened.close()


def tap(key: str, ref: str = "B-00", minutes_ago: int = 0, **more: Any) -> Tap:
    at = DEVICE - timedelta(minutes=minutes_ago)
    kind = TapKind.EXCEPTION if "exception" in more else TapKind.EMPTIED
    made = {"kind": kind, "vehicle_id": "KW-1", "plan_id": PLAN_ID, "fill": None} | more
    return Tap(key=key, at=at, ref=ref, **made)


def undo(key: str, of: str, ref: str = "B-00") -> Tap:
    return tap(key, ref, kind=TapKind.UNDO, undoes=of)


def send(store: Store, *sent: Tap) -> list[str | None]:
    return [r.tap.remark for r in record_taps(store, "kim", DEVICE, sent)]


def told(store: Store, ref: str = "B-00") -> list[tuple[str, float]]:
    found = ledger.since(store, LONG_AGO, NOON, ref)
    return [(r.kind.value, r.value) for r in found if r.source == "driver"]


def test_a_tap_sent_twice_is_kept_once(store: Store) -> None:
    sent = [tap("k1", fill=0.75), tap("k2", "B-03", fill=0.5)]
    first, again = (record_taps(store, "kim", DEVICE, sent) for _ in range(2))
    assert [r.is_new for r in (*first, *again)] == [True, True, False, False]
    assert told(store) == [("driver-tap", 0.75)]
    assert len(taps.of_day(store, DAY)) == 2


def test_an_emptying_empties_what_is_believed(store: Store) -> None:
    def fill() -> float:
        here = [containers.get(store, "B-00")]
        return float(believe(here, ledger.since(store, LONG_AGO, NOON), NOON).mean[0])

    before = fill()
    send(store, tap("k1", fill=1.0))
    assert fill() < 0.1 < before


def test_a_tap_is_dated_by_its_age_whatever_the_clock_of_the_device_says(store: Store) -> None:
    send(store, tap("k1", minutes_ago=90, fill=0.5), tap("k2", "B-03", minutes_ago=-30))
    assert [t.at for t in taps.of_day(store, DAY)] == [NOON - timedelta(minutes=90), NOON]


def test_a_weight_is_heard_before_the_eye(store: Store) -> None:
    send(store, tap("k1", fill=0.5, weight_kg=212.5))
    assert told(store) == [("emptying", 212.5), ("driver-tap", 0.5)]


def test_an_undo_holds_before_and_after_what_it_takes_back(store: Store) -> None:
    assert send(store, tap("k1", fill=0.5), undo("u1", "k1")) == [None, None]
    assert send(store, undo("u2", "k2", "B-03")) == ["nothing-to-undo"]
    send(store, tap("k2", "B-03", fill=0.5))
    assert told(store) == told(store, "B-03") == []
    assert len(taps.of_day(store, DAY)) == 4


def test_what_was_read_before_an_undo_can_be_read_again(store: Store) -> None:
    earlier = replace(tap("k1", fill=0.5), received_at=NOON - timedelta(hours=2), day=DAY)
    later = replace(undo("u1", "k1"), received_at=NOON - timedelta(hours=1), day=DAY)
    ledger.add(store, [Evidence(
        EvidenceKind.DRIVER_TAP, 0.5, NOON - timedelta(hours=2), NOON - timedelta(hours=2),
        "driver", earlier.raw_ref, place(0, 0), 0.0, "B-00",
    )])  # fmt: skip
    taps.add(store, [earlier, later])
    seen_then = ledger.since(store, LONG_AGO, NOON - timedelta(minutes=90), "B-00")
    assert [r.source for r in seen_then].count("driver") == 1
    assert told(store) == []


@pytest.mark.parametrize("exception", StopException)
def test_only_exceptions_about_waste_speak_of_it(store: Store, exception: StopException) -> None:
    send(store, tap("k1", exception=exception))
    assert told(store) == {
        StopException.SIDE_WASTE: [("side-waste", 1.0)],
        StopException.EMPTY_ON_ARRIVAL: [("driver-tap", 0.0)],
    }.get(exception, [])


def test_side_waste_that_a_crew_sees_becomes_a_case_of_its_own(store: Store) -> None:
    send(store, tap("k1", exception=StopException.SIDE_WASTE))
    matters = [c.matter for c in merge_evidence(store, NOON).open_cases if c.last_seen_at == NOON]
    assert matters == [Matter.LOOSE_WASTE]


def test_two_trucks_at_one_stop_both_count_and_the_second_is_told(store: Store) -> None:
    send(store, tap("k1", minutes_ago=20, fill=1.0))
    late = tap("k2", fill=0.25, vehicle_id="KW-2")
    (told_now,) = record_taps(store, "lee", DEVICE, [late])
    (told_again,) = record_taps(store, "lee", DEVICE, [late])
    for each in (told_now, told_again):
        assert each.tap.remark == "also-emptied"
        assert each.other
        assert each.other.vehicle_id == "KW-1"
    assert told(store) == [("driver-tap", 1.0), ("driver-tap", 0.25)]


def test_a_stop_that_the_plan_gave_to_another_truck_counts_and_is_told(store: Store) -> None:
    def without(route: Route) -> Route:
        return replace(route, visits=tuple(v for v in route.visits if v.ref != "B-03"))

    changed = day_plan()
    routes = tuple(without(r) for r in changed.plan.routes)
    changed = replace(changed, id="20261124-changed", plan=replace(changed.plan, routes=routes))
    plans.add(store, changed, b"", plans.provenance(store, PLAN_ID))
    publish_plan(store, changed.id, "ann")
    assert send(store, tap("k1", fill=1.0), tap("k2", "B-03", fill=1.0)) == [None, "plan-changed"]
    assert told(store, "B-03") == [("driver-tap", 1.0)]


def test_a_stop_that_nobody_knows_is_set_aside_once_and_stops_nothing(store: Store) -> None:
    sent = [tap("k1", "X-9", fill=1.0), tap("k2", fill=1.0)]
    assert send(store, *sent) == send(store, *sent) == ["unknown-stop", None]
    (aside,) = imports.aside(store, "driver")
    assert aside.raw["ref"] == "X-9"
    assert told(store) == [("driver-tap", 1.0)]


def test_taken_loose_waste_closes_its_case_until_that_is_undone(store: Store) -> None:
    ledger.add(store, [Evidence(EvidenceKind.SIDE_WASTE, 1.0, NOON - timedelta(hours=3), NOON,
                                "citizen", "r/9", place(3, 3), 5.0)])  # fmt: skip

    def is_open() -> bool:
        return any(c.matter is Matter.LOOSE_WASTE for c in merge_evidence(store, NOON).open_cases)

    heap = Container("sweep:1", place(3, 3), Fraction.RESIDUAL, ContainerKind.LOOSE, 500)
    swept = replace(day_plan(), id="20261124-sweep", loose_waste=(heap,))
    plans.add(store, swept, b"", {})
    assert is_open()
    send(store, tap("k1", heap.id, plan_id=swept.id))
    assert not is_open()
    send(store, undo("u1", "k1", heap.id))
    assert is_open()


@given(st.randoms(use_true_random=False))
def test_how_far_a_stop_is_does_not_depend_on_the_order_of_taps(rng: random.Random) -> None:
    sent = [
        tap("k1", "A", exception=StopException.BLOCKED),
        tap("k2", "A", fill=0.5),
        tap("k3", "B", fill=0.5),
        undo("u3", "k3", "B"),
        tap("k4", "C", exception=StopException.SIDE_WASTE),
        tap("k5", "D", exception=StopException.GATE_LOCKED),
        tap("k6", "PLANT", kind=TapKind.UNLOADED),
    ]
    rng.shuffle(sent)
    assert states(sent) == {"A": StopState.EMPTIED, "D": StopState.NOT_EMPTIED}


def test_page_and_paper_name_the_same_exceptions() -> None:
    for language, names in EXCEPTION_NAMES.items():
        assert list(names) == list(StopException)
        assert LABELS[language].exceptions == tuple(names.values())


@pytest.fixture
def client(city: HandMadeCity, store: Store) -> Iterator[TestClient]:
    add_account(store, "kim", {Role.DRIVER})
    add_account(store, "ann", {Role.PLANNER})
    with TestClient(create_app(city.settings.replace(demo=False))) as opened:
        opened.headers["Authorization"] = f"Bearer {make_token(store, 'kim', 't', None, None)}"
        yield opened


def sent(*some: dict[str, Any]) -> dict[str, Any]:
    at = DEVICE.isoformat()
    batch = [{"kind": "emptied", "ref": "B-00", "at": at} | each for each in some]
    return {"vehicleId": "KW-1", "planId": PLAN_ID, "sentAt": at, "taps": batch}


def test_a_tap_that_cannot_be_is_refused_and_holds_no_other_up(client: TestClient) -> None:
    good, bad = {"key": "device-1-1", "fill": 0.5}, {"key": "device-1-2", "fill": 3.0}
    lacking = {"key": "device-1-3", "kind": "exception"}
    answer = client.post("/v1/taps", json=sent(bad, good, lacking)).json()["recorded"]
    assert [each["outcome"] for each in answer] == ["refused", "stored", "refused"]
    assert answer[0]["faults"][0]["field"] == "fill"
    kept = client.get("/v1/taps", params={"day": str(DAY)}).json()["taps"]
    assert [(t["key"], t["fill"]) for t in kept] == [("device-1-1", 0.5)]


def test_only_drivers_tap(client: TestClient, store: Store) -> None:
    planner = {"Authorization": f"Bearer {make_token(store, 'ann', 't', None, None)}"}
    assert client.post("/v1/taps", json=sent(), headers=planner).status_code == 403
    assert client.get("/v1/taps", params={"day": str(DAY)}, headers=planner).status_code == 200


def test_a_crew_gets_its_day_in_order_with_what_was_tapped(client: TestClient) -> None:
    client.post("/v1/taps", json=sent({"key": "device-1-1", "fill": 0.5}))
    (first, second) = client.get("/v1/shifts").json()["shifts"]
    assert (first["vehicleName"], first["stops"], first["finished"]) == ("Crane truck 1", 3, 1)
    assert second["finished"] == 0
    shift = client.get("/v1/shifts/KW-1", params={"language": "nl"}).json()
    assert [(each["kind"], each["ref"]) for each in shift["lines"]] == [
        ("start", "DEPOT"), ("stop", "B-00"), ("stop", "B-03"), ("stop", "B-06"),
        ("break", ""), ("disposal", "PLANT"), ("end", "DEPOT"),
    ]  # fmt: skip
    stop = shift["lines"][1]
    assert stop["place"] == "Aleksanterinkatu 1"
    assert stop["stop"]["accessNote"] == "Gate code at the depot"
    part = client.get(stop["stop"]["photo"])
    assert part.headers["content-type"] == "image/jpeg"
    assert [each["key"] for each in shift["taps"]] == ["device-1-1"]
    # This city has no roads: the crew has its list all the same, and is told.
    assert any("Zonder rijaanwijzingen" in notice for notice in shift["notices"])


def test_without_a_published_plan_there_is_no_shift_and_no_error(
    client: TestClient, store: Store
) -> None:
    nothing = client.get("/v1/shifts", params={"day": "2026-12-01"})
    assert nothing.json() == {"day": None, "planId": None, "publishedAt": None, "shifts": []}
    assert client.get("/v1/shifts/KW-9").status_code == 404
