"""What a day would come to by other thresholds is expected, compared, and changes no plan."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.account import Role
from city.plan import Verdict
from city.store import Store, open_store, plans
from city.what_if import Thresholds, WhatIf
from operations.open_city import open_roads
from operations.settings import Settings
from operations.what_if import in_force, list_what_ifs, what_if
from tests.demo_city import Run
from tests.hand_made_city import PLAN_ID, day_plan, drawn_up, make
from tests.test_api_jobs import finished

ASKED = {"mustPOverflow": 0.9, "overflowPriceCents": 1000}


@pytest.fixture
def settings(demo: Run, tmp_path: Path) -> Settings:
    home = shutil.copytree(demo.home, tmp_path / "city")
    return demo.settings.replace(home=home, solve_seconds=1.0)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.database, settings.municipality)
    yield store
    store.close()


def test_only_containers_that_nobody_comes_to_are_expected_to_overflow() -> None:
    plan, under = drawn_up(), Thresholds(0.5, 6000)
    found = WhatIf.of(PLAN_ID, "", under, plan.plan, plan.choices)
    left = [c for c in plan.choices if c.verdict in (Verdict.SKIP, Verdict.CARRIED)]
    assert found.must + found.may + len(left) == len(plan.choices)
    assert found.expected_overflows == pytest.approx(sum(c.p_overflow for c in left), abs=0.01)
    assert found.length_m == plan.length_m
    loose = replace(plan.choices[0], loose_waste=True, verdict=Verdict.CARRIED, p_overflow=1.0)
    assert WhatIf.of(PLAN_ID, "", under, plan.plan, (*plan.choices, loose)) == found


def test_cheap_overflows_mean_fewer_stops_and_more_overflows(
    settings: Settings, store: Store
) -> None:
    (plan_id,) = plans.ids(store)
    careless = Thresholds(0.99, 500)
    what_if(store, open_roads(settings), settings, plan_id, careless)
    found = {each.thresholds: each for each in list_what_ifs(store, settings, plan_id)}
    now, other = found[in_force(settings)], found[careless]
    assert len(found) == 2
    assert other.must + other.may < now.must + now.may
    assert other.expected_overflows > now.expected_overflows
    assert other.length_m < now.length_m
    assert plans.ids(store) == (plan_id,)
    # What was searched for another time does not stand beside it.
    assert list_what_ifs(store, settings.replace(solve_seconds=2.0), plan_id) == ()


def test_an_analyst_asks_and_a_worker_answers(settings: Settings) -> None:
    settings = settings.replace(demo=True)
    with TestClient(create_app(settings, executor=lambda: ThreadPoolExecutor(1))) as client:
        address = f"/v1/plans/{client.get('/v1/plans').json()['plans'][0]['id']}/what-ifs"
        assert client.post(address, json=ASKED).status_code == 403
        client.post("/demo", data={"role": Role.ANALYST})
        assert client.get(address).json()["whatIfs"] == []
        job = finished(client, client.post(address, json=ASKED).json())
        assert job["state"] == "done", job
        assert job["links"][-1]["href"] == address
        rows = client.get(address).json()["whatIfs"]
        assert [row["inForce"] for row in rows] == [True, False]
        for language, said in (("nl", "geldt nu"), ("en", "in force")):
            assert said in client.get("/what-if", params={"language": language}).text


def test_what_cannot_be_worked_out_is_told_at_once(tmp_path: Path) -> None:
    city = make(tmp_path / "home")
    with TestClient(create_app(city.settings)) as client:
        client.post("/demo", data={"role": Role.ANALYST})
        address = f"/v1/plans/{PLAN_ID}/what-ifs"
        assert client.post(address, json=ASKED | {"mustPOverflow": 0}).status_code == 422
        assert client.post(address, json=ASKED).json()["faults"][0]["code"] == "what-if-plan"
        assert client.post("/v1/plans/none/what-ifs", json=ASKED).status_code == 404
        assert client.get("/v1/plans/none/what-ifs").status_code == 404
        assert client.get("/what-if?plan=none").status_code == 404
        assert day_plan().id in client.get("/what-if").text
