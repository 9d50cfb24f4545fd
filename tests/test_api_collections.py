"""Features in the manner of OGC API Features, pages of lists, and tags for who polls."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.evidence import EvidenceKind
from city.store import ledger, open_store, plans
from tests.hand_made_city import (
    DAY,
    NOON,
    PLAN_ID,
    HandMadeCity,
    day_plan,
    evidence,
    fleet,
    make,
    place,
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> HandMadeCity:
    made = make(tmp_path_factory.mktemp("city") / "home")
    store = open_store(made.settings.database, made.settings.municipality)
    first = evidence()[2]
    ledger.add(
        store,
        [dataclasses.replace(first, raw_ref=f"photo-{i}", position=place(i % 4, i // 4),
                             container_id=f"B-{i:02d}", seen_at=NOON - timedelta(hours=i))
         for i in range(1, 8)],
    )  # fmt: skip
    earlier = DAY - timedelta(days=1)
    plans.add(store, dataclasses.replace(day_plan(), id="earlier", day=earlier), b"", {})
    older = NOON - timedelta(hours=5)
    plans.add(store, dataclasses.replace(day_plan(), id="older", made_at=older), b"", {})
    store.close()
    return made


@pytest.fixture(scope="module")
def client(city: HandMadeCity) -> Iterator[TestClient]:
    with TestClient(create_app(city.settings)) as opened:
        yield opened


def walk(client: TestClient, address: str) -> list[dict[str, Any]]:
    """Follow the links to the next page until there is none."""
    found: list[dict[str, Any]] = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page.get("features") or page.get("plans") or page.get("photos") or []
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        assert bool(following) == ("link" in answer.headers)
        address = following[0] if following else ""
    return found


def ids(features: list[dict[str, Any]]) -> list[str]:
    return [feature["id"] for feature in features]


def test_a_program_finds_its_way_from_the_landing_page(client: TestClient) -> None:
    links = {link["rel"]: link["href"] for link in client.get("/v1").json()["links"]}
    assert client.get(links["service-desc"]).json()["openapi"].startswith("3.1")
    assert client.get(links["conformance"]).json()["conformsTo"]
    collections = client.get(links["data"]).json()["collections"]
    assert [each["id"] for each in collections] == ["containers", "cases", "routes", "sightings"]
    for each in collections:
        assert client.get(each["links"][0]["href"]).json() == each
        items = client.get(each["links"][1]["href"])
        assert items.headers["content-type"] == "application/geo+json"
        assert items.json()["type"] == "FeatureCollection"


@pytest.mark.parametrize("name", ["containers", "cases", "routes", "sightings"])
def test_pages_are_all_there_is_each_once_and_each_is_found_by_its_id(
    client: TestClient, name: str
) -> None:
    address = f"/v1/collections/{name}/items"
    every = walk(client, f"{address}?limit=1000")
    assert every
    assert walk(client, f"{address}?limit=2") == every
    assert len(set(ids(every))) == len(every)
    for feature in every:
        assert client.get(f"{address}/{feature['id']}").json() == feature
    assert client.get(f"{address}/none").status_code == 404


def test_routes_are_those_of_the_newest_plan_of_each_day(client: TestClient) -> None:
    address = "/v1/collections/routes/items"
    assert ids(walk(client, address)) == [
        f"{PLAN_ID}:KW-1", f"{PLAN_ID}:KW-2", "earlier:KW-1", "earlier:KW-2",
    ]  # fmt: skip
    one_day = "datetime=2026-11-22T22:00:00Z/2026-11-23T21:59:00Z"
    assert ids(walk(client, f"{address}?{one_day}")) == ["earlier:KW-1", "earlier:KW-2"]
    route = client.get(f"{address}/{PLAN_ID}:KW-1").json()
    assert route["geometry"]["type"] == "LineString"
    assert route["properties"]["stops"] == 3
    assert route["properties"]["vehicleName"] == fleet().vehicles[0].name


def test_sightings_are_what_photos_showed_and_no_citizens_report(client: TestClient) -> None:
    every = walk(client, "/v1/collections/sightings/items?limit=3")
    assert {f["properties"]["kind"] for f in every} == {EvidenceKind.PHOTO}
    seen = [f["properties"]["seenAt"] for f in every]
    assert seen == sorted(seen, reverse=True)
    recent = (NOON - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = walk(client, f"/v1/collections/sightings/items?datetime={recent}/..")
    assert [f["properties"]["photo"] for f in found] == ["photo-1", "photo-2"]


def test_cases_follow_the_ledger(city: HandMadeCity, client: TestClient) -> None:
    address = "/v1/collections/cases/items"
    before = walk(client, address)
    assert all(f["properties"]["closedAt"] is None for f in before)
    store = open_store(city.settings.database, city.settings.municipality)
    first = evidence()[2]
    new = dataclasses.replace(first, container_id="B-12", position=place(0, 3), raw_ref="new")
    ledger.add(store, [new])
    store.close()
    after = walk(client, address)
    assert len(after) == len(before) + 1
    (added,) = (f for f in after if f["id"] not in ids(before))
    assert "B-12" in added["properties"]["containerIds"]


@pytest.mark.parametrize("name", ["containers", "cases", "sightings"])
def test_a_box_holds_only_what_lies_in_it(client: TestClient, name: str) -> None:
    corner, opposite = place(0, 0).moved(-10, -10), place(1, 1).moved(10, 10)
    box = f"bbox={corner.lon},{corner.lat},{opposite.lon},{opposite.lat}"
    within = walk(client, f"/v1/collections/{name}/items?limit=1&{box}")
    every = walk(client, f"/v1/collections/{name}/items")
    assert 0 < len(within) < len(every)
    for feature in within:
        lon, lat = feature["geometry"]["coordinates"]
        assert corner.lon <= lon <= opposite.lon
        assert corner.lat <= lat <= opposite.lat


@pytest.mark.parametrize(
    "wrong", ["yesterday", "2026-11-24T00:00:00", "2026-11-24T00:00:00Z/2026-11-23T00:00:00Z",
              "1000-01-01T00:00:00Z", ".."],
)  # fmt: skip
def test_a_time_that_is_none_is_named(client: TestClient, wrong: str) -> None:
    answer = client.get("/v1/collections/routes/items", params={"datetime": wrong})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "datetime"


def test_plans_and_photos_come_in_pages_too(client: TestClient) -> None:
    assert ids(walk(client, "/v1/plans?limit=1")) == ids(walk(client, "/v1/plans"))
    assert len(walk(client, "/v1/plans?limit=2")) == 3
    assert walk(client, "/v1/photos?limit=1")


@pytest.mark.parametrize(
    "address", ["/v1/plans", f"/v1/plans/{PLAN_ID}", "/v1/collections/cases/items"]
)
def test_what_has_not_changed_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get(address, headers={"If-None-Match": '"other", "another"'})
    assert other.content == first.content
    some = client.get(address, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert some.status_code == 304


def test_a_picture_that_is_known_is_not_sent_again(client: TestClient, city: HandMadeCity) -> None:
    address = f"/v1/photos/{city.photo_id}/image"
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
