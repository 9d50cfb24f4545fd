"""A resident asks where there is room: near an address or near themselves, and nothing is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Geolocation, expect, sync_playwright

from api.app import create_app
from city.fraction import Fraction
from city.store import Store, open_store
from operations.nearest_container import nearest_with_room, place_of
from operations.settings import Settings
from tests.browser import launch, needs_chromium, served
from tests.hand_made_city import CORNER, bins, choice, make


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make(tmp_path / "home").settings.replace(demo=False, open_data=True)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database, settings.municipality)
    yield opened
    opened.close()


def test_full_containers_and_other_fractions_are_left_out_and_the_nearest_comes_first(
    store: Store,
) -> None:
    found = nearest_with_room(store, CORNER, Fraction.RESIDUAL)
    roomy = {each.id for i, each in enumerate(bins())
             if each.fraction is Fraction.RESIDUAL and round(choice(i).fill, 1) < 0.9}  # fmt: skip
    assert {each.container.id for each in found} == roomy
    assert "B-00" not in roomy
    distances = [each.distance_m for each in found]
    assert distances == sorted(distances)


def test_a_street_is_found_by_part_of_its_name(store: Store) -> None:
    at = place_of(store, "  mikonk ")
    assert at == bins()[1].position
    assert place_of(store, "Nowhere") is None
    assert place_of(store, "  ") is None


def test_only_a_city_with_open_data_has_the_page(settings: Settings) -> None:
    with TestClient(create_app(settings.replace(open_data=False))) as client:
        assert client.get("/nearby").status_code == 404
        assert client.post("/nearby", data={"address": "Mikonkatu"}).status_code == 404


@pytest.mark.parametrize(
    ("language", "said", "needed"),
    [("nl", "Op dit adres", "Vul dit in."), ("en", "No container", "Fill this in.")],
)
def test_who_cannot_be_placed_is_told_so_and_keeps_what_they_typed(
    settings: Settings, language: str, said: str, needed: str
) -> None:
    with TestClient(create_app(settings)) as client:
        for data in ({"address": "Nowhere"}, {"lon": "x", "lat": "60"}, {"address": " "}, {}):
            answer = client.post("/nearby", params={"language": language}, data=data)
            assert answer.status_code == 200
            told = said if data.get("address", "").strip() or data.get("lon") else needed
            assert f'id="error-address">{told}' in answer.text
            assert data.get("address", "") in answer.text
        notes = client.post("/nearby", data={"address": "Aleks"}).text
        assert "Gate code" not in notes


@needs_chromium
def test_where_somebody_is_leaves_the_device_rounded_and_in_no_address(
    settings: Settings,
) -> None:
    with served(create_app(settings)) as address, sync_playwright() as playwright:
        browser = launch(playwright, [])
        here = Geolocation(longitude=CORNER.lon + 0.0001234, latitude=CORNER.lat + 0.0001234)
        context = browser.new_context(geolocation=here, permissions=["geolocation"])
        page = context.new_page()
        page.goto(f"{address}/nearby?language=en")
        with page.expect_request(lambda sent: sent.method == "POST") as asked:
            page.get_by_role("button", name="Search where I am").click()
        assert asked.value.post_data
        assert "lon=24.938&lat=60.166" in asked.value.post_data
        assert "24.938" not in asked.value.url
        expect(page.locator(".nearby__list li").first).to_contain_text("full")
        browser.close()
