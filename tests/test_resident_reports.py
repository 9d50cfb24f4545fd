"""A resident says that a container is full, with or without a photo, and is asked for nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect, sync_playwright

from api.app import create_app
from city.evidence import Evidence, EvidenceKind
from city.store import Store, ledger, open_store, photos
from operations.settings import Settings
from tests.browser import launch, needs_chromium, served
from tests.hand_made_city import NOON, bins, make
from tests.test_api_photos import JPEG, SAMPLES, sample

REPORTS = "/v1/resident-reports"
PHOTO = f"{REPORTS}/B-03/photo"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make(tmp_path / "home").settings.replace(demo=False, open_data=True)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database, settings.municipality)
    yield opened
    opened.close()


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as opened:
        yield opened


def said(store: Store) -> list[Evidence]:
    return [r for r in ledger.since(store, LONG_AGO, NOON) if r.source == "resident"]


def test_a_report_is_a_citizens_in_the_ledger_once_an_hour(
    client: TestClient, store: Store
) -> None:
    first = client.post(REPORTS, json={"containerId": "B-03"})
    again = client.post(REPORTS, json={"containerId": "B-03"})
    assert (first.status_code, first.json()["outcome"]) == (201, "stored")
    assert (again.status_code, again.json()["outcome"]) == (200, "known")
    (record,) = said(store)
    assert (record.kind, record.container_id) == (EvidenceKind.REPORT, "B-03")
    assert record.trust < 0.8
    assert record.position == bins()[3].position
    assert "testclient" not in record.raw_ref


def test_a_photo_is_blurred_and_stands_where_the_container_does(
    client: TestClient, store: Store, settings: Settings
) -> None:
    assert client.put(PHOTO, content=sample(), headers=JPEG).status_code == 404
    client.post(REPORTS, json={"containerId": "B-03"})
    assert client.put(PHOTO, content=b"nothing", headers=JPEG).status_code == 422
    assert client.put(PHOTO, content=sample(), headers=JPEG).status_code == 201
    (kept,) = (each for each in photos.every(store) if each.file_name.startswith("resident"))
    assert kept.position.distance_m(bins()[3].position) < 1
    assert (settings.photos / f"{kept.id}.jpg").read_bytes() != sample()


def test_one_address_may_not_say_much(client: TestClient, store: Store) -> None:
    answers = [client.post(REPORTS, json={"containerId": f"B-{i:02d}"}) for i in range(12)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429] * 2
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert len(said(store)) == 10


def test_nothing_is_taken_of_what_is_not_there_or_not_open(
    client: TestClient, settings: Settings, store: Store
) -> None:
    assert client.post(REPORTS, json={"containerId": "none"}).status_code == 404
    with TestClient(create_app(settings.replace(open_data=False))) as closed:
        assert closed.post(REPORTS, json={"containerId": "B-03"}).status_code == 404
    evil = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post(REPORTS, json={"containerId": "B-03"}, headers=evil).status_code == 403
    assert said(store) == []


@needs_chromium
def test_a_resident_reports_a_full_one_with_a_photo(settings: Settings, store: Store) -> None:
    with served(create_app(settings)) as address, sync_playwright() as playwright:
        browser = launch(playwright, [])
        page = browser.new_page()
        page.goto(f"{address}/nearby?language=en")
        page.get_by_label("Street").fill("Fabianinkatu")
        page.get_by_role("button", name="Search", exact=True).click()
        page.get_by_role("button", name="This one is full").first.click()
        expect(page.get_by_text("Reported, thank you.")).to_be_visible()
        page.get_by_label("Add a photo").set_input_files(__file__)
        expect(page.get_by_text("This is no photo that can be read.")).to_be_visible()
        page.get_by_label("Add a photo").set_input_files(sorted(SAMPLES.glob("*.jpg"))[0])
        expect(page.get_by_text("The photo is kept.")).to_be_visible(timeout=60_000)
        browser.close()
    assert len(said(store)) == 1
    assert any(each.file_name.startswith("resident") for each in photos.every(store))
