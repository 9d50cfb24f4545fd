"""A plan is changed over HTTP: each change is judged at once, kept as a version, and undone."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.plan import ReasonCode, UnservedCode, Verdict
from city.store import Store, open_store, plan_list, plans
from operations.show_plan import newest_plan_id
from routing.archive import from_bytes
from routing.check import check
from routing.core.search import compile_search
from tests.hand_made_city import DAY, DRAWN_UP_ID, HandMadeCity, add_drawn_up, make

EDITS = f"/v1/plans/{DRAWN_UP_ID}/edits"


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the search, once an install, before anybody waits for a job."""
    compile_search()


@pytest.fixture
def city(tmp_path: Path) -> HandMadeCity:
    return make(tmp_path / "home")


@pytest.fixture
def store(city: HandMadeCity) -> Iterator[Store]:
    opened = open_store(city.settings.database, city.settings.municipality)
    add_drawn_up(opened)
    yield opened
    opened.close()


@pytest.fixture
def client(city: HandMadeCity, store: Store) -> Iterator[TestClient]:
    app = create_app(city.settings, executor=lambda: ThreadPoolExecutor(1))
    with TestClient(app) as opened:
        yield opened


def truck_of(store: Store, plan_id: str, stop_id: str) -> str:
    routes = plans.get(store, plan_id).plan.routes
    return next((r.vehicle_id for r in routes if stop_id in r.stop_ids), "")


def kept(client: TestClient, plan_id: str, **edit: Any) -> str:
    answer = client.post(f"/v1/plans/{plan_id}/edits", json={"keep": True, **edit})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/plans/{answer.json()['planId']}"
    return str(answer.json()["planId"])


def test_a_trial_is_told_what_it_costs_and_changes_nothing(
    client: TestClient, store: Store
) -> None:
    before = plan_list.entries(store)
    told = client.post(EDITS, json={"stopId": "B-03"}).json()
    assert told["violations"] == []
    assert told["mustsChange"] == 1
    assert told["lengthChangeM"] < 0
    assert told["planId"] is None
    assert plan_list.entries(store) == before


def test_a_move_that_breaks_a_rule_says_which(client: TestClient, store: Store) -> None:
    glass = {"stopId": "B-00", "toVehicleId": "KW-2"}
    broken = client.post(EDITS, json=glass).json()["violations"]
    assert ("matching", "KW-2", "B-00") in {(v["rule"], v["vehicleId"], v["ref"]) for v in broken}
    edited = kept(client, DRAWN_UP_ID, **glass)
    assert plans.provenance(store, edited)["violations"]
    # What an edit broke is not forgotten by the next one, which touches another stop.
    again = kept(client, edited, stopId="B-07")
    assert plans.provenance(store, again)["violations"]


def test_every_change_is_a_version_and_the_latest_is_the_days_plan(
    client: TestClient, store: Store
) -> None:
    first = kept(client, DRAWN_UP_ID, stopId="B-03")
    second = kept(client, first, stopId="B-06")
    assert newest_plan_id(store, DAY) == second
    assert client.put(f"/v1/plans/{second}/undone").json()["id"] == first
    assert newest_plan_id(store, DAY) == first
    assert plan_list.get(store, second).undone_at is not None
    assert client.delete(f"/v1/plans/{second}/undone").status_code == 204
    assert newest_plan_id(store, DAY) == second
    assert client.get(f"/v1/plans/{DRAWN_UP_ID}").json()["totals"]["stops"] == 9


def test_the_first_version_and_a_published_one_are_not_undone(client: TestClient) -> None:
    first = kept(client, DRAWN_UP_ID, stopId="B-03")
    client.put(f"/v1/plans/{first}/publication", json={})
    for plan_id, code in ((DRAWN_UP_ID, "undo-first"), (first, "undo-published")):
        answer = client.put(f"/v1/plans/{plan_id}/undone")
        assert answer.json()["faults"][0]["code"] == code


def test_what_was_left_out_is_put_back_by_hand_and_says_so(
    client: TestClient, store: Store
) -> None:
    without = kept(client, DRAWN_UP_ID, stopId="B-03")
    left = plans.get(store, without).choice_of("B-03")
    assert (left.verdict, left.unserved) == (Verdict.CARRIED, UnservedCode.BY_HAND)
    back = kept(client, without, stopId="B-03", toVehicleId="KW-1")
    choice = plans.get(store, back).choice_of("B-03")
    assert (choice.verdict, choice.reason) == (Verdict.MUST, ReasonCode.BY_HAND)


def test_a_lock_changes_no_route_and_holds_when_the_rest_is_planned_anew(
    client: TestClient, store: Store
) -> None:
    locked = kept(client, DRAWN_UP_ID, stopId="B-03", toVehicleId="KW-1", locked=True)
    assert plans.get(store, locked).plan == plans.get(store, DRAWN_UP_ID).plan
    forbidden = kept(client, locked, stopId="B-06", locked=True)
    job = client.post(f"/v1/plans/{forbidden}/replans", json={})
    assert job.status_code == 202
    made = finished(client, job.json())
    assert truck_of(store, made, "B-03") == "KW-1"
    assert truck_of(store, made, "B-06") == ""
    assert plans.get(store, made).choice_of("B-06").unserved is UnservedCode.BY_HAND
    assert check(from_bytes(plans.problem(store, made)), plans.get(store, made).plan) == ()


def test_what_a_replan_leaves_out_is_not_held_against_the_hand_that_edits_it(
    client: TestClient, store: Store
) -> None:
    asked = {"at": "06:00", "closed": ["B-03"]}
    made = finished(client, client.post(f"/v1/plans/{DRAWN_UP_ID}/replans", json=asked).json())
    assert plans.get(store, made).choice_of("B-03").unserved is UnservedCode.UNREACHABLE
    edited = kept(client, made, stopId="B-06")
    assert plans.provenance(store, edited)["violations"] == []
    assert client.put(f"/v1/plans/{edited}/publication", json={}).is_success


def test_a_truck_that_breaks_down_leaves_the_rest_to_a_new_version_that_tells_its_changes(
    client: TestClient, store: Store
) -> None:
    asked = {"at": "06:00", "broken": ["KW-1"]}
    made = finished(client, client.post(f"/v1/plans/{DRAWN_UP_ID}/replans", json=asked).json())
    assert truck_of(store, made, "B-00") == ""
    told = client.get(f"/v1/plans/{made}/changes?language=nl&limit=2").json()
    assert told["against"] == DRAWN_UP_ID
    assert told["figures"]["stops"] < told["figuresAgainst"]["stops"]
    assert len(told["changes"]) == 2 < told["total"]
    assert told["links"][-1]["rel"] == "next"
    assert all("KW-1" in each["text"] for each in told["changes"])


def test_what_is_wrong_is_named(client: TestClient) -> None:
    answer = client.post(EDITS, json={"stopId": "none", "toVehicleId": "none"})
    assert [fault["code"] for fault in answer.json()["faults"]] == ["edit-unknown"] * 2
    assert client.post("/v1/plans/none/edits", json={"stopId": "B-03"}).status_code == 404
    assert client.post("/v1/plans/none/replans", json={}).status_code == 404
    assert client.get(f"/v1/plans/{DRAWN_UP_ID}/changes").status_code == 404
    answer = client.post(f"/v1/plans/{DRAWN_UP_ID}/replans", json={"at": "25:00"})
    assert answer.json()["faults"][0]["field"] == "at"


def finished(client: TestClient, job: dict[str, Any]) -> str:
    end = time.monotonic() + 60
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < end, f"not finished: {job}"
        time.sleep(0.05)
        job = client.get(job["links"][0]["href"]).json()
    assert job["state"] == "done", job
    return next(
        str(link["href"]).split("/")[-1] for link in job["links"] if link["rel"] == "result"
    )
