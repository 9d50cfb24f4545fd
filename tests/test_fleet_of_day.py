"""A planner says which trucks drive on a day, and when; the city's own fleet stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect, sync_playwright

from api.app import create_app
from city.errors import BadInput
from city.fleet import Window
from city.store import Store, fleets, jobs, open_store
from operations.fleet_of_day import OnDuty, fleet_of_day, fleet_without
from tests.browser import WITHOUT_WEBGL, launch, served
from tests.hand_made_city import PLAN_ID, HandMadeCity, fleet, make
from tests.plan_verbs import same_again

DAY = date(2026, 11, 24)
LATE = Window(9 * 3600, 17 * 3600)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright, WITHOUT_WEBGL)
        yield opened
        opened.close()


@pytest.fixture
def city(tmp_path: Path) -> HandMadeCity:
    return make(tmp_path / "home")


@pytest.fixture
def store(city: HandMadeCity) -> Iterator[Store]:
    opened = open_store(city.settings.database, city.settings.municipality)
    yield opened
    opened.close()


def test_a_truck_stays_in_and_another_starts_later_on_one_day(store: Store) -> None:
    standing = fleets.get(store)
    fleet_id = fleet_of_day(store, DAY, [OnDuty("KW-1", LATE)])
    _, drives = fleets.get(store, fleet_id)
    assert [(v.id, v.shift) for v in drives.vehicles] == [("KW-1", LATE)]
    assert drives.disposal_sites == fleet().disposal_sites
    assert fleets.get(store) == standing
    assert fleet_without(store, DAY, ["KW-2"]) != fleet_id


def test_all_trucks_at_their_own_hours_are_the_citys_own_fleet(store: Store) -> None:
    standing, _ = fleets.get(store)
    assert fleet_of_day(store, DAY, [OnDuty("KW-2"), OnDuty("KW-1")]) == standing


@pytest.mark.parametrize(
    ("on_duty", "codes"),
    [
        ([], ["no-truck"]),
        ([OnDuty("KW-8"), OnDuty("KW-9")], ["unknown-truck", "unknown-truck"]),
        ([OnDuty("KW-1"), OnDuty("KW-1", LATE)], ["truck-twice"]),
        ([OnDuty("KW-1", Window(0, 1200))], ["break-longer-than-shift"]),
    ],
)
def test_what_cannot_drive_so_is_said_at_once(
    store: Store, on_duty: list[OnDuty], codes: list[str]
) -> None:
    with pytest.raises(BadInput) as told:
        fleet_of_day(store, DAY, on_duty)
    assert [fault.code for fault in told.value.faults] == codes


def asked(city: HandMadeCity, **document: Any) -> Any:
    app = create_app(city.settings, plan_verb=same_again, executor=lambda: ThreadPoolExecutor(1))
    with TestClient(app) as client:
        return client.post("/v1/plans", json={"day": DAY.isoformat()} | document)


def test_a_plan_is_asked_for_with_the_trucks_of_the_day(city: HandMadeCity, store: Store) -> None:
    truck = {"vehicleId": "KW-1", "shiftStartS": LATE.start_s, "shiftEndS": LATE.end_s}
    job = asked(city, trucks=[truck]).json()
    _, drives = fleets.get(store, jobs.get(store, job["id"]).asked["fleetId"])
    assert [(v.id, v.shift) for v in drives.vehicles] == [("KW-1", LATE)]


@pytest.mark.parametrize(
    "trucks", [[], [{"vehicleId": "KW-9"}], [{"vehicleId": "KW-1", "shiftStartS": 3600}]]
)
def test_trucks_that_cannot_be_are_refused(city: HandMadeCity, trucks: list[Any]) -> None:
    answer = asked(city, trucks=trucks)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_planner_chooses_who_drives_and_nothing_typed_is_lost(
    browser: Browser, city: HandMadeCity, store: Store
) -> None:
    app = create_app(city.settings, plan_verb=same_again)
    with served(app) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/plans/{PLAN_ID}?language=en")
        page.locator("body[data-ready]").wait_for()
        page.get_by_role("button", name="Plan again").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("KW-2 · Crane truck 2").uncheck()
        dialog.get_by_label("KW-1, end of the shift").fill("06:20")
        dialog.get_by_role("button", name="Plan again").click()
        expect(dialog.get_by_role("alert")).to_have_text(
            "KW-1: the break does not fit into the shift."
        )
        expect(dialog.get_by_label("KW-1, end of the shift")).to_have_value("06:20")
        dialog.get_by_label("KW-1, end of the shift").fill("12:00")
        with page.expect_response("**/v1/plans") as answer:
            dialog.get_by_role("button", name="Plan again").click()
        job = answer.value.json()
        page.wait_for_url("**/plans/20261124-again?language=en")
    _, drives = fleets.get(store, jobs.get(store, job["id"]).asked["fleetId"])
    assert [(v.id, v.shift.end_s) for v in drives.vehicles] == [("KW-1", 12 * 3600)]
