"""Whatever goes wrong is answered in one shape, with what is at fault and how to mend it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.hand_made_city import make


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    city = make(tmp_path_factory.mktemp("city") / "home")
    with TestClient(create_app(city.settings), raise_server_exceptions=False) as opened:
        yield opened


WRONG = {
    "/v1/containers?bbox=1,2,3": (422, "bbox"),
    "/v1/containers?bbox=24,61,25,60": (422, "bbox"),
    "/v1/containers?bbox=nan,60,25,61": (422, "bbox"),
    "/v1/containers?limt=5": (422, "unknown-parameter"),
    "/v1/containers?limit=0": (422, "request-field"),
    "/v1/containers?limit=many": (422, "request-field"),
    "/v1/plans/20261124-handmade?language=de": (422, "request-field"),
    "/v1/containers/nowhere": (404, None),
    "/v1/plans/none": (404, None),
    "/v1/plans/none/sheets": (404, None),
    "/v1/jobs/none": (404, None),
    "/v1/photos/none": (404, None),
    "/v1/photos/none/image": (404, None),
    "/v1/base-map": (404, None),
    "/v1/base-map/road": (404, None),
    "/v1/nothing": (404, None),
    "/v1/containers/": (404, None),
}


@pytest.mark.parametrize("address", WRONG)
def test_every_error_is_a_problem_document(client: TestClient, address: str) -> None:
    status, code = WRONG[address]
    answer = client.get(address)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"].startswith("urn:stadsronde:problem:")
    assert problem["title"]
    assert problem["instance"] == address.split("?")[0]
    assert [fault["code"] for fault in problem["faults"]] == ([code] if code else [])


def test_a_fault_says_which_field_what_was_given_and_what_to_do(client: TestClient) -> None:
    fault = client.get("/v1/containers?bbox=west").json()["faults"][0]
    assert (fault["field"], fault["value"]) == ("bbox", "west")
    assert fault["cause"]
    assert "24.93,60.16" in fault["remedy"]


def test_a_parameter_nearly_spelled_right_is_suggested(client: TestClient) -> None:
    (fault,) = client.get("/v1/containers?limt=5").json()["faults"]
    assert (fault["field"], fault["remedy"]) == ("limt", "Write 'limit'.")


def test_several_wrong_parameters_are_all_named(client: TestClient) -> None:
    faults = client.get("/v1/containers?limit=0&offset=-1").json()["faults"]
    assert {fault["field"] for fault in faults} == {"limit", "offset"}


def test_a_wrong_method_is_a_problem_that_says_what_is_allowed(client: TestClient) -> None:
    answer = client.delete("/v1/containers")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["allow"] == "GET"
    assert client.delete("/v1/plans").headers["allow"] == "GET, POST"


def test_broken_json_is_a_problem(client: TestClient) -> None:
    answer = client.post("/v1/plans", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert fault["field"] == ""
    assert fault["cause"].startswith("This is no JSON: ")
    assert fault["cause"].endswith(", at character 1.")


def test_pages_of_elsewhere_may_read_what_the_api_can_do(client: TestClient) -> None:
    assert client.get("/v1/openapi.json").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/v1/plans").headers


def test_our_own_failure_tells_nothing_of_the_inside(tmp_path: Path) -> None:
    city = make(tmp_path / "home")
    with TestClient(create_app(city.settings), raise_server_exceptions=False) as client:
        client.app.state.server = None  # type: ignore[attr-defined]
        answer = client.get("/v1/containers")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "NoneType" not in answer.text


def test_a_person_gets_a_page_and_a_program_a_document(client: TestClient) -> None:
    page = client.get("/plans/none?language=nl", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert '<html lang="nl">' in page.text
    assert "Dit is hier niet." in page.text
    assert "There is no such thing" not in page.text
    assert client.get("/plans/none").json()["status"] == 404
