"""A plan is given to the crews and taken back; who did that, and when, is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.store import Store, open_store, plans
from operations.publish_plan import published_plan
from tests.hand_made_city import DAY, PLAN_ID, HandMadeCity, day_plan, make

OTHER = "20261124-other"
ADDRESS = f"/v1/plans/{PLAN_ID}/publication"


@pytest.fixture
def city(tmp_path: Path) -> HandMadeCity:
    return make(tmp_path / "home")


@pytest.fixture
def store(city: HandMadeCity) -> Iterator[Store]:
    opened = open_store(city.settings.database, city.settings.municipality)
    yield opened
    opened.close()


@pytest.fixture
def client(city: HandMadeCity) -> Iterator[TestClient]:
    with TestClient(create_app(city.settings)) as opened:
        yield opened


def test_a_plan_is_a_draft_until_it_is_published(client: TestClient, store: Store) -> None:
    assert client.get(ADDRESS).json()["state"] == "draft"
    assert published_plan(store, DAY) is None
    assert client.get(f"/v1/publications/{DAY}").status_code == 404
    answer = client.put(ADDRESS, json={}).json()
    assert (answer["state"], answer["publishedBy"]) == ("published", "demo")
    assert answer == client.put(ADDRESS, json={}).json()
    assert published_plan(store, DAY) == plans.get(store, PLAN_ID)
    assert client.get(f"/v1/publications/{DAY}").json() == answer


def test_publishing_another_plan_replaces_the_first_and_back(
    client: TestClient, store: Store
) -> None:
    plans.add(store, replace(day_plan(), id=OTHER), b"", {})
    client.put(ADDRESS, json={})
    client.put(f"/v1/plans/{OTHER}/publication", json={})
    assert client.get(ADDRESS).json()["state"] == "replaced"
    assert client.get(f"/v1/publications/{DAY}").json()["planId"] == OTHER
    client.put(ADDRESS, json={})
    assert client.get(f"/v1/publications/{DAY}").json()["planId"] == PLAN_ID


def test_a_plan_that_is_taken_back_leaves_the_day_without_one(client: TestClient) -> None:
    assert client.delete(ADDRESS).status_code == 404
    client.put(ADDRESS, json={})
    assert client.delete(ADDRESS).status_code == 204
    assert client.get(f"/v1/publications/{DAY}").status_code == 404
    assert client.get(ADDRESS).json()["state"] == "replaced"


def test_a_plan_that_breaks_rules_is_published_only_by_who_says_so(
    client: TestClient, store: Store
) -> None:
    plans.add(store, replace(day_plan(), id=OTHER), b"", {"violations": ["shift: too long"]})
    answer = client.put(f"/v1/plans/{OTHER}/publication", json={})
    assert answer.json()["faults"][0]["code"] == "publish-violations"
    answer = client.put(f"/v1/plans/{OTHER}/publication", json={"despiteViolations": True})
    assert answer.json()["state"] == "published"
