"""The API does what its description says, whatever it is asked: no failure, no surprise."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from api.app import create_app
from city.account import Role
from city.store import open_store
from operations.accounts import add_account, make_token
from operations.settings import Settings
from tests.browser import served
from tests.hand_made_city import draw_base_map, make
from tests.plan_verbs import same_again

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]


schemathesis.serializer.alias("application/zip", "application/octet-stream")
schema = schemathesis.openapi.from_dict(create_app(Settings()).openapi())


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Give where a city is served, and the token of somebody who may do everything there."""
    city = make(tmp_path_factory.mktemp("city") / "home")
    settings = city.settings.replace(demo=False, open_data=True)
    draw_base_map(settings)
    store = open_store(settings.database, settings.municipality)
    add_account(store, "ann", {Role.ADMIN})
    token = make_token(store, "ann", "test", None, None)
    store.close()
    app = create_app(settings, plan_verb=same_again, executor=lambda: ThreadPoolExecutor(1))
    with served(app) as address:
        yield {"base_url": address, "headers": {"Authorization": f"Bearer {token}"}}


@schema.parametrize()
@hypothesis.settings(max_examples=12, deadline=None)
def test_every_answer_is_one_that_is_described(case: Any, asked: dict[str, Any]) -> None:
    # This city has no roads, and its health says so with 503, as described.
    checks = [check for check in CHECKS if check is not not_a_server_error or not _is_health(case)]
    case.call_and_validate(checks=checks, **asked)


def _is_health(case: Any) -> bool:
    return bool(case.path == "/v1/health")
