"""People log in with their organisation's own accounts; a real provider answers, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey

from api.app import create_app
from city.account import Role
from city.store import open_store
from operations.accounts import add_account
from operations.settings import Settings
from tests.browser import served
from tests.hand_made_city import make
from tests.identity_provider import CLIENT_ID, SECRET, identity_provider

KEY = RSAKey.generate_key(2048, {"kid": "one"})
STRANGERS_KEY = RSAKey.generate_key(2048, {"kid": "one"})
ANNA = {"email": "Anna@example.nl", "email_verified": True}


@contextmanager
def city_with(
    home: Path, claims: dict[str, Any], signs_with: RSAKey = KEY, **changes: Any
) -> Iterator[httpx2.Client]:
    """Serve a city whose provider says these claims, and give a browser's client."""
    settings = make(home).settings.replace(demo=False)
    store = open_store(settings.database, settings.municipality)
    add_account(store, "anna@example.nl", {Role.ANALYST})
    store.close()
    with served(identity_provider(claims, KEY, signs_with)) as issuer:
        asked = {"oidc_issuer": issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": SECRET}
        app = create_app(settings.replace(**asked | changes))
        with (
            served(app) as address,
            httpx2.Client(base_url=address, follow_redirects=True, timeout=30) as client,
        ):
            yield client


def go(client: httpx2.Client, back: str = "/measures") -> httpx2.Response:
    assert "/log-in/organisation?" in client.get("/log-in", params={"next": back}).text
    return client.get("/log-in/organisation", params={"next": back})


def test_who_has_an_account_here_is_let_in_and_goes_where_they_wanted(tmp_path: Path) -> None:
    with city_with(tmp_path / "home", ANNA) as client:
        page = go(client)
        assert page.status_code == 200
        assert page.url.path == "/measures"


def test_who_has_none_is_told_so_in_their_language(tmp_path: Path) -> None:
    with city_with(tmp_path / "home", {"email": "bert@example.nl"}) as client:
        page = client.get("/log-in/organisation", params={"next": "/", "language": "nl"})
        assert page.status_code == 422
        assert "geen account van u" in page.text
        assert client.get("/v1/photos").status_code == 401


def test_an_address_that_is_not_verified_is_nobodys(tmp_path: Path) -> None:
    with city_with(tmp_path / "home", ANNA | {"email_verified": False}) as client:
        assert go(client).status_code == 422


def test_a_token_that_somebody_else_signed_is_refused(tmp_path: Path) -> None:
    with city_with(tmp_path / "home", ANNA, signs_with=STRANGERS_KEY) as client:
        page = go(client)
        assert page.status_code == 422
        assert "did not confirm" in page.text
        assert client.get("/v1/photos").status_code == 401


def test_an_answer_that_nobody_asked_for_is_refused(tmp_path: Path) -> None:
    with city_with(tmp_path / "home", ANNA) as client:
        page = client.get("/log-in/organisation/back?code=a-code&state=made-up")
        assert page.status_code == 422
        assert client.get("/v1/photos").status_code == 401


def test_a_provider_that_is_not_there_is_named(tmp_path: Path) -> None:
    with city_with(tmp_path / "home", ANNA, oidc_issuer="http://127.0.0.1:9") as client:
        answer = client.get("/log-in/organisation")
        assert answer.status_code >= 500
        assert "identity provider does not answer" in answer.text


def test_without_a_provider_there_is_no_such_way_in(tmp_path: Path) -> None:
    with city_with(tmp_path / "home", ANNA, oidc_issuer="") as client:
        assert "/log-in/organisation" not in client.get("/log-in").text
        assert client.get("/log-in/organisation").status_code == 404


def test_an_issuer_needs_a_client() -> None:
    with pytest.raises(Exception, match="oidc_client_id"):
        Settings(oidc_issuer="https://login.example.nl")
