"""Where trucks are: shared by their crew while the shift runs, shown to planners, and forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Playwright, expect, sync_playwright

from api.app import create_app
from city.account import Role
from city.errors import BadInput
from city.place import Position
from city.store import Store, municipalities, open_store, positions
from operations.publish_plan import publish_plan, withdraw_plan
from operations.settings import Settings
from operations.share_position import forget_old_positions, known_positions
from tests.browser import DRAWN_IN_SOFTWARE, launch, needs_chromium, served
from tests.hand_made_city import CORNER, DAY, PLAN_ID, draw_base_map, make

DAWN = datetime(2026, 11, 24, 5, tzinfo=UTC)
"""Seven in Helsinki: the truck left at six, and should be back at eight."""

HERE: dict[str, Any] = {"coordinates": [CORNER.lon, CORNER.lat], "accuracyM": 12}
ADDRESS = "/v1/positions/KW-1"
OF_DAY = f"/v1/positions?day={DAY}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make(tmp_path / "home").settings.replace(position_minutes=30)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database, settings.municipality)
    publish_plan(opened, PLAN_ID, "ann")
    at(opened, DAWN)
    yield opened
    opened.close()


def at(store: Store, now: datetime) -> None:
    """Let the city's clock stand at a time."""
    municipalities.put(store, replace(municipalities.get(store), stopped_at=now))


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as opened:
        opened.post("/demo", data={"role": Role.DRIVER})
        yield opened


def shown(client: TestClient) -> list[str]:
    """Return the trucks that a planner sees."""
    client.post("/demo", data={"role": Role.PLANNER})
    found = [each["vehicleId"] for each in client.get(OF_DAY).json()["positions"]]
    client.post("/demo", data={"role": Role.DRIVER})
    return found


def test_the_planner_of_the_day_sees_the_last_place_of_a_truck(client: TestClient) -> None:
    assert client.put(ADDRESS, json=HERE).status_code == 200
    moved = HERE | {"coordinates": [24.94, 60.17]}
    assert client.put(ADDRESS, json=moved).json()["coordinates"] == [24.94, 60.17]
    assert client.get(OF_DAY).status_code == 403
    assert shown(client) == ["KW-1"]
    client.post("/demo", data={"role": Role.PLANNER})
    (only,) = client.get(OF_DAY).json()["positions"]
    assert only["coordinates"] == [24.94, 60.17]
    assert only.keys() == {"vehicleId", "at", "coordinates", "accuracyM"}
    assert client.get("/v1/positions?day=2026-11-25").json()["positions"] == []


def test_who_stops_sharing_is_forgotten_at_once(client: TestClient) -> None:
    client.put(ADDRESS, json=HERE)
    assert client.delete(ADDRESS).status_code == 204
    assert shown(client) == []


@pytest.mark.parametrize(("hour", "status"), [(2, 422), (3, 200), (6, 200), (7, 422)])
def test_a_place_is_taken_only_while_the_shift_runs(
    client: TestClient, store: Store, hour: int, status: int
) -> None:
    at(store, DAWN.replace(hour=hour, minute=30))
    answer = client.put(ADDRESS, json=HERE)
    assert answer.status_code == status
    assert shown(client) == (["KW-1"] if status == 200 else [])


def test_without_a_published_route_nothing_is_taken(client: TestClient, store: Store) -> None:
    assert client.put("/v1/positions/KW-9", json=HERE).status_code == 404
    withdraw_plan(store, PLAN_ID, "ann")
    assert client.put(ADDRESS, json=HERE).status_code == 404
    assert client.put(ADDRESS, json=HERE | {"coordinates": [1, 200]}).status_code == 422


def test_where_it_is_not_switched_on_no_page_asks_and_nothing_is_taken(
    settings: Settings, store: Store
) -> None:
    with TestClient(create_app(settings.replace(position_minutes=0))) as client:
        client.post("/demo", data={"role": Role.DRIVER})
        assert client.put(ADDRESS, json=HERE).status_code == 404
        page = client.get("/driver")
        assert 'id="share"' not in page.text
        assert "geolocation=()" in page.headers["permissions-policy"]
    with pytest.raises(BadInput, match="STADSRONDE_POSITION_MINUTES"):
        settings.replace(position_minutes=-1)


def test_a_place_is_deleted_when_its_time_is_over(
    client: TestClient, settings: Settings, store: Store
) -> None:
    client.put(ADDRESS, json=HERE)
    (kept,) = known_positions(store, settings, DAY)
    positions.put(store, replace(kept, at=datetime.now(UTC) - timedelta(minutes=31)))
    assert known_positions(store, settings, DAY) == ()
    forget_old_positions(store, settings)
    assert positions.of_day(store, DAY, datetime(2026, 1, 1, tzinfo=UTC)) == ()


def test_another_municipality_neither_sees_nor_moves_it(client: TestClient, store: Store) -> None:
    client.put(ADDRESS, json=HERE)
    other = Store(store.engine, "village")
    municipalities.put(other, replace(municipalities.get(store), id="village"))
    assert positions.of_day(other, DAY, datetime(2026, 1, 1, tzinfo=UTC)) == ()
    positions.remove(other, "KW-1")
    assert shown(client) == ["KW-1"]


def test_open_data_and_the_ledger_know_nothing_of_it(settings: Settings, store: Store) -> None:
    with TestClient(create_app(settings.replace(open_data=True))) as client:
        before = client.get("/v1/open-data/containers").text
        client.post("/demo", data={"role": Role.DRIVER})
        client.put(ADDRESS, json=HERE)
        assert client.get("/v1/open-data/containers").text == before


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@needs_chromium
def test_a_crew_that_agrees_is_seen_by_the_planner_until_it_stops(
    playwright: Playwright, settings: Settings, store: Store
) -> None:
    draw_base_map(settings)
    place = Position(CORNER.lon, CORNER.lat)
    browser = launch(playwright, DRAWN_IN_SOFTWARE)
    with served(create_app(settings)) as address:
        phone = browser.new_context(
            geolocation={"longitude": place.lon, "latitude": place.lat},
            permissions=["geolocation"],
        )
        phone.request.post(f"{address}/demo", form={"role": "driver"})
        page = phone.new_page()
        page.goto(f"{address}/driver")
        page.get_by_role("button", name="Crane truck 1").click()
        page.locator("#open-menu").click()
        expect(page.locator("#network")).not_to_contain_text("place shared")
        with page.expect_response(f"**{ADDRESS}") as sent:
            page.get_by_label("Share during this shift").check()
        assert sent.value.status == 200
        expect(page.locator("#network")).to_contain_text("place shared")

        desk = browser.new_context()
        planner = desk.new_page()
        planner.goto(f"{address}/plans/{PLAN_ID}")
        round_ = planner.locator(".round[data-vehicle='KW-1'] .round__place")
        expect(round_).to_contain_text("near Aleksanterinkatu 1", timeout=60_000)
        planner.locator("body[data-ready]").wait_for(timeout=60_000)
        expect(planner.get_by_role("img", name="KW-1:")).to_be_visible(timeout=60_000)

        with page.expect_response(f"**{ADDRESS}"):
            page.get_by_label("Share during this shift").uncheck()
        assert known_positions(store, settings, DAY) == ()
    browser.close()
