"""Asking for a plan: the server answers at once, and the job tells how far a worker is."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from city.store import Store, jobs, open_store
from city.store.jobs import JobRecord, JobState
from operations.jobs import worker_processes
from tests.hand_made_city import HandMadeCity, make
from tests.plan_verbs import break_down, die, refuse, same_again

TOMORROW = "2026-11-24"


@pytest.fixture
def city(tmp_path: Path) -> HandMadeCity:
    return make(tmp_path / "home")


@pytest.fixture
def store(city: HandMadeCity) -> Iterator[Store]:
    opened = open_store(city.settings.database, city.settings.municipality)
    yield opened
    opened.close()


def threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


def finished(client: TestClient, job: dict[str, Any]) -> dict[str, Any]:
    end = time.monotonic() + 60
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < end, f"not finished: {job}"
        time.sleep(0.05)
        job = client.get(job["links"][0]["href"]).json()
    return job


def test_a_plan_is_made_by_another_process(city: HandMadeCity) -> None:
    app = create_app(city.settings, plan_verb=same_again, executor=worker_processes)
    with TestClient(app) as client:
        answer = client.post("/v1/plans", json={"day": "2026-11-26"})
        assert answer.status_code == 202
        assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
        job = finished(client, answer.json())
        assert job["state"] == "done", job
        assert (job["done"], job["steps"], job["doing"]) == (1, 2, "solve")
        result = next(link["href"] for link in job["links"] if link["rel"] == "result")
        assert client.get(result).json()["day"] == "2026-11-26"


def test_a_worker_that_dies_fails_its_job_and_the_next_one_is_done(city: HandMadeCity) -> None:
    app = create_app(city.settings, plan_verb=die, executor=worker_processes)
    with TestClient(app) as client:
        for _ in range(2):
            job = finished(client, client.post("/v1/plans", json={}).json())
            assert job["state"] == "failed"
            assert job["faults"][0]["code"] == "job-died"


def test_without_a_day_the_plan_is_for_tomorrow_on_the_citys_clock(city: HandMadeCity) -> None:
    with TestClient(create_app(city.settings, plan_verb=same_again, executor=threads)) as client:
        job = finished(client, client.post("/v1/plans", json={}).json())
        assert job["asked"] == {"day": TOMORROW}


@pytest.mark.parametrize("day", ["2026-11-22", "2027-11-23"])
def test_a_day_that_cannot_be_planned_is_refused_at_once(city: HandMadeCity, day: str) -> None:
    with TestClient(create_app(city.settings, plan_verb=same_again, executor=threads)) as client:
        answer = client.post("/v1/plans", json={"day": day})
        assert answer.status_code == 422
        assert answer.json()["faults"][0]["code"] == "plan-day"


def test_what_is_wrong_with_the_input_is_told_by_the_job(city: HandMadeCity) -> None:
    with TestClient(create_app(city.settings, plan_verb=refuse, executor=threads)) as client:
        job = finished(client, client.post("/v1/plans", json={}).json())
        assert job["state"] == "failed"
        assert job["faults"] == [
            {"code": "no-roads", "where": "roads", "cause": "No roads are built.",
             "remedy": "Build them.", "field": "", "value": ""}
        ]  # fmt: skip


def test_broken_machinery_is_told_by_the_job(city: HandMadeCity) -> None:
    with TestClient(create_app(city.settings, plan_verb=break_down, executor=threads)) as client:
        job = finished(client, client.post("/v1/plans", json={}).json())
        assert job["faults"][0]["code"] == "job-failed"
        assert "solver died" in job["faults"][0]["cause"]


def left(store: Store, name: str, state: JobState, **change: Any) -> None:
    now = datetime.now(UTC)
    record = JobRecord(name, "plan", {"day": TOMORROW}, state, now, now)
    jobs.add(store, replace(record, **change))


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_what_a_server_left_is_gone_on_with_by_the_next(
    city: HandMadeCity, store: Store, state: JobState
) -> None:
    left(store, "left", state, starts=1, done=1, steps=2, doing="solve")
    with TestClient(create_app(city.settings, plan_verb=same_again, executor=threads)) as client:
        job = finished(client, client.get("/v1/jobs/left").json())
        assert job["state"] == "done"
    assert jobs.get(store, "left").starts == 2


def test_what_cannot_be_gone_on_with_is_failed_and_says_why(
    city: HandMadeCity, store: Store
) -> None:
    left(store, "unknown", JobState.QUEUED, verb="dance")
    left(store, "deadly", JobState.RUNNING, starts=3)
    with TestClient(create_app(city.settings)) as client:
        codes = [client.get(f"/v1/jobs/{name}").json()["faults"][0]["code"]
                 for name in ("unknown", "deadly")]  # fmt: skip
    assert codes == ["job-interrupted", "job-never-ends"]


def test_a_job_tells_how_far_it_is_as_it_goes(city: HandMadeCity) -> None:
    with TestClient(create_app(city.settings, plan_verb=same_again, executor=threads)) as client:
        job = client.post("/v1/plans", json={}).json()
        address = next(link["href"] for link in job["links"] if link["rel"] == "events")
        with client.stream("GET", address) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            told = [json.loads(line[5:]) for line in answer.iter_lines() if line[:5] == "data:"]
        assert told[-1] == finished(client, job)
        assert client.get("/v1/jobs/none/events").status_code == 404


def test_a_job_that_is_over_stays_as_it_is(store: Store) -> None:
    now = datetime.now(UTC)
    jobs.add(store, JobRecord("over", "plan", {}, JobState.QUEUED, now, now))
    jobs.finish(store, "over", now, result_id="P1")
    jobs.progress(store, "over", now, 1, 2, "late")
    jobs.begin(store, "over", now)
    job = jobs.get(store, "over")
    assert (job.state, job.result_id, job.doing) == (JobState.DONE, "P1", "")
