"""What the API tells: containers, plans, sheets, photos, health, and its own description."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.store import open_store, plans
from tests.hand_made_city import PHOTO_ID, PLAN_ID, HandMadeCity, day_plan, make, place


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> HandMadeCity:
    return make(tmp_path_factory.mktemp("city") / "home")


@pytest.fixture(scope="module")
def client(city: HandMadeCity) -> Iterator[TestClient]:
    with TestClient(create_app(city.settings)) as opened:
        yield opened


def test_containers_are_geojson_with_a_way_to_the_next_ones(client: TestClient) -> None:
    seen: list[str] = []
    address = "/v1/containers?limit=5"
    while address:
        answer = client.get(address)
        assert answer.headers["content-type"] == "application/geo+json"
        collection = answer.json()
        assert collection["type"] == "FeatureCollection"
        assert collection["numberReturned"] == len(collection["features"])
        seen += [feature["id"] for feature in collection["features"]]
        following = [link["href"] for link in collection["links"] if link["rel"] == "next"]
        assert bool(following) == ("link" in answer.headers)
        address = following[0] if following else ""
    assert seen == [f"B-{i:02d}" for i in range(14)]


def test_a_box_holds_only_what_lies_in_it(client: TestClient) -> None:
    corner, opposite = place(0, 0).moved(-10, -10), place(1, 1).moved(10, 10)
    box = f"{corner.lon},{corner.lat},{opposite.lon},{opposite.lat}"
    collection = client.get("/v1/containers", params={"bbox": box, "limit": 3}).json()
    assert {feature["id"] for feature in collection["features"]} == {"B-00", "B-01", "B-04"}
    following = next(link for link in collection["links"] if link["rel"] == "next")
    assert [f["id"] for f in client.get(following["href"]).json()["features"]] == ["B-05"]


def test_a_container_comes_with_its_evidence_newest_first(client: TestClient) -> None:
    container = client.get("/v1/containers/B-00").json()
    assert container["properties"]["volumeL"] == 5000
    assert [each["kind"] for each in container["evidence"]] == ["photo", "report", "emptying"]
    shorter = client.get("/v1/containers/B-00?evidenceLimit=1").json()
    assert [each["kind"] for each in shorter["evidence"]] == ["photo"]


def test_a_plan_tells_routes_choices_what_was_left_and_where_it_came_from(
    client: TestClient,
) -> None:
    plan = client.get(f"/v1/plans/{PLAN_ID}?language=nl").json()
    noun = day_plan()
    assert plan["totals"]["must"] == 2
    assert plan["totals"]["stops"] == 8
    assert plan["totals"]["lengthM"] == noun.length_m
    assert [route["vehicleId"] for route in plan["routes"]] == ["KW-1", "KW-2"]
    first = plan["routes"][0]
    assert first["geometry"]["type"] == "LineString"
    assert first["onStreets"] is False
    assert [v["ref"] for v in first["visits"] if v["number"]] == ["B-00", "B-03", "B-06"]
    assert first["visits"][1]["arrival"] == "06:15"
    choices = {choice["containerId"]: choice for choice in plan["choices"]}
    assert len(choices) == 14
    assert choices["B-00"]["reasonText"].startswith("Overvol gezien of gemeld")
    assert (choices["B-03"]["vehicleId"], choices["B-03"]["stopNumber"]) == ("KW-1", 2)
    assert choices["B-09"]["vehicleId"] is None
    assert [left["containerId"] for left in plan["unserved"]] == ["B-13"]
    assert plan["provenance"]["nextChance"] == "2026-11-25"
    assert "OpenStreetMap" in plan["attribution"]
    assert plan["notice"].startswith("Alle gegevens")


def test_plans_of_a_day_are_found(client: TestClient) -> None:
    every = client.get("/v1/plans").json()["plans"]
    assert [(p["id"], p["day"], p["madeAt"]) for p in every] == [
        (PLAN_ID, "2026-11-24", "2026-11-23T12:00:00Z")
    ]
    assert [p["id"] for p in client.get("/v1/plans?day=2026-11-24").json()["plans"]] == [PLAN_ID]
    assert client.get("/v1/plans?day=2026-11-25").json()["plans"] == []


def test_sheets_are_listed_and_come_as_the_files_they_are(client: TestClient) -> None:
    sheets = client.get(f"/v1/plans/{PLAN_ID}/sheets").json()["sheets"]
    csv = next(sheet for sheet in sheets if sheet["format"] == "csv")
    answer = client.get(csv["links"][0]["href"])
    assert answer.content == b"number,address\n"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    page = client.get(f"/v1/plans/{PLAN_ID}/sheets/en/KW-1.html")
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "name",
    [
        "en/KW-1.pdf",
        "en/..%2f..%2f..%2fstadsronde.sqlite",
        "../../../stadsronde.sqlite",
        "en/%2e%2e/%2e%2e/%2e%2e/stadsronde.sqlite",
        "nl/KW-1.csv",
    ],
)
def test_no_file_but_a_plans_own_sheets_can_be_had(
    client: TestClient, city: HandMadeCity, name: str
) -> None:
    outside = city.settings.home.parent / "secret" / "en"
    outside.mkdir(parents=True, exist_ok=True)
    (outside / "KW-1.pdf").write_bytes(b"secret")
    answer = client.get(f"/v1/plans/{PLAN_ID}/sheets/{name}")
    assert answer.status_code in (404, 422)
    assert b"secret" not in answer.content
    assert not answer.content.startswith(b"SQLite")


def test_only_the_blurred_copy_of_a_photo_can_be_had(
    client: TestClient, city: HandMadeCity
) -> None:
    photo = client.get("/v1/photos").json()["photos"][0]
    assert photo["id"] == PHOTO_ID
    assert photo["seen"][0]["containerId"] == "B-00"
    image = client.get(f"/v1/photos/{PHOTO_ID}/image")
    assert image.headers["content-type"] == "image/jpeg"
    assert image.content == (city.settings.photos / f"{PHOTO_ID}.jpg").read_bytes()


def test_health_names_what_is_missing(client: TestClient) -> None:
    answer = client.get("/v1/health")
    parts = {part["name"]: part["status"] for part in answer.json()["parts"]}
    assert parts["store"] == "ok"
    assert parts["roads"] == "failing"
    assert answer.status_code == 503
    assert {"python", "stadsronde", "ortools"} <= answer.json()["versions"].keys()


def test_every_answer_carries_the_versions_and_the_safe_headers(client: TestClient) -> None:
    for address in ("/v1/containers", "/v1/containers/nowhere", "/"):
        headers = client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "unsafe" not in headers["content-security-policy"]
        assert ("api-version" in headers) == address.startswith("/v1")


def test_the_api_describes_itself_with_examples(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    problem = described["components"]["schemas"]["ProblemDocument"]
    assert problem["examples"]
    text = json.dumps(described)
    assert '"$ref": "#/components/schemas/FaultDocument"' in text
    upload = described["paths"]["/v1/photos"]["post"]["requestBody"]["content"]
    assert set(upload) == {"image/jpeg", "image/png", "image/webp"}


def test_addresses_follow_the_design_rules(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        assert path == "/v1" or path.startswith("/v1/")
        assert not path.endswith("/")
        fixed = "/".join(part for part in path.split("/") if not part.startswith("{"))
        assert fixed == fixed.lower()
        assert "_" not in fixed
        for method in methods.values():
            for parameter in method.get("parameters", []):
                if parameter["in"] == "query":
                    assert "_" not in parameter["name"], parameter["name"]


def test_a_plan_is_drawn_without_any_roads_or_base_map(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Straight lines" in page.text


def test_a_city_without_a_plan_says_so(tmp_path: Path) -> None:
    made = make(tmp_path / "home")
    store = open_store(made.settings.database, made.settings.municipality)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM plan")
    assert plans.ids(store) == ()
    store.close()
    with TestClient(create_app(made.settings)) as client:
        assert "There is no plan yet" in client.get("/").text
        assert client.get("/photos").status_code == 200


def test_the_reference_names_every_address(client: TestClient) -> None:
    reference = (Path(__file__).resolve().parents[1] / "docs/reference/api.md").read_text()
    described = client.get("/v1/openapi.json").json()["paths"]
    for path, methods in described.items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in reference
