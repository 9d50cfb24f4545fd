"""What an analyst watches over a period: photos by day, detectors, expectations, who is served."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.account import Role
from city.evidence import Evidence, EvidenceKind
from city.store import Store, ledger, municipalities, open_store, photos, plans
from operations.list_simulations import list_simulations
from operations.measure_city import measure_city
from operations.simulate.live import Search
from operations.simulate.run import Request, simulate
from tests.hand_made_city import DAY, NOON, HandMadeCity, bins, day_plan, make, photo

TODAY = NOON.date()


@pytest.fixture
def city(tmp_path: Path) -> HandMadeCity:
    return make(tmp_path / "home")


@pytest.fixture
def store(city: HandMadeCity) -> Iterator[Store]:
    opened = open_store(city.settings.database, city.settings.municipality)
    yield opened
    opened.close()


def test_a_days_photos_are_counted_with_what_was_seen(store: Store) -> None:
    (day,) = measure_city(store, TODAY).days
    assert (day.day, day.photos, day.containers, day.overflowing) == (TODAY, 1, 1, 1)
    assert day.mean_score == pytest.approx(0.91)


def test_each_detector_has_the_photos_that_it_read(store: Store) -> None:
    newer = replace(
        photo(), id="cd" * 32, model_version_id="detector-2", taken_at=NOON - timedelta(days=40)
    )
    photos.put(store, newer)
    found = measure_city(store, TODAY)
    assert [(one.version, one.photos) for one in found.detectors] == [
        ("detector-1", 1),
        ("detector-2", 1),
    ]
    assert sum(day.photos for day in found.days) == 1


def test_a_period_without_photos_says_so(store: Store) -> None:
    found = measure_city(store, TODAY + timedelta(days=90), 7)
    assert found.days == ()
    assert found.last_photo is not None


def test_every_container_is_in_one_neighbourhood(store: Store) -> None:
    assert sum(row.containers for row in measure_city(store, TODAY).neighbourhoods) == 14


def drive_two_days(store: Store) -> None:
    """Keep a second day's plan and what drivers found on both, and move the clock beyond."""
    plans.add(store, replace(day_plan(), id="next", day=DAY + timedelta(days=1)), b"", {})
    taps = [
        Evidence(EvidenceKind.DRIVER_TAP, 0.25 * (1 + i % 4), at, at, "tap", f"tap:{day}{i}",
                 each.position, 5.0, each.id)
        for day in (1, 2)
        for i, each in enumerate(bins()[:8])
        if (at := NOON + timedelta(days=day, minutes=i))
    ]  # fmt: skip
    ledger.add(store, taps)
    clock = replace(municipalities.get(store), stopped_at=NOON + timedelta(days=2, hours=1))
    municipalities.put(store, clock)


def test_what_drivers_found_stands_beside_what_the_days_plans_expected(
    city: HandMadeCity, store: Store
) -> None:
    with TestClient(create_app(city.settings)) as client:
        client.post("/demo", data={"role": Role.ANALYST})
        without = client.get("/measures").text
        drive_two_days(store)
        page = client.get("/measures").text
    assert "Expected and found by day" not in without
    assert "Expected and found by neighbourhood" in page
    assert page.count("data-chart") == without.count("data-chart") + 2


@pytest.mark.parametrize("language", ["nl", "en"])
def test_analysts_see_it_and_planners_do_not(city: HandMadeCity, language: str) -> None:
    with TestClient(create_app(city.settings)) as client:
        assert client.get("/measures").status_code == 403
        client.post("/demo", data={"role": Role.ANALYST})
        page = client.get("/measures", params={"language": language, "days": 91})
        assert page.status_code == 200
        assert "detector-1" in page.text
        assert client.get("/measures?days=0").status_code == 422


def page_of(city: HandMadeCity, language: str = "en") -> str:
    with TestClient(create_app(city.settings)) as client:
        client.post("/demo", data={"role": Role.ANALYST})
        return client.get(f"/measures?language={language}").text


def test_what_was_agreed_beforehand_is_held_against_what_came(city: HandMadeCity) -> None:
    file = city.settings.agreement(city.settings.municipality)
    file.parent.mkdir(parents=True)
    file.write_text("first = 2026-11-01\nlast = 2026-11-30\nleast_days = 20\n")
    page = page_of(city)
    assert "Agreed beforehand" in page
    assert "Stop, or wait until it is kept." in page
    file.write_text("first = 2026-11-01\nlast = 2026-11-30\nleast_days = 1\n")
    assert "Go on: all that was agreed is kept." in page_of(city)
    file.write_text("first = 2026-11-01\nlast = 2026-11-30\nleast_dayz = 1\n")
    assert "It must be one of" in page_of(city)


def test_without_an_agreement_nothing_is_said_of_one(city: HandMadeCity) -> None:
    assert "Agreed beforehand" not in page_of(city)


def test_a_simulation_is_told_as_one_beside_what_was_measured(city: HandMadeCity) -> None:
    out = city.settings.simulations / "small"
    request = Request(containers=30, seeds=(1,), policies=("fixed", "ours"))
    brief = replace(request.assumptions, counted_days=3, run_in_days=2)
    simulate(replace(request, assumptions=brief, search=Search(0.05, 0.05)), out)
    (kept,) = list_simulations(city.settings)
    fixed, ours = kept.policies
    assert (kept.name, kept.futures, fixed.km_ratio) == ("small", 1, 1.0)
    assert ours.km_ratio == pytest.approx(ours.km / fixed.km)
    for language, words in (("en", "Simulated; means over 1"), ("nl", "vaste rondes")):
        assert words in page_of(city, language)
    (out / "simulation.json").write_text("{}")
    assert list_simulations(city.settings) == []
